//! The declarations, one family a file, and what is written from them: the golden text and the diagrams.

mod acceptance;
mod accounts;
mod approval;
mod area;
mod checks;
pub(super) mod data_use;
pub(super) mod disposal;
mod facility;
mod incident;
mod inquiry;
mod planned;
mod portal;
mod power;
mod review;
mod runbook;
mod structure;
mod training;
mod words;

pub use checks::UNFIT;
pub use planned::stop_span;
pub use structure::APPOINTABLE;
pub use words::{articles, diagram, in_words};

use super::{
    Act, CannotStep, Case, Declaration, Detour, Field, FieldKind, Form, Party, Procedure, State, Step,
    moment_of, moment_text,
};
use crate::api::error::FieldError;

const fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: FieldKind,
    max: usize,
) -> Field {
    Field { name, label, hint, kind, required: true, max }
}

const fn optional(field: Field) -> Field {
    Field { required: false, ..field }
}

const fn step(act: Act, from: &'static [State], to: State, by: Party, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by, decides: false, fields, effect: None }
}

const fn deciding(step: Step) -> Step {
    Step { decides: true, ..step }
}

/// A moment typed into a step is not before what an earlier step says: the moment in its field, or when it was taken.
fn not_before(
    form: &Form,
    field: &str,
    case: &Case,
    earlier: Act,
    its: Option<&str>,
    words: &str,
) -> Result<(), CannotStep> {
    let earlier = case.taken.iter().rev().find(|taken| taken.act == earlier);
    let since = earlier.and_then(|taken| match its {
        Some(name) => moment_of(taken.form.get(name)?),
        None => moment_of(&moment_text(taken.at)),
    });
    match (form.get(field).and_then(|text| moment_of(text)), since) {
        (Some(at), Some(since)) if at < since => Err(CannotStep::Fields(vec![FieldError::new(field, words)])),
        _ => Ok(()),
    }
}

const REASON: Field = field("reason", "理由", "", FieldKind::Lines, 500);
const REMARK: Field = optional(field("remark", "備考", "", FieldKind::Lines, 500));
const ACCOUNT: Field = field("account", "対象の利用者", "", FieldKind::Account, 26);

/// The declaration of a procedure.
pub const fn declaration(procedure: Procedure) -> &'static Declaration {
    match procedure {
        Procedure::AccountAdd => &accounts::ADD,
        Procedure::AccountRemove => &accounts::REMOVE,
        Procedure::AccountChange => &accounts::REPLACE,
        Procedure::AccountStop => &accounts::STOP,
        Procedure::AccountDetail => &accounts::DETAIL,
        Procedure::AccountReset => &accounts::RESET,
        Procedure::Appointment => &structure::APPOINTMENT,
        Procedure::AuditReview => &review::REVIEW,
        Procedure::FacilityAdd => &facility::ADD,
        Procedure::FacilityChange => &facility::CHANGE,
        Procedure::FacilityLeave => &facility::LEAVE,
        Procedure::Inquiry => &inquiry::INQUIRY,
        Procedure::Incident => &incident::INCIDENT,
        Procedure::PortalChange => &portal::CHANGE,
        Procedure::DataUse => &data_use::DATA_USE,
        Procedure::BackupSchedule => &planned::SCHEDULE,
        Procedure::PlannedStop => &planned::PLANNED_STOP,
        Procedure::RunbookReview => &runbook::RUNBOOK,
        Procedure::Disposal => &disposal::DISPOSAL,
        Procedure::Training => &training::TRAINING,
        Procedure::Regulation => &approval::REGULATION,
        Procedure::Compliance => &approval::COMPLIANCE,
        Procedure::AreaEntry => &area::AREA_ENTRY,
        Procedure::KeyLoan => &area::KEY_LOAN,
        Procedure::PowerInspection => &power::POWER_INSPECTION,
        Procedure::Acceptance => &acceptance::ACCEPTANCE,
        Procedure::Maintenance => &acceptance::MAINTENANCE,
        Procedure::SiteCheck => &checks::SITE,
        Procedure::FacilityCheck => &checks::FACILITY,
    }
}

/// Where steps of a procedure lead instead of to their own state. Hardly any procedure has some, so they stand beside the
/// declarations.
pub(super) const fn detours(procedure: Procedure) -> &'static [Detour] {
    match procedure {
        Procedure::Incident => incident::DETOURS,
        _ => &[],
    }
}
