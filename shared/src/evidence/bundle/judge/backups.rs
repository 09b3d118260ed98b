//! Generations of backups (Arts. 21(4), 23(1) and 24(1)).

use super::{GENERATIONS, Verdict, days, is_begun, of_days, record};
use crate::{
    calendar::{Day, YearMonth},
    evidence::{
        BackupKind,
        bundle::{ClauseState, Facts, GenerationFact, Record},
    },
};
use std::collections::BTreeMap;

fn good(generation: &GenerationFact) -> bool {
    generation.manifest_found && generation.verified
}

fn generation_record(generation: &GenerationFact) -> Record {
    let file = format!("manifests/{}", generation.manifest_key);
    record(format!("{} {}", generation.kind.label(), generation.day), file)
}

fn in_words(month: YearMonth) -> String {
    let (year, month, _) = month.first().ymd();
    format!("{year}年{month}月")
}

pub(super) fn every_day(facts: &Facts, kind: BackupKind) -> Verdict {
    let of = |day: Day| facts.generations.iter().filter(move |g| g.kind == kind && g.day == day);
    let (mut none, mut bad) = (Vec::new(), Vec::new());
    let mut records = Vec::new();
    for day in days(facts) {
        if of(day).next().is_none() {
            none.push(day);
        } else if !of(day).any(good) {
            bad.push(day);
        }
        records.extend(of(day).map(generation_record));
    }
    let wrong = [of_days(&none, "の世代"), of_days(&bad, "の検証済みの世代")].concat();
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}

/// The months that end within the period and on which the service was in use on their first day.
fn months(facts: &Facts) -> Vec<YearMonth> {
    let Some(begun) = facts.first_day else { return Vec::new() };
    let last = facts.to.min(facts.last_due_day);
    let mut found = Vec::new();
    let mut month = facts.from.month();
    while month.last() <= last {
        if month.first() >= begun {
            found.push(month);
        }
        month = month.last().plus_days(1).month();
    }
    found
}

pub(super) fn every_month(facts: &Facts, kind: BackupKind) -> Verdict {
    let of = || facts.generations.iter().filter(|g| g.kind == kind);
    let without = months(facts).into_iter().filter(|month| !of().any(|g| g.day.month() == *month && good(g)));
    let wrong: Vec<String> = without.map(|month| format!("{}の検証済みの世代", in_words(month))).collect();
    Verdict::of(of().map(generation_record).collect()).but(ClauseState::Missing, &wrong)
}

/// What was saved before the period holds until the next change: of a service in use there is one by the period's end.
pub(super) fn at_least_one(facts: &Facts, kind: BackupKind) -> Verdict {
    let of = || facts.generations.iter().filter(|g| g.kind == kind);
    let mut wrong: Vec<String> =
        of().filter(|g| !good(g)).map(|g| format!("{} の検証済みの世代", g.day)).collect();
    if of().next().is_none() && is_begun(facts) {
        wrong.push(format!("{} までの{}の世代", facts.to, kind.label()));
    }
    Verdict::of(of().map(generation_record).collect()).but(ClauseState::Missing, &wrong)
}

pub(super) fn locked(facts: &Facts) -> Verdict {
    let found = || facts.generations.iter().filter(|g| g.manifest_found);
    let short: Vec<String> = found()
        .filter(|g| g.locked_until.is_none_or(|until| until < g.must_be_locked_until))
        .map(|g| format!("{} のロックが足りない", g.manifest_key))
        .collect();
    Verdict::of(found().map(generation_record).collect()).but(ClauseState::Missing, &short)
}

/// Of what the schedule makes one generation: a day, a month. System data is kept whenever it changes, as often as that is.
fn made_once(generation: &GenerationFact) -> Option<String> {
    match generation.kind {
        BackupKind::Daily => Some(generation.day.to_string()),
        BackupKind::Monthly => Some(in_words(generation.day.month())),
        BackupKind::System => None,
    }
}

/// The schedule makes one generation of a day and one of a month; every further one was made by hand. Which generation of
/// system data was made by hand only its reason says: it is named with the others, and cannot be missed.
pub(super) fn manual(facts: &Facts) -> Verdict {
    let mut made: BTreeMap<String, Vec<&GenerationFact>> = BTreeMap::new();
    for generation in &facts.generations {
        if let Some(of) = made_once(generation) {
            made.entry(of).or_default().push(generation);
        }
    }
    let explained =
        |generation: &GenerationFact| facts.manual.iter().any(|manual| manual.generation == generation.id);
    // Of the period's first month there are those that were made before the period, too.
    made.retain(|_, these| these.iter().any(|generation| generation.day >= facts.from));
    let mut wrong = Vec::new();
    for (of, these) in made {
        let without = these.into_iter().filter(|generation| !explained(generation)).count();
        if without > 1 {
            wrong.push(format!("{of} の手動運転 {}回の理由", without - 1));
        }
    }
    let records = facts
        .manual
        .iter()
        .map(|manual| record(format!("手動運転 {} {}", manual.day, manual.generation), GENERATIONS))
        .collect();
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}
