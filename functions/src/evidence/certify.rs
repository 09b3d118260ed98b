//! The certificate of an erasure 消去証明 (Art. 22): every generation that there is is tried, one after the other, and what it
//! held under the destroyed key is listed.

use super::{
    boxes,
    erase::{EraseError, Pace},
    ring::{Destroyed, Found, Ring},
    writer::SOFTWARE,
};
use crate::{
    app::App,
    store::{
        blob::{BlobKey, sha256_hex},
        error::StoreError,
        keys,
        ring::KeyRecord,
    },
};
use shared::evidence::{
    Certificate, ErasurePhase, KeptCertificate, KeyName, Manifest, Reached, ReachedObject,
};

/// Tries what was not tried yet, and locks the certificate away at the end; `None` if the time was up before.
///
/// # Errors
/// [`EraseError::StillThere`] if something can be read; the store's trouble.
pub(super) async fn run(pace: &mut Pace<'_>, destroyed: &Destroyed) -> Result<Option<KeyRecord>, EraseError> {
    let (app, record) = (pace.app, destroyed.record());
    if !app.store.is_erased(destroyed).await? {
        return Err(EraseError::StillThere(record.name.to_string()));
    }
    // Of a day nothing else than its own daily generation and the monthly ones can hold anything.
    let prefixes = match record.name {
        KeyName::Day(day) => [format!("daily/{day}/"), "monthly/".into()],
        KeyName::Patient(_) => ["daily/".into(), "monthly/".into()],
    };
    let mut generations = Vec::new();
    for prefix in prefixes {
        generations.extend(app.store.blobs.manifests_under(&prefix).await?);
    }
    let mut tried = app.store.tried_generations(record.name).await?;
    pace.enter(ErasurePhase::Checking, generations.len()).await?;
    for (key, version) in generations {
        let place = keys::tried(record.name, &key, &version);
        if tried.contains_key(&place.sk) {
            continue;
        }
        let found = app.store.blobs.archived(&key, &version).await?;
        let manifest = found.and_then(|found| Manifest::read(&found.body).ok());
        let manifest = manifest.ok_or(EraseError::StillThere(key))?;
        let reached = if manifest.is_under(record.name) {
            Some(try_all(app, record.name, &manifest).await?)
        } else {
            None
        };
        app.store.put_tried(&place, reached.as_ref()).await?;
        tried.insert(place.sk, reached);
        if pace.done(tried.len()).await? {
            return Ok(None);
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
        reached: tried.into_values().flatten().collect(),
    };
    keep(app, record, &certificate).await.map(Some)
}

async fn keep(app: &App, record: &KeyRecord, certificate: &Certificate) -> Result<KeyRecord, EraseError> {
    let body = serde_json::to_vec_pretty(certificate).map_err(StoreError::from)?;
    let (key, sha256) = (BlobKey::Certificate(record.name), sha256_hex(&body));
    let until = certificate.checked_at.day().locked_until();
    let version = app.store.blobs.archive(&key, "application/json", body.into(), until).await?;
    let kept = KeptCertificate { key: key.to_string(), version, sha256 };
    let record = KeyRecord { certificate: Some(kept), ..record.clone() };
    app.store.put_destroyed(&record).await?;
    Ok(record)
}

/// Tries every box under the key in every object of a generation that names it.
async fn try_all(app: &App, name: KeyName, manifest: &Manifest) -> Result<Reached, EraseError> {
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
