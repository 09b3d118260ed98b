//! Backups バックアップ世代: what was written when, how it can be checked, and until when nobody can remove it.

use super::KeyName;
use crate::{
    calendar::{Day, Timestamp},
    id::{CommandId, GenerationId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

/// The format of manifests that this software writes and reads.
pub const MANIFEST_FORMAT: u32 = 2;

labelled! {
    /// Which automatic run (Arts. 21(4) and 23(1)).
    pub enum BackupKind {
        /// What was sent on one day.
        Daily = "daily" "日次",
        /// Everything, once a month.
        Monthly = "monthly" "月次",
        /// Settings, templates and programs, at acceptance and at each change (Art. 21(4)).
        System = "system" "システムデータ",
    }
}

labelled! {
    /// What an object of a generation holds.
    pub enum Holds {
        /// Entries of the sent journal.
        Journal = "journal" "発信簿",
        /// How far each person had read.
        Receipts = "receipts" "既読",
        /// Cases of procedures.
        Cases = "cases" "手続き",
        /// Who confirmed announced stops (figure 2-5).
        Confirmations = "confirmations" "計画停止の確認",
        /// Which files hang on which cases; the files themselves are [`Self::File`].
        CaseFiles = "case_files" "案件の添付の一覧",
        /// The audit log.
        Audit = "audit" "操作記録",
        /// People, facilities, patients, teams, consents and the portal.
        Directory = "directory" "名簿",
        /// One attached file, or the document of a consent.
        File = "file" "添付・同意書",
        /// Where earlier generations hold what a monthly one does not hold once more.
        Held = "held" "日次世代にある添付と操作記録の一覧",
        /// Settings, forms and programs.
        System = "system" "システムデータ",
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
    /// Boxes that nobody can open any more, because their key was destroyed when its time came.
    #[serde(default)]
    pub erased: u64,
}

/// One generation, as the page and the catalogue know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Generation {
    /// Identifier.
    pub id: GenerationId,
    /// Which run.
    pub kind: BackupKind,
    /// The day from which its five years count: on which everything inside a daily one was sent; on which a monthly
    /// or system one was made.
    pub day: Day,
    /// When the run began.
    pub started_at: Timestamp,
    /// When the manifest was written.
    pub finished_at: Timestamp,
    /// By which version of the software.
    pub software: String,
    /// How much is inside.
    #[serde(flatten)]
    pub counts: Counts,
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

/// How much is in a generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Entries of the sent journal.
    pub entries: u64,
    /// Notes among them.
    pub notes: u64,
    /// Receipts.
    pub receipts: u64,
    /// Cases.
    pub cases: u64,
    /// Events of the audit log.
    pub events: u64,
    /// Attached files and documents of consents.
    pub attachments: u64,
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
    /// What is inside.
    pub holds: Holds,
    /// How many boxes it is made of; none where it is not encrypted.
    pub boxes: u64,
    /// How many lines its boxes hold together.
    pub lines: u64,
    /// The keys under which its boxes are, each once, in order.
    pub keys: Vec<KeyName>,
}

/// What a person reads in the console and a tool checks: a list of everything in the generation. It is not encrypted,
/// and holds identifiers and numbers only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of this document: [`MANIFEST_FORMAT`].
    pub format: u32,
    /// By which version of the software.
    pub software: String,
    /// The generation.
    pub generation: GenerationId,
    /// Which run.
    pub kind: BackupKind,
    /// The day (in Japan) from which its five years count: on which everything inside a daily one was sent; on which a
    /// monthly or system one was made.
    pub day: Day,
    /// The oldest day of which something is inside.
    pub first_day: Day,
    /// When the run began.
    pub started_at: Timestamp,
    /// The last day on which it is kept (Art. 23(1)).
    pub last_kept_day: Day,
    /// The lock's end.
    pub locked_until: Timestamp,
    /// How much is inside.
    #[serde(flatten)]
    pub counts: Counts,
    /// Its objects.
    pub objects: Vec<ManifestObject>,
}

/// A manifest that this software does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAManifest {
    /// It is of another format.
    Format(u32),
    /// It is no manifest at all, or is broken.
    Broken,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`NotAManifest`]; another format is told apart from a broken one, because it was not damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, NotAManifest> {
        /// What every format has.
        #[derive(Deserialize)]
        struct Any {
            format: u32,
        }
        let any: Any = serde_json::from_slice(bytes).map_err(|_| NotAManifest::Broken)?;
        if any.format != MANIFEST_FORMAT {
            return Err(NotAManifest::Format(any.format));
        }
        serde_json::from_slice(bytes).map_err(|_| NotAManifest::Broken)
    }

    /// The objects that hold something of a kind, in order.
    pub fn of(&self, holds: Holds) -> impl Iterator<Item = &ManifestObject> {
        self.objects.iter().filter(move |object| object.holds == holds)
    }

    /// Whether something inside is under this key.
    pub fn is_under(&self, key: KeyName) -> bool {
        self.objects.iter().any(|object| object.keys.binary_search(&key).is_ok())
    }
}

/// Asks for a run by hand.
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
