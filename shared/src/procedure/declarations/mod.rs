//! The declarations, one family a file, and what is written from them: the golden text and the diagrams.

mod accounts;
pub(super) mod data_use;
mod review;
mod structure;
mod words;

pub use structure::APPOINTABLE;
pub use words::{diagram, in_words};

use super::{Act, CannotStep, Case, Declaration, Field, FieldKind, Form, Procedure};
use crate::{
    calendar::{Day, Timestamp},
    people::Actor,
};

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
        Procedure::DataUse => &data_use::DATA_USE,
    }
}

/// When a case should be done, where that follows from its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// 速やかに, from now.
    Promptly,
    /// By the end of this day.
    EndOf(Day),
}

/// When a case that has come to its state should be done; `None`: as its declaration says, from the request on.
pub fn deadline(case: &Case) -> Option<Deadline> {
    match case.procedure {
        Procedure::DataUse => data_use::deadline(case),
        _ => None,
    }
}

/// Whether a step may be taken beyond what state, party and fields say: what came before in the case.
///
/// # Errors
/// Why not.
pub(super) fn follows(
    case: &Case,
    act: Act,
    form: &Form,
    actor: &Actor,
    now: Timestamp,
) -> Result<(), CannotStep> {
    match case.procedure {
        Procedure::DataUse => data_use::follows(case, act, form, actor, now),
        _ => Ok(()),
    }
}
