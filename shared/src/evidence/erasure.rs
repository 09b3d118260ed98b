//! Erasure 消去 (Arts. 22 and 24(1); requirements §3, 1): what was destroyed, how far it reached, and that nothing of it can
//! be read any more. It holds identifiers and numbers only.

use super::{BackupKind, KeyName};
use crate::{
    calendar::{Day, Timestamp},
    id::{CaseId, GenerationId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// What an erasure is at.
    pub enum ErasurePhase {
        Counting = "counting" "対象を日ごとに数えています",
        Removing = "removing" "鍵を破棄しました。データベースと添付ファイルから日ごとに消しています",
        Checking = "checking" "バックアップの世代が読めないことを、1世代ずつ確かめています",
    }
}

/// How far an erasure is: what a run that is cut off leaves to the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureProgress {
    /// What it is at.
    pub phase: ErasurePhase,
    /// Days, or generations, that are done in this phase.
    pub done: u64,
    /// Of so many.
    pub of: u64,
    /// The last day that is done, where the phase goes by days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upto: Option<Day>,
    /// What was counted so far.
    pub live: Live,
    /// When this was so.
    pub at: Timestamp,
    /// Whether the last try was in vain; it is tried again.
    #[serde(default)]
    pub in_vain: bool,
}

impl ErasureProgress {
    /// One that has not begun.
    pub fn new(now: Timestamp) -> Self {
        let phase = ErasurePhase::Counting;
        Self { phase, done: 0, of: 0, upto: None, live: Live::default(), at: now, in_vain: false }
    }

    /// The beginning of a further phase.
    pub fn enter(&mut self, phase: ErasurePhase, of: usize) {
        if self.phase != phase {
            (self.phase, self.done, self.upto) = (phase, 0, None);
        }
        self.of = of as u64;
    }

    /// How far it is, and what remains, in a sentence.
    pub fn in_words(&self) -> String {
        let Self { done, of, .. } = self;
        let unit = if self.phase == ErasurePhase::Checking { "世代" } else { "日分" };
        let left = of.saturating_sub(*done);
        format!("{}（{done} / {of}{unit}、残り{left}{unit}）", self.phase.label())
    }
}

impl std::ops::AddAssign for Live {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        self.notes += other.notes;
        self.receipts += other.receipts;
        self.files += other.files;
    }
}

/// How much stood in the table and the buckets when an erasure began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Live {
    /// Entries of the sent journal.
    pub entries: u64,
    /// Notes that were sent.
    pub notes: u64,
    /// Receipts.
    pub receipts: u64,
    /// Attached files.
    pub files: u64,
}

/// An object version that held something under the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedObject {
    /// Its key in the archive bucket.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its boxes under the destroyed key; each was tried, and none opens.
    pub boxes: u64,
    /// Whether the object itself was removed before, because its lock was over.
    pub gone: bool,
}

/// A generation that held something under the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Which run.
    pub kind: BackupKind,
    /// The day from which its five years count.
    pub day: Day,
    /// Which.
    pub generation: GenerationId,
    /// Its objects.
    pub objects: Vec<ReachedObject>,
}

/// 消去証明: what was erased, how, and how far it reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The format of this document: 1.
    pub format: u32,
    /// By which version of the software.
    pub software: String,
    /// The key that was destroyed.
    pub name: KeyName,
    /// In which case.
    pub case: Option<CaseId>,
    /// When the key was destroyed.
    pub destroyed_at: Timestamp,
    /// When everything was found to be unreadable.
    pub checked_at: Timestamp,
    /// How.
    pub method: String,
    /// What was removed from the table and the bucket of attachments.
    pub live: Live,
    /// Every generation that it reached.
    pub reached: Vec<Reached>,
}

impl Certificate {
    /// The method, in the words of the certificate. It cannot be undone (Art. 22): initialising is not among the ways.
    pub const METHOD: &'static str =
        "暗号鍵の破棄（鍵の正副2つの写しを削除）と、データベース・添付ファイルの削除";

    /// Boxes that cannot be opened any more, in all generations.
    pub fn boxes(&self) -> u64 {
        self.reached.iter().flat_map(|reached| &reached.objects).map(|object| object.boxes).sum()
    }

    /// Every generation and object version that it reached, a line each; if that is longer than so many characters, every
    /// generation; and if that is, too, how many there are of each kind, from when to when.
    pub fn in_words(&self, longest: usize) -> String {
        let of =
            |reached: &Reached| format!("{} {} {}", reached.kind.label(), reached.day, reached.generation);
        let object = |object: &ReachedObject| {
            let state = if object.gone { "（ロックの終了後に削除済み）" } else { "" };
            format!("　{} 版 {} {}箱{state}", object.key, object.version, object.boxes)
        };
        let all = self
            .reached
            .iter()
            .flat_map(|reached| [of(reached)].into_iter().chain(reached.objects.iter().map(object)));
        let all: Vec<String> = all.collect();
        let generations =
            self.reached.iter().map(|reached| format!("{} {}件", of(reached), reached.objects.len()));
        let generations: Vec<String> = generations.collect();
        let kinds = BackupKind::ALL.iter().filter_map(|kind| {
            let days: Vec<Day> = self.reached.iter().filter(|r| r.kind == *kind).map(|r| r.day).collect();
            let (first, last) = (days.iter().min()?, days.iter().max()?);
            Some(format!("{} {}世代（{first}〜{last}）", kind.label(), days.len()))
        });
        let kinds: Vec<String> = kinds.collect();
        let fits =
            |lines: &Vec<String>| lines.iter().map(|line| line.chars().count() + 1).sum::<usize>() <= longest;
        let chosen = [all, generations].into_iter().find(fits).unwrap_or(kinds);
        if chosen.is_empty() {
            "どの世代にも含まれていませんでした".to_owned()
        } else {
            chosen.join("\n")
        }
    }

    /// Object versions that it reached.
    pub fn objects(&self) -> usize {
        self.reached.iter().map(|reached| reached.objects.len()).sum()
    }
}

/// Where a certificate lies in the archive bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCertificate {
    /// Its key.
    pub key: String,
    /// The version that the lock holds.
    pub version: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
}
