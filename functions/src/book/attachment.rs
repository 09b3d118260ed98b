//! Attachments: declared, uploaded straight to the bucket, checked, cleaned, and only then usable.

use super::picture;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{
        blob::{BlobKey, sha256_hex},
        book::{AttachmentDoc, AttachmentRow},
        tx::Tx,
    },
};
use bytes::Bytes;
use shared::{
    api::{Empty, error::Code},
    authority::Action,
    book::{Attachment, AttachmentDraft, AttachmentKind, AttachmentLink, FileType, UploadTicket},
    id::{AttachmentId, PatientId},
};
use std::sync::Arc;

/// Declares a file and says where to put it.
///
/// # Errors
/// Fields in error.
pub async fn create(
    cx: Arc<Cx>,
    patient: PatientId,
    draft: AttachmentDraft,
) -> Result<UploadTicket, ApiError> {
    declare(&cx, Action::AttachFile, patient, draft).await
}

/// Declares a file for an action on a patient.
///
/// # Errors
/// As [`create`].
pub async fn declare(
    cx: &Cx,
    action: Action,
    patient: PatientId,
    draft: AttachmentDraft,
) -> Result<UploadTicket, ApiError> {
    let declared = draft.check()?;
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, action).await?;
    let id = random::id(cx.now, AttachmentId::from_parts);
    let key = BlobKey::Incoming(id);
    let (url, headers) =
        store.blobs.upload_address(&key, declared.file_type, declared.bytes, &declared.sha256).await?;
    let doc = AttachmentDoc { patient: access.patient(), by: actor.account, declared, stored: None };
    let mut tx = Tx::default();
    store.declare_attachment(&mut tx, id, &doc)?;
    cx.about(id);
    cx.commit(tx).await?;
    Ok(UploadTicket { id, url, headers })
}

/// Checks what arrived against what was declared, cleans pictures, and makes the file usable. Saying it again
/// gives the same answer.
///
/// # Errors
/// [`Code::UploadMissing`], [`Code::UploadMismatch`], [`Code::UploadType`].
pub async fn confirm(cx: Arc<Cx>, path: (PatientId, AttachmentId), _: Empty) -> Result<Attachment, ApiError> {
    accept(&cx, Action::AttachFile, path).await
}

/// Checks a file that was declared for an action on a patient.
///
/// # Errors
/// As [`confirm`].
pub async fn accept(
    cx: &Cx,
    action: Action,
    (patient, id): (PatientId, AttachmentId),
) -> Result<Attachment, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, action).await?;
    let row = store
        .attachment(&access, id)
        .await?
        .filter(|row| row.doc.by == actor.account)
        .ok_or(Code::NotFound)?;
    let mut stored = match &row.doc.stored {
        Some(stored) => stored.clone(),
        None => receive(cx, id, &row).await?,
    };
    show(cx, std::iter::once(&mut stored)).await?;
    Ok(stored)
}

async fn receive(cx: &Cx, id: AttachmentId, row: &AttachmentRow) -> Result<Attachment, ApiError> {
    let store = &cx.app.store;
    let stored = take_in(cx, id, &row.doc.declared).await?;
    let doc = AttachmentDoc { stored: Some(stored.clone()), ..row.doc.clone() };
    let mut tx = Tx::default();
    store.confirm_attachment(&mut tx, id, &doc)?;
    cx.commit(tx).await?;
    store.blobs.remove_incoming(id).await?;
    Ok(stored)
}

/// Checks what arrived against what was declared and keeps it, cleaned, with its preview. Nothing names it yet, and
/// doing it again does no harm.
///
/// # Errors
/// [`Code::UploadMissing`], [`Code::UploadMismatch`], [`Code::UploadType`].
pub(crate) async fn take_in(
    cx: &Cx,
    id: AttachmentId,
    declared: &AttachmentDraft,
) -> Result<Attachment, ApiError> {
    let store = &cx.app.store;
    let incoming = BlobKey::Incoming(id);
    // The size is known before a byte is read: nobody makes the function hold more than was declared.
    let size = store.blobs.attachment_size(&incoming).await?.ok_or(Code::UploadMissing)?;
    if size != declared.bytes {
        return Err(Code::UploadMismatch.into());
    }
    let bytes = store.blobs.attachment(&incoming).await?.ok_or(Code::UploadMissing)?;
    let (kind, hash) = (declared.file_type, declared.sha256.clone());
    let checked = tokio::task::spawn_blocking(move || check(bytes, kind, &hash)).await;
    let (bytes, preview) = checked.map_err(|_| Code::UploadType)??;
    let stored = Attachment {
        id,
        name: declared.name.clone(),
        file_type: kind,
        bytes: bytes.len() as u64,
        sha256: sha256_hex(&bytes),
        preview: None,
    };
    store.blobs.put_attachment(&BlobKey::File(id), kind, bytes).await?;
    if let Some(preview) = preview {
        store.blobs.put_attachment(&BlobKey::Preview(id), FileType::Jpeg, preview).await?;
    }
    Ok(stored)
}

fn check(bytes: Bytes, kind: FileType, hash: &str) -> Result<(Bytes, Option<Bytes>), ApiError> {
    if sha256_hex(&bytes) != hash {
        return Err(Code::UploadMismatch.into());
    }
    if FileType::of_content(&bytes) != Some(kind) {
        return Err(Code::UploadType.into());
    }
    if kind.kind() == AttachmentKind::Document {
        return Ok((bytes, None));
    }
    let (clean, preview) = picture::clean(bytes, kind).ok_or(Code::UploadType)?;
    Ok((clean, Some(preview)))
}

/// Gives pictures the short-lived address of their preview, for one reader.
///
/// # Errors
/// If an address cannot be signed.
pub async fn show<'a>(
    cx: &Cx,
    attachments: impl Iterator<Item = &'a mut Attachment>,
) -> Result<(), ApiError> {
    for attachment in attachments.filter(|attachment| attachment.file_type.kind() == AttachmentKind::Picture)
    {
        let address = cx.app.store.blobs.picture_address(&BlobKey::Preview(attachment.id)).await?;
        attachment.preview = Some(address);
    }
    Ok(())
}

/// An address to download a file: for the whole team once it hangs on a note, before that for its sender.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn open(
    cx: Arc<Cx>,
    (patient, id): (PatientId, AttachmentId),
    _: Empty,
) -> Result<AttachmentLink, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, Action::OpenFile).await?;
    let row = store.attachment(&access, id).await?.ok_or(Code::NotFound)?;
    let visible = row.note.0 > 0 || row.doc.by == actor.account;
    let stored = row.doc.stored.filter(|_| visible).ok_or(Code::NotFound)?;
    Ok(AttachmentLink { url: store.blobs.download_address(id, stored.file_type).await? })
}
