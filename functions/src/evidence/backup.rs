//! The daily backup (Art. 23(1)): what was sent on one day, locked until that day's five years are over.
//!
//! The manifest is written last: a generation without a manifest is none, so a run that was interrupted leaves
//! nothing that looks whole, and the next run writes a new generation.

use super::{
    boxes::Lines,
    left,
    ring::Ring,
    seal::SETTLE_SECONDS,
    writer::{Grouped, Writer},
};
use crate::{
    app::App,
    store::{Store, blob::BlobKey, error::StoreError},
};
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    book::{Act, Attachment},
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Generation, Holds, KeyName,
        schedule::{self, BackupTimes, TimeOfDay},
    },
    id::PatientId,
};

/// How long a run has a day in hand: longer than a function may run, so that only a crash lets it lapse.
pub(super) const CLAIM_SECONDS: i64 = 20 * 60;
/// Days back that the job looks for a missing generation: longer than any repair should take.
const LOOK_BACK_DAYS: i64 = 95;
/// Files that are asked for at the same time.
const AT_ONCE: usize = 16;

/// Makes every daily generation that should exist by now and does not; each is verified at once. Safe to
/// repeat, takes no input.
///
/// # Errors
/// The first day's that cannot be made, such as one whose file is lost; it keeps no other day from being made.
pub async fn run_due(app: &App) -> Result<Vec<Generation>, StoreError> {
    let _alone = app.backing_up.lock().await;
    if app.store.is_being_restored().await? {
        return Ok(Vec::new());
    }
    let now = app.clock.now();
    let times = app.store.service().await?.map(|service| service.times).unwrap_or_default();
    let made = app.store.days_kept(now.day().plus_days(-LOOK_BACK_DAYS), now.day()).await?;
    let days = (now.day().plus_days(-LOOK_BACK_DAYS), now.day());
    let mut new = left::verify(app, BackupKind::Daily, days, |generation| generation.day.to_string()).await?;
    // What nobody sealed was before this system.
    let began = app.store.seal_day(1).await?;
    let mut missing: Vec<Day> = Vec::new();
    for back in (1..=LOOK_BACK_DAYS).rev() {
        let day = now.day().plus_days(-back);
        if !is_due(daily_at(app, &times, day.plus_days(1)), day, now) || made.contains(&day) {
            continue;
        }
        // From the first day of use on, a day on which nothing was sent has its generation too: empty is a
        // statement, missing is an anomaly.
        let begun = !missing.is_empty()
            || made.range(..day).next().is_some()
            || began.is_some_and(|began| began <= day);
        if begun || app.store.is_used(day).await? {
            missing.push(day);
        }
    }
    if missing.is_empty() {
        return Ok(new);
    }
    let ring = Ring::open(app)?;
    let directory = Directory::read(app).await?;
    let mut failed = None;
    // Last night first: it is the one that nobody has yet.
    for day in missing.into_iter().rev() {
        // Two schedules that overlap must not lock the same day twice for five years: who has the day in hand
        // looks once more whether somebody was quicker.
        let what = day.to_string();
        if app.store.claim_generation(&what, now, CLAIM_SECONDS).await?
            && app.store.days_kept(day, day).await?.is_empty()
        {
            match make(app, &ring, day, &directory).await {
                Ok(generation) => new.push(generation),
                Err(error) => {
                    // What cannot be given back lapses; why nothing was made is the news.
                    let _ = app.store.release_generation(&what).await;
                    tracing::error!(%day, %error, "no daily generation");
                    failed.get_or_insert(error);
                }
            }
        }
    }
    failed.map_or(Ok(new), Err)
}

/// The generation of a day, read back: what a run that was cut off left, or a new one.
async fn make(app: &App, ring: &Ring<'_>, day: Day, directory: &Directory) -> Result<Generation, StoreError> {
    let left = left::catalogue(app, BackupKind::Daily, &format!("{day}/")).await?.pop();
    let generation = match left {
        Some(left) => left,
        None => write(app, ring, day, directory).await?,
    };
    let generation = super::verify::run(app, generation).await?;
    app.store.put_generation(&generation).await?;
    Ok(generation)
}

/// When the daily backup starts on a day: as approved, or as the environment was set up before the first approval.
pub(crate) fn daily_at(app: &App, times: &[BackupTimes], day: Day) -> TimeOfDay {
    schedule::in_force(times, day).map_or(app.settings.daily_at, |times| times.daily)
}

/// Whether nothing more is written of a day: it is over, and what began in its last moments has ended.
pub fn is_over(day: Day, now: Timestamp) -> bool {
    now >= day.plus_days(1).start().plus_seconds(SETTLE_SECONDS)
}

/// A day's backup is due on the next day at the published time.
fn is_due(at: TimeOfDay, day: Day, now: Timestamp) -> bool {
    now >= at.on(day.plus_days(1)) && is_over(day, now)
}

/// Writes one generation of a day and catalogues it.
///
/// # Errors
/// If the store refuses; then no manifest exists.
pub async fn run(app: &App, day: Day) -> Result<Generation, StoreError> {
    let ring = Ring::open(app)?;
    write(app, &ring, day, &Directory::read(app).await?).await
}

/// The people, facilities, patients, teams and consents of one moment, compressed as they go into boxes.
pub(super) struct Directory {
    common: (u64, Vec<u8>),
    patients: Vec<(PatientId, u64, Vec<u8>)>,
}

impl Directory {
    pub(super) async fn read(app: &App) -> Result<Self, StoreError> {
        let common = compressed(&app.store.directory_lines().await?)?;
        let mut patients = Vec::new();
        let mut page = app.store.patients_page(None).await?;
        while let Some(some) = page {
            for (patient, lines) in &some.patients {
                let (count, lines) = compressed(lines)?;
                patients.push((*patient, count, lines));
            }
            page = app.store.patients_page(Some(&some)).await?;
        }
        Ok(Self { common, patients })
    }

    /// Writes it under the keys of a day and of each patient.
    pub(super) async fn write(&self, writer: &mut Writer<'_>, day: Day) -> Result<(), StoreError> {
        let day = KeyName::Day(day);
        let (count, lines) = &self.common;
        writer.compressed(Holds::Directory, &[day], *count, lines.clone()).await?;
        writer.patients(self.patients.iter().map(|(patient, ..)| *patient).collect()).await?;
        for (patient, count, lines) in &self.patients {
            let keys = [day, KeyName::Patient(*patient)];
            writer.compressed(Holds::Directory, &keys, *count, lines.clone()).await?;
        }
        Ok(())
    }
}

fn compressed(lines: &[String]) -> Result<(u64, Vec<u8>), StoreError> {
    let all = Lines::of(lines)?;
    Ok((all.count(), all.finish()?))
}

async fn write(
    app: &App,
    ring: &Ring<'_>,
    day: Day,
    directory: &Directory,
) -> Result<Generation, StoreError> {
    let mut writer = Writer::begin(app, ring, BackupKind::Daily, day);
    if ring.make(KeyName::Day(day)).await?.is_none() {
        let why = "it was destroyed: what was sent on this day is erased";
        return Err(StoreError::Key { name: KeyName::Day(day).to_string(), why });
    }
    let mut sent = Sent::read(app, day).await?;
    sent.has_its_files(app).await?;
    sent.write(&mut writer).await?;
    receipts(app, &mut writer, day).await?;
    cases(app, &mut writer, day).await?;
    beside_cases(app, &mut writer, day).await?;
    audit(app, &mut writer, day).await?;
    directory.write(&mut writer, day).await?;
    sent.write_files(&mut writer).await?;
    writer.finish().await
}

/// What was sent on a day, and the files that belong to it.
pub(super) struct Sent {
    day: Day,
    patients: Grouped<PatientId>,
    entries: u64,
    notes: u64,
    /// Of notes and consents.
    of_patients: Vec<(PatientId, Attachment)>,
    of_cases: Vec<Attachment>,
}

impl Sent {
    pub async fn read(app: &App, day: Day) -> Result<Self, StoreError> {
        let mut of_patients = app.store.consent_documents(day).await?;
        let mut patients = Grouped::default();
        let (mut entries, mut notes) = (0, 0);
        for (key, entry) in app.store.journal(day).await? {
            patients.push(entry.patient, serde_json::to_string(&(key, &entry))?);
            entries += 1;
            if let Act::Sent { note } = entry.act {
                notes += 1;
                of_patients.extend(note.attachments.into_iter().map(|file| (entry.patient, file)));
            }
        }
        let of_cases = app.store.case_files(day).await?;
        Ok(Self { day, patients, entries, notes, of_patients, of_cases })
    }

    /// Whether every file is there: asked before anything is locked for five years.
    pub async fn has_its_files(&self, app: &App) -> Result<(), StoreError> {
        let files = self.of_patients.iter().map(|(_, file)| file).chain(&self.of_cases);
        let files: Vec<_> = files.cloned().collect();
        let is_there = |file: Attachment| async move {
            let size = app.store.blobs.attachment_size(&BlobKey::File(file.id)).await?;
            if size == Some(file.bytes) { Ok(()) } else { Err(StoreError::Shape("attached file")) }
        };
        stream::iter(files).map(is_there).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Writes the entries, a box for each patient.
    pub async fn write(&mut self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        writer.patients(self.patients.groups().copied().collect()).await?;
        for patient in std::mem::take(&mut self.patients).into_boxes() {
            let (patient, lines) = patient?;
            let keys = [KeyName::Day(self.day), KeyName::Patient(patient)];
            writer.lines(Holds::Journal, &keys, lines).await?;
        }
        writer.counts().entries += self.entries;
        writer.counts().notes += self.notes;
        Ok(())
    }

    /// Copies the files.
    pub async fn write_files(&self, writer: &mut Writer<'_>) -> Result<(), StoreError> {
        for (patient, file) in &self.of_patients {
            writer.file(&[KeyName::Day(self.day), KeyName::Patient(*patient)], file).await?;
        }
        for file in &self.of_cases {
            writer.file(&[KeyName::Day(self.day)], file).await?;
        }
        Ok(())
    }
}

/// Writes how far each person had read by the day's end.
pub(super) async fn receipts(app: &App, writer: &mut Writer<'_>, day: Day) -> Result<(), StoreError> {
    let mut patients = Grouped::default();
    let lines = app.store.receipt_lines(day).await?;
    writer.counts().receipts += lines.len() as u64;
    for (patient, line) in lines {
        patients.push(patient, line);
    }
    writer.patients(patients.groups().copied().collect()).await?;
    for patient in patients.into_boxes() {
        let (patient, lines) = patient?;
        writer.lines(Holds::Receipts, &[KeyName::Day(day), KeyName::Patient(patient)], lines).await?;
    }
    Ok(())
}

/// Writes the cases that took a step on the day: with all their steps until now, so that a late run has them too.
async fn cases(app: &App, writer: &mut Writer<'_>, day: Day) -> Result<(), StoreError> {
    let (count, lines) = compressed(&app.store.case_lines(day).await?)?;
    writer.counts().cases += count;
    if count > 0 {
        writer.compressed(Holds::Cases, &[KeyName::Day(day)], count, lines).await?;
    }
    Ok(())
}

/// Writes what hangs on cases since the day: who confirmed an announced stop (figure 2-5), and files.
pub(super) async fn beside_cases(app: &App, writer: &mut Writer<'_>, day: Day) -> Result<(), StoreError> {
    let confirmed = (Holds::Confirmations, app.store.confirmation_lines(day).await?);
    let attached = (Holds::CaseFiles, app.store.case_file_lines(day).await?);
    for (holds, lines) in [confirmed, attached] {
        let (count, lines) = compressed(&lines)?;
        if count > 0 {
            writer.compressed(holds, &[KeyName::Day(day)], count, lines).await?;
        }
    }
    Ok(())
}

/// Writes the audit log of the day, an hour a box.
pub(super) async fn audit(app: &App, writer: &mut Writer<'_>, day: Day) -> Result<(), StoreError> {
    for hour in Store::hours() {
        let (count, lines) = compressed(&app.store.event_lines(day, hour).await?)?;
        writer.counts().events += count;
        if count > 0 {
            writer.compressed(Holds::Audit, &[KeyName::Day(day)], count, lines).await?;
        }
    }
    Ok(())
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

    #[test]
    fn never_before_the_last_moments_of_the_day_have_settled() {
        let day: Day = "2026-11-22".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let midnight = TimeOfDay { hour: 0, minute: 0 };
        assert!(!is_due(midnight, day, at("2026-11-23T00:19:59+09:00")));
        assert!(is_due(midnight, day, at("2026-11-23T00:20:00+09:00")));
    }
}
