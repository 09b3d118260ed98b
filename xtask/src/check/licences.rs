//! Every dependency may be used: its licence is on the list below.

mod expression;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;

use crate::tools::wasm;
use crate::{paths, run};

/// Licences that suit a product under Apache-2.0 that others run, change and sell, and why each does.
const ALLOWED: &[(&str, &str)] = &[
    ("Apache-2.0", "our own"),
    ("Apache-2.0 WITH LLVM-exception", "our own with fewer duties"),
    ("MIT", "asks for its notice only"),
    ("MIT-0", "asks for nothing"),
    ("0BSD", "asks for nothing"),
    ("BSD-2-Clause", "asks for its notice only"),
    ("BSD-3-Clause", "asks for its notice, and not to advertise with names"),
    ("BSL-1.0", "asks for its notice in source code only"),
    ("CC0-1.0", "gives up all rights"),
    ("ISC", "asks for its notice only"),
    ("OFL-1.1", "fonts: may be embedded and delivered with its notice, not sold by themselves"),
    ("Unicode-3.0", "asks for its notice; data tables of Unicode"),
    ("Zlib", "asks not to claim authorship"),
];

/// Packages whose licence is not on the list, and why they may be used all the same.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("axe-core", "MPL-2.0", "runs in the journeys only, unchanged; nothing of it is delivered"),
    ("@cloud-copilot/iam-policy", "AGPL-3.0-or-later", SIMULATOR),
    ("@cloud-copilot/iam-simulate", "AGPL-3.0-or-later", SIMULATOR),
    ("@cloud-copilot/iam-utils", "AGPL-3.0-or-later", SIMULATOR),
    ("webauthn-rs", "MPL-2.0", PASSKEYS),
    ("webauthn-rs-core", "MPL-2.0", PASSKEYS),
    ("webauthn-rs-proto", "MPL-2.0", PASSKEYS),
    ("webauthn-attestation-ca", "MPL-2.0", PASSKEYS),
    ("crypto-glue", "MPL-2.0", PASSKEYS),
];
/// It only judges our policies.
const SIMULATOR: &str = "runs in the tests of the cloud's templates only, unchanged, as a program of its own; nothing of it is delivered";
/// Passkeys are no place for code of our own.
const PASSKEYS: &str = "asks to publish changes of its own files, and we change none";

/// npm's folders: each lock file states licences.
const NPM: &[&str] = &["frontend", "functions/sheet", "e2e", "infra/aws/tests", "infra/local/bench/node"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    license: Option<String>,
}

/// Looks through all packages of Cargo and npm that are compiled, run or delivered.
pub fn check() -> Result<()> {
    let mut licences = BTreeMap::new();
    for platform in [host()?.as_str(), wasm::TARGET] {
        licences.extend(of_cargo(platform)?);
    }
    for folder in NPM {
        licences.extend(of_npm(folder)?);
    }
    let refused: Vec<_> =
        licences.iter().filter(|(name, licence)| !allowed(name, licence.as_deref())).collect();
    for (name, licence) in &refused {
        println!("{name}: {}", licence.as_deref().unwrap_or("states no licence"));
    }
    if !refused.is_empty() {
        bail!("{} packages have a licence that is not on the list in {}", refused.len(), file!());
    }
    println!("{} packages, all with a licence on the list.", licences.len());
    Ok(())
}

fn allowed(name: &str, licence: Option<&str>) -> bool {
    let Some(licence) = licence else { return false };
    EXCEPTIONS.iter().any(|(package, excepted, _)| *package == name && *excepted == licence)
        || expression::holds(licence, &|id| ALLOWED.iter().any(|(allowed, _)| *allowed == id))
}

fn of_cargo(platform: &str) -> Result<BTreeMap<String, Option<String>>> {
    let text =
        run::read(run::cargo().args(["metadata", "--format-version", "1", "--filter-platform", platform]))?;
    let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata answered unexpectedly")?;
    let used: Vec<_> = metadata.resolve.nodes.into_iter().map(|node| node.id).collect();
    let packages = metadata.packages.into_iter().filter(|package| used.contains(&package.id));
    Ok(packages.map(|package| (package.name, package.license)).collect())
}

fn of_npm(folder: &str) -> Result<BTreeMap<String, Option<String>>> {
    let lock = fs::read(paths::root().join(folder).join("package-lock.json"))?;
    let lock: NpmLock = serde_json::from_slice(&lock)
        .with_context(|| format!("{folder}/package-lock.json cannot be read"))?;
    let packages = lock.packages.into_iter().filter(|(place, _)| !place.is_empty());
    Ok(packages
        .map(|(place, package)| {
            (place.rsplit("node_modules/").next().unwrap_or_default().to_owned(), package.license)
        })
        .collect())
}

fn host() -> Result<String> {
    let verbose = run::read(run::command("rustc").arg("-vV"))?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not name this machine's platform")?.to_owned())
}
