//! One of several, or some of them: radio buttons and tick boxes.

use super::{field::Wrong, unique};
use leptos::prelude::*;

/// A question over its choices: hint and error are tied to the group, so that they are read aloud with it.
#[component]
fn Question(
    legend: String,
    hint: String,
    error: Signal<Option<String>>,
    required: bool,
    inline: bool,
    choices: AnyView,
) -> impl IntoView {
    let group = unique("choice");
    let (hint_id, error_id) = (format!("{group}-hint"), format!("{group}-error"));
    let described = format!("{hint_id} {error_id}");
    view! {
        <fieldset
            class="radio-group"
            class:radio-inline=inline
            class:field-wrong=move || error.with(Option::is_some)
            aria-describedby=described
        >
            <legend class="label">{legend} {required.then(|| view! { <span class="required">"必須"</span> })}</legend>
            <p class="hint" id=hint_id>{hint}</p>
            <div class="radio-row">{choices}</div>
            <Wrong id=error_id error=error />
        </fieldset>
    }
}

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
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether one must be chosen; not said where one always is.
    #[prop(optional)]
    required: bool,
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
        .collect_view()
        .into_any();
    view! { <Question legend=legend hint=hint error=error required=required inline=inline choices=choices /> }
}

/// Tick boxes under one question. The value is the wire names with commas between.
#[component]
pub fn CheckGroup(
    /// The question.
    #[prop(into)]
    legend: String,
    /// Values with their words, in order.
    options: Vec<(String, String)>,
    /// The chosen values.
    value: RwSignal<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether one at least must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let toggle = move |wire: &str, on: bool| {
        value.update(|value| {
            let mut chosen: Vec<&str> =
                value.split(',').filter(|one| !one.is_empty() && *one != wire).collect();
            if on {
                chosen.push(wire);
            }
            *value = chosen.join(",");
        });
    };
    let choices = options
        .into_iter()
        .map(|(wire, words)| {
            let chosen = wire.clone();
            view! {
                <label class="radio">
                    <input
                        type="checkbox"
                        prop:checked=move || value.with(|v| v.split(',').any(|one| one == chosen))
                        on:change=move |event| toggle(&wire, event_target_checked(&event))
                    />
                    <span>{words}</span>
                </label>
            }
        })
        .collect_view()
        .into_any();
    view! { <Question legend=legend hint=hint error=error required=required inline=false choices=choices /> }
}
