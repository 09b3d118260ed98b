//! The drill: every generation is read back, and the archive is restored into an isolated place, compared with what is in
//! use, timed, and dropped again. What was found is locked away as a proof (requirements §2, 12).

mod compare;

use super::{
    monitor::{MonitorError, settle},
    restore::{Plan, RestoreError, Restored, Restoring},
    verify,
};
use crate::{
    app::App,
    http::error::ApiError,
    portal::publish,
    random,
    store::{
        blob::BlobKey,
        drill::{InHand, Isolated},
        error::StoreError,
        tx::Tx,
    },
};
use compare::{Comparing, Stage};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Generation, VerificationState,
        drill::{LastProven, Proof},
        monitor::{Cadence, Look, Part, Record, Slot},
    },
    id::GenerationId,
};
use std::time::{Duration, Instant};

/// Seconds after midnight in Japan from which on it runs: the night's backup is there by then.
const AFTER_SECONDS: i64 = 4 * 3600;
/// Days between two restores; generations are read back every day.
const DAYS_BETWEEN: i64 = 7;
/// A drill is in hand for so many seconds: only a crash lets it lapse.
const CLAIM_SECONDS: i64 = 3 * 3600;
/// Bytes and time that reading back may take in one run; the generations that waited longest come first.
const READ_BYTES: u64 = 20_000_000_000;
const READ_TIME: Duration = Duration::from_secs(8 * 60);
/// Findings in a proof, of more the number.
const FINDINGS_MAX: usize = 20;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Generations that were read back.
    pub read: usize,
    /// Of them, damaged ones.
    pub damaged: Vec<Day>,
    /// What the restore proved, if one came to its end.
    pub proof: Option<Proof>,
    /// Whether a restore stopped because its time was up; the next run goes on.
    pub paused: bool,
}

/// Where a restore stopped whose time was up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    proof: Proof,
    stage: Stage,
    /// What was read back before it and is told together with the proof: monitoring takes one answer a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<ReadBack>,
}

/// What reading back found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ReadBack {
    at: Timestamp,
    generations: usize,
    /// The days of those that are damaged.
    damaged: Vec<Day>,
}

/// Reads generations back once a day, and restores once a week; `None` where nothing is due. Takes no input and is safe to
/// repeat. A restore that is not done at `until` goes on in the next run.
///
/// # Errors
/// If the store cannot be reached. What is damaged is a finding, not an error.
pub async fn run_due(app: &App, until: Option<Instant>) -> Result<Option<Ran>, MonitorError> {
    let now = app.clock.now();
    let today = now.day();
    let early = now < today.start().plus_seconds(AFTER_SECONDS);
    let reading = !early && app.store.generations_read_on().await?.is_none_or(|day| day < today);
    let paused = app.store.drill_in_hand().await?.is_some_and(|in_hand| in_hand.paused.is_some());
    if !reading && !paused {
        return Ok(None);
    }
    let begun = app.store.monitored_since().await?.is_some_and(|begun| begun.day() < today);
    let last = app.store.proofs(1).await?.first().map(|proof| proof.started_at.day());
    let due = reading && last.map_or(begun, |last| last.plus_days(DAYS_BETWEEN) <= today);
    run(app, reading, due || paused, until).await
}

/// Reads generations back now if `reading`, and restores if `restoring`, or goes on with a restore; `None` while another drill is
/// under way, or where there is no generation yet.
///
/// # Errors
/// As [`run_due`].
pub async fn run(
    app: &App,
    reading: bool,
    restoring: bool,
    until: Option<Instant>,
) -> Result<Option<Ran>, MonitorError> {
    let now = app.clock.now();
    if generations(app, BackupKind::Daily).await?.is_empty() {
        return Ok(None);
    }
    let isolated = Isolated::of(&app.settings, random::id(now, GenerationId::from_parts));
    let Some(in_hand) = app.store.begin_drill(isolated, now, CLAIM_SECONDS).await? else { return Ok(None) };
    let done = drill(app, &in_hand, reading, restoring, until).await;
    if let Ok((ran, Some(paused))) = done {
        app.store.pause_drill(in_hand, paused).await?;
        return Ok(Some(ran));
    }
    // Also after an error: nothing of a drill stays.
    let dropped = app.store.end_drill().await;
    let (ran, _) = done?;
    dropped?;
    Ok(Some(ran))
}

async fn drill(
    app: &App,
    in_hand: &InHand,
    reading: bool,
    restoring: bool,
    until: Option<Instant>,
) -> Result<(Ran, Option<Paused>), MonitorError> {
    let now = app.clock.now();
    let mut read = in_hand.paused.as_ref().and_then(|paused| paused.read.clone());
    if reading {
        // That of a day before waits no longer.
        tell(app, read.take(), None).await?;
        read = Some(read_back(app).await?);
    }
    let new = read.clone().filter(|_| reading);
    let proven = match (&in_hand.paused, restoring) {
        (Some(paused), _) => Some(prove(app, &in_hand.isolated, paused.clone(), until).await?),
        (None, true) => {
            app.store.make_isolated(&in_hand.isolated).await?;
            let paused = Paused {
                proof: empty(random::id(now, GenerationId::from_parts), now),
                stage: Stage::Restore,
                read: None,
            };
            Some(prove(app, &in_hand.isolated, paused, until).await?)
        }
        (None, false) => None,
    };
    let (proof, paused) = match proven {
        Some(Proven::Done(proof)) => {
            tell(app, read, Some(&proof)).await?;
            (Some(proof), None)
        }
        Some(Proven::Paused(paused)) => {
            // Damage is told at once; the incident that it opens is there before the proof.
            if read.as_ref().is_some_and(|read| !read.damaged.is_empty()) {
                tell(app, read.take(), None).await?;
            }
            (None, Some(Paused { read, ..paused }))
        }
        None => {
            tell(app, read, None).await?;
            (None, None)
        }
    };
    if reading {
        app.store.put_generations_read_on(now.day()).await?;
    }
    let (read, damaged) = new.map(|new| (new.generations, new.damaged)).unwrap_or_default();
    Ok((Ran { read, damaged, proof, paused: paused.is_some() }, paused))
}

/// Tells monitoring what was found, in the slot of the day on which it was read back.
async fn tell(app: &App, read: Option<ReadBack>, proof: Option<&Proof>) -> Result<(), MonitorError> {
    if read.is_none() && proof.is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    let slot = Slot::of(Cadence::Daily, read.as_ref().map_or(now, |read| read.at));
    settle::settle(app, &Record { slot, at: now, looks: vec![look(read.as_ref(), proof)] }).await
}

fn look(read: Option<&ReadBack>, proof: Option<&Proof>) -> Look {
    let words_of = |read: &ReadBack| {
        if read.damaged.is_empty() {
            return format!("{}世代を読み戻し、異常はありませんでした", read.generations);
        }
        let days: Vec<String> = read.damaged.iter().map(Day::to_string).collect();
        format!("異常のある世代: {}", days.join("、"))
    };
    let words: Vec<_> = read.map(words_of).into_iter().chain(proof.map(Proof::in_words)).collect();
    let good = read.is_none_or(|read| read.damaged.is_empty()) && proof.is_none_or(Proof::is_good);
    let ms = proof.map_or(0, |proof| u32::try_from(proof.restore_ms).unwrap_or(u32::MAX));
    let words = words.join("。").chars().take(900).collect();
    Look { part: Part::Restore, good, ms, words, firewall: None }
}

/// Every generation of a kind in the catalogue, newest day first.
async fn generations(app: &App, kind: BackupKind) -> Result<Vec<Generation>, StoreError> {
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let (page, next) = app.store.generations(kind, before).await?;
        all.extend(page);
        before = next;
        if before.is_none() {
            return Ok(all);
        }
    }
}

/// Reads generations back and marks what was found: the newest first, then those that waited longest.
async fn read_back(app: &App) -> Result<ReadBack, StoreError> {
    let at = app.clock.now();
    let mut all = Vec::new();
    for kind in BackupKind::ALL {
        all.extend(generations(app, *kind).await?);
    }
    all.sort_by_key(|generation| std::cmp::Reverse(generation.started_at));
    if let Some((_, older)) = all.split_first_mut() {
        older.sort_by_key(|generation| generation.verification.at);
    }
    let (started, mut bytes) = (Instant::now(), 0_u64);
    let (mut generations, mut damaged) = (0, Vec::new());
    for generation in all {
        if generations > 0 && (bytes > READ_BYTES || started.elapsed() > READ_TIME) {
            break;
        }
        bytes += generation.bytes;
        let generation = verify::run(app, generation).await?;
        app.store.put_generation(&generation).await?;
        generations += 1;
        if generation.verification.state == VerificationState::Damaged {
            damaged.push(generation.day);
        }
    }
    Ok(ReadBack { at, generations, damaged })
}

/// What a run's share of the work came to.
enum Proven {
    Done(Proof),
    Paused(Paused),
}

/// Restores, compares, verifies the audit log's seals, and locks the proof away; as much of it as there is time for.
async fn prove(
    app: &App,
    isolated: &Isolated,
    paused: Paused,
    until: Option<Instant>,
) -> Result<Proven, MonitorError> {
    let place = app.beside(isolated.settings(&app.settings));
    let Paused { mut proof, mut stage, .. } = paused;
    let started = Instant::now();
    if stage == Stage::Restore {
        let restored = bring_back(app, &place, until).await;
        proof.restore_ms += ms(started);
        match restored {
            Ok(None) => return Ok(Proven::Paused(Paused { proof, stage, read: None })),
            Ok(Some(restored)) => {
                compare::count(app, &place, &restored, &mut proof).await?;
                stage = Stage::first();
            }
            // The archive that cannot be reached proves nothing, in either direction.
            Err(RestoreError::Store(error)) => return Err(error.into()),
            Err(why) => {
                proof.findings.push(format!("復元できませんでした: {why}"));
                stage = Stage::Audit(0);
            }
        }
    }
    let started = Instant::now();
    let mut comparing = Comparing::new(app, &place, proof).await?;
    let stage = comparing.work(stage, until).await?;
    let mut proof = comparing.proof;
    proof.compare_ms += ms(started);
    if stage != Stage::Done {
        return Ok(Proven::Paused(Paused { proof, stage, read: None }));
    }
    let more = proof.findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        proof.findings.truncate(FINDINGS_MAX);
        proof.findings.push(format!("ほか{more}件"));
    }
    proof.finished_at = app.clock.now();
    keep(app, &proof).await?;
    Ok(Proven::Done(proof))
}

/// `None` when the time is up.
async fn bring_back(
    app: &App,
    place: &App,
    until: Option<Instant>,
) -> Result<Option<Restored>, RestoreError> {
    let mut restoring = Restoring::begin(app, Some(place), Plan::EVERYTHING).await?;
    let done = restoring.work(until, |_| ()).await?;
    Ok(done.then(|| restoring.progress().restored.clone()))
}

fn empty(id: GenerationId, now: Timestamp) -> Proof {
    Proof {
        format: 1,
        id,
        started_at: now,
        finished_at: now,
        restore_ms: 0,
        compare_ms: 0,
        generations: 0,
        newest_day: None,
        entries: 0,
        notes: 0,
        files: 0,
        cases: 0,
        people: 0,
        same: 0,
        changed_since: 0,
        audit_entries: 0,
        software: env!("CARGO_PKG_VERSION").into(),
        findings: Vec::new(),
    }
}

fn ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Locks the proof away, and tells page and portal.
async fn keep(app: &App, proof: &Proof) -> Result<(), MonitorError> {
    let day = proof.started_at.day();
    let body = serde_json::to_vec_pretty(proof).map_err(StoreError::from)?;
    let key = BlobKey::Proof(day, proof.id);
    app.store.blobs.archive(&key, "application/json", body.into(), day.locked_until()).await?;
    app.store.put_proof(proof).await?;
    if proof.is_good() {
        let mut tx = Tx::<Code>::default();
        let proven = LastProven { at: proof.finished_at, newest_day: proof.newest_day };
        app.store.put_last_proven(&mut tx, &proven)?;
        tx.commit(&app.store).await.map_err(ApiError::from)?;
        publish::run_due(app).await?;
    }
    Ok(())
}
