//! Signing in, being signed in, signing out (Arts. 4(3), 12(1), 13; requirements §2, 1–5).

use super::cookie;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        Store,
        blob::sha256_hex,
        keys,
        people::{Session, Throttle},
        tx::Tx,
    },
};
use shared::{
    api::{Empty, error::Code},
    people::{Credentials, Me, PASSWORD_MAX, SessionStage, is_user_id},
};
use std::sync::Arc;

/// Wrong attempts in a row that cost nothing.
const FREE_ATTEMPTS: u32 = 5;
/// The same for one network address, behind which a whole facility may sit.
const FREE_ATTEMPTS_SOURCE: u32 = 60;
/// The longest wait after wrong attempts, in seconds: never a permanent lock-out.
const LONGEST_WAIT: i64 = 15 * 60;
/// How often a count is read again when others counted meanwhile, and the longest pause between, in milliseconds.
const RESERVE_TRIES: u32 = 40;
const RESERVE_PAUSE_MS: u8 = 40;
/// Attempts are forgotten after so many seconds without another.
const FORGOTTEN_AFTER: i64 = 24 * 60 * 60;

/// Seconds to wait after so many wrong attempts in a row.
fn wait_after(failures: u32, free: u32) -> i64 {
    match failures.checked_sub(free) {
        None => 0,
        Some(over) => (5_i64 << over.min(10)).min(LONGEST_WAIT),
    }
}

/// Opens a session.
///
/// # Errors
/// The same for an unknown user id and a wrong password; [`Code::TooManyAttempts`] with the seconds to wait.
pub async fn sign_in(cx: Arc<Cx>, (): (), given: Credentials) -> Result<Me, ApiError> {
    let store = &cx.app.store;
    let user_id = given.user_id.trim().to_lowercase();
    // Hashed: people type passwords into the wrong field.
    let by_user = format!("user:{}", sha256_hex(user_id.as_bytes()));
    let by_source = format!("source:{}", sha256_hex(cx.source.as_bytes()));
    reserve(&cx, &by_source, FREE_ATTEMPTS_SOURCE).await?;
    reserve(&cx, &by_user, FREE_ATTEMPTS).await?;
    let plausible = is_user_id(&user_id) && given.password.chars().count() <= PASSWORD_MAX;
    let login = if plausible { store.login(&user_id).await? } else { None };
    if let Some(login) = &login {
        cx.about(login.account);
    }
    let password = given.password.chars().take(PASSWORD_MAX).collect();
    let stored = login.as_ref().and_then(|login| login.password.clone());
    let right = cx.app.passwords.verify(password, stored).await;
    let Some(login) = login.filter(|_| right) else { return Err(Code::WrongCredentials.into()) };
    let row = store.account(login.account).await?.filter(|row| row.account.state.may_sign_in());
    let row = row.ok_or(Code::WrongCredentials)?;
    store.forget_attempts(&by_user).await?;
    store.forget_attempts(&by_source).await?;

    let (token, hash) = cookie::new_token();
    let session = Session {
        account: row.account.id,
        stage: SessionStage::Complete,
        since: cx.now,
        draft_key: login.draft_key,
    };
    let ends = cx.now.plus_seconds(cx.app.settings.session_seconds);
    let mut tx = Tx::default();
    tx.create(store, Store::session_item(&hash, &session, cx.now, ends)?, Code::Busy)?;
    cx.adopt(hash, session.clone(), row.account.actor_on(cx.now.day()));
    cx.commit(tx).await?;
    cx.set_cookie(cookie::give(row.account.id, &token));
    me(&cx, &session)
}

/// Counts an attempt before it is made; refuses it while a wait is running. People who sign in at the same
/// moment meet at the same count: who came second reads it again.
async fn reserve(cx: &Cx, what: &str, free: u32) -> Result<(), ApiError> {
    let store = &cx.app.store;
    for _ in 0..RESERVE_TRIES {
        let seen = store.throttle(what).await?;
        let left = (seen.next_try - cx.now.ms()).max(0);
        if left > 0 {
            let seconds = u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX);
            return Err(ApiError::from(Code::TooManyAttempts).after(seconds));
        }
        let failures = seen.failures.saturating_add(1);
        // No wait is no time at all: requests side by side do not agree on what «now» is.
        let wait = wait_after(failures, free);
        let next_try = if wait == 0 { 0 } else { cx.now.ms() + wait * 1000 };
        let next = Throttle { failures, next_try };
        if store.count_attempt(what, seen, next, cx.now.plus_seconds(FORGOTTEN_AFTER)).await? {
            return Ok(());
        }
        random::pause(RESERVE_PAUSE_MS).await;
    }
    Err(Code::Busy.into())
}

fn me(cx: &Cx, session: &Session) -> Result<Me, ApiError> {
    Ok(Me {
        actor: cx.actor()?.clone(),
        stage: session.stage,
        now: cx.now,
        ends_at: session.since.plus_seconds(cx.app.settings.session_seconds),
        network: cx.app.settings.network.clone(),
        draft_key: session.draft_key.clone(),
    })
}

/// Who is signed in.
///
/// # Errors
/// If nobody is.
pub async fn read_self(cx: Arc<Cx>, (): (), _: Empty) -> Result<Me, ApiError> {
    let session = cx.session().ok_or(Code::SignInFirst)?;
    me(&cx, session)
}

/// Ends the session, here and in the table.
///
/// # Errors
/// If the store cannot be reached; then the session still stands.
pub async fn sign_out(cx: Arc<Cx>, (): (), _: Empty) -> Result<Empty, ApiError> {
    if let Some(hash) = cx.session_hash() {
        let mut tx = Tx::default();
        tx.remove(&cx.app.store, &keys::session(hash))?;
        cx.commit(tx).await?;
    }
    cx.set_cookie(cookie::take_back());
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..20).map(|n| wait_after(n, FREE_ATTEMPTS)).collect();
        assert_eq!(&waits[..4], [0, 0, 0, 0]);
        assert_eq!(&waits[4..7], [5, 10, 20]);
        assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= LONGEST_WAIT));
    }
}
