//! Papers: what came by another way, and is entered for whoever sent it.

use crate::http::{context::Cx, error::ApiError};
use shared::{
    api::{Empty, book::Facilities, error::FieldError},
    people::Facility,
    procedure::Case,
};
use std::sync::Arc;

/// From whom something can come that is entered for them: the facilities, and both offices.
///
/// # Errors
/// If the store cannot be reached.
pub async fn senders(cx: Arc<Cx>, (): (), _: Empty) -> Result<Facilities, ApiError> {
    Ok(Facilities { facilities: cx.app.store.facilities().await? })
}

/// Whether what was entered can come from there at all.
///
/// # Errors
/// The field `facility`.
pub(super) fn check_sender(case: &Case, from: &Facility) -> Result<(), ApiError> {
    if !case.channel.is_entered() || case.procedure.comes_from(from.kind) {
        return Ok(());
    }
    let words = format!("「{}」は、{}からは出せません。", case.procedure.label(), from.kind.label());
    Err(FieldError::new("facility", words).into())
}
