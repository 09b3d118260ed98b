//! The site: Trunk compiles its two programs, [`finish`] makes it fit to be served, and nothing is done twice.

mod compress;
pub mod content;
mod finish;
mod pages;
mod runbooks;
pub mod site;

use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

use crate::paths;
use crate::run;
use crate::tools::{self, crates, npm, wasm};
use site::{PROGRAMS, Site};

/// What the finished site depends on, apart from tools.
const INPUTS: &[&str] = &[
    "frontend",
    "shared/src",
    "shared/Cargo.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    ".cargo/config.toml",
    "docs/runbooks",
    "functions/src/portal/render/portal.css",
];

/// Builds target/site unless it is up to date, and installs what that needs.
pub fn build() -> Result<Site> {
    npm::ensure("frontend", "design tokens and wasm-opt for the site")?;
    let _alone = run::alone(&paths::target(), "site.lock")?;
    let bindgen = crates::wasm_bindgen()?;
    let wasm_opt =
        npm::version("frontend", "binaryen").context("binaryen, which has wasm-opt, was not installed")?;
    let compiler = wasm::Compiler::ensure()?;
    let versions = [
        compiler.name(),
        tools::TRUNK.version.to_owned(),
        bindgen.version.to_owned(),
        wasm_opt.clone(),
        // A change of what follows makes another site, too.
        [
            include_str!("web.rs"),
            include_str!("web/finish.rs"),
            include_str!("web/pages.rs"),
            include_str!("web/runbooks.rs"),
            compress::SCRIPT,
        ]
        .concat(),
    ];
    let inputs = content::of_inputs(INPUTS, &versions)?;
    if fs::read_to_string(stamp()).is_ok_and(|stamp| stamp == inputs)
        && let Ok(site) = Site::read()
    {
        println!("The site is up to date (build {}).", site.version);
        return Ok(site);
    }
    tools::TRUNK.ensure()?;
    bindgen.ensure()?;

    println!("Compiling the site with {}.", compiler.name());
    let mut fetch = compiler.cargo()?;
    // Trunk works offline, so that it fetches no tools. The crates must be there before.
    run::stream(fetch.args(["fetch", "--quiet", "--target", wasm::TARGET]))
        .context("crates could not be fetched")?;
    // Both at once: to link one takes a minute on one processor, and Trunk makes one after the other.
    let mut programs = compiler.cargo()?;
    programs.args([
        "build",
        "--package",
        "frontend",
        "--bins",
        "--profile",
        "wasm",
        "--target",
        wasm::TARGET,
    ]);
    run::stream(&mut programs).context("the programs of the site could not be compiled")?;
    let mut built = Vec::new();
    for page in PROGRAMS.map(|program| program.page) {
        let folder = paths::target().join("trunk").join(page.trim_end_matches(".html"));
        let mut trunk = tools::TRUNK.command()?;
        trunk
            .args(["build", "--color", "never", "--skip-version-check", "--dist"])
            .arg(&folder)
            .arg(paths::root().join("frontend").join(page))
            .env("TRUNK_TOOLS_WASM_BINDGEN", bindgen.version)
            .env("TRUNK_TOOLS_WASM_OPT", format!("version_{}", major(&wasm_opt)))
            // Trunk takes the usual value “1” for a mistake.
            .env_remove("NO_COLOR");
        compiler
            .set_up(&mut trunk, &[crates::folder()?, paths::root().join("frontend/node_modules/.bin")])?;
        run::stream(&mut trunk).with_context(|| format!("{page} could not be built"))?;
        built.push((page, folder));
    }

    fs::remove_file(stamp()).ok();
    let site = finish::finish(&built)?;
    fs::write(stamp(), inputs)?;
    println!("The site is built (build {}).", site.version);
    Ok(site)
}

fn stamp() -> PathBuf {
    paths::target().join("site.inputs")
}

/// Binaryen's tools call 132.0.0 just 132.
fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}
