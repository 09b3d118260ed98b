//! Procedures: cases, their steps, what the steps do.

mod announce;
pub mod case;
pub mod data_use;
pub mod desk;
mod effect;
mod incident;
pub mod letter;
pub mod people;
pub mod sheet;
pub mod structure;
