//! Generations of a period, each held against its manifest in the bucket.

use super::AT_ONCE;
use crate::{
    app::App,
    store::{blob::sha256_hex, error::StoreError},
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    calendar::{Day, Timestamp},
    evidence::{
        BackupKind, Generation, VerificationState,
        bundle::{GenerationFact, ManualFact},
    },
};

/// The catalogued generations of the period, and the manifests that are as they were catalogued, by their keys.
pub(super) async fn read(
    app: &App,
    from: Day,
    to: Day,
) -> Result<(Vec<GenerationFact>, Vec<(String, Bytes)>), StoreError> {
    let read = catalogued(app, from, to).await?.into_iter().map(async |generation| {
        let key = &generation.manifest_key;
        let object = app.store.blobs.archived(key, &generation.manifest_version).await?;
        let whole = object.as_ref().filter(|object| sha256_hex(&object.body) == generation.manifest_sha256);
        let manifest = whole.map(|object| (key.clone(), object.body.clone()));
        let fact = GenerationFact {
            id: generation.id,
            kind: generation.kind,
            day: generation.day,
            finished_at: generation.finished_at,
            manifest_found: manifest.is_some(),
            locked_until: object
                .and_then(|object| object.locked_until)
                .map(|seconds| Timestamp::from_ms(seconds.saturating_mul(1000))),
            must_be_locked_until: generation.day.locked_until(),
            verified: generation.verification.state == VerificationState::Sound,
            verified_at: generation.verification.at,
            manifest_key: generation.manifest_key,
            manifest_version: generation.manifest_version,
            manifest_sha256: generation.manifest_sha256,
        };
        Ok::<_, StoreError>((fact, manifest))
    });
    let read: Vec<_> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
    let (facts, manifests): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    Ok((facts, manifests.into_iter().flatten().collect()))
}

/// A month is judged whole, so its generation counts although the period begins within it; system data holds until the
/// next change, so where none was made in the period the newest one before it counts.
async fn catalogued(app: &App, from: Day, to: Day) -> Result<Vec<Generation>, StoreError> {
    let store = &app.store;
    let (daily, monthly, mut system) = futures::try_join!(
        store.generations_of(BackupKind::Daily, from, to),
        store.generations_of(BackupKind::Monthly, from.month().first(), to),
        store.generations_of(BackupKind::System, from, to),
    )?;
    if system.is_empty() {
        system.extend(store.generations(BackupKind::System, Some(from)).await?.0.into_iter().next());
    }
    Ok([daily, monthly, system].concat())
}

/// The runs by hand among them that have their reason.
pub(super) async fn manual(app: &App, generations: &[GenerationFact]) -> Result<Vec<ManualFact>, StoreError> {
    let all: Vec<_> = generations.iter().map(|generation| (generation.id, generation.day)).collect();
    let ask = all.into_iter().map(async |(generation, day)| {
        let reason = app.store.manual_reason(generation).await?;
        Ok::<_, StoreError>(reason.map(|_| ManualFact { generation, day }))
    });
    let found: Vec<Option<ManualFact>> = stream::iter(ask).buffered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}
