//! Notes on their way out: the one place that sends notes. It lives as long as the person is signed in in this tab, not
//! as long as a page: what gets no answer waits (送信待ち) and goes out from wherever its writer is, under the number that
//! lies with its draft on the device, and never twice at once. Before each round it looks at the device, for other
//! windows of the same person write there and send from there, too.
//!
//! [`thread`] is what a thread that lies open asks of it, [`told`] what every page says of it; [`unsent`] and [`answer`]
//! have the rules as pure functions.

mod answer;
mod thread;
mod told;
mod unsent;

pub use answer::{Answer, refusal};
pub use unsent::{Mark, Stand, Unsent};

use crate::{
    client::{Failure, call},
    clock,
    draft::{Draft, Place},
    reconnect::on_reconnect,
    session::use_me,
};
use answer::why_it_waits;
use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{book::CreateNote, error::Code},
    book::Note,
    id::{AccountId, CommandId, PatientId},
};
use std::{collections::BTreeSet, time::Duration};
use unsent::after_look;

/// How often what waits is tried again.
const AGAIN: Duration = Duration::from_secs(15);

/// The sender. Copy it freely.
#[derive(Clone, Copy)]
pub struct Outgoing {
    account: AccountId,
    key: StoredValue<String>,
    notes: RwSignal<Vec<Unsent>>,
    /// Whose thread lies open.
    open: RwSignal<Option<PatientId>>,
    /// The newest last word, for the thread that lies open.
    answer: StoredValue<Option<(PatientId, Answer)>>,
    /// Into whose books a note has gone while their threads did not lie open.
    arrived: StoredValue<BTreeSet<PatientId>>,
}

/// Gives the sender to everything below, and keeps it going for as long as that lives.
pub fn provide_outgoing() {
    let me = use_me();
    let outgoing = Outgoing {
        account: me.actor.account,
        key: StoredValue::new(me.draft_key),
        notes: RwSignal::new(Vec::new()),
        open: RwSignal::new(None),
        answer: StoredValue::new(None),
        arrived: StoredValue::new(BTreeSet::new()),
    };
    let timer = set_interval_with_handle(move || outgoing.again(), AGAIN);
    let other_window = window_event_listener_untyped("storage", move |_| outgoing.look_if_concerned());
    on_cleanup(move || {
        other_window.remove();
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    on_reconnect(move || outgoing.again());
    outgoing.again();
    provide_context(outgoing);
}

/// The sender.
///
/// # Panics
/// Outside the application's frame: a mistake of the program that its first start shows.
pub fn use_outgoing() -> Outgoing {
    expect_context()
}

impl Outgoing {
    /// Sends a note, again and again until there is a last word on it. `kept`: whether the device has it.
    pub fn send(self, patient: PatientId, draft: Draft, kept: bool) {
        let known = self.find(patient, |note| note.is(draft.command));
        if known.is_none_or(|note| note.stand != Stand::Sending) {
            self.attempt(Unsent { patient, draft, stand: Stand::Sending, kept });
        }
    }

    /// Tries everything that waits.
    fn again(self) {
        self.look();
        let waits = |note: &&Unsent| matches!(note.stand, Stand::Waiting(_));
        let waiting: Vec<_> = self.notes.with_untracked(|all| all.iter().filter(waits).cloned().collect());
        waiting.into_iter().for_each(|note| self.attempt(note));
    }

    /// Looks at what lies on the device.
    fn look(self) {
        let device = self.key.with_value(|key| Place::all(self.account, key));
        let all = self.notes.with_untracked(|known| after_look(known, &device, clock::now()));
        if self.notes.with_untracked(|known| *known != all) {
            self.notes.set(all);
        }
    }

    /// Another window has written something. What it sends is its own affair, unless something waits here, too: a note
    /// that goes out at once needs no mark in every window.
    fn look_if_concerned(self) {
        if self.open.with_untracked(Option::is_some) || self.notes.with_untracked(|all| !all.is_empty()) {
            self.look();
        }
    }

    fn attempt(self, note: Unsent) {
        let Some(new) = note.draft.note() else { return };
        let (patient, command) = (note.patient, new.command);
        self.put(Unsent { stand: Stand::Sending, ..note });
        spawn_local(async move {
            let outcome = call::<CreateNote>(&patient, &new).await;
            self.answered(patient, command, outcome);
        });
    }

    fn put(self, note: Unsent) {
        self.notes.update(|all| match all.iter_mut().find(|known| known.is(note.draft.command)) {
            Some(known) => *known = note,
            None => all.push(note),
        });
    }

    fn answered(self, patient: PatientId, command: CommandId, outcome: Result<Note, Failure>) {
        let Some(mut note) = self.find(patient, |note| note.is(Some(command))) else { return };
        if let Some(why) = outcome.as_ref().err().and_then(why_it_waits) {
            self.put(Unsent { stand: Stand::Waiting(why), ..note });
            // Another window may have sent it meanwhile.
            return self.look();
        }
        let end = |draft: Draft| match &outcome {
            Ok(_) => draft.without_note(),
            // A number that stands for another note already is no use.
            Err(why) => {
                let command = (why.code() != Some(Code::CommandReused)).then_some(command);
                draft.refused_for(refusal(why), command)
            }
        };
        self.rewrite(patient, |draft| draft.waits_as(Some(command)), end);
        self.withdraw(Some(command));
        if self.open.get_untracked() == Some(patient) {
            self.answer.set_value(Some((patient, Answer { command, outcome })));
        } else if outcome.is_ok() {
            self.arrived.update_value(|arrived| {
                arrived.insert(patient);
            });
        } else if !note.kept {
            (note.draft, note.stand) = (end(note.draft), Stand::Left);
            self.put(note);
        }
        self.look();
    }

    fn place(self, patient: PatientId) -> Option<Place> {
        self.key.with_value(|key| Place::new(self.account, patient, key))
    }

    /// Writes anew what lies on the device for a patient, if it is still such.
    fn rewrite(self, patient: PatientId, such: impl Fn(&Draft) -> bool, end: impl FnOnce(Draft) -> Draft) {
        let Some(place) = self.place(patient) else { return };
        if let Some(draft) = place.load().filter(such) {
            // What cannot be written anew is sent once more under its number, and has no second effect.
            let _ = place.save(&end(draft));
        }
    }
}
