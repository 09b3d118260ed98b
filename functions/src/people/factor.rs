//! The second factor: codes of an authenticator app, recovery codes, and the own password (requirements §2, 1–4).

use super::{password, qr, session, throttle};
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        blob::sha256_hex,
        error::StoreError,
        factor::FactorsRow,
        keys,
        people::{AccountRow, Login, Session},
        tx::Tx,
    },
};
use shared::{
    api::error::{Code, FieldError},
    calendar::Timestamp,
    people::{
        Enrolled, FactorKind, FactorProof, Me, NewPassword, RECOVERY_CODES, Reauth, SessionStage, TotpOffer,
        weak_password,
    },
};
use std::sync::Arc;
use totp_rs::{Builder, Secret, Totp};

/// Bytes of an authenticator app's secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Groups of a recovery code, and characters in each: about 59 bits.
const RECOVERY_GROUPS: (usize, usize) = (3, 4);

/// An app's codes of a secret.
fn totp(secret_base32: &str, issuer: &str, user_id: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret_base32).ok()?;
    let issuer = issuer.replace(':', " ");
    Builder::new().with_secret(secret).with_issuer(Some(issuer)).with_account_name(user_id).build().ok()
}

/// A secret as apps and the table spell it.
pub fn base32(secret: [u8; SECRET_BYTES]) -> String {
    Secret::from(secret).to_base32()
}

/// The code of a secret at an instant: for demo accounts and tests, which have no telephone.
pub fn code_at(secret_base32: &str, at: Timestamp) -> Option<String> {
    let seconds = u64::try_from(at.seconds()).ok()?;
    Some(totp(secret_base32, "", "-")?.generate(seconds).to_string())
}

/// What was typed, as it is compared: half-width, small letters, without gaps.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .take(64)
        .filter_map(|c| match c {
            '０'..='９' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => char::from_u32(u32::from(c) - 0xfee0),
            _ => Some(c),
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Shows the second factor by a code.
///
/// # Errors
/// [`Code::WrongCode`], [`Code::CodeUsed`], [`Code::TooManyAttempts`].
pub async fn prove(cx: Arc<Cx>, (): (), given: FactorProof) -> Result<Me, ApiError> {
    let account = cx.actor()?.account;
    let attempts = throttle::factor(account);
    throttle::reserve(&cx, &attempts, throttle::FREE).await?;
    let store = &cx.app.store;
    let row = session::own_row(&cx).await?;
    let code = plain(&given.code);
    let draft_key = cx.session().map(|session| session.draft_key.clone()).unwrap_or_default();
    let me = if code.len() == 6 {
        let doc = store.totp(account).await?;
        let step =
            doc.secret.as_deref().and_then(|secret| step_of(&cx, secret, &code)).ok_or(Code::WrongCode)?;
        session::complete(&cx, row, &draft_key, FactorKind::Totp, |tx| store.use_step(tx, account, step))
            .await?
    } else {
        let mut factors = store.factors(account).await?;
        let hash = sha256_hex(code.as_bytes());
        let before = factors.factors.recovery.len();
        factors.factors.recovery.retain(|kept| *kept != hash);
        if factors.factors.recovery.len() == before {
            return Err(Code::WrongCode.into());
        }
        let used = |tx: &mut Tx<Code>| store.put_factors(tx, account, &factors);
        session::complete(&cx, row, &draft_key, FactorKind::Recovery, used).await?
    };
    store.forget_attempts(&attempts).await?;
    Ok(me)
}

/// The time step of a right code.
fn step_of(cx: &Cx, secret: &str, code: &str) -> Option<u64> {
    let now = u64::try_from(cx.now.seconds()).ok()?;
    totp(secret, "", "-")?.check(code, now)
}

/// Asks for the password again before factors change; not within a first sign-in, which has just asked.
///
/// # Errors
/// The field's error; [`Code::TooManyAttempts`].
pub(super) async fn reauthenticate(cx: &Cx, given: &Reauth) -> Result<AccountRow, ApiError> {
    let row = session::own_row(cx).await?;
    if cx.session().is_some_and(|session| session.stage == SessionStage::Complete) {
        check_password(cx, &row, "password", &given.password).await?;
    }
    Ok(row)
}

/// Checks the password of the person who is signed in.
///
/// # Errors
/// As [`reauthenticate`].
pub(super) async fn check_password(
    cx: &Cx,
    row: &AccountRow,
    field: &str,
    typed: &str,
) -> Result<Login, ApiError> {
    let attempts = throttle::factor(row.account.id);
    throttle::reserve(cx, &attempts, throttle::FREE).await?;
    let login = session::login_of(cx, row).await?;
    let typed = typed.chars().take(shared::people::PASSWORD_MAX).collect();
    if !cx.app.passwords.verify(typed, login.password.clone()).await {
        return Err(FieldError::new(field, "今のパスワードが違います。").into());
    }
    cx.app.store.forget_attempts(&attempts).await?;
    Ok(login)
}

/// Offers a secret to an authenticator app. An earlier app stays in force until the new one is confirmed.
///
/// # Errors
/// As [`reauthenticate`].
pub async fn offer_totp(cx: Arc<Cx>, (): (), given: Reauth) -> Result<TotpOffer, ApiError> {
    let row = reauthenticate(&cx, &given).await?;
    let secret = base32(random::bytes());
    let mut doc = cx.app.store.totp(row.account.id).await?;
    doc.offered = Some(secret.clone());
    let mut tx = Tx::default();
    cx.app.store.put_totp(&mut tx, row.account.id, &doc)?;
    cx.commit(tx).await?;
    let trouble = || ApiError::from(Code::Internal).because("otpauth address");
    let app = totp(&secret, &cx.app.settings.network, &row.account.user_id).ok_or_else(trouble)?;
    let link = app.to_url().map_err(|_| trouble())?;
    let qr = qr::of(&link).ok_or_else(trouble)?;
    Ok(TotpOffer { secret, link, qr })
}

/// Confirms the offered secret by its first code.
///
/// # Errors
/// [`Code::WrongCode`].
pub async fn confirm_totp(cx: Arc<Cx>, (): (), given: FactorProof) -> Result<Enrolled, ApiError> {
    let account = cx.actor()?.account;
    let attempts = throttle::factor(account);
    throttle::reserve(&cx, &attempts, throttle::FREE).await?;
    let store = &cx.app.store;
    let mut doc = store.totp(account).await?;
    let step = doc.offered.as_deref().and_then(|secret| step_of(&cx, secret, &plain(&given.code)));
    let step = step.ok_or(Code::WrongCode)?;
    doc.secret = doc.offered.take();
    let enrolled = enrol(&cx, FactorKind::Totp, |tx, _| store.put_totp_used(tx, account, &doc, step)).await?;
    store.forget_attempts(&attempts).await?;
    Ok(enrolled)
}

/// Writes a new factor. The first one ends a first sign-in: recovery codes are made, the session is complete.
///
/// # Errors
/// The store's trouble; somebody changed the factors meanwhile.
pub(super) async fn enrol(
    cx: &Cx,
    kind: FactorKind,
    write: impl Fn(&mut Tx<Code>, &mut FactorsRow) -> Result<(), StoreError>,
) -> Result<Enrolled, ApiError> {
    let store = &cx.app.store;
    let row = session::own_row(cx).await?;
    let account = row.account.id;
    let mut factors = store.factors(account).await?;
    let open = cx.session().ok_or(Code::SignInFirst)?;
    if open.stage == SessionStage::Complete {
        let mut tx = Tx::default();
        let before = serde_json::to_string(&factors.factors).map_err(StoreError::from)?;
        write(&mut tx, &mut factors)?;
        if serde_json::to_string(&factors.factors).map_err(StoreError::from)? != before {
            store.put_factors(&mut tx, account, &factors)?;
        }
        cx.commit(tx).await?;
        return Ok(Enrolled { me: session::me(cx, open, cx.actor()?).await?, recovery: Vec::new() });
    }
    let recovery = new_recovery_codes(&mut factors);
    let mut login = session::login_of(cx, &row).await?;
    login.may_enrol = false;
    login.letter_ends = None;
    let user_id = row.account.user_id.clone();
    let more = |tx: &mut Tx<Code>| {
        let mut factors = factors.clone();
        write(tx, &mut factors)?;
        store.put_factors(tx, account, &factors)?;
        store.put_login(tx, &user_id, &login)
    };
    let me = session::complete(cx, row, &open.draft_key, kind, more).await?;
    Ok(Enrolled { me, recovery })
}

/// Fresh recovery codes; the earlier ones end. Given once, kept as hashes.
fn new_recovery_codes(factors: &mut FactorsRow) -> Vec<String> {
    let codes: Vec<String> =
        (0..RECOVERY_CODES).map(|_| random::code(RECOVERY_GROUPS.0, RECOVERY_GROUPS.1)).collect();
    factors.factors.recovery = codes.iter().map(|code| sha256_hex(plain(code).as_bytes())).collect();
    codes
}

/// New recovery codes; the earlier ones end.
///
/// # Errors
/// As [`reauthenticate`].
pub async fn renew_recovery(cx: Arc<Cx>, (): (), given: Reauth) -> Result<Enrolled, ApiError> {
    let row = reauthenticate(&cx, &given).await?;
    let mut factors = cx.app.store.factors(row.account.id).await?;
    let recovery = new_recovery_codes(&mut factors);
    let mut tx = Tx::default();
    cx.app.store.put_factors(&mut tx, row.account.id, &factors)?;
    cx.commit(tx).await?;
    let open = cx.session().ok_or(Code::SignInFirst)?;
    Ok(Enrolled { me: session::me(&cx, open, cx.actor()?).await?, recovery })
}

/// Chooses the own password: at the first sign-in instead of the letter's, later instead of the present one. Every other
/// session ends with it, however many there are; this one goes on under a new token.
///
/// # Errors
/// The field's error: the present password is wrong, the new one is weak or the same. [`Code::SessionEnded`] if somebody ended
/// this session meanwhile.
pub async fn choose_password(cx: Arc<Cx>, (): (), given: NewPassword) -> Result<Me, ApiError> {
    let store = &cx.app.store;
    let row = session::own_row(&cx).await?;
    let before = cx.session().ok_or(Code::SignInFirst)?;
    let first = before.stage == SessionStage::PasswordChange;
    let mut login = if first {
        session::login_of(&cx, &row).await?
    } else {
        check_password(&cx, &row, "current", &given.current).await?
    };
    let account = &row.account;
    let known = known_words(&[&account.user_id, &account.name, &account.kana, &account.facility_name]);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if let Some(why) = weak_password(&given.password, &known) {
        return Err(FieldError::new("password", why).into());
    }
    if cx.app.passwords.verify(given.password.clone(), login.password.clone()).await {
        return Err(
            FieldError::new("password", "今のパスワードと同じです。別のパスワードにしてください。").into()
        );
    }
    let hash = tokio::task::spawn_blocking(move || password::hash(&given.password)).await.ok().flatten();
    login.password = Some(hash.ok_or_else(|| ApiError::from(Code::Internal).because("no randomness"))?);
    login.must_change = false;
    let stage = if first { SessionStage::FactorEnrolment } else { before.stage };
    // What began until now is void from this write on, also what somebody began while the password was hashed; this session
    // begins a moment later.
    let now = cx.app.clock.now();
    let after = Session { stage, since: Timestamp::from_ms(now.ms() + 1), ..before.clone() };
    let mut tx = Tx::default();
    store.put_login(&mut tx, &account.user_id, &login)?;
    store.change_account(&mut tx, &row, Some(now))?;
    tx.remove_existing(store, &keys::session(cx.session_hash().unwrap_or_default()), Code::SessionEnded)?;
    let cookie = session::open(&cx, &mut tx, &row, &after).await?;
    cx.commit(tx).await?;
    cx.set_cookie(cookie);
    session::me(&cx, &after, cx.actor()?).await
}

/// A name has parts, and each is as easy to guess as the whole.
fn known_words(words: &[&str]) -> Vec<String> {
    words.iter().flat_map(|word| word.split_whitespace().chain([*word])).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_as_people_type_them() {
        assert_eq!(plain(" １２３ 456 "), "123456");
        assert_eq!(plain("K7MW-3hqt-9DXR"), "k7mw3hqt9dxr");
        assert_eq!(plain(&"9".repeat(500)).len(), 64);
    }

    #[test]
    fn the_codes_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of the eight digits.
        let secret = base32(*b"12345678901234567890");
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let at = Timestamp::from_ms(seconds * 1000);
            assert_eq!(code_at(&secret, at).as_deref(), Some(code));
        }
    }
}
