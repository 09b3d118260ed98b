//! The declarations, one family a file, and what is written from them: the golden text and the diagrams.

mod accounts;
pub(super) mod data_use;
pub(super) mod disposal;
mod facility;
mod incident;
mod inquiry;
mod planned;
mod portal;
mod review;
mod runbook;
mod structure;
mod words;

pub use planned::stop_span;
pub use structure::APPOINTABLE;
pub use words::{articles, diagram, in_words};

use super::{Declaration, Field, FieldKind, Procedure};

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

const REASON: Field = field("reason", "理由", "", FieldKind::Lines, 500);
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
        Procedure::FacilityAdd => &facility::FACILITY,
        Procedure::Inquiry => &inquiry::INQUIRY,
        Procedure::Incident => &incident::INCIDENT,
        Procedure::PortalChange => &portal::CHANGE,
        Procedure::DataUse => &data_use::DATA_USE,
        Procedure::BackupSchedule => &planned::SCHEDULE,
        Procedure::PlannedStop => &planned::PLANNED_STOP,
        Procedure::RunbookReview => &runbook::RUNBOOK,
        Procedure::Disposal => &disposal::DISPOSAL,
    }
}
