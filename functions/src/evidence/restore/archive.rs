//! What an archive has: its manifests, found by listing the bucket and read one at a time.

use super::plan::{Plan, RestoreError, Source};
use crate::app::App;
use shared::{
    calendar::{Day, Timestamp},
    evidence::{BackupKind, Manifest, NotAManifest},
    id::GenerationId,
};
use std::collections::{BTreeMap, BTreeSet};

/// A generation in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its day.
    pub day: Day,
    /// Its identifier, which tells when it was made.
    pub id: GenerationId,
    /// Its manifest's key.
    pub key: String,
    /// The version that we locked.
    pub version: String,
}

/// The generations of a kind, by day and run.
///
/// # Errors
/// If the archive cannot be listed.
pub async fn listed(from: &App, kind: BackupKind) -> Result<Vec<Listed>, RestoreError> {
    let mut found = Vec::new();
    for (key, version) in from.store.blobs.manifests(kind).await? {
        let mut parts = key.split('/').skip(1);
        let day = parts.next().and_then(|day| day.parse().ok());
        let id = parts.next().and_then(|id| id.parse().ok());
        let (Some(day), Some(id)) = (day, id) else { return Err(RestoreError::Damaged(key)) };
        found.push(Listed { day, id, key, version });
    }
    Ok(found)
}

/// What a plan reads: of each day the newest generation that was there when the restore began; of a month the newest.
pub(super) async fn planned(
    from: &App,
    plan: &Plan,
    begun_at: Timestamp,
) -> Result<Vec<Listed>, RestoreError> {
    let mut by_day = BTreeMap::new();
    let begun = u64::try_from(begun_at.ms()).unwrap_or_default();
    for listed in listed(from, plan.source.kind()).await? {
        if plan.reaches(listed.day) && listed.id.at_ms() <= begun {
            by_day.insert(listed.day, listed);
        }
    }
    let mut planned: Vec<Listed> = by_day.into_values().collect();
    if matches!(plan.source, Source::Month(_)) {
        planned.drain(..planned.len().saturating_sub(1));
    }
    if planned.is_empty() { Err(RestoreError::Nothing) } else { Ok(planned) }
}

/// Days between the first and the last that have no generation.
pub(super) fn missing(generations: &[Listed]) -> Vec<Day> {
    let days: BTreeSet<Day> = generations.iter().map(|listed| listed.day).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let all = (0..).map(|n| first.plus_days(n)).take_while(|day| day <= last);
    all.filter(|day| !days.contains(day)).collect()
}

impl Listed {
    /// Reads the manifest.
    ///
    /// # Errors
    /// If it is not there, is broken or of another format.
    pub async fn read(&self, from: &App) -> Result<Manifest, RestoreError> {
        let found = from.store.blobs.archived(&self.key, &self.version).await?;
        let found = found.ok_or_else(|| RestoreError::Damaged(self.key.clone()))?;
        Manifest::read(&found.body).map_err(|why| match why {
            NotAManifest::Format(format) => RestoreError::Format(self.key.clone(), format),
            NotAManifest::Broken => RestoreError::Damaged(self.key.clone()),
        })
    }
}
