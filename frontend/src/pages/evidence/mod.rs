//! Pages of evidence.

mod access;
mod audit;
mod audit_row;
mod audit_verify;
mod backups;
mod expected;
mod generation_row;
mod run;
mod state;

pub use access::AccessLog;
pub use audit::Audit;
pub use backups::Backups;
pub use state::BackupState;
