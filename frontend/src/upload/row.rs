//! One file on its way, as a line on the screen.

use super::{State, Upload};
use crate::{
    components::{Button, ButtonKind, Icon, Shape},
    words,
};
use leptos::prelude::*;

/// The line; what failed and may work next time offers another try.
#[component]
pub fn UploadRow(
    /// The file.
    upload: Upload,
    /// Tries again.
    run: Callback<()>,
) -> impl IntoView {
    let state = RwSignal::from(upload.state.clone());
    let progress = |doing: &'static str, percent: u8| {
        view! {
            <span class="file-state">{doing}" "{percent}"%"</span>
            <progress max="100" value=percent.to_string() aria-label=doing></progress>
        }
        .into_any()
    };
    let stands = move || {
        match state.get() {
        State::Checking(percent) => progress("確認中", percent),
        State::Sending(percent) => progress("送信中", percent),
        State::Confirming => view! { <span class="file-state">"仕上げ中…"</span> }.into_any(),
        State::Ready { .. } => {
            view! { <span class="file-state"><Icon shape=Shape::Check />"添付しました"</span> }.into_any()
        }
        State::Failed { sentence, retry } => view! {
            <span class="error" role="alert"><Icon shape=Shape::Alert /><span>{sentence}</span></span>
            {retry.then(|| view! { <Button kind=ButtonKind::Plain icon=Shape::Reload on_press=run>"もう一度"</Button> })}
        }
        .into_any(),
    }
    };
    view! {
        <p class="file-row">
            <span class="file-body">
                <span class="file-name">{upload.name} <small>"（"{words::size(upload.bytes)}"）"</small></span>
                <span class="file-progress">{stands}</span>
            </span>
        </p>
    }
}
