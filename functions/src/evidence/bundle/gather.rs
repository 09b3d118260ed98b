//! Gathering the facts of a period: from the table what was recorded, from the locked bucket whether it is there.

mod cases;
mod generations;
mod watched;

use crate::{
    app::App,
    evidence::{backup, system},
    store::{blob::BlobKey, error::StoreError},
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use shared::{
    api::audit::Review,
    calendar::{Day, Timestamp},
    evidence::{
        LedgerVersion,
        bundle::{Checkpoint, DrillFact, FacilityFact, Facts, LedgerFact, MonthFact, PostFact, RunbookFact},
        runbook::Runbook,
        schedule::{self, BackupTimes},
        seal::Seal,
    },
    id::FacilityId,
    people::{Account, FacilityKind, Role},
    procedure::State,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Objects that are read from the bucket at the same time.
const AT_ONCE: usize = 8;
/// A daily run may take so long before it is missed, in seconds.
const GRACE_SECONDS: i64 = 60 * 60;
/// A month's review is due on this day of the following month.
const REVIEW_DUE_ON: u8 = 10;

/// The facts, and what goes into the bundle as it was found.
pub(super) struct Gathered {
    /// What clauses are judged by.
    pub facts: Facts,
    /// Manifests, by their keys in the bucket.
    pub manifests: Vec<(String, Bytes)>,
    /// Signed reviews of the audit log, by month.
    pub reviews: BTreeMap<String, Review>,
}

/// Everything about the days from `from` through `to`.
///
/// # Errors
/// If the table or the bucket cannot be reached. What is missing is a fact, not an error.
pub(super) async fn run(app: &App, from: Day, to: Day, now: Timestamp) -> Result<Gathered, StoreError> {
    let (generations, manifests) = generations::read(app, from, to).await?;
    let People { posts, facilities, founded } = people(app, from, to).await?;
    let approved = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let last_due_day = last_due(app, &approved, now);
    let times = times_of(approved, from, to);
    let earlier = cases::Earlier { founded, approved: times.iter().map(|one| one.case).collect() };
    let (manual, cases, watched, reviews, copies, records, ledger) = futures::try_join!(
        generations::manual(app, &generations),
        cases::read(app, (from, to), now, &earlier),
        watched::days(app, from, to, now),
        app.store.reviews(),
        app.store.runbook_copies(),
        app.store.runbook_records(),
        ledger(app),
    )?;
    let (cases, lost_numbers) = cases;
    let seals = seals(app, from, to).await?;
    let reviews: BTreeMap<String, Review> = reviews.into_iter().collect();
    let books = Runbook::all().map_err(|_| StoreError::Shape("head of a runbook"))?;
    let drills = app.store.proofs_between(from.plus_days(-7), to).await?.into_iter();
    let drills = drills.map(|proof| DrillFact {
        at: proof.started_at,
        good: proof.is_good(),
        newest_day: proof.newest_day,
    });
    let facts = Facts {
        watched,
        ledger,
        drills: drills.collect(),
        from,
        to,
        now,
        first_day: first_day(app, founded, seals.begun).await?,
        last_due_day,
        generations,
        manual,
        times,
        cases,
        lost_numbers,
        facilities,
        posts,
        checkpoints: seals.checkpoints,
        lost_seals: seals.lost,
        sealed_until: seals.until,
        months: months(from, to, now.day(), seals.begun, &reviews),
        runbooks: books
            .into_iter()
            .map(|book| RunbookFact {
                standing: book.standing(&records, now.day()),
                copy: copies.get(&book.number).map(|copy| copy.key.clone()),
                number: book.number,
                version: book.version,
                title: book.title,
            })
            .collect(),
    };
    let of_period = facts.months.iter().filter_map(|month| reviews.get_key_value(&month.month));
    let reviews = of_period.map(|(month, review)| (month.clone(), review.clone())).collect();
    Ok(Gathered { facts, manifests, reviews })
}

async fn ledger(app: &App) -> Result<Option<LedgerFact>, StoreError> {
    let Some(version) = app.store.ledger().await?.version else { return Ok(None) };
    let newest = system::newest_sound(app).await?;
    let kept_in = newest.filter(|one| one.finished_at >= version.at).map(|one| one.manifest_key);
    let LedgerVersion { number, rows, sha256, at, .. } = version;
    Ok(Some(LedgerFact { number, rows, sha256, at, kept_in }))
}

fn last_due(app: &App, approved: &[BackupTimes], now: Timestamp) -> Day {
    let today = now.day();
    let at = backup::daily_at(app, approved, today).on(today).plus_seconds(GRACE_SECONDS);
    today.plus_days(if now >= at { -1 } else { -2 })
}

/// Of approved times those by which the backups of the period ran: that of a day runs on the day after.
fn times_of(mut approved: Vec<BackupTimes>, from: Day, to: Day) -> Vec<BackupTimes> {
    let (first, last) = (from.plus_days(1), to.plus_days(1));
    let begin = schedule::in_force(&approved, first).map_or(first, |one| one.from);
    approved.retain(|one| one.from >= begin && one.from <= last);
    approved
}

/// The first day of use: of the first generation, of the first look of monitoring, of the first seal, whichever is earliest,
/// so that what never ran is missing. But what runs by itself begins before anybody takes part, and then proves nothing
/// of use.
async fn first_day(app: &App, founded: Option<Day>, sealed: Option<Day>) -> Result<Option<Day>, StoreError> {
    let (generation, monitored) =
        futures::try_join!(app.store.blobs.first_version("daily/"), app.store.monitored_since())?;
    let kept = generation.and_then(|(key, _)| key.split('/').nth(1)?.parse::<Day>().ok());
    let earliest = [kept, monitored.map(Timestamp::day), sealed].into_iter().flatten().min();
    Ok(earliest.zip(founded).map(|(earliest, founded)| earliest.max(founded)))
}

/// Who had which post, and who takes part.
struct People {
    posts: Vec<PostFact>,
    facilities: Vec<FacilityFact>,
    /// The day on which the first facility was registered, the city's and the contractor's offices included.
    founded: Option<Day>,
}

fn registered(facility: FacilityId) -> Day {
    Timestamp::from_ms(i64::try_from(facility.at_ms()).unwrap_or(0)).day()
}

/// The contractor's appointments that held in the period, and the facilities that provide care as they stand now.
async fn people(app: &App, from: Day, to: Day) -> Result<People, StoreError> {
    let store = &app.store;
    let (facilities, accounts) = futures::try_join!(store.facilities(), store.accounts(None))?;
    let accounts: Vec<_> = accounts.into_iter().map(|row| row.account).collect();
    let founded = facilities.iter().map(|facility| registered(facility.id)).min();
    let count = |found: usize| u32::try_from(found).unwrap_or(u32::MAX);
    let care = facilities
        .into_iter()
        .filter(|facility| !matches!(facility.kind, FacilityKind::Contractor | FacilityKind::CityOffice));
    let care = care.map(|facility| {
        let able = |account: &&Account| account.facility == facility.id && account.state.may_sign_in();
        let people = accounts.iter().filter(able);
        let manages = |account: &&Account| account.roles.contains(&Role::FacilityManager);
        FacilityFact {
            people: count(people.clone().count()),
            managers: count(people.filter(manages).count()),
            since: registered(facility.id),
            id: facility.id,
            name: facility.name,
        }
    });
    let care = care.collect();
    let appointed = |account: &Account| {
        let id = account.id;
        account.appointed.iter().map(move |post| (id, *post)).collect::<Vec<_>>()
    };
    let held: Vec<_> = accounts
        .iter()
        .flat_map(appointed)
        .filter(|(_, post)| post.from <= to && post.to.is_none_or(|last| last >= from))
        .collect();
    let ids: BTreeSet<_> = held.iter().filter_map(|(_, post)| post.case).collect();
    let filings = try_join_all(ids.into_iter().map(|id| store.case(id))).await?;
    let received: HashMap<_, _> = filings
        .into_iter()
        .flatten()
        .filter(|case| case.state == State::Done)
        .map(|case| (case.id, case.number))
        .collect();
    let post = |(account, post): (_, shared::people::Appointed)| PostFact {
        account,
        role: post.role,
        from: post.from,
        to: post.to,
        filing: post.case.and_then(|id| received.get(&id).cloned()),
    };
    Ok(People { posts: held.into_iter().map(post).collect(), facilities: care, founded })
}

/// The seals of a period.
#[derive(Default)]
struct Seals {
    checkpoints: Vec<Checkpoint>,
    lost: Vec<u64>,
    until: Option<Timestamp>,
    begun: Option<Day>,
}

async fn seals(app: &App, from: Day, to: Day) -> Result<Seals, StoreError> {
    let store = &app.store;
    let Some(last) = store.last_seal().await? else { return Ok(Seals::default()) };
    let first = first_of(app, from, last.number).await?;
    let end = first_of(app, to.plus_days(1), last.number).await?.min(last.number);
    // Nothing was sealed since before the period.
    let known = if first <= end { store.seal_days(first, end).await? } else { Vec::new() };
    let numbers: BTreeSet<u64> = known.iter().map(|(number, _)| *number).collect();
    let mut lost: Vec<u64> = (first..=end).filter(|number| !numbers.contains(number)).collect();
    // Of each day the last seal: its head stands for everything before it.
    let of_days: BTreeMap<Day, u64> = known.iter().map(|(number, day)| (*day, *number)).collect();
    let read = of_days
        .into_values()
        .map(async |number| Ok::<_, StoreError>((number, checkpoint(app, number).await?)));
    let read: Vec<_> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
    let mut checkpoints = Vec::new();
    for (number, found) in read {
        match found {
            Some(checkpoint) => checkpoints.push(checkpoint),
            None => lost.push(number),
        }
    }
    Ok(Seals { checkpoints, lost, until: Some(last.to), begun: store.seal_day(1).await? })
}

/// The first seal that ends on this day or later; one more than the last where there is none. Days never fall, and a seal
/// that is gone from the catalogue stands where its neighbour does.
async fn first_of(app: &App, day: Day, last: u64) -> Result<u64, StoreError> {
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut found = None;
        for number in middle..high {
            found = app.store.seal_day(number).await?;
            if found.is_some() {
                break;
            }
        }
        if found.is_some_and(|found| found < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

async fn checkpoint(app: &App, number: u64) -> Result<Option<Checkpoint>, StoreError> {
    let prefix = format!("{}{number:08}-", BlobKey::SEALS);
    let Some((key, version)) = app.store.blobs.first_version(&prefix).await? else { return Ok(None) };
    let Some(object) = app.store.blobs.archived(&key, &version).await? else { return Ok(None) };
    let Ok(seal) = serde_json::from_slice::<Seal>(&object.body) else { return Ok(None) };
    let entries = seal.end();
    Ok(Some(Checkpoint {
        number,
        to: seal.to,
        entries,
        previous: seal.previous,
        head: seal.head,
        key,
        version,
    }))
}

/// The months of the period that are over and of which there is a log.
fn months(
    from: Day,
    to: Day,
    today: Day,
    begun: Option<Day>,
    reviews: &BTreeMap<String, Review>,
) -> Vec<MonthFact> {
    let Some(begun) = begun else { return Vec::new() };
    let (mut year, mut month, _) = from.ymd();
    let mut found = Vec::new();
    while Day::new(year, month, 1).is_some_and(|first| first <= to) {
        let name = format!("{year:04}-{month:02}");
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let Some(next) = Day::new(year, month, 1) else { break };
        if next > today || next <= begun {
            continue;
        }
        let review = reviews.get(&name).map(|review| review.number.clone());
        let due = Day::new(year, month, REVIEW_DUE_ON);
        let overdue = review.is_none() && due.is_some_and(|due| today > due);
        found.push(MonthFact { month: name, review, overdue });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        evidence::schedule::{Monthly, TimeOfDay},
        id::CaseId,
    };

    #[test]
    fn months_of_a_period_that_are_over() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let names = |from, to, today, begun| {
            let found = months(day(from), day(to), day(today), Some(day(begun)), &BTreeMap::new());
            found.into_iter().map(|month| (month.month, month.overdue)).collect::<Vec<_>>()
        };
        assert_eq!(
            names("2026-10-15", "2027-01-20", "2027-01-10", "2026-10-20"),
            [("2026-10".to_owned(), true), ("2026-11".to_owned(), true), ("2026-12".to_owned(), false)]
        );
        assert_eq!(names("2026-10-01", "2026-11-30", "2026-11-30", "2026-11-02"), []);
    }

    #[test]
    fn times_by_which_the_backups_of_a_period_ran() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let times = |from: &&str| BackupTimes {
            from: day(from),
            daily: TimeOfDay { hour: 2, minute: 0 },
            monthly: Monthly { day: 1, at: TimeOfDay { hour: 3, minute: 0 }, stop_minutes: 30 },
            case: CaseId::from_parts(1, 1),
        };
        let all: Vec<_> =
            ["2026-01-10", "2026-03-01", "2026-04-01", "2026-05-02"].iter().map(times).collect();
        let of = |from, to| {
            let found = times_of(all.clone(), day(from), day(to));
            found.into_iter().map(|one| one.from.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(of("2026-03-10", "2026-04-30"), ["2026-03-01", "2026-04-01"]);
        // The run of the last day is by the times of the day after it.
        assert_eq!(of("2026-03-31", "2026-05-01"), ["2026-04-01", "2026-05-02"]);
        assert_eq!(of("2025-12-01", "2026-01-08"), [""; 0]);
        assert_eq!(of("2025-12-01", "2026-01-09"), ["2026-01-10"]);
    }
}
