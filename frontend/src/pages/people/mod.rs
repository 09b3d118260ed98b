//! Pages of people and trust.

mod authority;
mod enrol;
mod mail;
mod mine;
mod set_up;

pub use authority::Authority;
pub use mine::Mine;
pub use set_up::SetUp;
