//! Drafts 下書き: what somebody typed and did not send yet, kept on the device until the server confirmed it.
//!
//! Shared PCs are the rule in facilities, so a draft is sealed under a key that only its writer's own session
//! receives ([`shared::people::Me::draft_key`]): the next person at the PC can neither read nor use it, and it
//! outlives reload, sign-out and a lost connection. A draft that does not open is left where it is.

mod place;

pub use place::Place;

use serde::{Deserialize, Serialize};
use shared::{
    book::{FileType, Importance, NewNote, NoteKind, NoteNumber},
    calendar::Timestamp,
    id::{AccountId, AttachmentId, CommandId},
};

/// After so long an unanswered 送信 that is found on the device is not repeated by itself any more: what was urgent then
/// may be wrong now.
const STILL_MEANT_MS: i64 = 10 * 60 * 1000;

/// A file that the server has confirmed, waiting for its note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its identifier.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Its size.
    pub bytes: u64,
}

/// What is being done to a note that was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 訂正.
    Correction,
    /// 取消.
    Retraction,
}

/// A correction or a retraction under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDraft {
    /// Which of the two.
    pub kind: ChangeKind,
    /// Of which note.
    pub number: NoteNumber,
    /// The revision that was on the screen.
    pub revision: u32,
    /// The new text, or the reason.
    pub text: String,
    /// Made once, so that a second try after a lost answer has no second effect.
    pub command: CommandId,
}

/// Everything that a person has under way for one patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The patient by name, to say whose note still waits where no page of theirs is open.
    pub patient_name: String,
    /// Why it is written.
    pub kind: NoteKind,
    /// How soon to read it.
    pub importance: Importance,
    /// To whom in particular.
    pub addressees: Vec<AccountId>,
    /// The note that it answers.
    pub reply_to: Option<NoteNumber>,
    /// The text as typed.
    pub text: String,
    /// Made once, when the note was begun.
    pub command: Option<CommandId>,
    /// Files that have arrived.
    pub files: Vec<KeptFile>,
    /// Names of files that were still on their way: they have to be chosen again.
    pub unfinished: Vec<String>,
    /// 送信 was pressed and no answer has come yet.
    pub pending: bool,
    /// Why the server did not take the note, in words: it is not sent by itself, the person decides.
    pub refused: Option<String>,
    /// A correction or retraction under way.
    pub change: Option<ChangeDraft>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            patient_name: String::new(),
            kind: NoteKind::Contact,
            importance: Importance::Normal,
            addressees: Vec::new(),
            reply_to: None,
            text: String::new(),
            command: None,
            files: Vec::new(),
            unfinished: Vec::new(),
            pending: false,
            refused: None,
            change: None,
        }
    }
}

impl Draft {
    /// Whether there is anything that somebody would miss.
    pub fn is_empty(&self) -> bool {
        self.change.is_none() && !self.holds_note()
    }

    /// Whether a note is being written, and not only another one changed.
    pub fn holds_note(&self) -> bool {
        !self.says_the_same(&Self::default())
    }

    /// Whether both hold the same note, whatever its number and however it stands.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.words() == other.words()
    }

    /// The note alone, as typed.
    fn words(&self) -> Self {
        let (patient_name, command, change) = (String::new(), None, None);
        Self { patient_name, command, change, pending: false, refused: None, ..self.clone() }
    }

    /// What is sent of it; `None` while it has no number.
    pub fn note(&self) -> Option<NewNote> {
        Some(NewNote {
            command: self.command?,
            kind: self.kind,
            importance: self.importance,
            text: self.text.clone(),
            addressees: self.addressees.clone(),
            reply_to: self.reply_to,
            attachments: self.files.iter().map(|file| file.id).collect(),
        })
    }

    /// Whether its note was sent under this number and has no answer yet.
    pub fn waits_as(&self, command: Option<CommandId>) -> bool {
        self.pending && self.command == command
    }

    /// Whether a note without an answer is still to be sent by itself, when it is found on the device.
    pub fn is_still_meant(&self, now: Timestamp) -> bool {
        let pressed = self.command.and_then(|command| i64::try_from(command.at_ms()).ok()).unwrap_or(0);
        // A file that was cut off would be missing: then the person decides, too.
        self.pending && self.unfinished.is_empty() && now.ms() - pressed < STILL_MEANT_MS
    }

    /// What is left of it when the note has gone out.
    pub fn without_note(self) -> Self {
        Self { patient_name: self.patient_name, change: self.change, ..Self::default() }
    }

    /// What it is when the server does not take the note: why, and under which number it may be tried again.
    pub fn refused_for(self, why: String, command: Option<CommandId>) -> Self {
        Self { pending: false, refused: Some(why), command, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            patient_name: "山田 花子".into(),
            text: "今夜は絶食です。".into(),
            command: Some(CommandId::from_parts(1_000_000, 9)),
            pending: true,
            ..Draft::default()
        }
    }

    fn change() -> ChangeDraft {
        ChangeDraft {
            kind: ChangeKind::Correction,
            number: NoteNumber(3),
            revision: 1,
            text: "訂正".into(),
            command: CommandId::from_parts(1, 2),
        }
    }

    #[test]
    fn what_is_sent_is_what_was_typed_under_its_number() {
        let file = KeptFile {
            id: AttachmentId::from_parts(1, 3),
            name: "褥瘡.jpg".into(),
            file_type: FileType::Jpeg,
            bytes: 12,
        };
        let draft = Draft { reply_to: Some(NoteNumber(2)), files: vec![file], ..draft() };
        let note = draft.note().unwrap();
        assert_eq!((Some(note.command), note.text.as_str()), (draft.command, "今夜は絶食です。"));
        assert_eq!((note.reply_to, note.attachments), (draft.reply_to, vec![AttachmentId::from_parts(1, 3)]));
        assert_eq!(Draft { command: None, ..draft }.note(), None);
    }

    #[test]
    fn what_is_found_is_sent_by_itself_for_ten_minutes_and_only_whole() {
        let after = |seconds: i64| Timestamp::from_ms(1_000_000).plus_seconds(seconds);
        assert!(draft().is_still_meant(after(599)));
        assert!(!draft().is_still_meant(after(600)));
        let cut_off = Draft { unfinished: vec!["褥瘡.jpg".into()], ..draft() };
        assert!(!cut_off.is_still_meant(after(1)));
        assert!(!Draft { pending: false, ..draft() }.is_still_meant(after(1)));
        assert!(!draft().refused_for(String::new(), draft().command).is_still_meant(after(1)));
    }

    #[test]
    fn a_note_that_has_gone_out_leaves_only_a_change_under_way() {
        assert!(draft().without_note().is_empty());
        let left = Draft { change: Some(change()), ..draft() }.without_note();
        assert_eq!((left.change.clone(), left.text.as_str()), (Some(change()), ""));
        assert!(!left.is_empty());
    }

    #[test]
    fn the_same_words_are_the_same_note_however_it_stands() {
        let typed = Draft { text: draft().text, change: Some(change()), ..Draft::default() };
        assert!(typed.says_the_same(&draft()));
        assert!(!Draft { kind: NoteKind::Urgent, ..typed }.says_the_same(&draft()));
    }

    #[test]
    fn a_draft_of_an_older_screen_still_opens() {
        let old: Draft = serde_json::from_str(r#"{"text":"途中","kind":"report"}"#).unwrap();
        assert_eq!((old.text.as_str(), old.kind), ("途中", NoteKind::Report));
        assert!(!old.is_empty());
        assert!(Draft { command: Some(CommandId::from_parts(1, 1)), ..Draft::default() }.is_empty());
    }
}
