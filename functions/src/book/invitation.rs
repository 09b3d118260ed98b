//! Invitations: a facility is asked, and its manager chooses which of its people join.

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{access::Invited, team::colleague, tx::Tx},
};
use shared::{
    api::{
        Empty,
        book::{Facilities, Invitations},
        error::{Code, FieldError},
    },
    authority::Action,
    book::{
        EndWithReason, INVITATIONS_MAX, Invitation, InvitationAnswer, InvitationRow, InvitationState, Joined,
        JoinedBy, NewInvitation, TEAM_MAX, may_be_invited,
    },
    id::{AccountId, InvitationId, PatientId},
    people::{Account, Facility},
    text,
};
use std::sync::{Arc, Once};

/// The facilities that can be invited.
///
/// # Errors
/// If the store cannot be reached.
pub async fn facilities(cx: Arc<Cx>, (): (), _: Empty) -> Result<Facilities, ApiError> {
    let mut facilities = cx.app.store.facilities().await?;
    facilities.retain(|facility| may_be_invited(facility.kind));
    Ok(Facilities { facilities })
}

/// Invites a facility.
///
/// # Errors
/// Fields in error: an unknown facility, one that waits already, too many that wait.
pub async fn create(cx: Arc<Cx>, patient: PatientId, new: NewInvitation) -> Result<Invitation, ApiError> {
    let reason = text::required("reason", "招待の理由", &new.reason, text::REASON_MAX)?;
    let id = random::id(cx.now, InvitationId::from_parts);
    let named = Once::new();
    cx.once(new.command, || create_once(&cx, patient, &new, (id, &reason, &named))).await
}

async fn create_once(
    cx: &Cx,
    patient: PatientId,
    new: &NewInvitation,
    (id, reason, named): (InvitationId, &str, &Once),
) -> Result<Invitation, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, Action::InviteFacility).await?;
    let wrong = |sentence: &str| ApiError::from(FieldError::new("facility", sentence));
    let asked = |facility: &Facility| facility.takes_part() && may_be_invited(facility.kind);
    let facility = store.facility(new.facility).await?.filter(asked);
    let facility = facility.ok_or_else(|| wrong("施設を選んでください。"))?;
    let waiting = store.open_invitations(&access).await?;
    if waiting.iter().any(|invitation| invitation.facility == facility.id) {
        return Err(wrong("この施設はすでに招待され、回答を待っています。"));
    }
    if waiting.len() >= INVITATIONS_MAX {
        return Err(wrong(&format!("回答待ちの招待は{INVITATIONS_MAX}件までです。")));
    }
    let invitation = Invitation {
        id,
        facility: facility.id,
        facility_name: facility.name,
        reason: reason.to_owned(),
        at: cx.now,
        by: actor.account,
        by_name: actor.name.clone(),
        by_facility_name: actor.facility_name.clone(),
        state: InvitationState::Open,
        answered_at: None,
        answered_by_name: None,
        answer: None,
    };
    let mut tx = Tx::default();
    store.invite(&mut tx, &access, &invitation)?;
    named.call_once(|| cx.about(id));
    cx.commit_command(tx, new.command, invitation).await
}

/// Takes back an invitation that was not answered: the facility sees the patient's name no more.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::Stale`] if it was answered meanwhile.
pub async fn cancel(
    cx: Arc<Cx>,
    (patient, id): (PatientId, InvitationId),
    request: EndWithReason,
) -> Result<Invitation, ApiError> {
    let reason = &text::required("reason", "取りやめの理由", &request.reason, text::REASON_MAX)?;
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let cx = &cx;
    cx.once(request.command, || async move {
        let access = store.enter(actor, patient, Action::CancelInvitation).await?;
        let invitation = store.invitation(&access, id).await?.ok_or(Code::NotFound)?;
        let ended = ended(cx, invitation, InvitationState::Cancelled, Some(reason.clone()))?;
        let mut tx = Tx::default();
        store.cancel(&mut tx, &access, &ended)?;
        cx.commit_command(tx, request.command, ended).await
    })
    .await
}

fn ended(
    cx: &Cx,
    invitation: Invitation,
    state: InvitationState,
    answer: Option<String>,
) -> Result<Invitation, ApiError> {
    if invitation.state != InvitationState::Open {
        return Err(Code::Stale.into());
    }
    let answered_by_name = Some(cx.actor()?.name.clone());
    Ok(Invitation { state, answer, answered_at: Some(cx.now), answered_by_name, ..invitation })
}

/// What waits for the manager of a facility.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<Invitations, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let rows: Vec<_> = store.invitations(actor).await?.iter().map(row).collect();
    for row in &rows {
        cx.about(row.invitation.id);
    }
    let people = if rows.is_empty() { Vec::new() } else { store.colleagues(actor.facility).await? };
    Ok(Invitations { rows, people: people.iter().map(colleague).collect() })
}

fn row(invited: &Invited) -> InvitationRow {
    let patient = invited.patient();
    InvitationRow {
        patient: patient.id,
        name: patient.name.clone(),
        kana: patient.kana.clone(),
        area: patient.area.clone(),
        invitation: invited.invitation().clone(),
    }
}

/// Answers an invitation: the chosen people of the own facility are in the team from this moment on.
///
/// # Errors
/// [`Code::NotFound`] for an unknown invitation and for another facility's alike; [`Code::Stale`] if it was answered
/// or taken back; fields in error.
pub async fn answer(
    cx: Arc<Cx>,
    path: (PatientId, InvitationId),
    answer: InvitationAnswer,
) -> Result<Invitation, ApiError> {
    let answer = answer.check()?;
    let named = Once::new();
    cx.once(answer.command, || answer_once(&cx, path, &answer, &named)).await
}

async fn answer_once(
    cx: &Cx,
    (patient, id): (PatientId, InvitationId),
    answer: &InvitationAnswer,
    named: &Once,
) -> Result<Invitation, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let invited = store.enter_invited(actor, patient, id).await?;
    let invitation = invited.invitation().clone();
    let joining = joining(cx, &invited, &answer.join).await?;
    let (state, reason) = if joining.is_empty() {
        (InvitationState::Declined, Some(answer.reason.clone()))
    } else {
        (InvitationState::Accepted, None)
    };
    let answered = ended(cx, invitation, state, reason)?;
    let mut tx = Tx::default();
    store.answer(&mut tx, &invited, &answered, &joining).await?;
    named.call_once(|| answer.join.iter().for_each(|account| cx.about(account)));
    cx.commit_command(tx, answer.command, answered).await
}

async fn joining(
    cx: &Cx,
    invited: &Invited,
    chosen: &[AccountId],
) -> Result<Vec<(Account, Joined)>, ApiError> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let wrong = |sentence: String| ApiError::from(FieldError::new("join", sentence));
    let team = store.team_to_join(invited).await?;
    if team.iter().any(|member| chosen.contains(&member.account)) {
        return Err(wrong("すでに支援チームにいる人が選ばれています。".into()));
    }
    if team.len() + chosen.len() > TEAM_MAX {
        let left = TEAM_MAX.saturating_sub(team.len());
        return Err(wrong(format!("支援チームは{TEAM_MAX}人までです。参加できるのは、あと{left}人です。")));
    }
    let mut people = store.colleagues(actor.facility).await?;
    people.retain(|account| chosen.contains(&account.id));
    if people.len() != chosen.len() {
        return Err(wrong("自分の施設の利用者から選んでください。".into()));
    }
    let joined = Joined {
        at: cx.now,
        how: JoinedBy::Invited,
        by: actor.account,
        by_name: actor.name.clone(),
        reason: invited.invitation().reason.clone(),
    };
    Ok(people.into_iter().map(|account| (account, joined.clone())).collect())
}
