//! Evidence: backups, their catalogue, verification, restore.

pub mod backup;
pub mod catalogue;
pub mod restore;
pub mod verify;
