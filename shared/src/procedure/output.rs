//! An output of de-identified data (Art. 15(3)): what was made, how, and how often it was fetched. The rows are in the
//! file alone.

use crate::{
    calendar::{Day, Timestamp},
    evidence::deidentify::Wanted,
    id::{AccountId, CaseId, CommandId, OutputId},
};
use serde::{Deserialize, Serialize};

/// Most outputs of one case.
pub const OUTPUTS_MAX: usize = 5;

/// An output, without its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Output {
    /// Identifier.
    pub id: OutputId,
    /// Of which case.
    pub case: CaseId,
    /// The number of the notice that was presented for it; the file's first line and name say the same.
    pub notice_number: String,
    /// What it holds.
    pub wanted: Wanted,
    /// The smallest class, in people.
    pub least: u32,
    /// Lines of data in the file.
    pub rows: u64,
    /// Rows that were left out.
    pub dropped: u64,
    /// Values or cells that are not told.
    pub hidden: u64,
    /// How it was made, in sentences.
    pub method: Vec<String>,
    /// The file's name.
    pub file_name: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256, in hex.
    pub sha256: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// By whom.
    pub made_by: AccountId,
    /// By name, at that time.
    pub made_by_name: String,
    /// The last day on which it may be fetched and used.
    pub last_day: Day,
    /// How often it was fetched.
    #[serde(default)]
    pub downloads: u32,
}

/// What the operator makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewOutput {
    /// Made by the client.
    pub command: CommandId,
    /// The version of the case that the person saw.
    pub version: u32,
    /// Which data: what was granted, or less.
    pub wanted: Wanted,
}

/// The outputs of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outputs {
    /// Oldest first.
    pub rows: Vec<Output>,
    /// Whether this person may fetch them now.
    pub may_fetch: bool,
    /// The smallest class that is in force, in people.
    pub least: u32,
}

/// Where an output is fetched, for a few minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutputLink {
    /// The address.
    pub url: String,
    /// The output, this time counted.
    pub output: Output,
}
