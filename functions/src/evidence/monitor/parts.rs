//! How each part is looked at. Whoever adds a part adds its line here.

use super::{Found, answer, ask, firewall, ring};
use crate::{
    app::App,
    evidence::{monthly, seal::SETTLE_SECONDS},
    store::{error::StoreError, monitor::PortalLag, probe::Bucket},
};
use futures::future::{BoxFuture, FutureExt};
use shared::{
    api::{Endpoint, evidence::AskHealth},
    calendar::{Day, Timestamp},
    evidence::{BackupKind, monitor::Part},
    procedure::Errand,
};

/// The daily backup may take so many seconds after its published time.
const BACKUP_SECONDS: i64 = 60 * 60;
/// The newest seal may be so many seconds old: an hour without an event, settling, and as long again for the job.
const SEAL_SECONDS: i64 = 60 * 60 + 2 * SETTLE_SECONDS + 20 * 60;
/// The portal's files may be old for so many seconds.
const PORTAL_SECONDS: i64 = 10 * 60;
/// An errand may be due for so many seconds.
const OUTBOX_SECONDS: i64 = 15 * 60;
/// The check of monitoring may be so many seconds ago: two of its slots, and one of ours.
const CHECK_SECONDS: i64 = 35 * 60;
/// Generations may have been read back so many days ago.
const READ_DAYS: i64 = 2;

/// The look at a part; `None` where this environment has no such part.
pub(super) fn look(app: &App, part: Part, now: Timestamp) -> Option<BoxFuture<'_, Found>> {
    Some(match part {
        Part::Table => app.store.answers().map(Found::from).boxed(),
        Part::Attachments => app.store.blobs.answers(Bucket::Attachments).map(Found::from).boxed(),
        Part::Archive => app.store.blobs.answers(Bucket::Archive).map(Found::from).boxed(),
        Part::Portal => app.store.blobs.answers(Bucket::Portal).map(Found::from).boxed(),
        Part::KeyRing => ring::look(app).map(or_unknown).boxed(),
        Part::Api => api(app).boxed(),
        Part::Schedules => schedules(app, now).map(or_unknown).boxed(),
        Part::Outbox => outbox(app, now).map(or_unknown).boxed(),
        Part::Application => answer::look(app).boxed(),
        Part::Clock => clock(app).map(or_unknown).boxed(),
        Part::Firewall => firewall::look(app, now).map(or_unknown).boxed(),
        Part::Disk => app.probes.get()?.iter().find(|probe| probe.part() == part)?.look(),
        // Their own jobs look.
        Part::Monitoring | Part::Restore => return None,
    })
}

fn or_unknown(result: Result<Found, StoreError>) -> Found {
    result.unwrap_or_else(|error| Found::bad(format!("確かめられません（{error}）")))
}

/// Whether the API answers at the address that people use.
async fn api(app: &App) -> Found {
    let info = AskHealth::INFO;
    match ask::ask(&app.settings, info.method.as_str(), info.path, &[], None).await {
        Ok(answer) if answer.status == 200 && answer.request_id.is_some() => Found::good("応答あり"),
        Ok(answer) => Found::bad(format!("応答が正しくありません（HTTP {}）", answer.status)),
        Err(why) => Found::bad(format!("応答がありません（{why}）")),
    }
}

/// Whether our clock is that of the storage service.
async fn clock(app: &App) -> Result<Found, StoreError> {
    let before = app.clock.of_machine();
    let theirs = app.store.blobs.service_time().await?;
    let after = app.clock.of_machine();
    // Whole seconds on their side: the middle of theirs against the middle of ours.
    let drift = (before.ms() + after.ms()) / 2 - (theirs + 500);
    let words = format!("保管サービスの時刻との差: {:+.1}秒", drift as f64 / 1000.0);
    let good = drift.abs() <= app.settings.drift_seconds * 1000 + (after.ms() - before.ms()) / 2 + 500;
    Ok(Found { good, words, firewall: None })
}

/// Whether what runs by itself has run when it had to. Its effects are looked at, not its word.
async fn schedules(app: &App, now: Timestamp) -> Result<Found, StoreError> {
    let mut late = Vec::new();
    let begun = app.store.monitored_since().await?.unwrap_or(now);
    if let Some(day) = backup_late(app, begun, now).await? {
        late.push(format!("日次バックアップ（{day}に送られた分）がありません"));
    }
    if let Some(month) = monthly::missed(app, begun, now).await? {
        late.push(format!("{month}の月次バックアップが、決められた時間に作られませんでした"));
    }
    let sealed = app.store.last_seal().await?.map_or(begun, |seal| seal.to);
    if (now.ms() - sealed.ms()) / 1000 > SEAL_SECONDS {
        late.push(format!("操作記録の封印が{}から進んでいません", sealed.in_full()));
    }
    if let Some(since) = portal_late(app, now).await? {
        late.push(format!("ポータルのファイルが{}から古いままです", since.in_full()));
    }
    let checked = app.store.watch(Part::Monitoring).await?.map_or(begun, |watch| watch.seen);
    if (now.ms() - checked.ms()) / 1000 > CHECK_SECONDS {
        late.push(format!("監視の点検が{}から行われていません", checked.in_full()));
    }
    let read = app.store.generations_read_on().await?.unwrap_or_else(|| begun.day());
    if now.day() > read.plus_days(READ_DAYS)
        && !app.store.generations(BackupKind::Daily, None).await?.0.is_empty()
    {
        late.push(format!("世代の読み戻し（復元訓練）が{read}から行われていません"));
    }
    Ok(if late.is_empty() { Found::good("予定どおり") } else { Found::bad(late.join("。")) })
}

/// Whether what follows steps is done: nothing is stuck, and nothing that is due lies untouched.
async fn outbox(app: &App, now: Timestamp) -> Result<Found, StoreError> {
    let open = app.store.errands(false).await?;
    let stuck = open.iter().filter(|errand| errand.is_stuck()).count();
    let untouched = |errand: &&Errand| (now.ms() - errand.next_at.ms()) / 1000 > OUTBOX_SECONDS;
    let late = open.iter().filter(untouched).count();
    Ok(match (stuck, late) {
        (0, 0) => Found::good(format!("残り{}件", open.len())),
        (0, late) => Found::bad(format!("行われていないものが{late}件あります")),
        (stuck, _) => Found::bad(format!("止まっているものが{stuck}件あります")),
    })
}

/// The day whose generation should be there and is not.
async fn backup_late(app: &App, begun: Timestamp, now: Timestamp) -> Result<Option<Day>, StoreError> {
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let at = crate::evidence::backup::daily_at(app, &times, now.day()).on(now.day());
    let over = now >= at.plus_seconds(BACKUP_SECONDS);
    let day = now.day().plus_days(if over { -1 } else { -2 });
    // What was due before anybody looked is the backup's own matter: it makes up for it when it starts.
    if day < begun.day() {
        return Ok(None);
    }
    let kept = app.store.days_kept(day.plus_days(-90), day).await?;
    if kept.contains(&day) {
        return Ok(None);
    }
    // What nobody sealed was before this system, for the backup as well. Whether anything was sent is not asked: monitoring
    // reads nothing of patients.
    let began = app.store.seal_day(1).await?;
    let used = !kept.is_empty() || began.is_none_or(|began| began <= day);
    Ok(used.then_some(day))
}

/// Since when the portal's files have been old, if it is too long.
async fn portal_late(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let late = |since: Timestamp| (now.ms() - since.ms()) / 1000 > PORTAL_SECONDS;
    let (revision, written) = futures::try_join!(app.store.portal_revision(), app.store.portal_written())?;
    let lag = app.store.portal_lag().await?;
    if revision == written.revision {
        if lag.is_some() {
            app.store.put_portal_lag(None).await?;
        }
        return Ok(written.again_at.filter(|at| late(*at)));
    }
    match lag.filter(|lag| lag.written == written.revision) {
        Some(lag) => Ok(Some(lag.since).filter(|since| late(*since))),
        None => {
            let lag = PortalLag { written: written.revision, since: now };
            app.store.put_portal_lag(Some(lag)).await?;
            Ok(None)
        }
    }
}
