//! What somebody sends by a press: whether it is under way, what is wrong with it, and one command for one content.

use crate::{
    client::{self, Failure, TIMEOUT, alerts},
    clock,
    components::{Notice, NoticeKind},
    whenever::whenever,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use shared::{
    api::{
        Endpoint,
        error::{Code, FieldError},
    },
    id::CommandId,
};
use std::time::Duration;

/// The state of a form or a button. What was typed is not in here, so no failure can lose it. Copy it freely.
#[derive(Clone, Copy)]
pub struct Submission {
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    /// Why the last try failed, if it did.
    pub failure: RwSignal<Option<Failure>>,
    errors: RwSignal<Vec<FieldError>>,
    sent: StoredValue<Option<(String, CommandId)>>,
}

impl Submission {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            errors: RwSignal::new(Vec::new()),
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

    /// Calls an endpoint, unless an answer is awaited already; `done` gets a good answer.
    pub fn send<E: Endpoint + 'static>(
        self,
        path: E::Path,
        request: E::Request,
        done: impl FnOnce(E::Reply) + 'static,
    ) {
        self.send_within::<E>(TIMEOUT, path, request, done);
    }

    /// [`Self::send`] for work that takes longer.
    pub fn send_within<E: Endpoint + 'static>(
        self,
        limit: Duration,
        path: E::Path,
        request: E::Request,
        done: impl FnOnce(E::Reply) + 'static,
    ) {
        if !self.begin() {
            return;
        }
        spawn_local(async move {
            let answer = client::call_within::<E>(limit, &path, &request).await;
            self.end(answer.map(done).err());
        });
    }

    /// The command for this content: the same act without an answer is sent as the same one; another content, and whatever
    /// follows a good answer, is another act.
    pub fn command(self, content: &impl Serialize) -> CommandId {
        let content = serde_json::to_string(content).unwrap_or_default();
        let before = self.sent.get_value().filter(|(sent, _)| *sent == content);
        let command = before.map_or_else(clock::new_command, |(_, command)| command);
        self.sent.set_value(Some((content, command)));
        command
    }

    /// For what is more than one call: whether it may begin. Then [`Self::end`] must follow.
    pub fn begin(self) -> bool {
        let free = !self.busy.get_untracked();
        if free {
            self.busy.set(true);
            self.errors.set(Vec::new());
            self.failure.set(None);
        }
        free
    }

    /// It has come to its end, well or not.
    pub fn end(self, failure: Option<Failure>) {
        if failure.is_none() {
            self.sent.try_set_value(None);
        }
        self.failure.try_set(failure);
        self.busy.try_set(false);
    }
}

/// Why the last try failed, above the button. What is said beside a field is not said again.
#[component]
pub fn SendFailure(
    /// Of what.
    sending: Submission,
    /// What was wanted, as in 「登録できませんでした。」.
    #[prop(optional)]
    what: &'static str,
) -> impl IntoView {
    let resumed = alerts().resumed.clone();
    whenever(move || {
        resumed.track();
        // The service goes on: that it is stopped would be wrong now.
        if untrack(|| sending.failed_with(Code::Maintenance)) {
            sending.failure.set(None);
        }
    });
    move || {
        sending.failure.get().map(|why| {
            let (words, number) = why.into_words();
            view! {
                <Notice kind=NoticeKind::Error>
                    <p>{what} {(!what.is_empty()).then_some(" ")} {words}</p>
                    {number.map(|n| view! { <p class="hint">"お問い合わせ番号: " <code>{n}</code></p> })}
                </Notice>
            }
        })
    }
}
