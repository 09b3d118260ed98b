//! A document of the portal inside the application: in a frame in which nothing runs, opens or is sent, so that whatever
//! it holds only shows. It may load the portal's style, and for that it keeps our origin.

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
    view! { <iframe class="portal-frame" title=title sandbox="allow-same-origin" srcdoc=html></iframe> }
}
