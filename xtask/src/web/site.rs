//! The finished site and its description, `site.json`: what a server needs to serve it well.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

use crate::paths;

/// What a first visit may weigh on the wire, in bytes with brotli.
pub const BUDGET: u64 = 620_000;

/// The contents of `site.json`.
#[derive(Serialize, Deserialize)]
pub struct Site {
    /// Hash of all contents. Pages carry it, and the client sends it, so that an outdated one is noticed.
    pub version: String,
    /// Every file but this description and the compressed copies.
    pub files: Vec<SiteFile>,
}

/// One file of the site.
#[derive(Serialize, Deserialize)]
pub struct SiteFile {
    /// Its address, with the leading slash.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// The size of its copy `….br`, if it has one.
    pub br: Option<u64>,
    /// The size of its copy `….gz`, if it has one.
    pub gz: Option<u64>,
    /// Whether its name carries its content's hash, so that it never changes.
    pub immutable: bool,
    /// Whether somebody who has never been here before loads it.
    pub first_visit: bool,
}

impl SiteFile {
    /// Bytes on the wire.
    pub fn wire(&self) -> u64 {
        self.br.unwrap_or(self.bytes)
    }
}

impl Site {
    /// Where the description lies.
    pub fn file() -> PathBuf {
        paths::site().join("site.json")
    }

    /// The site that was built last.
    pub fn read() -> Result<Self> {
        let text = fs::read(Self::file()).context("the site is not built yet: cargo xtask web")?;
        serde_json::from_slice(&text).context("site.json cannot be read: delete target/site and build again")
    }

    /// Bytes of a first visit.
    pub fn first_visit(&self) -> u64 {
        self.files.iter().filter(|file| file.first_visit).map(SiteFile::wire).sum()
    }

    /// Prints sizes, the largest first, and what a first visit weighs.
    pub fn print(&self) {
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by_key(|file| (!file.first_visit, std::cmp::Reverse(file.wire())));
        println!("{:>10} {:>10}  file (✓: part of a first visit)", "bytes", "brotli");
        for file in files {
            let mark = if file.first_visit { "✓" } else { " " };
            println!("{:>10} {:>10}  {mark} {}", file.bytes, file.wire(), file.path);
        }
        println!("{:>10} {:>10}  first visit, of {BUDGET} at most", "", self.first_visit());
    }
}
