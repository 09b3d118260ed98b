//! `cargo xtask test`: every test, from nothing.

use anyhow::{Context, Result, bail};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::cloud::package;
use crate::commands::Test;
use crate::steps::Steps;
use crate::tools::{self, browser, crates, debian, npm, wasm};
use crate::{check, paths, run, web};

/// Where the proof of the cloud's templates is.
const CLOUD_TESTS: &str = "infra/aws/tests";

/// Runs the steps in order. The first that fails is the last.
pub fn run(options: &Test) -> Result<()> {
    let mut steps = Steps::default();
    let result = all(&mut steps, options);
    steps.print();
    result
}

fn all(steps: &mut Steps, options: &Test) -> Result<()> {
    let (ministack, aws) = steps.step("tools", || install(options))?;
    check::quick(steps)?;
    let compiled = paths::target().join(if options.release { "release" } else { "debug" });
    if options.release {
        steps.step("the functions as they are deployed", build_functions)?;
    }
    steps.step("tests", || {
        let mut cargo = run::cargo();
        // Libraries and what is tested from outside; of the programs only this one has tests of its own. To compile the others
        // once more as tests of nothing, and to look through the documentation for examples that are none, takes minutes.
        cargo.args(["test", "--workspace", "--lib", "--bin", "xtask", "--test", "*"]).args(&options.filter);
        // Tests that need these say so themselves when a variable is missing.
        cargo.env("TSUNAGARU_API_BIN", compiled.join("api")).env("TSUNAGARU_MINISTACK", &ministack);
        cargo.env("TSUNAGARU_AWS", &aws);
        cargo.env("TSUNAGARU_FONTS", paths::fonts());
        run::stream(&mut cargo)
    })?;
    let site = steps.step("site", web::build)?;
    steps.step("size of a first visit", || check::budget(&site))?;
    steps.step("the cloud environment", || cloud(&compiled, options.filter.as_deref()))?;
    if options.no_browser {
        return Ok(());
    }
    // Compiled with the tests.
    let local = paths::target().join("debug").join("tsunagaru-local");
    steps.step("journeys in the browser", || journeys(&local, options.filter.as_deref()))
}

/// Installs everything first, so that a missing thing is not found out after half an hour.
fn install(options: &Test) -> Result<(PathBuf, PathBuf)> {
    npm::ensure("frontend", "design tokens and wasm-opt for the site")?;
    npm::ensure("functions/sheet", "the fonts of the official sheets")?;
    npm::ensure(CLOUD_TESTS, "who may do what in the cloud is simulated with it")?;
    tools::CLOUD.ensure()?;
    if paths::on_path("openssl").is_none() {
        debian::install(tools::OPENSSL)?;
    }
    wasm::Compiler::ensure()?;
    tools::TRUNK.ensure()?;
    crates::wasm_bindgen()?.ensure()?;
    if !options.no_browser {
        npm::ensure("e2e", "Playwright drives the browser, axe looks for barriers")?;
        browser::ensure()?;
    }
    Ok((tools::MINISTACK.ensure()?, tools::AWS.ensure()?))
}

fn build_functions() -> Result<()> {
    run::stream(run::cargo().args([
        "build",
        "--release",
        "--package",
        "functions",
        "--package",
        "sheet",
        "--bins",
    ]))
}

/// The proof of the cloud's templates, with the binaries that were built for the tests.
fn cloud(compiled: &Path, filter: Option<&str>) -> Result<()> {
    let binaries = under_test(compiled)?;
    let mut python = run::command(tools::CLOUD.ensure()?.join("python"));
    python.arg(paths::root().join(CLOUD_TESTS).join("run.py")).args(filter);
    python.env("TSUNAGARU_XTASK", env::current_exe()?).env("TSUNAGARU_FUNCTIONS", binaries);
    python.env("TSUNAGARU_FONTS", paths::fonts()).env("CARGO", run::cargo().get_program());
    run::stream(&mut python)
}

/// One folder with every function and nothing else. Without what only a debugger reads, half of it need not be packed again
/// and again.
fn under_test(compiled: &Path) -> Result<PathBuf> {
    let folder = paths::target().join("under-test");
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder)?;
    for name in package::functions()? {
        let (from, to) = (compiled.join(&name), folder.join(&name));
        let stripped = run::command("strip").arg("-o").arg(&to).arg(&from).status();
        if !stripped.is_ok_and(|status| status.success()) {
            symlink(from, to)?;
        }
    }
    Ok(folder)
}

fn journeys(local: &Path, filter: Option<&str>) -> Result<()> {
    let folder = paths::root().join("e2e");
    if !["ts", "js", "mjs"].iter().any(|kind| folder.join(format!("playwright.config.{kind}")).is_file()) {
        bail!("e2e has no playwright.config yet: there are no journeys to run");
    }
    let chromium = browser::find().context("there is no Chromium")?;
    let mut playwright = run::command(folder.join("node_modules/.bin/playwright"));
    playwright.arg("test").current_dir(&folder);
    if let Some(filter) = filter {
        playwright.args([filter, "--pass-with-no-tests"]);
    }
    playwright
        .env("TSUNAGARU_LOCAL_BIN", local)
        .env("TSUNAGARU_SITE", paths::site())
        .env("TSUNAGARU_FONTS", paths::fonts())
        .env("CHROMIUM", chromium);
    run::stream(&mut playwright)
}
