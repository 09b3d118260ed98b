//! The functions of つながる連絡帳: what runs in AWS Lambda, and, unchanged, in the local environment.
//!
//! Nothing here knows where it runs: endpoints and credentials come in through the two SDK clients, time
//! through [`clock::Clock`], everything a city may decide through [`settings::Settings`].

pub mod app;
pub mod book;
pub mod clock;
mod daily;
pub mod evidence;
pub mod http;
pub mod patience;
pub mod people;
pub mod portal;
pub mod post;
pub mod procedure;
pub mod random;
pub mod settings;
pub mod store;
