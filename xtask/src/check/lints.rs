//! Format and lints.

use anyhow::{Context, Result};

use crate::run;
use crate::tools::wasm::{self, Compiler};

/// The sources are formatted.
pub fn format() -> Result<()> {
    run::stream(run::cargo().args(["fmt", "--all", "--check"]))
        .context("the format differs; `cargo fmt --all` corrects it")
}

/// No warnings in what runs on servers and on this machine.
pub fn native() -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run::stream(&mut cargo)
}

/// No warnings in what runs in the browser.
pub fn browser(compiler: Compiler) -> Result<()> {
    let mut clippy = compiler.clippy()?;
    clippy.args(["-p", "frontend", "-p", "shared", "--target", wasm::TARGET, "--", "-D", "warnings"]);
    run::stream(&mut clippy)
}
