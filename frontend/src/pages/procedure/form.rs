//! The fields of a declaration as a form.

use crate::{
    clock,
    components::{CheckGroup, RadioGroup, Select, TextField},
    load::load,
    session::use_me,
    submission::Submission,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, portal::ListPortalPages},
    calendar::Day,
    procedure::{Field, FieldKind, Form},
};

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
    /// What they are sent with, and what is wrong with them.
    sending: Submission,
    /// The people of the facility, for a field that asks for one.
    #[prop(optional, into)]
    people: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let roles = use_me().actor.roles;
    fields
        .iter()
        .filter_map(|field| {
            let value = values.get(field.name)?;
            let error = sending.wrong(field.name);
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
                FieldKind::OneOf(_) | FieldKind::RegisteredAs => view! {
                    <RadioGroup
                        legend=field.label
                        hint=field.hint
                        options=field.offered_to(&roles)
                        value=value
                        error=error
                        required=field.required
                    />
                }
                .into_any(),
                FieldKind::ManyOf(_) => view! {
                    <CheckGroup
                        legend=field.label
                        hint=field.hint
                        options=field.choices()
                        value=value
                        error=error
                        required=field.required
                    />
                }
                .into_any(),
                FieldKind::PortalPage => view! {
                    <PageSelect field=field value=value error=error />
                }
                .into_any(),
                FieldKind::Profession | FieldKind::CareFacility | FieldKind::PastMonth => {
                    let options = if field.kind == FieldKind::PastMonth {
                        past_months(field)
                    } else {
                        field.offered_to(&roles)
                    };
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
                | FieldKind::PastDay
                | FieldKind::PastMoment
                | FieldKind::Moment
                | FieldKind::Time
                | FieldKind::Count
                | FieldKind::Day => view! {
                    <TextField
                        label=field.label
                        hint=field.hint
                        value=value
                        error=error
                        required=field.required
                        kind=match field.kind {
                            FieldKind::PastDay | FieldKind::Day => "date",
                            FieldKind::PastMoment | FieldKind::Moment => "datetime-local",
                            FieldKind::Time => "time",
                            _ => "text",
                        }
                        lines=if field.kind == FieldKind::Lines { 3 } else { 1 }
                    />
                }
                .into_any(),
            })
        })
        .collect_view()
}

/// One of the portal's pages, by title.
#[component]
fn PageSelect(
    field: &'static Field,
    value: RwSignal<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let pages = load::<ListPortalPages>(|| ((), Empty {}));
    let options = Signal::derive(move || {
        pages.shown.with(|shown| {
            let rows = shown.iter().flat_map(|shown| &shown.pages);
            rows.map(|row| (row.name.to_string(), row.title.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <Select
            label=field.label
            hint=field.hint
            options=options
            value=value
            error=error
            required=field.required
        />
    }
}

/// The twelve months before this one. A list, because not every browser has a field for months.
fn past_months(field: &Field) -> Vec<(String, String)> {
    let (mut year, mut month, _) = clock::now().day().ymd();
    let mut months = Vec::new();
    for _ in 0..12 {
        (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        if Day::new(year, month, 1).is_some() {
            let wire = format!("{year:04}-{month:02}");
            let words = field.in_words(&wire);
            months.push((wire, words));
        }
    }
    months
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
