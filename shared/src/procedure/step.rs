//! The one function that moves a case, and the one that begins it.

use super::{
    Act, Asked, Case, Channel, Form, Party, State, Step, TakeStep, Taken, case::STEPS_MAX, check_form,
    declaration,
};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{AccountId, CaseId, FacilityId},
    people::{Actor, Role},
};

/// Why a step cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CannotStep {
    /// Not by this person: their role or facility has no such step.
    NotYours,
    /// Whoever asked does not decide.
    OwnRequest,
    /// Not in this state: somebody was faster, or the case is closed.
    NotNow,
    /// The person decided on something that has changed since.
    Changed,
    /// The form needs mending.
    Fields(Vec<FieldError>),
}

/// What a request is put together with.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The new case's identifier.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// For which facility.
    pub facility: FacilityId,
    /// The facility's name.
    pub facility_name: String,
    /// When it should be done.
    pub due_at: Timestamp,
}

/// As which party somebody stands to a facility's case.
pub fn party_of(actor: &Actor, facility: FacilityId) -> Option<Party> {
    if actor.roles.contains(&Role::City) {
        Some(Party::City)
    } else if actor.roles.contains(&Role::FacilityManager) && actor.facility == facility {
        Some(Party::Facility)
    } else {
        None
    }
}

/// Begins a case.
///
/// # Errors
/// [`CannotStep::NotYours`] for a foreign facility, or for the city without a paper; the fields in error.
pub fn open(asked: &Asked, actor: &Actor, ask: Ask, now: Timestamp) -> Result<Case, CannotStep> {
    let party = party_of(actor, ask.facility).ok_or(CannotStep::NotYours)?;
    let on_paper = asked.channel != Channel::Online;
    if on_paper != (party == Party::City) {
        return Err(CannotStep::NotYours);
    }
    if on_paper && asked.received_on.is_none_or(|day| day > now.day()) {
        let words = "書面が届いた日（今日まで）を入力してください。";
        return Err(CannotStep::Fields(vec![FieldError::new("received_on", words)]));
    }
    let declared = declaration(asked.procedure);
    let form = check_form(declared.fields, &asked.form, now.day()).map_err(CannotStep::Fields)?;
    let about = form.get("name").cloned().unwrap_or_default();
    let account = form.get("account").and_then(|id| id.parse::<AccountId>().ok());
    Ok(Case {
        id: ask.id,
        number: ask.number,
        procedure: asked.procedure,
        state: State::Asked,
        facility: ask.facility,
        facility_name: ask.facility_name,
        asked_by: actor.account,
        asked_by_name: actor.name.clone(),
        channel: asked.channel,
        received_on: asked.received_on.filter(|_| on_paper),
        asked_at: now,
        due_at: ask.due_at,
        closed_at: None,
        taken: vec![taken(Act::Ask, party, actor, now, Form::new())],
        form,
        account,
        user_id: None,
        about,
        version: 1,
    })
}

fn taken(act: Act, party: Party, actor: &Actor, at: Timestamp, form: Form) -> Taken {
    Taken { act, party: party.into(), by: actor.account, by_name: actor.name.clone(), at, form }
}

/// Whether somebody may take a step of a case as it stands.
///
/// # Errors
/// Why not.
pub fn may_take(case: &Case, step: &Step, actor: &Actor) -> Result<(), CannotStep> {
    let as_city = step.by == Party::City && actor.roles.contains(&Role::City);
    let own = actor.roles.contains(&Role::FacilityManager) && actor.facility == case.facility;
    // The city entered a paper for the facility: it also does online what the facility does on paper.
    let on_paper = case.channel != Channel::Online && actor.roles.contains(&Role::City);
    let as_facility = step.by == Party::Facility && (own || on_paper);
    if !as_city && !as_facility {
        return Err(CannotStep::NotYours);
    }
    if !step.from.contains(&case.state) || case.taken.len() >= STEPS_MAX {
        return Err(CannotStep::NotNow);
    }
    // What came on paper was asked by the facility, and whoever typed it in may decide.
    if step.decides && case.asked_by == actor.account && case.channel == Channel::Online {
        return Err(CannotStep::OwnRequest);
    }
    Ok(())
}

/// The steps of a case that are somebody's at all, each with why it cannot be taken now.
pub fn steps_for(case: &Case, actor: &Actor) -> Vec<(&'static Step, Option<CannotStep>)> {
    let all = declaration(case.procedure).steps.iter();
    all.filter_map(|step| match may_take(case, step, actor) {
        Ok(()) => Some((step, None)),
        Err(why @ CannotStep::OwnRequest) => Some((step, Some(why))),
        Err(_) => None,
    })
    .collect()
}

/// Takes a step: the case as it is afterwards, and the step for its effect.
///
/// # Errors
/// Why not.
pub fn step(
    case: &Case,
    take: &TakeStep,
    actor: &Actor,
    now: Timestamp,
) -> Result<(Case, &'static Step), CannotStep> {
    let found = declaration(case.procedure).step(take.act).ok_or(CannotStep::NotNow)?;
    may_take(case, found, actor)?;
    if take.version != case.version {
        return Err(CannotStep::Changed);
    }
    let form = check_form(found.fields, &take.form, now.day()).map_err(CannotStep::Fields)?;
    let mut next = case.clone();
    next.state = found.to;
    next.version += 1;
    next.closed_at = found.to.is_closed().then_some(now);
    if take.act == Act::AskAgain {
        if let Some(name) = form.get("name") {
            next.about.clone_from(name);
        }
        next.account = form.get("account").and_then(|id| id.parse().ok());
        next.form = form.clone();
    }
    if take.act == Act::Register {
        next.user_id = form.get("user_id").cloned();
    }
    next.taken.push(taken(take.act, found.by, actor, now, form));
    Ok((next, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::CommandId,
        people::Profession,
        procedure::{Effect, Procedure},
    };
    use proptest::prelude::*;

    const NOW: i64 = 1_795_500_000_000;

    fn actor(number: u128, facility: u128, role: Role) -> Actor {
        Actor {
            account: AccountId::from_parts(1, number),
            name: format!("人{number}"),
            profession: Profession::Clerk,
            facility: FacilityId::from_parts(1, facility),
            facility_name: "施設".into(),
            roles: vec![role],
        }
    }

    fn form(procedure: Procedure) -> Form {
        let account = AccountId::from_parts(1, 99).to_string();
        let all = [
            ("name", "山田 花子"),
            ("kana", "やまだ はなこ"),
            ("profession", "nurse"),
            ("role", "member"),
            ("contact", "0568-00-0000"),
            ("reason", "採用のため"),
            ("account", &account),
            ("what", "lost"),
            ("checked_how", "face"),
            ("checked_on", "2026-11-01"),
        ];
        let wanted = declaration(procedure).fields;
        let asked = |name: &str| wanted.iter().any(|field| field.name == name);
        all.iter().filter(|(n, _)| asked(n)).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    fn asked(procedure: Procedure, channel: Channel) -> Asked {
        let received_on = (channel != Channel::Online).then(|| Timestamp::from_ms(NOW).day());
        Asked {
            command: CommandId::from_parts(1, 1),
            procedure,
            facility: None,
            channel,
            received_on,
            form: form(procedure),
        }
    }

    fn begin(procedure: Procedure, by: &Actor, channel: Channel) -> Result<Case, CannotStep> {
        let ask = Ask {
            id: CaseId::from_parts(1, 1),
            number: "A-2026-0001".into(),
            facility: FacilityId::from_parts(1, 1),
            facility_name: "施設".into(),
            due_at: Timestamp::from_ms(NOW + 86_400_000),
        };
        open(&asked(procedure, channel), by, ask, Timestamp::from_ms(NOW))
    }

    fn take(case: &Case, act: Act) -> TakeStep {
        let form = [
            ("user_id", "hinata-n09"),
            ("reason", "理由"),
            ("checked_how", "face"),
            ("checked_on", "2026-11-02"),
            ("posted_on", "2026-11-02"),
        ];
        let mut form: Form = form.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        if act == Act::AskAgain {
            form = case.form.clone();
        }
        TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form }
    }

    #[test]
    fn a_facility_asks_online_and_the_city_from_paper() {
        let (manager, city) = (actor(1, 1, Role::FacilityManager), actor(2, 2, Role::City));
        for procedure in Procedure::ALL {
            assert!(begin(*procedure, &manager, Channel::Online).is_ok());
            assert!(begin(*procedure, &city, Channel::Fax).is_ok());
            for (who, channel) in [
                (&manager, Channel::Paper),
                (&city, Channel::Online),
                (&actor(3, 9, Role::FacilityManager), Channel::Online),
                (&actor(4, 1, Role::Member), Channel::Online),
                (&actor(5, 1, Role::Operator), Channel::Online),
            ] {
                assert_eq!(begin(*procedure, who, channel), Err(CannotStep::NotYours));
            }
        }
    }

    #[test]
    fn every_step_belongs_to_its_party_and_its_state() {
        let manager = actor(1, 1, Role::FacilityManager);
        for procedure in Procedure::ALL {
            let case = begin(*procedure, &manager, Channel::Online).unwrap();
            for found in declaration(*procedure).steps {
                for state in State::ALL {
                    for (who, may) in [
                        (actor(2, 2, Role::City), found.by == Party::City),
                        (manager.clone(), found.by == Party::Facility),
                        (actor(3, 9, Role::FacilityManager), false),
                        (actor(4, 1, Role::Member), false),
                        (actor(5, 3, Role::OperationsManager), false),
                    ] {
                        let at = Case { state: *state, ..case.clone() };
                        let result = step(&at, &take(&at, found.act), &who, Timestamp::from_ms(NOW));
                        let expected = may && found.from.contains(state);
                        assert_eq!(
                            result.is_ok(),
                            expected,
                            "{procedure} {} {state} {:?}",
                            found.act,
                            who.roles
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn whoever_asked_does_not_decide() {
        let mut both = actor(1, 1, Role::FacilityManager);
        both.roles.push(Role::City);
        for procedure in Procedure::ALL {
            let manager = actor(1, 1, Role::FacilityManager);
            let case = begin(*procedure, &manager, Channel::Online).unwrap();
            for found in declaration(*procedure).steps.iter().filter(|step| step.decides) {
                let refused = step(&case, &take(&case, found.act), &both, Timestamp::from_ms(NOW));
                assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest));
            }
        }
    }

    #[test]
    fn a_decision_on_something_that_changed_is_none() {
        let case =
            begin(Procedure::AccountRemove, &actor(1, 1, Role::FacilityManager), Channel::Online).unwrap();
        let mut old = take(&case, Act::Remove);
        old.version = 0;
        let refused = step(&case, &old, &actor(2, 2, Role::City), Timestamp::from_ms(NOW));
        assert_eq!(refused.map(|_| ()), Err(CannotStep::Changed));
    }

    #[test]
    fn every_change_of_a_person_has_its_identity_check() {
        for procedure in Procedure::ALL {
            for found in declaration(*procedure).steps {
                if found.effect == Some(Effect::ChangeDetail) || found.act == Act::AcceptReset {
                    for name in ["checked_how", "checked_on"] {
                        assert!(found.fields.iter().any(|field| field.name == name && field.required));
                    }
                }
            }
        }
    }

    proptest! {
        /// However steps are tried, a closed case stays closed, the facility never decides, and no letter is printed
        /// for what nobody registered.
        #[test]
        fn no_way_around(which in 0..Procedure::ALL.len(), tries in prop::collection::vec((0..Act::ALL.len(), 0..3_usize), 0..40)) {
            let people = [actor(1, 1, Role::FacilityManager), actor(2, 2, Role::City), actor(3, 9, Role::FacilityManager)];
            let mut case = begin(Procedure::ALL[which], &people[0], Channel::Online).unwrap();
            for (act, who) in tries {
                let before = case.clone();
                if let Ok((next, found)) = step(&case, &take(&case, Act::ALL[act]), &people[who], Timestamp::from_ms(NOW)) {
                    prop_assert!(!before.state.is_closed());
                    prop_assert!(who != 2);
                    prop_assert!(!found.decides || who == 1);
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert_eq!(next.taken.len(), before.taken.len() + 1);
                    if found.effect == Some(Effect::IssueLetter) {
                        let decided = |t: &Taken| matches!(t.act, Act::Register | Act::AcceptReset);
                        prop_assert!(before.taken.iter().any(decided));
                    }
                    case = next;
                }
            }
        }
    }
}
