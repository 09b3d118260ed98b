//! Verification: every object of a generation is read back and compared with its manifest, lock included.

use crate::{
    app::App,
    store::{blob::sha256_hex, error::StoreError},
};
use shared::evidence::{Generation, Manifest, Verification, VerificationState};

/// Reads a generation back; the generation with what was found. Nothing is written.
///
/// # Errors
/// If the archive cannot be reached. A missing or changed object is a finding, not an error.
pub async fn run(app: &App, generation: Generation) -> Result<Generation, StoreError> {
    let findings = findings(app, &generation).await?;
    let state = if findings.is_empty() { VerificationState::Sound } else { VerificationState::Damaged };
    let verification = Verification { state, at: Some(app.clock.now()), findings };
    Ok(Generation { verification, ..generation })
}

async fn findings(app: &App, generation: &Generation) -> Result<Vec<String>, StoreError> {
    let key = &generation.manifest_key;
    let Some(written) = app.store.blobs.archived(key, &generation.manifest_version).await? else {
        return Ok(vec![format!("{key}: 目録がありません")]);
    };
    let mut found = Vec::new();
    if sha256_hex(&written.body) != generation.manifest_sha256 {
        found.push(format!("{key}: 目録の照合値が違います"));
    }
    let until = generation.locked_until.seconds();
    let lock = |found: &mut Vec<String>, key: &str, locked_until: Option<i64>| {
        if locked_until.is_none_or(|locked| locked < until) {
            found.push(format!("{key}: 保管期限までロックされていません"));
        }
    };
    lock(&mut found, key, written.locked_until);
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&written.body) else {
        found.push(format!("{key}: 目録を読み取れません"));
        return Ok(found);
    };
    for object in manifest.objects() {
        let key = &object.key;
        match app.store.blobs.archived(key, &object.version).await? {
            None => found.push(format!("{key}: ありません")),
            Some(stored) => {
                if stored.body.len() as u64 != object.bytes || sha256_hex(&stored.body) != object.sha256 {
                    found.push(format!("{key}: 内容が違います"));
                }
                lock(&mut found, key, stored.locked_until);
            }
        }
    }
    Ok(found)
}
