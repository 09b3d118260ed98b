use super::{
    super::super::{Ask, Asked, TakeStep, can_ask, open, step},
    *,
};
use crate::{
    id::{CaseId, CommandId, FacilityId},
    people::Role,
    procedure::cast::{actor, form},
};

const STATION: u128 = 1;
const OFFICE: u128 = 2;

fn now() -> Timestamp {
    "2026-11-24T10:00:00+09:00".parse().unwrap()
}

fn asked(procedure: Procedure, channel: Channel, by: &Actor, leaves_on: &str) -> Case {
    let form = match procedure {
        Procedure::FacilityLeave => {
            form(&[(LEAVES_ON, leaves_on), ("handed_over", "done"), ("reason", "閉鎖")])
        }
        _ => form(&[("name", "新"), ("postal", "〒1"), ("phone", "0"), ("reason", "移転")]),
    };
    let facility = FacilityId::from_parts(1, STATION);
    let asked = Asked {
        command: CommandId::from_parts(1, 1),
        procedure,
        facility: Some(facility),
        channel,
        received_on: Some(now().day()),
        form,
    };
    let ask = Ask {
        id: CaseId::from_parts(1, 1),
        number: "FL-2026-0001".into(),
        facility,
        facility_name: "旧".into(),
        due_at: now(),
    };
    open(&asked, by, ask, now()).unwrap()
}

fn decided(case: &Case, act: Act, by: &Actor, at: Timestamp) -> Result<State, CannotStep> {
    let form = form(&[("checked_how", "call_back"), ("checked_on", "2026-11-24")]);
    let take = TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form };
    step(case, &take, by, at).map(|(case, _)| case.state)
}

#[test]
fn whoever_asked_or_typed_it_in_does_not_decide() {
    let manager = actor(1, STATION, Role::FacilityManager);
    let (one, two) = (actor(2, OFFICE, Role::City), actor(3, OFFICE, Role::City));
    for (procedure, act) in
        [(Procedure::FacilityChange, Act::ChangeFacility), (Procedure::FacilityLeave, Act::LeaveFacility)]
    {
        let online = asked(procedure, Channel::Online, &manager, "2026-11-24");
        assert_eq!(decided(&online, act, &manager, now()), Err(CannotStep::NotYours), "{procedure}");
        assert_eq!(decided(&online, act, &one, now()), Ok(State::Done), "{procedure}");
        let paper = asked(procedure, Channel::Paper, &one, "2026-11-24");
        assert_eq!(decided(&paper, act, &one, now()), Err(CannotStep::OwnRequest), "{procedure}");
        assert_eq!(decided(&paper, act, &two, now()), Ok(State::Done), "{procedure}");
    }
}

#[test]
fn the_contractor_moves_and_does_not_leave() {
    let offered = |procedure, role| can_ask(procedure, &actor(4, STATION, role));
    for (procedure, role, online, papers) in [
        (Procedure::FacilityChange, Role::FacilityManager, true, false),
        (Procedure::FacilityChange, Role::OperationsManager, true, false),
        (Procedure::FacilityChange, Role::City, false, true),
        (Procedure::FacilityChange, Role::Member, false, false),
        (Procedure::FacilityLeave, Role::FacilityManager, true, false),
        (Procedure::FacilityLeave, Role::OperationsManager, false, false),
        (Procedure::FacilityLeave, Role::City, false, true),
    ] {
        let ways = offered(procedure, role);
        assert_eq!((ways.online, ways.papers), (online, papers), "{procedure} {role}");
    }
}

#[test]
fn nobody_leaves_before_the_day_that_was_asked_for() {
    let manager = actor(1, STATION, Role::FacilityManager);
    let city = actor(2, OFFICE, Role::City);
    let case = asked(Procedure::FacilityLeave, Channel::Online, &manager, "2026-11-30");
    for (at, early) in [
        ("2026-11-24T10:00:00+09:00", true),
        ("2026-11-29T23:59:59+09:00", true),
        ("2026-11-30T00:00:00+09:00", false),
        ("2026-12-07T10:00:00+09:00", false),
    ] {
        let at = at.parse().unwrap();
        match decided(&case, Act::LeaveFacility, &city, at) {
            Ok(state) => assert!(!early && state == State::Done, "{at}"),
            Err(CannotStep::Fields(wrong)) => assert!(early && wrong[0].field == LEAVES_ON, "{at} {wrong:?}"),
            Err(other) => panic!("{other:?}"),
        }
        // Sending it back waits for no day.
        let form = form(&[("reason", "確認")]);
        let take =
            TakeStep { command: CommandId::from_parts(1, 3), act: Act::Return, version: case.version, form };
        assert!(step(&case, &take, &city, at).is_ok(), "{at}");
    }
}
