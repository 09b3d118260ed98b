//! The monthly backup (Art. 23(1)): everything that is kept, once a month.
//!
//! What was sent lies in boxes under the keys of its own day and patient, as in the daily generations, so that a monthly
//! one makes nothing readable for longer. The journal is read day by day: whatever the size of the archive, only one day
//! and one part are in memory. Attached files and the audit log of days that have a daily generation are not written once
//! more: a list says where they lie, and the verification looks for each of them.

use super::{
    backup::{self, Directory, Sent},
    boxes::Lines,
    left,
    ring::{Found, Ring},
    verify::Held,
    writer::{Grouped, Writer},
};
use crate::{
    app::App,
    store::{
        error::StoreError,
        tx::{Conflict, Tx},
    },
};
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    calendar::{Day, Timestamp, YearMonth},
    evidence::{
        BackupKind, Generation, Holds, KeyName, Manifest,
        schedule::{self, BackupTimes},
    },
    portal::MonthlyAt,
    procedure::Service,
};
use std::collections::BTreeMap;

/// So many seconds after the stop began nothing of before it is under way: longer than a request may take.
const QUIET_SECONDS: i64 = 60;
/// For so many seconds after the stop what a run left that was cut off is taken up.
const TAKEN_UP_SECONDS: i64 = 24 * 3600;
/// Questions to the table at the same time.
const AT_ONCE: usize = 16;

/// Why there is no monthly generation.
#[derive(Debug)]
pub enum MonthlyError {
    /// The store.
    Store(StoreError),
    /// A snapshot is of the moment in which it is made: that month is over, or has not begun.
    NotThisMonth(YearMonth),
}

impl std::fmt::Display for MonthlyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::NotThisMonth(month) => {
                write!(f, "a snapshot is of the moment in which it is made, and {month} is not this month")
            }
        }
    }
}

impl std::error::Error for MonthlyError {}

impl<E: Into<StoreError>> From<E> for MonthlyError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// Makes this month's generation if its time has come and there is none; it is verified at once. Safe to repeat, takes no
/// input.
///
/// # Errors
/// If the store cannot be reached.
pub async fn run_due(app: &App) -> Result<Option<Generation>, StoreError> {
    let _alone = app.backing_up.lock().await;
    if app.store.is_being_restored().await? {
        return Ok(None);
    }
    let now = app.clock.now();
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let stop = schedule::monthly_window(&times, now.day());
    let due = match stop {
        // What began just before the stop has ended by then.
        Some((from, to)) => {
            now >= from.plus_seconds(QUIET_SECONDS) && now < to.plus_seconds(TAKEN_UP_SECONDS)
        }
        None => times.is_empty() && app.settings.monthly_at.is_some_and(|at| is_due(at, now)),
    };
    if !due {
        return Ok(None);
    }
    let month = now.day().month();
    if is_made(app, month).await? {
        let days = (month.first(), month.last());
        end_stop(app, stop, now).await?;
        return Ok(left::verify(app, BackupKind::Monthly, days, |_| month.to_string()).await?.pop());
    }
    let what = month.to_string();
    // Who has the month in hand looks once more whether somebody was quicker.
    if !app.store.claim_generation(&what, now, backup::CLAIM_SECONDS).await? || is_made(app, month).await? {
        return Ok(None);
    }
    let made = async {
        // What a run that was cut off left is whole, and as new as this month's stop.
        let left = left::catalogue(app, BackupKind::Monthly, &format!("{month}-")).await?.pop();
        let generation = match left {
            Some(left) => left,
            // People write again: from now on one is made by hand.
            None if stop.is_some_and(|(_, to)| to <= now) => return Ok(None),
            None => Box::pin(write(app)).await?,
        };
        let generation = Box::pin(super::verify::run(app, generation)).await?;
        app.store.put_generation(&generation).await?;
        Ok(Some(generation))
    };
    let made = made.await;
    match &made {
        Ok(_) => end_stop(app, stop, now).await?,
        // What cannot be given back lapses; why nothing was made is the news.
        Err(_) => drop(app.store.release_generation(&what).await),
    }
    made
}

/// The stop that was announced for this month's backup is over: the backup is made.
async fn end_stop(app: &App, stop: Option<(Timestamp, Timestamp)>, now: Timestamp) -> Result<(), StoreError> {
    let Some((from, _)) = stop.filter(|(from, to)| *from <= now && now < *to) else { return Ok(()) };
    let Some(seen) = app.store.service().await? else { return Ok(()) };
    if seen.monthly_done == Some(from) {
        return Ok(());
    }
    let next = Service { monthly_done: Some(from), ..seen.clone() };
    let mut tx = Tx::default();
    app.store.put_service(&mut tx, Some(&seen), &next)?;
    match tx.commit(&app.store).await {
        Err(Conflict::Store(error)) => Err(error),
        // Somebody changed the service meanwhile: the next run ends it, or the clock does.
        Ok(()) | Err(Conflict::Condition(_)) => Ok(()),
    }
}

/// When the monthly backup starts: as approved, or as the environment was set up before the first approval.
pub(crate) fn at(app: &App, times: &[BackupTimes], day: Day) -> Option<MonthlyAt> {
    let approved = schedule::in_force(times, day).map(|times| times.monthly);
    let set_up = app.settings.monthly_at.filter(|_| times.is_empty());
    approved.map(|monthly| (monthly.day, monthly.at.hour, monthly.at.minute)).or(set_up)
}

async fn of_month(app: &App, month: YearMonth) -> Result<Vec<Generation>, StoreError> {
    app.store.generations_of(BackupKind::Monthly, month.first(), month.last()).await
}

/// Whether the month has its generation. One that somebody made by hand was made while people wrote: it is none.
async fn is_made(app: &App, month: YearMonth) -> Result<bool, StoreError> {
    for made in of_month(app, month).await? {
        if app.store.manual_reason(made.id).await?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The month whose approved stop is over without a generation, if monitoring had begun by then: somebody has to make it by
/// hand, with a reason.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn missed(
    app: &App,
    begun: Timestamp,
    now: Timestamp,
) -> Result<Option<YearMonth>, StoreError> {
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let Some((from, to)) = schedule::monthly_window(&times, now.day()) else { return Ok(None) };
    // Whoever began in the stop's last moments may still be at it.
    if from < begun || now < to.plus_seconds(backup::CLAIM_SECONDS) {
        return Ok(None);
    }
    let month = now.day().month();
    Ok(of_month(app, month).await?.is_empty().then_some(month))
}

/// From the published moment of a month on, until the month is over.
fn is_due((day, hour, minute): (u8, u8, u8), now: Timestamp) -> bool {
    let (year, month, _) = now.day().ymd();
    let at = Day::new(year, month, day)
        .map(|day| day.start().plus_seconds(i64::from(hour) * 3600 + i64::from(minute) * 60));
    at.is_some_and(|at| now >= at)
}

/// Makes the generation of a month now, and catalogues it.
///
/// # Errors
/// [`MonthlyError::NotThisMonth`]; the store's, and then there is no manifest, and so no generation.
pub async fn run(app: &App, month: YearMonth) -> Result<Generation, MonthlyError> {
    if app.clock.now().day().month() != month {
        return Err(MonthlyError::NotThisMonth(month));
    }
    Ok(Box::pin(write(app)).await?)
}

async fn write(app: &App) -> Result<Generation, StoreError> {
    let today = app.clock.now().day();
    let ring = Ring::open(app)?;
    let mut writer = Writer::begin(app, &ring, BackupKind::Monthly, today);
    let kept = kept_days(today);
    let dailies = dailies(app, &kept, today).await?;
    let first_used = first_used(app, &kept).await?;
    let begun = [first_used, dailies.keys().next().copied()].into_iter().flatten().min();
    let mut held = Lines::default();
    for day in kept.into_iter().filter(|day| begun.is_some_and(|begun| *day >= begun)) {
        // What was erased stays erased, also while its last traces are being removed.
        let erased =
            app.store.key_record(KeyName::Day(day)).await?.is_some_and(|key| key.destroyed_at.is_some());
        if !erased {
            write_day(app, &ring, &mut writer, &mut held, (day, dailies.get(&day))).await?;
        }
    }
    cases(app, &mut writer, today).await?;
    Directory::read(app).await?.write(&mut writer, today).await?;
    writer.plain(Holds::Held, held).await?;
    writer.finish().await
}

/// The days whose five years are not over, up to today, oldest first.
fn kept_days(today: Day) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let mut day = today;
    while day.last_kept_day() >= today {
        days.push(day);
        day = day.plus_days(-1);
    }
    days.reverse();
    days
}

/// The newest daily generation of each day.
async fn dailies(app: &App, kept: &[Day], today: Day) -> Result<BTreeMap<Day, Generation>, StoreError> {
    let first = kept.first().copied().unwrap_or(today);
    let all = app.store.generations_of(BackupKind::Daily, first, today).await?;
    // Of one day they come in the order in which they were made.
    Ok(all.into_iter().map(|generation| (generation.day, generation)).collect())
}

/// The first day on which anything was sent.
async fn first_used(app: &App, kept: &[Day]) -> Result<Option<Day>, StoreError> {
    let used = stream::iter(kept.iter().copied())
        .map(|day| async move { Ok::<_, StoreError>((day, app.store.is_used(day).await?)) })
        .buffered(AT_ONCE)
        .try_filter_map(|(day, used)| async move { Ok(used.then_some(day)) });
    let mut used = std::pin::pin!(used);
    used.try_next().await
}

async fn write_day(
    app: &App,
    ring: &Ring<'_>,
    writer: &mut Writer<'_>,
    held: &mut Lines,
    (day, daily): (Day, Option<&Generation>),
) -> Result<(), StoreError> {
    writer.reaches_back_to(day);
    let manifest = match daily {
        Some(daily) => manifest(app, daily).await?,
        None => None,
    };
    let mut sent = Sent::read(app, day).await?;
    if manifest.is_none() {
        sent.has_its_files(app).await?;
    }
    sent.write(writer).await?;
    backup::receipts(app, writer, day).await?;
    backup::beside_cases(app, writer, day).await?;
    let Some(manifest) = manifest else {
        // Nothing else holds them: today's, and those of a day whose own run failed.
        backup::audit(app, writer, day).await?;
        return sent.write_files(writer).await;
    };
    for object in manifest.objects {
        if !matches!(object.holds, Holds::File | Holds::Audit) || is_erased(ring, &object.keys).await? {
            continue;
        }
        let counts = writer.counts();
        match object.holds {
            Holds::File => counts.attachments += 1,
            _ => counts.events += object.lines,
        }
        let locked_until = manifest.locked_until.seconds();
        held.push(&serde_json::to_string(&Held { object, locked_until })?)?;
    }
    Ok(())
}

/// A daily generation's manifest; `None` if it is not there any more or is not what was catalogued.
async fn manifest(app: &App, daily: &Generation) -> Result<Option<Manifest>, StoreError> {
    let found = app.store.blobs.archived(&daily.manifest_key, &daily.manifest_version).await?;
    Ok(found.and_then(|found| Manifest::read(&found.body).ok()))
}

async fn is_erased(ring: &Ring<'_>, keys: &[KeyName]) -> Result<bool, StoreError> {
    for name in keys {
        if matches!(ring.find(*name).await?, Found::Destroyed) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes every case, under the key of the day of its last step: as long as a daily generation would keep it. One that
/// rests for longer than five years is under today's key.
async fn cases(app: &App, writer: &mut Writer<'_>, today: Day) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let (page, next) = app.store.cases_page(after).await?;
        let mut days = Grouped::default();
        for (day, line) in page {
            days.push(if day.last_kept_day() >= today { day } else { today }, line);
            writer.counts().cases += 1;
        }
        for day in days.into_boxes() {
            let (day, lines) = day?;
            writer.lines(Holds::Cases, &[KeyName::Day(day)], lines).await?;
        }
        after = next;
        if after.is_none() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn due_from_its_moment_on_until_the_month_is_over() {
        for (now, due) in [
            ("2026-12-01T02:59:59+09:00", false),
            ("2026-12-01T03:00:00+09:00", true),
            ("2026-12-31T23:59:59+09:00", true),
            ("2027-01-01T00:00:00+09:00", false),
        ] {
            assert_eq!(is_due((1, 3, 0), now.parse().unwrap()), due, "{now}");
        }
    }

    #[test]
    fn exactly_the_days_that_are_still_kept() {
        for (today, first) in
            [("2031-11-21", "2026-11-22"), ("2033-02-28", "2028-02-29"), ("2033-03-01", "2028-03-02")]
        {
            let kept = kept_days(day(today));
            assert_eq!((kept.first(), kept.last()), (Some(&day(first)), Some(&day(today))), "{today}");
        }
    }
}
