//! What a view loads, with its four faces: loading, empty, failed, shown. What was shown stays while it is
//! refreshed, and stays when a refresh fails, with a word about it.

use crate::{
    browser,
    client::{Failure, alerts, call},
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::api::Endpoint;
use std::{cell::Cell, rc::Rc, time::Duration};

/// Something loaded from the server. Copy it freely.
pub struct Load<T: 'static> {
    /// The newest answer, if there was one.
    pub shown: RwSignal<Option<T>, LocalStorage>,
    /// Why the last try failed, if it did.
    pub failure: RwSignal<Option<Failure>>,
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    ask: RwSignal<u32>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Load<T> {}

impl<T: 'static> Load<T> {
    /// Asks again.
    pub fn again(self) {
        self.ask.update(|n| *n = n.wrapping_add(1));
    }
}

/// Loads from an endpoint now, whenever a signal read by `ask` changes, and whenever [`Load::again`] is called.
pub fn load<E: Endpoint>(ask: impl Fn() -> (E::Path, E::Request) + 'static) -> Load<E::Reply> {
    let load = Load {
        shown: RwSignal::new_local(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(true),
        ask: RwSignal::new(0),
    };
    Effect::new(move |_| {
        load.ask.track();
        alerts().resumed.track();
        let round = load.ask.get_untracked();
        let (path, request) = ask();
        load.busy.set(true);
        spawn_local(async move {
            let answer = call::<E>(&path, &request).await;
            // The view may be gone, or a newer question under way: then nobody waits for this answer.
            if load.ask.try_get_untracked() != Some(round) {
                return;
            }
            match answer {
                Ok(reply) => {
                    load.shown.try_set(Some(reply));
                    load.failure.try_set(None);
                }
                Err(failure) => {
                    load.failure.try_set(Some(failure));
                }
            }
            load.busy.try_set(false);
        });
    });
    load
}

/// As [`load`], where there is something to ask at all.
pub fn load_if<E: Endpoint>(
    needed: bool,
    ask: impl Fn() -> (E::Path, E::Request) + 'static,
) -> Load<E::Reply> {
    if needed {
        return load::<E>(ask);
    }
    Load {
        shown: RwSignal::new_local(None),
        failure: RwSignal::new(None),
        busy: RwSignal::new(false),
        ask: RwSignal::new(0),
    }
}

/// Calls `again` when the person comes back to the page, and every so often while they look at it.
pub fn refresh(every: Duration, again: impl Fn() + Clone + 'static) {
    let on_return = again.clone();
    let seen = Rc::new(Cell::new(browser::since_start_ms()));
    let come_back = move || {
        // Focus and visibility come together: one question is enough.
        let now = browser::since_start_ms();
        if browser::visible() && now - seen.get() > 2000.0 {
            seen.set(now);
            on_return();
        }
    };
    let focused = window_event_listener(ev::focus, {
        let come_back = come_back.clone();
        move |_| come_back()
    });
    let visible = window_event_listener(ev::visibilitychange, move |_| come_back());
    let timer = set_interval_with_handle(
        move || {
            if browser::visible() {
                again();
            }
        },
        every,
    );
    on_cleanup(move || {
        focused.remove();
        visible.remove();
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}
