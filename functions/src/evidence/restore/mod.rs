//! Restore: the generations of one archive, replayed into an empty environment.
//!
//! Only the archive and the keys are needed of the old environment; its table is asked for destroyed keys if it is there,
//! and nothing of it is written. One object is in memory at a time. How far it is stands in the target, so that a restore
//! that was cut off, or whose function ran out of time, goes on where it stopped: everything that is put may be put again.

mod archive;
mod batch;
mod directory;
mod plan;
mod replay;

pub use archive::{Listed, listed};
pub use plan::{Part, Plan, Progress, RestoreError, Restored, Source};

use super::{
    boxes::{self, Place},
    reader::{self, Opened, is_as_listed},
    ring::Ring,
    verify::Held,
    writer::file_of,
};
use crate::{
    app::App,
    store::{blob::BlobKey, error::StoreError, item::Item},
};
use batch::{Batch, NoteKey};
use bytes::Bytes;
use flate2::read::GzDecoder;
use plan::Mark;
use shared::{
    book::FileType,
    calendar::YearMonth,
    evidence::{Holds, KeyName, Manifest, ManifestObject},
    id::CaseId,
};
use std::{
    collections::{BTreeSet, HashSet},
    io::{BufRead, BufReader},
    time::{Duration, Instant},
};

/// How often it is written down how far the restore is.
const NOTED_EVERY: Duration = Duration::from_secs(2);
/// Tries in a row that came no nearer to the end, and the pause after the first of them.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_secs(1);
/// Files that are restored side by side: so many, of so many bytes together, unless one alone is larger.
const FILES_AT_ONCE: (usize, u64) = (8, 64_000_000);

/// Replays every daily generation of `from` into the empty `into`, to the end. Of each day the newest generation counts;
/// the directory is that of the newest day.
///
/// # Errors
/// [`RestoreError`]; a damaged generation stops the restore instead of being passed over in silence.
pub async fn run(from: &App, into: &App) -> Result<Restored, RestoreError> {
    to_the_end(from, Some(into), Plan::EVERYTHING, |_| ()).await
}

/// Replays the newest monthly generation of a month into the empty `into`: everything as it stood when it was made.
///
/// # Errors
/// As [`run`].
pub async fn month(from: &App, into: &App, month: YearMonth) -> Result<Restored, RestoreError> {
    let plan = Plan { source: Source::Month(month), ..Plan::EVERYTHING };
    to_the_end(from, Some(into), plan, |_| ()).await
}

/// Works to the end and tells how far it is. A restore takes hours, and a store may be busy for a minute of them: then it
/// goes on from what it noted last.
///
/// # Errors
/// As [`Restoring::begin`] and [`run`]; [`StoreError::Busy`] when several tries in a row came no nearer to the end.
pub async fn to_the_end(
    from: &App,
    into: Option<&App>,
    plan: Plan,
    mut told: impl FnMut(&Progress),
) -> Result<Restored, RestoreError> {
    let (mut reached, mut in_vain) = (Mark::default(), 0);
    loop {
        let failed = match Restoring::begin(from, into, plan).await {
            Err(failed) => failed,
            Ok(mut restoring) => match restoring.work(None, &mut told).await {
                Ok(_) => return Ok(restoring.progress.restored),
                Err(failed) => {
                    if restoring.progress.mark > reached {
                        (reached, in_vain) = (restoring.progress.mark, 0);
                    }
                    failed
                }
            },
        };
        in_vain += 1;
        if in_vain > TRIES || !matches!(failed, RestoreError::Store(StoreError::Busy(_))) {
            return Err(failed);
        }
        tracing::warn!(%failed, "the restore goes on in a moment");
        tokio::time::sleep(PAUSE * in_vain).await;
    }
}

/// A restore under way.
pub struct Restoring<'a> {
    from: &'a App,
    /// `None`: everything is read and counted, and nothing is written.
    into: Option<&'a App>,
    ring: Ring<'a>,
    generations: Vec<Listed>,
    progress: Progress,
    /// Whether an earlier try may have put something already.
    resumed: bool,
    noted: Instant,
    batch: Batch,
    /// What was counted where there is no target to ask.
    seen: HashSet<NoteKey>,
    seen_cases: HashSet<CaseId>,
}

impl<'a> Restoring<'a> {
    /// Begins a restore, or goes on with the one that the target holds. Without a target everything is read, opened and
    /// counted, and nothing is written.
    ///
    /// # Errors
    /// If the target is in use or holds another restore; if there is nothing to restore.
    pub async fn begin(from: &'a App, into: Option<&'a App>, plan: Plan) -> Result<Self, RestoreError> {
        let before = match into {
            None => None,
            Some(into) => into.store.restore_progress().await?,
        };
        let resumed = before.is_some();
        let begun_at = before.as_ref().map_or_else(|| from.clock.now(), |before| before.begun_at);
        if let Some(other) = before.as_ref().filter(|before| before.plan != plan) {
            return Err(RestoreError::OtherPlan(Box::new(other.plan)));
        }
        if let (Some(into), None) = (into, &before)
            && into.store.is_in_use().await?
        {
            return Err(RestoreError::NotEmpty);
        }
        let generations = archive::planned(from, &plan, begun_at).await?;
        let progress = before.unwrap_or_else(|| Progress {
            plan,
            begun_at,
            finished_at: None,
            generations: generations.len(),
            day: None,
            restored: Restored::default(),
            mark: Mark::default(),
        });
        let mut restoring = Self {
            from,
            into,
            ring: Ring::reading(from, BTreeSet::new())?,
            generations,
            progress,
            resumed,
            noted: Instant::now(),
            batch: Batch::default(),
            seen: HashSet::new(),
            seen_cases: HashSet::new(),
        };
        if matches!(plan, Plan { source: Source::Daily, part: Part::Everything | Part::Patient(_), .. }) {
            restoring.progress.restored.missing = archive::missing(&restoring.generations);
        }
        let destroyed = restoring.destroyed().await?;
        restoring.ring = Ring::reading(from, destroyed)?;
        restoring.note().await?;
        Ok(restoring)
    }

    /// How far it is.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether the target held the beginning of it already.
    pub const fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Works to the end.
    ///
    /// # Errors
    /// As [`run`].
    pub async fn finish(mut self) -> Result<Restored, RestoreError> {
        self.work(None, |_| ()).await?;
        Ok(self.progress.restored)
    }

    /// Works until everything is there (`true`) or the time is up, and tells after each object how far it is.
    ///
    /// # Errors
    /// As [`run`].
    pub async fn work(
        &mut self,
        until: Option<Instant>,
        mut told: impl FnMut(&Progress),
    ) -> Result<bool, RestoreError> {
        if self.progress.finished_at.is_some() {
            return Ok(true);
        }
        for listed in self.generations.clone() {
            let all = Mark { directory: false, manifest: listed.key.clone(), object: usize::MAX, held: 0 };
            if all <= self.progress.mark {
                continue;
            }
            self.progress.day = Some(listed.day);
            let manifest = listed.read(self.from).await?;
            if !self.generation(&listed.key, &manifest, until, &mut told).await? {
                return self.pause().await;
            }
            self.progress.restored.generations += 1;
            self.done(all).await?;
            told(&self.progress);
        }
        if !self.directory(until, &mut told).await? {
            return self.pause().await;
        }
        self.put().await?;
        if let Some(into) = self.into {
            self.progress.restored.cases = into.store.count_cases().await?;
        }
        self.progress.finished_at = Some(self.from.clock.now());
        self.note().await?;
        Ok(true)
    }

    async fn pause(&mut self) -> Result<bool, RestoreError> {
        self.put().await?;
        self.note().await?;
        Ok(false)
    }

    /// Everything of a generation but its directory; `false` when the time is up.
    async fn generation(
        &mut self,
        key: &str,
        manifest: &Manifest,
        until: Option<Instant>,
        told: &mut impl FnMut(&Progress),
    ) -> Result<bool, RestoreError> {
        let mut files = Files::default();
        for (number, object) in manifest.objects.iter().enumerate() {
            let mark = Mark { directory: false, manifest: key.to_owned(), object: number, held: 0 };
            let held = if object.holds == Holds::Held { usize::MAX } else { 0 };
            if (Mark { held, ..mark.clone() }) <= self.progress.mark {
                continue;
            }
            match object.holds {
                Holds::Directory | Holds::System => continue,
                Holds::Held if !self.held(object, &mark, until, told).await? => return Ok(false),
                Holds::Held => {}
                _ => self.take(object, mark, &mut files).await?,
            }
            told(&self.progress);
            if is_up(until) {
                self.files(&mut files).await?;
                return Ok(false);
            }
        }
        self.files(&mut files).await?;
        Ok(true)
    }

    /// What a monthly generation left in the daily ones; `false` when the time is up.
    async fn held(
        &mut self,
        list: &ManifestObject,
        at: &Mark,
        until: Option<Instant>,
        told: &mut impl FnMut(&Progress),
    ) -> Result<bool, RestoreError> {
        let gzip = self.fetch(list).await?;
        let mut files = Files::default();
        for (number, line) in BufReader::new(GzDecoder::new(gzip.as_ref())).lines().enumerate() {
            let mark = Mark { held: number + 1, ..at.clone() };
            if mark <= self.progress.mark {
                continue;
            }
            let held = line.ok().and_then(|line| serde_json::from_str::<Held>(&line).ok());
            let held = held.ok_or_else(|| RestoreError::Damaged(list.key.clone()))?.object;
            self.take(&held, mark, &mut files).await?;
            told(&self.progress);
            if is_up(until) {
                self.files(&mut files).await?;
                return Ok(false);
            }
        }
        self.files(&mut files).await?;
        self.done(Mark { held: usize::MAX, ..at.clone() }).await?;
        Ok(true)
    }

    /// Takes an object on, unless it is not asked for. Files are gathered first.
    async fn take(
        &mut self,
        object: &ManifestObject,
        mark: Mark,
        files: &mut Files,
    ) -> Result<(), RestoreError> {
        if !self.progress.plan.wants(object.holds, &object.keys) {
            // Passed over for good, unless files before it still wait.
            if files.objects.is_empty() {
                self.progress.mark = mark;
            }
            return Ok(());
        }
        if object.holds == Holds::File {
            files.add(object.clone(), mark);
            return if files.is_full() { self.files(files).await } else { Ok(()) };
        }
        self.files(files).await?;
        self.object(object).await?;
        self.done(mark).await
    }

    async fn object(&mut self, object: &ManifestObject) -> Result<(), RestoreError> {
        let body = self.fetch(object).await?;
        for sealed in boxes::split(body) {
            let Some((place, plain)) = self.open(object, sealed).await? else { continue };
            match place.holds {
                Holds::Journal => self.journal(&plain).await?,
                Holds::Cases => self.cases(&place, &plain).await?,
                holds => {
                    for line in replay::lines(&plain) {
                        self.batch.add(Item::from_line(line?)?)?;
                        self.progress.restored.events += usize::from(holds == Holds::Audit);
                    }
                    if let Some(into) = self.into {
                        self.batch.put_if_long(into).await?;
                    }
                }
            }
            if self.into.is_none() {
                self.batch = Batch::default();
            }
        }
        Ok(())
    }

    /// An object's bytes, and at hand the keys of those boxes of it that are wanted.
    async fn fetch(&mut self, object: &ManifestObject) -> Result<Bytes, RestoreError> {
        let body = fetch(self.from, object).await?;
        let mut wanted = object.keys.clone();
        let plan = &self.progress.plan;
        wanted.retain(|name| matches!(name, KeyName::Day(_)) || plan.wants(object.holds, &[*name]));
        self.ring.find_all(wanted).await?;
        self.progress.restored.bytes += body.len() as u64;
        Ok(body)
    }

    /// What is in a box; `None` if it is not wanted, was erased, or lies under a lost key that may be left out.
    async fn open(
        &mut self,
        object: &ManifestObject,
        sealed: Result<boxes::Sealed, boxes::Broken>,
    ) -> Result<Option<(Place, Vec<u8>)>, RestoreError> {
        let sealed = sealed.map_err(|_| RestoreError::Damaged(object.key.clone()))?;
        if !self.progress.plan.wants(sealed.place.holds, &sealed.place.keys) {
            return Ok(None);
        }
        match reader::open_one(&self.ring, sealed).await? {
            Opened::Plain(place, plain) => Ok(Some((place, plain))),
            Opened::Erased(_) => {
                self.progress.restored.erased += 1;
                Ok(None)
            }
            Opened::Lost(name) if self.progress.plan.leave_lost => {
                self.progress.restored.lost.insert(name);
                Ok(None)
            }
            Opened::Lost(name) => Err(RestoreError::Key(name)),
            Opened::Broken => Err(RestoreError::Damaged(object.key.clone())),
        }
    }

    /// Restores the files that were gathered, side by side.
    async fn files(&mut self, files: &mut Files) -> Result<(), RestoreError> {
        let Files { objects, mark, .. } = std::mem::take(files);
        let Some(mark) = mark else { return Ok(()) };
        let fetched = futures::future::try_join_all(objects.iter().map(|object| fetch(self.from, object)));
        let mut puts = Vec::new();
        self.ring.find_all(objects.iter().flat_map(|object| object.keys.clone()).collect()).await?;
        for (object, body) in objects.iter().zip(fetched.await?) {
            self.progress.restored.bytes += body.len() as u64;
            for sealed in boxes::split(body) {
                if let Some((_, plain)) = self.open(object, sealed).await? {
                    self.progress.restored.files += 1;
                    puts.push(put_file(self.into, object, plain));
                }
            }
        }
        futures::future::try_join_all(puts).await?;
        self.done(mark).await
    }

    /// Everything up to here is in the target or in the batch; from time to time that is written down.
    async fn done(&mut self, mark: Mark) -> Result<(), RestoreError> {
        self.progress.mark = mark;
        if self.noted.elapsed() > NOTED_EVERY {
            self.put().await?;
            self.note().await?;
        }
        Ok(())
    }

    async fn put(&mut self) -> Result<(), RestoreError> {
        match self.into {
            Some(into) => self.batch.put(into).await,
            None => Ok(()),
        }
    }

    async fn note(&mut self) -> Result<(), RestoreError> {
        self.noted = Instant::now();
        match self.into {
            Some(into) => Ok(into.store.put_restore_progress(&self.progress).await?),
            None => Ok(()),
        }
    }
}

/// Files that are restored together.
#[derive(Default)]
struct Files {
    objects: Vec<ManifestObject>,
    bytes: u64,
    mark: Option<Mark>,
}

impl Files {
    fn add(&mut self, object: ManifestObject, mark: Mark) {
        self.bytes += object.bytes;
        self.objects.push(object);
        self.mark = Some(mark);
    }

    fn is_full(&self) -> bool {
        self.objects.len() >= FILES_AT_ONCE.0 || self.bytes >= FILES_AT_ONCE.1
    }
}

fn is_up(until: Option<Instant>) -> bool {
    until.is_some_and(|until| Instant::now() >= until)
}

async fn fetch(from: &App, object: &ManifestObject) -> Result<Bytes, RestoreError> {
    let found = from.store.blobs.archived(&object.key, &object.version).await?;
    let found = found.filter(|found| is_as_listed(found, object));
    Ok(found.ok_or_else(|| RestoreError::Damaged(object.key.clone()))?.body)
}

async fn put_file(into: Option<&App>, object: &ManifestObject, plain: Vec<u8>) -> Result<(), RestoreError> {
    let damaged = || RestoreError::Damaged(object.key.clone());
    let id = file_of(object).ok_or_else(damaged)?;
    let bytes = Bytes::from(plain);
    let kind = FileType::of_content(&bytes).ok_or_else(damaged)?;
    let Some(into) = into else { return Ok(()) };
    let blobs = &into.store.blobs;
    if let Some((_, preview)) = crate::book::picture::clean(bytes.clone(), kind) {
        blobs.put_attachment(&BlobKey::Preview(id), FileType::Jpeg, preview).await?;
    }
    Ok(blobs.put_attachment(&BlobKey::File(id), kind, bytes).await?)
}

/// The names of the keys that a directory's lines say were destroyed.
fn destroyed_in(plain: &[u8]) -> Result<BTreeSet<KeyName>, StoreError> {
    let mut names = BTreeSet::new();
    for line in replay::lines(plain) {
        let item = Item::from_line(line?)?;
        if let Some(record) = crate::store::Store::destroyed_key(&item)? {
            names.insert(record);
        }
    }
    Ok(names)
}
