//! The contact book: patients, notes, attachments.

pub mod attachment;
pub mod consent;
pub mod invitation;
pub mod note;
pub mod patient;
pub mod picture;
pub mod register;
mod scans;
pub mod sweep;
pub mod team;
