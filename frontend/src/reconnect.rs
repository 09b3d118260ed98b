//! Coming back: to the network, or the service to the person.

use crate::{client::alerts, whenever::whenever};
use leptos::prelude::*;

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
