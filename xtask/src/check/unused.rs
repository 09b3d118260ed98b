//! Dependencies that a Cargo.toml of ours names and no source file uses.

use anyhow::{Context, Result};

use crate::{run, tools};

/// Every dependency is used.
pub fn check() -> Result<()> {
    run::stream(tools::MACHETE.command()?.arg("--skip-target-dir").arg("."))
        .context("remove them, or name them under [package.metadata.cargo-machete] with the reason")
}
