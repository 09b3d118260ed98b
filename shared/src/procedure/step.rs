//! The one function that moves a case, and the one that begins it.

use super::{
    Act, Asked, Case, Channel, Declaration, Field, FieldKind, Form, Party, Procedure, State, Step, TakeStep,
    Taken,
    case::{CASE_FILES_MAX, STEPS_MAX},
    check_form, declaration,
    declarations::detours,
    incident,
};
use crate::{
    api::error::FieldError,
    book::Attachment,
    calendar::Timestamp,
    id::{AccountId, CaseId, FacilityId},
    people::{Actor, FacilityKind, Role},
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
    /// What is to be approved hangs on the case as a file, and nobody has attached one.
    NoFile,
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
    // Whoever leads the contractor's people asks for them as a facility's manager does, and not for what facilities alone do.
    let leads_contractor = actor.roles.contains(&Role::OperationsManager);
    let fits = !leads_contractor || procedure.comes_from(FacilityKind::Contractor);
    Ways { online: fits && is(declared.asks), papers: is(declared.papers.as_slice()) }
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
    let mut wrong = if on_paper { wrong_on_paper(asked, now) } else { Vec::new() };
    match checked(declared, &asked.form, actor, now, now) {
        Ok(form) if wrong.is_empty() => Ok(begun(asked, form, declared.first, party, actor, ask, now)),
        Ok(_) => Err(CannotStep::Fields(wrong)),
        Err(CannotStep::Fields(more)) => {
            wrong.extend(more);
            Err(CannotStep::Fields(wrong))
        }
        Err(other) => Err(other),
    }
}

/// What is wrong with a request that came by another way, beside its form. Without a facility it would be filed as the own
/// office's.
fn wrong_on_paper(asked: &Asked, now: Timestamp) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if asked.facility.is_none() {
        wrong.push(FieldError::new("facility", "依頼した施設を選んでください。"));
    }
    if asked.received_on.is_none_or(|day| day > now.day()) {
        wrong.push(FieldError::new("received_on", "書面が届いた日（今日まで）を入力してください。"));
    }
    wrong
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
    // What came on paper was asked by another facility, and whoever typed it in may decide, unless it takes two.
    let wrote = case.asked_by == actor.account || case.refilled_by() == Some(actor.account);
    let own = case.channel == Channel::Online || case.facility == actor.facility;
    let asked = wrote && (own || case.procedure.needs_two_officials());
    if step.decides && (asked || case.account == Some(actor.account)) {
        return Err(CannotStep::OwnRequest);
    }
    if step.needs_file() && case.files.is_empty() {
        return Err(CannotStep::NoFile);
    }
    Ok(step.by)
}

/// The steps of a case that are somebody's at all, each with why it cannot be taken now.
pub fn steps_for(case: &Case, actor: &Actor) -> Vec<(&'static Step, Option<CannotStep>)> {
    let all = declaration(case.procedure).steps.iter();
    all.filter_map(|step| match may_take(case, step, actor) {
        Ok(_) => Some((step, None)),
        Err(why @ (CannotStep::OwnRequest | CannotStep::NoFile)) => Some((step, Some(why))),
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
    let refills = take.act.refills();
    let mut form = if refills {
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
    form.extend(incident::kept(case, take.act, &form, actor));
    next.taken.push(taken(take.act, party, actor, now, form));
    Ok((next, Some(found)))
}

/// Where a step leads a case as its record stands.
fn leads(case: &Case, step: &Step) -> State {
    let mut detours = detours(case.procedure).iter();
    let detour = detours.find(|detour| detour.act == step.act && (detour.when)(case));
    detour.map_or_else(|| step.to.unwrap_or(case.state), |detour| detour.to)
}

/// The case after a step, before it is written down.
pub(super) fn moved(case: &Case, step: &Step, now: Timestamp) -> Case {
    let state = leads(case, step);
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
mod tests;
