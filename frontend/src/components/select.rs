//! One of many: the browser's own list, which every phone and every screen reader knows.

use super::{Field, FieldIds};
use leptos::prelude::*;

/// A list to choose from. The first entry is empty, so that nothing is chosen by accident.
#[component]
pub fn Select(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// Values with their words, in order.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The chosen value.
    value: RwSignal<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let wrong = move || error.with(Option::is_some).then_some("true");
    let control = move |ids: FieldIds| {
        view! {
            <select
                class="input"
                id=ids.input
                aria-describedby=ids.described_by
                aria-invalid=wrong
                aria-required=required.then_some("true")
                on:change=move |event| value.set(event_target_value(&event))
            >
                <option value="" selected=move || value.with(String::is_empty)>"選んでください"</option>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|(wire, words)| {
                            let chosen = wire.clone();
                            view! {
                                <option value=wire selected=move || value.with(|value| *value == chosen)>
                                    {words}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        }
        .into_any()
    };
    view! { <Field label=label hint=hint error=error required=required control=control /> }
}
