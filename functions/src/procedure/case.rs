//! Cases: listing, opening, taking steps.

use super::{disposal, effect, facility, incident, papers, stop};
use crate::{
    app::App,
    http::{context::Cx, error::ApiError},
    portal::proposal,
    random,
    store::{keys, people::AccountRow, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
        procedure::{CASES_MAX, Cases, CasesQuery, Yearly},
    },
    authority::{Action, Relation, decide},
    calendar::{Day, Timestamp, months_before},
    id::CaseId,
    people::{AccountState, Actor, Facility, Role},
    procedure::{
        Act, Ask, Asked, CannotStep, Case, CaseBrief, CaseRow, Due, Form, Opened, Party, Procedure, State,
        TakeStep, can_ask, declaration, next_notice_number, open, party_to, roles_of, step, stop_span,
    },
};
use std::sync::Arc;

impl From<CannotStep> for ApiError {
    fn from(why: CannotStep) -> Self {
        match why {
            CannotStep::NotYours => Code::NotFound.into(),
            CannotStep::OwnRequest => Code::OwnRequest.into(),
            CannotStep::NoFile => Code::NoFile.into(),
            CannotStep::NotNow | CannotStep::Changed => Code::Stale.into(),
            CannotStep::Fields(fields) => fields.into(),
        }
    }
}

/// A case that this person has to do with; a foreign one is answered as if it did not exist.
pub(crate) async fn enter(cx: &Cx, id: CaseId, action: Action) -> Result<Case, ApiError> {
    let case = cx.app.store.case(id).await?.ok_or(Code::NotFound)?;
    let actor = cx.actor()?;
    let own: &[Relation] = if party_to(&case, actor).is_some() { &[Relation::Party] } else { &[] };
    decide(Some(&actor.roles), action, own)?;
    Ok(case)
}

/// As which parties somebody sees cases at all, and the list of each.
fn lists(actor: &Actor) -> Vec<(Party, String)> {
    let all = Party::ALL.iter().copied();
    let mine = all.filter(|party| party.is(actor, actor.facility, actor.account));
    mine.map(|party| (party, keys::cases_of(party, actor.facility, actor.account))).collect()
}

/// The cases that are mine to see.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), query: CasesQuery) -> Result<Cases, ApiError> {
    let actor = cx.actor()?;
    let store = &cx.app.store;
    let mine = lists(actor);
    if let Some(number) = &query.number {
        let found = match store.case_numbered(number.trim()).await? {
            Some(id) => store.case(id).await?.filter(|case| party_to(case, actor).is_some()),
            None => None,
        };
        let rows = found.iter().map(|case| row(&cx, case.brief(), &mine)).collect();
        return Ok(Cases { rows, yearly: Vec::new() });
    }
    let names: Vec<String> = mine.iter().map(|(_, list)| list.clone()).collect();
    let cases = store.cases(&names, query.closed).await?;
    let drafter = |brief: &CaseBrief| {
        let writes = declaration(brief.procedure).drafters(brief.channel);
        brief.state != State::Draft || mine.iter().any(|(party, _)| writes.contains(party))
    };
    let mut rows: Vec<CaseRow> =
        cases.into_iter().filter(drafter).map(|brief| row(&cx, brief, &mine)).collect();
    if query.closed {
        rows.sort_by_key(|row| std::cmp::Reverse(row.asked_at));
    } else {
        // Data that is kept beyond its time comes first for all who see it, the city above all.
        let kept_too_long =
            |row: &CaseRow| row.overdue && matches!(row.state, State::Produced | State::Provided);
        rows.sort_by_key(|row| (!kept_too_long(row), !row.waits_for_me, row.due_at));
    }
    let yearly = if query.closed { Vec::new() } else { yearly(&cx, &mine, &rows).await? };
    rows.truncate(CASES_MAX);
    Ok(Cases { rows, yearly })
}

/// The yearly procedures that it is time for: of those that this person begins, none is open, and the last one ended
/// nearly a year ago.
async fn yearly(cx: &Cx, mine: &[(Party, String)], open: &[CaseRow]) -> Result<Vec<Yearly>, ApiError> {
    let (today, mut found) = (cx.now.day(), Vec::new());
    // The contractor asks like a facility, and is none.
    let care = cx.actor()?.roles.contains(&Role::FacilityManager);
    // Two years, so that who is late learns since when.
    let since = months_before(today, 24).start();
    for procedure in Procedure::ALL.iter().copied().filter(|one| declaration(*one).yearly.is_some()) {
        let asks = |party: &Party| {
            declaration(procedure).asks.contains(party) && (care || *party != Party::Facility)
        };
        let Some((_, list)) = mine.iter().find(|(party, _)| asks(party)) else { continue };
        if !can_ask(procedure, cx.actor()?).online || open.iter().any(|row| row.procedure == procedure) {
            continue;
        }
        let ended = cx.app.store.cases_closed_since(list, since).await?;
        let done = ended.iter().filter(|case| case.procedure == procedure && case.state == State::Done);
        let last = done.filter_map(|case| case.closed_at).max();
        found.extend(Yearly::of(procedure, last.map(Timestamp::day), today));
    }
    Ok(found)
}

fn row(cx: &Cx, case: CaseBrief, mine: &[(Party, String)]) -> CaseRow {
    let on_paper = case.channel.is_entered() && {
        let declared = declaration(case.procedure);
        declared.papers.is_some_and(|papers| mine.iter().any(|(party, _)| *party == papers))
            && case.waits_for.is_some_and(|party| declared.asks.contains(&party))
    };
    let waits = |(party, list): &(Party, String)| {
        case.waits_for == Some(*party) && *list == keys::cases_of(*party, case.facility, case.asked_by)
    };
    CaseRow {
        waits_for_me: on_paper || mine.iter().any(waits),
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
    }
}

/// A case.
///
/// # Errors
/// [`Code::NotFound`] for an unknown one and for one of another facility.
pub async fn read(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<Opened, ApiError> {
    let case = enter(&cx, id, Action::ReadCase).await?;
    let mut proposed = Form::new();
    let city = cx.actor()?.roles.contains(&Role::City);
    if city && declaration(case.procedure).step(Act::Register, case.state).is_some() {
        let colleagues = cx.app.store.accounts(Some(case.facility)).await?;
        proposed.insert("user_id".into(), propose_user_id(&colleagues, &case.form));
    }
    if city && declaration(case.procedure).step(Act::Grant, case.state).is_some() {
        proposed.insert("notice_number".into(), next_notice_number(&case));
        proposed.extend(case.form.get("from_on").map(|day| ("provided_from".to_owned(), day.clone())));
    }
    if city && declaration(case.procedure).step(Act::DecideTimes, case.state).is_some() {
        let soonest = stop::soonest(&cx);
        let wished = case.form.get("wished_on").and_then(|text| text.parse::<Day>().ok());
        proposed.insert("from_on".into(), wished.unwrap_or(soonest).max(soonest).to_string());
    }
    let erasure = disposal::progress(&cx.app, &case).await?;
    Ok(Opened { case, proposed, erasure })
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
        let named = facility::taking_part(&cx, asked.facility.unwrap_or(actor.facility)).await?.facility;
        let (ask, series, count) = numbered(&cx.app, cx.now, id, asked.procedure, &named).await?;
        let mut case = open(&asked, actor, ask, cx.now)?;
        papers::check_sender(&case, &named)?;
        // The day by which it is due may stand in the form that was just checked.
        case.due_at = due(&cx.app, cx.now, declaration(case.procedure).due, Some(&case));
        about_account(&cx, &mut case, &named).await?;
        proposal::check_request(&cx, &mut case).await?;
        disposal::check_request(&cx, &case).await?;
        facility::check_request(&cx, &mut case, &named).await?;
        let mut tx = Tx::default();
        store.require_taking_part(&mut tx, named.id)?;
        store.create_case(&mut tx, &case, &series, count)?;
        cx.commit_command(tx, command, case).await
    })
    .await
}

/// What a new case of a facility is put together with; its series, and how many of it there were.
pub(super) async fn numbered(
    app: &App,
    now: Timestamp,
    id: CaseId,
    procedure: Procedure,
    of: &Facility,
) -> Result<(Ask, String, u64), ApiError> {
    let declared = declaration(procedure);
    let (year, ..) = now.day().ymd();
    let series = format!("{}-{year}", declared.letter);
    let count = app.store.case_count(&series).await?;
    let number = format!("{series}-{:04}", count + 1);
    let due_at = due(app, now, declared.due, None);
    Ok((Ask { id, number, facility: of.id, facility_name: of.name.clone(), due_at }, series, count))
}

/// When something is due; of a case that is only being put together no day is known yet, and today counts.
fn due(app: &App, now: Timestamp, due: Due, case: Option<&Case>) -> Timestamp {
    let settings = &app.settings;
    let end_of = |day: Option<Day>| day.unwrap_or_else(|| now.day()).plus_days(1).start();
    match due {
        Due::Promptly => now.plus_seconds(settings.prompt_hours * 3600),
        Due::Days(days) => now.plus_seconds(days * 24 * 3600),
        // A day, or a moment: then its day.
        Due::EndOf(name) => end_of(case.and_then(|case| case.form.get(name)?.get(..10)?.parse().ok())),
        Due::EndOfStop => end_of(case.and_then(|case| stop_span(case).1).map(Timestamp::day)),
        Due::AnswerTime => settings.hours.plus_open_minutes(now, settings.answer_minutes),
        Due::LeakReport => {
            let clocks = case.and_then(shared::procedure::incident::leak);
            end_of(clocks.map(|clocks| clocks.final_until))
        }
    }
}

/// Where a state has a time of its own, the step that leads there sets it.
pub(super) fn time_of_state(app: &App, now: Timestamp, before: &Case, next: &mut Case) {
    let declared = declaration(next.procedure);
    // A stop that lasts longer keeps state and form: until when it lasts stands in the step.
    let changed =
        next.state != before.state || next.form != before.form || stop_span(next) != stop_span(before);
    let own = changed.then(|| declared.due_in(next.state)).flatten();
    // What rested had none.
    let anew = before.state.is_resting().then_some(declared.due);
    if let Some(new) = own.or(anew) {
        next.due_at = due(app, now, new, Some(&*next));
    }
}

/// Fills in whom a case is about; the account must be one of the facility that asks.
async fn about_account(cx: &Cx, case: &mut Case, facility: &Facility) -> Result<(), ApiError> {
    if let Some(registered_as) = case.form.get("role")
        && case.procedure != Procedure::Appointment
        && roles_of(registered_as, facility.kind).is_none()
    {
        let words = format!("{}の人は、この役割では登録できません。", facility.kind.label());
        return Err(FieldError::new("role", words).into());
    }
    let Some(id) = case.account else { return Ok(()) };
    let row = cx.app.store.account(id).await?;
    let row =
        row.filter(|row| row.account.facility == case.facility && row.account.state != AccountState::Removed);
    let row = row
        .ok_or_else(|| ApiError::from(FieldError::new("account", "この施設の利用者から選んでください。")))?;
    if case.procedure == Procedure::Appointment {
        effect::appointed(case, &row.account, facility)?;
    }
    let account = row.account;
    case.account_words = Some(format!("{}（{}）", account.name, account.user_id));
    // Whoever takes over has no user id yet.
    if case.procedure != Procedure::AccountChange {
        case.about = account.name;
        case.user_id = Some(account.user_id);
    }
    Ok(())
}

/// Takes a step of a case, with its effect, in one transaction.
///
/// # Errors
/// [`Code::Stale`] when somebody was faster; [`Code::OwnRequest`]; [`Code::NoFile`]; the fields in error. A letter is printed by
/// its own endpoint, whose answer is remembered nowhere; data is made and fetched by its own.
pub async fn take(cx: Arc<Cx>, id: CaseId, given: TakeStep) -> Result<Case, ApiError> {
    if matches!(given.act, Act::Print | Act::Produce | Act::Provide) {
        return Err(Code::Invalid.into());
    }
    let command = given.command;
    let kept = before_step(&cx, id, &given).await?;
    let case = cx
        .once(command, || async {
            let case = enter(&cx, id, Action::TakeStep).await?;
            let (mut next, taken) = step(&case, &given, cx.actor()?, cx.now)?;
            if let Some(taken) = next.taken.last_mut() {
                taken.form.extend(kept.clone());
            }
            proposal::check_review(&case, given.act)?;
            if given.act.refills() {
                let facility = cx.app.store.facility(case.facility).await?.ok_or(Code::NotFound)?;
                about_account(&cx, &mut next, &facility).await?;
                proposal::check_request(&cx, &mut next).await?;
                facility::check_request(&cx, &mut next, &facility).await?;
            }
            time_of_state(&cx.app, cx.now, &case, &mut next);
            let mut tx = Tx::default();
            if let Some(what) = taken.and_then(|taken| taken.effect) {
                effect::apply(&cx, &mut tx, what, &mut next).await?;
            }
            cx.app.store.put_case(&mut tx, &next)?;
            cx.commit_command(tx, command, next).await
        })
        .await?;
    effect::follow_up(&cx, &case, given.act).await?;
    Ok(case)
}

/// What has to be in the bucket before the step can name it. Whoever may not take the step learns so first.
async fn before_step(cx: &Cx, id: CaseId, given: &TakeStep) -> Result<Form, ApiError> {
    if given.act != Act::Preserve || cx.app.store.done(given.command).await?.is_some() {
        return Ok(Form::new());
    }
    let case = enter(cx, id, Action::TakeStep).await?;
    step(&case, given, cx.actor()?, cx.now)?;
    incident::freeze(cx, &case, given).await
}

/// Whether a request came on paper.
pub(super) fn on_paper(case: &Case) -> bool {
    case.channel.is_entered()
}
