//! Carries out the runs by hand 手動運転 (Art. 24(1)) that somebody asked for on the page: the day of a whole city takes
//! minutes, and a request has seconds.
//!
//! A try that dies is followed by another when its claim has lapsed. What it left whole is taken up, so that the same is not
//! locked twice; but each try may leave locked objects behind, so that there are few.

mod failed;

use super::{
    backup::{self, CLAIM_SECONDS},
    by_hand::{self, undone},
    left, verify,
};
use crate::{
    app::App,
    store::{error::StoreError, tx::Tx},
};
use failed::Failed;
use shared::{
    authority::Action,
    calendar::{Day, Timestamp},
    evidence::{AskedRun, AuditEvent, BackupKind, Generation, Outcome, RunEnd, SYSTEM_SOURCE, WantedRun},
};

/// Nothing more is begun after so many seconds: what is begun has the rest of a function's quarter of an hour.
const BEGIN_SECONDS: i64 = 5 * 60;
/// So often a run is begun.
pub const TRIES: u32 = 3;

/// Carries out what was asked for and is open, oldest first; how many ended, well or not. Safe to repeat, takes no input.
///
/// # Errors
/// The first trouble; the others were carried out all the same, and the next run tries again.
pub async fn run_due(app: &App) -> Result<usize, StoreError> {
    let _alone = app.backing_up.lock().await;
    if app.store.is_being_restored().await? {
        return Ok(0);
    }
    let until = app.clock.now().plus_seconds(BEGIN_SECONDS);
    let (mut ended, mut trouble) = (0, None);
    for run in app.store.open_runs().await? {
        if app.clock.now() > until {
            break;
        }
        match take_up(app, &run).await {
            Ok(has_ended) => ended += usize::from(has_ended),
            Err(error) => {
                tracing::error!(run = %run.id, %error, "a run by hand has not ended; it is tried again");
                trouble.get_or_insert(error);
            }
        }
    }
    trouble.map_or(Ok(ended), Err)
}

/// Takes a run in hand, unless somebody has it; whether it ended.
async fn take_up(app: &App, run: &AskedRun) -> Result<bool, StoreError> {
    let what = run.id.to_string();
    if !app.store.claim_generation(&what, app.clock.now(), CLAIM_SECONDS).await? {
        return Ok(false);
    }
    let ended = attempt(app, run).await;
    let released = app.store.release_generation(&what).await;
    ended.and_then(|ended| released.map(|()| ended))
}

async fn attempt(app: &App, run: &AskedRun) -> Result<bool, StoreError> {
    // Somebody may have been quicker.
    let open = app.store.open_run(&run.wanted).await?.filter(|open| open.id == run.id);
    let Some(run) = open else { return Ok(false) };
    if run.tries >= TRIES {
        let left = left_by(app, &run).await?;
        return end(app, run, left, Err(Failed::by_dying())).await;
    }
    // Before it begins: a try that dies counts, too.
    let begun_at = run.begun_at.or_else(|| Some(app.clock.now()));
    let run = AskedRun { tries: run.tries + 1, begun_at, ..run };
    if !app.store.put_open_run(&run).await? {
        return Ok(false);
    }
    let mut whole = None;
    match Box::pin(carry_out(app, &run, &mut whole)).await {
        Ok(generation) => end(app, run, Some(generation), Ok(())).await,
        Err(error @ StoreError::Busy(_)) if run.tries < TRIES => Err(error),
        Err(error) => {
            tracing::error!(run = %run.id, %error, "a run by hand failed");
            let whole = if whole.is_some() { whole } else { left_by(app, &run).await? };
            end(app, run, whole, Err(Failed::of(&error))).await
        }
    }
}

/// The generation that was made or read back, with what was found. `whole` is set as soon as there is one: whatever becomes
/// of its verification, it is locked.
async fn carry_out(
    app: &App,
    run: &AskedRun,
    whole: &mut Option<Generation>,
) -> Result<Generation, StoreError> {
    let generation = match &run.wanted {
        WantedRun::Backup { day, .. } => {
            let left = if run.tries > 1 { left_by(app, run).await? } else { None };
            match left {
                Some(left) => left,
                None => write(app, *day).await?,
            }
        }
        WantedRun::Verification { generation, .. } => {
            app.store.generation(*generation).await?.ok_or(StoreError::Shape("generation"))?
        }
    };
    *whole = Some(generation.clone());
    verify::run(app, generation).await
}

async fn write(app: &App, day: Day) -> Result<Generation, StoreError> {
    // Also where somebody has it: what was wanted is one more. The job of the night, which follows, keeps off the day until
    // the catalogue's list surely has this generation.
    app.store.claim_generation(&day.to_string(), app.clock.now(), CLAIM_SECONDS).await?;
    backup::run(app, day).await
}

/// What the tries of a run wrote whole, whether it came into the catalogue or not: a generation that was begun since, and that
/// nobody else has explained.
async fn left_by(app: &App, run: &AskedRun) -> Result<Option<Generation>, StoreError> {
    let (WantedRun::Backup { day, .. }, Some(since)) = (&run.wanted, run.begun_at) else { return Ok(None) };
    let known = app.store.generations_of(BackupKind::Daily, *day, *day).await?;
    if let Some(found) = unexplained(app, known, since).await? {
        return Ok(Some(found));
    }
    let left = left::catalogue(app, BackupKind::Daily, &format!("{day}/")).await?;
    unexplained(app, left, since).await
}

async fn unexplained(
    app: &App,
    generations: Vec<Generation>,
    since: Timestamp,
) -> Result<Option<Generation>, StoreError> {
    for generation in generations.into_iter().filter(|generation| generation.started_at >= since) {
        if app.store.manual_reason(generation.id).await?.is_none() {
            return Ok(Some(generation));
        }
    }
    Ok(None)
}

/// Ends a run, in one transaction with what it made and the audit event, which names person and generation.
async fn end(
    app: &App,
    run: AskedRun,
    generation: Option<Generation>,
    result: Result<(), Failed>,
) -> Result<bool, StoreError> {
    let (at, mut tx) = (app.clock.now(), Tx::default());
    if let Some(generation) = &generation {
        if result.is_ok() {
            app.store.note_verification(&mut tx, generation)?;
        }
        // Also where it failed: it is locked, and nobody else could say why it is there.
        if let WantedRun::Backup { reason, .. } = &run.wanted {
            app.store.note_manual_run(&mut tx, generation.id, reason)?;
        }
    }
    let id = generation.as_ref().map(|generation| generation.id);
    let verification = generation.filter(|_| result.is_ok()).map(|generation| generation.verification);
    let (outcome, failed) = match result {
        Ok(()) => (Outcome::Done, None),
        Err(failed) => (Outcome::Refused(failed.code), Some(failed.words)),
    };
    let thing = id.iter().map(ToString::to_string).collect();
    app.store.note_event(&mut tx, &event(app, &run, thing, outcome))?;
    let ended = RunEnd { at, generation: id, verification, failed };
    app.store.end_run(&mut tx, &AskedRun { ended: Some(ended), ..run }, at)?;
    tx.commit(&app.store).await.map_err(undone)?;
    Ok(true)
}

/// The event of a run's end: of whoever asked for it, under the number of that request, from this system.
fn event(app: &App, run: &AskedRun, thing: Vec<String>, outcome: Outcome) -> AuditEvent {
    let action = match run.wanted {
        WantedRun::Backup { .. } => Action::RunBackup,
        WantedRun::Verification { .. } => Action::VerifyBackup,
    };
    let event = by_hand::event(app, action, Some(run.by.clone()), thing, outcome);
    AuditEvent { request: run.id, source: SYSTEM_SOURCE.into(), ..event }
}
