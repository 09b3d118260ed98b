//! Evidence 証跡: who did what, and what was kept (Arts. 7, 23; requirements §2, 7 and 13).

mod audit;
mod backup;
pub mod bundle;
pub mod deidentify;
pub mod runbook;
pub mod seal;

pub use audit::{AuditEvent, Outcome, Who};
pub use backup::{
    BackupKind, Generation, Manifest, ManifestObject, ManualBackup, Verification, VerificationState,
};
