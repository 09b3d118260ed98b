//! Restore: the generations of one archive, replayed into an empty environment.

use super::{
    boxes::Place,
    reader::{self, Opened, is_as_listed},
    ring::Ring,
    verify::Held,
    writer::file_of,
};
use crate::{
    app::App,
    store::{Store, blob::BlobKey, book::AttachmentDoc, error::StoreError, item::Item, keys},
};
use bytes::Bytes;
use flate2::read::GzDecoder;
use shared::{
    book::{Act, Entry, FileType, Note, NoteNumber, Patient, Revision},
    calendar::Day,
    evidence::{BackupKind, Holds, KeyName, Manifest, ManifestObject, NotAManifest},
    id::{CaseId, EventId, PatientId},
    procedure::Case,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{BufRead, BufReader},
};

/// What a restore brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Generations read.
    pub generations: usize,
    /// Entries of the sent journal.
    pub entries: usize,
    /// Notes.
    pub notes: usize,
    /// Attached files.
    pub files: usize,
    /// Cases.
    pub cases: usize,
    /// Events of the audit log.
    pub events: usize,
    /// Boxes that nobody can open any more, because their key was destroyed when its time came.
    pub erased: usize,
    /// Entries about notes that were erased: corrections, retractions and 了解 of what is not there any more.
    pub orphans: usize,
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
    /// A manifest is of a format that this software does not read.
    Format(String, u32),
    /// A key is lost: what is under it cannot be read.
    Key(KeyName),
    /// The entries do not follow from one another.
    Inconsistent(String),
}

impl std::fmt::Display for RestoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Damaged(key) => write!(f, "{key} is missing or differs from its manifest"),
            Self::Format(key, format) => write!(f, "{key} is of the format {format}, which is not read here"),
            Self::Key(name) => write!(f, "the key {name} is lost in both copies"),
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
    let manifests = manifests(from, BackupKind::Daily).await?;
    let mut restoring = Restoring::begin(from, into)?;
    restoring.restored.missing = missing(manifests.values().map(|manifest| manifest.day));
    for manifest in manifests.values() {
        restoring.generation(manifest).await?;
    }
    restoring.finish(manifests.values().next_back()).await
}

/// Replays one monthly generation of `from` into the empty `into`: everything as it stood when it was made.
///
/// # Errors
/// As [`run`].
pub async fn snapshot(from: &App, into: &App, manifest: &Manifest) -> Result<Restored, RestoreError> {
    let mut restoring = Restoring::begin(from, into)?;
    restoring.generation(manifest).await?;
    restoring.finish(Some(manifest)).await
}

/// The newest manifest of each day of a kind, in order of days.
///
/// # Errors
/// As [`run`].
pub async fn manifests(from: &App, kind: BackupKind) -> Result<BTreeMap<Day, Manifest>, RestoreError> {
    let mut by_day = BTreeMap::new();
    for (key, version) in from.store.blobs.manifests(kind).await? {
        let found = from.store.blobs.archived(&key, &version).await?;
        let found = found.ok_or_else(|| RestoreError::Damaged(key.clone()))?;
        let manifest = Manifest::read(&found.body).map_err(|why| match why {
            NotAManifest::Format(format) => RestoreError::Format(key.clone(), format),
            NotAManifest::Broken => RestoreError::Damaged(key.clone()),
        })?;
        by_day.insert(manifest.day, manifest);
    }
    Ok(by_day)
}

fn missing(days: impl Iterator<Item = Day>) -> Vec<Day> {
    let days: BTreeSet<Day> = days.collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let all = (0..).map(|n| first.plus_days(n)).take_while(|day| day <= last);
    all.filter(|day| !days.contains(day)).collect()
}

/// A restore under way.
struct Restoring<'a> {
    from: &'a App,
    into: &'a App,
    ring: Ring<'a>,
    pages: BTreeMap<PatientId, Page>,
    cases: HashMap<CaseId, u32>,
    restored: Restored,
}

fn lines(plain: &[u8]) -> impl Iterator<Item = Result<&str, StoreError>> {
    let lines = plain.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| std::str::from_utf8(line).map_err(|_| StoreError::Shape("line")))
}

impl<'a> Restoring<'a> {
    fn begin(from: &'a App, into: &'a App) -> Result<Self, RestoreError> {
        let ring = Ring::open(from)?;
        let (pages, cases) = (BTreeMap::new(), HashMap::new());
        Ok(Self { from, into, ring, pages, cases, restored: Restored::default() })
    }

    /// Everything of a generation but its directory.
    async fn generation(&mut self, manifest: &Manifest) -> Result<(), RestoreError> {
        self.restored.generations += 1;
        for object in &manifest.objects {
            match object.holds {
                Holds::Directory | Holds::System => {}
                Holds::Held => self.held(object).await?,
                _ => self.object(object).await?,
            }
        }
        Ok(())
    }

    async fn object(&mut self, object: &ManifestObject) -> Result<(), RestoreError> {
        for (place, plain) in self.open(object).await? {
            match place.holds {
                Holds::Journal => self.journal(&plain).await?,
                Holds::Cases => self.case_lines(&place, &plain).await?,
                Holds::File => self.file(object, plain).await?,
                holds => {
                    let items: Vec<Item> =
                        lines(&plain).map(|line| Item::from_line(line?)).collect::<Result<_, _>>()?;
                    self.restored.events += if holds == Holds::Audit { items.len() } else { 0 };
                    self.into.store.put_all(items).await?;
                }
            }
        }
        Ok(())
    }

    async fn fetch(&self, object: &ManifestObject) -> Result<Bytes, RestoreError> {
        let found = self.from.store.blobs.archived(&object.key, &object.version).await?;
        let found = found.filter(|found| is_as_listed(found, object));
        Ok(found.ok_or_else(|| RestoreError::Damaged(object.key.clone()))?.body)
    }

    /// What is in the boxes of an object that can still be opened.
    async fn open(&mut self, object: &ManifestObject) -> Result<Vec<(Place, Vec<u8>)>, RestoreError> {
        let body = self.fetch(object).await?;
        let (mut opened, mut erased) = (Vec::new(), 0);
        reader::open(&self.ring, body, |found| {
            match found {
                Opened::Plain(place, plain) => opened.push((place, plain)),
                Opened::Erased(_) => erased += 1,
                Opened::Lost(name) => return Err(RestoreError::Key(name)),
                Opened::Broken => return Err(RestoreError::Damaged(object.key.clone())),
            }
            Ok(())
        })
        .await?;
        self.restored.erased += erased;
        Ok(opened)
    }

    async fn journal(&mut self, plain: &[u8]) -> Result<(), RestoreError> {
        let mut items = Vec::new();
        for line in lines(plain) {
            let (id, entry): (EventId, Entry) = serde_json::from_str(line?).map_err(StoreError::from)?;
            self.restored.entries += 1;
            items.push(Store::journal_item(id, &entry)?);
            let page = self.pages.entry(entry.patient).or_default();
            let is_first = matches!(entry.act, Act::Sent { .. });
            if !is_first && !page.notes.contains_key(&entry.number) && self.restored.erased > 0 {
                self.restored.orphans += 1;
                continue;
            }
            replay(page, &entry).map_err(|why| RestoreError::Inconsistent(format!("{id}: {why}")))?;
            if let Act::Sent { note } = &entry.act {
                for file in &note.attachments {
                    let doc = AttachmentDoc::of(entry.patient, entry.by, file);
                    items.push(Store::attachment_item(file.id, &doc, note.number)?);
                }
            }
        }
        Ok(self.into.store.put_all(items).await?)
    }

    /// A case is in the generation of each day on which it took a step; its newest state counts.
    async fn case_lines(&mut self, place: &Place, plain: &[u8]) -> Result<(), RestoreError> {
        for line in lines(plain) {
            let item = Item::from_line(line?)?;
            let case: Case = item.doc()?;
            let mut items = Vec::new();
            let known = self.cases.get(&case.id).copied();
            if known.is_none_or(|known| known <= case.version) {
                self.cases.insert(case.id, case.version);
                items.extend(Store::ways_to_case(&case)?);
                items.push(item);
            }
            for key in &place.keys {
                let KeyName::Day(day) = key else { continue };
                // That of its last step is among the ways already.
                if Some(*day) != case.taken.last().map(|taken| taken.at.day()) || items.is_empty() {
                    items.push(Store::case_mark(*day, case.id, case.version));
                }
            }
            self.into.store.put_all(items).await?;
        }
        Ok(())
    }

    async fn file(&mut self, object: &ManifestObject, plain: Vec<u8>) -> Result<(), RestoreError> {
        let damaged = || RestoreError::Damaged(object.key.clone());
        let id = file_of(object).ok_or_else(damaged)?;
        let bytes = Bytes::from(plain);
        let kind = FileType::of_content(&bytes).ok_or_else(damaged)?;
        let blobs = &self.into.store.blobs;
        if let Some((_, preview)) = crate::book::picture::clean(bytes.clone(), kind) {
            blobs.put_attachment(&BlobKey::Preview(id), FileType::Jpeg, preview).await?;
        }
        blobs.put_attachment(&BlobKey::File(id), kind, bytes).await?;
        self.restored.files += 1;
        Ok(())
    }

    /// What a monthly generation left in the daily ones.
    async fn held(&mut self, list: &ManifestObject) -> Result<(), RestoreError> {
        let gzip = self.fetch(list).await?;
        for line in BufReader::new(GzDecoder::new(gzip.as_ref())).lines() {
            let held = line.ok().and_then(|line| serde_json::from_str::<Held>(&line).ok());
            let held = held.ok_or_else(|| RestoreError::Damaged(list.key.clone()))?;
            self.object(&held.object).await?;
        }
        Ok(())
    }

    /// The notes as they were replayed, and the directory of the newest generation.
    async fn finish(mut self, newest: Option<&Manifest>) -> Result<Restored, RestoreError> {
        for (patient, page) in &self.pages {
            let notes = page.notes.values().map(|note| Store::note_item(*patient, note));
            let mut items = notes.collect::<Result<Vec<_>, _>>()?;
            for (number, earlier) in &page.history {
                items.push(Store::history_item(*patient, *number, earlier)?);
            }
            self.restored.notes += page.notes.len();
            self.into.store.put_all(items).await?;
        }
        for object in newest.into_iter().flat_map(|newest| newest.of(Holds::Directory)) {
            for (_, plain) in self.open(object).await? {
                let items = directory_items(&plain, &self.pages)?;
                self.into.store.put_all(items).await?;
            }
        }
        self.restored.cases = self.cases.len();
        Ok(self.restored)
    }
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

/// The directory's items, with each patient's counters as the replayed thread has them.
fn directory_items(plain: &[u8], pages: &BTreeMap<PatientId, Page>) -> Result<Vec<Item>, RestoreError> {
    let mut items = Vec::new();
    for line in lines(plain) {
        let item = Item::from_line(line?)?;
        let key = item.key()?;
        let patient = key.pk.strip_prefix("P#").and_then(|id| id.parse::<PatientId>().ok());
        if let Some(patient) = patient {
            items.extend(Store::document_of(patient, &item)?);
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
