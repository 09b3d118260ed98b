//! Endpoints of evidence.

use super::{Command, Empty, endpoints};
use crate::{
    calendar::{Day, Timestamp},
    evidence::{
        AskedRun, BackupKind, Generation, Ledger, LedgerVersion, ManualBackup, NewLedger,
        drill::Proof,
        monitor::{Anomaly, MonitorDay, Watch},
    },
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

/// So many seconds after its end a run by hand is still told of.
pub const RUN_TOLD_SECONDS: i64 = 24 * 60 * 60;

/// Most ended runs that are told of.
pub const RUNS_TOLD: usize = 20;

/// Runs by hand that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedRuns {
    /// The open ones, oldest first; then those that ended in the last day ([`RUN_TOLD_SECONDS`]), newest first.
    pub runs: Vec<AskedRun>,
}

/// Most anomalies on the page of monitoring.
pub const ANOMALIES_SHOWN: usize = 50;

/// What monitoring knows (Art. 24(2)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Monitoring {
    /// Since when it is monitored; `None`: not yet.
    pub begun: Option<Timestamp>,
    /// Each part as it was seen last.
    pub watches: Vec<Watch>,
    /// The last ninety days in numbers, in order; today so far.
    pub days: Vec<MonitorDay>,
    /// The newest anomalies first.
    pub anomalies: Vec<Anomaly>,
}

/// What drills found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drills {
    /// The newest first.
    pub proofs: Vec<Proof>,
}

/// Most drills that are listed.
pub const DRILLS_SHOWN: usize = 20;

/// That the API answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// The contract that it speaks.
    pub contract: u32,
}

endpoints! {
    /// The generations of backups.
    ListBackups = Get "/api/backups" (()) ListBackups Read GenerationsPage => Generations;
    /// Asks for the backup of a day by hand (Art. 24(1)); a job makes it within minutes.
    RunBackup = Post "/api/backups" (()) RunBackup Change ManualBackup => AskedRun;
    /// Asks that a generation is read back and compared; a job does it within minutes.
    VerifyBackup = Post "/api/backups/{generation}/verification" (GenerationId) VerifyBackup Change Command => AskedRun;
    /// Runs by hand that somebody asked for: how far they are, how they ended.
    ListRuns = Get "/api/backups/runs" (()) ListBackups Quiet Empty => AskedRuns;
    /// This list, as an OpenAPI 3.1 document.
    ReadContract = Get "/api/openapi.json" (()) ReadContract Public Empty => serde_json::Value;
    /// Whether the API answers: for monitoring, and the same to everybody.
    AskHealth = Get "/api/health" (()) AskHealth Public Empty => Health;
    /// What monitoring knows: each part now, ninety days in numbers, the anomalies.
    ReadMonitoring = Get "/api/monitoring" (()) ReadMonitoring Quiet Empty => Monitoring;
    /// What drills of a restore found (requirements §2, 12).
    ListDrills = Get "/api/backups/drills" (()) ListBackups Read Empty => Drills;
    /// The asset ledger 資産台帳 (Arts. 8 and 20(3)) as it is now.
    ReadLedger = Get "/api/ledger" (()) ListBackups Read Empty => Ledger;
    /// Registers a version of it; each becomes part of the system data.
    KeepLedger = Put "/api/ledger" (()) KeepLedger Change NewLedger => LedgerVersion;
}
