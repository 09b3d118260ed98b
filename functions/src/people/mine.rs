//! 私の設定: what a person sees and ends of their own account.

use super::{factor, session};
use crate::{
    http::{context::Cx, error::ApiError},
    store::{keys, tx::Tx},
};
use shared::{
    api::{Empty, error::Code},
    id::{FactorId, SessionRef},
    people::{MyAccount, MyMail, PasskeyRow, Reauth, SessionRow},
};
use std::sync::Arc;

/// My account: factors, sessions, sign-ins.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<MyAccount, ApiError> {
    let store = &cx.app.store;
    let row = session::own_row(&cx).await?;
    let id = row.account.id;
    let (factors, totp, sessions, sign_ins, mail) = futures::try_join!(
        store.factors(id),
        store.totp(id),
        store.sessions(id),
        store.sign_ins(id),
        store.mail(id)
    )?;
    let settings = &cx.app.settings;
    let stands = |since: shared::calendar::Timestamp, used: shared::calendar::Timestamp| {
        since > row.sessions_from
            && cx.now.ms() - used.ms() <= settings.idle_seconds * 1000
            && cx.now.ms() - since.ms() <= settings.session_seconds * 1000
    };
    let mut sessions: Vec<SessionRow> = sessions
        .into_iter()
        .filter(|(_, session, used)| stands(session.since, *used))
        .map(|(hash, session, used)| SessionRow {
            id: SessionRef::of_hash(&hash),
            device: session.device,
            source: session.source,
            stage: session.stage,
            since: session.since,
            used,
            this: cx.session_hash() == Some(&hash),
        })
        .collect();
    sessions.sort_by_key(|session| (!session.this, std::cmp::Reverse(session.used)));
    let passkeys = factors.factors.passkeys.into_iter().map(|key| PasskeyRow {
        id: key.id,
        name: key.name,
        added_at: key.added_at,
        used_at: key.used_at,
    });
    Ok(MyAccount {
        account: row.account,
        passkeys: passkeys.collect(),
        totp: totp.secret.is_some(),
        recovery_left: u32::try_from(factors.factors.recovery.len()).unwrap_or(u32::MAX),
        sessions,
        sign_ins,
        mails: settings.mail_from.is_some(),
        mail: mail.map(|doc| MyMail { address: doc.address, confirmed: doc.confirmed }),
    })
}

/// Ends a session of mine, this one too.
///
/// # Errors
/// [`Code::NotFound`] for one that is not mine or has ended.
pub async fn end_session(cx: Arc<Cx>, name: SessionRef, _: Empty) -> Result<Empty, ApiError> {
    let account = cx.actor()?.account;
    let sessions = cx.app.store.sessions(account).await?;
    let found = sessions.iter().find(|(hash, ..)| SessionRef::of_hash(hash) == name);
    let (hash, ..) = found.ok_or(Code::NotFound)?;
    let mut tx = Tx::default();
    tx.remove(&cx.app.store, &keys::session(hash))?;
    cx.commit(tx).await?;
    Ok(Empty {})
}

/// Removes a passkey of mine, if another second factor is left.
///
/// # Errors
/// [`Code::LastFactor`]; the password is wrong; [`Code::NotFound`].
pub async fn remove_passkey(cx: Arc<Cx>, id: FactorId, given: Reauth) -> Result<Empty, ApiError> {
    let row = factor::reauthenticate(&cx, &given).await?;
    let store = &cx.app.store;
    let (mut factors, totp) = futures::try_join!(store.factors(row.account.id), store.totp(row.account.id))?;
    let before = factors.factors.passkeys.len();
    factors.factors.passkeys.retain(|key| key.id != id);
    if factors.factors.passkeys.len() == before {
        return Err(Code::NotFound.into());
    }
    if factors.factors.passkeys.is_empty() && totp.secret.is_none() {
        return Err(Code::LastFactor.into());
    }
    let mut tx = Tx::default();
    store.put_factors(&mut tx, row.account.id, &factors)?;
    cx.commit(tx).await?;
    Ok(Empty {})
}
