//! The daily backup (Art. 23(1)): what was sent on one day, locked until that day's five years are over.
//!
//! The manifest is written last: a generation without a manifest is none, so a run that was interrupted leaves
//! nothing that looks whole, and the next run writes a new generation.

use crate::{
    app::App,
    random,
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
    },
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use shared::{
    book::{Act, Attachment},
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Generation, Manifest, ManifestObject, Verification, VerificationState,
        schedule::{self, BackupTimes, TimeOfDay},
    },
    id::GenerationId,
};
use std::io::Write;

/// How long a run has a day in hand: longer than a function may run, so that only a crash lets it lapse.
const CLAIM_SECONDS: i64 = 20 * 60;
/// Days back that the job looks for a missing generation: longer than any repair should take.
const LOOK_BACK_DAYS: i64 = 95;

/// Makes every daily generation that should exist by now and does not; each is verified at once. Safe to
/// repeat, takes no input.
///
/// # Errors
/// If the store cannot be reached; generations made until then stay.
pub async fn run_due(app: &App) -> Result<Vec<Generation>, StoreError> {
    let _alone = app.backing_up.lock().await;
    let now = app.clock.now();
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let made = app.store.days_kept(now.day().plus_days(-LOOK_BACK_DAYS), now.day()).await?;
    let mut missing: Vec<Day> = Vec::new();
    for back in (1..=LOOK_BACK_DAYS).rev() {
        let day = now.day().plus_days(-back);
        if !is_due(daily_at(app, &times, day.plus_days(1)), day, now) || made.contains(&day) {
            continue;
        }
        // From the first day of use on, a day on which nothing was sent has its generation too: empty is a
        // statement, missing is an anomaly.
        let begun = !missing.is_empty() || made.range(..day).next().is_some();
        let used = begun
            || !app.store.journal(day).await?.is_empty()
            || !app.store.consent_documents(day).await?.is_empty();
        if used {
            missing.push(day);
        }
    }
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let directory = directory(app).await?;
    let mut new = Vec::with_capacity(missing.len());
    // Last night first: it is the one that nobody has yet.
    for day in missing.into_iter().rev() {
        // Two schedules that overlap must not lock the same day twice for five years: who has the day in hand
        // looks once more whether somebody was quicker.
        if app.store.claim_day(day, now, CLAIM_SECONDS).await?
            && app.store.days_kept(day, day).await?.is_empty()
        {
            match write(app, day, directory.clone()).await {
                Ok(generation) => {
                    let generation = super::verify::run(app, generation).await?;
                    app.store.put_generation(&generation).await?;
                    new.push(generation);
                }
                Err(error) => {
                    app.store.release_day(day).await?;
                    return Err(error);
                }
            }
        }
    }
    Ok(new)
}

/// When the daily backup starts on a day: as approved, or as the environment was set up before the first approval.
pub(crate) fn daily_at(app: &App, times: &[BackupTimes], day: Day) -> TimeOfDay {
    schedule::in_force(times, day).map_or(app.settings.daily_at, |times| times.daily)
}

/// A day's backup is due on the next day at the published time.
fn is_due(at: TimeOfDay, day: Day, now: Timestamp) -> bool {
    now >= at.on(day.plus_days(1))
}

/// Writes one generation of a day and catalogues it.
///
/// # Errors
/// If the store refuses; then no manifest exists.
pub async fn run(app: &App, day: Day) -> Result<Generation, StoreError> {
    write(app, day, directory(app).await?).await
}

/// The people, facilities, patients, teams and consents of this moment.
async fn directory(app: &App) -> Result<Bytes, StoreError> {
    let mut lines = Lines::default();
    for line in app.store.directory().await? {
        lines.push(&line)?;
    }
    lines.finish()
}

async fn write(app: &App, day: Day, directory: Bytes) -> Result<Generation, StoreError> {
    let started_at = app.clock.now();
    let id = random::id(started_at, GenerationId::from_parts);
    let until = day.locked_until();
    let archive = Archive { app, until };

    let entries = app.store.journal(day).await?;
    let mut documents = app.store.consent_documents(day).await?;
    documents.extend(app.store.case_files(day).await?);
    let mut journal = Lines::default();
    let mut files: Vec<&Attachment> = documents.iter().collect();
    let mut notes = 0;
    for (key, entry) in &entries {
        journal.push(&serde_json::to_string(&(key, entry))?)?;
        if let Act::Sent { note } = &entry.act {
            notes += 1;
            files.extend(&note.attachments);
        }
    }
    // Before anything is locked for five years: is everything there that belongs to it?
    for file in &files {
        if app.store.blobs.attachment_size(&BlobKey::File(file.id)).await? != Some(file.bytes) {
            return Err(StoreError::Shape("attached file"));
        }
    }
    let journal = archive.put(&BlobKey::Journal(day, id), "application/gzip", journal.finish()?).await?;
    let directory = archive.put(&BlobKey::Directory(day, id), "application/gzip", directory).await?;
    let mut stored = Vec::with_capacity(files.len());
    for file in files {
        let bytes = app.store.blobs.attachment(&BlobKey::File(file.id)).await?;
        let bytes = bytes.ok_or(StoreError::Shape("attached file"))?;
        if sha256_hex(&bytes) != file.sha256 {
            return Err(StoreError::Shape("attached file's hash"));
        }
        stored.push(archive.put(&BlobKey::Archived(day, id, file.id), file.file_type.wire(), bytes).await?);
    }
    let manifest = Manifest {
        format: 1,
        generation: id,
        kind: BackupKind::Daily,
        day,
        started_at,
        last_kept_day: day.last_kept_day(),
        locked_until: until,
        entries: entries.len() as u64,
        notes,
        attachments: stored.len() as u64,
        journal,
        directory,
        files: stored,
    };
    let key = BlobKey::Manifest(day, id);
    let written = archive.put(&key, "application/json", serde_json::to_vec_pretty(&manifest)?.into()).await?;
    let generation = Generation {
        id,
        kind: manifest.kind,
        day,
        started_at,
        finished_at: app.clock.now(),
        entries: manifest.entries,
        notes,
        attachments: manifest.attachments,
        bytes: manifest.objects().map(|object| object.bytes).sum(),
        manifest_key: written.key,
        manifest_version: written.version,
        manifest_sha256: written.sha256,
        locked_until: until,
        last_kept_day: manifest.last_kept_day,
        verification: Verification { state: VerificationState::Pending, at: None, findings: Vec::new() },
    };
    app.store.put_generation(&generation).await?;
    Ok(generation)
}

struct Archive<'a> {
    app: &'a App,
    until: Timestamp,
}

impl Archive<'_> {
    async fn put(
        &self,
        key: &BlobKey,
        content_type: &str,
        bytes: Bytes,
    ) -> Result<ManifestObject, StoreError> {
        let (size, sha256) = (bytes.len() as u64, sha256_hex(&bytes));
        let version = self.app.store.blobs.archive(key, content_type, bytes, self.until).await?;
        Ok(ManifestObject { key: key.to_string(), version, bytes: size, sha256 })
    }
}

/// Gzip of lines: the console downloads it, everybody can open it.
struct Lines(GzEncoder<Vec<u8>>);

impl Default for Lines {
    fn default() -> Self {
        Self(GzEncoder::new(Vec::new(), Compression::default()))
    }
}

impl Lines {
    fn push(&mut self, line: &str) -> Result<(), StoreError> {
        let written = self.0.write_all(line.as_bytes()).and_then(|()| self.0.write_all(b"\n"));
        written.map_err(|_| StoreError::Shape("gzip stream"))
    }

    fn finish(self) -> Result<Bytes, StoreError> {
        self.0.finish().map(Bytes::from).map_err(|_| StoreError::Shape("gzip stream"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_at_the_published_time_of_the_next_day() {
        let day: Day = "2026-11-22".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let two = TimeOfDay { hour: 2, minute: 0 };
        assert!(!is_due(two, day, at("2026-11-23T01:59:59+09:00")));
        assert!(is_due(two, day, at("2026-11-23T02:00:00+09:00")));
    }
}
