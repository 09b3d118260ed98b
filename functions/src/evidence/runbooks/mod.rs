//! Runbooks 手順書 (Art. 24(3)): the list, the record of reviews and rehearsals, and the copies in the locked bucket that
//! are there when nothing else is.

pub mod typeset;

use crate::{
    app::App,
    http::{context::Cx, error::ApiError},
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
        tx::Tx,
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use shared::{
    api::{
        Empty,
        error::Code,
        procedure::Printed,
        runbook::{RunbookCopy, RunbookQuery, RunbookRow, Runbooks},
    },
    evidence::runbook::{Runbook, RunbookRecord, RunbookWork, SOURCES},
    procedure::Case,
};
use std::sync::Arc;

const MARKDOWN: &str = "text/markdown; charset=utf-8";
const PDF: &str = "application/pdf";
/// Hex digits of a text's hash in the names of its copies.
const HASH_SHOWN: usize = 12;

fn all() -> Result<Vec<Runbook>, StoreError> {
    Runbook::all().map_err(|_| StoreError::Shape("head of a runbook"))
}

/// The runbooks, by number.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<Runbooks, ApiError> {
    let (records, mut copies) =
        futures::try_join!(cx.app.store.runbook_records(), cx.app.store.runbook_copies())?;
    let row = |book: Runbook| RunbookRow {
        standing: book.standing(&records, cx.now.day()),
        records: records.iter().filter(|record| record.number == book.number).cloned().collect(),
        copy: copies.remove(&book.number),
        address: book.address(),
        number: book.number,
        title: book.title,
        version: book.version,
        article: book.article,
    };
    Ok(Runbooks { rows: all()?.into_iter().map(row).collect() })
}

/// A runbook in PDF.
///
/// # Errors
/// [`Code::NotFound`] for a number that is none, [`Code::NoPress`] where nothing prints.
pub async fn print(cx: Arc<Cx>, (): (), query: RunbookQuery) -> Result<Printed, ApiError> {
    let book = all()?.into_iter().find(|book| book.number == query.number).ok_or(Code::NotFound)?;
    let name = format!("手順書{:02}_第{}版_{}.pdf", book.number, book.version, book.title);
    let pdf = pdf(&cx.app, &book).await?.ok_or(Code::NoPress)?;
    Ok(Printed { name, sha256: sha256_hex(&pdf), pdf: STANDARD.encode(pdf) })
}

/// The copy on paper; `None` where nothing prints.
async fn pdf(app: &App, book: &Runbook) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(press) = app.press.get().cloned() else { return Ok(None) };
    let sheet = typeset::sheet(book);
    let set = tokio::task::spawn_blocking(move || press.pdf(&sheet)).await;
    let pdf = set.map_err(|why| why.to_string()).and_then(|set| set);
    pdf.map(Some).map_err(|why| {
        tracing::error!(why, "a runbook cannot be set");
        StoreError::Shape("runbook on paper")
    })
}

/// Adds the record of a confirmed review or rehearsal.
///
/// # Errors
/// If the case does not say which runbook, what and when.
pub fn record(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<(), ApiError> {
    let text = |name: &str| case.form.get(name).map(String::as_str).unwrap_or_default();
    let record = RunbookRecord {
        number: text("runbook").parse().map_err(|_| Code::Invalid)?,
        work: RunbookWork::from_wire(text("work")).ok_or(Code::Invalid)?,
        on: text("on").parse().map_err(|_| Code::Invalid)?,
        version: text("version").parse().map_err(|_| Code::Invalid)?,
        case: case.id,
        case_number: case.number.clone(),
        by_name: case.asked_by_name.clone(),
        confirmed_by_name: cx.actor()?.name.clone(),
        confirmed_at: cx.now,
    };
    Ok(cx.app.store.create_runbook_record(tx, &record)?)
}

/// Puts every runbook whose text is not there yet into the locked bucket, for five years (Arts. 21(4), 24(3)): the text,
/// and the PDF where something prints; how many. Safe to repeat, takes no input.
///
/// # Errors
/// If the store or the bucket cannot be reached; copies made until then stay.
pub async fn keep_due(app: &App) -> Result<usize, StoreError> {
    let copies = app.store.runbook_copies().await?;
    let mut kept = 0;
    for (book, (_, source)) in all()?.iter().zip(SOURCES) {
        let sha256 = sha256_hex(source.as_bytes());
        let known = copies.get(&book.number).filter(|copy| copy.sha256 == sha256);
        if known.is_some_and(|copy| copy.pdf_key.is_some() || app.press.get().is_none()) {
            continue;
        }
        let day = app.clock.now().day();
        let until = day.locked_until();
        let hash = sha256.get(..HASH_SHOWN).unwrap_or_default().to_owned();
        let key = |kind| BlobKey::Runbook(book.name, book.version, hash.clone(), kind);
        let mut copy = match known {
            Some(copy) => copy.clone(),
            None => {
                let object_version =
                    app.store.blobs.archive(&key("md"), MARKDOWN, (*source).into(), until).await?;
                let copy = RunbookCopy {
                    version: book.version,
                    sha256,
                    key: key("md").to_string(),
                    object_version,
                    pdf_key: None,
                    last_kept_day: day.last_kept_day(),
                };
                // Noted at once: whatever fails from here on must not lock the same text again and again.
                app.store.put_runbook_copy(book.number, &copy).await?;
                copy
            }
        };
        if let Some(pdf) = pdf(app, book).await? {
            app.store.blobs.archive(&key("pdf"), PDF, pdf.into(), until).await?;
            copy.pdf_key = Some(key("pdf").to_string());
            app.store.put_runbook_copy(book.number, &copy).await?;
        }
        kept += 1;
    }
    Ok(kept)
}
