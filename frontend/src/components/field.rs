//! A labelled field: the label above, the hint and the error tied to the input, so that they are read aloud with
//! it. What is wrong is said in words beside the field, never by colour alone.

use super::{Icon, Shape, unique};
use leptos::prelude::*;

/// The ids by which an input is tied to its words.
#[derive(Clone)]
pub struct FieldIds {
    /// Of the input itself.
    pub input: String,
    /// Of hint and error, for `aria-describedby`.
    pub described_by: String,
}

/// Label, hint and error around any input.
#[component]
pub fn Field<F>(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether something must be given.
    #[prop(optional)]
    required: bool,
    /// Draws the input with these ids.
    control: F,
) -> impl IntoView
where
    F: FnOnce(FieldIds) -> AnyView,
{
    let input = unique("field");
    let (hint_id, error_id) = (format!("{input}-hint"), format!("{input}-error"));
    let ids = FieldIds { input: input.clone(), described_by: format!("{hint_id} {error_id}") };
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <label class="label" for=input>
                {label}
                {required.then(|| view! { <span class="required">"必須"</span> })}
            </label>
            <p class="hint" id=hint_id>{hint}</p>
            {control(ids)}
            <Wrong id=error_id error=error />
        </div>
    }
}

/// What is wrong with a field or a group. It is always there, so that a screen reader hears a new error at once.
#[component]
pub(super) fn Wrong(
    /// For `aria-describedby`.
    id: String,
    /// In words.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="error" id=id aria-live="polite">
            {move || error.get().map(|words| view! { <Icon shape=Shape::Alert /><span>{words}</span> })}
        </div>
    }
}

/// A field for text, in one line or several.
#[component]
pub fn TextField(
    /// What is asked.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether something must be given.
    #[prop(optional)]
    required: bool,
    /// The input's type: `text`, `password`, `date` …
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Lines to show; more than one makes a text area.
    #[prop(default = 1)]
    lines: u32,
    /// Latest day or largest number.
    #[prop(optional, into)]
    max: Option<String>,
) -> impl IntoView {
    let wrong = move || error.with(Option::is_some).then_some("true");
    let control = move |ids: FieldIds| {
        if lines > 1 {
            view! {
                <textarea
                    class="input"
                    id=ids.input
                    rows=lines
                    aria-describedby=ids.described_by
                    aria-invalid=wrong
                    aria-required=required.then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                ></textarea>
            }
            .into_any()
        } else {
            view! {
                <input
                    class="input"
                    type=kind
                    id=ids.input
                    max=max
                    autocomplete=autocomplete
                    aria-describedby=ids.described_by
                    aria-invalid=wrong
                    aria-required=required.then_some("true")
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            }
            .into_any()
        }
    };
    view! { <Field label=label hint=hint error=error required=required control=control /> }
}
