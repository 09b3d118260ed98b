//! Procedures: cases, their steps, what the steps do.

pub mod case;
pub mod data_use;
mod effect;
pub mod letter;
pub mod people;
pub mod structure;
