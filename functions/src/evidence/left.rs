//! What a run left that ended between two steps: a manifest that stands in no catalogue, a generation that nobody read
//! back. Both are whole, because the manifest is written last; the next run takes them up instead of locking the same once
//! more for five years.

use super::{verify, writer::of_manifest};
use crate::{
    app::App,
    store::{blob::sha256_hex, error::StoreError},
};
use shared::{
    calendar::Day,
    evidence::{BackupKind, Generation, Manifest, VerificationState},
};

/// Catalogues the manifests of a kind whose key goes on so after the kind (a day, the beginning of one, or nothing), where
/// the catalogue does not have them; those that it did not have. What is no manifest is left to whoever restores or
/// erases: they stop at it.
///
/// # Errors
/// If the bucket or the table cannot be reached.
pub async fn catalogue(app: &App, kind: BackupKind, of: &str) -> Result<Vec<Generation>, StoreError> {
    let mut found = Vec::new();
    for (key, version) in app.store.blobs.manifests_under(&format!("{}/{of}", kind.wire())).await? {
        let Some(written) = app.store.blobs.archived(&key, &version).await? else { continue };
        let Ok(manifest) = Manifest::read(&written.body) else { continue };
        if app.store.generation(manifest.generation).await?.is_some() {
            continue;
        }
        let at = (key, version, sha256_hex(&written.body));
        let generation = of_manifest(manifest, at, app.clock.now());
        app.store.put_generation(&generation).await?;
        found.push(generation);
    }
    Ok(found)
}

/// Reads back what nobody has read back of a kind, of days from `first` to `last`; the generations, with what was found.
/// What somebody has in hand is theirs. `claim` names what a generation is taken in hand as.
///
/// # Errors
/// If the bucket or the table cannot be reached.
pub(super) async fn verify(
    app: &App,
    kind: BackupKind,
    (first, last): (Day, Day),
    claim: impl Fn(&Generation) -> String,
) -> Result<Vec<Generation>, StoreError> {
    let mut done = Vec::new();
    let all = app.store.generations_of(kind, first, last).await?;
    for generation in all.into_iter().filter(is_pending) {
        let (what, now) = (claim(&generation), app.clock.now());
        if !app.store.claim_generation(&what, now, super::backup::CLAIM_SECONDS).await? {
            continue;
        }
        let verified = one(app, generation).await;
        app.store.release_generation(&what).await?;
        done.extend(verified?);
    }
    Ok(done)
}

async fn one(app: &App, generation: Generation) -> Result<Option<Generation>, StoreError> {
    // Somebody may have been quicker.
    let Some(generation) = app.store.generation(generation.id).await?.filter(is_pending) else {
        return Ok(None);
    };
    let verified = verify::run(app, generation).await?;
    app.store.put_generation(&verified).await?;
    Ok(Some(verified))
}

fn is_pending(generation: &Generation) -> bool {
    generation.verification.state == VerificationState::Pending
}
