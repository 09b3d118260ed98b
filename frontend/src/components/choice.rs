//! One of several, for up to about five: a group of radio buttons.

use super::unique;
use leptos::prelude::*;

/// Radio buttons under one question. Arrow keys move, as the browser does it.
#[component]
pub fn RadioGroup(
    /// The question.
    #[prop(into)]
    legend: String,
    /// Values with their words, in order.
    options: Vec<(String, String)>,
    /// The chosen value.
    value: RwSignal<String>,
    /// Draws them in one line where there is room.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let name = unique("radio");
    let choices = options
        .into_iter()
        .map(|(wire, words)| {
            let (chosen, set) = (wire.clone(), wire.clone());
            view! {
                <label class="radio">
                    <input
                        type="radio"
                        name=name.clone()
                        value=wire
                        prop:checked=move || value.with(|v| *v == chosen)
                        on:change=move |_| value.set(set.clone())
                    />
                    <span>{words}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="radio-group" class:radio-inline=inline>
            <legend class="label">{legend}</legend>
            <div class="radio-row">{choices}</div>
        </fieldset>
    }
}
