//! The cloud environment: packed, deployed, listed. All of it goes through the provider's own command line, so that a
//! person can do by hand what is done here.

pub mod assets;
mod aws;
pub mod deploy;
pub mod invoke;
pub mod package;
mod plan;
mod site;
mod stacks;
mod upload;
mod values;
mod zip;
