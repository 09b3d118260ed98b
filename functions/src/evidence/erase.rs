//! Erasure 消去 (Arts. 22 and 24(1)): what stands is counted, the key dies in both buckets, live items go, every generation
//! and object version that held something under the key is tried, and a certificate says so. Each part may be repeated, and
//! how far it is is written down: a run that is cut off, or whose time is up, leaves the rest to the next one.

use super::{
    certify,
    ring::{Destroyed, Ring},
};
use crate::{
    app::App,
    store::{error::StoreError, ring::KeyRecord},
};
use shared::{
    calendar::{Day, Timestamp},
    evidence::{BackupKind, ErasurePhase, ErasureProgress, KeyName, Live},
    id::CaseId,
};

/// Days or generations after which it is written down how far an erasure is.
const KEPT_EVERY: usize = 20;

/// Why nothing was erased, or not everything.
#[derive(Debug)]
pub enum EraseError {
    /// The store; a repetition does the rest.
    Store(StoreError),
    /// The five years of this day are not over.
    NotDue(Day),
    /// The city has not decided so, or the patient's consent was not withdrawn.
    NotAllowed,
    /// Something is still there or can still be read.
    StillThere(String),
}

impl std::fmt::Display for EraseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::NotDue(day) => write!(f, "what was sent on {day} is kept through {}", day.last_kept_day()),
            Self::NotAllowed => {
                f.write_str("the city has not decided so, or the patient's consent was not withdrawn")
            }
            Self::StillThere(what) => write!(f, "{what} is still there after the erasure"),
        }
    }
}

impl std::error::Error for EraseError {}

impl<E: Into<StoreError>> From<E> for EraseError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

/// Whether what is under a key may be erased now.
///
/// # Errors
/// Why not; what is being erased already may always be finished.
pub async fn may_erase(app: &App, name: KeyName) -> Result<Option<KeyRecord>, EraseError> {
    let record = app.store.key_record(name).await?;
    if record.as_ref().is_some_and(|record| record.destroyed_at.is_some()) {
        return Ok(record);
    }
    match name {
        KeyName::Day(day) if app.clock.now() < day.locked_until() => Err(EraseError::NotDue(day)),
        KeyName::Day(_) => Ok(record),
        KeyName::Patient(patient) => {
            let allowed = app.settings.erase_on_withdrawal && app.store.is_withdrawn(patient).await?;
            if allowed { Ok(record) } else { Err(EraseError::NotAllowed) }
        }
    }
}

/// Erases what is under a key to the end, and keeps the certificate in the locked bucket. What is erased already gives the
/// certificate that there is.
///
/// # Errors
/// [`EraseError`]; a repetition does the rest.
pub async fn run(app: &App, name: KeyName, case: Option<CaseId>) -> Result<KeyRecord, EraseError> {
    loop {
        if let Some(record) = work(app, name, case, None).await? {
            return Ok(record);
        }
    }
}

/// Goes on with the erasure under a key from where the last run was cut off, at least a step, until it has ended or the time
/// is up; `None` if something remains.
///
/// # Errors
/// [`EraseError`]; a repetition does the rest.
pub async fn work(
    app: &App,
    name: KeyName,
    case: Option<CaseId>,
    until: Option<Timestamp>,
) -> Result<Option<KeyRecord>, EraseError> {
    let record = may_erase(app, name).await?;
    if let Some(record) = record.clone().filter(|record| record.certificate.is_some()) {
        app.store.forget_erasure(name).await?;
        return Ok(Some(record));
    }
    let is = app.store.erasure_progress(name).await?;
    let is = is.unwrap_or_else(|| ErasureProgress::new(app.clock.now()));
    let mut pace = Pace { app, name, until, is };
    let days = days_of(app, name);
    if record.is_none_or(|record| record.destroyed_at.is_none()) {
        if !count(&mut pace, &days).await? {
            return Ok(None);
        }
        // That took minutes: somebody may have consented again.
        may_erase(app, name).await?;
    }
    let destroyed = Ring::open(app)?.destroy(name, case, pace.is.live).await?;
    if pace.is.phase < ErasurePhase::Checking && !remove(&mut pace, &destroyed, &days).await? {
        return Ok(None);
    }
    let ended = certify::run(&mut pace, &destroyed).await?;
    if ended.is_some() {
        app.store.forget_erasure(name).await?;
    }
    Ok(ended)
}

/// An erasure on its way: where it is, and until when this run may go on.
pub(super) struct Pace<'a> {
    pub app: &'a App,
    pub name: KeyName,
    until: Option<Timestamp>,
    is: ErasureProgress,
}

impl Pace<'_> {
    /// Begins a phase, or goes on with it.
    pub async fn enter(&mut self, phase: ErasurePhase, of: usize) -> Result<(), StoreError> {
        self.is.enter(phase, of);
        self.keep().await
    }

    /// So many are done in this phase; whether the time is up. Seldom enough is written down that it costs little, often
    /// enough that a run that dies loses little.
    pub async fn done(&mut self, done: usize) -> Result<bool, StoreError> {
        self.is.done = done as u64;
        let up = self.until.is_some_and(|until| self.app.clock.now() >= until);
        if up || done.is_multiple_of(KEPT_EVERY) {
            self.keep().await?;
        }
        Ok(up)
    }

    /// The days that are left in this phase, each with its place among all.
    fn left_of(&self, days: &[Day]) -> Vec<(usize, Day)> {
        let left = |day: &Day| self.is.upto.is_none_or(|upto| upto < *day);
        days.iter().copied().enumerate().filter(|(_, day)| left(day)).collect()
    }

    async fn keep(&mut self) -> Result<(), StoreError> {
        (self.is.at, self.is.in_vain) = (self.app.clock.now(), false);
        self.app.store.put_erasure_progress(self.name, &self.is).await
    }
}

/// Counts what stands before anything goes, from the day on at which the last run was cut off; `false` if days remain.
async fn count(pace: &mut Pace<'_>, days: &[Day]) -> Result<bool, EraseError> {
    pace.enter(ErasurePhase::Counting, days.len()).await?;
    for (at, day) in pace.left_of(days) {
        pace.is.live += match pace.name {
            KeyName::Day(day) => pace.app.store.live_of_day(day).await?,
            KeyName::Patient(patient) => pace.app.store.live_of_patient(patient, day).await?,
        };
        pace.is.upto = Some(day);
        if pace.done(at + 1).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes what stands in the table and among the attachments; `false` if days remain.
async fn remove(pace: &mut Pace<'_>, destroyed: &Destroyed, days: &[Day]) -> Result<bool, EraseError> {
    pace.enter(ErasurePhase::Removing, days.len()).await?;
    for (at, day) in pace.left_of(days) {
        match pace.name {
            KeyName::Day(_) => pace.app.store.erase_day(destroyed).await?,
            KeyName::Patient(_) => pace.app.store.erase_patient_day(destroyed, day).await?,
        }
        pace.is.upto = Some(day);
        if pace.done(at + 1).await? {
            return Ok(false);
        }
    }
    pace.app.store.erase_patient(destroyed).await?;
    Ok(true)
}

/// Finishes what was begun under no case that waits, such as what a table restored to an earlier moment forgot; how much
/// there was.
///
/// # Errors
/// As [`run`].
pub async fn resume(app: &App) -> Result<usize, EraseError> {
    let under_way = app.store.erasing().await?;
    for name in &under_way {
        let case = app.store.key_record(*name).await?.and_then(|record| record.case);
        run(app, *name, case).await?;
    }
    Ok(under_way.len())
}

/// The days on which something of a name can have been sent.
fn days_of(app: &App, name: KeyName) -> Vec<Day> {
    let today = app.clock.now().day();
    let first = match name {
        KeyName::Day(day) => return vec![day],
        KeyName::Patient(patient) => {
            Timestamp::from_ms(i64::try_from(patient.at_ms()).unwrap_or_default()).day()
        }
    };
    // An identifier made by a clock that was wrong must not make this endless, nor miss what is kept.
    let mut days = Vec::new();
    let mut day = today;
    while day >= first && day.last_kept_day().plus_days(366) >= today {
        days.push(day);
        day = day.plus_days(-1);
    }
    // Oldest first: a run that goes on tomorrow finds one day more at the end.
    days.reverse();
    days
}

/// The days whose five years are over and whose data is still there: of so many days back.
///
/// # Errors
/// If the store cannot be reached.
pub async fn due(app: &App, back: i64) -> Result<Vec<Day>, StoreError> {
    let today = app.clock.now().day();
    let mut day = today.plus_days(-1);
    // The last day whose time is over.
    while day.last_kept_day() >= today {
        day = day.plus_days(-1);
    }
    let mut due = Vec::new();
    for back in 0..back {
        let day = day.plus_days(-back);
        let record = app.store.key_record(KeyName::Day(day)).await?;
        match record {
            Some(record) if record.destroyed_at.is_some() => {}
            Some(_) => due.push(day),
            None if app.store.is_used(day).await? => due.push(day),
            None => {}
        }
    }
    due.reverse();
    Ok(due)
}

/// What an erasure will reach, for whoever decides on it: generations, and what stands live.
///
/// # Errors
/// If the store cannot be reached.
pub async fn reach(app: &App, name: KeyName) -> Result<(usize, Live), StoreError> {
    let today = app.clock.now().day();
    let days = days_of(app, name);
    let (daily, live) = match name {
        KeyName::Day(day) => {
            let daily = app.store.generations_of(BackupKind::Daily, day, day).await?;
            (daily.len(), app.store.live_of_day(day).await?)
        }
        KeyName::Patient(patient) => {
            let first = days.first().copied().unwrap_or(today);
            let daily = app.store.generations_of(BackupKind::Daily, first, today).await?;
            let mut live = Live::default();
            for day in &days {
                live += app.store.live_of_patient(patient, *day).await?;
            }
            (daily.len(), live)
        }
    };
    let first = days.first().copied().unwrap_or(today);
    let monthly = app.store.generations_of(BackupKind::Monthly, first, today).await?;
    Ok((daily + monthly.len(), live))
}
