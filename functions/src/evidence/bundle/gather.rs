//! Gathering the facts of a period: from the table what was recorded, from the locked bucket whether it is there.

use crate::{
    app::App,
    evidence::{backup, system},
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
    },
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use shared::{
    api::audit::Review,
    calendar::{Day, Timestamp, months_before},
    evidence::{
        BackupKind, Generation, LedgerVersion, VerificationState,
        bundle::{
            CaseFact, Checkpoint, DrillFact, FacilityFact, Facts, GenerationFact, LedgerFact, ManualFact,
            MonthFact, PostFact, RunbookFact, StepFact,
        },
        runbook::Runbook,
        seal::Seal,
    },
    people::{Account, FacilityKind, Role},
    procedure::{Case, FieldKind, Form, Procedure, State, declaration},
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
    let (generations, manifests) = generations(app, from, to).await?;
    let (manual, cases, people, reviews, copies, records, first, ledger) = futures::try_join!(
        manual(app, &generations),
        cases(app, from, to, now),
        people(app, from, to),
        app.store.reviews(),
        app.store.runbook_copies(),
        app.store.runbook_records(),
        app.store.blobs.first_version("daily/"),
        ledger(app),
    )?;
    let (cases, lost_numbers) = cases;
    let (posts, facilities) = people;
    let seals = seals(app, from, to).await?;
    let reviews: BTreeMap<String, Review> = reviews.into_iter().collect();
    let books = Runbook::all().map_err(|_| StoreError::Shape("head of a runbook"))?;
    // A period may begin today, of which no day is over.
    let over = to.min(now.day().plus_days(-1));
    let watched = if from <= over { app.store.monitor_days(from, over).await? } else { Vec::new() };
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
        first_day: first.and_then(|(key, _)| key.split('/').nth(1)?.parse().ok()),
        last_due_day: last_due(app, now).await?,
        generations,
        manual,
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

async fn last_due(app: &App, now: Timestamp) -> Result<Day, StoreError> {
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let today = now.day();
    let at = backup::daily_at(app, &times, today).on(today).plus_seconds(GRACE_SECONDS);
    Ok(if now >= at { today.plus_days(-1) } else { today.plus_days(-2) })
}

/// The catalogued generations of the period, each held against its manifest in the bucket.
async fn generations(
    app: &App,
    from: Day,
    to: Day,
) -> Result<(Vec<GenerationFact>, Vec<(String, Bytes)>), StoreError> {
    let kinds = BackupKind::ALL.iter().map(|kind| app.store.generations_between(*kind, from, to));
    let found: Vec<Generation> = try_join_all(kinds).await?.into_iter().flatten().collect();
    let read = found.into_iter().map(async |generation| {
        let key = &generation.manifest_key;
        let object = app.store.blobs.archived(key, &generation.manifest_version).await?;
        let whole = object.as_ref().filter(|object| sha256_hex(&object.body) == generation.manifest_sha256);
        let manifest = whole.map(|object| (key.clone(), object.body.clone()));
        let fact = GenerationFact {
            id: generation.id,
            kind: generation.kind,
            day: generation.day,
            finished_at: generation.finished_at,
            manifest_found: manifest.is_some(),
            locked_until: object
                .and_then(|object| object.locked_until)
                .map(|seconds| Timestamp::from_ms(seconds.saturating_mul(1000))),
            must_be_locked_until: generation.day.locked_until(),
            verified: generation.verification.state == VerificationState::Sound,
            verified_at: generation.verification.at,
            manifest_key: generation.manifest_key,
            manifest_version: generation.manifest_version,
            manifest_sha256: generation.manifest_sha256,
        };
        Ok::<_, StoreError>((fact, manifest))
    });
    let read: Vec<_> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
    let (facts, manifests): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((facts, manifests.into_iter().flatten().collect()))
}

async fn manual(app: &App, generations: &[GenerationFact]) -> Result<Vec<ManualFact>, StoreError> {
    let all: Vec<_> = generations.iter().map(|generation| (generation.id, generation.day)).collect();
    let ask = all.into_iter().map(async |(generation, day)| {
        let reason = app.store.manual_reason(generation).await?;
        Ok::<_, StoreError>(reason.map(|_| ManualFact { generation, day }))
    });
    let found: Vec<Option<ManualFact>> = stream::iter(ask).buffered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// The first of January.
fn year_begins(year: i32) -> Day {
    Day::new(year, 1, 1).unwrap_or_else(|| Timestamp::from_ms(0).day())
}

/// Cases that were open in the period or, of a yearly procedure, ended within a year before its end, and numbers of it
/// whose record is gone. Read are those asked since the beginning of the year before the period.
async fn cases(
    app: &App,
    from: Day,
    to: Day,
    now: Timestamp,
) -> Result<(Vec<CaseFact>, Vec<(Procedure, String)>), StoreError> {
    let (year, ..) = from.ymd();
    let after = to.plus_days(1).start();
    let all = app.store.cases_asked(year_begins(year - 1).start(), now.plus_seconds(1)).await?;
    let lost = lost_numbers(app, &all, from, to).await?;
    let open =
        |case: &Case| case.asked_at < after && case.closed_at.is_none_or(|closed| closed >= from.start());
    let since = months_before(to, 12).plus_days(-1).start();
    let stands = |case: &Case| {
        let ended = case.closed_at.is_some_and(|closed| closed >= since && closed < after);
        declaration(case.procedure).yearly.is_some() && case.state == State::Done && ended
    };
    let counts = |case: &Case| open(case) || stands(case);
    let facts = all.iter().filter(|(case, _)| counts(case)).map(|(case, stored)| fact(case, stored, now));
    Ok((facts.collect(), lost))
}

/// What was chosen of what the declaration offers.
fn choices(case: &Case) -> Form {
    let fields = declaration(case.procedure).fields.iter();
    let offered = fields.filter(|field| matches!(field.kind, FieldKind::OneOf(_) | FieldKind::ManyOf(_)));
    offered.filter_map(|field| Some((field.name.to_owned(), case.form.get(field.name)?.clone()))).collect()
}

fn fact(case: &Case, stored: &str, now: Timestamp) -> CaseFact {
    CaseFact {
        id: case.id,
        number: case.number.clone(),
        procedure: case.procedure,
        facility: case.facility,
        state: case.state,
        choices: choices(case),
        asked_at: case.asked_at,
        due_at: case.due_at,
        closed_at: case.closed_at,
        came_to_nothing: matches!(case.state, State::Refused | State::Withdrawn),
        overdue: case.is_overdue(now),
        steps: case
            .taken
            .iter()
            .map(|taken| StepFact { act: taken.act, party: taken.party, by: Some(taken.by), at: taken.at })
            .collect(),
        record_sha256: sha256_hex(stored.as_bytes()),
    }
}

/// Numbers are given one after the other, so one that is missing between two of the period was removed.
async fn lost_numbers(
    app: &App,
    all: &[(Case, String)],
    from: Day,
    to: Day,
) -> Result<Vec<(Procedure, String)>, StoreError> {
    let known: HashMap<&str, Timestamp> =
        all.iter().map(|(case, _)| (case.number.as_str(), case.asked_at)).collect();
    let (first, last) = (from.start(), to.plus_days(1).start());
    let mut lost = Vec::new();
    for procedure in Procedure::ALL {
        for year in from.ymd().0..=to.ymd().0 {
            let series = format!("{}-{year}", declaration(*procedure).letter);
            let given = app.store.case_count(&series).await?;
            let number = |n: u64| format!("{series}-{n:04}");
            let at = |n: u64| known.get(number(n).as_str()).copied();
            for n in (1..=given).filter(|n| at(*n).is_none()) {
                let before = (1..n).rev().find_map(at);
                let after = (n + 1..=given).find_map(at);
                let within =
                    before.is_none_or(|before| before < last) && after.is_none_or(|after| after >= first);
                if within {
                    lost.push((*procedure, number(n)));
                }
            }
        }
    }
    Ok(lost)
}

/// The contractor's appointments that held in the period, and the facilities that provide care as they stand now.
async fn people(app: &App, from: Day, to: Day) -> Result<(Vec<PostFact>, Vec<FacilityFact>), StoreError> {
    let store = &app.store;
    let (facilities, accounts) = futures::try_join!(store.facilities(), store.accounts(None))?;
    let accounts: Vec<_> = accounts.into_iter().map(|row| row.account).collect();
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
            since: Timestamp::from_ms(i64::try_from(facility.id.at_ms()).unwrap_or(0)).day(),
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
    Ok((held.into_iter().map(post).collect(), care))
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
    let known = store.seal_days(first, end).await?;
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
}
