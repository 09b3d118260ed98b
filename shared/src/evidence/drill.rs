//! Proof of restore 復元訓練 (requirements §2, 12): that what is kept can be brought back, tried and written down.

use crate::{
    calendar::{Day, Timestamp},
    id::GenerationId,
};
use serde::{Deserialize, Serialize};

/// What a drill found. The document in the locked bucket and the line on the page are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proof {
    /// The format of this document: 1.
    pub format: u32,
    /// Identifier.
    pub id: GenerationId,
    /// When it began.
    pub started_at: Timestamp,
    /// When the isolated copy was compared.
    pub finished_at: Timestamp,
    /// How long the restore took, without comparing, in milliseconds.
    pub restore_ms: u64,
    /// How long comparing took, in milliseconds.
    pub compare_ms: u64,
    /// Generations that were restored.
    pub generations: u64,
    /// The newest day among them.
    pub newest_day: Option<Day>,
    /// Entries of the sent journal that came back.
    pub entries: u64,
    /// Notes that came back.
    pub notes: u64,
    /// Files that came back.
    pub files: u64,
    /// Cases that came back.
    #[serde(default)]
    pub cases: u64,
    /// People, facilities, patients, consents and what else a directory holds, that came back.
    #[serde(default)]
    pub people: u64,
    /// Items and files that were compared, each by all of its content, and were the same.
    pub same: u64,
    /// Notes, cases and items of the directory that changed after the newest generation: they cannot be the same.
    pub changed_since: u64,
    /// Entries of the audit log that are as they were sealed.
    pub audit_entries: u64,
    /// The version of the software.
    pub software: String,
    /// What is not as it should be; empty: proven.
    pub findings: Vec<String>,
}

impl Proof {
    /// Whether everything came back as it was.
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    /// In a line.
    pub fn in_words(&self) -> String {
        let seconds = self.restore_ms.div_ceil(1000);
        if self.is_good() {
            format!(
                "{}世代、連絡{}件、添付{}件を隔離した場所に復元し、{}件が元と同じでした（復元{seconds}秒）",
                self.generations, self.notes, self.files, self.same
            )
        } else {
            self.findings.join("。")
        }
    }
}

/// What the portal says of the last drill that found everything as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastProven {
    /// When.
    pub at: Timestamp,
    /// The newest day that was restored.
    pub newest_day: Option<Day>,
}
