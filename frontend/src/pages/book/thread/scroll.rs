//! Where the page is scrolled to: at the end it stays at the end; older notes above move nothing; a note can be
//! gone to. The browser's own anchoring is switched off for the page (`thread.css`): it sleeps at the very top,
//! just where older notes come in, and not every browser has it.

use crate::browser;
use leptos::{prelude::*, task};
use shared::book::NoteNumber;
use std::cell::Cell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver, ScrollBehavior, ScrollToOptions};

/// So close to the end counts as the end.
const NEAR: f64 = 96.0;

/// The id of the line ここから未読.
pub const UNREAD: &str = "unread";

thread_local! {
    static AT_END: Cell<bool> = const { Cell::new(true) };
}

fn top_of(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

fn page() -> Option<Element> {
    document().document_element()
}

fn measure_end() -> bool {
    page().is_none_or(|page| {
        f64::from(page.scroll_height()) - f64::from(page.client_height()) - f64::from(page.scroll_top())
            < NEAR
    })
}

/// Whether the newest note is in view.
pub fn at_end() -> bool {
    AT_END.get()
}

fn jump(top: f64) {
    let options = ScrollToOptions::new();
    options.set_top(top);
    options.set_behavior(ScrollBehavior::Instant);
    window().scroll_to_with_scroll_to_options(&options);
}

/// Goes to the newest note.
pub fn to_end() {
    AT_END.set(true);
    if let Some(page) = page() {
        jump(f64::from(page.scroll_height()));
    }
}

/// The id of a note's element.
pub fn id_of(number: NoteNumber) -> String {
    format!("note-{number}")
}

/// Brings an element below the top bar; the focus goes with it.
pub fn to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        AT_END.set(false);
        element.scroll_into_view_with_bool(true);
        browser::focus(&element);
    }
}

/// Changes the list and keeps what is on the screen where it is.
pub async fn hold(change: impl FnOnce()) {
    let anchor = anchor();
    let before = anchor.as_ref().map(top_of);
    change();
    // The list is redrawn in this tick, before the browser paints.
    task::tick().await;
    if let (Some(anchor), Some(before)) = (anchor, before) {
        let moved = top_of(&anchor) - before;
        if let Some(page) = page()
            && moved.abs() >= 1.0
        {
            jump(f64::from(page.scroll_top()) + moved);
        }
    }
}

/// The first note whose end is on the screen.
fn anchor() -> Option<Element> {
    let notes = document().query_selector_all(".note").ok()?;
    (0..notes.length())
        .filter_map(|at| notes.item(at)?.dyn_into::<Element>().ok())
        .find(|note| note.get_bounding_client_rect().bottom() > 0.0)
}

/// From now until the page is left: remembers whether the end is in view, and stays there when the list or the
/// composer grows. `seen_end` is told when the end comes into view.
pub fn follow(list: &Element, seen_end: impl Fn() + 'static) {
    AT_END.set(true);
    if let Ok(history) = window().history() {
        // The thread starts at its end or at what is new, also after a reload.
        let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
    }
    to_end();
    // A receipt goes as far as nothing was skipped: where the unread notes are more than a screen, the first of
    // them comes first.
    if let Some(line) = document().get_element_by_id(UNREAD)
        && top_of(&line) < 0.0
    {
        AT_END.set(false);
        line.scroll_into_view_with_bool(true);
    }
    let scrolled = window_event_listener_untyped("scroll", move |_| {
        AT_END.set(measure_end());
        if at_end() {
            seen_end();
        }
    });
    // A phone's keyboard takes room: what was in view at the end stays in view.
    let resized = window_event_listener_untyped("resize", |_| {
        if at_end() {
            to_end();
        }
    });
    let grown = Closure::<dyn FnMut()>::new(|| {
        if at_end() {
            to_end();
        }
    });
    let observer = ResizeObserver::new(grown.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(list);
    }
    let kept = StoredValue::new_local((observer, grown));
    on_cleanup(move || {
        scrolled.remove();
        resized.remove();
        kept.with_value(|(observer, _)| {
            if let Some(observer) = observer {
                observer.disconnect();
            }
        });
    });
}
