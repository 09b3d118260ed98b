//! What a thread that lies open asks of the sender: it says itself how the note on its desk stands.

use super::{Answer, Outgoing, Unsent};
use crate::draft::Draft;
use leptos::prelude::*;
use shared::id::{CommandId, PatientId};

impl Outgoing {
    /// The thread of this patient is opened; what waits is tried at once. Whether a note has gone into it since it was
    /// open before.
    pub fn open(self, patient: PatientId) -> bool {
        self.open.set(Some(patient));
        self.again();
        self.arrived.try_update_value(|arrived| arrived.remove(&patient)).unwrap_or(false)
    }

    /// The thread is left; its draft lies on the device.
    pub fn leave(self, patient: PatientId) {
        if self.open.get_untracked() == Some(patient) {
            self.open.set(None);
        }
        self.look();
    }

    /// The draft for a patient. One that the device could not keep is still here.
    pub fn draft(self, patient: PatientId) -> Option<Draft> {
        let here = self.find(patient, |note| !note.kept).map(|note| note.draft);
        here.or_else(|| self.place(patient)?.load())
    }

    /// The first note of a patient that is such.
    pub fn find(self, patient: PatientId, such: impl Fn(&Unsent) -> bool) -> Option<Unsent> {
        let such = |note: &&Unsent| note.patient == patient && such(note);
        self.notes.with_untracked(|all| all.iter().find(such).cloned())
    }

    /// The last word on a note of this patient, once.
    pub fn take_answer(self, patient: PatientId) -> Option<Answer> {
        let of = |answer: &mut (PatientId, Answer)| answer.0 == patient;
        self.answer.try_update_value(|answer| answer.take_if(of)).flatten().map(|(_, answer)| answer)
    }

    /// A note is not to be sent for now.
    pub fn withdraw(self, command: Option<CommandId>) {
        self.notes.update(|all| all.retain(|note| !note.is(command)));
    }

    /// Throws away a note that was left.
    pub fn discard(self, note: &Unsent) {
        self.notes.update(|all| all.retain(|known| known != note));
        self.rewrite(note.patient, |draft| *draft == note.draft, Draft::without_note);
        self.look();
    }
}
