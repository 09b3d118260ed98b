//! Pages of people and trust.

mod authority;

pub use authority::Authority;
