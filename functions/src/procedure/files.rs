//! Files of cases 添付資料 (Forms 1 and 3, and whatever else a case needs): for those who have to do with the case.

use super::case::enter;
use crate::{
    book::attachment,
    http::{context::Cx, error::ApiError},
    random,
    store::{blob::BlobKey, case_file::CaseFileDoc, tx::Tx},
};
use shared::{
    api::{Empty, error::Code},
    authority::Action,
    book::{AttachmentDraft, AttachmentLink, UploadTicket},
    id::{AttachmentId, CaseId},
    procedure::{Case, attach},
};
use std::sync::Arc;

/// How often the case is read again when somebody took a step meanwhile: a file decides nothing.
const TRIES: usize = 5;

/// Declares a file and says where to put it.
///
/// # Errors
/// Fields in error; [`Code::NotFound`] for a foreign case; [`Code::Stale`] for a closed one.
pub async fn create(cx: Arc<Cx>, id: CaseId, draft: AttachmentDraft) -> Result<UploadTicket, ApiError> {
    let case = enter(&cx, id, Action::AttachToCase).await?;
    if case.state.is_closed() {
        return Err(Code::Stale.into());
    }
    let declared = draft.check()?;
    let store = &cx.app.store;
    let file = random::id(cx.now, AttachmentId::from_parts);
    let key = BlobKey::Incoming(file);
    let (url, headers) =
        store.blobs.upload_address(&key, declared.file_type, declared.bytes, &declared.sha256).await?;
    let doc = CaseFileDoc { by: cx.actor()?.account, declared, stored: None };
    let mut tx = Tx::default();
    store.declare_case_file(&mut tx, id, file, &doc, cx.now)?;
    cx.about(file);
    cx.commit(tx).await?;
    Ok(UploadTicket { id: file, url, headers })
}

/// Checks what arrived and hangs it on the case; saying it again gives the case as it is.
///
/// # Errors
/// [`Code::NotFound`] for a foreign case and for somebody else's file; [`Code::UploadMissing`],
/// [`Code::UploadMismatch`], [`Code::UploadType`]; [`Code::Stale`] for a closed case.
pub async fn confirm(cx: Arc<Cx>, (id, file): (CaseId, AttachmentId), _: Empty) -> Result<Case, ApiError> {
    let store = &cx.app.store;
    let mut case = enter(&cx, id, Action::AttachToCase).await?;
    let actor = cx.actor()?;
    let doc = store.case_file(id, file).await?.filter(|doc| doc.by == actor.account).ok_or(Code::NotFound)?;
    if doc.stored.is_some() {
        return Ok(case);
    }
    let stored = attachment::take_in(&cx, file, &doc.declared).await?;
    let doc = CaseFileDoc { stored: Some(stored.clone()), ..doc };
    for tried in 1.. {
        let next = attach(&case, stored.clone(), actor, cx.now)?;
        let mut tx = Tx::default();
        store.attach_case_file(&mut tx, id, file, &doc, cx.now)?;
        store.put_case(&mut tx, &next)?;
        match cx.commit(tx).await {
            Ok(()) => {
                case = next;
                break;
            }
            Err(busy) if busy.code == Code::Stale && tried < TRIES => {
                case = enter(&cx, id, Action::AttachToCase).await?;
                if case.files.iter().any(|known| known.id == file) {
                    return Ok(case);
                }
            }
            Err(other) => return Err(other),
        }
    }
    store.blobs.remove_incoming(file).await?;
    Ok(case)
}

/// An address to download a file that hangs on a case.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn open(
    cx: Arc<Cx>,
    (id, file): (CaseId, AttachmentId),
    _: Empty,
) -> Result<AttachmentLink, ApiError> {
    let case = enter(&cx, id, Action::OpenCaseFile).await?;
    let known = case.files.iter().find(|known| known.id == file).ok_or(Code::NotFound)?;
    let url = cx.app.store.blobs.download_address(file, known.file_type).await?;
    Ok(AttachmentLink { url })
}
