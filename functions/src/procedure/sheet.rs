//! 様式: a case as an official sheet in PDF.

use super::case;
use crate::http::{context::Cx, error::ApiError};
use base64::{Engine, engine::general_purpose::STANDARD};
use shared::{
    api::{
        error::Code,
        procedure::{Printed, SheetQuery},
    },
    authority::Action,
    id::CaseId,
    procedure::sheet_of,
    sheet::Sheet,
};
use std::sync::Arc;

/// Sets sheets as PDF. Fonts and typesetting are large: the function that prints is one of its own, so that the others
/// start fast.
pub trait Press: Send + Sync {
    /// The sheet as PDF.
    ///
    /// # Errors
    /// Why not, without anything that stands on the sheet.
    fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, String>;
}

/// Prints a case.
///
/// # Errors
/// [`Code::NotFound`] for a foreign case and for a sheet that is none of its own; [`Code::NoPress`] where nothing prints.
pub async fn print(cx: Arc<Cx>, id: CaseId, query: SheetQuery) -> Result<Printed, ApiError> {
    let case = case::enter(&cx, id, Action::ReadCase).await?;
    let sheet = sheet_of(&case, query.kind, &cx.app.settings.city).ok_or(Code::NotFound)?;
    let press = cx.app.press.get().cloned().ok_or(Code::NoPress)?;
    let pdf = tokio::task::spawn_blocking(move || press.pdf(&sheet)).await;
    let because = |why: String| ApiError::from(Code::Internal).because(why);
    let pdf = pdf.map_err(|why| because(why.to_string()))?.map_err(because)?;
    Ok(Printed {
        name: format!("{}_{}.pdf", query.kind.label(), case.number),
        sha256: crate::store::blob::sha256_hex(&pdf),
        pdf: STANDARD.encode(pdf),
    })
}
