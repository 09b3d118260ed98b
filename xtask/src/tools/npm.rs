//! Packages from npm: each folder's lock file says which, with their hashes.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

use crate::{paths, run, web::content};

/// The oldest Node.js that serves.
const NODE: u32 = 20;
/// Where an installation notes which lock file it followed.
const STAMP: &str = "node_modules/.installed-lock";

/// Installs what the folder's lock file names, unless that has been done.
pub fn ensure(folder: &str, why: &str) -> Result<()> {
    let folder = paths::root().join(folder);
    let lock =
        content::hash(&fs::read(folder.join("package-lock.json")).context("package-lock.json is missing")?);
    if installed(&folder) == Some(lock.clone()) {
        return Ok(());
    }
    let _alone = run::alone(&paths::target(), "npm.lock")?;
    if installed(&folder) == Some(lock.clone()) {
        return Ok(()); // by the run that was waited for
    }
    require_node()?;
    println!("Installing {}'s packages from npm: {why}.", shown(&folder));
    let mut install = run::command("npm");
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
    run::stream(&mut install).context("the packages could not be installed from npm")?;
    fs::write(folder.join(STAMP), lock)?;
    Ok(())
}

/// Debian 12 still has Node.js 18, with which the browser's driver does not start.
fn require_node() -> Result<()> {
    let version = run::read(run::command("node").arg("--version")).unwrap_or_default();
    let major: u32 =
        version.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < NODE || paths::on_path("npm").is_none() {
        let found = if version.is_empty() { "none" } else { version.trim() };
        bail!("Node.js {NODE} or newer with npm is needed, found is {found}; see https://nodejs.org");
    }
    Ok(())
}

/// The hash of the lock file that was installed last.
pub fn installed(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join(STAMP)).ok()
}

/// The version of an installed package.
pub fn version(folder: &str, package: &str) -> Option<String> {
    let manifest = paths::root().join(folder).join("node_modules").join(package).join("package.json");
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(manifest).ok()?).ok()?;
    Some(manifest["version"].as_str()?.to_owned())
}

fn shown(folder: &Path) -> String {
    folder.strip_prefix(paths::root()).unwrap_or(folder).display().to_string()
}
