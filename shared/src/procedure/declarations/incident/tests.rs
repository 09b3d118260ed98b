use super::*;
use crate::{
    id::{CaseId, CommandId},
    people::Role,
    procedure::{
        Ask, Asked, Channel, TakeStep,
        cast::{self, form},
        open, step,
    },
};

fn now() -> Timestamp {
    "2026-11-20T10:00:00+09:00".parse().unwrap()
}

fn actor(role: Role) -> Actor {
    let number = if role == Role::City { 2 } else { 1 };
    cast::actor(number, number, role)
}

fn asked(kind: &str) -> Asked {
    let form = form(&[
        ("kind", kind),
        ("subject", "連絡が届かない"),
        ("found_at", "2026-11-20T09:30"),
        ("found_where", "API"),
        ("content", "届かない"),
        ("scope", "確認中"),
    ]);
    let command = CommandId::from_parts(1, 1);
    let procedure = Procedure::Incident;
    Asked { command, procedure, facility: None, channel: Channel::Online, received_on: None, form }
}

/// An incident in a state of its course.
fn standing(kind: &str, state: State) -> Case {
    let admin = actor(Role::SystemAdmin);
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "I-2026-0001".into(),
        facility: admin.facility,
        facility_name: admin.facility_name.clone(),
        due_at: now(),
    };
    Case { state, ..open(&asked(kind), &admin, ask, now()).unwrap() }
}

fn took(case: &Case, act: Act, by: Role, pairs: &[(&str, &str)]) -> Result<Case, CannotStep> {
    let take =
        TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form: form(pairs) };
    step(case, &take, &actor(by), now()).map(|(case, _)| case)
}

fn told(case: &Case, report: &str, act: Act, by: Role) -> Case {
    took(case, act, by, &[("report", report), ("done_on", "2026-11-20"), ("words", "した")]).unwrap()
}

/// The first field in error, and what is said of it.
fn wrong(result: Result<Case, CannotStep>) -> (String, String) {
    match result {
        Err(CannotStep::Fields(all)) => (all[0].field.clone(), all[0].message.clone()),
        other => panic!("{other:?}"),
    }
}

const RECEIVED: &[(&str, &str)] = &[("judgement", "影響が小さい")];
const DELIBERATED: &[(&str, &str)] = &[("held_on", "2026-11-20"), ("prevention", "二重の確認")];
const ANALYSED_AS: &[(&str, &str)] = &[("cause", "設定の誤り"), ("related", "なし"), ("plan", "直す")];
const SUBMITTED: &[(&str, &str)] = &[("action", "直した"), ("lasting", "なし")];

#[test]
fn a_leak_is_not_over_before_its_reports_and_the_persons_notice() {
    let (receive, deliberate) =
        ((Act::ReceiveReport, State::Reported, RECEIVED), (Act::Deliberate, State::InCouncil, DELIBERATED));
    let cases: &[(&str, &[&str], _, State)] = &[
        ("fault", &[], receive, State::Done),
        ("fault", &[], deliberate, State::Done),
        ("leak", &[], receive, State::Notifying),
        ("leak", &[], deliberate, State::Notifying),
        ("leak", &["prompt", "final"], receive, State::Notifying),
        ("leak", &["prompt", "persons", "publication"], receive, State::Notifying),
        ("leak", &["prompt", "final", "persons"], receive, State::Done),
        ("leak", &["persons", "prompt", "final"], deliberate, State::Done),
    ];
    for (kind, reports, (act, from, pairs), to) in cases {
        let mut case = standing(kind, *from);
        for report in *reports {
            case = told(&case, report, Act::Notify, Role::SystemAdmin);
        }
        let after = took(&case, *act, Role::City, pairs).unwrap();
        assert_eq!(
            (after.state, after.closed_at.is_some()),
            (*to, *to == State::Done),
            "{kind} {reports:?} {act}"
        );
    }
}

#[test]
fn city_and_administrator_record_what_is_owed_and_then_the_city_ends_it() {
    let mut case =
        took(&standing("leak", State::Reported), Act::ReceiveReport, Role::City, RECEIVED).unwrap();
    assert_eq!(INCIDENT.waits_for(case.state).map(|step| step.by), Some(Party::City));
    let confirmed = [("confirmed", "控えを確かめた")];
    case = told(&case, "prompt", Act::NotifyAsCity, Role::City);
    let (field, words) = wrong(took(&case, Act::EndNotices, Role::City, &confirmed));
    assert_eq!(field, "confirmed");
    assert!(words.contains("確報、本人への通知") && !words.contains("速報"), "{words}");
    case = told(&case, "final", Act::NotifyAsCity, Role::City);
    case = told(&case, "persons", Act::Notify, Role::SystemAdmin);
    assert_eq!(took(&case, Act::EndNotices, Role::City, &confirmed).unwrap().state, State::Done);
}

#[test]
fn the_city_gives_a_report_back_and_it_comes_again() {
    let case = standing("fault", State::Reported);
    let back = took(&case, Act::Return, Role::City, &[("reason", "影響範囲が書かれていない")]).unwrap();
    assert_eq!(back.state, State::Recovered);
    let again = [SUBMITTED, &[("scope", "1施設")]].concat();
    let again = took(&back, Act::Submit, Role::SystemAdmin, &again).unwrap();
    assert_eq!((again.state, incident::latest(&again, "scope")), (State::Reported, Some("1施設")));
}

#[test]
fn what_the_first_entry_said_is_mended_in_analysis_and_report_and_what_it_was_is_kept() {
    for (act, from, pairs) in [
        (Act::Analyse, State::Preserved, ANALYSED_AS),
        (Act::Analyse, State::Informed, ANALYSED_AS),
        (Act::Submit, State::Recovered, SUBMITTED),
    ] {
        let case = standing("fault", from);
        let mended = [("kind", "leak"), ("scope", "1施設"), ("occurred_at", "2026-11-20T09:10")];
        let next = took(&case, act, Role::SystemAdmin, &[pairs, &mended].concat()).unwrap();
        let says = ["kind", "scope", "occurred_at", "content"].map(|name| incident::latest(&next, name));
        let now = [Some("leak"), Some("1施設"), Some("2026-11-20T09:10"), Some("届かない")];
        assert_eq!(says, now, "{act} {from}");
        // The clocks of a leak run from its discovery, whenever it turned out to be one.
        assert_eq!(incident::leak(&next), incident::leak(&standing("leak", from)));
        let kept = &next.taken.last().unwrap().form;
        assert_eq!((kept["before_kind"].as_str(), kept["before_scope"].as_str()), ("fault", "確認中"));
        // Where nothing is given, it stays as it was said.
        let same = took(&case, act, Role::SystemAdmin, pairs).unwrap();
        assert_eq!(incident::latest(&same, "scope"), Some("確認中"));
    }
}

#[test]
fn nothing_occurred_after_it_was_found() {
    let mut late = asked("fault");
    late.form.insert("occurred_at".into(), "2026-11-20T09:31".into());
    assert_eq!(check(&late.form, &actor(Role::SystemAdmin), now())[0].field, "occurred_at");
    let case = standing("fault", State::Preserved);
    let late = [ANALYSED_AS, &[("occurred_at", "2026-11-20T09:31")]].concat();
    assert_eq!(wrong(took(&case, Act::Analyse, Role::SystemAdmin, &late)).0, "occurred_at");
}
