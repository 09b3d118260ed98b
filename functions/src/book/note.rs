//! Notes: sent, acknowledged, corrected, retracted. Each act is one entry of the sent journal; what the note
//! becomes is computed by [`Entry::apply`], the same function that a restore uses.

use super::attachment;
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{book::Access, tx::Tx},
};
use shared::{
    api::{
        Command, Empty,
        book::History,
        error::{Code, FieldError},
    },
    authority::Action,
    book::{
        Act, Attachment, Entry, NewNote, Note, NoteNumber, OutOfOrder, REVISIONS_MAX, Retract, Retraction,
        Revise,
    },
    id::{AttachmentId, CommandId, EventId, PatientId},
    text,
};
use std::sync::Arc;

/// Sends a note.
///
/// # Errors
/// Fields in error; attachments that are missing, foreign or used.
pub async fn create(cx: Arc<Cx>, patient: PatientId, new: NewNote) -> Result<Note, ApiError> {
    let new = new.check()?;
    let mut note = cx.once(new.command, || create_once(&cx, patient, &new)).await?;
    if cx.is_repeated() {
        // The answer is from before: whoever may not write any more does not get it.
        cx.app.store.enter(cx.actor()?, patient, Action::WriteNote).await?;
    }
    attachment::show(&cx, note.attachments.iter_mut()).await?;
    Ok(note)
}

async fn create_once(cx: &Cx, patient: PatientId, new: &NewNote) -> Result<Note, ApiError> {
    let store = &cx.app.store;
    let actor = cx.actor()?;
    let access = store.enter(actor, patient, Action::WriteNote).await?;
    if new.reply_to.is_some_and(|number| number.0 == 0 || number > access.head().last) {
        return Err(FieldError::new("reply_to", "返信先の連絡が見つかりません。").into());
    }
    let note = Note {
        number: NoteNumber(access.head().last.0.saturating_add(1)),
        kind: new.kind,
        importance: new.importance,
        text: new.text.clone(),
        author: actor.into(),
        sent_at: cx.now,
        addressees: new.addressees.clone(),
        reply_to: new.reply_to,
        attachments: checked_attachments(cx, &access, &new.attachments).await?,
        revision: 1,
        revised_at: None,
        retraction: None,
        acknowledged: Vec::new(),
    };
    let entry = entry(cx, patient, note.number, Act::Sent { note: Box::new(note) })?;
    let (note, _) = entry.apply(None).map_err(refusal)?;
    let mut tx = Tx::default();
    store.send(&mut tx, &access, random::id(cx.now, EventId::from_parts), &entry, &note)?;
    cx.commit_command(tx, new.command, note).await.map_err(|error| match error.code {
        // The only condition with this meaning: an addressee is not in the team.
        Code::Invalid => FieldError::new("addressees", "宛先の人が支援チームにいません。").into(),
        _ => error,
    })
}

async fn checked_attachments(
    cx: &Cx,
    access: &Access,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>, ApiError> {
    let missing = || ApiError::from(Code::UploadMissing);
    let rows = cx.app.store.attachments(access, ids).await?.ok_or_else(missing)?;
    let mine = cx.actor()?.account;
    let usable = rows.into_iter().filter(|row| row.note.0 == 0 && row.consent == 0 && row.doc.by == mine);
    let stored: Vec<_> = usable.filter_map(|row| row.doc.stored).collect();
    if stored.len() == ids.len() { Ok(stored) } else { Err(missing()) }
}

/// Presses 了解; pressing it again changes nothing.
///
/// # Errors
/// [`Code::NotFound`] if there is no such note.
pub async fn acknowledge(
    cx: Arc<Cx>,
    path: (PatientId, NoteNumber),
    request: Command,
) -> Result<Note, ApiError> {
    amend(&cx, Action::Acknowledge, path, request.command, |_| Ok(Act::Acknowledged)).await
}

/// Corrects a note; the earlier text stays as history.
///
/// # Errors
/// [`Code::Stale`] if another text was on the screen, [`Code::Retracted`], fields in error.
pub async fn revise(cx: Arc<Cx>, path: (PatientId, NoteNumber), request: Revise) -> Result<Note, ApiError> {
    let new = text::required("text", "本文", &request.text, text::NOTE_MAX)?;
    amend(&cx, Action::ReviseNote, path, request.command, |note| {
        if request.revision != note.revision {
            return Err(Code::Stale.into());
        }
        if new == note.text {
            return Err(FieldError::new("text", "本文が変わっていません。").into());
        }
        if note.revision > REVISIONS_MAX {
            return Err(FieldError::new(
                "text",
                format!("訂正は{REVISIONS_MAX}回までです。新しい連絡を書いてください。"),
            )
            .into());
        }
        Ok(Act::revised(note, new.clone()))
    })
    .await
}

/// Retracts a note with a reason; it stays, marked.
///
/// # Errors
/// As [`revise`].
pub async fn retract(cx: Arc<Cx>, path: (PatientId, NoteNumber), request: Retract) -> Result<Note, ApiError> {
    let reason = text::required("reason", "取消の理由", &request.reason, text::REASON_MAX)?;
    let actor = cx.actor()?;
    amend(&cx, Action::RetractNote, path, request.command, |note| {
        if request.revision != note.revision {
            return Err(Code::Stale.into());
        }
        let (by, by_name) = (actor.account, actor.name.clone());
        Ok(Act::Retracted { retraction: Retraction { at: cx.now, by, by_name, reason: reason.clone() } })
    })
    .await
}

/// The earlier texts of a note.
///
/// # Errors
/// [`Code::NotFound`] if there is no such note.
pub async fn history(
    cx: Arc<Cx>,
    (patient, number): (PatientId, NoteNumber),
    _: Empty,
) -> Result<History, ApiError> {
    let access = cx.app.store.enter(cx.actor()?, patient, Action::ReadHistory).await?;
    cx.app.store.note(&access, number).await?.ok_or(Code::NotFound)?;
    Ok(History { revisions: cx.app.store.history(&access, number).await? })
}

async fn amend(
    cx: &Cx,
    action: Action,
    (patient, number): (PatientId, NoteNumber),
    command: CommandId,
    act: impl Fn(&Note) -> Result<Act, ApiError> + Sync,
) -> Result<Note, ApiError> {
    let store = &cx.app.store;
    let act = &act;
    // The answer to a repeated command is somebody's note: it is shown only while the page is open.
    store.enter(cx.actor()?, patient, action).await?;
    let mut note = cx
        .once(command, || async move {
            let access = store.enter(cx.actor()?, patient, action).await?;
            let note = store.note(&access, number).await?.ok_or(Code::NotFound)?;
            access.allows(&note)?;
            let entry = entry(cx, patient, number, act(&note)?)?;
            let (next, earlier) = entry.apply(Some(note.clone())).map_err(refusal)?;
            if next == note {
                return Ok(note);
            }
            let mut tx = Tx::default();
            let id = random::id(cx.now, EventId::from_parts);
            store.amend(&mut tx, &access, (id, &entry), (&note, &next), earlier.as_ref())?;
            cx.commit_command(tx, command, next).await.map_err(|error| match (error.code, action) {
                // Two people press 了解 at once: look again and add to what is there now.
                (Code::Stale, Action::Acknowledge) => Code::Busy.into(),
                _ => error,
            })
        })
        .await?;
    attachment::show(cx, note.attachments.iter_mut()).await?;
    Ok(note)
}

fn entry(cx: &Cx, patient: PatientId, number: NoteNumber, act: Act) -> Result<Entry, ApiError> {
    Ok(Entry { at: cx.now, patient, number, by: cx.actor()?.account, act })
}

fn refusal(out_of_order: OutOfOrder) -> ApiError {
    match out_of_order {
        OutOfOrder::Existence | OutOfOrder::Revision => Code::Stale.into(),
        OutOfOrder::Retracted => Code::Retracted.into(),
    }
}
