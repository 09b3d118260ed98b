//! What of the thread is really on the screen: receipts 既読 follow it, older notes are fetched when the beginning
//! comes near.

use super::{
    fresh,
    open::OpenBook,
    order,
    seen::{DWELL_MS, Seen},
};
use crate::{
    browser,
    client::{alerts, call},
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{api::book as api, book::NoteNumber};
use std::time::Duration;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// What the composer covers at the bottom, at its smallest, is not on the screen.
const NOTES_MARGIN: &str = "0px 0px -88px 0px";
/// Older notes are fetched a screen before they are needed.
const OLDER_MARGIN: &str = "600px 0px 0px 0px";

/// The watch over one open book. Copy it freely within the page.
#[derive(Clone, Copy)]
pub struct Watch {
    book: OpenBook,
    /// How many notes that I have not seen lie above what is on the screen.
    pub skipped: RwSignal<u32>,
    covered: Memo<bool>,
    seen: StoredValue<Seen>,
    sent: StoredValue<NoteNumber>,
    timer: StoredValue<Option<TimeoutHandle>>,
    eye: StoredValue<Option<Eye>, LocalStorage>,
}

struct Eye {
    observer: IntersectionObserver,
    _told: Closure<dyn FnMut(js_sys::Array)>,
}

impl Eye {
    fn new(margin: &str, mut told: impl FnMut(&[IntersectionObserverEntry]) + 'static) -> Option<Self> {
        let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entries: Vec<IntersectionObserverEntry> =
                entries.iter().filter_map(|entry| entry.dyn_into().ok()).collect();
            told(&entries);
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

/// Whether something is drawn over the whole page.
fn is_covered() -> bool {
    let alerts = alerts();
    alerts.locked.get() || alerts.session_ended.get() || alerts.halted.with(Option::is_some)
}

fn number_of(element: &Element) -> Option<NoteNumber> {
    element.get_attribute("data-note")?.parse().ok()
}

impl Watch {
    /// Starts with nothing to look at.
    pub fn new(book: OpenBook) -> Self {
        let watch = Self {
            book,
            skipped: RwSignal::new(0),
            covered: Memo::new(|_| is_covered()),
            seen: StoredValue::new(Seen::default()),
            sent: StoredValue::new(NoteNumber(0)),
            timer: StoredValue::new(None),
            eye: StoredValue::new_local(None),
        };
        watch.eye.set_value(Eye::new(NOTES_MARGIN, move |entries| watch.moved(entries)));
        let back = window_event_listener_untyped("visibilitychange", move |_| watch.turned());
        whenever(move || {
            watch.covered.track();
            untrack(|| watch.turned());
        });
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
    pub fn newest(self) -> Option<NoteNumber> {
        self.seen.with_value(Seen::newest)
    }

    /// The first note that I have not seen; it may still have to be loaded.
    pub fn first_unseen(self) -> NoteNumber {
        let (receipt, loaded) = untrack(|| (self.book.my_receipt(), self.book.placed()));
        order::after(self.seen.with_value(|seen| seen.reaches(receipt, &loaded)))
    }

    fn moved(self, entries: &[IntersectionObserverEntry]) {
        let now = browser::since_start_ms();
        self.seen.try_update_value(|seen| {
            for entry in entries {
                match number_of(&entry.target()) {
                    Some(number) if entry.is_intersecting() => seen.comes(number, now),
                    Some(number) => seen.goes(number, now),
                    None => {}
                }
            }
        });
        self.soon();
    }

    /// Whether somebody can see the thread: the page is in front, and nothing is drawn over it.
    fn in_sight(self) -> bool {
        browser::visible() && !self.covered.get_untracked()
    }

    /// The thread came into sight or went out of it.
    fn turned(self) {
        let now = browser::since_start_ms();
        if self.in_sight() {
            self.seen.try_update_value(|seen| seen.begin_again(now));
            self.soon();
        } else {
            self.seen.try_update_value(|seen| seen.look(now));
            self.stop_timer();
        }
    }

    fn stop_timer(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    /// Looks when the next note will have stayed on the screen long enough; once in any case.
    pub fn soon(self) {
        if self.timer.try_with_value(Option::is_some).unwrap_or(true) || !self.in_sight() {
            return;
        }
        let now = browser::since_start_ms();
        let wait = self.seen.with_value(Seen::due).map_or(DWELL_MS, |due| (due - now).max(0.0));
        let timer = set_timeout_with_handle(
            move || {
                self.timer.try_set_value(None);
                self.look();
            },
            Duration::from_secs_f64(wait / 1000.0),
        );
        self.timer.set_value(timer.ok());
    }

    /// Counts what was seen, and moves the receipt as far as that goes.
    fn look(self) {
        self.seen.update_value(|seen| seen.look(browser::since_start_ms()));
        let (receipt, loaded) = untrack(|| (self.book.my_receipt(), self.book.placed()));
        let (to, skipped) =
            self.seen.with_value(|seen| (seen.reaches(receipt, &loaded), seen.skipped(receipt, &loaded)));
        if let Some(skipped) = skipped.filter(|skipped| *skipped != self.skipped.get_untracked()) {
            self.skipped.set(skipped);
        }
        if to > receipt.max(self.sent.get_value()) {
            self.mark(to);
        }
        if self.seen.with_value(Seen::due).is_some() {
            self.soon();
        }
    }

    fn mark(self, number: NoteNumber) {
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
    let eye = Eye::new(OLDER_MARGIN, move |entries| {
        let Some(entry) = entries.last() else { return };
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
