//! Keeping the open book fresh: older pages, news, changes of notes on the screen, expired preview addresses.

use super::{
    open::{Older, OpenBook},
    order, scroll,
};
use crate::client::{Failure, call};
use leptos::prelude::*;
use shared::{
    api::{Empty, book as api, error::Code},
    book::{NoteNumber, Thread},
    id::{AccountId, PatientId},
};

/// Most pages fetched in one go to close a gap or to reach an old note.
const PAGES_AT_ONCE: usize = 20;
/// Most pages before the newest that are fetched before a book is shown.
const PAGES_TO_OPEN: usize = 4;

async fn page(patient: PatientId, before: Option<NoteNumber>) -> Result<Thread, Failure> {
    call::<api::ReadThread>(&patient, &api::ThreadPage { before }).await
}

/// The newest page, and those before it as far as something in them is unread: a book opens at the first unread note.
/// Where that is very far back, or does not come, it opens at its end, and a button leads there.
pub async fn open(patient: PatientId, me: AccountId) -> Result<Thread, Failure> {
    let mut thread = page(patient, None).await?;
    for _ in 0..PAGES_TO_OPEN {
        let Some(before) = order::unread_before(&thread, me) else { break };
        let Ok(mut earlier) = page(patient, Some(before)).await else { break };
        earlier.notes.append(&mut thread.notes);
        (thread.notes, thread.before) = (earlier.notes, earlier.before);
    }
    Ok(thread)
}

/// Loads the page before, without moving what is on the screen. False when there is none or it did not come.
pub async fn older(book: OpenBook) -> bool {
    let Some(before) = book.before.get_untracked() else { return false };
    if book.older.get_untracked() == Older::Loading {
        return false;
    }
    book.older.set(Older::Loading);
    match page(book.id, Some(before)).await {
        Ok(thread) => {
            scroll::hold(|| {
                // The page before touches by its question.
                let _ = book.take(thread);
                book.older.set(Older::Idle);
            })
            .await;
            true
        }
        Err(failure) => {
            book.older.set(Older::Failed(failure.sentence()));
            false
        }
    }
}

/// Loads as far back as a note, if it is not unreasonably far; whether it is here now.
pub async fn reach(book: OpenBook, number: NoteNumber) -> bool {
    for _ in 0..PAGES_AT_ONCE {
        if book.note(number).is_some() {
            return true;
        }
        if !older(book).await {
            return false;
        }
    }
    book.note(number).is_some()
}

/// Asks whether anything is new, and fetches what is. `on_screen` is the newest note on the screen.
pub async fn pulse(book: OpenBook, on_screen: Option<NoteNumber>) {
    match call::<api::ReadPulse>(&book.id, &Empty {}).await {
        Ok(pulse) => {
            book.cut_off.set(false);
            book.advance(&pulse.read_to);
            let changed = pulse.changes != book.changes.get_value();
            let more = pulse.last > book.last.get_untracked();
            let came = (more || changed) && newest(book).await;
            if came && changed {
                around(book, on_screen).await;
            }
        }
        Err(failure) => {
            // Consent withdrawn, or taken out of the team: what is on the screen goes at once.
            let closed = matches!(failure.code(), Some(Code::ConsentMissing | Code::NotFound));
            if closed {
                book.closed.set(true);
            }
            book.cut_off.set(failure.may_retry());
        }
    }
}

/// Loads the newest page and whatever lies between it and what is here; whether that worked.
pub async fn newest(book: OpenBook) -> bool {
    let Ok(thread) = page(book.id, None).await else { return false };
    let changes = thread.changes;
    let mut waiting = vec![thread];
    let mut news = 0_u32;
    while let Some(thread) = waiting.pop() {
        match book.take(thread.clone()) {
            Ok(new) => news = news.saturating_add(new),
            Err(before) if waiting.len() < PAGES_AT_ONCE => {
                let Ok(between) = page(book.id, Some(before)).await else { return false };
                waiting.push(thread);
                waiting.push(between);
            }
            Err(_) => {
                book.start_over(thread);
                break;
            }
        }
    }
    book.changes.set_value(changes);
    if news > 0 {
        book.say(&format!("新しい連絡が {news} 件あります"));
        if !scroll::at_end() {
            book.news.update(|n| *n = n.saturating_add(news));
        }
    }
    true
}

/// Loads again the page that ends with a note: for changes and preview addresses of older notes on the screen.
pub async fn around(book: OpenBook, number: Option<NoteNumber>) {
    let Some(number) = number else { return };
    let in_newest = book.last.get_untracked().0.saturating_sub(number.0) < shared::book::PAGE as u32;
    if in_newest {
        return;
    }
    // A failure says nothing new: the pulse tells of the broken line.
    let _ = again(book, number).await;
}

/// A note, with those before it, as the server has it now.
pub async fn again(book: OpenBook, number: NoteNumber) -> Result<(), Failure> {
    let thread = page(book.id, Some(NoteNumber(number.0.saturating_add(1)))).await?;
    thread.notes.into_iter().for_each(|note| book.put(note));
    Ok(())
}

/// Fresh addresses for pictures whose address has expired.
pub async fn previews(book: OpenBook, number: NoteNumber) {
    if let Ok(thread) = page(book.id, Some(NoteNumber(number.0.saturating_add(1)))).await {
        book.take_previews(thread.notes);
    }
}
