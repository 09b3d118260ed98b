//! Endpoints of evidence.

use super::{Command, Empty, endpoints};
use crate::{
    calendar::Day,
    evidence::{BackupKind, Generation, ManualBackup},
    id::GenerationId,
    portal::MonthlyAt,
};
use serde::{Deserialize, Serialize};

/// Most generations on one page of the list.
pub const GENERATIONS_PAGE: usize = 100;

/// Which page of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GenerationsPage {
    /// Generations of days before this one; without it, the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Day>,
    /// Of which kind; without it, daily ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<BackupKind>,
}

/// Generations, newest day first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Generations {
    /// One page.
    pub generations: Vec<Generation>,
    /// Ask for the days before this one for the next page.
    pub before: Option<Day>,
    /// Hour and minute in Japan at which the daily run starts.
    pub daily_at: (u8, u8),
    /// Day of the month, hour and minute at which the monthly run starts, once that is approved.
    pub monthly_at: Option<MonthlyAt>,
}

endpoints! {
    /// The generations of backups.
    ListBackups = Get "/api/backups" (()) ListBackups Read GenerationsPage => Generations;
    /// Runs the backup of a day now, by hand (Art. 24(1)).
    RunBackup = Post "/api/backups" (()) RunBackup Change ManualBackup => Generation;
    /// Reads a generation back and compares it.
    VerifyBackup = Post "/api/backups/{generation}/verification" (GenerationId) VerifyBackup Change Command => Generation;
    /// This list, as an OpenAPI 3.1 document.
    ReadContract = Get "/api/openapi.json" (()) ReadContract Public Empty => serde_json::Value;
}
