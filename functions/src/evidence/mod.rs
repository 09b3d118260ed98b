//! Evidence: backups, their catalogue, verification, restore.

pub mod asked;
pub mod audit;
pub mod backup;
pub mod boxes;
pub mod bundle;
pub mod by_hand;
pub mod catalogue;
pub mod certify;
pub mod drill;
pub mod erase;
pub(crate) mod freeze;
pub mod ledger;
pub mod left;
pub mod monitor;
pub mod monthly;
pub mod pause;
pub mod reader;
pub mod restore;
pub mod review;
pub mod ring;
pub mod runbooks;
pub mod seal;
pub mod signing;
pub mod system;
pub mod verify;
pub mod writer;
