//! Pages of evidence.

mod access;
mod asked;
mod audit;
mod audit_row;
mod audit_verify;
mod backups;
mod bundle;
mod expected;
mod export;
mod generation_row;
mod ledger;
mod monitoring;
mod proofs;
mod reviews;
mod run;
mod runbooks;
mod state;

pub use access::AccessLog;
pub use audit::Audit;
pub use backups::Backups;
pub use bundle::EvidenceBundle;
pub use monitoring::MonitoringPage;
pub use reviews::LateReviews;
pub use runbooks::Runbooks;
pub use state::BackupState;
