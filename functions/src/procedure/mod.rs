//! Procedures: cases, their steps, what the steps do.

pub mod case;
mod effect;
pub mod letter;
pub mod people;
pub mod structure;
