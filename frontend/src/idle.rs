//! For how long nobody has touched this page. What the page asks by itself is no use of it: a visiting stranger must
//! not find a session that a timer kept open (Art. 4(3)).

use crate::browser;
use leptos::{ev, prelude::*};
use std::sync::atomic::{AtomicI64, Ordering};

/// Milliseconds since the page was opened, at the last touch.
static LAST: AtomicI64 = AtomicI64::new(0);

/// Somebody is at the page now.
pub fn touch() {
    LAST.store(browser::since_start_ms() as i64, Ordering::Relaxed);
}

/// Whole seconds since somebody last touched the page.
pub fn seconds() -> u32 {
    let quiet = browser::since_start_ms() as i64 - LAST.load(Ordering::Relaxed);
    u32::try_from(quiet / 1000).unwrap_or(0)
}

/// Starts to watch.
pub fn start() {
    touch();
    for listener in [
        window_event_listener(ev::pointerdown, |_| touch()),
        window_event_listener(ev::keydown, |_| touch()),
        window_event_listener(ev::wheel, |_| touch()),
        window_event_listener(ev::touchmove, |_| touch()),
    ] {
        // For as long as the page lives.
        std::mem::forget(listener);
    }
}
