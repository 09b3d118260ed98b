//! Signing in, being signed in, signing out (Arts. 4(3), 12(1), 13; requirements §2, 1–5).

use super::{cookie, throttle};
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        Store,
        error::StoreError,
        keys,
        people::{AccountRow, Login, Session},
        tx::Tx,
    },
};
use shared::{
    api::{Empty, error::Code},
    id::EventId,
    people::{Actor, Credentials, FactorKind, Me, PASSWORD_MAX, SessionStage, SignInRow, is_user_id},
};
use std::sync::Arc;

/// How often a sign-in is written again when the same person signs in elsewhere at the same moment.
const TRIES: u32 = 12;

/// Opens a session: the first factor.
///
/// # Errors
/// The same for an unknown user id, a closed account and a wrong password; [`Code::TooManyAttempts`] with the
/// seconds to wait; what only the right password learns: the letter is too old, no second factor is left.
pub async fn sign_in(cx: Arc<Cx>, (): (), given: Credentials) -> Result<Me, ApiError> {
    let store = &cx.app.store;
    let user_id = given.user_id.trim().to_lowercase();
    let (by_user, by_source) = (throttle::user(&user_id), throttle::source(&cx.source));
    throttle::reserve(&cx, &by_source, throttle::FREE_SOURCE).await?;
    throttle::reserve(&cx, &by_user, throttle::FREE).await?;
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
    let stage = next_stage(&cx, &login).await?;

    let session = session(&cx, &row, stage, login.draft_key);
    let mut tx = Tx::default();
    let cookie = open(&cx, &mut tx, &row, &session).await?;
    if let Some(old) = cx.previous_session() {
        tx.remove(store, &keys::session(old))?;
    }
    cx.commit(tx).await?;
    cx.set_cookie(cookie);
    me(&cx, &session, cx.actor()?).await
}

/// What the right password leads to. Never to a complete session, and to enrolling a factor only by way of a letter.
async fn next_stage(cx: &Cx, login: &Login) -> Result<SessionStage, ApiError> {
    if login.may_enrol {
        if login.letter_ends.is_some_and(|end| end <= cx.now) {
            return Err(Code::LetterEnded.into());
        }
        let next =
            if login.must_change { SessionStage::PasswordChange } else { SessionStage::FactorEnrolment };
        return Ok(next);
    }
    if kinds(cx, login.account).await?.is_empty() {
        return Err(Code::NoFactor.into());
    }
    Ok(SessionStage::FactorMissing)
}

/// With what a person can show their second factor.
async fn kinds(cx: &Cx, account: shared::id::AccountId) -> Result<Vec<FactorKind>, StoreError> {
    let store = &cx.app.store;
    let (row, totp) = futures::try_join!(store.factors(account), store.totp(account))?;
    let has = [
        (FactorKind::Passkey, !row.factors.passkeys.is_empty()),
        (FactorKind::Totp, totp.secret.is_some()),
        (FactorKind::Recovery, !row.factors.recovery.is_empty()),
    ];
    Ok(has.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind).collect())
}

fn session(cx: &Cx, row: &AccountRow, stage: SessionStage, draft_key: String) -> Session {
    Session {
        account: row.account.id,
        stage,
        // What it goes on from may be a moment ahead, because all others ended in that moment.
        since: cx.session().map_or(cx.now, |before| before.since.max(cx.now)),
        device: cx.device.clone(),
        source: cx.source.clone(),
        draft_key,
    }
}

/// The write that opens a session; its cookie. The token is new: one that was known before, or was planted, opens nothing.
///
/// # Errors
/// [`Code::Maintenance`] for whoever does not have to bring a stopped service back (Art. 18(2)(3)); the store's trouble.
pub(super) async fn open(
    cx: &Cx,
    tx: &mut Tx<Code>,
    row: &AccountRow,
    session: &Session,
) -> Result<String, ApiError> {
    let store = &cx.app.store;
    let (token, hash) = cookie::new_token();
    let ends = session.since.plus_seconds(cx.app.settings.session_seconds);
    tx.create(store, Store::session_item(&hash, session, cx.now, ends)?, Code::Busy)?;
    cx.adopt(hash, session.clone(), row.account.actor_on(cx.now.day()));
    // Before somebody signed in nobody's role was known; now it is, whatever they signed in with.
    if let Some(service) = store.service().await? {
        cx.service_admits(&service)?;
    }
    Ok(cookie::give(row.account.id, &token))
}

/// Opens the complete session that both factors have earned, in place of the one that this browser had. `more` are the writes
/// that use up what was shown.
///
/// # Errors
/// As [`open`]; the account was closed or its sessions were ended meanwhile; what `more` means when it fails.
pub(super) async fn complete(
    cx: &Cx,
    row: AccountRow,
    draft_key: &str,
    factor: FactorKind,
    more: impl Fn(&mut Tx<Code>) -> Result<(), StoreError>,
) -> Result<Me, ApiError> {
    let store = &cx.app.store;
    let mut row = row;
    let mut tried = 0;
    loop {
        let session = session(cx, &row, SessionStage::Complete, draft_key.to_owned());
        let mut tx = Tx::default();
        for old in [cx.session_hash(), cx.previous_session()].into_iter().flatten() {
            tx.remove(store, &keys::session(old))?;
        }
        let cookie = open(cx, &mut tx, &row, &session).await?;
        let sign_in = SignInRow { at: cx.now, device: cx.device.clone(), source: cx.source.clone(), factor };
        store.note_sign_in(&mut tx, &row, random::id(cx.now, EventId::from_parts), &sign_in)?;
        more(&mut tx)?;
        match cx.commit(tx).await {
            Ok(()) => {
                cx.set_cookie(cookie);
                return me(cx, &session, &row.account.actor_on(cx.now.day())).await;
            }
            Err(error) if error.code == Code::Busy && tried < TRIES => {
                tried += 1;
                random::pause(4 << tried.min(5)).await;
                let stands = |row: &AccountRow| {
                    row.account.state.may_sign_in()
                        && cx.session().is_none_or(|session| session.since > row.sessions_from)
                };
                let again = store.account(row.account.id).await?;
                row = again.filter(stands).ok_or(Code::SessionEnded)?;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The account of the session that asks, as it is now.
///
/// # Errors
/// If nobody is signed in.
pub(super) async fn own_row(cx: &Cx) -> Result<AccountRow, ApiError> {
    let account = cx.actor()?.account;
    Ok(cx.app.store.account(account).await?.ok_or(Code::SessionEnded)?)
}

/// The login of an account.
///
/// # Errors
/// If there is none, which no account of ours lacks.
pub(super) async fn login_of(cx: &Cx, row: &AccountRow) -> Result<Login, ApiError> {
    let login = cx.app.store.login(&row.account.user_id).await?;
    login.ok_or_else(|| ApiError::from(Code::Internal).because("an account without a login"))
}

/// The session as its browser may know it.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn me(cx: &Cx, session: &Session, actor: &Actor) -> Result<Me, ApiError> {
    let settings = &cx.app.settings;
    let complete = session.stage == SessionStage::Complete;
    let missing = session.stage == SessionStage::FactorMissing;
    Ok(Me {
        actor: actor.clone(),
        stage: session.stage,
        factors: if missing { kinds(cx, session.account).await? } else { Vec::new() },
        now: cx.now,
        ends_at: session.since.plus_seconds(settings.session_seconds),
        lock_seconds: u32::try_from(settings.lock_seconds).unwrap_or(u32::MAX),
        network: settings.network.clone(),
        draft_key: if complete { session.draft_key.clone() } else { String::new() },
    })
}

/// Who is signed in.
///
/// # Errors
/// If nobody is.
pub async fn read_self(cx: Arc<Cx>, (): (), _: Empty) -> Result<Me, ApiError> {
    let session = cx.session().ok_or(Code::SignInFirst)?;
    me(&cx, session, cx.actor()?).await
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
