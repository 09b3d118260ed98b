//! The drill: every generation is read back, and the archive is restored into an isolated place, compared with what is in
//! use, timed, and dropped again. What was found is locked away as a proof (requirements §2, 12).

use super::{
    monitor::{MonitorError, settle},
    restore::{self, RestoreError},
    seal, verify,
};
use crate::{
    app::App,
    http::error::ApiError,
    portal::publish,
    random,
    store::{
        Store,
        blob::{BlobKey, sha256_hex},
        drill::Isolated,
        error::StoreError,
        item::Item,
        keys,
        tx::Tx,
    },
};
use shared::{
    api::error::Code,
    book::{Act, Entry, NoteNumber},
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Generation, VerificationState,
        drill::{LastProven, Proof},
        monitor::{Cadence, Look, Part, Record, Slot},
    },
    id::{GenerationId, PatientId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

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
    /// The restore, if one was due.
    pub proof: Option<Proof>,
}

/// Reads generations back once a day, and restores once a week; `None` where nothing is due. Takes no input and is safe to
/// repeat.
///
/// # Errors
/// If the store cannot be reached. What is damaged is a finding, not an error.
pub async fn run_due(app: &App) -> Result<Option<Ran>, MonitorError> {
    let now = app.clock.now();
    let today = now.day();
    let early = now < today.start().plus_seconds(AFTER_SECONDS);
    if early || app.store.generations_read_on().await?.is_some_and(|day| day >= today) {
        return Ok(None);
    }
    let begun = app.store.monitored_since().await?.is_some_and(|begun| begun.day() < today);
    let last = app.store.proofs(1).await?.first().map(|proof| proof.started_at.day());
    let due = last.map_or(begun, |last| last.plus_days(DAYS_BETWEEN) <= today);
    run(app, due).await
}

/// Reads generations back now, and restores if `restoring`; `None` while another drill is under way, or where there is no
/// generation yet.
///
/// # Errors
/// As [`run_due`].
pub async fn run(app: &App, restoring: bool) -> Result<Option<Ran>, MonitorError> {
    let now = app.clock.now();
    let id = random::id(now, GenerationId::from_parts);
    let isolated = Isolated::of(&app.settings, id);
    if generations(app, BackupKind::Daily).await?.is_empty()
        || !app.store.begin_drill(&isolated, now, CLAIM_SECONDS).await?
    {
        return Ok(None);
    }
    let done = drill(app, restoring, id, &isolated, now).await;
    // Also after an error: nothing of a drill stays.
    let dropped = if restoring { app.store.drop_isolated(&isolated).await } else { Ok(()) };
    app.store.end_drill().await?;
    let ran = done?;
    dropped?;
    app.store.put_generations_read_on(now.day()).await?;
    Ok(Some(ran))
}

async fn drill(
    app: &App,
    restoring: bool,
    id: GenerationId,
    isolated: &Isolated,
    now: Timestamp,
) -> Result<Ran, MonitorError> {
    let (read, damaged) = read_back(app).await?;
    let proof = if restoring { Some(prove(app, id, isolated, now).await?) } else { None };
    let look = look(read, &damaged, proof.as_ref());
    let slot = Slot::of(Cadence::Daily, now);
    settle::settle(app, &Record { slot, at: now, looks: vec![look] }).await?;
    Ok(Ran { read, damaged, proof })
}

fn look(read: usize, damaged: &[Day], proof: Option<&Proof>) -> Look {
    let mut words = Vec::new();
    if damaged.is_empty() {
        words.push(format!("{read}世代を読み戻し、異常はありませんでした"));
    } else {
        let days: Vec<String> = damaged.iter().map(Day::to_string).collect();
        words.push(format!("異常のある世代: {}", days.join("、")));
    }
    words.extend(proof.map(Proof::in_words));
    let good = damaged.is_empty() && proof.is_none_or(Proof::is_good);
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
async fn read_back(app: &App) -> Result<(usize, Vec<Day>), StoreError> {
    let mut all = Vec::new();
    for kind in BackupKind::ALL {
        all.extend(generations(app, *kind).await?);
    }
    all.sort_by_key(|generation| std::cmp::Reverse(generation.started_at));
    if let Some((_, older)) = all.split_first_mut() {
        older.sort_by_key(|generation| generation.verification.at);
    }
    let (started, mut bytes) = (Instant::now(), 0_u64);
    let (mut read, mut damaged) = (0, Vec::new());
    for generation in all {
        if read > 0 && (bytes > READ_BYTES || started.elapsed() > READ_TIME) {
            break;
        }
        bytes += generation.bytes;
        let generation = verify::run(app, generation).await?;
        app.store.put_generation(&generation).await?;
        read += 1;
        if generation.verification.state == VerificationState::Damaged {
            damaged.push(generation.day);
        }
    }
    Ok((read, damaged))
}

/// Restores, compares, verifies the audit log, and locks the proof away.
async fn prove(
    app: &App,
    id: GenerationId,
    isolated: &Isolated,
    now: Timestamp,
) -> Result<Proof, MonitorError> {
    app.store.make_isolated(isolated).await?;
    let (table, blobs) = app.store.clients();
    let place = App::new(table, blobs, app.clock.clone(), isolated.settings(&app.settings));
    let mut proof = Proof {
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
        same: 0,
        changed_since: 0,
        audit_entries: 0,
        software: env!("CARGO_PKG_VERSION").into(),
        findings: Vec::new(),
    };
    let started = Instant::now();
    let restored = restore::run(app, &place).await;
    proof.restore_ms = ms(started);
    match restored {
        Ok(restored) => {
            proof.generations = restored.generations as u64;
            proof.entries = restored.entries as u64;
            proof.notes = restored.notes as u64;
            proof.files = restored.files as u64;
            let started = Instant::now();
            // What was erased when its time came is in the catalogue's counts and in no restore.
            let whole = restored.erased == 0;
            compare(app, &place, whole, &mut proof).await?;
            proof.compare_ms = ms(started);
        }
        // The archive that cannot be reached proves nothing, in either direction.
        Err(RestoreError::Store(error)) => return Err(error.into()),
        Err(why) => proof.findings.push(format!("復元できませんでした: {why}")),
    }
    let (verifier, bad) = seal::verify(app).await?;
    proof.audit_entries = verifier.checked();
    if let Some(bad) = bad {
        proof.findings.push(format!("操作記録の{}番目: {}", bad.index, bad.fault.in_words()));
    }
    let more = proof.findings.len().saturating_sub(FINDINGS_MAX);
    if more > 0 {
        proof.findings.truncate(FINDINGS_MAX);
        proof.findings.push(format!("ほか{more}件"));
    }
    proof.finished_at = app.clock.now();
    keep(app, &proof).await?;
    Ok(proof)
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

/// Compares what came back with what is in use: the counts of the catalogue, every entry, every note, every file.
async fn compare(app: &App, place: &App, whole: bool, proof: &mut Proof) -> Result<(), StoreError> {
    let mut by_day: BTreeMap<Day, Generation> = BTreeMap::new();
    for generation in generations(app, BackupKind::Daily).await? {
        // Of each day the newest counts.
        let newest = by_day.get(&generation.day).is_none_or(|known| known.id < generation.id);
        if newest {
            by_day.insert(generation.day, generation);
        }
    }
    proof.newest_day = by_day.keys().next_back().copied();
    let sum = |of: fn(&Generation) -> u64| by_day.values().map(of).sum::<u64>();
    let counts = [
        ("世代", by_day.len() as u64, proof.generations),
        ("送信の記録", sum(|generation| generation.counts.entries), proof.entries),
        ("連絡", sum(|generation| generation.counts.notes), proof.notes),
        ("添付", sum(|generation| generation.counts.attachments), proof.files),
    ];
    for (what, expected, found) in counts.into_iter().take(if whole { 4 } else { 1 }) {
        if expected != found {
            proof.findings.push(format!("{what}の数が違います（目録{expected}、復元{found}）"));
        }
    }
    let mut patients: BTreeSet<PatientId> = BTreeSet::new();
    for day in by_day.keys() {
        compare_day(app, place, *day, &mut patients, proof).await?;
    }
    let changed = changed_since(app, proof.newest_day).await?;
    proof.changed_since = changed.len() as u64;
    for patient in patients {
        compare_patient(app, place, patient, &changed, proof).await?;
    }
    Ok(())
}

/// The entries of a day, and the files that they name.
async fn compare_day(
    app: &App,
    place: &App,
    day: Day,
    patients: &mut BTreeSet<PatientId>,
    proof: &mut Proof,
) -> Result<(), StoreError> {
    let partition = keys::journal(day);
    let ours = app.store.query(&partition).run().await?;
    let theirs = place.store.query(&partition).run().await?;
    compare_items(&ours, &theirs, &BTreeSet::new(), &format!("{day}の送信の記録"), proof)?;
    for item in &theirs {
        let entry: Entry = item.doc()?;
        patients.insert(entry.patient);
        let Act::Sent { note } = &entry.act else { continue };
        for file in &note.attachments {
            let body = place.store.blobs.attachment(&BlobKey::File(file.id)).await?;
            if body.is_some_and(|body| sha256_hex(&body) == file.sha256) {
                proof.same += 1;
            } else {
                proof.findings.push(format!("添付 {} が元と違うか、ありません", file.id));
            }
        }
    }
    Ok(())
}

/// The notes that were changed after the newest generation.
async fn changed_since(
    app: &App,
    newest: Option<Day>,
) -> Result<BTreeSet<(PatientId, NoteNumber)>, StoreError> {
    let mut changed = BTreeSet::new();
    let Some(mut day) = newest.map(|day| day.plus_days(1)) else { return Ok(changed) };
    while day <= app.clock.now().day() {
        let entries = app.store.journal(day).await?;
        changed.extend(entries.into_iter().map(|(_, entry)| (entry.patient, entry.number)));
        day = day.plus_days(1);
    }
    Ok(changed)
}

async fn compare_patient(
    app: &App,
    place: &App,
    patient: PatientId,
    changed: &BTreeSet<(PatientId, NoteNumber)>,
    proof: &mut Proof,
) -> Result<(), StoreError> {
    let partition = keys::patient_partition(patient);
    let numbers = || changed.iter().filter(|(of, _)| *of == patient).map(|(_, number)| *number);
    let notes: BTreeSet<String> = numbers().map(|number| keys::note(patient, number).sk).collect();
    let read = async |store: &Store, prefix: &str| store.query(&partition).beginning_with(prefix).run().await;
    let (ours, theirs) = futures::try_join!(read(&app.store, keys::NOTE), read(&place.store, keys::NOTE))?;
    compare_items(&ours, &theirs, &notes, &format!("患者 {patient} の連絡"), proof)?;
    let history: Vec<String> = numbers().map(keys::history_of).collect();
    let (ours, theirs) =
        futures::try_join!(read(&app.store, keys::HISTORY), read(&place.store, keys::HISTORY))?;
    let later = ours.iter().filter_map(|item| item.sk().ok());
    let later = later.filter(|sk| history.iter().any(|of| sk.starts_with(of.as_str())));
    let later: BTreeSet<String> = later.map(str::to_owned).collect();
    compare_items(&ours, &theirs, &later, &format!("患者 {patient} の訂正前の文"), proof)
}

/// Compares items by all of their content; `but` are sort keys that may differ.
fn compare_items(
    ours: &[Item],
    theirs: &[Item],
    but: &BTreeSet<String>,
    what: &str,
    proof: &mut Proof,
) -> Result<(), StoreError> {
    let lines = |items: &[Item]| -> Result<BTreeMap<String, String>, StoreError> {
        items.iter().map(|item| Ok((item.sk()?.to_owned(), item.to_line()?))).collect()
    };
    let (ours, theirs) = (lines(ours)?, lines(theirs)?);
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).filter(|sk| !but.contains(*sk)).collect();
    let (mut same, mut differ) = (0, 0);
    for sk in keys {
        if ours.get(sk) == theirs.get(sk) { same += 1 } else { differ += 1 }
    }
    proof.same += same;
    if differ > 0 {
        proof.findings.push(format!("{what}: {differ}件が元と違います"));
    }
    Ok(())
}
