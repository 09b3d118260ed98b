//! What a restore writes: gathered, each item once, and put in an order that makes doing it again harmless.

use super::plan::RestoreError;
use crate::{
    app::App,
    store::{Store, error::StoreError, item::Item, keys, keys::Key},
};
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    book::{Note, NoteNumber},
    id::PatientId,
};
use std::collections::{BTreeMap, HashMap};

/// Items gathered before they are put.
const ITEMS: usize = 2_000;
/// Items put by one call, and calls at the same time.
const AT_ONCE: (usize, usize) = (100, 4);
/// Notes asked for at once.
const NOTES_AT_ONCE: usize = 100;

/// Whose note, and which.
pub(super) type NoteKey = (PatientId, NoteNumber);

/// What is still to be put.
#[derive(Default)]
pub(super) struct Batch {
    items: HashMap<Key, Item>,
    notes: BTreeMap<NoteKey, Note>,
}

impl Batch {
    /// Adds an item; a later one of the same key takes its place.
    pub fn add(&mut self, item: Item) -> Result<(), StoreError> {
        self.items.insert(item.key()?, item);
        Ok(())
    }

    /// Adds items.
    pub fn add_all(&mut self, items: impl IntoIterator<Item = Item>) -> Result<(), StoreError> {
        items.into_iter().try_for_each(|item| self.add(item))
    }

    /// A note as it stands after the last entry.
    pub fn set_note(&mut self, key: NoteKey, note: Note) {
        self.notes.insert(key, note);
    }

    /// These notes as they stand: those that are still to be put, and of the others what the target holds.
    pub async fn notes(
        &self,
        into: &App,
        wanted: impl Iterator<Item = NoteKey>,
    ) -> Result<HashMap<NoteKey, Note>, StoreError> {
        let (mut found, mut asked) = (HashMap::new(), Vec::new());
        for key in wanted {
            match self.notes.get(&key) {
                Some(note) => drop(found.insert(key, note.clone())),
                None => asked.push(keys::note(key.0, key.1)),
            }
        }
        asked.sort_unstable_by(|one, other| (&one.pk, &one.sk).cmp(&(&other.pk, &other.sk)));
        asked.dedup();
        for some in asked.chunks(NOTES_AT_ONCE) {
            for item in into.store.get_all(some).await? {
                let patient = keys::patient_of(&item.key()?.pk).ok_or(StoreError::Shape("patient id"))?;
                let note: Note = item.doc()?;
                found.insert((patient, note.number), note);
            }
        }
        Ok(found)
    }

    /// Puts everything if it has grown long.
    pub async fn put_if_long(&mut self, into: &App) -> Result<(), RestoreError> {
        if self.items.len() + self.notes.len() < ITEMS { Ok(()) } else { self.put(into).await }
    }

    /// Puts everything: notes after all that their entries leave beside them, so that a note which has an entry in it has
    /// all of that entry.
    pub async fn put(&mut self, into: &App) -> Result<(), RestoreError> {
        let items = std::mem::take(&mut self.items).into_values();
        put_all(&into.store, items.collect()).await?;
        let notes = std::mem::take(&mut self.notes);
        let notes = notes.iter().map(|((patient, _), note)| Store::note_item(*patient, note));
        Ok(put_all(&into.store, notes.collect::<Result<_, _>>()?).await?)
    }
}

async fn put_all(store: &Store, mut items: Vec<Item>) -> Result<(), StoreError> {
    let mut some = Vec::with_capacity(items.len().div_ceil(AT_ONCE.0));
    while !items.is_empty() {
        some.push(items.split_off(items.len().saturating_sub(AT_ONCE.0)));
    }
    stream::iter(some).map(|some| store.put_all(some)).buffer_unordered(AT_ONCE.1).try_collect().await
}
