//! The evidence bundle 証跡一式: for a period, every article and item of the policy, the records that prove it, and whether
//! they are there. One table ([`CLAUSES`]) names what proves what; [`judge`] holds it against the facts.

mod clauses;
mod facts;
mod judge;
mod words;

pub use clauses::{CLAUSES, Clause, Proof};
pub use facts::{
    CaseFact, Checkpoint, DrillFact, FacilityFact, Facts, GenerationFact, LedgerFact, ManualFact, MonthFact,
    PostFact, RunbookFact, StepFact,
};
pub use judge::judge;
pub use words::in_words;

use crate::{
    calendar::{Day, Timestamp},
    id::BundleId,
    label::labelled,
};
use serde::{Deserialize, Serialize};

/// Longest period of one bundle, in days.
pub const PERIOD_DAYS_MAX: i64 = 366;

labelled! {
    /// How a clause stands in a period.
    pub enum ClauseState {
        /// Every record that it asks for is there.
        Met = "met" "満たす",
        /// A record that must be there is not.
        Missing = "missing" "記録なし",
        /// Something is done too late, or still not done.
        Late = "late" "期限超過",
        /// Nothing of the kind happened in the period, or the clause only defines something.
        Idle = "idle" "該当なし",
        /// It was looked at, and does not hold.
        Unfit = "unfit" "不適合",
    }
}

/// A record that speaks for a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// What it is, in words.
    pub words: String,
    /// The file of the bundle that has it.
    pub file: String,
}

/// A clause with its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Article and item: 「第23条(1) 毎日」.
    pub at: String,
    /// What it asks.
    pub words: String,
    /// How it stands.
    pub state: ClauseState,
    /// Why, where the state alone does not say it.
    pub why: String,
    /// How many records speak for it.
    pub count: u64,
    /// The first of them.
    pub records: Vec<Record>,
}

/// Most records that a finding names one by one; the bundle's files have them all.
pub const RECORDS_NAMED: usize = 20;

/// How many clauses stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tally {
    /// All clauses of the table.
    pub all: u32,
    /// 満たす.
    pub met: u32,
    /// 記録なし.
    pub missing: u32,
    /// 期限超過.
    pub late: u32,
    /// 該当なし.
    pub idle: u32,
    /// 不適合.
    #[serde(default)]
    pub unfit: u32,
}

impl Tally {
    /// Of findings.
    pub fn of(findings: &[Finding]) -> Self {
        let count = |state| {
            let these = findings.iter().filter(|finding| finding.state == state).count();
            u32::try_from(these).unwrap_or(u32::MAX)
        };
        Self {
            all: u32::try_from(findings.len()).unwrap_or(u32::MAX),
            met: count(ClauseState::Met),
            missing: count(ClauseState::Missing),
            late: count(ClauseState::Late),
            idle: count(ClauseState::Idle),
            unfit: count(ClauseState::Unfit),
        }
    }

    /// 「118項目すべてを判定」: nothing of the policy is left out.
    pub fn in_words(self) -> String {
        format!(
            "{}項目すべてを判定: 満たす{}、記録なし{}、期限超過{}、不適合{}、該当なし{}",
            self.all, self.met, self.missing, self.late, self.unfit, self.idle
        )
    }
}

/// A bundle that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bundle {
    /// Identifier.
    pub id: BundleId,
    /// From this day on …
    pub from: Day,
    /// … through this day.
    pub to: Day,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom, by name, at that time.
    pub by_name: String,
    /// How its clauses stand.
    pub tally: Tally,
    /// Files inside.
    pub files: u32,
    /// Size of the archive.
    pub bytes: u64,
    /// SHA-256 of the archive, in hex.
    pub sha256: String,
    /// Fingerprint of the key that signed its list of hashes: SHA-256 of the public key's DER form, in hex.
    #[serde(default)]
    pub signed_by: String,
    /// Its key in the locked bucket.
    pub key: String,
    /// The version that the lock holds.
    pub version: String,
    /// The last day on which it is kept.
    pub last_kept_day: Day,
}
