//! From one program into the other. Their addresses are one site's: a link across is followed by the browser itself,
//! which keeps the history, new tabs and the draft (`pagehide`) right; only the router must leave it alone.

use crate::{browser, programs::Program, route::Place};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{AddEventListenerOptions, Element, HtmlAnchorElement};

/// Marks each link that leads out of this program, in the moment in which it is followed: the router leaves links
/// alone that say so.
pub fn watch(program: Program) {
    let mark = move |event: web_sys::Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|element| element.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
        if leads_out(program, &link.pathname()) {
            link.set_rel("external");
        }
    };
    let mark = wasm_bindgen::closure::Closure::<dyn Fn(web_sys::Event)>::new(mark);
    let options = AddEventListenerOptions::new();
    // Before the router, which listens on the window while the event comes back up.
    options.set_capture(true);
    let listening = window().add_event_listener_with_callback_and_add_event_listener_options(
        "click",
        mark.as_ref().unchecked_ref(),
        &options,
    );
    if listening.is_ok() {
        mark.forget();
    }
}

/// Leaves for a place of the other program that was reached without a link.
pub fn leave(place: Place) {
    // The router writes the address when the page has been drawn; only then it may be left for good.
    set_timeout(move || browser::leave_to(&place.path()), Duration::ZERO);
}

fn leads_out(program: Program, path: &str) -> bool {
    Place::from_path(path).is_some_and(|place| place.program() != program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_the_other_program_are_outside() {
        assert!(leads_out(Program::Book, "/cases"));
        assert!(!leads_out(Program::Offices, "/cases"));
        assert!(leads_out(Program::Offices, "/patients"));
        assert!(!leads_out(Program::Book, "/patients"));
        assert!(!leads_out(Program::Book, "/portal/"), "no place at all: the page says rel=external itself");
    }
}
