//! Consents: the document first, then the record, which opens the page; and the withdrawal, which closes it.

use super::attachment;
use crate::{
    http::{context::Cx, error::ApiError},
    store::{access::Access, tx::Tx},
};
use shared::{
    api::{
        Empty,
        error::{Code, FieldError},
    },
    authority::Action,
    book::{
        Attachment, AttachmentDraft, AttachmentLink, CONSENTS_MAX, Consent, ConsentWithdrawal, NewConsent,
        UploadTicket, Withdraw,
    },
    id::{AttachmentId, PatientId},
};
use std::sync::Arc;

/// Declares the document of a consent or withdrawal.
///
/// # Errors
/// As [`attachment::create`].
pub async fn create_document(
    cx: Arc<Cx>,
    patient: PatientId,
    draft: AttachmentDraft,
) -> Result<UploadTicket, ApiError> {
    attachment::declare(&cx, Action::RecordConsent, patient, draft).await
}

/// Checks the document that arrived.
///
/// # Errors
/// As [`attachment::confirm`].
pub async fn confirm_document(
    cx: Arc<Cx>,
    path: (PatientId, AttachmentId),
    _: Empty,
) -> Result<Attachment, ApiError> {
    attachment::accept(&cx, Action::RecordConsent, path).await
}

/// An address of a document that is on record, for the patient's team.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn open_document(
    cx: Arc<Cx>,
    (patient, id): (PatientId, AttachmentId),
    _: Empty,
) -> Result<AttachmentLink, ApiError> {
    let store = &cx.app.store;
    let access = store.enter(cx.actor()?, patient, Action::OpenConsentDocument).await?;
    let row = store.attachment(&access, id).await?.filter(|row| row.consent > 0).ok_or(Code::NotFound)?;
    let stored = row.doc.stored.ok_or(Code::NotFound)?;
    Ok(AttachmentLink { url: store.blobs.download_address(id, stored.file_type).await? })
}

/// Puts a consent on record. One after a withdrawal, or one that renews another, is a record of its own.
///
/// # Errors
/// Fields in error; a document that is missing, foreign or used.
pub async fn record(cx: Arc<Cx>, patient: PatientId, new: NewConsent) -> Result<Consent, ApiError> {
    let new = new.check(cx.now.day())?;
    cx.once(new.command, || record_once(&cx, patient, &new)).await
}

async fn record_once(cx: &Cx, patient: PatientId, new: &NewConsent) -> Result<Consent, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, Action::RecordConsent).await?;
    if new.given_on < access.head().patient.born {
        return Err(FieldError::new("given_on", "同意した日を確かめてください。").into());
    }
    let number = store.consents(&access).await?.last().map_or(0, |last| last.number) + 1;
    if number > CONSENTS_MAX {
        return Err(FieldError::new("given_on", format!("同意の記録は{CONSENTS_MAX}件までです。")).into());
    }
    let consent = Consent {
        number,
        given_on: new.given_on,
        given_by: new.given_by,
        relationship: new.relationship.clone(),
        form: new.form,
        document: document(cx, &access, new.document).await?,
        recorded_at: cx.now,
        recorded_by: actor.account,
        recorded_by_name: actor.name.clone(),
        withdrawal: None,
    };
    let mut tx = Tx::default();
    store.record_consent(&mut tx, &access, &consent)?;
    cx.commit_command(tx, new.command, consent).await
}

/// Withdraws the consent that holds. From this moment on the page is closed to everybody.
///
/// # Errors
/// [`Code::Stale`] if another consent was on the screen; fields in error.
pub async fn withdraw(cx: Arc<Cx>, patient: PatientId, request: Withdraw) -> Result<Empty, ApiError> {
    let request = request.check(cx.now.day())?;
    cx.once(request.command, || withdraw_once(&cx, patient, &request)).await
}

async fn withdraw_once(cx: &Cx, patient: PatientId, request: &Withdraw) -> Result<Empty, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, Action::WithdrawConsent).await?;
    // A patient of an earlier version has consented without a record: number 0.
    let newest = store.consents(&access).await?.pop();
    if newest.as_ref().map_or(0, |consent| consent.number) != request.number {
        return Err(Code::Stale.into());
    }
    if let Some(newest) = &newest {
        request.follows(newest)?;
    }
    let document = match request.document {
        Some(id) => Some(document(cx, &access, id).await?),
        None => None,
    };
    let withdrawal = ConsentWithdrawal {
        withdrawn_on: request.withdrawn_on,
        withdrawn_by: request.withdrawn_by,
        reason: request.reason.clone(),
        document,
        recorded_at: cx.now,
        recorded_by: actor.account,
        recorded_by_name: actor.name.clone(),
    };
    let mut tx = Tx::default();
    store.withdraw_consent(&mut tx, &access, request.number, &withdrawal)?;
    cx.commit_command(tx, request.command, Empty {}).await
}

/// A document that this person brought for this patient and that is nothing else's.
async fn document(cx: &Cx, access: &Access, id: AttachmentId) -> Result<Attachment, ApiError> {
    let mine = cx.actor()?.account;
    let row = cx.app.store.attachment(access, id).await?;
    let usable = row.filter(|row| row.note.0 == 0 && row.consent == 0 && row.doc.by == mine);
    usable.and_then(|row| row.doc.stored).ok_or_else(|| Code::UploadMissing.into())
}
