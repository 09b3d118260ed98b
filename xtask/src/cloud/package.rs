//! `cargo xtask package`: the functions as the cloud takes them. The same binaries make the same zips, byte for byte.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use super::zip;
use crate::commands::Package;
use crate::tools::npm;
use crate::{paths, run};

/// The name under which Lambda starts a program.
const STARTED: &str = "bootstrap";
/// The crate of the functions that print, and where its functions are: they need fonts beside them.
const SHEET: &str = "sheet";
const PRINTING: &str = "functions/sheet/src/bin";
/// Where the others are.
const PLAIN: &str = "functions/src/bin";

/// A release: what was packed, and one hash over all of it.
#[derive(Serialize, Deserialize)]
pub struct Release {
    /// SHA-256 over names and hashes of the zips.
    pub release: String,
    /// The processor that it is for.
    pub architecture: String,
    /// The zips.
    pub zips: Vec<Zip>,
}

/// A function, packed.
#[derive(Serialize, Deserialize)]
pub struct Zip {
    /// The function's name.
    pub name: String,
    /// SHA-256 of the zip, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl Release {
    /// Where the zips lie.
    pub fn folder() -> PathBuf {
        paths::target().join("package")
    }

    /// What was packed last.
    pub fn read() -> Result<Self> {
        let text = fs::read(Self::folder().join("release.json"))
            .context("nothing is packed yet: cargo xtask package")?;
        serde_json::from_slice(&text).context("release.json cannot be read: pack again")
    }
}

/// Packs every function and prints the hashes.
pub fn run(options: &Package) -> Result<()> {
    npm::ensure("functions/sheet", "the fonts of the official sheets")?;
    let binaries = match &options.binaries {
        Some(folder) => std::env::current_dir()?.join(folder),
        None => build(options)?,
    };
    let folder = Release::folder();
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder)?;
    let mut zips = Vec::new();
    for name in functions()? {
        let file = folder.join(format!("{name}.zip"));
        pack(&binaries.join(&name), &beside(&name)?, &file)
            .with_context(|| format!("{name} was not packed"))?;
        let bytes = fs::read(&file)?;
        zips.push(Zip { name, sha256: hex::encode(Sha256::digest(&bytes)), bytes: bytes.len() as u64 });
    }
    let lines: Vec<_> = zips.iter().map(|zip| format!("{} {}\n", zip.name, zip.sha256)).collect();
    let release = hex::encode(Sha256::digest(lines.concat()));
    let release = Release { release, architecture: options.architecture.clone(), zips };
    fs::write(folder.join("release.json"), serde_json::to_vec_pretty(&release)?)?;
    for zip in &release.zips {
        println!("{}  {:>10} bytes  {}.zip", zip.sha256, zip.bytes, zip.name);
    }
    println!("{}  the release, for {}", release.release, release.architecture);
    Ok(())
}

/// Every function: a binary of `functions`, or of the crate with the press.
pub fn functions() -> Result<Vec<String>> {
    let mut names = [of(PLAIN)?, of(PRINTING)?].concat();
    names.sort();
    Ok(names)
}

/// The functions of a folder.
fn of(folder: &str) -> Result<Vec<String>> {
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let file = entry?.path();
        Ok(file.file_stem().and_then(|name| name.to_str()).context("a binary without a name")?.to_owned())
    };
    fs::read_dir(paths::root().join(folder))?.map(name).collect()
}

/// Compiles them for the cloud.
fn build(options: &Package) -> Result<PathBuf> {
    let triple = match options.architecture.as_str() {
        "x86_64" => "x86_64-unknown-linux-gnu",
        "arm64" => "aarch64-unknown-linux-gnu",
        other => bail!("Lambda has no processor {other}: x86_64 or arm64"),
    };
    let mut cargo = run::cargo();
    cargo.args([
        "build",
        "--profile",
        "lambda",
        "--package",
        "functions",
        "--package",
        SHEET,
        "--bins",
        "--target",
        triple,
    ]);
    run::stream(&mut cargo).with_context(|| {
        format!("the functions do not compile for {triple}; `rustup target add {triple}` and its linker may be missing")
    })?;
    Ok(paths::target().join(triple).join("lambda"))
}

/// What lies beside a function in its zip: name there, file here.
fn beside(name: &str) -> Result<Vec<(String, PathBuf)>> {
    if !of(PRINTING)?.iter().any(|printing| printing == name) {
        return Ok(Vec::new());
    }
    // The crate lists its fonts itself; they are found here by the same list.
    let list = fs::read_to_string(paths::root().join("functions/sheet/src/fonts.rs"))?;
    let fonts: Vec<_> = list.split('"').filter(|text| text.ends_with(".ttf")).collect();
    if fonts.is_empty() {
        bail!("functions/sheet/src/fonts.rs names no font");
    }
    Ok(fonts.iter().map(|font| (format!("fonts/{font}"), paths::fonts().join(font))).collect())
}

/// One zip: the program under the name that Lambda starts, and what lies beside it.
fn pack(program: &Path, beside: &[(String, PathBuf)], to: &Path) -> Result<()> {
    let read = |file: &Path| fs::read(file).with_context(|| format!("{} is missing", file.display()));
    let mut zip = zip::Zip::default();
    zip.add(STARTED, &read(program)?, 0o755)?;
    for (name, file) in beside {
        zip.add(name, &read(file)?, 0o644)?;
    }
    Ok(fs::write(to, zip.finish()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binary_is_a_function() {
        let names = functions().unwrap();
        assert!(
            ["api", "backup", "runbooks", "sheet"].iter().all(|name| names.iter().any(|found| found == name))
        );
    }
}
