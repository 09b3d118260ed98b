//! A note 連絡: sent, read, acknowledged, corrected, retracted. Nothing is overwritten or disappears.

use super::{ATTACHMENTS_MAX, Attachment, TEAM_MAX};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{AccountId, AttachmentId, CommandId, FacilityId},
    label::labelled,
    people::{Actor, Profession},
    text,
};
use serde::{Deserialize, Serialize};

/// Most corrections of one note: an item of the table holds a bounded history.
pub const REVISIONS_MAX: u32 = 20;

/// The number of a note within its patient's thread: 1, 2, 3 … without gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct NoteNumber(pub u32);

impl std::fmt::Display for NoteNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for NoteNumber {
    type Err = crate::id::NotAnId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(number @ 1..) if !text.starts_with(['+', '0']) => Ok(Self(number)),
            _ => Err(crate::id::NotAnId),
        }
    }
}

labelled! {
    /// 種別: why somebody writes.
    pub enum NoteKind {
        Contact = "contact" "連絡",
        Report = "report" "報告",
        Question = "question" "質問",
        Urgent = "urgent" "緊急",
    }
}

labelled! {
    /// 重要度: how soon it should be read.
    pub enum Importance {
        Normal = "normal" "通常",
        High = "high" "重要",
    }
}

impl Note {
    /// How many entries changed it after it was sent.
    pub fn changes(&self) -> u64 {
        let acks = u64::try_from(self.acknowledged.len()).unwrap_or(u64::MAX);
        u64::from(self.revision.saturating_sub(1)) + acks + u64::from(self.retraction.is_some())
    }
}

/// Who wrote, as they were *when they wrote*: answering for it stays with that facility (Art. 5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Author {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// Facility.
    pub facility: FacilityId,
    /// Facility by name.
    pub facility_name: String,
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        Self {
            account: actor.account,
            name: actor.name.clone(),
            profession: actor.profession,
            facility: actor.facility,
            facility_name: actor.facility_name.clone(),
        }
    }
}

/// An earlier text of a corrected note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revision {
    /// 1 for the text as first sent.
    pub revision: u32,
    /// The text as it was.
    pub text: String,
    /// When that text was sent.
    pub at: Timestamp,
}

/// A retraction 取消: the note stays, marked, with who and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retraction {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
    /// By name.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// 了解: somebody pressed on purpose that they know and will act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Acknowledgement {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// One entry in a patient's thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// Its number in the thread.
    pub number: NoteNumber,
    /// Why it was written.
    pub kind: NoteKind,
    /// How soon to read it.
    pub importance: Importance,
    /// The text as it stands now.
    pub text: String,
    /// Who wrote it.
    pub author: Author,
    /// 発信日時: five years count from this day (Art. 23).
    pub sent_at: Timestamp,
    /// To whom in particular; empty: to all.
    pub addressees: Vec<AccountId>,
    /// The note that this one answers.
    pub reply_to: Option<NoteNumber>,
    /// Files and pictures.
    pub attachments: Vec<Attachment>,
    /// 1 as sent; grows with each correction.
    pub revision: u32,
    /// When the present text was sent, if it is a correction.
    pub revised_at: Option<Timestamp>,
    /// If it was retracted.
    pub retraction: Option<Retraction>,
    /// Who pressed 了解, in order.
    pub acknowledged: Vec<Acknowledgement>,
}

/// What somebody sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewNote {
    /// Made by the client; the same id sent twice is one note.
    pub command: CommandId,
    /// Why it is written.
    pub kind: NoteKind,
    /// How soon to read it.
    pub importance: Importance,
    /// 1 to [`text::NOTE_MAX`] characters.
    pub text: String,
    /// To whom in particular; must belong to the team.
    #[serde(default)]
    pub addressees: Vec<AccountId>,
    /// The note that this one answers.
    #[serde(default)]
    pub reply_to: Option<NoteNumber>,
    /// Files uploaded before, by this person for this patient.
    #[serde(default)]
    pub attachments: Vec<AttachmentId>,
}

impl NewNote {
    /// The note cleaned, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        match text::required("text", "本文", &self.text, text::NOTE_MAX) {
            Ok(clean) => self.text = clean,
            Err(error) => errors.push(error),
        }
        self.addressees.sort_unstable();
        self.addressees.dedup();
        if self.addressees.len() > TEAM_MAX {
            errors.push(FieldError::new("addressees", format!("宛先は{TEAM_MAX}人までです。")));
        }
        let before = self.attachments.len();
        self.attachments.sort_unstable();
        self.attachments.dedup();
        if self.attachments.len() > ATTACHMENTS_MAX || before != self.attachments.len() {
            errors.push(FieldError::new(
                "attachments",
                format!("添付は重複なしで{ATTACHMENTS_MAX}件までです。"),
            ));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// A correction 訂正: the new text; the earlier one stays visible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revise {
    /// Made by the client.
    pub command: CommandId,
    /// The revision that was on the screen: a correction of something else is refused.
    pub revision: u32,
    /// 1 to [`text::NOTE_MAX`] characters.
    pub text: String,
}

/// A retraction 取消.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retract {
    /// Made by the client.
    pub command: CommandId,
    /// The revision that was on the screen.
    pub revision: u32,
    /// Why, 1 to [`text::REASON_MAX`] characters.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> NewNote {
        NewNote {
            command: CommandId::from_parts(1, 1),
            kind: NoteKind::Contact,
            importance: Importance::Normal,
            text: text.into(),
            addressees: vec![],
            reply_to: None,
            attachments: vec![],
        }
    }

    #[test]
    fn empty_and_long_notes_name_their_field() {
        for bad in ["", "  \n", &"長".repeat(20_001)] {
            assert_eq!(note(bad).check().unwrap_err()[0].field, "text");
        }
        assert_eq!(note(" 体温 36.8℃\r\n").check().unwrap().text, " 体温 36.8℃");
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!("12".parse(), Ok(NoteNumber(12)));
        for bad in ["0", "012", "+1", "-1", "", "4294967296", "1 "] {
            assert!(bad.parse::<NoteNumber>().is_err(), "{bad}");
        }
    }
}
