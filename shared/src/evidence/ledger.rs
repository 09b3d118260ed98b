//! The asset ledger 資産台帳 (Arts. 8 and 20(3)): hardware and software of the cloud with their owner and rating, as a table
//! (CSV). Each version that is registered becomes part of the system data (Art. 21(4)).

use crate::{calendar::Timestamp, id::AccountId, id::CommandId};
use serde::{Deserialize, Serialize};

/// The first line: what each column says.
pub const LEDGER_HEAD: &str = "名称,種類,区分,設置場所,管理者,機密性,完全性,可用性,識別子";
/// Most bytes of a ledger.
pub const LEDGER_MAX: usize = 180_000;
/// What the columns 機密性, 完全性 and 可用性 may say.
pub const RATINGS: [&str; 3] = ["高", "中", "低"];

/// Registers a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewLedger {
    /// Made by the client.
    pub command: CommandId,
    /// The number of the version that it follows; 0 for the first.
    pub follows: u32,
    /// The table. Lines that begin with `#` are remarks.
    pub text: String,
}

/// A registered version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LedgerVersion {
    /// Its number, from 1 on.
    pub number: u32,
    /// Assets in it.
    pub rows: u32,
    /// SHA-256 of its text, in hex.
    pub sha256: String,
    /// When it was registered.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
    /// By name, at that time.
    pub by_name: String,
}

/// The ledger as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ledger {
    /// The newest version; `None` while none was registered.
    pub version: Option<LedgerVersion>,
    /// Its text.
    pub text: String,
}
