//! Pages of evidence.

mod backups;
mod expected;
mod generation_row;
mod run;
mod state;

pub use backups::Backups;
pub use state::BackupState;
