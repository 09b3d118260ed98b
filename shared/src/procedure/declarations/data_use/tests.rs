use super::{
    super::super::{
        Ask, Asked, TakeStep, can_ask, check_form, next_notice_number, open, party_to, step, use_time_left,
    },
    *,
};
use crate::{
    evidence::deidentify::Column,
    id::{CaseId, CommandId},
    people::Role,
    procedure::cast::{actor, form},
};
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-20T10:00:00+09:00".parse().unwrap()
}

fn manager() -> Actor {
    actor(1, 1, Role::FacilityManager)
}

fn cast() -> [Actor; 6] {
    [
        manager(),
        actor(2, 2, Role::City),
        actor(3, 3, Role::Operator),
        actor(4, 1, Role::FacilityManager),
        actor(5, 3, Role::OperationsManager),
        actor(6, 9, Role::FacilityManager),
    ]
}

fn request() -> Form {
    form(&[
        ("representative", "伊藤 恵子"),
        ("subject", "訪問の時間帯の調査"),
        ("purpose", "職員の配置を見直す"),
        ("processing", "月ごとの集計"),
        ("medium", "hard_disk"),
        ("after_use", "erased"),
        ("from_on", "2026-11-20"),
        ("to_on", "2026-12-20"),
        ("on", "2026-11-25"),
        ("dataset", "notes"),
        ("shape", "rows"),
        ("age", "10"),
        ("grain", "month"),
        ("data_from", "2026-10-01"),
        ("data_to", "2026-10-31"),
    ])
}

fn begin(channel: Channel, by: &Actor) -> Case {
    let asked = Asked {
        command: CommandId::from_parts(1, 1),
        procedure: Procedure::DataUse,
        facility: None,
        channel,
        received_on: (channel != Channel::Online).then(|| now().day()),
        form: request(),
    };
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "U-2026-0001".into(),
        facility: manager().facility,
        facility_name: "施設".into(),
        due_at: now(),
    };
    open(&asked, by, ask, now()).unwrap()
}

fn filled(act: Act, number: &str) -> Form {
    match act {
        Act::AskAgain => request(),
        Act::Grant => {
            form(&[("notice_number", number), ("decided_on", "2026-11-20"), ("provided_from", "2026-11-20")])
        }
        Act::Refuse => form(&[
            ("notice_number", number),
            ("decided_on", "2026-11-20"),
            ("refusal_reason", "目的が定まっていない"),
        ]),
        Act::Present => {
            form(&[("notice_number", number), ("presented_by", "伊藤 恵子"), ("presented_on", "2026-11-20")])
        }
        Act::Measure => form(&[
            ("measure", "erased"),
            ("measured_on", "2026-11-20"),
            ("measured_how", "消去ソフト"),
            ("measured_by", "伊藤 恵子"),
        ]),
        Act::Remind => form(&[("reminded_on", "2026-11-20"), ("reminded_how", "電話")]),
        _ => form(&[("reason", "理由"), ("comment", "確認")]),
    }
}

fn take(case: &Case, act: Act, number: &str, by: &Actor) -> Result<Case, CannotStep> {
    let take = TakeStep {
        command: CommandId::from_parts(1, 2),
        act,
        version: case.version,
        form: filled(act, number),
    };
    step(case, &take, by, now()).map(|(next, _)| next)
}

/// Straight to a state, by those whose steps they are.
fn to(state: State) -> Case {
    let [manager, city, operator, ..] = cast();
    let mut case = begin(Channel::Online, &manager);
    for (act, by) in [
        (Act::Accept, &city),
        (Act::Grant, &city),
        (Act::Present, &operator),
        (Act::Produce, &operator),
        (Act::Provide, &manager),
        (Act::Measure, &manager),
        (Act::ConfirmMeasure, &city),
    ] {
        if case.state == state {
            return case;
        }
        case = take(&case, act, "1", by).unwrap();
    }
    assert_eq!(case.state, state);
    case
}

fn has_output(state: State) -> bool {
    matches!(state, State::Produced | State::Provided | State::Measured | State::Done)
}

#[test]
fn the_whole_course() {
    assert_eq!(to(State::Done).taken.len(), 8);
}

#[test]
fn the_declaration_has_no_way_to_an_output_past_grant_and_presentation() {
    let reach = |from: State, without: Act| {
        let mut found = vec![from];
        loop {
            let steps = DATA_USE.steps.iter().filter(|step| step.act != without);
            let next = steps
                .filter(|step| step.from.iter().any(|state| found.contains(state)))
                .filter_map(|step| step.to)
                .find(|to| !found.contains(to));
            match next {
                Some(to) => found.push(to),
                None => return found,
            }
        }
    };
    for from in [State::Submitted, State::Accepted, State::Returned] {
        assert!(!reach(from, Act::Grant).into_iter().any(has_output), "{from}");
    }
    for from in [State::Submitted, State::Accepted, State::Returned, State::Granted] {
        assert!(!reach(from, Act::Present).into_iter().any(has_output), "{from}");
        assert!(!reach(from, Act::Produce).into_iter().any(has_output), "{from}");
    }
    let after = |act: Act| DATA_USE.steps.iter().filter(move |step| step.act == act);
    assert!(
        after(Act::AskAgain)
            .all(|step| step.to == Some(State::Submitted) && !step.from.iter().any(|s| has_output(*s)))
    );
}

#[test]
fn an_edit_drops_the_decision_and_its_number() {
    let [manager, city, operator, ..] = cast();
    let granted = to(State::Presented);
    assert!(DataGrant::of(&granted).is_some());
    let edited = take(&granted, Act::AskAgain, "", &manager).unwrap();
    assert_eq!(edited.state, State::Submitted);
    let again = take(&edited, Act::Accept, "", &city).unwrap();
    // Even if the case stood there: the grant of before is no grant of this request.
    for state in [State::Presented, State::Produced, State::Provided] {
        assert_eq!(DataGrant::of(&Case { state, ..again.clone() }), None);
    }
    let Err(CannotStep::Fields(wrong)) = take(&again, Act::Grant, "１", &city) else { panic!("was let in") };
    assert_eq!(wrong[0].field, "notice_number");
    assert_eq!(next_notice_number(&again), "U-2026-0001-2");
    let granted = take(&again, Act::Grant, "2", &city).unwrap();
    let Err(CannotStep::Fields(wrong)) = take(&granted, Act::Present, "1", &operator) else {
        panic!("was let in")
    };
    assert_eq!(wrong[0].field, "notice_number");
    assert!(DataGrant::of(&take(&granted, Act::Present, " ２", &operator).unwrap()).is_some());
}

#[test]
fn data_goes_to_whoever_asked_and_for_a_paper_to_the_managers_of_the_facility() {
    let [manager, city, operator, colleague, om, stranger] = cast();
    let online = to(State::Produced);
    assert!(take(&online, Act::Provide, "", &manager).is_ok());
    for other in [&city, &operator, &colleague, &om, &stranger] {
        assert_eq!(take(&online, Act::Provide, "", other), Err(CannotStep::NotYours), "{}", other.name);
    }
    let paper = Case { channel: Channel::Paper, asked_by: city.account, ..online };
    for (who, may) in [(&manager, true), (&colleague, true), (&city, false), (&stranger, false)] {
        assert_eq!(take(&paper, Act::Provide, "", who).is_ok(), may, "{}", who.name);
    }
    // What the paper's people do on paper, the city enters.
    assert!(take(&paper, Act::Measure, "", &city).is_ok());
}

#[test]
fn time_follows_the_state() {
    for (state, due) in [
        (State::Submitted, Due::Promptly),
        (State::Granted, Due::EndOf("to_on")),
        (State::Presented, Due::Promptly),
        (State::Provided, Due::EndOf("to_on")),
        (State::Measured, Due::Promptly),
    ] {
        assert_eq!(DATA_USE.due_in(state), Some(due), "{state}");
    }
    let case = to(State::Provided);
    let left = |day: &str| use_time_left(&case, day.parse().unwrap());
    assert_eq!((left("2026-12-13"), left("2026-12-20"), left("2026-12-21")), (Some(7), Some(0), Some(-1)));
    assert_eq!(use_time_left(&to(State::Measured), now().day()), None);
    let grant = DataGrant::of(&case).unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    assert!(
        grant.may_give(at("2026-12-20T23:59:59+09:00")) && !grant.may_give(at("2026-12-21T00:00:00+09:00"))
    );
    assert!(!grant.may_give(at("2026-11-19T23:59:59+09:00")));
}

#[test]
fn what_waits_for_whom() {
    let waits = |state| DATA_USE.waits_for(state).map(|step| (step.act, step.by));
    assert_eq!(waits(State::Produced), Some((Act::Provide, Party::Facility)));
    assert_eq!(waits(State::Provided), Some((Act::Measure, Party::Facility)));
    assert_eq!(waits(State::Returned), Some((Act::AskAgain, Party::Facility)));
    let [manager, .., stranger] = cast();
    assert!(
        party_to(&to(State::Granted), &stranger).is_none() && can_ask(Procedure::DataUse, &manager).any()
    );
}

#[test]
fn mistakes_in_the_form_name_their_field() {
    let mistake = |changes: &[(&str, &str)]| {
        let mut typed = request();
        typed.extend(form(changes));
        match check_form(FIELDS, &typed, now()) {
            Err(wrong) => wrong[0].field.clone(),
            Ok(form) => {
                check(&form, &manager(), now()).first().map_or(String::new(), |wrong| wrong.field.clone())
            }
        }
    };
    assert_eq!(mistake(&[]), "");
    assert_eq!(mistake(&[("medium", "usb,other")]), "medium_other");
    assert_eq!(mistake(&[("after_use_other", "保管庫")]), "after_use_other");
    assert_eq!(mistake(&[("medium", "floppy")]), "medium");
    assert_eq!(mistake(&[("to_on", "2026-11-19")]), "to_on");
    assert_eq!(mistake(&[("data_to", "2027-10-02")]), "data_to");
    assert_eq!(mistake(&[("shape", "counts")]), "by");
    assert_eq!(mistake(&[("shape", "counts"), ("by", "age,sex,sent")]), "by");
    assert_eq!(mistake(&[("shape", "counts"), ("by", "months")]), "by");
    assert_eq!(mistake(&[("shape", "counts"), ("by", "age,profession")]), "");
    assert_eq!(mistake(&[("representative", "")]), "representative");
}

#[test]
fn columns_and_datasets_of_the_form_are_those_of_the_data() {
    let names: Vec<_> = BY.iter().map(|(wire, _)| *wire).collect();
    assert_eq!(names, Column::ALL.iter().map(|column| column.wire()).collect::<Vec<_>>());
    for dataset in ["notes", "patients"] {
        assert!(Dataset::from_wire(dataset).is_some());
    }
}

proptest! {
    /// From wherever a case stands, however steps are tried and by whomever: what is made was granted and presented
    /// in the course that is in force, by its own number, and what is fetched goes to the applicant.
    #[test]
    fn no_way_around(
        start in 0_usize..7,
        tries in prop::collection::vec((0..Act::ALL.len(), 0_usize..6, 0_usize..3), 0..60),
    ) {
        let states = [
            State::Submitted, State::Accepted, State::Granted, State::Presented, State::Produced, State::Provided,
            State::Measured,
        ];
        let people = cast();
        let mut case = to(states[start]);
        for (act, who, number) in tries {
            let before = case.clone();
            let Ok(next) = take(&case, Act::ALL[act], &number.to_string(), &people[who]) else { continue };
            if matches!(Act::ALL[act], Act::Produce | Act::Provide) {
                let course = since_edit(&before);
                let grant = course.iter().position(|t| t.act == Act::Grant);
                let shown = course.iter().position(|t| t.act == Act::Present);
                prop_assert!(grant.is_some() && grant < shown);
                let (grant, shown) = (&course[grant.unwrap()], &course[shown.unwrap()]);
                prop_assert_eq!(&grant.form["notice_number"], &shown.form["notice_number"]);
                prop_assert!(DataGrant::of(&before).is_some());
            }
            if Act::ALL[act] == Act::Provide {
                prop_assert_eq!(people[who].account, before.asked_by);
            }
            case = next;
        }
    }
}
