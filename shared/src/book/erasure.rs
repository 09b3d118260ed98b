//! What is left of a note when everything that was sent on one day is erased.

use super::Note;
use crate::calendar::Day;

impl Note {
    /// The day on which the present text was sent.
    pub fn text_day(&self) -> Day {
        self.revised_at.unwrap_or(self.sent_at).day()
    }

    /// The note without what was sent on a day; `None` where nothing is left: its present text is of that day. A text
    /// corrected later has its own five years (Art. 23(1)) and stays, without the files that came with the first one.
    #[must_use]
    pub fn without_day(&self, day: Day) -> Option<Self> {
        if self.text_day() == day {
            return None;
        }
        let mut left = self.clone();
        if left.sent_at.day() == day {
            left.attachments.clear();
        }
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::{Attachment, Author, FileType, Importance, NoteKind, NoteNumber},
        calendar::Timestamp,
        id::{AccountId, AttachmentId, FacilityId},
        people::Profession,
    };

    fn at(day: &str) -> Timestamp {
        day.parse::<Day>().unwrap().start().plus_seconds(3600)
    }

    fn note(sent: &str, revised: Option<&str>) -> Note {
        Note {
            number: NoteNumber(1),
            kind: NoteKind::Report,
            importance: Importance::Normal,
            text: "本文".into(),
            author: Author {
                account: AccountId::from_parts(1, 1),
                name: "人".into(),
                profession: Profession::Nurse,
                facility: FacilityId::from_parts(1, 1),
                facility_name: "施設".into(),
            },
            sent_at: at(sent),
            addressees: Vec::new(),
            reply_to: None,
            attachments: vec![Attachment {
                id: AttachmentId::from_parts(1, 1),
                name: "a.jpg".into(),
                file_type: FileType::Jpeg,
                bytes: 1,
                sha256: String::new(),
                preview: None,
            }],
            revision: 1 + u32::from(revised.is_some()),
            revised_at: revised.map(at),
            retraction: None,
            acknowledged: Vec::new(),
        }
    }

    #[test]
    fn a_text_goes_with_its_own_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(note("2026-11-20", None).without_day(day("2026-11-20")), None);
        assert_eq!(note("2026-11-20", Some("2026-11-20")).without_day(day("2026-11-20")), None);
        let other = note("2026-11-20", None);
        assert_eq!(other.without_day(day("2026-11-21")), Some(note("2026-11-20", None)));
        let corrected = note("2026-11-20", Some("2026-12-01")).without_day(day("2026-11-20")).unwrap();
        assert!(corrected.attachments.is_empty() && corrected.text == "本文");
        assert_eq!(note("2026-11-20", Some("2026-12-01")).without_day(day("2026-12-01")), None);
    }
}
