//! The portal (Arts. 14, 18(6), 23(2)(3)): rendered when something is published, served as files from then on. Nothing
//! that a visitor opens needs this code, the API or the table.

pub mod manage;
pub mod proposal;
pub mod publish;
pub mod render;
