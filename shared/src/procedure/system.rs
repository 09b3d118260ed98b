//! Cases that the system opens by itself, what it adds to them, and steps that end what a person let it begin.

use super::{
    Act, Ask, Asked, COMMENT, CannotStep, Case, Channel, Form, Party, Procedure, check_form, declaration,
    step::{ROOM, begun, checked, moved, taken},
};
use crate::{
    calendar::Timestamp,
    id::{AccountId, CommandId, FacilityId},
    people::{Actor, Profession},
    procedure::STEPS_MAX,
};

/// The system as whoever asked: no account and no facility has these identifiers, and no role goes with them.
fn system() -> Actor {
    let name = Party::System.label();
    Actor {
        account: AccountId::from_parts(0, 0),
        name: name.into(),
        profession: Profession::Engineer,
        facility: FacilityId::from_parts(0, 0),
        facility_name: name.into(),
        roles: Vec::new(),
    }
}

/// Begins a case by the system itself. Of `ask`, facility and its name are not used: the case belongs to none.
///
/// # Errors
/// [`CannotStep::NotYours`] where the declaration does not let the system begin; the fields in error.
pub fn open_by_system(
    procedure: Procedure,
    form: &Form,
    ask: Ask,
    now: Timestamp,
) -> Result<Case, CannotStep> {
    let declared = declaration(procedure);
    let first = declared.by_system.ok_or(CannotStep::NotYours)?;
    let actor = system();
    let form = checked(declared, form, &actor, now, now)?;
    let asked = Asked {
        command: CommandId::from_parts(0, 0),
        procedure,
        facility: None,
        channel: Channel::System,
        received_on: None,
        form: Form::new(),
    };
    let ask = Ask { facility: actor.facility, facility_name: actor.facility_name.clone(), ..ask };
    Ok(begun(&asked, form, first, Party::System, &actor, ask, now))
}

/// Adds what the system found to the course of an open case, as a comment.
///
/// # Errors
/// [`CannotStep::NotNow`] when the case is closed or has no room for remarks any more; the text in error.
pub fn note_by_system(case: &Case, words: &str, now: Timestamp) -> Result<Case, CannotStep> {
    if case.state.is_closed() || case.taken.len() >= STEPS_MAX - ROOM {
        return Err(CannotStep::NotNow);
    }
    let form = Form::from([("comment".to_owned(), words.to_owned())]);
    let form = check_form(COMMENT, &form, now).map_err(CannotStep::Fields)?;
    let mut next = case.clone();
    next.version += 1;
    next.taken.push(taken(Act::Comment, Party::System, &system(), now, form));
    Ok(next)
}

/// Takes a step that the declaration leaves to the system: the end of what a person let it begin. `kept` is what the record
/// keeps of it beside the fields.
///
/// # Errors
/// [`CannotStep::NotNow`] where the system has no such step in this state; the fields in error.
pub fn step_by_system(
    case: &Case,
    act: Act,
    form: &Form,
    kept: Form,
    now: Timestamp,
) -> Result<Case, CannotStep> {
    let step = declaration(case.procedure).step(act, case.state).filter(|step| step.by == Party::System);
    let step = step.filter(|_| case.taken.len() < STEPS_MAX).ok_or(CannotStep::NotNow)?;
    let mut form = check_form(step.fields, form, now).map_err(CannotStep::Fields)?;
    form.extend(kept);
    let mut next = moved(case, step, now);
    next.taken.push(taken(act, Party::System, &system(), now, form));
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::CaseId,
        people::Role,
        procedure::{State, TakeStep, cast::form, declaration, open, party_to, step},
    };

    fn now() -> Timestamp {
        Timestamp::from_ms(1_795_500_000_000)
    }

    fn ask() -> Ask {
        Ask {
            id: CaseId::from_parts(1, 1),
            number: "I-2026-0001".into(),
            facility: FacilityId::from_parts(1, 3),
            facility_name: "運営".into(),
            due_at: now(),
        }
    }

    fn found() -> Form {
        form(&[
            ("kind", "fault"),
            ("subject", "応答なし"),
            ("found_at", "2026-11-01T09:30"),
            ("found_where", "API"),
            ("content", "5分ごとの点検で応答がありません。"),
            ("scope", "確認中"),
        ])
    }

    fn person(role: Role) -> Actor {
        Actor { account: AccountId::from_parts(1, 7), roles: vec![role], ..system() }
    }

    #[test]
    fn only_what_declares_it_begins_by_itself_and_belongs_to_nobody() {
        for procedure in Procedure::ALL {
            let opened = open_by_system(*procedure, &found(), ask(), now());
            assert_eq!(opened.is_ok(), *procedure == Procedure::Incident, "{procedure}");
        }
        let case = open_by_system(Procedure::Incident, &found(), ask(), now()).unwrap();
        assert_eq!((case.state, case.channel), (State::Suspected, Channel::System));
        assert_eq!((case.asked_by_name.as_str(), case.taken[0].party), ("システム（自動）", Party::System));
        assert_ne!(case.facility, ask().facility);
        assert_eq!(declaration(case.procedure).waits_for(case.state).map(|s| s.by), Some(Party::SystemAdmin));
        // Nobody is the system, and nobody says so.
        let nobody = Actor { facility: FacilityId::from_parts(1, 9), ..person(Role::Member) };
        assert_eq!(party_to(&case, &nobody), None);
        let said = Asked { channel: Channel::System, ..asked() };
        let refused = open(&said, &person(Role::SystemAdmin), ask(), now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::NotYours));
    }

    fn asked() -> Asked {
        Asked {
            command: CommandId::from_parts(1, 1),
            procedure: Procedure::Incident,
            facility: None,
            channel: Channel::Online,
            received_on: None,
            form: found(),
        }
    }

    fn take(case: &Case, act: Act, pairs: &[(&str, &str)]) -> TakeStep {
        TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form: form(pairs) }
    }

    #[test]
    fn a_person_takes_it_on_or_says_why_it_is_none() {
        let case = open_by_system(Procedure::Incident, &found(), ask(), now()).unwrap();
        let admin = person(Role::SystemAdmin);
        let on = take(&case, Act::TakeOn, &[("kind", "leak"), ("state", "確認した")]);
        let (taken_on, _) = step(&case, &on, &admin, now()).unwrap();
        assert_eq!(taken_on.state, State::Detected);
        assert!(crate::procedure::incident::leak(&taken_on).is_some());
        let (off, _) = step(&case, &take(&case, Act::Dismiss, &[("reason", "試験")]), &admin, now()).unwrap();
        assert!(off.state.is_closed());
        assert!(step(&case, &take(&case, Act::Dismiss, &[]), &admin, now()).is_err());
        let other = step(&case, &on, &person(Role::Operator), now());
        assert_eq!(other.map(|_| ()), Err(CannotStep::NotYours));
    }

    #[test]
    fn what_is_found_later_is_added_while_there_is_room() {
        let mut case = open_by_system(Procedure::Incident, &found(), ask(), now()).unwrap();
        let before = case.clone();
        while let Ok(next) = note_by_system(&case, "まだ応答がありません。", now()) {
            assert_eq!((next.state, next.version), (before.state, case.version + 1));
            case = next;
        }
        assert_eq!(case.taken.len(), STEPS_MAX - ROOM);
        let admin = person(Role::SystemAdmin);
        let on = take(&case, Act::TakeOn, &[("kind", "fault"), ("state", "確認した")]);
        assert!(step(&case, &on, &admin, now()).is_ok());
        let closed = Case { state: State::Withdrawn, ..before };
        assert_eq!(note_by_system(&closed, "x", now()).map(|_| ()), Err(CannotStep::NotNow));
    }
}
