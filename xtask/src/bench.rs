//! `cargo xtask bench`: the local environment measures; what it is held against is put together here.

use anyhow::{Context, Result};
use std::path::PathBuf;

use crate::tools::npm;
use crate::{local, paths, run};

/// The part that needs something beside it.
const COLD_START: &str = "cold-start";
/// The handler in Node.js that answers what the api function answers.
const NODE: &str = "infra/local/bench/node";

/// Measures everything, or what the arguments say.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut arguments = arguments.to_vec();
    if arguments.iter().any(|argument| argument == COLD_START)
        && !arguments.iter().any(|argument| argument == "--node")
    {
        arguments.extend(["--node".to_owned(), bundle()?.to_string_lossy().into_owned()]);
    }
    local::tool("bench", local::Profile::Release, &arguments)
}

/// That handler with what it uses of its packages in one file, as one deploys it.
fn bundle() -> Result<PathBuf> {
    npm::ensure(NODE, "the api function's start is held against Node.js")?;
    let folder = paths::root().join(NODE);
    let file = paths::target().join("cold-start").join("index.mjs");
    let mut esbuild = run::command(folder.join("node_modules/.bin/esbuild"));
    esbuild.args([
        "runtime.mjs",
        "--bundle",
        "--minify",
        "--platform=node",
        "--target=node20",
        "--format=esm",
    ]);
    // The SDK's packages in the older format ask for modules of Node.js in the older way.
    esbuild.arg(
        "--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    );
    esbuild.arg(format!("--outfile={}", file.display())).current_dir(folder);
    run::stream(&mut esbuild).context("the handler in Node.js could not be bundled")?;
    Ok(file)
}
