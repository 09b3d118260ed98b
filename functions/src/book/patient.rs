//! My patients, a patient's thread, receipts.

use super::attachment;
use crate::{
    http::{context::Cx, error::ApiError},
    store::{book::patient_row, tx::Tx},
};
use shared::{
    api::{
        Empty,
        book::{Patients, ReadTo, ThreadPage},
        error::Code,
    },
    authority::Action,
    book::{PatientRow, Pulse, Thread},
    id::PatientId,
};
use std::{cmp::Reverse, sync::Arc};

/// My patients: unread first, urgent above all, then by newest note.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<Patients, ApiError> {
    let mine = cx.app.store.my_patients(cx.actor()?).await?;
    let mut rows: Vec<PatientRow> =
        mine.into_iter().map(|(access, last)| patient_row(&access, last)).collect();
    let newest = |row: &PatientRow| row.last.as_ref().map(|last| last.at);
    rows.sort_by_key(|row| {
        (Reverse((row.urgent, row.addressed, row.unread > 0, newest(row))), row.patient.id)
    });
    Ok(Patients { rows })
}

/// One page of a thread, with addresses for its pictures.
///
/// # Errors
/// [`Code::NotFound`] for an unknown and for a foreign patient alike.
pub async fn read_thread(cx: Arc<Cx>, patient: PatientId, page: ThreadPage) -> Result<Thread, ApiError> {
    let mut thread = cx.app.store.open_thread(cx.actor()?, patient, page.before).await?;
    attachment::show(&cx, thread.notes.iter_mut().flat_map(|note| &mut note.attachments)).await?;
    Ok(thread)
}

/// Numbers only: whether a screen should look again.
///
/// # Errors
/// As [`read_thread`].
pub async fn read_pulse(cx: Arc<Cx>, patient: PatientId, _: Empty) -> Result<Pulse, ApiError> {
    let access = cx.app.store.enter(cx.actor()?, patient, Action::ReadPulse).await?;
    let team = cx.app.store.team(&access).await?;
    let head = access.head();
    let read_to = team.into_iter().map(|member| (member.account, member.read_to)).collect();
    Ok(Pulse { last: head.last, changes: head.changes, read_to })
}

/// Moves my receipt on; moving it back, or to where it is, changes nothing.
///
/// # Errors
/// As [`read_thread`].
pub async fn mark_read(cx: Arc<Cx>, patient: PatientId, to: ReadTo) -> Result<Empty, ApiError> {
    let store = &cx.app.store;
    let access = store.enter(cx.actor()?, patient, Action::MarkRead).await?;
    if let Some(change) = crate::store::Store::receipt(&access, to.number, cx.now) {
        let mut tx = Tx::default();
        tx.update(store, change, Some(Code::Stale))?;
        let to = to.number.min(access.head().last);
        tx.update(store, crate::store::Store::receipt_of_day(&access, to, cx.now), None)?;
        match cx.commit(tx).await {
            // Another window of the same person was further already.
            Err(error) if error.code == Code::Stale => {}
            result => result?,
        }
    }
    Ok(Empty {})
}
