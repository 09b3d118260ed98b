//! Erasing what was sent on a day, or everything of a patient, from the table and the bucket of attachments.
//!
//! This is the one place where the product removes what was sent. It asks for the proof that the key of the same name is
//! destroyed, and removes last what tells what is still to be removed, so that it may be cut off anywhere and repeated.

use super::{
    Store,
    blob::BlobKey,
    error::StoreError,
    item::Item,
    keys::{self, Key},
    tx::Change,
};
use crate::evidence::ring::Destroyed;
use shared::{
    book::{Act, Entry, Note, NoteNumber, Revision},
    calendar::Day,
    evidence::{ErasureProgress, KeyName, Live, Reached},
    id::{AttachmentId, PatientId},
};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// What stands of a day: what its erasure will remove.
    pub async fn live_of_day(&self, day: Day) -> Result<Live, StoreError> {
        let receipts = self.query(&keys::receipts(day)).run().await?.len() as u64;
        let entries = self.journal(day).await?;
        Ok(Live { receipts, ..count(entries.iter().map(|(_, entry)| entry)) })
    }

    /// What stands of a patient's day.
    pub async fn live_of_patient(&self, patient: PatientId, day: Day) -> Result<Live, StoreError> {
        let entries = self.journal(day).await?;
        let own = entries.iter().map(|(_, entry)| entry).filter(|entry| entry.patient == patient);
        let receipts = self.receipts_of(day, patient).await?.len() as u64;
        Ok(Live { receipts, ..count(own) })
    }

    async fn receipts_of(&self, day: Day, patient: PatientId) -> Result<Vec<Item>, StoreError> {
        self.query(&keys::receipts(day)).beginning_with(&format!("{patient}#")).run().await
    }

    /// Erases what was sent on the day whose key was destroyed: notes and earlier texts of that day, files, previews,
    /// receipts, and the journal at the end. A note that was corrected later keeps its later text.
    pub async fn erase_day(&self, proof: &Destroyed) -> Result<(), StoreError> {
        let KeyName::Day(day) = proof.record().name else { return Ok(()) };
        let entries = self.journal(day).await?;
        let mut notes: BTreeMap<PatientId, BTreeSet<NoteNumber>> = BTreeMap::new();
        for (_, entry) in &entries {
            notes.entry(entry.patient).or_default().insert(entry.number);
            if let Act::Sent { note } = &entry.act {
                for file in &note.attachments {
                    self.erase_file(file.id).await?;
                }
            }
        }
        for (patient, numbers) in &notes {
            for number in numbers {
                self.erase_note(*patient, *number, day).await?;
            }
            self.mend_head(*patient).await?;
        }
        let receipts = self.query(&keys::receipts(day)).run().await?;
        self.remove_all(&keys_of(&receipts)?).await?;
        let journal = self.query(&keys::journal(day)).run().await?;
        self.remove_all(&keys_of(&journal)?).await
    }

    async fn erase_file(&self, id: AttachmentId) -> Result<(), StoreError> {
        self.blobs.erase_attachment(&BlobKey::Preview(id)).await?;
        self.blobs.erase_attachment(&BlobKey::File(id)).await?;
        self.remove(&keys::attachment(id)).await
    }

    async fn erase_note(&self, patient: PatientId, number: NoteNumber, day: Day) -> Result<(), StoreError> {
        let key = keys::note(patient, number);
        let note = self.get(&key).await?;
        let earlier = self.query(&keys::patient_partition(patient)).beginning_with(&keys::history_of(number));
        let earlier = earlier.run().await?;
        let Some(note) = note.map(|item| item.doc::<Note>()).transpose()? else {
            return self.remove_all(&keys_of(&earlier)?).await;
        };
        let Some(left) = note.without_day(day) else {
            self.remove_all(&keys_of(&earlier)?).await?;
            // What somebody corrects in this moment is of today.
            let removed = self.remove_unchanged(&key, &serde_json::to_string(&note)?).await?;
            return if removed { Ok(()) } else { Err(StoreError::Busy("note".into())) };
        };
        let mut gone = Vec::new();
        for item in &earlier {
            if item.doc::<Revision>()?.at.day() == day {
                gone.push(item.key()?);
            }
        }
        if left != note {
            let doc = Change::of(key, "SET doc = :doc").only_if("doc = :was");
            let doc =
                doc.text(":was", serde_json::to_string(&note)?).text(":doc", serde_json::to_string(&left)?);
            if !self.change(doc).await? {
                return Err(StoreError::Busy("note".into()));
            }
        }
        self.remove_all(&gone).await
    }

    /// The list of patients tells nothing of the newest note when there is none any more.
    async fn mend_head(&self, patient: PatientId) -> Result<(), StoreError> {
        let partition = keys::patient_partition(patient);
        if self.query(&partition).beginning_with(keys::NOTE).limit(1).run().await?.is_empty() {
            let head = Change::of(keys::patient(patient), "REMOVE newest, urgent");
            self.change(head.only_if("attribute_exists(pk)")).await?;
        }
        Ok(())
    }

    /// Erases what was sent on a day about the patient whose key was destroyed: files, receipts, entries.
    pub async fn erase_patient_day(&self, proof: &Destroyed, day: Day) -> Result<(), StoreError> {
        let KeyName::Patient(patient) = proof.record().name else { return Ok(()) };
        let mut gone = keys_of(&self.receipts_of(day, patient).await?)?;
        for item in self.query(&keys::journal(day)).run().await? {
            let entry: Entry = item.doc()?;
            if entry.patient != patient {
                continue;
            }
            if let Act::Sent { note } = &entry.act {
                for file in &note.attachments {
                    self.erase_file(file.id).await?;
                }
            }
            gone.push(item.key()?);
        }
        self.remove_all(&gone).await?;
        // Files that were declared for the patient and hang on nothing.
        for (id, doc) in self.loose_attachments(day).await? {
            if doc.patient == patient {
                self.blobs.erase_attachment(&BlobKey::Incoming(id)).await?;
                self.erase_file(id).await?;
            }
        }
        Ok(())
    }

    /// Erases what else there is of the patient whose key was destroyed: documents, notes, team, and the patient last.
    pub async fn erase_patient(&self, proof: &Destroyed) -> Result<(), StoreError> {
        let KeyName::Patient(patient) = proof.record().name else { return Ok(()) };
        let items = self.query(&keys::patient_partition(patient)).run().await?;
        for item in &items {
            if let Some(document) = Self::document_of(patient, item)? {
                let id = document.sk()?.parse().map_err(|_| StoreError::Shape("attachment id"))?;
                self.erase_file(id).await?;
            }
        }
        self.remove_all(&Self::reading_keys(&items)?).await?;
        let (heads, rest): (Vec<Key>, Vec<Key>) =
            keys_of(&items)?.into_iter().partition(|key| key.sk == keys::PATIENT);
        self.remove_all(&rest).await?;
        self.remove_all(&heads).await
    }

    /// Whether nothing is left of what stood under a destroyed key.
    pub async fn is_erased(&self, proof: &Destroyed) -> Result<bool, StoreError> {
        Ok(match proof.record().name {
            KeyName::Day(day) => self.live_of_day(day).await? == Live::default(),
            KeyName::Patient(patient) => {
                self.query(&keys::patient_partition(patient)).limit(1).run().await?.is_empty()
            }
        })
    }

    /// How far an erasure is; `None` before it begins and after it has ended.
    pub async fn erasure_progress(&self, name: KeyName) -> Result<Option<ErasureProgress>, StoreError> {
        self.get(&keys::erasure_progress(name)).await?.map(|item| item.doc()).transpose()
    }

    /// Keeps how far an erasure is, for the next run and for whoever looks.
    pub async fn put_erasure_progress(&self, name: KeyName, is: &ErasureProgress) -> Result<(), StoreError> {
        self.put(Item::new(&keys::erasure_progress(name), is)?).await
    }

    /// The generations that were tried since a key's destruction, each by manifest and version, with what they held.
    pub async fn tried_generations(
        &self,
        name: KeyName,
    ) -> Result<BTreeMap<String, Option<Reached>>, StoreError> {
        let key = keys::tried(name, "", "");
        let items = self.query(&key.pk).beginning_with(keys::TRIED).run().await?;
        items.iter().map(|item| Ok((item.sk()?.to_owned(), item.doc()?))).collect()
    }

    /// Keeps that a generation was tried.
    pub async fn put_tried(&self, key: &Key, reached: Option<&Reached>) -> Result<(), StoreError> {
        self.put(Item::new(key, &reached)?).await
    }

    /// Forgets how an erasure went, once its certificate says it all.
    pub async fn forget_erasure(&self, name: KeyName) -> Result<(), StoreError> {
        let progress = keys::erasure_progress(name);
        let tried = self.query(&progress.pk).beginning_with(keys::TRIED).run().await?;
        self.remove_all(&keys_of(&tried)?).await?;
        self.remove(&progress).await
    }

    /// Whether a patient's consent was withdrawn, so that the city may have their data erased.
    pub async fn is_withdrawn(&self, patient: PatientId) -> Result<bool, StoreError> {
        let head = self.get(&keys::patient(patient)).await?;
        let patient = head.map(|item| item.doc::<shared::book::Patient>()).transpose()?;
        Ok(patient.is_some_and(|patient| patient.consent() == shared::book::ConsentState::Withdrawn))
    }
}

fn keys_of(items: &[Item]) -> Result<Vec<Key>, StoreError> {
    items.iter().map(Item::key).collect()
}

fn count<'a>(entries: impl Iterator<Item = &'a Entry>) -> Live {
    let mut live = Live::default();
    for entry in entries {
        live.entries += 1;
        if let Act::Sent { note } = &entry.act {
            live.notes += 1;
            live.files += note.attachments.len() as u64;
        }
    }
    live
}
