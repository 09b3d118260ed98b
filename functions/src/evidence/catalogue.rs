//! The page of generations: list, run by hand, verify (Arts. 23, 24(1)).

use super::{backup, by_hand, monthly, verify as verification};
use crate::{
    http::{context::Cx, error::ApiError},
    store::tx::Tx,
};
use shared::{
    api::{
        Command, Empty,
        error::{Code, FieldError},
        evidence::{DRILLS_SHOWN, Drills, Generations, GenerationsPage},
    },
    evidence::{BackupKind, Generation, ManualBackup, schedule::TimeOfDay},
    id::GenerationId,
    text,
};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Generations, newest day first.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), page: GenerationsPage) -> Result<Generations, ApiError> {
    let kind = page.kind.unwrap_or(BackupKind::Daily);
    let (generations, before) = cx.app.store.generations(kind, page.before).await?;
    let times = cx.app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let TimeOfDay { hour, minute } = backup::daily_at(&cx.app, &times, cx.now.day());
    let monthly_at = monthly::at(&cx.app, &times, cx.now.day());
    Ok(Generations { generations, before, daily_at: (hour, minute), monthly_at })
}

/// What drills found.
///
/// # Errors
/// If the store cannot be reached.
pub async fn drills(cx: Arc<Cx>, (): (), _: Empty) -> Result<Drills, ApiError> {
    Ok(Drills { proofs: cx.app.store.proofs(DRILLS_SHOWN).await? })
}

/// Runs the backup of a day now, with the reason for doing so by hand.
///
/// # Errors
/// Fields in error; a day that is not over yet would lock an incomplete generation for five years.
pub async fn run(cx: Arc<Cx>, (): (), request: ManualBackup) -> Result<Generation, ApiError> {
    let reason = text::required("reason", "手動で実行する理由", &request.reason, text::REASON_MAX)?;
    if request.day >= cx.now.day() {
        return Err(FieldError::new("day", "対象日は昨日までの日を選んでください。").into());
    }
    if !backup::is_over(request.day, cx.now) {
        let words = "日付が変わってから20分間は、前日の記録がまだ書き込まれています。あとでもう一度実行してください。";
        return Err(FieldError::new("day", words).into());
    }
    by_hand::not_erased(&cx.app, request.day).await??;
    // Whatever has to be tried again, one command locks one generation.
    let made = OnceCell::new();
    cx.once(request.command, || async {
        let write = async || {
            let generation = backup::run(&cx.app, request.day).await?;
            cx.about(generation.id);
            Ok::<_, ApiError>(generation)
        };
        let generation = made.get_or_try_init(write).await?.clone();
        let generation = verification::run(&cx.app, generation).await?;
        let mut tx = Tx::default();
        cx.app.store.note_verification(&mut tx, &generation)?;
        cx.app.store.note_manual_run(&mut tx, generation.id, &reason)?;
        cx.commit_command(tx, request.command, generation).await
    })
    .await
}

/// Reads a generation back and notes what was found.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn verify(cx: Arc<Cx>, id: GenerationId, request: Command) -> Result<Generation, ApiError> {
    cx.once(request.command, || async {
        let generation = cx.app.store.generation(id).await?.ok_or(Code::NotFound)?;
        let generation = verification::run(&cx.app, generation).await?;
        let mut tx = Tx::default();
        cx.app.store.note_verification(&mut tx, &generation)?;
        cx.commit_command(tx, request.command, generation).await
    })
    .await
}
