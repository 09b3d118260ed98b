//! Dependencies that a Cargo.toml of ours names and no source file uses.

use anyhow::{Context, Result};

use crate::{run, tools};

/// Every dependency is used.
pub fn check() -> Result<()> {
    // By their metadata: some crates call their library otherwise than themselves.
    run::stream(tools::MACHETE.command()?.args(["--skip-target-dir", "--with-metadata", "."]))
        .context("remove them, or name them under [package.metadata.cargo-machete] with the reason")
}
