//! Backups バックアップ世代: what was written when, how it can be checked, and until when nobody can remove it.

use crate::{
    calendar::{Day, Timestamp},
    id::{CommandId, GenerationId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// Which automatic run (Art. 23(1)).
    pub enum BackupKind {
        /// What was sent on one day.
        Daily = "daily" "日次",
    }
}

labelled! {
    /// What the last verification found.
    pub enum VerificationState {
        /// Never read back yet.
        Pending = "pending" "未検証",
        /// Every object was read back: size, SHA-256 and lock are as written.
        Sound = "sound" "検証済み",
        /// Something differs.
        Damaged = "damaged" "異常あり",
    }
}

/// One verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verification {
    /// What was found.
    pub state: VerificationState,
    /// When; `None` while pending.
    pub at: Option<Timestamp>,
    /// What differs, object by object; empty when sound.
    pub findings: Vec<String>,
}

/// One generation, as the page and the catalogue know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Generation {
    /// Identifier.
    pub id: GenerationId,
    /// Which run.
    pub kind: BackupKind,
    /// What was sent on this day is inside.
    pub day: Day,
    /// When the run began.
    pub started_at: Timestamp,
    /// When the manifest was written.
    pub finished_at: Timestamp,
    /// Entries of the sent journal.
    pub entries: u64,
    /// Notes among them.
    pub notes: u64,
    /// Attached files.
    pub attachments: u64,
    /// Bytes of all objects as stored, without the manifest.
    pub bytes: u64,
    /// The manifest's key in the archive bucket.
    pub manifest_key: String,
    /// The version that the lock holds: what somebody puts on top of it counts for nothing.
    pub manifest_version: String,
    /// The manifest's SHA-256 in hex.
    pub manifest_sha256: String,
    /// Nobody can delete or shorten it before this instant.
    pub locked_until: Timestamp,
    /// The last day on which it is kept.
    pub last_kept_day: Day,
    /// The last verification.
    pub verification: Verification,
}

/// One object of a generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestObject {
    /// Its key in the archive bucket.
    pub key: String,
    /// The version that the lock holds.
    pub version: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// What a person reads in the console and a tool checks: a list of everything in the generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this document: 1.
    pub format: u32,
    /// The generation.
    pub generation: GenerationId,
    /// Which run.
    pub kind: BackupKind,
    /// What was sent on this day (in Japan) is inside.
    pub day: Day,
    /// When the run began.
    pub started_at: Timestamp,
    /// The last day on which it is kept (Art. 23(1)).
    pub last_kept_day: Day,
    /// The lock's end.
    pub locked_until: Timestamp,
    /// Entries of the sent journal.
    pub entries: u64,
    /// Notes among them.
    pub notes: u64,
    /// Attached files.
    pub attachments: u64,
    /// The entries: gzip of one JSON entry a line, in the order in which they were made.
    pub journal: ManifestObject,
    /// The people, facilities, patients and teams at the time of the run: gzip of one JSON item a line.
    pub directory: ManifestObject,
    /// The attached files.
    pub files: Vec<ManifestObject>,
}

impl Manifest {
    /// Every object that it lists.
    pub fn objects(&self) -> impl Iterator<Item = &ManifestObject> {
        [&self.journal, &self.directory].into_iter().chain(&self.files)
    }
}

/// Asks for a run now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ManualBackup {
    /// Made by the client.
    pub command: CommandId,
    /// Of which day.
    pub day: Day,
    /// Why by hand (Art. 24(1)).
    pub reason: String,
}
