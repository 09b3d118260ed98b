//! Evidence: backups, their catalogue, verification, restore.

pub mod audit;
pub mod backup;
pub mod catalogue;
pub mod drill;
pub(crate) mod freeze;
pub mod monitor;
pub mod restore;
pub mod review;
pub mod seal;
pub mod verify;
