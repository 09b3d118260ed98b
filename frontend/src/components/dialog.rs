//! A dialog: the browser's own `<dialog>`, which keeps the focus inside, closes on Esc and gives the focus back to
//! where it was.

use super::{Icon, Shape, unique};
use crate::whenever::whenever;
use leptos::{html, prelude::*};

/// A modal dialog. Its content is made anew each time it opens.
#[component]
pub fn Dialog(
    /// What it is about.
    #[prop(into)]
    title: String,
    /// Whether it is open; closing sets it back.
    open: RwSignal<bool>,
    /// Cannot be closed without doing what it asks.
    #[prop(optional)]
    insistent: bool,
    /// Hides what lies below: for a shared PC whose session has ended.
    #[prop(optional)]
    curtain: bool,
    /// Is there to be read: it begins at its title, not at the first button, which may be a screen further down.
    #[prop(optional)]
    to_read: bool,
    /// The content.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let heading = unique("dialog");
    let labelled_by = heading.clone();
    whenever(move || {
        let wanted = open.get();
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                show(&dialog);
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            class="dialog"
            class:dialog-curtain=curtain
            node_ref=node
            aria-labelledby=labelled_by
            on:cancel=move |event: web_sys::Event| {
                if insistent {
                    event.prevent_default();
                }
            }
            on:close=move |_| match node.get_untracked() {
                // A browser closes any dialog when Esc is pressed twice. What was typed in it stays.
                Some(dialog) if insistent && open.get_untracked() => show(&dialog),
                _ => open.set(false),
            }
        >
            <div class="dialog-head">
                <h2 id=heading tabindex=to_read.then_some("-1") autofocus=to_read>{title}</h2>
                {(!insistent)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button button-plain button-icon"
                                aria-label="閉じる"
                                on:click=move |_| open.set(false)
                            >
                                <Icon shape=Shape::Close />
                            </button>
                        }
                    })}
            </div>
            {move || open.get().then(|| children.with_value(|children| children()))}
        </dialog>
    }
}

fn show(dialog: &web_sys::HtmlDialogElement) {
    // Refused only for an element that is in no document: then there is nothing to show.
    let _ = dialog.show_modal();
}
