//! Passkeys (WebAuthn). A passkey that verifies its owner is two factors at once: the device, and what unlocks it.
//! We insist on that verification, so a device alone never suffices (requirements §2, 1).

use super::{factor, session, throttle};
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    settings::Settings,
    store::{factor::StoredPasskey, tx::Tx},
};
use serde::de::DeserializeOwned;
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    id::{AccountId, ChallengeId, FactorId},
    people::{Enrolled, FactorKind, Me, NewPasskey, PASSKEYS_MAX, PasskeyAnswer, PasskeyChallenge, Reauth},
};
use std::sync::Arc;
use url::Url;
use uuid::Uuid;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{DiscoverableAuthentication, DiscoverableKey, PasskeyRegistration, WebauthnError},
};

/// The rules of passkeys for our origins; `None` where the first origin is a bare number, to which no passkey can be
/// bound.
pub fn relying_party(settings: &Settings) -> Option<Webauthn> {
    let origins: Vec<Url> = settings.origins.iter().filter_map(|origin| Url::parse(origin).ok()).collect();
    let first = origins.iter().find(|origin| origin.domain().is_some())?;
    let domain = first.domain()?.to_owned();
    let mut builder = WebauthnBuilder::new(&domain, first).ok()?.rp_name(&settings.network);
    for origin in origins.iter().filter(|origin| origin.domain() == Some(&domain)) {
        builder = builder.append_allowed_origin(origin);
    }
    builder.build().ok()
}

fn party(cx: &Cx) -> Result<&Webauthn, ApiError> {
    cx.app.passkeys.as_ref().ok_or_else(|| Code::PasskeyRefused.into())
}

// What exactly was wrong with a passkey's answer helps nobody but an attacker.
fn refused(_: WebauthnError) -> ApiError {
    Code::PasskeyRefused.into()
}

fn understood<T: DeserializeOwned>(credential: serde_json::Value) -> Result<T, ApiError> {
    serde_json::from_value(credential).map_err(|_| Code::PasskeyRefused.into())
}

fn public_key(mut whole: serde_json::Value) -> serde_json::Value {
    whole.get_mut("publicKey").map(serde_json::Value::take).unwrap_or_default()
}

fn json<T: serde::Serialize>(value: &T) -> Result<serde_json::Value, ApiError> {
    serde_json::to_value(value).map_err(|e| ApiError::from(Code::Internal).because(e.to_string()))
}

/// Asks what a passkey is to sign. The question is the same for everybody: the passkey itself says whose it is.
///
/// # Errors
/// Too many questions from one network address.
pub async fn ask(cx: Arc<Cx>, (): (), _: Empty) -> Result<PasskeyChallenge, ApiError> {
    throttle::reserve(&cx, &throttle::source(&cx.source), throttle::FREE_SOURCE).await?;
    let (options, state) = party(&cx)?.start_discoverable_authentication().map_err(refused)?;
    let challenge = random::id(cx.now, ChallengeId::from_parts);
    cx.app.store.put_challenge(challenge, &state, cx.now).await?;
    Ok(PasskeyChallenge { challenge, options: public_key(json(&options)?) })
}

/// Opens a session by a passkey.
///
/// # Errors
/// [`Code::PasskeyRefused`], whatever was wrong with it; [`Code::Maintenance`] while the service lets this person do nothing.
pub async fn sign_in(cx: Arc<Cx>, (): (), given: PasskeyAnswer) -> Result<Me, ApiError> {
    let by_source = throttle::source(&cx.source);
    throttle::reserve(&cx, &by_source, throttle::FREE_SOURCE).await?;
    let store = &cx.app.store;
    let party = party(&cx)?;
    let credential = understood(given.credential)?;
    let state: DiscoverableAuthentication =
        store.challenge(given.challenge, cx.now).await?.ok_or(Code::PasskeyRefused)?;
    let (owner, key_id) = party.identify_discoverable_authentication(&credential).map_err(refused)?;
    let account = AccountId::from_bits(owner.as_u128());
    let row = store.account(account).await?.filter(|row| row.account.state.may_sign_in());
    let row = row.ok_or(Code::PasskeyRefused)?;
    cx.about(account);
    let mut factors = store.factors(account).await?;
    let found = factors.factors.passkeys.iter_mut().find(|stored| stored.key.cred_id().as_slice() == key_id);
    let stored = found.ok_or(Code::PasskeyRefused)?;
    let proven = party
        .finish_discoverable_authentication_v2(&credential, state, DiscoverableKey::from(&stored.key))
        .map_err(refused)?;
    if !proven.user_verified() {
        return Err(Code::PasskeyRefused.into());
    }
    stored.key.update_credential(&proven);
    stored.used_at = Some(cx.now);
    // It was no guess, also where the service lets nobody in now.
    store.forget_attempts(&by_source).await?;
    let login = session::login_of(&cx, &row).await?;
    let used = |tx: &mut Tx<Code>| {
        store.use_challenge(tx, given.challenge)?;
        store.put_factors(tx, account, &factors)
    };
    session::complete(&cx, row, &login.draft_key, FactorKind::Passkey, used).await
}

/// Asks what a new passkey is to sign.
///
/// # Errors
/// The password is wrong; there are [`PASSKEYS_MAX`] already.
pub async fn offer(cx: Arc<Cx>, (): (), given: Reauth) -> Result<PasskeyChallenge, ApiError> {
    let row = factor::reauthenticate(&cx, &given).await?;
    let account = row.account.id;
    let kept = cx.app.store.factors(account).await?.factors.passkeys;
    if kept.len() >= PASSKEYS_MAX {
        let words = format!("パスキーは{PASSKEYS_MAX}個までです。使わないものを外してください。");
        return Err(FieldError::new("name", words).into());
    }
    let known = kept.iter().map(|stored| stored.key.cred_id().clone()).collect();
    let (options, state) = party(&cx)?
        .start_passkey_registration(
            Uuid::from_u128(account.to_bits()),
            &row.account.user_id,
            &row.account.name,
            Some(known),
        )
        .map_err(refused)?;
    let challenge = random::id(cx.now, ChallengeId::from_parts);
    cx.app.store.put_challenge(challenge, &(account, state), cx.now).await?;
    let mut options = public_key(json(&options)?);
    // Found by the device itself, so that nobody has to type a user id.
    if let Some(wanted) = options.get_mut("authenticatorSelection").and_then(|s| s.as_object_mut()) {
        wanted.insert("residentKey".into(), "required".into());
        wanted.insert("requireResidentKey".into(), true.into());
    }
    Ok(PasskeyChallenge { challenge, options })
}

/// Enrols a passkey.
///
/// # Errors
/// [`Code::PasskeyRefused`]; the name is missing or too long.
pub async fn enrol(cx: Arc<Cx>, (): (), given: NewPasskey) -> Result<Enrolled, ApiError> {
    let name = given.checked_name()?;
    let store = &cx.app.store;
    let (account, state): (AccountId, PasskeyRegistration) =
        store.challenge(given.challenge, cx.now).await?.ok_or(Code::PasskeyRefused)?;
    if account != cx.actor()?.account {
        return Err(Code::PasskeyRefused.into());
    }
    let credential = understood(given.credential)?;
    let key = party(&cx)?.finish_passkey_registration(&credential, &state).map_err(refused)?;
    let id = random::id(cx.now, FactorId::from_parts);
    let stored = StoredPasskey { id, name, key, added_at: cx.now, used_at: None };
    factor::enrol(&cx, FactorKind::Passkey, |tx, factors| {
        factors.factors.passkeys.push(stored.clone());
        store.use_challenge(tx, given.challenge)
    })
    .await
}
