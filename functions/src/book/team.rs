//! The care team: who has access, who leaves, who is taken out.

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{access::MemberDoc, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    authority::Action,
    book::{Circle, EndWithReason, Left},
    id::{AccountId, EventId, PatientId},
    text,
};
use std::sync::Arc;

const NOBODY_LEFT: &str = "同意と支援チームの世話をする人（患者を登録した人、介護支援専門員、看護師、保健師）が一人もいなくなるため、外せません。先に代わりの人を招待してください。";

/// Who has and had access, invitations, consents.
///
/// # Errors
/// [`Code::NotFound`] for an unknown and for a foreign patient alike.
pub async fn read(cx: Arc<Cx>, patient: PatientId, _: Empty) -> Result<Circle, ApiError> {
    let access = cx.app.store.enter(cx.actor()?, patient, Action::ReadTeam).await?;
    Ok(cx.app.store.circle(&access).await?)
}

/// Leaves the team.
///
/// # Errors
/// As [`remove`].
pub async fn leave(cx: Arc<Cx>, patient: PatientId, request: EndWithReason) -> Result<Empty, ApiError> {
    let me = cx.actor()?.account;
    depart(&cx, Action::LeaveTeam, patient, me, &request).await
}

/// Takes somebody out of the team: they have no access from this moment on.
///
/// # Errors
/// [`Code::NotFound`] if they are not in it; a field in error if nobody would be left to look after the team.
pub async fn remove(
    cx: Arc<Cx>,
    (patient, account): (PatientId, AccountId),
    request: EndWithReason,
) -> Result<Empty, ApiError> {
    depart(&cx, Action::RemoveFromTeam, patient, account, &request).await
}

async fn depart(
    cx: &Cx,
    action: Action,
    patient: PatientId,
    account: AccountId,
    request: &EndWithReason,
) -> Result<Empty, ApiError> {
    let reason = &text::required("reason", "理由", &request.reason, text::REASON_MAX)?;
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let id = random::id(cx.now, EventId::from_parts);
    cx.once(request.command, || async move {
        let access = store.enter(actor, patient, action).await?;
        let team = store.team_of(&access).await?;
        let leaving = team.iter().find(|member| member.account == account).ok_or(Code::NotFound)?;
        let mut others = team.iter().filter(|member| member.account != account);
        let last = team.len() == 1;
        if last || (leaving.is_key_worker() && !others.any(MemberDoc::is_key_worker)) {
            return Err(FieldError::new("reason", NOBODY_LEFT).into());
        }
        let left =
            Left { at: cx.now, by: actor.account, by_name: actor.name.clone(), reason: reason.clone() };
        let mut tx = Tx::default();
        store.depart(&mut tx, &access, account, (id, left)).await?;
        cx.commit_command(tx, request.command, Empty {}).await
    })
    .await
}
