//! The golden files: rules as text that a city official can read, compared with what the code says.

use anyhow::{Context, Result};

use crate::run;

/// Compares.
pub fn check() -> Result<()> {
    run::stream(run::cargo().args(["test", "--quiet", "--workspace", "--test", "golden"])).context(
        "the rules differ from the golden files; if that is intended: cargo xtask golden, and read the diff",
    )
}

/// Writes them anew.
pub fn update() -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args(["test", "--quiet", "--workspace", "--test", "golden"]).env("UPDATE_GOLDEN", "1");
    run::stream(&mut cargo).context("the golden files could not be written")?;
    println!("The golden files are written anew: read `git diff`.");
    Ok(())
}
