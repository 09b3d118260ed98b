//! What came back, compared with what is in use: the counts of the catalogue, every entry, note, earlier text and file, every
//! consent and case, and whether anybody is missing. In parts, so that it can stop and go on.

use super::generations;
use crate::{
    app::App,
    evidence::{restore::Restored, seal},
    store::{Store, blob::BlobKey, blob::sha256_hex, error::StoreError, item::Item, keys},
};
use serde::{Deserialize, Serialize};
use shared::{
    book::{Act, Entry, NoteNumber},
    calendar::Day,
    evidence::{BackupKind, Generation, drill::Proof, seal::Verifier},
    id::{AccountId, CaseId, PatientId},
    procedure::Case,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Instant,
};

/// Patients, and cases, asked for at once.
const AT_ONCE: usize = 50;
/// Seals verified at once: each takes three calls.
const SEALS_AT_ONCE: usize = 100;

/// How far a drill is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    /// Restoring.
    Restore,
    /// Comparing the days after this one.
    Journal(Option<Day>),
    /// Comparing the patients after this one.
    Patients(Option<PatientId>),
    /// Comparing the cases after this one.
    Cases(Option<CaseId>),
    /// Comparing people and facilities.
    Directory,
    /// Verifying the audit log's seals after this one.
    Audit(u64),
    /// All of it is compared.
    Done,
}

impl Stage {
    /// Where comparing begins.
    pub const fn first() -> Self {
        Self::Journal(None)
    }
}

/// Compares what the catalogue counted with what came back.
pub(super) async fn count(
    app: &App,
    place: &App,
    restored: &Restored,
    proof: &mut Proof,
) -> Result<(), StoreError> {
    let by_day = catalogued(app, place).await?;
    proof.generations = restored.generations as u64;
    proof.entries = restored.entries as u64;
    proof.notes = restored.notes as u64;
    proof.files = restored.files as u64;
    proof.cases = restored.cases as u64;
    proof.newest_day = by_day.keys().next_back().copied();
    let sum = |of: fn(&Generation) -> u64| by_day.values().map(of).sum::<u64>();
    let counts = [
        ("世代", by_day.len() as u64, proof.generations),
        ("送信の記録", sum(|generation| generation.counts.entries), proof.entries),
        ("連絡", sum(|generation| generation.counts.notes), proof.notes),
        ("添付", sum(|generation| generation.counts.attachments), proof.files),
        ("操作記録", sum(|generation| generation.counts.events), restored.events as u64),
    ];
    // What was erased when its time came is in the catalogue's counts and in no restore.
    let counted = if restored.erased == 0 { counts.len() } else { 1 };
    for (what, expected, found) in counts.into_iter().take(counted) {
        if expected != found {
            proof.findings.push(format!("{what}の数が違います（目録{expected}、復元{found}）"));
        }
    }
    Ok(())
}

/// The newest daily generation of each day that was there when the restore began.
async fn catalogued(app: &App, place: &App) -> Result<BTreeMap<Day, Generation>, StoreError> {
    let begun = place.store.restore_progress().await?.map(|progress| progress.begun_at);
    let begun = begun.and_then(|at| u64::try_from(at.ms()).ok()).unwrap_or(u64::MAX);
    let mut by_day: BTreeMap<Day, Generation> = BTreeMap::new();
    for generation in generations(app, BackupKind::Daily).await? {
        let newest = by_day.get(&generation.day).is_none_or(|known| known.id < generation.id);
        if newest && generation.id.at_ms() <= begun {
            by_day.insert(generation.day, generation);
        }
    }
    Ok(by_day)
}

/// A comparison under way.
pub(super) struct Comparing<'a> {
    app: &'a App,
    place: &'a App,
    by_day: BTreeMap<Day, Generation>,
    /// What was found.
    pub proof: Proof,
}

impl<'a> Comparing<'a> {
    pub async fn new(app: &'a App, place: &'a App, proof: Proof) -> Result<Self, StoreError> {
        Ok(Self { app, place, by_day: catalogued(app, place).await?, proof })
    }

    /// Compares from this stage on, until all is done or the time is up.
    pub async fn work(&mut self, mut stage: Stage, until: Option<Instant>) -> Result<Stage, StoreError> {
        while !matches!(stage, Stage::Done | Stage::Restore) {
            stage = self.part(stage).await?;
            if until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
        }
        Ok(stage)
    }

    async fn part(&mut self, stage: Stage) -> Result<Stage, StoreError> {
        Ok(match stage {
            Stage::Journal(after) => {
                match self.by_day.keys().find(|day| after.is_none_or(|after| **day > after)) {
                    Some(day) => {
                        let day = *day;
                        self.day(day).await?;
                        Stage::Journal(Some(day))
                    }
                    None => Stage::Patients(None),
                }
            }
            Stage::Patients(after) => {
                let some = self.place.store.patients_after(after, AT_ONCE).await?;
                let changed = self.changed_since().await?;
                for patient in &some {
                    self.patient(*patient, &changed).await?;
                }
                some.last().map_or(Stage::Cases(None), |last| Stage::Patients(Some(*last)))
            }
            Stage::Cases(after) => {
                let some = self.place.store.cases_after(after, AT_ONCE).await?;
                self.cases(&some).await?;
                some.last().map_or(Stage::Directory, |last| Stage::Cases(Some(last.id)))
            }
            Stage::Directory => {
                self.directory().await?;
                Stage::Audit(0)
            }
            Stage::Audit(good) => self.seals(good).await?,
            Stage::Restore | Stage::Done => Stage::Done,
        })
    }

    /// The entries of a day, and the files that they name.
    async fn day(&mut self, day: Day) -> Result<(), StoreError> {
        let partition = keys::journal(day);
        let ours = self.app.store.query(&partition).run().await?;
        let theirs = self.place.store.query(&partition).run().await?;
        let found = Compared::of(&ours, &theirs, &BTreeSet::new())?;
        self.take(&found, &format!("{day}の送信の記録"));
        for item in &theirs {
            let entry: Entry = item.doc()?;
            let Act::Sent { note } = &entry.act else { continue };
            for file in &note.attachments {
                let body = self.place.store.blobs.attachment(&BlobKey::File(file.id)).await?;
                if body.is_some_and(|body| sha256_hex(&body) == file.sha256) {
                    self.proof.same += 1;
                } else {
                    self.proof.findings.push(format!("添付 {} が元と違うか、ありません", file.id));
                }
            }
        }
        Ok(())
    }

    /// The notes that were changed after the newest generation.
    async fn changed_since(&self) -> Result<Changed, StoreError> {
        let mut changed = BTreeSet::new();
        let newest = self.by_day.keys().next_back();
        let Some(mut day) = newest.map(|day| day.plus_days(1)) else { return Ok(changed) };
        while day <= self.app.clock.now().day() {
            let entries = self.app.store.journal(day).await?;
            changed.extend(entries.into_iter().map(|(_, entry)| (entry.patient, entry.number)));
            day = day.plus_days(1);
        }
        Ok(changed)
    }

    async fn patient(&mut self, patient: PatientId, changed: &Changed) -> Result<(), StoreError> {
        let (mut notes, mut earlier) = self.thread(patient, changed).await?;
        if notes.differ + earlier.differ > 0 {
            // Somebody may have written while we compared.
            let changed = self.changed_since().await?;
            (notes, earlier) = self.thread(patient, &changed).await?;
        }
        self.take(&notes, &format!("患者 {patient} の連絡"));
        self.take(&earlier, &format!("患者 {patient} の訂正前の文"));
        let partition = keys::patient_partition(patient);
        let read = async |store: &Store| store.query(&partition).beginning_with(keys::CONSENT).run().await;
        let (ours, theirs) = futures::try_join!(read(&self.app.store), read(&self.place.store))?;
        // Consents and withdrawals are only ever added.
        let later: BTreeSet<String> =
            ours.iter().filter_map(|item| item.sk().ok().map(str::to_owned)).collect();
        let known: BTreeSet<String> =
            theirs.iter().filter_map(|item| item.sk().ok().map(str::to_owned)).collect();
        let found = Compared::of(&ours, &theirs, &later.difference(&known).cloned().collect())?;
        self.proof.people += 1 + theirs.len() as u64;
        self.take(&found, &format!("患者 {patient} の同意"));
        Ok(())
    }

    async fn thread(
        &self,
        patient: PatientId,
        changed: &Changed,
    ) -> Result<(Compared, Compared), StoreError> {
        let partition = keys::patient_partition(patient);
        let numbers = || changed.iter().filter(|(of, _)| *of == patient).map(|(_, number)| *number);
        let notes: BTreeSet<String> = numbers().map(|number| keys::note(patient, number).sk).collect();
        let read =
            async |store: &Store, prefix: &str| store.query(&partition).beginning_with(prefix).run().await;
        let (app, place) = (&self.app.store, &self.place.store);
        let (ours, theirs) = futures::try_join!(read(app, keys::NOTE), read(place, keys::NOTE))?;
        let compared = Compared::of(&ours, &theirs, &notes)?;
        let history: Vec<String> = numbers().map(keys::history_of).collect();
        let (ours, theirs) = futures::try_join!(read(app, keys::HISTORY), read(place, keys::HISTORY))?;
        let later = ours.iter().filter_map(|item| item.sk().ok());
        let later = later.filter(|sk| history.iter().any(|of| sk.starts_with(of.as_str())));
        let later: BTreeSet<String> = later.map(str::to_owned).collect();
        Ok((compared, Compared::of(&ours, &theirs, &later)?))
    }

    /// A case that took no step since is the same; of one that did, what came back is its beginning.
    async fn cases(&mut self, theirs: &[Case]) -> Result<(), StoreError> {
        let wanted: Vec<_> = theirs.iter().map(|case| keys::case(case.id)).collect();
        let mut ours = HashMap::new();
        for item in self.app.store.get_all(&wanted).await? {
            let case: Case = item.doc()?;
            ours.insert(case.id, case);
        }
        for case in theirs {
            match ours.get(&case.id) {
                Some(live) if live == case => self.proof.same += 1,
                Some(live) if live.version > case.version && live.taken.starts_with(&case.taken) => {
                    self.proof.changed_since += 1;
                }
                _ => self.proof.findings.push(format!("案件 {} が元と違います", case.number)),
            }
        }
        Ok(())
    }

    /// People and facilities: what was there when the newest directory was written must have come back. What it says of them may
    /// have changed since, and is counted.
    async fn directory(&mut self) -> Result<(), StoreError> {
        let written =
            self.by_day.values().next_back().and_then(|newest| u64::try_from(newest.started_at.ms()).ok());
        let by_key = async |store: &Store| -> Result<BTreeMap<(String, String), String>, StoreError> {
            let items = store.directory_items().await?;
            let line = |item: &Item| item.key().and_then(|key| Ok(((key.pk, key.sk), item.to_line()?)));
            items.iter().map(line).collect()
        };
        let (ours, theirs) = (by_key(&self.app.store).await?, by_key(&self.place.store).await?);
        self.proof.people += theirs.len() as u64;
        let mut missing = 0;
        for (key, line) in &ours {
            match theirs.get(key) {
                Some(restored) if restored == line => self.proof.same += 1,
                None if made_at(&key.0) < written => missing += 1,
                _ => self.proof.changed_since += 1,
            }
        }
        for patient in self.app.store.patients_after(None, usize::MAX).await? {
            let there = self.place.store.get(&keys::patient(patient)).await?.is_some();
            missing += usize::from(!there && Some(patient.at_ms()) < written);
        }
        if missing > 0 {
            self.proof.findings.push(format!("利用者・施設・患者のうち{missing}件が戻っていません"));
        }
        Ok(())
    }

    /// Some seals of the audit log against the locked bucket, after those that are good.
    async fn seals(&mut self, good: u64) -> Result<Stage, StoreError> {
        let mut verifier = match good {
            0 => Verifier::default(),
            _ => Verifier::after(seal::read(self.app, good).await?.ok_or(StoreError::Shape("seal"))?),
        };
        let found = seal::verify_some(self.app, &mut verifier, SEALS_AT_ONCE).await?;
        self.proof.audit_entries = verifier.checked();
        Ok(match found {
            Ok(true) => Stage::Audit(verifier.next() - 1),
            Ok(false) => Stage::Done,
            Err(bad) => {
                self.proof.findings.push(format!("操作記録の{}番目: {}", bad.index, bad.fault.in_words()));
                Stage::Done
            }
        })
    }

    fn take(&mut self, found: &Compared, what: &str) {
        self.proof.same += found.same;
        self.proof.changed_since += found.left_out;
        if found.differ > 0 {
            self.proof.findings.push(format!("{what}: {}件が元と違います", found.differ));
        }
    }
}

type Changed = BTreeSet<(PatientId, NoteNumber)>;

/// When the account or the facility of a partition was made; of what has no such identifier nobody can tell: now.
fn made_at(partition: &str) -> Option<u64> {
    let id: Option<AccountId> = partition.rsplit('#').next().and_then(|id| id.parse().ok());
    Some(id.map_or(u64::MAX, AccountId::at_ms))
}

/// Items compared by all of their content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Compared {
    same: u64,
    differ: u64,
    left_out: u64,
}

impl Compared {
    /// `but` are sort keys that may differ.
    fn of(ours: &[Item], theirs: &[Item], but: &BTreeSet<String>) -> Result<Self, StoreError> {
        let lines = |items: &[Item]| -> Result<BTreeMap<String, String>, StoreError> {
            items.iter().map(|item| Ok((item.sk()?.to_owned(), item.to_line()?))).collect()
        };
        let (ours, theirs) = (lines(ours)?, lines(theirs)?);
        let mut found = Self::default();
        for sk in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
            match (ours.get(sk), theirs.get(sk)) {
                _ if but.contains(sk) => found.left_out += 1,
                (ours, theirs) if ours == theirs => found.same += 1,
                _ => found.differ += 1,
            }
        }
        Ok(found)
    }
}
