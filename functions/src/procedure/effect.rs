//! What steps do beyond their case: writes of the same transaction.

use crate::{
    http::{context::Cx, error::ApiError},
    people::credential,
    random,
    store::{people::AccountRow, tx::Tx},
};
use shared::{
    api::error::Code,
    id::AccountId,
    people::{Account, AccountState, Profession, Role},
    procedure::{Act, Case, Effect},
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
            let account = new_account(cx, case)?;
            case.account = Some(account.id);
            cx.about_once(account.id);
            credential::register(cx, tx, &account)
        }
        Effect::RemoveAccount => {
            let row = row(cx, case).await?;
            // Asking again for what is done is success.
            if row.account.state == AccountState::Removed {
                return Ok(());
            }
            credential::set_state(cx, tx, &row, AccountState::Removed)
        }
        Effect::ChangeDetail => {
            let mut row = row(cx, case).await?;
            let before = change_detail(&mut row.account, case);
            if let Some(taken) = case.taken.last_mut() {
                taken.form.extend(before);
            }
            case.about.clone_from(&row.account.name);
            Ok(cx.app.store.change_account(tx, &row, None)?)
        }
        // The letter's own endpoint does it: its secret must not pass through here.
        Effect::IssueLetter => Err(Code::Forbidden.into()),
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

fn new_account(cx: &Cx, case: &Case) -> Result<Account, ApiError> {
    let text = |name: &str| case.form.get(name).cloned().unwrap_or_default();
    let manages = case.form.get("role").is_some_and(|role| role == Role::FacilityManager.wire());
    Ok(Account {
        id: random::id(cx.now, AccountId::from_parts),
        user_id: case.user_id.clone().ok_or(Code::Invalid)?,
        name: text("name"),
        kana: shared::text::fold_kana_spaced(&text("kana")),
        profession: Profession::from_wire(&text("profession")).ok_or(Code::Invalid)?,
        facility: case.facility,
        facility_name: case.facility_name.clone(),
        roles: if manages { vec![Role::Member, Role::FacilityManager] } else { vec![Role::Member] },
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
    Ok(())
}
