//! Writing a generation: boxes into parts, parts and files under the lock, the manifest last.
//!
//! Only the part that is being filled is held in memory, whatever the size of the generation.

use super::{
    boxes::{self, Broken, Lines, Place},
    ring::Ring,
};
use crate::{
    app::App,
    random,
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
    },
};
use bytes::Bytes;
use shared::{
    book::Attachment,
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Counts, Generation, Holds, KeyName, MANIFEST_FORMAT, Manifest, ManifestObject,
        Verification, VerificationState,
    },
    id::{AttachmentId, GenerationId, PatientId},
};
use std::collections::{BTreeMap, BTreeSet};

/// A part is put when it has grown to so many bytes.
const PART_BYTES: usize = 8_000_000;
/// The version of the software, as the manifest and the console show it.
pub const SOFTWARE: &str = env!("CARGO_PKG_VERSION");

impl From<Broken> for StoreError {
    fn from(_: Broken) -> Self {
        Self::Shape("box")
    }
}

/// A part that is being filled.
#[derive(Default)]
struct Part {
    number: u32,
    body: Vec<u8>,
    boxes: u64,
    lines: u64,
    keys: BTreeSet<KeyName>,
}

/// A generation that is being written.
pub struct Writer<'a> {
    app: &'a App,
    ring: &'a Ring<'a>,
    kind: BackupKind,
    day: Day,
    first_day: Day,
    id: GenerationId,
    started_at: Timestamp,
    parts: BTreeMap<Holds, Part>,
    objects: Vec<ManifestObject>,
    counts: Counts,
}

/// What a person in the console sees beside an object.
fn labels(kind: BackupKind, day: Day) -> [(&'static str, String); 4] {
    [
        ("kind", kind.wire().to_owned()),
        ("day", day.to_string()),
        ("locked-until", day.locked_until().to_string()),
        ("software", SOFTWARE.to_owned()),
    ]
}

impl<'a> Writer<'a> {
    /// Begins a generation whose five years count from this day.
    pub fn begin(app: &'a App, ring: &'a Ring<'a>, kind: BackupKind, day: Day) -> Self {
        let started_at = app.clock.now();
        let id = random::id(started_at, GenerationId::from_parts);
        let (parts, objects, counts) = (BTreeMap::new(), Vec::new(), Counts::default());
        Self { app, ring, kind, day, first_day: day, id, started_at, parts, objects, counts }
    }

    /// The generation's identifier.
    pub const fn id(&self) -> GenerationId {
        self.id
    }

    /// What was counted so far.
    pub const fn counts(&mut self) -> &mut Counts {
        &mut self.counts
    }

    /// Says that something of this day is inside.
    pub fn reaches_back_to(&mut self, day: Day) {
        self.first_day = self.first_day.min(day);
    }

    /// Has the keys of these patients at hand before their boxes come one after the other.
    ///
    /// # Errors
    /// As [`Ring::make`].
    pub async fn patients(&self, patients: Vec<PatientId>) -> Result<(), StoreError> {
        self.ring.make_all(patients.into_iter().map(KeyName::Patient).collect()).await
    }

    /// Adds a box of lines under some keys; `false` if one of them was destroyed: then nothing is written. A box without
    /// lines is none.
    ///
    /// # Errors
    /// If a key is lost, or the bucket refuses.
    pub async fn lines(&mut self, holds: Holds, keys: &[KeyName], lines: Lines) -> Result<bool, StoreError> {
        let count = lines.count();
        if count == 0 {
            return Ok(true);
        }
        self.compressed(holds, keys, count, lines.finish()?).await
    }

    /// As [`Self::lines`], of lines that were compressed before.
    ///
    /// # Errors
    /// The same.
    pub async fn compressed(
        &mut self,
        holds: Holds,
        keys: &[KeyName],
        lines: u64,
        compressed: Vec<u8>,
    ) -> Result<bool, StoreError> {
        let place = Place { holds, keys: keys.to_vec(), file: None, lines };
        let Some(sealed) = self.seal(&place, compressed).await? else { return Ok(false) };
        let part = self.parts.entry(holds).or_default();
        part.body.extend_from_slice(&sealed);
        part.boxes += 1;
        part.lines += lines;
        part.keys.extend(keys);
        if part.body.len() >= PART_BYTES {
            self.put_part(holds).await?;
        }
        Ok(true)
    }

    async fn seal(&self, place: &Place, compressed: Vec<u8>) -> Result<Option<Vec<u8>>, StoreError> {
        let mut keys = Vec::with_capacity(place.keys.len());
        for name in &place.keys {
            match self.ring.make(*name).await? {
                Some(key) => keys.push(key),
                None => return Ok(None),
            }
        }
        Ok(Some(boxes::seal(place, &keys, compressed)?))
    }

    async fn put_part(&mut self, holds: Holds) -> Result<(), StoreError> {
        let part = self.parts.entry(holds).or_default();
        if part.body.is_empty() {
            return Ok(());
        }
        let number = part.number + 1;
        let full = std::mem::replace(part, Part { number, ..Part::default() });
        let key = BlobKey::Boxes(self.kind, self.day, self.id, holds, number);
        let object = ManifestObject {
            holds,
            boxes: full.boxes,
            lines: full.lines,
            keys: full.keys.into_iter().collect(),
            ..self.put(&key, BOXES, full.body.into()).await?
        };
        self.objects.push(object);
        Ok(())
    }

    /// Copies an attached file, or the document of a consent, after comparing it with what is known of it; `false` if a
    /// key was destroyed.
    ///
    /// # Errors
    /// If the file is missing or is another, or the bucket refuses.
    pub async fn file(&mut self, keys: &[KeyName], file: &Attachment) -> Result<bool, StoreError> {
        let bytes = self.app.store.blobs.attachment(&BlobKey::File(file.id)).await?;
        let bytes = bytes.ok_or(StoreError::Shape("attached file"))?;
        if sha256_hex(&bytes) != file.sha256 {
            return Err(StoreError::Shape("attached file's hash"));
        }
        let place = Place { holds: Holds::File, keys: keys.to_vec(), file: Some(file.id), lines: 1 };
        let compressed = boxes::compress(&bytes)?;
        drop(bytes);
        let Some(sealed) = self.seal(&place, compressed).await? else { return Ok(false) };
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        let key = BlobKey::Copy(self.kind, self.day, self.id, file.id);
        let put = self.put(&key, BOXES, sealed.into()).await?;
        self.objects.push(ManifestObject { holds: Holds::File, boxes: 1, lines: 1, keys, ..put });
        self.counts.attachments += 1;
        Ok(true)
    }

    /// Adds what needs no box, because it holds nothing of anybody: gzip of lines.
    ///
    /// # Errors
    /// If the bucket refuses.
    pub async fn plain(&mut self, holds: Holds, lines: Lines) -> Result<(), StoreError> {
        let count = lines.count();
        let key = BlobKey::Plain(self.kind, self.day, self.id, holds);
        let put = self.put(&key, "application/gzip", lines.finish()?.into()).await?;
        self.objects.push(ManifestObject { holds, lines: count, ..put });
        Ok(())
    }

    async fn put(&self, key: &BlobKey, kind: &str, bytes: Bytes) -> Result<ManifestObject, StoreError> {
        let (size, sha256) = (bytes.len() as u64, sha256_hex(&bytes));
        let (until, labels) = (self.day.locked_until(), labels(self.kind, self.day));
        let version = self.app.store.blobs.archive_labelled(key, kind, bytes, until, &labels).await?;
        Ok(ManifestObject {
            key: key.to_string(),
            version,
            bytes: size,
            sha256,
            holds: Holds::System,
            boxes: 0,
            lines: 0,
            keys: Vec::new(),
        })
    }

    /// Writes what is left and the manifest, and catalogues the generation.
    ///
    /// # Errors
    /// If the store refuses; then there is no manifest, and so no generation.
    pub async fn finish(mut self) -> Result<Generation, StoreError> {
        for holds in Holds::ALL {
            if self.parts.contains_key(holds) {
                self.put_part(*holds).await?;
            }
        }
        let mut objects = std::mem::take(&mut self.objects);
        objects.sort_by(|one, other| one.key.cmp(&other.key));
        let manifest = Manifest {
            format: MANIFEST_FORMAT,
            software: SOFTWARE.to_owned(),
            generation: self.id,
            kind: self.kind,
            day: self.day,
            first_day: self.first_day,
            started_at: self.started_at,
            last_kept_day: self.day.last_kept_day(),
            locked_until: self.day.locked_until(),
            counts: self.counts,
            objects,
        };
        let key = BlobKey::Manifest(self.kind, self.day, self.id);
        let body = serde_json::to_vec_pretty(&manifest)?;
        let written = self.put(&key, "application/json", body.into()).await?;
        let at = (written.key, written.version, written.sha256);
        let generation = of_manifest(manifest, at, self.app.clock.now());
        self.app.store.put_generation(&generation).await?;
        Ok(generation)
    }
}

/// The catalogue's line about a manifest, nobody having read it back: its key, version and SHA-256, and when it was
/// written, or found.
pub(super) fn of_manifest(
    manifest: Manifest,
    (manifest_key, manifest_version, manifest_sha256): (String, String, String),
    finished_at: Timestamp,
) -> Generation {
    Generation {
        id: manifest.generation,
        kind: manifest.kind,
        day: manifest.day,
        started_at: manifest.started_at,
        finished_at,
        software: manifest.software,
        counts: manifest.counts,
        bytes: manifest.objects.iter().map(|object| object.bytes).sum(),
        manifest_key,
        manifest_version,
        manifest_sha256,
        locked_until: manifest.locked_until,
        last_kept_day: manifest.last_kept_day,
        verification: Verification {
            state: VerificationState::Pending,
            at: None,
            findings: Vec::new(),
            erased: 0,
        },
    }
}

const BOXES: &str = "application/octet-stream";

/// Lines of some groups, such as patients, each kept together in the order in which they came.
///
/// They wait as they are: a compressor for each of a city's patients at once would take a hundred times the room.
pub struct Grouped<K>(BTreeMap<K, Vec<String>>);

impl<K> Default for Grouped<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Grouped<K> {
    /// Adds a line.
    pub fn push(&mut self, group: K, line: String) {
        self.0.entry(group).or_default().push(line);
    }

    /// The groups.
    pub fn groups(&self) -> impl Iterator<Item = &K> {
        self.0.keys()
    }

    /// Every group with its lines, compressed one after the other.
    pub fn into_boxes(self) -> impl Iterator<Item = Result<(K, Lines), Broken>> {
        self.0.into_iter().map(|(group, lines)| Ok((group, Lines::of(&lines)?)))
    }
}

/// The file that an object is the copy of.
pub fn file_of(object: &ManifestObject) -> Option<AttachmentId> {
    object.key.rsplit('/').next()?.strip_suffix(".box")?.parse().ok()
}
