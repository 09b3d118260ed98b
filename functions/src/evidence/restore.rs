//! Restore: the daily generations of one archive, replayed into an empty environment.

use crate::{
    app::App,
    store::{
        Store,
        blob::{BlobKey, sha256_hex},
        book::AttachmentDoc,
        error::StoreError,
        item::Item,
        keys,
    },
};
use bytes::Bytes;
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use shared::{
    book::{Act, Entry, Note, NoteNumber, Patient, Revision},
    calendar::Day,
    evidence::{Manifest, ManifestObject},
    id::{AttachmentId, EventId, PatientId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, BufReader},
};

/// What a restore brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Daily generations read.
    pub generations: usize,
    /// Entries of the sent journal.
    pub entries: usize,
    /// Notes.
    pub notes: usize,
    /// Attached files.
    pub files: usize,
    /// Days between the first and the last generation that have none: what was sent then is not here.
    pub missing: Vec<Day>,
}

/// Why a restore stopped. Nothing of the target is then fit for use.
#[derive(Debug)]
pub enum RestoreError {
    /// The store of either side.
    Store(StoreError),
    /// An object is missing or is not what its manifest says.
    Damaged(String),
    /// The entries do not follow from one another.
    Inconsistent(String),
}

impl std::fmt::Display for RestoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Damaged(key) => write!(f, "{key} is missing or differs from its manifest"),
            Self::Inconsistent(what) => write!(f, "the entries do not follow: {what}"),
        }
    }
}

impl std::error::Error for RestoreError {}

impl<E: Into<StoreError>> From<E> for RestoreError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// A thread while it is being replayed.
#[derive(Default)]
struct Page {
    notes: BTreeMap<NoteNumber, Note>,
    history: Vec<(NoteNumber, Revision)>,
    changes: u64,
}

/// Replays every daily generation of `from` into the empty `into`. Of each day the newest generation counts;
/// the directory is that of the newest day.
///
/// # Errors
/// [`RestoreError`]; a damaged generation stops the restore instead of being passed over in silence.
pub async fn run(from: &App, into: &App) -> Result<Restored, RestoreError> {
    let manifests = manifests(from).await?;
    let missing = missing(manifests.values().map(|manifest| manifest.day));
    let mut restored = Restored { generations: manifests.len(), missing, ..Restored::default() };
    let mut pages: BTreeMap<PatientId, Page> = BTreeMap::new();
    for manifest in manifests.values() {
        let lines: Vec<(EventId, Entry)> = read_lines(&object(from, &manifest.journal).await?)?;
        let mut items = Vec::with_capacity(lines.len());
        for (id, entry) in &lines {
            let page = pages.entry(entry.patient).or_default();
            replay(page, entry).map_err(|why| RestoreError::Inconsistent(format!("{id}: {why}")))?;
            items.push(Store::journal_item(*id, entry)?);
            if let Act::Sent { note } = &entry.act {
                for file in &note.attachments {
                    let doc = AttachmentDoc::of(entry.patient, entry.by, file);
                    items.push(Store::attachment_item(file.id, &doc, note.number)?);
                }
            }
        }
        restored.entries += lines.len();
        restored.files += restore_files(from, into, manifest).await?;
        into.store.put_all(items).await?;
    }
    for (patient, page) in &pages {
        let mut items =
            page.notes.values().map(|n| Store::note_item(*patient, n)).collect::<Result<Vec<_>, _>>()?;
        for (number, earlier) in &page.history {
            items.push(Store::history_item(*patient, *number, earlier)?);
        }
        restored.notes += page.notes.len();
        into.store.put_all(items).await?;
    }
    if let Some(newest) = manifests.values().next_back() {
        let directory = object(from, &newest.directory).await?;
        into.store.put_all(directory_items(&directory, &pages)?).await?;
    }
    Ok(restored)
}

fn missing(days: impl Iterator<Item = Day>) -> Vec<Day> {
    let days: BTreeSet<Day> = days.collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let all = (0..).map(|n| first.plus_days(n)).take_while(|day| day <= last);
    all.filter(|day| !days.contains(day)).collect()
}

/// The newest manifest of each day, in order of days.
async fn manifests(from: &App) -> Result<BTreeMap<String, Manifest>, RestoreError> {
    let mut by_day = BTreeMap::new();
    for (key, version) in from.store.blobs.manifests().await? {
        let found = from.store.blobs.archived(&key, &version).await?;
        let manifest: Option<Manifest> = found.and_then(|found| serde_json::from_slice(&found.body).ok());
        let manifest = manifest.ok_or_else(|| RestoreError::Damaged(key.clone()))?;
        by_day.insert(manifest.day.to_string(), manifest);
    }
    Ok(by_day)
}

async fn object(from: &App, object: &ManifestObject) -> Result<Bytes, RestoreError> {
    let found = from.store.blobs.archived(&object.key, &object.version).await?;
    let body = found.map(|found| found.body).filter(|body| sha256_hex(body) == object.sha256);
    body.ok_or_else(|| RestoreError::Damaged(object.key.clone()))
}

fn text_lines(gzip: &[u8]) -> impl Iterator<Item = Result<String, StoreError>> {
    BufReader::new(GzDecoder::new(gzip))
        .lines()
        .map(|line| line.map_err(|_| StoreError::Shape("gzip stream")))
}

fn read_lines<T: DeserializeOwned>(gzip: &[u8]) -> Result<Vec<T>, RestoreError> {
    text_lines(gzip).map(|line| Ok(serde_json::from_str(&line?).map_err(StoreError::from)?)).collect()
}

fn replay(page: &mut Page, entry: &Entry) -> Result<(), String> {
    let was = page.notes.remove(&entry.number);
    let is_new = was.is_none();
    let (note, earlier) = entry.apply(was).map_err(|why| format!("note {}: {why:?}", entry.number))?;
    page.history.extend(earlier.map(|earlier| (entry.number, earlier)));
    page.notes.insert(entry.number, note);
    page.changes += u64::from(!is_new);
    Ok(())
}

async fn restore_files(from: &App, into: &App, manifest: &Manifest) -> Result<usize, RestoreError> {
    let mut done = BTreeSet::new();
    for file in &manifest.files {
        let id = file.key.rsplit('/').next().and_then(|last| last.parse::<AttachmentId>().ok());
        let id = id.ok_or_else(|| RestoreError::Damaged(file.key.clone()))?;
        let bytes = object(from, file).await?;
        let kind = shared::book::FileType::of_content(&bytes)
            .ok_or_else(|| RestoreError::Damaged(file.key.clone()))?;
        if let Some((_, preview)) = crate::book::picture::clean(bytes.clone(), kind) {
            into.store
                .blobs
                .put_attachment(&BlobKey::Preview(id), shared::book::FileType::Jpeg, preview)
                .await?;
        }
        into.store.blobs.put_attachment(&BlobKey::File(id), kind, bytes).await?;
        done.insert(id);
    }
    Ok(done.len())
}

/// The directory's items, with each patient's counters as the replayed thread has them.
fn directory_items(gzip: &[u8], pages: &BTreeMap<PatientId, Page>) -> Result<Vec<Item>, RestoreError> {
    let mut items = Vec::new();
    for line in text_lines(gzip) {
        let item = Item::from_line(&line?)?;
        let key = item.key()?;
        let patient = key.pk.strip_prefix("P#").and_then(|id| id.parse::<PatientId>().ok());
        if let Some(patient) = patient {
            items.extend(Store::document_of(patient, &item)?);
        }
        if key.sk == keys::CASE && key.pk.starts_with("K#") {
            items.extend(Store::ways_to_case(&item.doc()?)?);
        }
        if key.sk.starts_with(keys::MEMBER) {
            // The directory may be younger than the last entry: nobody has read what is not there.
            let page = patient.and_then(|id| pages.get(&id));
            let last = page.and_then(|page| page.notes.keys().next_back()).map_or(0, |last| last.0);
            items.push(item.at_most("read_to", last)?.at_most("addressed", last)?);
            continue;
        }
        if key.sk != keys::PATIENT {
            items.push(item);
            continue;
        }
        let patient: Patient = item.doc()?;
        let page = pages.get(&patient.id);
        let notes: Vec<Note> = page.map(|page| page.notes.values().cloned().collect()).unwrap_or_default();
        let restored = Store::patient_item(&patient, &notes, page.map_or(0, |page| page.changes))?;
        items.push(Store::with_circle_of(restored, &item)?);
        items.push(Store::reading_item(&patient)?);
    }
    Ok(items)
}
