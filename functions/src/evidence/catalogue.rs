//! The page of generations: list, ask for a run by hand or a verification (Arts. 23, 24(1)).

use super::{backup, by_hand, monthly};
use crate::{
    http::{context::Cx, error::ApiError},
    store::tx::Tx,
};
use shared::{
    api::{
        Command, Empty,
        error::{Code, FieldError},
        evidence::{
            AskedRuns, DRILLS_SHOWN, Drills, Generations, GenerationsPage, RUN_TOLD_SECONDS, RUNS_TOLD,
        },
    },
    evidence::{AskedRun, BackupKind, Generation, ManualBackup, WantedRun, schedule::TimeOfDay},
    id::{CommandId, GenerationId},
    text,
};
use std::sync::Arc;

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

/// Asks for the backup of a day, with the reason for doing so by hand.
///
/// # Errors
/// Fields in error; a day that is not over yet would lock an incomplete generation for five years.
pub async fn run(cx: Arc<Cx>, (): (), request: ManualBackup) -> Result<AskedRun, ApiError> {
    let reason = text::required("reason", "手動で実行する理由", &request.reason, text::REASON_MAX)?;
    let day = request.day;
    if day >= cx.now.day() {
        return Err(FieldError::new("day", "対象日は昨日までの日を選んでください。").into());
    }
    if !backup::is_over(day, cx.now) {
        let words = "日付が変わってから20分間は、前日の記録がまだ書き込まれています。あとでもう一度実行してください。";
        return Err(FieldError::new("day", words).into());
    }
    by_hand::not_erased(&cx.app, day).await??;
    cx.about(day);
    ask(&cx, request.command, WantedRun::Backup { day, reason }).await
}

/// Asks that a generation is read back.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn verify(cx: Arc<Cx>, id: GenerationId, request: Command) -> Result<AskedRun, ApiError> {
    let Generation { kind, day, .. } = cx.app.store.generation(id).await?.ok_or(Code::NotFound)?;
    ask(&cx, request.command, WantedRun::Verification { generation: id, kind, day }).await
}

/// Opens a run by hand. Who wants what somebody has asked for already gets that run: it is carried out once.
async fn ask(cx: &Cx, command: CommandId, wanted: WantedRun) -> Result<AskedRun, ApiError> {
    let store = &cx.app.store;
    let run = cx.once(command, || async {
        let mut tx = Tx::default();
        let run = if let Some(open) = store.open_run(&wanted).await? {
            open
        } else {
            let run = asked(cx, wanted.clone())?;
            store.ask_run(&mut tx, &run)?;
            run
        };
        cx.commit_command(tx, command, run).await
    });
    let run = run.await?;
    cx.app.run_asked.notify_one();
    Ok(run)
}

fn asked(cx: &Cx, wanted: WantedRun) -> Result<AskedRun, ApiError> {
    let actor = cx.actor()?;
    let (id, asked_at, by_name) = (cx.request, cx.now, actor.name.clone());
    Ok(AskedRun { id, wanted, by: actor.into(), by_name, asked_at, tries: 0, begun_at: None, ended: None })
}

/// The runs by hand that are open or ended lately.
///
/// # Errors
/// If the store cannot be reached.
pub async fn runs(cx: Arc<Cx>, (): (), _: Empty) -> Result<AskedRuns, ApiError> {
    let (store, since) = (&cx.app.store, cx.now.plus_seconds(-RUN_TOLD_SECONDS));
    let (open, ended) = futures::try_join!(store.open_runs(), store.ended_runs(since, RUNS_TOLD))?;
    Ok(AskedRuns { runs: [open, ended].concat() })
}
