//! The pages, by subject.

pub mod book;
pub mod evidence;
mod home;
mod not_found;
pub mod people;
pub mod portal;
pub mod procedure;

pub use home::{Home, Office};
pub use not_found::NotFound;
