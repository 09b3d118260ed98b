//! Evidence: backups, their catalogue, verification, restore.

pub mod audit;
pub mod backup;
pub mod bundle;
pub mod catalogue;
pub(crate) mod freeze;
pub mod restore;
pub mod review;
pub mod runbooks;
pub mod seal;
pub mod verify;
