//! People and trust: signing in and out, and what lets a person in.

pub mod cookie;
pub mod credential;
pub mod password;
pub mod session;
