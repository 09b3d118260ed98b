//! Procedures: cases, their steps, what the steps do.

mod announce;
pub mod case;
pub mod confirmation;
pub mod contacts;
pub mod data_use;
pub mod desk;
pub mod disposal;
mod effect;
pub mod facility;
pub mod files;
mod incident;
pub mod letter;
pub mod outbox;
pub mod papers;
pub mod people;
pub mod sheet;
mod stop;
pub mod structure;
mod system;

pub use system::{note_by_system, open_by_system};
