//! The demo data of つながる連絡帳: a fictional city, みなと野市, with its facilities, its people, its patients
//! and three months of their contact book.
//!
//! Everything is a pure function of the day it ends on: no clock, no randomness of the machine. The same day
//! gives the same bytes, down to the pictures. Nothing here is about a real person or a real facility.
//!
//! What is said in the notes is written by hand in `words/` (how each profession writes) and `scripts/` (short
//! stories that several people tell together: a fever, a fall, a question and its answer); the code only picks,
//! fills in and keeps the threads coherent.

mod chance;
mod consents;
mod facilities;
mod files;
mod journal;
mod lexicon;
mod names;
mod patients;
mod pdf;
mod people;
mod pictures;
mod plan;
mod portal;
mod receipts;
mod render;
mod scripts;
mod state;
mod teams;
mod voice;

pub mod named;

pub use consents::why_invited;
pub use portal::{Portal, portal};

use shared::{
    book::{Consent, Entry, FileType, NoteNumber, Patient},
    calendar::Timestamp,
    id::{AccountId, AttachmentId},
    people::{Account, Facility},
};

/// The fictional city.
pub const CITY_NAME: &str = "みなと野市";

/// The password of *every* demo account, so that loading needs one Argon2 hash and not 120. It passes the
/// rules for passwords; it is public, so a demo environment must never face the internet.
pub const DEMO_PASSWORD: &str = "Shiokaze-27-hashi!";

/// How much of the city to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Facilities, 8 to 30. The first eight are those of the named people.
    pub facilities: usize,
    /// People, 18 to 120: as many as the facilities have, if that is less.
    pub people: usize,
    /// Patients.
    pub patients: usize,
    /// Notes of all patients together.
    pub notes: usize,
    /// Days of the book, ending with the day before `until`.
    pub days: usize,
}

impl Size {
    /// What `cargo xtask dev --demo` loads.
    pub const DEMO: Self = Self { facilities: 30, people: 120, patients: 200, notes: 20_000, days: 90 };
    /// What tests load: everybody of [`named`], and little else.
    pub const TEST: Self = Self { facilities: 8, people: 18, patients: 8, notes: 200, days: 14 };
}

/// The whole city.
#[derive(Clone, Debug)]
pub struct City {
    /// Facilities of all kinds.
    pub facilities: Vec<Facility>,
    /// People of all professions, each of one of the facilities.
    pub people: Vec<Person>,
    /// Patients with all that is written about them.
    pub patients: Vec<PatientPage>,
    /// Patients beside those whose page is closed: one awaits consent, one withdrew it.
    pub closed: Vec<PatientPage>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// In the clear: the loader hashes it. Always [`DEMO_PASSWORD`].
    pub password: String,
}

/// A patient, the care team, and the thread.
#[derive(Clone, Debug)]
pub struct PatientPage {
    /// Who.
    pub patient: Patient,
    /// When the page was opened, after the consent and before the first note.
    pub registered_at: Timestamp,
    /// The care team, with how far each has read.
    pub team: Vec<Member>,
    /// Everything that was done, in order of time. Note numbers are 1, 2, 3 … in the order of sending.
    pub entries: Vec<Entry>,
    /// The bytes of every attachment of the thread.
    pub files: Vec<DemoFile>,
    /// The consents on record.
    pub consents: Vec<Consent>,
    /// The bytes of their documents.
    pub documents: Vec<DemoFile>,
}

/// Somebody in a care team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub account: AccountId,
    /// Since when, before the first note.
    pub joined_at: Timestamp,
    /// Seen everything up to this number; 0: nothing yet.
    pub read_to: NoteNumber,
    /// When they last read on.
    pub read_at: Option<Timestamp>,
}

/// A file that is attached to one note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFile {
    /// As the note's attachment names it.
    pub id: AttachmentId,
    /// As the note's attachment names it.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The whole demo city, up to the midnight in Japan at which the day of `until` begins: everything in it is
/// earlier than `until`, and every `until` of one day gives the same city.
pub fn city(until: Timestamp) -> City {
    town(until, Size::DEMO)
}

/// A city of another size.
pub fn town(until: Timestamp, size: Size) -> City {
    let facilities = facilities::make(size, until.day());
    let people = people::make(size, &facilities, until.day());
    let (patients, closed) = journal::pages(size, until.day(), &facilities, &people);
    City {
        facilities: facilities.into_iter().map(|place| place.facility).collect(),
        people,
        patients,
        closed,
    }
}

#[cfg(test)]
mod tests;
