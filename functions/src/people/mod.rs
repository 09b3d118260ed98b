//! People and trust: signing in and out.

pub mod cookie;
pub mod password;
pub mod session;
