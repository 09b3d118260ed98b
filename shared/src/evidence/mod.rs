//! Evidence 証跡: who did what, and what was kept (Arts. 7, 23; requirements §2, 7 and 13).

mod asked;
mod audit;
mod backup;
pub mod bundle;
pub mod deidentify;
pub mod drill;
mod erasure;
mod key;
mod ledger;
pub mod monitor;
pub mod runbook;
pub mod schedule;
pub mod seal;

pub use asked::{AskedRun, RunEnd, WantedRun};
pub use audit::{AuditEvent, COMMAND_LINE_SOURCE, Outcome, SYSTEM_SOURCE, Who};
pub use backup::{
    BackupKind, Counts, Generation, Holds, MANIFEST_FORMAT, Manifest, ManifestObject, ManualBackup,
    NotAManifest, Verification, VerificationState,
};
pub use erasure::{
    Certificate, ErasurePhase, ErasureProgress, KeptCertificate, Live, Reached, ReachedObject,
};
pub use key::{KeyName, NotAKeyName};
pub use ledger::{LEDGER_HEAD, LEDGER_MAX, Ledger, LedgerVersion, NewLedger, RATINGS};
