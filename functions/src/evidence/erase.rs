//! Erasure 消去 (Arts. 22 and 24(1)): the key dies in both buckets, live items go, every generation and object version that
//! held something under the key is tried, and a certificate says so. Each part may be repeated; whoever comes after a run
//! that was cut off does the rest, with the numbers that were counted before the first part.

use super::{
    boxes,
    ring::{Destroyed, Found, Ring},
    writer::SOFTWARE,
};
use crate::{
    app::App,
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
        ring::KeyRecord,
    },
};
use shared::{
    calendar::{Day, Timestamp},
    evidence::{BackupKind, Certificate, KeptCertificate, KeyName, Live, Manifest, Reached, ReachedObject},
    id::CaseId,
};

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

/// Erases what is under a key, and keeps the certificate in the locked bucket. What is erased already gives the
/// certificate that there is.
///
/// # Errors
/// [`EraseError`]; a repetition does the rest.
pub async fn run(app: &App, name: KeyName, case: Option<CaseId>) -> Result<KeyRecord, EraseError> {
    if let Some(record) = may_erase(app, name).await?
        && record.certificate.is_some()
    {
        return Ok(record);
    }
    let days = days_of(app, name);
    let live = match name {
        KeyName::Day(day) => app.store.live_of_day(day).await?,
        KeyName::Patient(patient) => app.store.live_of_patient(patient, &days).await?,
    };
    let destroyed = Ring::open(app)?.destroy(name, case, live).await?;
    match name {
        KeyName::Day(_) => app.store.erase_day(&destroyed).await?,
        KeyName::Patient(_) => app.store.erase_patient(&destroyed, &days).await?,
    }
    certify(app, &destroyed).await
}

/// Finishes what was cut off; how much that was.
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
    days
}

async fn certify(app: &App, destroyed: &Destroyed) -> Result<KeyRecord, EraseError> {
    let record = destroyed.record();
    if !app.store.is_erased(destroyed).await? {
        return Err(EraseError::StillThere(record.name.to_string()));
    }
    // Of a day nothing else than its own daily generation and the monthly ones can hold anything.
    let prefixes = match record.name {
        KeyName::Day(day) => [format!("daily/{day}/"), "monthly/".into()],
        KeyName::Patient(_) => ["daily/".into(), "monthly/".into()],
    };
    let mut reached = Vec::new();
    for prefix in prefixes {
        for (key, version) in app.store.blobs.manifests_under(&prefix).await? {
            let found = app.store.blobs.archived(&key, &version).await?;
            let manifest = found.and_then(|found| Manifest::read(&found.body).ok());
            let manifest = manifest.ok_or_else(|| EraseError::StillThere(key.clone()))?;
            if manifest.is_under(record.name) {
                reached.push(tried(app, record.name, &manifest).await?);
            }
        }
    }
    let certificate = Certificate {
        format: 1,
        software: SOFTWARE.to_owned(),
        name: record.name,
        case: record.case,
        destroyed_at: record.destroyed_at.unwrap_or_else(|| app.clock.now()),
        checked_at: app.clock.now(),
        method: Certificate::METHOD.to_owned(),
        live: record.live,
        reached,
    };
    let body = serde_json::to_vec_pretty(&certificate).map_err(StoreError::from)?;
    let (key, sha256) = (BlobKey::Certificate(record.name), sha256_hex(&body));
    let until = certificate.checked_at.day().locked_until();
    let version = app.store.blobs.archive(&key, "application/json", body.into(), until).await?;
    let kept = KeptCertificate { key: key.to_string(), version, sha256 };
    let record = KeyRecord { certificate: Some(kept), ..record.clone() };
    app.store.put_destroyed(&record).await?;
    Ok(record)
}

/// Tries every box under the key in every object of a generation that names it.
async fn tried(app: &App, name: KeyName, manifest: &Manifest) -> Result<Reached, EraseError> {
    let mut objects = Vec::new();
    for object in manifest.objects.iter().filter(|object| object.keys.binary_search(&name).is_ok()) {
        let found = app.store.blobs.archived(&object.key, &object.version).await?;
        let gone = found.is_none();
        let mut under = 0;
        // A ring of its own for each object: nothing that was remembered counts.
        if !matches!(Ring::open(app)?.find(name).await?, Found::Destroyed) {
            return Err(EraseError::StillThere(object.key.clone()));
        }
        for sealed in found.into_iter().flat_map(|found| boxes::split(found.body)) {
            let sealed = sealed.map_err(|_| EraseError::StillThere(object.key.clone()))?;
            under += u64::from(sealed.place.keys.contains(&name));
        }
        let (key, version) = (object.key.clone(), object.version.clone());
        objects.push(ReachedObject { key, version, boxes: under, gone });
    }
    let (kind, day, generation) = (manifest.kind, manifest.day, manifest.generation);
    Ok(Reached { kind, day, generation, objects })
}

/// A certificate, compared with what is remembered of it; `None` if there is none, or it is another.
///
/// # Errors
/// If the bucket cannot be reached.
pub async fn certificate(app: &App, kept: &KeptCertificate) -> Result<Option<Certificate>, StoreError> {
    let found = app.store.blobs.archived(&kept.key, &kept.version).await?;
    let found = found.filter(|found| sha256_hex(&found.body) == kept.sha256);
    Ok(found.and_then(|found| serde_json::from_slice(&found.body).ok()))
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
            let first = days.last().copied().unwrap_or(today);
            let daily = app.store.generations_of(BackupKind::Daily, first, today).await?;
            (daily.len(), app.store.live_of_patient(patient, &days).await?)
        }
    };
    let first = days.last().copied().unwrap_or(today);
    let monthly = app.store.generations_of(BackupKind::Monthly, first, today).await?;
    Ok((daily + monthly.len(), live))
}
