//! The local environment: prepared here, run by its own binary, `tsunagaru-local`.

use anyhow::{Context, Result};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::{env, fs};

use crate::commands::Dev;
use crate::tools::npm;
use crate::{paths, run, web};

/// How the local environment is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to compile.
    Dev,
    /// Quick to run.
    Release,
}

/// `cargo xtask dev`: everything prepared, then the whole system on one port.
pub fn dev(options: &Dev) -> Result<()> {
    npm::ensure("functions/sheet", "the fonts of the official sheets")?;
    web::build()?;
    let binary = build(Profile::Dev)?;
    let data = from_here(&options.data)?;
    fs::create_dir_all(&data)
        .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    let mut serve = run::command(binary);
    serve.env("TSUNAGARU_FONTS", paths::fonts());
    serve.arg("serve").arg("--site").arg(paths::site()).arg("--data").arg(data);
    serve.args(["--port", &options.port.to_string()]);
    if options.demo {
        serve.arg("--demo");
    }
    if options.empty {
        serve.arg("--empty");
    }
    if let Some(clock) = &options.clock {
        serve.args(["--clock", clock]);
    }
    // This process becomes that one, so that Ctrl-C, kill and the exit code reach it directly.
    Err(serve.exec()).context("the local environment could not be started")
}

/// Compiles the local environment, then becomes it with this subcommand and these arguments.
pub fn tool(subcommand: &str, profile: Profile, arguments: &[String]) -> Result<()> {
    let binary = build(profile)?;
    let mut tool = run::command(binary);
    tool.env("TSUNAGARU_FONTS", paths::fonts());
    // Paths among the arguments mean the folder the person stands in.
    tool.arg(subcommand).args(arguments).current_dir(env::current_dir()?);
    Err(tool.exec()).context("the local environment could not be started")
}

/// Compiles the local environment and returns its executable.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let mut cargo = run::cargo();
    // With the features of the whole workspace, as the tests are compiled: another set would compile the SDKs again.
    cargo.args(["build", "--workspace", "--bin", "tsunagaru-local"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    run::stream(&mut cargo).context("the local environment does not compile")?;
    let folder = if profile == Profile::Release { "release" } else { "debug" };
    Ok(paths::target().join(folder).join("tsunagaru-local"))
}

/// A path as the person meant it: the default lies in the checkout, any other where they stand.
fn from_here(path: &PathBuf) -> Result<PathBuf> {
    if path.starts_with(".local") { Ok(paths::root().join(path)) } else { Ok(env::current_dir()?.join(path)) }
}
