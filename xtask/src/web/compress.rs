//! Compression before anything is served.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::run;

/// What Node is told to do.
pub const SCRIPT: &str = include_str!("compress.mjs");

/// The sizes of one file's compressed copies.
#[derive(Deserialize, Clone, Copy)]
pub struct Sizes {
    /// Bytes with brotli.
    pub br: u64,
    /// Bytes with gzip.
    pub gz: u64,
}

/// Writes `.br` and `.gz` beside each of the files.
pub fn compress(files: &[PathBuf]) -> Result<BTreeMap<PathBuf, Sizes>> {
    let mut node = run::command("node");
    node.args(["--input-type=module", "--eval", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().context("could not start node; install Node.js 20 or newer")?;
    let list: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    child.stdin.take().context("node takes no input")?.write_all(list.join("\n").as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the site's files could not be compressed");
    }
    serde_json::from_slice(&output.stdout).context("node did not answer with the sizes")
}

/// Whether files of this kind shrink.
pub fn shrinks(file: &Path) -> bool {
    let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    matches!(kind, "html" | "css" | "js" | "mjs" | "wasm" | "svg" | "json" | "webmanifest" | "txt" | "xml")
}
