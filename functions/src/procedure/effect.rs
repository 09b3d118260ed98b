//! What steps do beyond their case: writes of the same transaction.

use super::{announce, disposal, facility, incident, stop};
use crate::{
    http::{context::Cx, error::ApiError},
    people::credential,
    portal, random,
    store::{people::AccountRow, tx::Tx},
};
use shared::{
    api::error::{Code, FieldError},
    calendar::Day,
    id::AccountId,
    people::{Account, AccountState, Appointed, Facility, FacilityKind, Profession, Role},
    procedure::{APPOINTABLE, Act, Case, Effect, ServiceMode, roles_of},
};

/// Adds the writes of an effect to a step's transaction.
///
/// # Errors
/// The account is gone, changed meanwhile, or its user id is taken.
pub(super) async fn apply(
    cx: &Cx,
    tx: &mut Tx<Code>,
    effect: Effect,
    case: &mut Case,
) -> Result<(), ApiError> {
    match effect {
        Effect::RegisterAccount => {
            let account = new_account(cx, tx, case).await?;
            case.account = Some(account.id);
            cx.about_once(account.id);
            credential::register(cx, tx, &account)
        }
        Effect::RegisterFacility => facility::register(cx, tx, case).await,
        Effect::ChangeFacility => facility::change(cx, tx, case).await,
        Effect::LeaveFacility => facility::leave(cx, tx, case).await,
        Effect::RemoveAccount => set_state(cx, tx, case, AccountState::Removed).await,
        Effect::ReplaceAccount => {
            set_state(cx, tx, case, AccountState::Removed).await?;
            let account = new_account(cx, tx, case).await?;
            case.account = Some(account.id);
            cx.about_once(account.id);
            credential::register(cx, tx, &account)
        }
        Effect::StopAccount => set_state(cx, tx, case, AccountState::Stopped).await,
        Effect::ResumeAccount => set_state(cx, tx, case, AccountState::Active).await,
        Effect::Appoint => {
            let mut row = row(cx, case).await?;
            let facility = cx.app.store.facility(row.account.facility).await?.ok_or(Code::NotFound)?;
            row.account.appointed = appointed(case, &row.account, &facility)?;
            Ok(cx.app.store.change_account(tx, &row, None)?)
        }
        Effect::OpenIncident => incident::from_inquiry(cx, tx, case).await,
        Effect::CutService => incident::close_service(cx, tx, case, ServiceMode::Cut).await,
        Effect::HaltService => incident::close_service(cx, tx, case, incident::halted(case)).await,
        Effect::ResumeService => incident::open_service(cx, tx, case).await,
        Effect::SetBackupTimes => stop::set_times(cx, tx, case).await,
        Effect::AnnounceStop => stop::announce(cx, tx, case).await,
        Effect::ProlongStop => stop::prolong(cx, tx, case).await,
        Effect::EndStop => stop::end(cx, tx, case).await,
        Effect::CancelStop => stop::cancel(cx, tx, case).await,
        // The copy is in the bucket before the step is written.
        Effect::FreezeEvidence => Ok(()),
        // The case that says so is what lets the job begin.
        Effect::EraseData => disposal::check_request(cx, case).await,
        Effect::PublishNotice => announce::notice(cx, tx, case),
        Effect::PublishFaq => announce::faq(cx, tx, case).await,
        Effect::RecordReview => crate::evidence::review::record(cx, tx, case).await,
        Effect::NameSystemData => crate::evidence::system::name(cx, case).await,
        Effect::RecordRunbook => crate::evidence::runbooks::record(cx, tx, case),
        Effect::PublishPortal => portal::proposal::publish(cx, tx, case).await,
        Effect::ChangeDetail => {
            let mut row = row(cx, case).await?;
            let before = change_detail(&mut row.account, case);
            if let Some(taken) = case.taken.last_mut() {
                taken.form.extend(before);
            }
            case.about.clone_from(&row.account.name);
            Ok(cx.app.store.change_account(tx, &row, None)?)
        }
        // Their own endpoints do it: a letter's secret must not pass through here, and data is not a step of its own.
        Effect::IssueLetter | Effect::MakeOutput | Effect::ProvideOutput => Err(Code::Forbidden.into()),
    }
}

/// The account of a case, for a further write.
///
/// # Errors
/// [`Code::NotFound`] where a case has none.
pub(super) async fn row(cx: &Cx, case: &Case) -> Result<AccountRow, ApiError> {
    let id = case.account.ok_or(Code::NotFound)?;
    cx.about_once(id);
    Ok(cx.app.store.account(id).await?.ok_or(Code::NotFound)?)
}

/// Stops, resumes or removes the account of a case. What is so already stays so, and what is removed stays removed.
async fn set_state(cx: &Cx, tx: &mut Tx<Code>, case: &Case, state: AccountState) -> Result<(), ApiError> {
    let row = row(cx, case).await?;
    let now = row.account.state;
    let resumes_what_was_not_stopped = state == AccountState::Active && now != AccountState::Stopped;
    if now == state || now == AccountState::Removed || resumes_what_was_not_stopped {
        return Ok(());
    }
    credential::set_state(cx, tx, &row, state)
}

/// The appointments of an account after a filing (Art. 3).
///
/// # Errors
/// The field that does not fit what is registered: another facility, appointed already, not appointed at all.
pub(super) fn appointed(
    case: &Case,
    account: &Account,
    facility: &Facility,
) -> Result<Vec<Appointed>, ApiError> {
    let wrong = |field: &str, words: &str| ApiError::from(FieldError::new(field, words));
    if facility.kind != FacilityKind::Contractor {
        return Err(wrong("account", "契約事業者に登録されている人から選んでください。"));
    }
    let day = |name: &str| case.form.get(name).and_then(|text| text.parse::<Day>().ok());
    let role = case.form.get("role").and_then(|role| Role::from_wire(role));
    let role = role.filter(|role| APPOINTABLE.contains(role)).ok_or(Code::Invalid)?;
    if case.form.get("what").is_some_and(|what| what == "appoint") {
        let from = day("from_on").ok_or(Code::Invalid)?;
        let new = Appointed { role, from, to: day("to_on"), case: Some(case.id) };
        let all = account.appointed_with(new);
        return all.ok_or_else(|| wrong("from_on", "この期間は、すでに同じ役割に任命されています。"));
    }
    let mut all = account.appointed.clone();
    let last = day("to_on").ok_or(Code::Invalid)?;
    let held = all
        .iter_mut()
        .find(|held| held.role == role && held.from <= last && held.to.is_none_or(|to| last <= to));
    let held = held.ok_or_else(|| wrong("to_on", "この日に、この役割には任命されていません。"))?;
    held.to = Some(last);
    held.case = Some(case.id);
    Ok(all)
}

/// A new person of the facility of a case, and the write without which nobody joins one that leaves at the same moment.
async fn new_account(cx: &Cx, tx: &mut Tx<Code>, case: &Case) -> Result<Account, ApiError> {
    let text = |name: &str| case.form.get(name).cloned().unwrap_or_default();
    let row = facility::taking_part(cx, case.facility).await?;
    let facility = &row.facility;
    cx.app.store.turn_facility(tx, &row, facility)?;
    Ok(Account {
        id: random::id(cx.now, AccountId::from_parts),
        user_id: case.user_id.clone().ok_or(Code::Invalid)?,
        name: text("name"),
        kana: shared::text::fold_kana_spaced(&text("kana")),
        profession: Profession::from_wire(&text("profession")).ok_or(Code::Invalid)?,
        facility: facility.id,
        // The case keeps the name of the day on which it was asked.
        facility_name: facility.name.clone(),
        roles: roles_of(&text("role"), facility.kind).ok_or(Code::Invalid)?,
        appointed: Vec::new(),
        contact: text("contact"),
        state: AccountState::Registered,
    })
}

/// Changes the details and gives what they were before.
fn change_detail(account: &mut Account, case: &Case) -> Vec<(String, String)> {
    let mut before = Vec::new();
    let mut keep = |name: &str, was: &str| before.push((format!("before_{name}"), was.to_owned()));
    for (name, value) in &case.form {
        match name.as_str() {
            "name" => {
                keep(name, &account.name);
                account.name.clone_from(value);
            }
            "kana" => {
                keep(name, &account.kana);
                account.kana = shared::text::fold_kana_spaced(value);
            }
            "contact" => {
                keep(name, &account.contact);
                account.contact.clone_from(value);
            }
            "profession" => {
                keep(name, account.profession.wire());
                account.profession = Profession::from_wire(value).unwrap_or(account.profession);
            }
            _ => {}
        }
    }
    before
}

/// What follows a committed step and may be done again: copies of what was changed.
///
/// # Errors
/// If the store cannot be reached; the step stands, and a repetition does the rest.
pub(super) async fn follow_up(cx: &Cx, case: &Case, act: Act) -> Result<(), ApiError> {
    if act == Act::ChangeDetail {
        let row = row(cx, case).await?;
        cx.app.store.refresh_memberships(&row.account).await?;
    }
    if act == Act::ChangeFacility
        && let Some(facility) = cx.app.store.facility(case.facility).await?
    {
        cx.app.store.refresh_people_of(&facility).await?;
    }
    if act == Act::Erase {
        cx.app.erasure_begun.notify_one();
    }
    // The step stands, and the schedule writes what could not be written now.
    let shown = [
        Act::Publish,
        Act::RegisterFacility,
        Act::ChangeFacility,
        Act::LeaveFacility,
        Act::PublishFaq,
        Act::Inform,
        Act::Cut,
        Act::Halt,
        Act::Recover,
        Act::DecideTimes,
        Act::AnnounceStop,
        Act::ProlongStop,
        Act::CancelStop,
        Act::Resume,
    ];
    if shown.contains(&act)
        && let Err(error) = portal::publish::run_due(&cx.app).await
    {
        tracing::error!(%error, "the portal's files were not written; it is tried again");
    }
    Ok(())
}
