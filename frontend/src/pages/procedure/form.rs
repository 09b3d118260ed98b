//! The fields of a declaration as a form.

use crate::{
    client::Failure,
    components::{RadioGroup, Select, TextField},
};
use leptos::prelude::*;
use shared::procedure::{Field, FieldKind, Form};

/// What is typed into a form: a signal for each field.
#[derive(Clone, Copy)]
pub struct Values(StoredValue<Vec<(&'static str, RwSignal<String>)>>);

impl Values {
    /// For these fields, beginning with what is known.
    pub fn of(fields: &[Field], known: &Form) -> Self {
        let value = |field: &Field| RwSignal::new(known.get(field.name).cloned().unwrap_or_default());
        Self(StoredValue::new(fields.iter().map(|field| (field.name, value(field))).collect()))
    }

    /// One field's.
    pub fn get(self, name: &str) -> Option<RwSignal<String>> {
        self.0.with_value(|all| all.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
    }

    /// As a message.
    pub fn form(self) -> Form {
        self.0.with_value(|all| {
            all.iter().map(|(name, value)| ((*name).to_owned(), value.get_untracked())).collect()
        })
    }
}

/// The fields.
#[component]
pub fn Fields(
    /// Which.
    fields: &'static [Field],
    /// What is typed.
    values: Values,
    /// Why the last try failed.
    failure: RwSignal<Option<Failure>>,
    /// The people of the facility, for a field that asks for one.
    #[prop(optional, into)]
    people: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    fields
        .iter()
        .filter_map(|field| {
            let value = values.get(field.name)?;
            let name = field.name;
            let error = Signal::derive(move || failure.get().and_then(|why| why.field(name)));
            Some(match field.kind {
                FieldKind::Account => view! {
                    <Select
                        label=field.label
                        hint=field.hint
                        options=people
                        value=value
                        error=error
                        required=field.required
                    />
                }
                .into_any(),
                FieldKind::OneOf(_) | FieldKind::FacilityRole => view! {
                    <div>
                        <RadioGroup legend=field.label options=field.choices() value=value />
                        <p class="error" aria-live="polite">{move || error.get()}</p>
                    </div>
                }
                .into_any(),
                FieldKind::Profession => {
                    let options = field.choices();
                    view! {
                        <Select
                            label=field.label
                            hint=field.hint
                            options=Signal::derive(move || options.clone())
                            value=value
                            error=error
                            required=field.required
                        />
                    }
                    .into_any()
                }
                FieldKind::Line
                | FieldKind::Kana
                | FieldKind::Lines
                | FieldKind::UserId
                | FieldKind::PastDay => view! {
                    <TextField
                        label=field.label
                        hint=field.hint
                        value=value
                        error=error
                        required=field.required
                        kind=if field.kind == FieldKind::PastDay { "date" } else { "text" }
                        lines=if field.kind == FieldKind::Lines { 3 } else { 1 }
                    />
                }
                .into_any(),
            })
        })
        .collect_view()
}

/// What was filled in, as a list.
#[component]
pub fn Filled(
    /// The fields, in order.
    fields: &'static [Field],
    /// What was filled in.
    form: Form,
    /// What to show instead of an account's identifier.
    #[prop(optional, into)]
    account: String,
) -> impl IntoView {
    let rows = fields
        .iter()
        .filter_map(move |field| {
            let value = form.get(field.name)?;
            let words =
                if field.kind == FieldKind::Account { account.clone() } else { field.in_words(value) };
            let before = form.get(&format!("before_{}", field.name)).map(|before| field.in_words(before));
            Some(view! {
                <dt>{field.label}</dt>
                <dd class="pre">{words} {before.map(|before| format!("（変更前: {before}）"))}</dd>
            })
        })
        .collect_view();
    view! { <dl class="facts">{rows}</dl> }
}
