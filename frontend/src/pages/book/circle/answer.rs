//! The answer to an invitation: people of the own facility, or a reason why nobody joins.

use crate::components::{Button, TextField};
use crate::submission::{SendFailure, Submission};
use leptos::prelude::*;
use shared::{
    api::{book as api, error::FieldError},
    book::{Colleague, InvitationAnswer},
    id::{AccountId, InvitationId, PatientId},
};

/// The two forms of one invitation.
#[component]
pub fn AnswerForm(
    /// Whose team.
    patient: PatientId,
    /// Which invitation.
    id: InvitationId,
    /// The patient's name, to tell the buttons of several invitations apart.
    name: String,
    /// Who can join.
    people: Memo<Vec<Colleague>>,
    /// After the answer.
    done: Callback<()>,
) -> impl IntoView {
    let (form, chosen, reason) =
        (Submission::new(), RwSignal::new(Vec::<AccountId>::new()), RwSignal::new(String::new()));
    let answer = move |join: Vec<AccountId>, reason: String| {
        let given = InvitationAnswer { command: form.command(&(&join, &reason)), join, reason };
        match given.check() {
            Ok(given) => form.send::<api::AnswerInvitation>((patient, id), given, move |_| done.run(())),
            Err(errors) => form.refuse(errors),
        }
    };
    let join = Callback::new(move |()| {
        let chosen = chosen.get_untracked();
        if chosen.is_empty() {
            return form.refuse(vec![FieldError::new("join", "参加する人を選んでください。")]);
        }
        answer(chosen, String::new());
    });
    let name = StoredValue::new(name);
    let decline = Callback::new(move |()| answer(Vec::new(), reason.get_untracked()));
    let wrong = form.wrong("join");
    let person = move |one: Colleague| {
        let account = one.account;
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || chosen.with(|all| all.contains(&account))
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        chosen.update(|all| {
                            all.retain(|other| *other != account);
                            if on {
                                all.push(account);
                            }
                        });
                    }
                />
                <span>{one.name} " " <small>{one.profession.label()}</small></span>
            </label>
        }
    };
    view! {
        <div class="stack">
            <fieldset class="block" class:field-wrong=move || wrong.with(Option::is_some)>
                <legend>"参加する人"</legend>
                <For each=move || people.get() key=|one| one.account children=person />
                <div class="error" aria-live="polite">{move || wrong.get().map(|words| view! { <span>{words}</span> })}</div>
            </fieldset>
            <SendFailure sending=form what="回答できませんでした。" />
            <div class="actions">
                <Button busy=form.busy on_press=join>
                    "選んだ人が参加する" <span class="visually-hidden">"（"{name.get_value()}"さん）"</span>
                </Button>
            </div>
            <details>
                <summary>"参加できないとき"</summary>
                <div class="stack">
                    <TextField label="辞退の理由" value=reason lines=2 required=true error=form.wrong("reason") />
                    <div class="actions">
                        <Button busy=form.busy on_press=decline>
                            "辞退する" <span class="visually-hidden">"（"{name.get_value()}"さん）"</span>
                        </Button>
                    </div>
                </div>
            </details>
        </div>
    }
}
