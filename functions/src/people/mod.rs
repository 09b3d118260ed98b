//! People and trust: signing in and out, and what lets a person in.

pub mod cookie;
pub mod credential;
pub mod factor;
pub mod founding;
pub mod lock;
pub mod mail;
pub mod mine;
pub mod passkey;
pub mod password;
pub(crate) mod qr;
pub mod session;
mod throttle;
