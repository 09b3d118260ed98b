//! What of the thread is really on the screen: receipts 既読 follow it, older notes are fetched when the beginning
//! comes near.

use super::{fresh, open::OpenBook};
use crate::{
    browser,
    client::{alerts, call},
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{api::book as api, book::NoteNumber};
use std::{collections::BTreeSet, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// How long something must be on the screen before it counts as read, so that scrolling past does not.
const DWELL: Duration = Duration::from_secs(1);
/// What the composer covers at the bottom, at its smallest, is not on the screen.
const NOTES_MARGIN: &str = "0px 0px -88px 0px";
/// Older notes are fetched a screen before they are needed.
const OLDER_MARGIN: &str = "600px 0px 0px 0px";

/// The watch over one open book. Copy it freely within the page.
#[derive(Clone, Copy)]
pub struct Watch {
    book: OpenBook,
    seen: StoredValue<BTreeSet<NoteNumber>>,
    sent: StoredValue<NoteNumber>,
    timer: StoredValue<Option<TimeoutHandle>>,
    eye: StoredValue<Option<Eye>, LocalStorage>,
}

struct Eye {
    observer: IntersectionObserver,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Eye {
    fn new(margin: &str, mut told: impl FnMut(&IntersectionObserverEntry) + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            for entry in entries.iter().filter_map(|entry| entry.dyn_into().ok()) {
                told(&entry);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(margin);
        let observer =
            IntersectionObserver::new_with_options(told.as_ref().unchecked_ref(), &options).ok()?;
        Some(Self { observer, _told: told })
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn number_of(element: &Element) -> Option<NoteNumber> {
    element.get_attribute("data-note")?.parse().ok()
}

impl Watch {
    /// Starts with nothing to look at.
    pub fn new(book: OpenBook) -> Self {
        let watch = Self {
            book,
            seen: StoredValue::new(BTreeSet::new()),
            sent: StoredValue::new(NoteNumber(0)),
            timer: StoredValue::new(None),
            eye: StoredValue::new_local(None),
        };
        watch.eye.set_value(Eye::new(NOTES_MARGIN, move |entry| {
            if let Some(number) = number_of(&entry.target()) {
                watch.seen.try_update_value(|seen| {
                    if entry.is_intersecting() { seen.insert(number) } else { seen.remove(&number) }
                });
                if entry.is_intersecting() && number.0 <= book.read_to.0.saturating_add(1) {
                    book.caught_up.try_set(true);
                }
                watch.soon();
            }
        }));
        let back = window_event_listener_untyped("visibilitychange", move |_| watch.soon());
        on_cleanup(move || {
            back.remove();
            watch.stop_timer();
            watch.eye.set_value(None);
        });
        watch
    }

    /// Looks at the end of a note, marked with its number: who has seen the end has seen the note.
    pub fn look_at(self, end: &Element) {
        self.eye.with_value(|eye| {
            if let Some(eye) = eye {
                eye.observer.observe(end);
            }
        });
    }

    /// The newest note on the screen.
    pub fn newest_seen(self) -> Option<NoteNumber> {
        self.seen.with_value(|seen| seen.last().copied())
    }

    fn stop_timer(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Counts what is on the screen as read if it stays there.
    pub fn soon(self) {
        if self.timer.try_with_value(Option::is_some).unwrap_or(true) || !browser::visible() {
            return;
        }
        let timer = set_timeout_with_handle(
            move || {
                self.timer.try_set_value(None);
                self.mark();
            },
            DWELL,
        );
        self.timer.set_value(timer.ok());
    }

    fn mark(self) {
        let Some(number) = self.newest_seen() else { return };
        if !browser::visible() || number <= self.book.my_receipt().max(self.sent.get_value()) {
            return;
        }
        self.sent.set_value(number);
        self.book.spawn(async move {
            match call::<api::MarkRead>(&self.book.id, &api::ReadTo { number }).await {
                Ok(_) => self.book.advance(&[(self.book.my_account(), number)]),
                // Said again with the next look for news: nobody needs to hear of it.
                Err(_) => self.sent.set_value(NoteNumber(0)),
            }
        });
    }
}

/// Fetches older notes when their place at the beginning of the list comes near.
pub fn fetch_older(book: OpenBook, place: &Element) {
    let near = StoredValue::new(false);
    let eye = Eye::new(OLDER_MARGIN, move |entry| {
        near.try_set_value(entry.is_intersecting());
        if entry.is_intersecting() {
            book.spawn(async move {
                // The place may still be near after a page of short notes: the browser tells of changes only.
                while near.get_value() && fresh::older(book).await {
                    browser::sleep(150).await;
                }
            });
        }
    });
    if let Some(eye) = &eye {
        eye.observer.observe(place);
    }
    let eye = StoredValue::new_local(eye);
    on_cleanup(move || {
        eye.try_update_value(Option::take);
    });
}

/// Calls when the person comes back to the network, or the service to the person.
pub fn on_reconnect(again: impl Fn() + Clone + 'static) {
    let resumed = alerts().resumed.clone();
    let (before, resume) = (resumed.get_untracked(), again.clone());
    whenever(move || {
        if resumed.get() != before {
            untrack(&resume);
        }
    });
    let online = window_event_listener_untyped("online", move |_: web_sys::Event| again());
    on_cleanup(move || online.remove());
}
