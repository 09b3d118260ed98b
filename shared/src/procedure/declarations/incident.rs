//! 障害・情報漏えい (Art. 18, Form 3, figures 2-1 and 3): the ten steps in the article's order. Nothing is recovered before
//! the evidence is complete and the provisional measure is taken: there is no step from an earlier state. What turns out later
//! is kept, analysed and mended beside the course, and a leak is over when its reports were made.

mod fields;

use super::super::{
    Act, CannotStep, Case, Declaration, Detour, Due, Effect, Field, Form, Party, Procedure, State, Step,
    incident,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

/// What occurred was not found before.
fn too_late(found: Option<&str>, form: &Form) -> Option<FieldError> {
    let later = form.get("occurred_at").zip(found).is_some_and(|(occurred, found)| occurred.as_str() > found);
    later.then(|| FieldError::new("occurred_at", "発生日時は、発見日時より前にしてください。"))
}

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    too_late(form.get("found_at").map(String::as_str), form).into_iter().collect()
}

/// What is mended fits what was found; a leak is not over before what it owes was recorded.
fn follows(case: &Case, act: Act, form: &Form, _: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    let wrong = match act {
        Act::Analyse | Act::Submit => too_late(incident::latest(case, "found_at"), form),
        Act::EndNotices => still_owed(case),
        _ => None,
    };
    wrong.map_or(Ok(()), |wrong| Err(CannotStep::Fields(vec![wrong])))
}

fn still_owed(case: &Case) -> Option<FieldError> {
    let owed = incident::owed(case).join("、");
    (!owed.is_empty()).then(|| {
        let words = format!("まだ記録がありません: {owed}。先に、したことを記録してください。");
        FieldError::new(fields::CONFIRMED, words)
    })
}

fn owes(case: &Case) -> bool {
    still_owed(case).is_some()
}

/// The city has the report, and the Act's reports are still to be made: the final one has 30 days, or 60
/// (requirements §2, 17).
const fn while_owing(act: Act) -> Detour {
    let words = "情報漏えいで、委員会への報告か本人への通知の記録が足りない";
    Detour { act, to: State::Notifying, when: owes, words }
}

pub(super) const DETOURS: &[Detour] = &[while_owing(Act::ReceiveReport), while_owing(Act::Deliberate)];

/// Until it is closed, in the order of the article.
const OPEN: &[State] = &[
    State::Detected,
    State::Contacted,
    State::Preserved,
    State::Analysed,
    State::Informed,
    State::Secured,
    State::Mitigated,
    State::Recovered,
    State::Reported,
    State::InCouncil,
    State::Notifying,
];

/// Those from one to another.
const fn between(first: State, last: State) -> &'static [State] {
    let (mut begin, mut end) = (0, OPEN.len());
    while OPEN[begin] as usize != first as usize {
        begin += 1;
    }
    while OPEN[end - 1] as usize != last as usize {
        end -= 1;
    }
    OPEN.split_at(end).0.split_at(begin).1
}

/// Until it is recovered.
const UNDER_WAY: &[State] = between(State::Detected, State::Mitigated);
/// Once it was analysed, until its report is submitted.
const ANALYSED: &[State] = between(State::Analysed, State::Recovered);
/// Once evidence was preserved, until it is closed.
const PRESERVED: &[State] = between(State::Preserved, State::Notifying);

const fn by_admin(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::SystemAdmin, decides: false, fields, effect: None }
}

const fn by_city(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { by: Party::City, decides: true, ..by_admin(act, from, to, fields) }
}

const fn beside(act: Act, from: &'static [State], by: Party, fields: &'static [Field]) -> Step {
    Step { act, from, to: None, by, decides: false, fields, effect: None }
}

const fn with(effect: Effect, step: Step) -> Step {
    Step { effect: Some(effect), ..step }
}

pub(super) const INCIDENT: Declaration = Declaration {
    procedure: Procedure::Incident,
    article: "第18条, 様式第3, 図2-1, 図3",
    letter: "I",
    purpose: "システムの異常や情報漏えいに、第18条の順で対応し、様式第3で市に報告します。証拠保全と暫定措置が済むまで、復旧はできません。",
    asks: &[Party::SystemAdmin, Party::Operator],
    papers: None,
    ways: &[],
    readers: &[Party::OperationsManager, Party::Council, Party::Auditor],
    fields: fields::ASKED,
    check: Some(check),
    follows: Some(follows),
    first: State::Detected,
    by_system: Some(State::Suspected),
    due: Due::Promptly,
    dues: &[
        (State::Contacted, Due::Promptly),
        (State::Recovered, Due::Days(7)),
        (State::Reported, Due::Days(7)),
        (State::InCouncil, Due::Days(60)),
        (State::Notifying, Due::LeakReport),
    ],
    yearly: None,
    steps: &[
        by_admin(Act::TakeOn, &[State::Suspected], State::Detected, fields::TAKEN_ON),
        by_admin(Act::Dismiss, &[State::Suspected], State::Withdrawn, fields::DISMISSAL),
        by_admin(Act::Contact, &[State::Detected], State::Contacted, fields::CONTACT),
        with(
            Effect::FreezeEvidence,
            by_admin(Act::Preserve, &[State::Contacted], State::Preserved, fields::PRESERVATION),
        ),
        by_admin(Act::Analyse, &[State::Preserved], State::Analysed, fields::ANALYSIS),
        Step {
            by: Party::Operator,
            effect: Some(Effect::PublishNotice),
            ..by_admin(Act::Inform, &[State::Analysed], State::Informed, fields::INFORMATION)
        },
        by_admin(Act::Secure, &[State::Informed], State::Secured, fields::EVIDENCE),
        by_admin(Act::Mitigate, &[State::Secured], State::Mitigated, fields::MEASURE),
        with(
            Effect::ResumeService,
            by_admin(Act::Recover, &[State::Mitigated], State::Recovered, fields::RECOVERY),
        ),
        by_admin(Act::Submit, &[State::Recovered], State::Reported, fields::REPORT),
        by_city(Act::ReceiveReport, &[State::Reported], State::Done, fields::NO_COUNCIL),
        by_city(Act::ReferToCouncil, &[State::Reported], State::InCouncil, fields::TO_COUNCIL),
        by_city(Act::Return, &[State::Reported], State::Recovered, &[super::REASON]),
        // The council has no desk of its own: the city keeps its minutes.
        Step {
            decides: false,
            ..by_city(Act::Deliberate, &[State::InCouncil], State::Done, fields::DELIBERATION)
        },
        Step {
            decides: false,
            ..by_city(Act::EndNotices, &[State::Notifying], State::Done, fields::NOTICES_MADE)
        },
        with(Effect::CutService, beside(Act::Cut, UNDER_WAY, Party::SystemAdmin, fields::CUT)),
        with(Effect::HaltService, beside(Act::Halt, UNDER_WAY, Party::SystemAdmin, fields::HALT)),
        with(
            Effect::FreezeEvidence,
            beside(Act::Preserve, PRESERVED, Party::SystemAdmin, fields::PRESERVATION),
        ),
        beside(Act::Analyse, ANALYSED, Party::SystemAdmin, fields::ANALYSIS),
        beside(Act::Log, OPEN, Party::SystemAdmin, fields::LOG),
        beside(Act::Call, OPEN, Party::SystemAdmin, fields::CALL),
        beside(Act::CallUsers, OPEN, Party::Operator, fields::CALL),
        beside(Act::Notify, OPEN, Party::SystemAdmin, fields::NOTICE),
        beside(Act::NotifyAsCity, OPEN, Party::City, fields::NOTICE),
    ],
    course: &[
        State::Detected,
        State::Contacted,
        State::Preserved,
        State::Analysed,
        State::Informed,
        State::Secured,
        State::Mitigated,
        State::Recovered,
        State::Reported,
        State::Done,
    ],
};

#[cfg(test)]
mod tests;
