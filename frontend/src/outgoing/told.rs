//! What the pages say of notes that have not gone out. Whoever asks follows what changes.

use super::{Mark, Outgoing, Unsent};
use leptos::prelude::*;
use shared::id::PatientId;

impl Outgoing {
    /// Follows every change.
    pub fn follow(self) {
        self.notes.track();
    }

    /// The mark of a patient in a list.
    pub fn mark(self, patient: PatientId) -> Option<Mark> {
        self.notes.with(|all| all.iter().filter(|note| note.patient == patient).map(Unsent::mark).max())
    }

    /// Whether a thread lies open.
    pub fn thread_is_open(self) -> bool {
        self.open.with(Option::is_some)
    }

    /// Every note but those of the thread that lies open, with the patient's name.
    pub fn elsewhere(self) -> Vec<(Mark, PatientId, String)> {
        let here = self.open.get();
        let told = |note: &Unsent| (note.mark(), note.patient, note.draft.patient_name.clone());
        self.notes.with(|all| all.iter().filter(|note| Some(note.patient) != here).map(told).collect())
    }

    /// A note of this patient that is not sent by itself.
    pub fn left(self, patient: PatientId) -> Option<Unsent> {
        let left = |note: &&Unsent| note.patient == patient && note.mark() == Mark::Left;
        self.notes.with(|all| all.iter().find(left).cloned())
    }
}
