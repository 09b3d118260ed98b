//! Cases: listing, opening, taking steps.

use super::effect;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{people::AccountRow, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
        procedure::{Cases, CasesQuery},
    },
    authority::{Action, Relation, decide},
    id::{CaseId, FacilityId},
    people::{AccountState, Role},
    procedure::{
        Act, Ask, Asked, CannotStep, Case, CaseRow, Channel, Form, Opened, TakeStep, declaration, open, step,
        steps_for,
    },
};
use std::sync::Arc;

impl From<CannotStep> for ApiError {
    fn from(why: CannotStep) -> Self {
        match why {
            CannotStep::NotYours => Code::NotFound.into(),
            CannotStep::OwnRequest => Code::OwnRequest.into(),
            CannotStep::NotNow | CannotStep::Changed => Code::Stale.into(),
            CannotStep::Fields(fields) => fields.into(),
        }
    }
}

/// The facility whose cases and people somebody may see; `None`: of all.
pub(super) fn scope(cx: &Cx) -> Result<Option<FacilityId>, ApiError> {
    let actor = cx.actor()?;
    Ok(if actor.roles.contains(&Role::City) { None } else { Some(actor.facility) })
}

/// A case that this person may see; a foreign one is answered as if it did not exist.
pub(super) async fn enter(cx: &Cx, id: CaseId, action: Action) -> Result<Case, ApiError> {
    let case = cx.app.store.case(id).await?.ok_or(Code::NotFound)?;
    let actor = cx.actor()?;
    let own: &[Relation] = if actor.facility == case.facility { &[Relation::OwnFacility] } else { &[] };
    decide(Some(&actor.roles), action, own)?;
    Ok(case)
}

/// The cases that are mine to see.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), query: CasesQuery) -> Result<Cases, ApiError> {
    let actor = cx.actor()?;
    let cases = cx.app.store.cases(scope(&cx)?, query.closed).await?;
    let mut rows: Vec<CaseRow> = cases
        .into_iter()
        .map(|case| CaseRow {
            waits_for_me: waits_for(&case, actor),
            overdue: case.is_overdue(cx.now),
            id: case.id,
            number: case.number,
            procedure: case.procedure,
            state: case.state,
            facility_name: case.facility_name,
            about: case.about,
            channel: case.channel,
            asked_at: case.asked_at,
            due_at: case.due_at,
        })
        .collect();
    if query.closed {
        rows.sort_by_key(|row| std::cmp::Reverse(row.asked_at));
    } else {
        rows.sort_by_key(|row| (!row.waits_for_me, row.due_at));
    }
    Ok(Cases { rows })
}

/// Whether the case goes on by a step of this person. Taking a request back does not count, nor printing again.
fn waits_for(case: &Case, actor: &shared::people::Actor) -> bool {
    use shared::procedure::State;
    let on = |act: Act| act != Act::Withdraw && !(act == Act::Print && case.state != State::Registered);
    steps_for(case, actor).iter().any(|(step, why)| why.is_none() && on(step.act))
}

/// A case.
///
/// # Errors
/// [`Code::NotFound`] for an unknown one and for one of another facility.
pub async fn read(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<Opened, ApiError> {
    let case = enter(&cx, id, Action::ReadCase).await?;
    let mut proposed = Form::new();
    let city = cx.actor()?.roles.contains(&Role::City);
    if city && declaration(case.procedure).step(Act::Register).is_some() && case.user_id.is_none() {
        let colleagues = cx.app.store.accounts(Some(case.facility)).await?;
        proposed.insert("user_id".into(), propose_user_id(&colleagues, &case.form));
    }
    Ok(Opened { case, proposed })
}

/// The next user id in the manner of the facility: as that of a colleague of the same profession, counted on.
fn propose_user_id(colleagues: &[AccountRow], form: &Form) -> String {
    let stem = |id: &str| id.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let wanted = form.get("profession").map_or("", String::as_str);
    // Whoever leads a facility often has an id of another form: the commonest one counts.
    let alike: Vec<String> = colleagues
        .iter()
        .filter(|row| row.account.profession.wire() == wanted)
        .map(|row| stem(&row.account.user_id))
        .collect();
    let common = alike.iter().max_by_key(|stem| alike.iter().filter(|other| other == stem).count()).cloned();
    let like = common.or_else(|| colleagues.first().map(|row| stem(&row.account.user_id)));
    let like = like.filter(|stem| stem.len() >= 3).unwrap_or_else(|| "user-".to_owned());
    let used = |id: &str| colleagues.iter().any(|row| row.account.user_id == id);
    (1..1000).map(|n| format!("{like}{n:02}")).find(|id| !used(id)).unwrap_or(like)
}

/// Begins a case.
///
/// # Errors
/// The fields in error; [`Code::NotFound`] for another facility or another facility's person.
pub async fn begin(cx: Arc<Cx>, (): (), asked: Asked) -> Result<Case, ApiError> {
    let command = asked.command;
    let id = random::id(cx.now, CaseId::from_parts);
    cx.about(id);
    cx.once(command, || async {
        let actor = cx.actor()?;
        let store = &cx.app.store;
        let facility = asked.facility.unwrap_or(actor.facility);
        let named = store.facility(facility).await?.ok_or(Code::NotFound)?;
        let (year, ..) = cx.now.day().ymd();
        let series = format!("{}-{year}", declaration(asked.procedure).letter);
        let count = store.case_count(&series).await?;
        let ask = Ask {
            id,
            number: format!("{series}-{:04}", count + 1),
            facility,
            facility_name: named.name,
            due_at: cx.now.plus_seconds(cx.app.settings.prompt_hours * 3600),
        };
        let mut case = open(&asked, actor, ask, cx.now)?;
        about_account(&cx, &mut case).await?;
        let mut tx = Tx::default();
        store.create_case(&mut tx, &case, &series, count)?;
        cx.commit_command(tx, command, case).await
    })
    .await
}

/// Fills in whom a case is about; the account must be one of the facility that asks.
async fn about_account(cx: &Cx, case: &mut Case) -> Result<(), ApiError> {
    let Some(id) = case.account else { return Ok(()) };
    let row = cx.app.store.account(id).await?;
    let row =
        row.filter(|row| row.account.facility == case.facility && row.account.state != AccountState::Removed);
    let row = row
        .ok_or_else(|| ApiError::from(FieldError::new("account", "この施設の利用者から選んでください。")))?;
    case.about = row.account.name;
    case.user_id = Some(row.account.user_id);
    Ok(())
}

/// Takes a step of a case, with its effect, in one transaction.
///
/// # Errors
/// [`Code::Stale`] when somebody was faster; [`Code::OwnRequest`]; the fields in error. A letter is printed by its own
/// endpoint, whose answer is remembered nowhere.
pub async fn take(cx: Arc<Cx>, id: CaseId, given: TakeStep) -> Result<Case, ApiError> {
    if given.act == Act::Print {
        return Err(Code::Invalid.into());
    }
    let command = given.command;
    let case = cx
        .once(command, || async {
            let case = enter(&cx, id, Action::TakeStep).await?;
            let (mut next, taken) = step(&case, &given, cx.actor()?, cx.now)?;
            if given.act == Act::AskAgain {
                about_account(&cx, &mut next).await?;
            }
            let mut tx = Tx::default();
            if let Some(what) = taken.effect {
                effect::apply(&cx, &mut tx, what, &mut next).await?;
            }
            cx.app.store.put_case(&mut tx, &next)?;
            cx.commit_command(tx, command, next).await
        })
        .await?;
    effect::follow_up(&cx, &case, given.act).await?;
    Ok(case)
}

/// Whether a request came on paper.
pub(super) fn on_paper(case: &Case) -> bool {
    case.channel != Channel::Online
}
