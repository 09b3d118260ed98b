//! What lets a person in, from the side of those who decide about it: registering, the letter's password, closing
//! (Art. 13). The secret of a letter exists in one answer only; the table has its hash.

use super::password;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        Store,
        people::{AccountRow, Login},
        tx::Tx,
    },
};
use shared::{
    api::error::Code,
    calendar::Timestamp,
    people::{Account, AccountState},
};

/// Groups of a letter's password, and characters in each: about 79 bits.
const GROUPS: usize = 4;
const GROUP: usize = 4;
/// A letter's password works for so many seconds: long enough for the post and a holiday.
const LETTER_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A password for a letter: random, easy to read from paper, within the code rules (コード要件).
fn first_password() -> String {
    loop {
        let text = random::code(GROUPS, GROUP);
        if shared::people::weak_password(&text, &[]).is_none() {
            return text;
        }
    }
}

/// The writes that register a person who cannot sign in before a letter was printed.
///
/// # Errors
/// If the account cannot be written as an item; the user id being taken shows when the transaction is committed,
/// as [`Code::UserIdTaken`].
pub fn register(cx: &Cx, tx: &mut Tx<Code>, account: &Account) -> Result<(), ApiError> {
    let [account_item, login_item] = Store::account_items(account, &Login::without_password(account.id))?;
    tx.create(&cx.app.store, account_item, Code::Busy)?;
    tx.create(&cx.app.store, login_item, Code::UserIdTaken)?;
    Ok(())
}

/// The writes of a new letter: its password replaces whatever opened the account before, second factors included,
/// and every session is void. Gives the password, for this one answer, and when it
/// ends.
///
/// # Errors
/// [`Code::NotFound`] for a removed account; [`Code::NoLetter`] for a stopped one, and for one in use unless it is `renewed`
/// after its holder was recognised (本人確認); the store's trouble.
pub async fn issue(
    cx: &Cx,
    tx: &mut Tx<Code>,
    row: &AccountRow,
    renewed: bool,
) -> Result<(String, Timestamp), ApiError> {
    match row.account.state {
        AccountState::Registered | AccountState::Invited => {}
        AccountState::Active if renewed => {}
        AccountState::Active | AccountState::Stopped => return Err(Code::NoLetter.into()),
        AccountState::Removed => return Err(Code::NotFound.into()),
    }
    let store = &cx.app.store;
    let mut login = store.login(&row.account.user_id).await?.ok_or(Code::NotFound)?;
    let letter = write_letter(&mut login, cx.now).await;
    let letter = letter.ok_or_else(|| ApiError::from(Code::Internal).because("no randomness"))?;
    store.put_login(tx, &row.account.user_id, &login)?;
    store.drop_factors(tx, row.account.id)?;
    let mut next = row.clone();
    next.account.state = AccountState::Invited;
    store.change_account(tx, &next, Some(cx.now))?;
    Ok(letter)
}

/// Gives a login the password of a new letter, for a first sign-in that enrols factors, and says when it ends. `None` where
/// the machine has no randomness.
pub(super) async fn write_letter(login: &mut Login, now: Timestamp) -> Option<(String, Timestamp)> {
    let secret = first_password();
    let hashed = secret.clone();
    login.password = Some(tokio::task::spawn_blocking(move || password::hash(&hashed)).await.ok()??);
    login.must_change = true;
    login.may_enrol = true;
    let ends = now.plus_seconds(LETTER_SECONDS);
    login.letter_ends = Some(ends);
    Some((secret, ends))
}

/// The write that stops or removes an account, or takes it into use again: every session is void at once.
///
/// # Errors
/// The store's trouble.
pub fn set_state(cx: &Cx, tx: &mut Tx<Code>, row: &AccountRow, state: AccountState) -> Result<(), ApiError> {
    let mut next = row.clone();
    next.account.state = state;
    Ok(cx.app.store.change_account(tx, &next, Some(cx.now))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_read_well_and_meet_the_rules() {
        for _ in 0..200 {
            let text = first_password();
            assert_eq!((text.len(), text.matches('-').count()), (19, 3), "{text}");
            assert_eq!(shared::people::weak_password(&text, &[]), None);
            assert!(!text.contains(['0', '1', 'l', 'o', 'i']), "{text}");
        }
    }
}
