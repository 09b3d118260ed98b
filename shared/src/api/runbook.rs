//! Endpoints of the runbooks 手順書 (Art. 24(3)).

use super::{Empty, endpoints, procedure::Printed};
use crate::{
    calendar::Day,
    evidence::runbook::{RunbookRecord, Standing},
};
use serde::{Deserialize, Serialize};

/// The newest locked copy of a runbook in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunbookCopy {
    /// Of which version of the text.
    pub version: u32,
    /// SHA-256 of the text, in hex.
    pub sha256: String,
    /// The text's key in the archive bucket.
    pub key: String,
    /// The version that the lock holds.
    pub object_version: String,
    /// The key of the copy on paper (PDF); `None` where nothing prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_key: Option<String>,
    /// The last day on which both are kept.
    pub last_kept_day: Day,
}

/// A runbook in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunbookRow {
    /// Its number.
    pub number: u32,
    /// What it is for.
    pub title: String,
    /// The version of its text.
    pub version: u32,
    /// The articles that it serves.
    pub article: String,
    /// The address of its page, which is a file of the site.
    pub address: String,
    /// When it was and must be looked at.
    pub standing: Standing,
    /// Reviews and rehearsals that were recorded, newest first.
    pub records: Vec<RunbookRecord>,
    /// Its copy in the archive; `None` until the first one is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<RunbookCopy>,
}

/// The runbooks, by number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Runbooks {
    /// One each.
    pub rows: Vec<RunbookRow>,
}

/// Which runbook to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunbookQuery {
    /// Its number.
    #[serde(default)]
    pub number: u32,
}

endpoints! {
    /// The runbooks: version, last review, last rehearsal, what is overdue.
    ListRunbooks = Get "/api/runbooks" (()) ListRunbooks Read Empty => Runbooks;
    /// A runbook in PDF, for paper.
    PrintRunbook = Get "/api/runbooks/sheet" (()) ListRunbooks Read RunbookQuery => Printed;
}
