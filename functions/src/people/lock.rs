//! Leaving the seat: the screen locks, and opens for the same person only (Art. 4(3); requirements §2, 5).

use super::{factor, session};
use crate::{
    http::{context::Cx, error::ApiError},
    store::tx::Tx,
};
use shared::{
    api::{Empty, error::Code},
    people::{Me, SessionStage, Unlock},
};
use std::sync::Arc;

/// Locks the screen; nothing opens until it is unlocked.
///
/// # Errors
/// If the session ended meanwhile.
pub async fn lock(cx: Arc<Cx>, (): (), _: Empty) -> Result<Empty, ApiError> {
    set_stage(&cx, SessionStage::Locked).await?;
    Ok(Empty {})
}

/// Opens the locked screen with the password. (With a passkey, the person simply signs in again.)
///
/// # Errors
/// The password is wrong, or was tried too often.
pub async fn unlock(cx: Arc<Cx>, (): (), given: Unlock) -> Result<Me, ApiError> {
    let row = session::own_row(&cx).await?;
    factor::check_password(&cx, &row, "password", &given.password).await?;
    set_stage(&cx, SessionStage::Complete).await
}

async fn set_stage(cx: &Cx, stage: SessionStage) -> Result<Me, ApiError> {
    let mut open = cx.session().ok_or(Code::SignInFirst)?.clone();
    open.stage = stage;
    let mut tx = Tx::default();
    cx.app.store.put_session(&mut tx, cx.session_hash().unwrap_or_default(), &open, cx.now)?;
    cx.commit(tx).await?;
    session::me(cx, &open, cx.actor()?).await
}
