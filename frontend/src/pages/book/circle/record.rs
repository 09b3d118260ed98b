//! 同意を記録する: the document first, then who gave the consent, when, in which form.

use super::document::{Chosen, DocumentField, arrived};
use crate::{
    clock,
    components::{Button, ButtonKind, RadioGroup, TextField},
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{book as api, error::FieldError},
    book::{ConsentBy, ConsentForm, NewConsent},
    calendar::Day,
    id::PatientId,
};

/// The words of a question about who.
pub fn people() -> Vec<(String, String)> {
    ConsentBy::ALL.iter().map(|by| (by.wire().to_owned(), by.label().to_owned())).collect()
}

/// The form.
#[component]
pub fn RecordForm(
    /// Whose consent.
    patient: PatientId,
    /// After it is on record.
    done: Callback<()>,
) -> impl IntoView {
    let form = Submission::new();
    let chosen: Chosen = RwSignal::new_local(None);
    let today = clock::now().day();
    let given_on = RwSignal::new(today.to_string());
    let given_by = RwSignal::new(ConsentBy::Patient.wire().to_owned());
    let relationship = RwSignal::new(String::new());
    let kind = RwSignal::new(ConsentForm::Signed.wire().to_owned());
    let by_patient = move || given_by.with(|by| by == ConsentBy::Patient.wire());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let mut missing = Vec::new();
        let document = arrived(chosen);
        if document.is_none() {
            let words = match chosen.with(Option::is_some) {
                true => "書面がまだ届いていません。届くのを待つか、選び直してください。",
                false => "同意の書面を選んでください。",
            };
            missing.push(FieldError::new("document", words));
        }
        let day = given_on.get_untracked().parse::<Day>();
        if day.is_err() {
            missing.push(FieldError::new("given_on", "同意した日を入力してください。"));
        }
        let (Some(document), Ok(given_on)) = (document, day) else { return form.refuse(missing) };
        let content = NewConsent {
            command: clock::new_command(),
            given_on,
            given_by: ConsentBy::from_wire(&given_by.get_untracked()).unwrap_or(ConsentBy::Patient),
            relationship: relationship.get_untracked(),
            form: ConsentForm::from_wire(&kind.get_untracked()).unwrap_or(ConsentForm::Signed),
            document,
        };
        match content.check(clock::now().day()) {
            Ok(new) => {
                let content = (new.given_on, new.given_by, &new.relationship, new.form, new.document);
                let command = form.command(&content);
                form.send::<api::RecordConsent>(patient, NewConsent { command, ..new }, move |_| {
                    done.run(())
                });
            }
            Err(errors) => form.refuse(errors),
        }
    };
    let forms = ConsentForm::ALL
        .iter()
        .map(|form| (form.wire().to_owned(), form.label().to_owned()))
        .collect::<Vec<_>>();
    view! {
        <form class="stack circle-form" on:submit=send novalidate>
            <fieldset class="block">
                <legend>"書面"</legend>
                <DocumentField patient=patient label="同意の書面" id="consent-document" chosen=chosen error=form.wrong("document") />
                <RadioGroup legend="書面の形" options=forms value=kind error=form.wrong("form") />
            </fieldset>
            <fieldset class="block">
                <legend>"同意した人と日"</legend>
                <RadioGroup legend="同意した人" options=people() value=given_by />
                {move || {
                    (!by_patient())
                        .then(|| {
                            view! {
                                <TextField
                                    label="本人との関係"
                                    value=relationship
                                    required=true
                                    hint="例: 長女、成年後見人"
                                    error=form.wrong("relationship")
                                />
                            }
                        })
                }}
                <TextField
                    label="同意した日"
                    kind="date"
                    value=given_on
                    required=true
                    max=today.to_string()
                    error=form.wrong("given_on")
                />
            </fieldset>
            <SendFailure sending=form what="記録できませんでした。" />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>"同意を記録して連絡帳を開く"</Button>
            </div>
        </form>
    }
}
