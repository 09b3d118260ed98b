//! Pages of evidence.

mod access;
mod audit;
mod audit_row;
mod audit_verify;
mod backups;
mod expected;
mod export;
mod generation_row;
mod monitoring;
mod proofs;
mod reviews;
mod run;
mod state;

pub use access::AccessLog;
pub use audit::Audit;
pub use backups::Backups;
pub use monitoring::MonitoringPage;
pub use reviews::LateReviews;
pub use state::BackupState;
