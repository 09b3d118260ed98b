//! The contact book: patients, notes, attachments.

pub mod attachment;
pub mod note;
pub mod patient;
pub mod picture;
pub mod sweep;
