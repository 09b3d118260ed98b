//! Where on a page somebody was: a new page begins at its top, going back leads to where one left. The browser
//! cannot do this itself, because a page gets its height only when its content has been loaded.

use crate::{browser, route::Place};
use leptos::{ev, prelude::*, task::spawn_local};

/// How often, and for how long in all, the content is waited for.
const STEP_MS: i32 = 100;
const STEPS: u32 = 20;

/// The positions left behind.
#[derive(Clone, Copy)]
pub struct Positions {
    left: StoredValue<Vec<(Place, f64)>>,
    going_back: StoredValue<bool>,
}

impl Positions {
    /// Starts to watch for going back and forth.
    pub fn watch() -> Self {
        let positions = Self { left: StoredValue::new(Vec::new()), going_back: StoredValue::new(false) };
        let listener = window_event_listener(ev::popstate, move |_| positions.going_back.set_value(true));
        on_cleanup(move || listener.remove());
        positions
    }

    /// Somebody goes from a place to another one. Called while the page left behind still stands.
    pub fn go(self, from: Option<Place>, to: Option<Place>) {
        let back = self.going_back.get_value();
        self.going_back.set_value(false);
        let here = window().scroll_y().unwrap_or(0.0);
        let mut wanted = 0.0;
        self.left.update_value(|left| {
            wanted = left.iter().find(|(place, _)| Some(*place) == to).map_or(0.0, |(_, y)| *y);
            left.retain(|(place, _)| Some(*place) != from && Some(*place) != to);
            left.extend(from.map(|place| (place, here)));
        });
        // A thread has its own place to be at: the first unread note.
        if back && wanted > 0.0 && !matches!(to, Some(Place::Thread(_))) {
            spawn_local(come_to(wanted));
        } else {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

/// Comes to a height as soon as the page is long enough.
async fn come_to(wanted: f64) {
    for _ in 0..STEPS {
        browser::sleep(STEP_MS).await;
        let long = document().document_element().map_or(0, |root| root.scroll_height());
        let seen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
        if f64::from(long) >= wanted + seen {
            return window().scroll_to_with_x_and_y(0.0, wanted);
        }
    }
}
