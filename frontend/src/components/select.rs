//! One of many: the browser's own list, which every phone and every screen reader knows.

use super::{Field, FieldIds};
use leptos::prelude::*;

/// A list to choose one from. Its first entry asks for a choice and stands for none.
#[component]
pub fn SelectField(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Values with their words, in order.
    options: Vec<(String, String)>,
    /// The chosen value; empty while nothing is chosen.
    value: RwSignal<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wrong = move || error.with(Option::is_some).then_some("true");
    let control = move |ids: FieldIds| {
        let choices = options
            .into_iter()
            .map(|(wire, words)| {
                let chosen = wire.clone();
                view! { <option value=wire prop:selected=move || value.with(|v| *v == chosen)>{words}</option> }
            })
            .collect_view();
        view! {
            <select
                class="input"
                id=ids.input
                aria-describedby=ids.described_by
                aria-invalid=wrong
                aria-required=required.then_some("true")
                on:change=move |event| value.set(event_target_value(&event))
            >
                <option value="" prop:selected=move || value.with(String::is_empty)>"選んでください"</option>
                {choices}
            </select>
        }
        .into_any()
    };
    view! { <Field label=label error=error required=required control=control /> }
}
