//! The patient 患者 (ご本人), the care team 支援チーム around them, and the thread that they share.

use super::{ConsentState, Note, NoteKind, NoteNumber};
use crate::{
    calendar::{Day, Timestamp},
    id::{AccountId, PatientId},
    label::labelled,
    people::Profession,
};
use serde::{Deserialize, Serialize};

/// Notes on one page of a thread.
pub const PAGE: usize = 50;
/// Most people in one care team: a bound that lets team and newest notes come in one query.
pub const TEAM_MAX: usize = 40;

labelled! {
    /// 要介護度: how much care the insurance has recognised.
    pub enum CareLevel {
        None = "none" "認定なし",
        Support1 = "support1" "要支援1",
        Support2 = "support2" "要支援2",
        Care1 = "care1" "要介護1",
        Care2 = "care2" "要介護2",
        Care3 = "care3" "要介護3",
        Care4 = "care4" "要介護4",
        Care5 = "care5" "要介護5",
    }
}

labelled! {
    /// 性別 as the insurance card gives it.
    pub enum Sex {
        Female = "female" "女性",
        Male = "male" "男性",
        Unstated = "unstated" "記載なし",
    }
}

/// A person cared for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Patient {
    /// Identifier.
    pub id: PatientId,
    /// Name.
    pub name: String,
    /// Reading of the name, in hiragana.
    pub kana: String,
    /// Day of birth.
    pub born: Day,
    /// Sex.
    pub sex: Sex,
    /// Recognised need of care.
    pub care_level: CareLevel,
    /// The part of the city where they live (no street: the thread needs no more).
    pub area: String,
    /// When the patient last consented to sharing; without consent there is no page (requirements §2, 25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consented_on: Option<Day>,
    /// When that consent was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<Day>,
}

impl Patient {
    /// Whether the page may be open to its team.
    pub const fn consent(&self) -> ConsentState {
        match (self.consented_on, self.withdrawn_on) {
            (None, _) => ConsentState::Missing,
            (Some(_), None) => ConsentState::Given,
            (Some(_), Some(_)) => ConsentState::Withdrawn,
        }
    }
}

/// The newest note, as the list of patients shows it: no text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LastNote {
    /// When it was sent.
    pub at: Timestamp,
    /// What kind it is.
    pub kind: NoteKind,
    /// Who wrote it.
    pub author: String,
    /// The author's profession.
    pub profession: Profession,
}

/// One of my patients, as lists show them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientRow {
    /// Who.
    pub patient: Patient,
    /// Notes by others that I have not seen.
    pub unread: u32,
    /// Whether an urgent note (緊急) is among them.
    pub urgent: bool,
    /// Whether a note addressed to me is among them.
    pub addressed: bool,
    /// The newest note.
    pub last: Option<LastNote>,
}

/// Somebody in the care team, with how far they have read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TeamMember {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// Facility by name.
    pub facility_name: String,
    /// Seen everything up to this number (既読).
    pub read_to: NoteNumber,
    /// When they last read on.
    pub read_at: Option<Timestamp>,
    /// The notes up to this number are history to them: written long before they joined, neither read nor unread.
    #[serde(default)]
    pub history: NoteNumber,
}

impl TeamMember {
    /// Whether a note is theirs to read.
    pub fn is_to_read(&self, note: NoteNumber) -> bool {
        note > self.history
    }

    /// Whether they have read a note that is theirs to read.
    pub fn has_read(&self, note: NoteNumber) -> bool {
        self.is_to_read(note) && note <= self.read_to
    }
}

/// A page of a patient's thread, newest page first, each page oldest note first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Thread {
    /// Whose thread.
    pub patient: Patient,
    /// Everybody who can read it, with how far they have read. On older pages too: it is the same query.
    pub team: Vec<TeamMember>,
    /// The notes of this page, oldest first.
    pub notes: Vec<Note>,
    /// Ask for the notes before this number for the page before; `None` at the beginning of the thread.
    pub before: Option<NoteNumber>,
    /// The newest number in the thread; 0 when nothing was written yet.
    pub last: NoteNumber,
    /// Grows with each correction, retraction and 了解, so that a screen knows when to look again.
    pub changes: u64,
}

/// Whether anything is new in a thread: numbers only, no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pulse {
    /// As in [`Thread`].
    pub last: NoteNumber,
    /// As in [`Thread`].
    pub changes: u64,
    /// How far each of the team has read.
    pub read_to: Vec<(AccountId, NoteNumber)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a table or a backup of an earlier version holds it.
    const EARLIER: &str = r#"{"id":"01K0000000000000000000000A","name":"山田 花子","kana":"やまだ はなこ","born":"1941-03-02","sex":"female","care_level":"care2","area":"浜町","consented_on":"2025-04-01"}"#;

    #[test]
    fn a_patient_of_an_earlier_version_has_consented() {
        let patient: Patient = serde_json::from_str(EARLIER).unwrap();
        assert_eq!(patient.consent(), ConsentState::Given);
        assert_eq!(serde_json::to_string(&patient).unwrap(), EARLIER);
    }

    #[test]
    fn a_withdrawal_closes_and_nothing_on_record_is_no_consent() {
        let mut patient: Patient = serde_json::from_str(EARLIER).unwrap();
        patient.withdrawn_on = patient.consented_on;
        assert_eq!(patient.consent(), ConsentState::Withdrawn);
        patient.consented_on = None;
        assert_eq!(patient.consent(), ConsentState::Missing);
    }

    #[test]
    fn of_who_joined_later_nobody_says_that_they_read_the_history() {
        let member = TeamMember {
            account: AccountId::from_parts(1, 1),
            name: "山田 花子".into(),
            profession: Profession::Nurse,
            facility_name: String::new(),
            read_to: NoteNumber(12),
            read_at: None,
            history: NoteNumber(10),
        };
        let of = |note| (member.is_to_read(NoteNumber(note)), member.has_read(NoteNumber(note)));
        assert_eq!([10, 11, 12, 13].map(of), [(false, false), (true, true), (true, true), (true, false)]);
    }
}
