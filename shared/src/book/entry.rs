//! The sent journal 発信簿: every change of a thread is one unchangeable entry, and a note is what its entries
//! make of it. The daily backup holds entries; a restore replays them with the very function that the handlers
//! used, so that both give the same note.

use super::{Acknowledgement, Note, NoteNumber, Retraction, Revision};
use crate::{
    calendar::Timestamp,
    id::{AccountId, PatientId},
};
use serde::{Deserialize, Serialize};

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// A note was sent.
    Sent {
        /// As sent.
        note: Box<Note>,
    },
    /// Its text was corrected.
    Revised {
        /// The number of the new text: one more than before.
        revision: u32,
        /// The new text.
        text: String,
        /// The note without its texts and files, as it was before: what the correction stands on when the day of the first
        /// text is erased and its own is not. Entries of earlier versions do not have it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Box<Note>>,
    },
    /// It was retracted.
    Retracted {
        /// When, by whom, why.
        retraction: Retraction,
    },
    /// Somebody pressed 了解.
    Acknowledged,
}

/// One entry of the sent journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// In whose thread.
    pub patient: PatientId,
    /// On which note.
    pub number: NoteNumber,
    /// By whom.
    pub by: AccountId,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

/// An entry does not follow from the note as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfOrder {
    /// The note exists already, or does not exist yet.
    Existence,
    /// The correction is of another revision.
    Revision,
    /// The note was retracted before.
    Retracted,
}

impl Act {
    /// The correction of a note.
    pub fn revised(note: &Note, text: String) -> Self {
        let bare = Note { text: String::new(), attachments: Vec::new(), ..note.clone() };
        Self::Revised { revision: note.revision + 1, text, note: Some(Box::new(bare)) }
    }
}

impl Entry {
    /// The note after this entry, and the earlier text that becomes history.
    ///
    /// # Errors
    /// [`OutOfOrder`] if the entry does not follow.
    pub fn apply(&self, note: Option<Note>) -> Result<(Note, Option<Revision>), OutOfOrder> {
        match (&self.act, note) {
            (Act::Sent { note }, None) => Ok((Note::clone(note), None)),
            (Act::Revised { revision, text, note: Some(bare) }, None) => {
                let (revision, text, revised_at) = (*revision, text.clone(), Some(self.at));
                Ok((Note { revision, text, revised_at, ..Note::clone(bare) }, None))
            }
            (Act::Sent { .. }, Some(_)) | (_, None) => Err(OutOfOrder::Existence),
            (Act::Acknowledged, Some(mut note)) => {
                if !note.acknowledged.iter().any(|ack| ack.by == self.by) {
                    note.acknowledged.push(Acknowledgement { by: self.by, at: self.at });
                }
                Ok((note, None))
            }
            (_, Some(note)) if note.retraction.is_some() => Err(OutOfOrder::Retracted),
            (Act::Revised { revision, text, .. }, Some(mut note)) => {
                if *revision != note.revision + 1 {
                    return Err(OutOfOrder::Revision);
                }
                let at = note.revised_at.unwrap_or(note.sent_at);
                let earlier = Revision {
                    revision: note.revision,
                    text: std::mem::replace(&mut note.text, text.clone()),
                    at,
                };
                note.revision = *revision;
                note.revised_at = Some(self.at);
                Ok((note, Some(earlier)))
            }
            (Act::Retracted { retraction }, Some(mut note)) => {
                note.retraction = Some(retraction.clone());
                Ok((note, None))
            }
        }
    }

    /// Whether a note has this entry in it already: what a restore that was cut off asks before it applies it again.
    pub fn is_in(&self, note: &Note) -> bool {
        match &self.act {
            Act::Sent { note: sent } => {
                note.number == sent.number && note.sent_at == sent.sent_at && note.author == sent.author
            }
            Act::Revised { revision, text, .. } => {
                note.revision > *revision || note.revision == *revision && note.text == *text
            }
            Act::Retracted { retraction } => note.retraction.as_ref() == Some(retraction),
            Act::Acknowledged => note.acknowledged.iter().any(|ack| ack.by == self.by),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::{Author, Importance, NoteKind},
        id::FacilityId,
        people::Profession,
    };
    use proptest::prelude::*;

    fn sent() -> Note {
        let account = AccountId::from_parts(1, 1);
        Note {
            number: NoteNumber(1),
            kind: NoteKind::Report,
            importance: Importance::Normal,
            text: "一".into(),
            author: Author {
                account,
                name: "看護 花子".into(),
                profession: Profession::Nurse,
                facility: FacilityId::from_parts(1, 2),
                facility_name: "ステーション".into(),
            },
            sent_at: Timestamp::from_ms(1),
            addressees: vec![],
            reply_to: None,
            attachments: vec![],
            revision: 1,
            revised_at: None,
            retraction: None,
            acknowledged: vec![],
        }
    }

    fn entry(at: i64, act: Act) -> Entry {
        Entry {
            at: Timestamp::from_ms(at),
            patient: PatientId::from_parts(1, 1),
            number: NoteNumber(1),
            by: AccountId::from_parts(1, 9),
            act,
        }
    }

    #[test]
    fn a_correction_keeps_the_earlier_text() {
        let (note, earlier) = entry(5, Act::revised(&sent(), "二".into())).apply(Some(sent())).unwrap();
        assert_eq!((note.text.as_str(), note.revision), ("二", 2));
        assert_eq!(earlier, Some(Revision { revision: 1, text: "一".into(), at: Timestamp::from_ms(1) }));
        let stale = entry(6, Act::revised(&sent(), "三".into())).apply(Some(note));
        assert_eq!(stale, Err(OutOfOrder::Revision));
    }

    #[test]
    fn a_correction_stands_for_itself_when_the_first_text_is_erased() {
        let first = Note {
            acknowledged: vec![Acknowledgement {
                by: AccountId::from_parts(1, 3),
                at: Timestamp::from_ms(2),
            }],
            ..sent()
        };
        let correction = entry(5, Act::revised(&first, "二".into()));
        let kept = serde_json::to_string(&correction).unwrap();
        assert!(!kept.contains('一'), "{kept}");
        let (whole, _) = correction.apply(Some(first)).unwrap();
        assert_eq!(correction.apply(None), Ok((whole, None)));
        // An entry of an earlier version does not.
        let old = r#"{"at":"1970-01-01T00:00:00.005Z","patient":"00000000010000000000000001","number":1,"by":"00000000010000000000000009","act":"revised","revision":2,"text":"二"}"#;
        let old: Entry = serde_json::from_str(old).unwrap();
        assert_eq!(old.apply(None), Err(OutOfOrder::Existence));
    }

    #[test]
    fn a_retracted_note_stays_and_takes_no_correction() {
        let retraction = Retraction {
            at: Timestamp::from_ms(7),
            by: AccountId::from_parts(1, 1),
            by_name: "花子".into(),
            reason: "誤記".into(),
        };
        let (note, _) = entry(7, Act::Retracted { retraction }).apply(Some(sent())).unwrap();
        assert_eq!(note.text, "一");
        let after = entry(8, Act::revised(&sent(), "二".into())).apply(Some(note));
        assert_eq!(after, Err(OutOfOrder::Retracted));
    }

    proptest! {
        #[test]
        fn entries_survive_the_wire_and_acks_count_once(times in 1_usize..5, text in "\\PC{1,40}") {
            let mut note = entry(1, Act::Sent { note: Box::new(sent()) }).apply(None).unwrap().0;
            for n in 0..times {
                let act = if n % 2 == 0 { Act::Acknowledged } else { Act::revised(&note, text.clone()) };
                let entry = entry(2, act);
                let back: Entry = serde_json::from_str(&serde_json::to_string(&entry).unwrap()).unwrap();
                prop_assert_eq!(&back, &entry);
                note = entry.apply(Some(note)).unwrap().0;
            }
            prop_assert_eq!(note.acknowledged.len(), 1);
        }

        #[test]
        fn a_note_has_in_it_what_was_applied_and_nothing_that_comes_later(acts in proptest::collection::vec(0_u8..3, 0..8)) {
            let mut entries = vec![entry(1, Act::Sent { note: Box::new(sent()) })];
            let mut revision = 1;
            for (n, act) in acts.into_iter().enumerate() {
                let by = AccountId::from_parts(1, n as u128);
                let act = match act {
                    0 => Act::Acknowledged,
                    1 => {
                        revision += 1;
                        Act::Revised { revision, text: format!("{n}"), note: None }
                    }
                    _ => {
                        let at = Timestamp::from_ms(9);
                        Act::Retracted { retraction: Retraction { at, by, by_name: "花子".into(), reason: "誤記".into() } }
                    }
                };
                let last = matches!(act, Act::Retracted { .. });
                entries.push(Entry { by, ..entry(2, act) });
                if last {
                    break;
                }
            }
            let mut note = None;
            for (n, entry) in entries.iter().enumerate() {
                prop_assert!(!note.as_ref().is_some_and(|note| entry.is_in(note)));
                note = Some(entry.apply(note).unwrap().0);
                let note = note.as_ref().unwrap();
                prop_assert!(entries[..=n].iter().all(|entry| entry.is_in(note)));
                prop_assert!(entries[n + 1..].iter().all(|entry| !entry.is_in(note)));
                prop_assert_eq!(note.changes(), n as u64);
            }
        }
    }
}
