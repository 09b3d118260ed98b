//! The domain and the contract of つながる連絡帳 (Tsunagaru).
//!
//! What is true without a network, a disk or a clock: the words of the field as types, the rules of the
//! policy as pure functions, every endpoint declared once, and the one table of who may do what. The server
//! enforces it and the screen reads it; both compile this very crate (native and WASM).

pub mod api;
pub mod authority;
pub mod book;
pub mod calendar;
pub mod evidence;
pub mod id;
mod label;
pub mod people;
pub mod portal;
pub mod procedure;
pub mod sheet;
pub mod text;

/// The version of the messages between browser and server. A browser that holds an older application than
/// [`api::OLDEST_CONTRACT`] is told to reload, with its drafts kept.
pub const CONTRACT: u32 = 1;
