//! The one function that moves a case, and the one that begins it.

use super::{
    Act, Asked, Case, Channel, Declaration, Field, FieldKind, Form, Party, Procedure, State, Step, TakeStep,
    Taken,
    case::{CASE_FILES_MAX, STEPS_MAX},
    check_form, declaration,
};
use crate::{
    api::error::FieldError,
    book::Attachment,
    calendar::Timestamp,
    id::{AccountId, CaseId, FacilityId},
    people::Actor,
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

/// As which of these parties somebody stands to a case of a facility.
fn stands(among: &[Party], actor: &Actor, facility: FacilityId, asked_by: AccountId) -> Option<Party> {
    among.iter().copied().find(|party| party.is(actor, facility, asked_by))
}

/// As which party somebody has to do with a case; `None`: it is as if it did not exist.
pub fn party_to(case: &Case, actor: &Actor) -> Option<Party> {
    let declared = declaration(case.procedure);
    // A draft is nobody's but theirs who write it.
    let among = if case.state == State::Draft { declared.drafters(case.channel) } else { declared.parties() };
    stands(&among, actor, case.facility, case.asked_by)
}

/// In which ways somebody can begin a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// For their own facility.
    pub online: bool,
    /// For others, from what came by another way.
    pub papers: bool,
}

impl Ways {
    /// Whether there is any.
    pub const fn any(self) -> bool {
        self.online || self.papers
    }
}

/// In which ways somebody can begin a procedure.
pub fn can_ask(procedure: Procedure, actor: &Actor) -> Ways {
    let declared = declaration(procedure);
    let is = |among: &[Party]| stands(among, actor, actor.facility, actor.account).is_some();
    Ways { online: is(declared.asks), papers: is(declared.papers.as_slice()) }
}

/// Begins a case.
///
/// # Errors
/// [`CannotStep::NotYours`] for a foreign facility, or for a paper that somebody else enters; the fields in error.
pub fn open(asked: &Asked, actor: &Actor, ask: Ask, now: Timestamp) -> Result<Case, CannotStep> {
    if asked.channel == Channel::System {
        return Err(CannotStep::NotYours);
    }
    let declared = declaration(asked.procedure);
    let on_paper = asked.channel.is_entered();
    let may = if on_paper { declared.papers.as_slice() } else { declared.asks };
    let party = stands(may, actor, ask.facility, actor.account).ok_or(CannotStep::NotYours)?;
    if !on_paper && actor.facility != ask.facility {
        return Err(CannotStep::NotYours);
    }
    if on_paper && asked.received_on.is_none_or(|day| day > now.day()) {
        let words = "書面が届いた日（今日まで）を入力してください。";
        return Err(CannotStep::Fields(vec![FieldError::new("received_on", words)]));
    }
    let form = checked(declared, &asked.form, actor, now, now)?;
    Ok(begun(asked, form, declared.first, party, actor, ask, now))
}

/// A case as it begins, with a form that was checked.
pub(super) fn begun(
    asked: &Asked,
    form: Form,
    state: State,
    party: Party,
    actor: &Actor,
    ask: Ask,
    now: Timestamp,
) -> Case {
    let declared = declaration(asked.procedure);
    let mut case = Case {
        id: ask.id,
        number: ask.number,
        procedure: asked.procedure,
        state,
        facility: ask.facility,
        facility_name: ask.facility_name,
        asked_by: actor.account,
        asked_by_name: actor.name.clone(),
        channel: asked.channel,
        received_on: asked.received_on.filter(|_| asked.channel.is_entered()),
        asked_at: now,
        due_at: ask.due_at,
        closed_at: None,
        taken: vec![taken(Act::Ask, party, actor, now, Form::new())],
        form: Form::new(),
        account: None,
        user_id: None,
        account_words: None,
        about: String::new(),
        links: Vec::new(),
        files: Vec::new(),
        version: 1,
    };
    fill(&mut case, declared.fields, form);
    case
}

pub(super) fn checked(
    declared: &Declaration,
    typed: &Form,
    actor: &Actor,
    asked_at: Timestamp,
    now: Timestamp,
) -> Result<Form, CannotStep> {
    let form = check_form(declared.fields, typed, now).map_err(CannotStep::Fields)?;
    let wrong = declared.check.map(|check| check(&form, actor, asked_at)).unwrap_or_default();
    if wrong.is_empty() { Ok(form) } else { Err(CannotStep::Fields(wrong)) }
}

/// Takes what was filled in, and from it whom or what lists show.
fn fill(case: &mut Case, fields: &[Field], form: Form) {
    let words = |name: &str| {
        let field = fields.iter().find(|field| field.name == name)?;
        form.get(name).map(|value| field.in_words(value))
    };
    case.about = words("name")
        .or_else(|| words("subject"))
        .or_else(|| words("month"))
        .or_else(|| words("runbook"))
        .or_else(|| words("daily_at").map(|at| format!("毎日 {at}")))
        .unwrap_or_default();
    case.account = form.get("account").and_then(|id| id.parse().ok());
    case.form = form;
}

pub(super) fn taken(act: Act, party: Party, actor: &Actor, at: Timestamp, form: Form) -> Taken {
    Taken { act, party, by: actor.account, by_name: actor.name.clone(), at, form }
}

/// Whether somebody may take a step of a case as it stands, and as which party.
///
/// # Errors
/// Why not.
pub fn may_take(case: &Case, step: &Step, actor: &Actor) -> Result<Party, CannotStep> {
    let declared = declaration(case.procedure);
    let is = |party: Party| party.is(actor, case.facility, case.asked_by);
    // Whoever enters papers also does online what those who ask do on paper.
    let for_others =
        case.channel.is_entered() && declared.asks.contains(&step.by) && declared.papers.is_some_and(is);
    if !is(step.by) && !for_others {
        return Err(CannotStep::NotYours);
    }
    // Room stays for the steps that the case still needs.
    let most = if step.to.is_none() { STEPS_MAX - ROOM } else { STEPS_MAX };
    if !step.from.contains(&case.state) || case.taken.len() >= most {
        return Err(CannotStep::NotNow);
    }
    // What came on paper was asked by another facility, and whoever typed it in may decide.
    let asked = case.asked_by == actor.account
        && (case.channel == Channel::Online || case.facility == actor.facility);
    if step.decides && (asked || case.account == Some(actor.account)) {
        return Err(CannotStep::OwnRequest);
    }
    Ok(step.by)
}

/// The steps of a case that are somebody's at all, each with why it cannot be taken now.
pub fn steps_for(case: &Case, actor: &Actor) -> Vec<(&'static Step, Option<CannotStep>)> {
    let all = declaration(case.procedure).steps.iter();
    all.filter_map(|step| match may_take(case, step, actor) {
        Ok(_) => Some((step, None)),
        Err(why @ CannotStep::OwnRequest) => Some((step, Some(why))),
        Err(_) => None,
    })
    .collect()
}

/// Takes a step: the case as it is afterwards, and the step for its effect. A comment moves nothing.
///
/// # Errors
/// Why not.
pub fn step(
    case: &Case,
    take: &TakeStep,
    actor: &Actor,
    now: Timestamp,
) -> Result<(Case, Option<&'static Step>), CannotStep> {
    let declared = declaration(case.procedure);
    if take.act == Act::Comment {
        return Ok((comment(case, take, actor, now)?, None));
    }
    let acts = declared.steps.iter().filter(|step| step.act == take.act);
    // An act of this state counts; one of another state is told apart from one that is nobody's.
    let found =
        declared.step(take.act, case.state).or_else(|| acts.clone().next()).ok_or(CannotStep::NotNow)?;
    let party = may_take(case, found, actor)?;
    if take.version != case.version {
        return Err(CannotStep::Changed);
    }
    let refills = matches!(take.act, Act::AskAgain | Act::EditDraft);
    let form = if refills {
        checked(declared, &take.form, actor, case.asked_at, now)?
    } else {
        check_form(found.fields, &take.form, now).map_err(CannotStep::Fields)?
    };
    if let Some(follows) = declared.follows {
        follows(case, take.act, &form, actor, now)?;
    }
    let mut next = moved(case, found, now);
    if refills {
        fill(&mut next, declared.fields, form.clone());
    }
    if take.act == Act::Register {
        next.user_id = form.get("user_id").cloned();
    }
    next.taken.push(taken(take.act, party, actor, now, form));
    Ok((next, Some(found)))
}

/// The case after a step, before it is written down.
pub(super) fn moved(case: &Case, step: &Step, now: Timestamp) -> Case {
    let state = step.to.unwrap_or(case.state);
    let closed_at = state.is_closed().then_some(now);
    Case { state, version: case.version + 1, closed_at, ..case.clone() }
}

/// How many steps are kept for those that a case needs, beside remarks and records.
pub(super) const ROOM: usize = 20;

/// What a comment asks.
pub const COMMENT: &[Field] = &[Field {
    name: "comment",
    label: "コメント",
    hint: "この案件に関わる人だけが読めます。患者の情報は書かないでください。",
    kind: FieldKind::Lines,
    required: true,
    max: 1000,
}];

fn comment(case: &Case, take: &TakeStep, actor: &Actor, now: Timestamp) -> Result<Case, CannotStep> {
    let party = party_to(case, actor).ok_or(CannotStep::NotYours)?;
    if case.state.is_closed() || case.taken.len() >= STEPS_MAX - ROOM {
        return Err(CannotStep::NotNow);
    }
    let form = check_form(COMMENT, &take.form, now).map_err(CannotStep::Fields)?;
    let mut next = case.clone();
    next.version += 1;
    next.taken.push(taken(Act::Comment, party, actor, now, form));
    Ok(next)
}

/// Hangs a file that arrived on a case. Like a comment it moves nothing, but whoever decides looks again.
///
/// # Errors
/// [`CannotStep::NotYours`]; [`CannotStep::NotNow`] for a closed or full case.
pub fn attach(case: &Case, file: Attachment, actor: &Actor, now: Timestamp) -> Result<Case, CannotStep> {
    let party = party_to(case, actor).ok_or(CannotStep::NotYours)?;
    if case.state.is_closed() || case.taken.len() >= STEPS_MAX - ROOM {
        return Err(CannotStep::NotNow);
    }
    if case.files.len() >= CASE_FILES_MAX {
        let words = format!("1つの案件に添付できるファイルは{CASE_FILES_MAX}個までです。");
        return Err(CannotStep::Fields(vec![FieldError::new("name", words)]));
    }
    let mut next = case.clone();
    next.version += 1;
    let form = Form::from([("file".to_owned(), file.name.clone())]);
    next.files.push(file);
    next.taken.push(taken(Act::Attach, party, actor, now, form));
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::CommandId,
        people::{Profession, Role},
        procedure::{Effect, moment_text},
    };
    use proptest::prelude::*;

    const NOW: i64 = 1_795_500_000_000;

    fn now() -> Timestamp {
        Timestamp::from_ms(NOW)
    }

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

    /// Somebody for each party, and strangers.
    fn cast() -> Vec<(Option<Party>, Actor)> {
        vec![
            (Some(Party::Facility), actor(1, 1, Role::FacilityManager)),
            (Some(Party::City), actor(2, 2, Role::City)),
            (Some(Party::OperationsManager), actor(3, 3, Role::OperationsManager)),
            (Some(Party::SystemAdmin), actor(4, 3, Role::SystemAdmin)),
            (Some(Party::Operator), actor(5, 3, Role::Operator)),
            (Some(Party::Auditor), actor(6, 2, Role::Auditor)),
            (None, actor(7, 9, Role::FacilityManager)),
            (None, actor(8, 1, Role::Member)),
            (Some(Party::KeyKeeper), actor(10, 3, Role::KeyKeeper)),
        ]
    }

    fn as_party(party: Party) -> Actor {
        cast().into_iter().find(|(p, _)| *p == Some(party)).unwrap().1
    }

    /// Somebody who may ask: where anybody may, a nurse.
    fn asker(procedure: Procedure) -> Actor {
        match declaration(procedure).asks[0] {
            Party::Asker => actor(8, 1, Role::Member),
            party => as_party(party),
        }
    }

    /// As what somebody of the cast stands to a case.
    fn stand(case: &Case, party: Option<Party>, who: &Actor) -> Vec<Party> {
        let asker = (who.account == case.asked_by).then_some(Party::Asker);
        party.into_iter().chain(asker).collect()
    }

    fn asks_by_role(procedure: Procedure, who: &Actor) -> bool {
        let by_role = |party: &Party| party.role().is_some_and(|role| who.roles.contains(&role));
        declaration(procedure).asks.iter().any(by_role)
    }

    /// Something that every field takes.
    fn filled(fields: &[Field]) -> Form {
        let value = |field: &Field| match field.kind {
            FieldKind::Account => AccountId::from_parts(1, 99).to_string(),
            FieldKind::Kana => "やまだ はなこ".into(),
            FieldKind::UserId => "hinata-n09".into(),
            FieldKind::PastDay => now().day().to_string(),
            FieldKind::PastMoment => moment_text(now()),
            FieldKind::Count => "20".into(),
            FieldKind::Moment if field.name == "from_at" => "2026-11-24T10:00".into(),
            FieldKind::Moment if field.name == "to_at" => "2026-11-24T20:00".into(),
            FieldKind::Moment => "2026-11-24T22:00".into(),
            FieldKind::Time => "02:00".into(),
            FieldKind::Day if field.name == "planned_on" => "2027-05-31".into(),
            FieldKind::Day => "2026-12-01".into(),
            FieldKind::PastMonth => "2026-10".into(),
            FieldKind::PortalPage => "about".into(),
            FieldKind::ManyOf(list) => list.iter().map(|(wire, _)| *wire).collect::<Vec<_>>().join(","),
            FieldKind::Line | FieldKind::Lines => "山田 花子".into(),
            FieldKind::Profession
            | FieldKind::CareFacility
            | FieldKind::RegisteredAs
            | FieldKind::OneOf(_) => field.choices()[0].0.clone(),
        };
        fields.iter().map(|field| (field.name.to_owned(), value(field))).collect()
    }

    fn asked(procedure: Procedure, channel: Channel) -> Asked {
        let received_on = (channel != Channel::Online).then(|| now().day());
        let form = filled(declaration(procedure).fields);
        Asked { command: CommandId::from_parts(1, 1), procedure, facility: None, channel, received_on, form }
    }

    fn begin(procedure: Procedure, by: &Actor, channel: Channel) -> Result<Case, CannotStep> {
        let ask = Ask {
            id: CaseId::from_parts(1, 1),
            number: "A-2026-0001".into(),
            // Whoever asks by a role asks for their own office.
            facility: if asks_by_role(procedure, by) { by.facility } else { asker(procedure).facility },
            facility_name: "施設".into(),
            due_at: Timestamp::from_ms(NOW + 86_400_000),
        };
        open(&asked(procedure, channel), by, ask, now())
    }

    fn take(case: &Case, act: Act) -> TakeStep {
        let form = match act {
            Act::AskAgain | Act::EditDraft => case.form.clone(),
            Act::Comment => filled(COMMENT),
            act => filled(declaration(case.procedure).asked_by(act)),
        };
        TakeStep { command: CommandId::from_parts(1, 2), act, version: case.version, form }
    }

    /// A case as if every step of its course had been taken: what a later step builds on is there.
    fn with_history(case: Case) -> Case {
        let who = as_party(Party::City);
        let refills = |act| matches!(act, Act::AskAgain | Act::EditDraft);
        let steps = declaration(case.procedure).steps.iter().filter(|step| !refills(step.act));
        let done = steps.map(|step| taken(step.act, step.by, &who, now(), filled(step.fields)));
        Case { taken: case.taken.iter().cloned().chain(done).collect(), ..case }
    }

    #[test]
    fn who_may_ask_online_and_who_enters_papers() {
        for procedure in Procedure::ALL {
            let declared = declaration(*procedure);
            for (party, who) in cast() {
                // Online everybody asks for their own facility.
                let own = who.facility == asker(*procedure).facility;
                let anybody = own && declared.asks.contains(&Party::Asker);
                let asks = anybody || party.is_some_and(|party| declared.asks.contains(&party));
                assert_eq!(begin(*procedure, &who, Channel::Online).is_ok(), asks, "{procedure} {party:?}");
                let enters = party.is_some() && party == declared.papers;
                for channel in declared.ways.iter().copied() {
                    assert_eq!(begin(*procedure, &who, channel).is_ok(), enters, "{procedure} {party:?}");
                }
            }
        }
    }

    #[test]
    fn every_step_belongs_to_its_party_and_its_state() {
        for procedure in Procedure::ALL {
            let case = with_history(begin(*procedure, &asker(*procedure), Channel::Online).unwrap());
            for found in declaration(*procedure).steps {
                for state in State::ALL {
                    for (party, who) in cast() {
                        let at = Case { state: *state, ..case.clone() };
                        let result = step(&at, &take(&at, found.act), &who, now());
                        let expected = declaration(*procedure).step(found.act, *state).is_some_and(|step| {
                            // Whoever asked does not decide, of whichever party they are.
                            let own = step.decides && who.account == at.asked_by;
                            stand(&at, party, &who).contains(&step.by) && !own
                        });
                        // What the clock says about a stop is no matter of party and state.
                        let by_clock = *procedure == Procedure::PlannedStop
                            && matches!(result, Err(CannotStep::Fields(_)));
                        let admitted = result.is_ok() || by_clock;
                        assert_eq!(admitted, expected, "{procedure} {} {state} {party:?}", found.act);
                    }
                }
            }
        }
    }

    #[test]
    fn neither_whoever_asked_nor_whom_it_is_about_decides() {
        for procedure in Procedure::ALL {
            let declared = declaration(*procedure);
            let case = begin(*procedure, &asker(*procedure), Channel::Online).unwrap();
            for found in declared.steps.iter().filter(|step| step.decides) {
                let at = Case { state: found.from[0], ..case.clone() };
                let mut both = asker(*procedure);
                both.roles.extend(found.by.role());
                let refused = step(&at, &take(&at, found.act), &both, now());
                assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest), "{procedure}");
                let decider = as_party(found.by);
                let about = Case { account: Some(decider.account), ..at };
                let refused = step(&about, &take(&about, found.act), &decider, now());
                assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest), "{procedure}");
            }
        }
    }

    #[test]
    fn whoever_typed_a_paper_in_decides_for_others_only() {
        let city = as_party(Party::City);
        let case = begin(Procedure::AccountRemove, &city, Channel::Paper).unwrap();
        assert!(step(&case, &take(&case, Act::Remove), &city, now()).is_ok());
        let own = Case { facility: city.facility, ..case };
        let refused = step(&own, &take(&own, Act::Remove), &city, now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::OwnRequest));
    }

    #[test]
    fn a_decision_on_something_that_changed_is_none() {
        let case = begin(Procedure::AccountRemove, &as_party(Party::Facility), Channel::Online).unwrap();
        let mut old = take(&case, Act::Remove);
        old.version = 0;
        let refused = step(&case, &old, &as_party(Party::City), now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::Changed));
    }

    #[test]
    fn a_comment_moves_nothing_and_is_read_by_those_concerned() {
        let manager = as_party(Party::Facility);
        let case = begin(Procedure::AccountRemove, &manager, Channel::Online).unwrap();
        let (next, found) = step(&case, &take(&case, Act::Comment), &manager, now()).unwrap();
        assert!(found.is_none() && next.state == case.state && next.due_at == case.due_at);
        assert_eq!(next.taken.last().unwrap().form["comment"], "山田 花子");
        // An approval names the version that it saw: after a comment, the decider looks again.
        let refused = step(&next, &take(&case, Act::Remove), &as_party(Party::City), now());
        assert_eq!(refused.map(|_| ()), Err(CannotStep::Changed));
        for (party, who) in cast().into_iter().filter(|(party, _)| {
            party.is_none_or(|party| !declaration(Procedure::AccountRemove).parties().contains(&party))
        }) {
            let refused = step(&case, &take(&case, Act::Comment), &who, now());
            assert_eq!(refused.map(|_| ()), Err(CannotStep::NotYours), "{party:?}");
        }
    }

    #[test]
    fn a_draft_is_read_by_those_who_write_it() {
        let case = begin(Procedure::Appointment, &asker(Procedure::Appointment), Channel::Online).unwrap();
        let reads = |case: &Case| -> Vec<Option<Party>> {
            cast()
                .into_iter()
                .filter(|(_, who)| party_to(case, who).is_some())
                .map(|(party, _)| party)
                .collect()
        };
        assert_eq!(reads(&case), [Some(Party::OperationsManager)]);
        let filed = Case { state: State::Filed, ..case };
        assert_eq!(reads(&filed).len(), 4);
    }

    #[test]
    fn nobody_appoints_themselves() {
        let manager = asker(Procedure::Appointment);
        let mut wanted = asked(Procedure::Appointment, Channel::Online);
        wanted.form.insert("account".into(), manager.account.to_string());
        let ask = Ask {
            id: CaseId::from_parts(1, 1),
            number: "M-2026-0001".into(),
            facility: manager.facility,
            facility_name: "施設".into(),
            due_at: now(),
        };
        let Err(CannotStep::Fields(wrong)) = open(&wanted, &manager, ask, now()) else {
            panic!("was let in")
        };
        assert_eq!(wrong[0].field, "account");
    }

    #[test]
    fn in_an_incident_nothing_is_recovered_before_evidence_and_measure() {
        let mut case = begin(Procedure::Incident, &as_party(Party::SystemAdmin), Channel::Online).unwrap();
        let order = [
            Act::Contact,
            Act::Preserve,
            Act::Analyse,
            Act::Inform,
            Act::Secure,
            Act::Mitigate,
            Act::Recover,
            Act::Submit,
        ];
        for act in order {
            let by = declaration(Procedure::Incident).steps.iter().find(|step| step.act == act).unwrap().by;
            for early in order.iter().filter(|early| **early != act) {
                let step_of =
                    declaration(Procedure::Incident).steps.iter().find(|s| s.act == *early).unwrap();
                let refused = step(&case, &take(&case, *early), &as_party(step_of.by), now());
                assert_eq!(refused.map(|_| ()), Err(CannotStep::NotNow), "{early} before {act}");
            }
            case = step(&case, &take(&case, act), &as_party(by), now()).unwrap().0;
        }
        assert_eq!(case.state, State::Reported);
    }

    #[test]
    fn every_change_of_a_person_has_its_identity_check() {
        for procedure in Procedure::ALL {
            for found in declaration(*procedure).steps {
                let of_a_person = matches!(found.effect, Some(Effect::ChangeDetail | Effect::ResumeAccount));
                if of_a_person || found.act == Act::AcceptReset {
                    for name in ["checked_how", "checked_on"] {
                        assert!(found.fields.iter().any(|field| field.name == name && field.required));
                    }
                }
            }
        }
    }

    proptest! {
        /// However steps are tried, a closed case stays closed, strangers do nothing, deciders are of the deciding party,
        /// and no letter is printed for what nobody registered.
        #[test]
        fn no_way_around(which in 0..Procedure::ALL.len(), tries in prop::collection::vec((0..Act::ALL.len(), 0..9_usize), 0..40)) {
            let people = cast();
            let procedure = Procedure::ALL[which];
            let mut case = begin(procedure, &asker(procedure), Channel::Online).unwrap();
            for (act, who) in tries {
                let before = case.clone();
                let (party, person) = &people[who];
                if let Ok((next, found)) = step(&case, &take(&case, Act::ALL[act]), person, now()) {
                    prop_assert!(!before.state.is_closed());
                    let parties = stand(&before, *party, person);
                    prop_assert!(!parties.is_empty());
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert_eq!(next.taken.len(), before.taken.len() + 1);
                    if let Some(found) = found {
                        prop_assert!(parties.contains(&found.by));
                        if found.effect == Some(Effect::IssueLetter) {
                            let decided = |t: &Taken| matches!(t.act, Act::Register | Act::AcceptReset);
                            prop_assert!(before.taken.iter().any(decided));
                        }
                        if found.effect == Some(Effect::ResumeService) {
                            for needed in [Act::Preserve, Act::Secure, Act::Mitigate] {
                                prop_assert!(before.taken.iter().any(|t| t.act == needed));
                            }
                        }
                    }
                    case = next;
                }
            }
        }
    }
}
