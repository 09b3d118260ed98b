//! For how long nobody has touched this page, nor another tab of this browser: they share one session, and a forgotten
//! tab must not lock it for whoever is at work in the other. What a page asks by itself is no use of it: a visiting
//! stranger must not find a session that a timer kept open (Art. 4(3)).

use crate::browser;
use leptos::{ev, prelude::*};
use std::sync::atomic::{AtomicI64, Ordering};

/// Where tabs tell each other of a touch: when it was, as [`device_ms`] counts.
const KEY: &str = "tsunagaru.touched";
/// A tab tells at most so often, in milliseconds, and not of every key.
const TELL_EVERY: i64 = 5000;

/// Milliseconds since the page was opened, at the last touch.
static LAST: AtomicI64 = AtomicI64::new(0);
/// The same, at the last touch that was told.
static TOLD: AtomicI64 = AtomicI64::new(-TELL_EVERY);

/// Somebody is at the page now.
pub fn touch() {
    let now = browser::since_start_ms() as i64;
    LAST.store(now, Ordering::Relaxed);
    if now - TOLD.load(Ordering::Relaxed) >= TELL_EVERY {
        TOLD.store(now, Ordering::Relaxed);
        tell();
    }
}

/// Whole seconds since somebody last touched the page, or another tab of this browser.
pub fn seconds() -> u32 {
    let here = browser::since_start_ms() as i64 - LAST.load(Ordering::Relaxed);
    let told = browser::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    u32::try_from(quiet(here, told.as_deref(), device_ms()) / 1000).unwrap_or(0)
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

fn tell() {
    if let Some(storage) = browser::storage() {
        // A full or closed storage only means that each tab counts for itself.
        let _ = storage.set_item(KEY, &device_ms().to_string());
    }
}

/// The device's clock, in milliseconds: right or wrong, it is the one that all tabs have.
fn device_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// The shorter of the times without a touch, here and as told by any tab, in milliseconds.
fn quiet(here: i64, told: Option<&str>, now: i64) -> i64 {
    let there = told.and_then(|at| at.parse().ok()).map(|at| now.saturating_sub(at));
    // Told of a time to come: somebody has set the clock back since, and nobody knows how long ago it was.
    there.filter(|quiet| *quiet >= 0).map_or(here, |quiet| quiet.min(here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_in_any_tab_counts() {
        assert_eq!(quiet(600_000, Some("1000"), 11_000), 10_000);
        assert_eq!(quiet(3_000, Some("1000"), 11_000), 3_000);
    }

    #[test]
    fn what_cannot_be_true_prolongs_nothing() {
        for told in [None, Some(""), Some("today"), Some("11001"), Some("-9223372036854775808")] {
            assert_eq!(quiet(600_000, told, 11_000), 600_000, "{told:?}");
        }
    }
}
