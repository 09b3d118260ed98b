//! A document of the portal inside the application: in a frame without any right, so that whatever it holds only shows.

use leptos::prelude::*;

/// The frame.
#[component]
pub fn Frame(
    /// What it shows, read aloud before it.
    #[prop(into)]
    title: String,
    /// The document.
    #[prop(into)]
    html: Signal<String>,
) -> impl IntoView {
    view! { <iframe class="portal-frame" title=title sandbox="" srcdoc=html></iframe> }
}
