//! The directory of the newest generation: people, facilities, patients and what is around them. It is restored last, so
//! that nobody can sign in before everything is there, and its counters are made of the notes as they were replayed.

use super::{
    Restoring, boxes, is_up,
    plan::{Mark, Progress, RestoreError},
    replay::lines,
};
use crate::{
    evidence::reader::{self, Opened},
    store::{Store, error::StoreError, item::Item, keys},
};
use shared::{
    book::{Note, Patient},
    evidence::{Holds, KeyName},
    id::PatientId,
};
use std::{collections::BTreeSet, time::Instant};

impl Restoring<'_> {
    /// The keys that the newest directory says were destroyed: the old environment's table may be gone.
    pub(super) async fn destroyed(&mut self) -> Result<BTreeSet<KeyName>, RestoreError> {
        let mut names = BTreeSet::new();
        let Some(newest) = self.generations.last().cloned() else { return Ok(names) };
        let manifest = newest.read(self.from).await?;
        for object in manifest.of(Holds::Directory) {
            for sealed in boxes::split(super::fetch(self.from, object).await?) {
                let sealed = sealed.map_err(|_| RestoreError::Damaged(object.key.clone()))?;
                let of_nobody = !sealed.place.keys.iter().any(|name| matches!(name, KeyName::Patient(_)));
                if of_nobody && let Opened::Plain(_, plain) = reader::open_one(&self.ring, sealed).await? {
                    names.extend(super::destroyed_in(&plain)?);
                }
            }
        }
        Ok(names)
    }

    /// Restores it; `false` when the time is up.
    pub(super) async fn directory(
        &mut self,
        until: Option<Instant>,
        told: &mut impl FnMut(&Progress),
    ) -> Result<bool, RestoreError> {
        let Some(newest) = self.generations.last().cloned() else { return Ok(true) };
        // The notes that its counters are made of must be there.
        self.put().await?;
        if self.into.is_some() && !self.progress.mark.directory {
            // Until here they were counted as they came, some of them twice if the restore was cut off.
            self.progress.restored.notes = 0;
        }
        let manifest = newest.read(self.from).await?;
        for (number, object) in manifest.objects.iter().enumerate() {
            let mark = Mark { directory: true, manifest: newest.key.clone(), object: number, held: 0 };
            if object.holds != Holds::Directory || mark <= self.progress.mark {
                continue;
            }
            let body = self.fetch(object).await?;
            for sealed in boxes::split(body) {
                let Some((place, plain)) = self.open(object, sealed).await? else { continue };
                let Some(into) = self.into else { continue };
                let patient = place.keys.iter().find_map(|name| match name {
                    KeyName::Patient(patient) => Some(*patient),
                    KeyName::Day(_) => None,
                });
                match patient {
                    Some(patient) => {
                        let notes = into.store.replayed_notes(patient).await?;
                        self.progress.restored.notes += notes.len();
                        self.batch.add_all(around(patient, &notes, &plain)?)?;
                    }
                    None => {
                        for line in lines(&plain) {
                            self.batch.add(Item::from_line(line?)?)?;
                        }
                    }
                }
                self.batch.put_if_long(into).await?;
            }
            self.done(mark).await?;
            told(&self.progress);
            if is_up(until) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A patient's items, with the counters of the thread as it was replayed.
fn around(patient: PatientId, notes: &[Note], plain: &[u8]) -> Result<Vec<Item>, StoreError> {
    let last = notes.last().map_or(0, |note| note.number.0);
    let changes = notes.iter().map(Note::changes).sum();
    let mut items = Vec::new();
    for line in lines(plain) {
        let item = Item::from_line(line?)?;
        let key = item.key()?;
        items.extend(Store::document_of(patient, &item)?);
        if key.sk.starts_with(keys::MEMBER) {
            // The directory may be younger than the last entry: nobody has read what is not there.
            let item = item.at_most("read_to", last)?.at_most("addressed", last)?;
            items.push(item.at_most("history", last)?);
        } else if key.sk == keys::PATIENT {
            let known: Patient = item.doc()?;
            let restored = Store::patient_item(&known, notes, changes)?;
            items.push(Store::with_circle_of(restored, &item)?);
            items.push(Store::reading_item(&known)?);
        } else {
            items.push(item);
        }
    }
    Ok(items)
}
