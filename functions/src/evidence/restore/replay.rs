//! Replaying: entries become notes by the very function that the handlers used.

use super::{
    Restoring,
    batch::NoteKey,
    plan::{Part, RestoreError},
};
use crate::{
    app::App,
    evidence::boxes::Place,
    store::{Store, book::AttachmentDoc, error::StoreError, item::Item},
};
use shared::{
    book::{Act, Entry, Note},
    evidence::KeyName,
    id::{CaseId, EventId},
    procedure::Case,
};
use std::collections::HashMap;

/// The lines of a box.
pub(super) fn lines(plain: &[u8]) -> impl Iterator<Item = Result<&str, StoreError>> {
    let lines = plain.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| std::str::from_utf8(line).map_err(|_| StoreError::Shape("line")))
}

impl Restoring<'_> {
    /// The journal of one patient's one day.
    pub(super) async fn journal(&mut self, plain: &[u8]) -> Result<(), RestoreError> {
        let read = |line: Result<&str, StoreError>| -> Result<(EventId, Entry), StoreError> {
            Ok(serde_json::from_str(line?)?)
        };
        let entries = lines(plain).map(read).collect::<Result<Vec<_>, _>>()?;
        self.progress.restored.entries += entries.len();
        let Some(into) = self.into else { return self.count(&entries) };
        let mut notes = self.standing(into, &entries).await?;
        for (id, entry) in &entries {
            self.batch.add(Store::journal_item(*id, entry)?)?;
            self.files_of(entry)?;
            let key = (entry.patient, entry.number);
            let was = notes.remove(&key);
            if was.is_none() && !self.may_begin_a_note(*id, entry)? {
                continue;
            }
            // What was put before the restore was cut off is not done twice.
            if let Some(note) = was.as_ref().filter(|note| self.resumed && entry.is_in(note)) {
                notes.insert(key, note.clone());
                continue;
            }
            let is_new = was.is_none();
            let (note, earlier) = entry
                .apply(was)
                .map_err(|why| RestoreError::Inconsistent(format!("{id}: note {}: {why:?}", entry.number)))?;
            if let Some(earlier) = earlier {
                self.batch.add(Store::history_item(entry.patient, entry.number, &earlier)?)?;
            }
            self.progress.restored.notes += usize::from(is_new);
            self.batch.set_note(key, note.clone());
            notes.insert(key, note);
        }
        self.batch.put_if_long(into).await
    }

    /// Whether entries may be about notes that are not here.
    fn has_gaps(&self) -> bool {
        let restored = &self.progress.restored;
        matches!(self.progress.plan.part, Part::Day(_))
            || restored.erased > 0
            || !restored.missing.is_empty()
            || !restored.lost.is_empty()
    }

    /// Whether an entry about a note that is not here makes one; otherwise it is counted and left out. Where everything that
    /// was ever sent must be here, only a note that is sent may be new.
    fn may_begin_a_note(&mut self, id: EventId, entry: &Entry) -> Result<bool, RestoreError> {
        match entry.act {
            Act::Sent { .. } => Ok(true),
            _ if !self.has_gaps() => {
                let why = format!("{id}: note {} was never sent", entry.number);
                Err(RestoreError::Inconsistent(why))
            }
            Act::Revised { note: Some(_), .. } => Ok(true),
            _ => {
                self.progress.restored.orphans += 1;
                Ok(false)
            }
        }
    }

    /// The notes that these entries are about, as far as they are known before them.
    async fn standing(
        &self,
        into: &App,
        entries: &[(EventId, Entry)],
    ) -> Result<HashMap<NoteKey, Note>, StoreError> {
        // Nobody put a note there before it was sent, but an earlier try of the same restore.
        let asked =
            entries.iter().filter(|(_, entry)| self.resumed || !matches!(entry.act, Act::Sent { .. }));
        self.batch.notes(into, asked.map(|(_, entry)| (entry.patient, entry.number))).await
    }

    fn files_of(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let Act::Sent { note } = &entry.act else { return Ok(()) };
        for file in &note.attachments {
            let doc = AttachmentDoc::of(entry.patient, entry.by, file);
            self.batch.add(Store::attachment_item(file.id, &doc, note.number)?)?;
        }
        Ok(())
    }

    /// The same without a target: what would be there.
    fn count(&mut self, entries: &[(EventId, Entry)]) -> Result<(), RestoreError> {
        for (id, entry) in entries {
            let key = (entry.patient, entry.number);
            if !self.seen.contains(&key) && self.may_begin_a_note(*id, entry)? {
                self.progress.restored.notes += 1;
                self.seen.insert(key);
            }
        }
        Ok(())
    }

    /// Cases: one is in the generation of each day on which it took a step; its newest state counts.
    pub(super) async fn cases(&mut self, place: &Place, plain: &[u8]) -> Result<(), RestoreError> {
        let read = |line: Result<&str, StoreError>| -> Result<(Item, Case), StoreError> {
            let item = Item::from_line(line?)?;
            let case = item.doc()?;
            Ok((item, case))
        };
        let found = lines(plain).map(read).collect::<Result<Vec<_>, _>>()?;
        let Some(into) = self.into else {
            self.seen_cases.extend(found.iter().map(|(_, case)| case.id));
            self.progress.restored.cases = self.seen_cases.len();
            return Ok(());
        };
        self.batch.put(into).await?;
        let known = known_cases(into, found.iter().map(|(_, case)| case.id)).await?;
        for (item, case) in found {
            let newer = known.get(&case.id).is_none_or(|known| *known <= case.version);
            if newer {
                self.batch.add_all(Store::ways_to_case(&case)?)?;
                self.batch.add(item)?;
            }
            for name in &place.keys {
                let KeyName::Day(day) = name else { continue };
                // That of its last step is among the ways already.
                if Some(*day) != case.taken.last().map(|taken| taken.at.day()) || !newer {
                    self.batch.add(Store::case_mark(*day, case.id, case.version))?;
                }
            }
        }
        self.batch.put_if_long(into).await
    }
}

/// The versions of the cases that the target holds.
async fn known_cases(
    into: &App,
    ids: impl Iterator<Item = CaseId>,
) -> Result<HashMap<CaseId, u32>, StoreError> {
    let wanted: Vec<_> = ids.map(crate::store::keys::case).collect();
    let mut known = HashMap::new();
    for item in into.store.get_all(&wanted).await? {
        let case: Case = item.doc()?;
        known.insert(case.id, case.version);
    }
    Ok(known)
}
