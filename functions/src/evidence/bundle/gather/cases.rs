//! Cases of a period, and earlier ones that still say something of it.

use crate::{
    app::App,
    store::{blob::sha256_hex, error::StoreError},
};
use shared::{
    calendar::{Day, Timestamp, months_before},
    evidence::bundle::{CaseFact, StepFact},
    id::CaseId,
    procedure::{Case, FieldKind, Form, Procedure, State, declaration, incident::as_it_stands},
};
use std::collections::{BTreeSet, HashMap};

/// Procedures by which the city approves what holds until it approves something else (Arts. 6 and 7).
const LASTING: [Procedure; 2] = [Procedure::Regulation, Procedure::Compliance];

/// A case with its record as stored.
type Stored = (Case, String);

/// What earlier cases are looked for.
pub(super) struct Earlier {
    /// The day on which the first facility was registered: nothing was approved before.
    pub founded: Option<Day>,
    /// The cases in which the times of backups were approved.
    pub approved: BTreeSet<CaseId>,
}

/// The first of January.
fn year_begins(year: i32) -> Day {
    Day::new(year, 1, 1).unwrap_or_else(|| Timestamp::from_ms(0).day())
}

/// Cases that were open in the period; of a yearly procedure those that ended within a year before its end; those by
/// which the city approved what holds in it; and numbers of the period whose record is gone. Read are those asked since
/// the beginning of the year before the period, and what was approved before.
pub(super) async fn read(
    app: &App,
    (from, to): (Day, Day),
    now: Timestamp,
    earlier: &Earlier,
) -> Result<(Vec<CaseFact>, Vec<(Procedure, String)>), StoreError> {
    let (year, ..) = from.ymd();
    let after = to.plus_days(1).start();
    let mut all = app.store.cases_asked(year_begins(year - 1).start(), now.plus_seconds(1)).await?;
    let lost = lost_numbers(app, &all, from, to).await?;
    let more = asked_before(app, year - 1, earlier, &all).await?;
    all.extend(more);
    let open =
        |case: &Case| case.asked_at < after && case.closed_at.is_none_or(|closed| closed >= from.start());
    let since = months_before(to, 12).plus_days(-1).start();
    let stands = |case: &Case| {
        let ended = case.closed_at.is_some_and(|closed| closed >= since && closed < after);
        declaration(case.procedure).yearly.is_some() && case.state == State::Done && ended
    };
    let lasts = |case: &Case| {
        let ended = case.closed_at.is_some_and(|closed| closed < after);
        earlier.approved.contains(&case.id)
            || LASTING.contains(&case.procedure) && case.state == State::Done && ended
    };
    let counts = |case: &Case| open(case) || stands(case) || lasts(case);
    let facts = all.iter().filter(|(case, _)| counts(case)).map(|(case, stored)| fact(case, stored, now));
    Ok((facts.collect(), lost))
}

/// What the city approved in cases that were asked before the beginning of a year. Those of the lasting procedures are
/// found by their numbers: they are few, and all cases of all years are many.
async fn asked_before(
    app: &App,
    until: i32,
    earlier: &Earlier,
    known: &[Stored],
) -> Result<Vec<Stored>, StoreError> {
    let known: BTreeSet<CaseId> = known.iter().map(|(case, _)| case.id).collect();
    let mut ids = earlier.approved.clone();
    let first = earlier.founded.map_or(until, |founded| founded.ymd().0);
    for procedure in LASTING {
        for year in first..until {
            let series = series(procedure, year);
            for n in 1..=app.store.case_count(&series).await? {
                ids.extend(app.store.case_numbered(&number(&series, n)).await?);
            }
        }
    }
    let mut found = Vec::new();
    for id in ids.difference(&known) {
        found.extend(app.store.stored_case(*id).await?);
    }
    Ok(found)
}

fn series(procedure: Procedure, year: i32) -> String {
    format!("{}-{year}", declaration(procedure).letter)
}

fn number(series: &str, n: u64) -> String {
    format!("{series}-{n:04}")
}

/// What was chosen of what the declaration offers.
fn choices(case: &Case) -> Form {
    let (fields, form) = (declaration(case.procedure).fields.iter(), as_it_stands(case));
    let offered = fields.filter(|field| matches!(field.kind, FieldKind::OneOf(_) | FieldKind::ManyOf(_)));
    offered.filter_map(|field| Some((field.name.to_owned(), form.get(field.name)?.clone()))).collect()
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
        files_sha256: case.files.iter().map(|file| file.sha256.clone()).collect(),
        record_sha256: sha256_hex(stored.as_bytes()),
    }
}

/// Numbers are given one after the other, so one that is missing between two of the period was removed.
async fn lost_numbers(
    app: &App,
    all: &[Stored],
    from: Day,
    to: Day,
) -> Result<Vec<(Procedure, String)>, StoreError> {
    let known: HashMap<&str, Timestamp> =
        all.iter().map(|(case, _)| (case.number.as_str(), case.asked_at)).collect();
    let (first, last) = (from.start(), to.plus_days(1).start());
    let mut lost = Vec::new();
    for procedure in Procedure::ALL {
        for year in from.ymd().0..=to.ymd().0 {
            let series = series(*procedure, year);
            let given = app.store.case_count(&series).await?;
            let at = |n: u64| known.get(number(&series, n).as_str()).copied();
            for n in (1..=given).filter(|n| at(*n).is_none()) {
                let before = (1..n).rev().find_map(at);
                let after = (n + 1..=given).find_map(at);
                let within =
                    before.is_none_or(|before| before < last) && after.is_none_or(|after| after >= first);
                if within {
                    lost.push((*procedure, number(&series, n)));
                }
            }
        }
    }
    Ok(lost)
}
