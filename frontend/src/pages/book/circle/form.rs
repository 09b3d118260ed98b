//! A form on its way to the server: its errors, its failure, and one command for one content.

use crate::{
    client::{Failure, call},
    clock,
    components::{Notice, NoticeKind},
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{
        Endpoint,
        error::{Code, FieldError},
    },
    id::CommandId,
};

/// The state of a form. What was typed is not in here, so no failure can lose it.
#[derive(Clone, Copy)]
pub struct Form {
    errors: RwSignal<Vec<FieldError>>,
    failure: RwSignal<Option<Failure>>,
    /// While an answer is awaited.
    pub busy: RwSignal<bool>,
    sent: StoredValue<Option<(String, CommandId)>>,
}

impl Form {
    /// A form that was not sent yet.
    pub fn new() -> Self {
        Self {
            errors: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            sent: StoredValue::new(None),
        }
    }

    /// What is wrong with a field, by this screen or by the server.
    pub fn wrong(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let own = self.errors.with(|all| all.iter().find(|e| e.field == name).map(|e| e.message.clone()));
            own.or_else(|| self.failure.with(|why| why.as_ref().and_then(|why| why.field(name))))
        })
    }

    /// Shows what is wrong; nothing is sent.
    pub fn refuse(self, errors: Vec<FieldError>) {
        self.failure.set(None);
        self.errors.set(errors);
    }

    /// Whether the server answered with this code.
    pub fn failed_with(self, code: Code) -> bool {
        self.failure.with(|why| why.as_ref().and_then(Failure::code) == Some(code))
    }

    /// The command for this content: the same act sent twice is done once, another content is another act.
    pub fn command(self, content: &impl serde::Serialize) -> CommandId {
        let content = serde_json::to_string(content).unwrap_or_default();
        let before = self.sent.get_value().filter(|(sent, _)| *sent == content);
        let command = before.map_or_else(clock::new_command, |(_, command)| command);
        self.sent.set_value(Some((content, command)));
        command
    }

    /// Sends; `done` gets a good answer.
    pub fn send<E: Endpoint>(
        self,
        path: E::Path,
        request: E::Request,
        done: impl FnOnce(E::Reply) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.errors.set(Vec::new());
        self.failure.set(None);
        spawn_local(async move {
            let answer = call::<E>(&path, &request).await;
            self.busy.try_set(false);
            match answer {
                Ok(reply) => done(reply),
                Err(why) => {
                    self.failure.try_set(Some(why));
                }
            }
        });
    }
}

/// Why the last try failed, above the button. What is said beside a field is not said again.
#[component]
pub fn FormFailure(
    /// Of which form.
    form: Form,
    /// What was wanted, as in 「登録できませんでした。」.
    what: &'static str,
) -> impl IntoView {
    move || {
        form.failure.get().map(|why| {
            let (words, number) = why.into_words();
            view! {
                <Notice kind=NoticeKind::Error>
                    <p>{what} {words}</p>
                    {number.map(|n| view! { <p class="hint">"お問い合わせ番号: " <code>{n}</code></p> })}
                </Notice>
            }
        })
    }
}
