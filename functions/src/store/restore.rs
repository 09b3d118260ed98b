//! What a restore keeps in its target, and what it asks of it.

use super::{Store, error::StoreError, item::Item, keys, schema::INDEX_PK};
use crate::evidence::restore::Progress;
use shared::{book::Note, evidence::KeyName, id::PatientId};

impl Store {
    /// How far the restore is that fills this environment; `None` if none began.
    pub async fn restore_progress(&self) -> Result<Option<Progress>, StoreError> {
        self.get(&keys::restore_progress()).await?.map(|item| item.doc()).transpose()
    }

    /// Notes how far it is.
    pub(crate) async fn put_restore_progress(&self, progress: &Progress) -> Result<(), StoreError> {
        self.put(Item::new(&keys::restore_progress(), progress)?).await
    }

    /// Whether anybody uses this environment: it has a facility or a patient.
    pub(crate) async fn is_in_use(&self) -> Result<bool, StoreError> {
        for list in [keys::FACILITIES, keys::PATIENTS] {
            if !self.query(list).by_index().limit(1).run().await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether anybody has ever signed in here.
    pub(crate) async fn is_signed_in_to(&self) -> Result<bool, StoreError> {
        let accounts = self.query(keys::ACCOUNTS).by_index().run().await?;
        for item in accounts {
            if item.get_number::<i64>("last_in")? > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a restore fills this environment and has not come to its end: no job may take half of it for all of it.
    pub(crate) async fn is_being_restored(&self) -> Result<bool, StoreError> {
        Ok(self.restore_progress().await?.is_some_and(|progress| progress.finished_at.is_none()))
    }

    /// How many cases there are, read page by page.
    pub(crate) async fn count_cases(&self) -> Result<usize, StoreError> {
        let (mut count, mut after) = (0, None);
        loop {
            let query = self.query(keys::CASES).by_index().beginning_with(keys::CASE_AMONG_ALL);
            let (items, next) = query.page(after).await?;
            count += items.len();
            after = next;
            if after.is_none() {
                return Ok(count);
            }
        }
    }

    /// The notes of a patient in order, as a restore has replayed them: it makes the thread's counters of them. It has no
    /// person who could be let in, and shows them to nobody.
    pub(crate) async fn replayed_notes(&self, patient: PatientId) -> Result<Vec<Note>, StoreError> {
        let partition = keys::patient_partition(patient);
        self.query(&partition).beginning_with(keys::NOTE).run().await?.iter().map(Item::doc).collect()
    }

    /// The key that an item of a directory remembers as destroyed; `None` for another item.
    pub(crate) fn destroyed_key(item: &Item) -> Result<Option<KeyName>, StoreError> {
        if item.get_text(INDEX_PK).ok() != Some(keys::DESTROYED) {
            return Ok(None);
        }
        let record: super::ring::KeyRecord = item.doc()?;
        Ok(record.destroyed_at.map(|_| record.name))
    }
}
