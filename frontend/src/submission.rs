//! What somebody sends by a press: whether it is under way, what is wrong with it, and one command for one content.

use crate::{
    browser,
    client::{self, Failure, TIMEOUT, alerts},
    clock,
    components::{Notice, NoticeKind},
    whenever::whenever,
};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use shared::{
    api::{
        Empty, Endpoint,
        error::{Code, FieldError},
    },
    book::AttachmentLink,
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
    /// The fields that show themselves what is wrong with them.
    shown: StoredValue<Vec<&'static str>>,
    sent: StoredValue<Option<(String, CommandId)>>,
}

impl Submission {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            errors: RwSignal::new(Vec::new()),
            shown: StoredValue::new(Vec::new()),
            sent: StoredValue::new(None),
        }
    }

    /// What is wrong with a field, by this screen or by the server. Whoever asks shows it: [`SendFailure`] does not say it again.
    pub fn wrong(self, name: &'static str) -> Signal<Option<String>> {
        self.shown.update_value(|all| all.push(name));
        Signal::derive(move || {
            let own = self.errors.with(|all| all.iter().find(|e| e.field == name).map(|e| e.message.clone()));
            own.or_else(|| self.failure.with(|why| why.as_ref().and_then(|why| why.field(name))))
        })
    }

    /// Shows what is wrong, and leads there; nothing is sent.
    pub fn refuse(self, errors: Vec<FieldError>) {
        self.failure.set(None);
        if !errors.is_empty() {
            browser::lead_to_wrong_field();
        }
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

    /// Asks for a file, and gives it to the person under its name.
    pub fn fetch_file<E>(self, path: E::Path, name: String)
    where
        E: Endpoint<Request = Empty, Reply = AttachmentLink> + 'static,
    {
        if !self.begin() {
            return;
        }
        spawn_local(async move {
            let answer = client::call::<E>(&path, &Empty {}).await;
            if let Ok(link) = &answer {
                browser::download_as(&link.url, &name).await;
            }
            self.end(answer.err());
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
        match &failure {
            None => {
                self.sent.try_set_value(None);
            }
            Some(why) if !why.fields().is_empty() => browser::lead_to_wrong_field(),
            Some(_) => (),
        }
        self.failure.try_set(failure);
        self.busy.try_set(false);
    }

    /// What is to be said of a failure beside the button: nothing if every field in error says it itself, and those that do
    /// not are named.
    fn in_words(self, why: &Failure) -> Option<String> {
        if why.fields().is_empty() {
            return Some(why.sentence());
        }
        let said = |name: &str| self.shown.try_with_value(|all| all.contains(&name)).unwrap_or_default();
        let unsaid = why.fields().iter().filter(|error| !said(&error.field));
        let unsaid: Vec<_> = unsaid.map(|error| error.message.as_str()).collect();
        (!unsaid.is_empty()).then(|| unsaid.join(" "))
    }
}

/// Why the last try failed, above the button, where whoever pressed it looks. What is said beside a field is not said again.
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
        let why = sending.failure.get()?;
        let (words, number) = (sending.in_words(&why)?, why.support_number());
        Some(view! {
            <Notice kind=NoticeKind::Error>
                <p>{what} {(!what.is_empty()).then_some(" ")} {words}</p>
                {number.map(|n| view! { <p class="hint">"お問い合わせ番号: " <code>{n}</code></p> })}
            </Notice>
        })
    }
}
