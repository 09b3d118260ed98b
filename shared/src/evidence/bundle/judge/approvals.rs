//! What the city approves, and what holds from then on until it approves something else (Arts. 6, 7 and 23(2)).

use super::{Verdict, case_record, days, is_begun, last_day, of_days, took};
use crate::{
    calendar::Day,
    evidence::{
        bundle::{CaseFact, ClauseState, Facts},
        schedule,
    },
    procedure::{Act, Procedure, State},
};

/// What is presented to the city and approved by it (Arts. 6 and 7: 「提示し、承認を得るものとする」) is there whenever the service
/// is in use, whether or not anything of the kind happens in the period. An approval of which no file tells what was approved
/// is none.
pub(super) fn lasting(
    facts: &Facts,
    verdict: Verdict,
    procedure: Procedure,
    concerns: impl Fn(&CaseFact) -> bool,
) -> Verdict {
    let last = last_day(facts);
    let approved: Vec<_> = facts
        .cases
        .iter()
        .filter(|case| case.procedure == procedure && case.state == State::Done && concerns(case))
        .filter(|case| case.closed_at.is_some_and(|at| at.day() <= last) && !case.files_sha256.is_empty())
        .map(case_record)
        .collect();
    let wrong = if approved.is_empty() && is_begun(facts) {
        vec![format!("市が添付の文書を承認して終わった案件「{}」", procedure.label())]
    } else {
        Vec::new()
    };
    verdict.with(approved).but(ClauseState::Missing, &wrong)
}

/// The times of automatic backups are approved by the city beforehand (Art. 23(2): 「予め小牧市の承認を受ける」), and published in
/// the same step. So on each day of use the times by which its backup runs, the day after, were approved, and the record of
/// that is there. Before a first approval backups run at times of the deployment's settings: the article asks for the city's
/// approval and knows no other times, so what runs by them lacks its record.
pub(super) fn scheduled(facts: &Facts, verdict: Verdict) -> Verdict {
    let (mut without, mut approved) = (Vec::new(), Vec::new());
    for day in days(facts) {
        match approval(facts, day.plus_days(1)) {
            Some(case) => approved.push(case_record(case)),
            None => without.push(day),
        }
    }
    approved.dedup();
    let wrong = of_days(&without, "の分のバックアップ日時の承認");
    verdict.with(approved).but(ClauseState::Missing, &wrong)
}

/// The case in which the city decided on the times that are in force on a day.
fn approval(facts: &Facts, day: Day) -> Option<&CaseFact> {
    let times = schedule::in_force(&facts.times, day)?;
    facts.cases.iter().find(|case| case.id == times.case && took(case, &[Act::DecideTimes]))
}
