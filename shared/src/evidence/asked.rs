//! Runs by hand 手動運転 (Art. 24(1)) that somebody asked for on the page: what is wanted, by whom, and how it ended.

use super::{BackupKind, Verification, Who};
use crate::{
    calendar::{Day, Timestamp},
    id::{GenerationId, RequestId},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum WantedRun {
    /// One more generation of what was sent on a day.
    Backup {
        /// Of which day.
        day: Day,
        /// Why by hand.
        reason: String,
    },
    /// That a generation is read back.
    Verification {
        /// Which.
        generation: GenerationId,
        /// Of which kind it is.
        kind: BackupKind,
        /// Of which day it is.
        day: Day,
    },
}

impl WantedRun {
    /// Of which day.
    pub const fn day(&self) -> Day {
        match self {
            Self::Backup { day, .. } | Self::Verification { day, .. } => *day,
        }
    }
}

impl fmt::Display for WantedRun {
    /// The day, or the generation: of the same, one is open at a time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backup { day, .. } => fmt::Display::fmt(day, f),
            Self::Verification { generation, .. } => fmt::Display::fmt(generation, f),
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunEnd {
    /// When.
    pub at: Timestamp,
    /// The generation that was made, or read back. Also where the run failed after it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<GenerationId>,
    /// What was found in it, where it was read back to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// Why it failed, and what to do, in Japanese; `None`: it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// A run that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedRun {
    /// The request by which it was asked for: the events of its beginning and of its end have it in the audit log.
    pub id: RequestId,
    /// What is wanted.
    pub wanted: WantedRun,
    /// Who asked.
    pub by: Who,
    /// By name.
    pub by_name: String,
    /// When.
    pub asked_at: Timestamp,
    /// How often it was begun.
    pub tries: u32,
    /// When it was begun for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun_at: Option<Timestamp>,
    /// How it ended; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<RunEnd>,
}

impl AskedRun {
    /// How far an open one is, in a word.
    pub const fn state(&self) -> &'static str {
        match self.tries {
            0 => "待機中",
            1 => "実行中",
            _ => "やり直し中",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_is_the_same_whatever_the_reason() {
        let day: Day = "2026-11-20".parse().unwrap();
        let of = |reason: &str| WantedRun::Backup { day, reason: reason.into() }.to_string();
        assert_eq!(of("訓練"), of("失敗"));
        let id = GenerationId::from_parts(1, 1);
        let verification = WantedRun::Verification { generation: id, kind: BackupKind::Daily, day };
        assert_eq!(verification.to_string(), id.to_string());
        assert_ne!(verification.to_string(), of("訓練"));
    }
}
