//! The heading of a page. Coming to a page, its title is set and the focus goes to the heading, so that a screen
//! reader says where one is and Tab goes on from there.

use crate::{app::Arrival, browser, whenever::whenever};
use leptos::{html, prelude::*};

/// The page's only `<h1>`.
#[component]
pub fn PageHeading(
    /// The page's name.
    #[prop(into)]
    title: Signal<String>,
    /// A line below: what the page is for.
    #[prop(optional, into)]
    lead: String,
) -> impl IntoView {
    let node = NodeRef::<html::H1>::new();
    whenever(move || document().set_title(&format!("{}｜つながる連絡帳", title.get())));
    whenever(move || {
        // The very first page leaves the focus at the top, where the browser puts it.
        if let Some(heading) = node.get()
            && use_context::<Arrival>().is_some_and(|arrival| arrival.by_navigation())
        {
            browser::focus_in_place(&heading);
        }
    });
    view! {
        <div class="page-heading">
            <h1 node_ref=node tabindex="-1">{title}</h1>
            {(!lead.is_empty()).then(|| view! { <p class="lead">{lead}</p> })}
        </div>
    }
}
