//! One of several, or some of them, for up to about five: radio buttons and tick boxes.

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
        .collect_view();
    view! {
        <fieldset class="radio-group">
            <legend class="label">{legend}</legend>
            <div class="radio-row">{choices}</div>
        </fieldset>
    }
}
