//! The check of monitoring itself, a function of its own: slots without a record are anomalies; what monitoring wrote down is
//! taken on; days that are over are counted and locked away.

use super::{Found, MonitorError, settle};
use crate::{app::App, store::blob::BlobKey};
use serde::Serialize;
use shared::{
    calendar::{Day, Timestamp},
    evidence::monitor::{Cadence, GRACE_SECONDS, Look, MonitorDay, Part, Record, Slot, in_spans, missing},
};
use std::time::Instant;

/// Days back that missing slots are looked for, after the check itself stood still.
const LOOK_BACK_DAYS: i64 = 90;
/// A day is counted so many seconds after its end.
const COUNT_AFTER_SECONDS: i64 = 60 * 60;

/// A day as it is locked away: its numbers and every record.
#[derive(Serialize)]
struct Locked<'r> {
    format: u32,
    counted: &'r MonitorDay,
    records: &'r [Record],
}

/// Takes on what monitoring found, and looks for missing slots once in each slot of the check; whether it looked. Takes no
/// input and is safe to repeat.
///
/// # Errors
/// If the table or the bucket cannot be reached. Neither of the two keeps the other from being done.
pub async fn run_due(app: &App) -> Result<bool, MonitorError> {
    let taken_on = settle::run_due(app).await;
    let looked = look(app).await;
    taken_on.and(looked)
}

async fn look(app: &App) -> Result<bool, MonitorError> {
    let now = app.clock.now();
    let Some(begun) = app.store.monitored_since().await? else { return Ok(false) };
    let slot = Slot::of(Cadence::Check, now);
    if app.store.monitor_record(slot).await?.is_some() {
        return Ok(false);
    }
    let started = Instant::now();
    let checked = app.store.slots_checked_to().await?.unwrap_or(begun);
    let lost = lost(app, begun, checked, now).await?;
    let found = if lost.is_empty() {
        Found::good("すべての枠に記録があります")
    } else {
        Found::bad(format!("記録のない枠があります: {}", in_spans(&lost)))
    };
    let ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
    let look = Look { part: Part::Monitoring, good: found.good, ms, words: found.words, firewall: None };
    if !app.store.create_monitor_record(&Record { slot, at: now, looks: vec![look] }).await? {
        return Ok(false);
    }
    app.store.put_slots_checked_to(now).await?;
    settle::run_due(app).await?;
    count_days(app, begun, now).await?;
    Ok(true)
}

/// The slots that became due since the last check and have no record.
async fn lost(
    app: &App,
    begun: Timestamp,
    checked: Timestamp,
    now: Timestamp,
) -> Result<Vec<Slot>, MonitorError> {
    let earliest = now.day().plus_days(-LOOK_BACK_DAYS).start();
    // What was due at the last check was looked at then.
    let due_since = |slot: &Slot| slot.end().plus_seconds(GRACE_SECONDS) > checked;
    let mut day = checked.plus_seconds(-GRACE_SECONDS).max(earliest).day().plus_days(-1).max(begun.day());
    let mut lost = Vec::new();
    while day <= now.day() {
        let records = app.store.monitor_records(day, None).await?;
        for cadence in Cadence::ALL {
            lost.extend(missing(*cadence, day, &records, begun, now).into_iter().filter(due_since));
        }
        day = day.plus_days(1);
    }
    lost.sort_by_key(|slot| (slot.cadence, slot.start()));
    Ok(lost)
}

/// Counts the days that are over and locks their records away, in order.
async fn count_days(app: &App, begun: Timestamp, now: Timestamp) -> Result<(), MonitorError> {
    let earliest = now.day().plus_days(-LOOK_BACK_DAYS).max(begun.day());
    let mut day =
        app.store.last_monitor_day().await?.map_or(earliest, |last| last.plus_days(1).max(earliest));
    while day.plus_days(1).start().plus_seconds(COUNT_AFTER_SECONDS) <= now {
        count(app, day, begun, now).await?;
        day = day.plus_days(1);
    }
    Ok(())
}

async fn count(app: &App, day: Day, begun: Timestamp, now: Timestamp) -> Result<(), MonitorError> {
    let records = app.store.monitor_records(day, None).await?;
    let counted = MonitorDay::of(day, &records, begun, now);
    let locked = Locked { format: 1, counted: &counted, records: &records };
    let body = serde_json::to_vec(&locked).map_err(crate::store::error::StoreError::from)?;
    let key = BlobKey::MonitorDay(day);
    app.store.blobs.archive(&key, "application/json", body.into(), day.locked_until()).await?;
    app.store.put_monitor_day(&counted).await?;
    Ok(())
}
