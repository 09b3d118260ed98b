//! Holding the table against the facts.

mod approvals;
mod backups;

use super::{
    super::monitor::Cadence,
    CLAUSES, Clause, ClauseState, Facts, Finding, Proof, RECORDS_NAMED, Record,
    facts::{CaseFact, FacilityFact},
};
use crate::{
    calendar::{Day, months_after},
    people::Role,
    procedure::{Act, Procedure, State, UNFIT, declaration},
};
use std::collections::BTreeSet;

const CASES: &str = "cases.json";
const GENERATIONS: &str = "generations.json";
const STRUCTURE: &str = "structure.json";
const CHECKPOINTS: &str = "audit/checkpoints.json";
const REVIEWS: &str = "audit/reviews.json";
const RUNBOOKS: &str = "runbooks.json";
const MONITORING: &str = "monitoring.json";
const DRILLS: &str = "drills.json";
const LEDGER: &str = "ledger.json";
const FACILITIES: &str = "facilities.json";

const MONTHS_OF_A_YEAR: u32 = 12;
/// A restore is proven every so many days.
const DRILL_DAYS: i64 = 7;

/// Every clause of the table, in its order.
pub fn judge(facts: &Facts) -> Vec<Finding> {
    let mut gaps_told = BTreeSet::new();
    CLAUSES.iter().map(|clause| one(clause, facts, &mut gaps_told)).collect()
}

/// What a clause comes to.
struct Verdict {
    state: ClauseState,
    why: String,
    records: Vec<Record>,
}

impl Verdict {
    fn new(state: ClauseState, why: impl Into<String>) -> Self {
        Self { state, why: why.into(), records: Vec::new() }
    }

    /// With records: met if there are some, and nothing of the kind happened if there are none.
    fn of(records: Vec<Record>) -> Self {
        if records.is_empty() {
            return Self::new(ClauseState::Idle, "この期間に、このことは起きていません");
        }
        Self { state: ClauseState::Met, why: String::new(), records }
    }

    /// With what else speaks for it; what is named already is not named again.
    fn with(mut self, more: Vec<Record>) -> Self {
        for record in more {
            if !self.records.contains(&record) {
                self.records.push(record);
            }
        }
        if self.state == ClauseState::Idle && !self.records.is_empty() {
            return Self::of(self.records);
        }
        self
    }

    /// What stands worst counts; the words of all that is as wrong are kept.
    fn but(mut self, state: ClauseState, wrong: &[String]) -> Self {
        if !wrong.is_empty() {
            let more = if wrong.len() > RECORDS_NAMED { " ほか" } else { "" };
            let named = wrong.iter().take(RECORDS_NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
            let before = if self.state == state { format!("{}、", self.why) } else { String::new() };
            self.why = format!("{before}{named}{more}");
            self.state = state;
        }
        self
    }
}

fn one(clause: &Clause, facts: &Facts, gaps_told: &mut BTreeSet<Procedure>) -> Finding {
    let verdict = match clause.proof {
        Proof::Definition => Verdict::new(ClauseState::Idle, "業務や言葉の定めで、記録を求めていません"),
        Proof::Held(roles) => held(facts, roles),
        Proof::Filed => filed(facts),
        Proof::Managed => managed(facts),
        Proof::Cases(procedure) => {
            let verdict = all_cases(facts, procedure, gaps_told);
            let wrong = if declaration(procedure).yearly.is_some() {
                missed_year(facts, procedure)
            } else {
                Vec::new()
            };
            if verdict.state == ClauseState::Missing {
                verdict
            } else {
                verdict.but(ClauseState::Late, &wrong)
            }
        }
        Proof::Judged(procedure, field) => judged(facts, procedure, field),
        Proof::EachFacility(procedure, field) => each_facility(facts, procedure, field),
        // What is late is told where the cases themselves are judged, and once.
        Proof::Topic(procedure, topic) => {
            cases(facts, procedure, gaps_told, |case| is_about(case, topic), |_| Standing::Good)
        }
        Proof::Covered(procedure, topic) => covered(facts, procedure, topic, gaps_told),
        Proof::Approved(procedure) => {
            let verdict = all_cases(facts, procedure, gaps_told);
            approvals::lasting(facts, verdict, procedure, |_| true)
        }
        Proof::ApprovedOn(procedure, topic) => {
            let verdict = covered(facts, procedure, topic, gaps_told);
            approvals::lasting(facts, verdict, procedure, |case| is_about(case, topic))
        }
        Proof::Ledger => ledger(facts),
        Proof::Steps(procedure, acts) => {
            let stands = |case: &CaseFact| {
                let done = took(case, acts) || case.closed_at.is_none() || case.came_to_nothing;
                if done { Standing::Good } else { Standing::Missing }
            };
            cases(facts, procedure, gaps_told, |_| true, stands)
        }
        Proof::StepsIfAny(procedure, acts) => {
            cases(facts, procedure, gaps_told, |case| took(case, acts), |_| Standing::Good)
        }
        Proof::EveryDay(kind) => backups::every_day(facts, kind),
        Proof::EveryMonth(kind) => backups::every_month(facts, kind),
        Proof::AtLeastOne(kind) => backups::at_least_one(facts, kind),
        Proof::Locked => backups::locked(facts),
        Proof::ManualReasons => backups::manual(facts),
        Proof::Scheduled => {
            approvals::scheduled(facts, all_cases(facts, Procedure::BackupSchedule, gaps_told))
        }
        Proof::Sealed => sealed(facts),
        Proof::Reviewed => reviewed(facts),
        Proof::Runbooks => runbooks(facts),
        Proof::Watched(cadences) => watched(facts, cadences),
        Proof::Restored => restored(facts),
    };
    let count = verdict.records.len() as u64;
    let records = verdict.records.into_iter().take(RECORDS_NAMED).collect();
    Finding {
        at: clause.at.to_owned(),
        words: clause.words.to_owned(),
        state: verdict.state,
        why: verdict.why,
        count,
        records,
    }
}

fn record(words: impl Into<String>, file: impl Into<String>) -> Record {
    Record { words: words.into(), file: file.into() }
}

fn case_record(case: &CaseFact) -> Record {
    record(format!("案件 {}", case.number), CASES)
}

fn is_about(case: &CaseFact, topic: &str) -> bool {
    case.choices.get("topic").is_some_and(|topics| topics.split(',').any(|one| one == topic))
}

fn took(case: &CaseFact, acts: &[Act]) -> bool {
    case.steps.iter().any(|step| acts.contains(&step.act))
}

/// How one case stands to a clause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Good,
    Late,
    Missing,
}

fn in_time(case: &CaseFact) -> Standing {
    let late = case.overdue || case.closed_at.is_some_and(|at| at > case.due_at);
    if late { Standing::Late } else { Standing::Good }
}

/// A number without a record is told once for each procedure, at its first clause.
fn cases(
    facts: &Facts,
    procedure: Procedure,
    gaps_told: &mut BTreeSet<Procedure>,
    concerns: impl Fn(&CaseFact) -> bool,
    stands: impl Fn(&CaseFact) -> Standing,
) -> Verdict {
    let open = |case: &&CaseFact| case.closed_at.is_none_or(|at| at >= facts.from.start());
    let of = || facts.cases.iter().filter(|case| case.procedure == procedure && concerns(case)).filter(open);
    let numbers = |standing| {
        of().filter(|case| stands(case) == standing).map(|case| case.number.clone()).collect::<Vec<_>>()
    };
    let late = numbers(Standing::Late);
    let mut lost = numbers(Standing::Missing);
    if gaps_told.insert(procedure) {
        let gaps = facts.lost_numbers.iter().filter(|(of, _)| *of == procedure);
        lost.extend(gaps.map(|(_, number)| format!("{number} の記録がありません")));
    }
    let records = of().map(case_record).collect();
    Verdict::of(records).but(ClauseState::Late, &late).but(ClauseState::Missing, &lost)
}

/// Each case of a procedure, in time.
fn all_cases(facts: &Facts, procedure: Procedure, gaps_told: &mut BTreeSet<Procedure>) -> Verdict {
    cases(facts, procedure, gaps_told, |_| true, in_time)
}

/// Each case about a topic that did not come to nothing, in time.
fn covered(facts: &Facts, procedure: Procedure, topic: &str, gaps_told: &mut BTreeSet<Procedure>) -> Verdict {
    let concerns = |case: &CaseFact| is_about(case, topic) && !case.came_to_nothing;
    cases(facts, procedure, gaps_told, concerns, in_time)
}

/// What a yearly procedure looks back to: the period's last day, or today where it has not come.
fn last_day(facts: &Facts) -> Day {
    facts.to.min(facts.now.day())
}

/// Whether the service was in use by then.
fn is_begun(facts: &Facts) -> bool {
    facts.first_day.is_some_and(|first| first <= last_day(facts))
}

/// The cases of a yearly procedure that ended well within the year before the period's end, the last one first.
fn of_the_year(facts: &Facts, procedure: Procedure) -> Vec<&CaseFact> {
    let last = last_day(facts);
    let holds = |at: Day| at <= last && months_after(at.plus_days(1), MONTHS_OF_A_YEAR) >= last;
    let mut found: Vec<&CaseFact> = facts
        .cases
        .iter()
        .filter(|case| case.procedure == procedure && case.state == State::Done)
        .filter(|case| case.closed_at.is_some_and(|at| holds(at.day())))
        .collect();
    found.sort_by_key(|case| std::cmp::Reverse(case.closed_at));
    found
}

/// Whether a whole year was over on the last day since then.
fn a_year_since(facts: &Facts, since: Day) -> bool {
    months_after(since, MONTHS_OF_A_YEAR) < last_day(facts)
}

/// In its first year of use nothing yearly is late.
fn missed_year(facts: &Facts, procedure: Procedure) -> Vec<String> {
    let due = facts.first_day.is_some_and(|first| a_year_since(facts, first));
    let missed = due && of_the_year(facts, procedure).is_empty();
    if missed { vec![format!("12か月以内の{}", procedure.label())] } else { Vec::new() }
}

/// It is asked from the first day of use on: the machines stand somewhere from then on.
fn judged(facts: &Facts, procedure: Procedure, field: &str) -> Verdict {
    let Some(last) = of_the_year(facts, procedure).first().copied() else {
        let wrong = if is_begun(facts) {
            vec![format!("12か月以内の{}", procedure.label())]
        } else {
            Vec::new()
        };
        return Verdict::of(Vec::new()).but(ClauseState::Missing, &wrong);
    };
    let unfit = last.choices.get(field).is_none_or(|answer| answer == UNFIT);
    let wrong = if unfit { vec![format!("案件 {} で不適合", last.number)] } else { Vec::new() };
    Verdict::of(vec![case_record(last)]).but(ClauseState::Unfit, &wrong)
}

fn in_use(facts: &Facts) -> impl Iterator<Item = &FacilityFact> {
    let last = last_day(facts);
    facts.facilities.iter().filter(move |facility| facility.people > 0 && facility.since <= last)
}

fn managed(facts: &Facts) -> Verdict {
    let without = in_use(facts).filter(|facility| facility.managers == 0);
    let wrong: Vec<String> = without.map(|facility| format!("{}の施設管理者", facility.name)).collect();
    let records = in_use(facts)
        .map(|facility| record(format!("{} 施設管理者{}人", facility.name, facility.managers), FACILITIES));
    Verdict::of(records.collect()).but(ClauseState::Missing, &wrong)
}

fn each_facility(facts: &Facts, procedure: Procedure, field: &str) -> Verdict {
    let done = of_the_year(facts, procedure);
    let checked = |facility: &FacilityFact| {
        done.iter().any(|case| case.facility == facility.id && case.choices.contains_key(field))
    };
    let begun = |facility: &FacilityFact| {
        facts.first_day.is_some_and(|first| a_year_since(facts, first.max(facility.since)))
    };
    let late: Vec<String> = in_use(facts)
        .filter(|facility| begun(facility) && !checked(facility))
        .map(|facility| format!("{}の{}", facility.name, procedure.label()))
        .collect();
    let records = done.iter().copied().map(case_record).collect();
    Verdict::of(records).but(ClauseState::Late, &late)
}

/// The days of the period that are over and on which the service was in use.
fn days(facts: &Facts) -> Vec<Day> {
    let Some(first) = facts.first_day else { return Vec::new() };
    let (from, to) = (facts.from.max(first), facts.to.min(facts.last_due_day));
    (0..).map(|n| from.plus_days(n)).take_while(|day| *day <= to).collect()
}

fn held(facts: &Facts, roles: &[Role]) -> Verdict {
    let last = facts.to.min(facts.now.day());
    let all = || (0..).map(|n| facts.from.plus_days(n)).take_while(|day| *day <= last);
    let on = |role: Role, day: Day| {
        facts
            .posts
            .iter()
            .any(|post| post.role == role && post.from <= day && post.to.is_none_or(|end| day <= end))
    };
    let begun = facts.first_day.unwrap_or(last);
    let mut wrong = Vec::new();
    for role in roles {
        let empty: Vec<Day> = all().filter(|day| *day >= begun && !on(*role, *day)).collect();
        if let (Some(first), Some(end)) = (empty.first(), empty.last()) {
            wrong.push(format!("{}がいない日: {first}〜{end}（{}日）", role.label(), empty.len()));
        }
    }
    let mine = facts.posts.iter().filter(|post| roles.contains(&post.role));
    let records = mine
        .map(|post| record(format!("{} {}から", post.role.label(), post.from), STRUCTURE))
        .collect::<Vec<_>>();
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}

/// What is missing of days, consecutive ones together.
fn of_days(days: &[Day], what: &str) -> Vec<String> {
    let runs = days.chunk_by(|day, next| day.plus_days(1) == *next);
    runs.filter_map(|run| match run {
        [] => None,
        [day] => Some(format!("{day} {what}")),
        [first, .., last] => Some(format!("{first}〜{last} {what}（{}日分）", run.len())),
    })
    .collect()
}

/// Days that are over and on which it was monitored; that of the very first record counts as far as it goes.
fn watched(facts: &Facts, cadences: &[Cadence]) -> Verdict {
    let (mut none, mut wrong) = (Vec::new(), Vec::new());
    let mut records = Vec::new();
    for day in days(facts) {
        let Some(watched) = facts.watched.iter().find(|watched| watched.day == day) else {
            none.push(day);
            continue;
        };
        let counts = cadences.iter().map(|cadence| watched.count(*cadence));
        let missing: u16 = counts.clone().map(|count| count.expected.saturating_sub(count.recorded)).sum();
        if missing > 0 {
            wrong.push(format!("{day} の{missing}件"));
        }
        let counts: Vec<String> =
            counts.map(|count| format!("{}/{}", count.recorded, count.expected)).collect();
        records.push(record(format!("{day} {}", counts.join("・")), MONITORING));
    }
    wrong.extend(of_days(&none, "の記録"));
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}

fn restored(facts: &Facts) -> Verdict {
    let Some(first) = facts.first_day else { return Verdict::of(Vec::new()) };
    let last = facts.to.min(facts.now.day());
    let within = || facts.drills.iter().filter(|drill| drill.at.day() <= last);
    let mut wrong: Vec<String> = within()
        .filter(|drill| !drill.good && drill.at.day() >= facts.from)
        .map(|drill| format!("{} の復元", drill.at.day()))
        .collect();
    // In its first week of use there is none yet.
    let proven = within().any(|drill| drill.good && drill.at.day() > last.plus_days(-DRILL_DAYS - 1));
    if !proven && first.plus_days(DRILL_DAYS) < last {
        wrong.push(format!("{last} までの1週間に証明された復元"));
    }
    let records = within().map(|drill| record(format!("復元訓練 {}", drill.at.day()), DRILLS)).collect();
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}

/// Of a ledger that was registered after the period, an earlier version lies in the system data of its time.
fn ledger(facts: &Facts) -> Verdict {
    let Some(ledger) = &facts.ledger else {
        let wrong = if is_begun(facts) { vec!["資産台帳の登録".to_owned()] } else { Vec::new() };
        return Verdict::of(Vec::new()).but(ClauseState::Missing, &wrong);
    };
    let mut wrong = Vec::new();
    if ledger.number == 1 && ledger.at.day() > facts.to {
        wrong.push(format!("{} までの資産台帳の登録", facts.to));
    }
    if ledger.kept_in.is_none() {
        wrong.push(format!("資産台帳 第{}版のシステムデータの控え", ledger.number));
    }
    let words = format!("資産台帳 第{}版 {}件 {}", ledger.number, ledger.rows, ledger.at.day());
    Verdict::of(vec![record(words, LEDGER)]).but(ClauseState::Missing, &wrong)
}

fn filed(facts: &Facts) -> Verdict {
    let unfiled: Vec<String> = facts
        .posts
        .iter()
        .filter(|post| post.filing.is_none())
        .map(|post| format!("{}（{}から）の届出", post.role.label(), post.from))
        .collect();
    let filings: BTreeSet<&String> = facts.posts.iter().filter_map(|post| post.filing.as_ref()).collect();
    let records = filings.into_iter().map(|number| record(format!("届出 {number}"), STRUCTURE)).collect();
    Verdict::of(records).but(ClauseState::Missing, &unfiled)
}

/// What has not settled yet needs no seal; an hour is the longest window.
const SEALED_WITHIN_SECONDS: i64 = 2 * 60 * 60;

fn sealed(facts: &Facts) -> Verdict {
    let mut wrong: Vec<String> = facts.lost_seals.iter().map(|number| format!("封印 {number}")).collect();
    let end = facts.to.plus_days(1).start().min(facts.now.plus_seconds(-SEALED_WITHIN_SECONDS));
    let behind = facts.sealed_until.is_none_or(|until| until < end);
    let begun = facts.first_day.is_some();
    if behind && begun {
        wrong.push(match facts.sealed_until {
            Some(until) => format!("{} より後の封印", until.in_full()),
            None => "封印".to_owned(),
        });
    }
    let records = facts
        .checkpoints
        .iter()
        .map(|point| record(format!("封印 {} {}まで", point.number, point.to.in_full()), CHECKPOINTS))
        .collect();
    Verdict::of(records).but(ClauseState::Missing, &wrong)
}

fn reviewed(facts: &Facts) -> Verdict {
    let late: Vec<String> =
        facts.months.iter().filter(|month| month.overdue).map(|month| month.month.clone()).collect();
    let records: Vec<Record> = facts
        .months
        .iter()
        .filter_map(|month| Some(record(format!("{} {}", month.month, month.review.as_ref()?), REVIEWS)))
        .collect();
    let waiting = records.is_empty() && !facts.months.is_empty() && late.is_empty();
    if waiting {
        return Verdict::new(ClauseState::Idle, "点検の期限（翌月10日）が来ていません");
    }
    Verdict::of(records).but(ClauseState::Late, &late)
}

fn runbooks(facts: &Facts) -> Verdict {
    let named = |wrong: &dyn Fn(&super::RunbookFact) -> bool, words: &str| -> Vec<String> {
        let these = facts.runbooks.iter().filter(|book| wrong(book));
        let numbers: Vec<String> = these.map(|book| book.number.to_string()).collect();
        if numbers.is_empty() {
            Vec::new()
        } else {
            vec![format!("手順書{}の{words}", numbers.join("・"))]
        }
    };
    let late = named(&|book| book.standing.review_overdue, "見直し");
    let lost = named(&|book| book.copy.is_none(), "保管庫の写し");
    let records = facts
        .runbooks
        .iter()
        .map(|book| {
            let rehearsed =
                if book.standing.rehearsal_overdue { "（訓練なし・期限超過）" } else { "" };
            record(format!("手順書{} 第{}版{rehearsed}", book.number, book.version), RUNBOOKS)
        })
        .collect();
    Verdict::of(records).but(ClauseState::Late, &late).but(ClauseState::Missing, &lost)
}

#[cfg(test)]
mod tests;
