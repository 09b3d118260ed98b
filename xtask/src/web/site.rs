//! The finished site and its description, `site.json`: what a server needs to serve it well.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

use crate::paths;

/// A page that loads a program, with what somebody's first visit to it may weigh.
pub struct Program {
    /// The page's file.
    pub page: &'static str,
    /// Bytes on the wire, with brotli: sign-in page, program, style, pictures.
    pub budget: u64,
}

/// The programs (`frontend/src/programs.rs`): the contact book, which must come quickly to a phone on the road, and the
/// offices'.
pub const PROGRAMS: [Program; 2] =
    [Program { page: "index.html", budget: 420_000 }, Program { page: "offices.html", budget: 620_000 }];

/// The page on which everybody signs in.
pub const SIGN_IN: &str = "signin.html";

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
    /// The programs' pages for which somebody who has never been here before loads it.
    pub first_visit: Vec<String>,
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

    /// Bytes of a first visit to a program.
    pub fn first_visit(&self, program: &Program) -> u64 {
        let of_it = |file: &&SiteFile| file.first_visit.iter().any(|page| page == program.page);
        self.files.iter().filter(of_it).map(SiteFile::wire).sum()
    }

    /// Prints sizes, the largest first, and what first visits weigh.
    pub fn print(&self) {
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by_key(|file| std::cmp::Reverse(file.wire()));
        println!("{:>10} {:>10}  file (and for whose first visit)", "bytes", "brotli");
        for file in files {
            println!("{:>10} {:>10}  {}  {}", file.bytes, file.wire(), file.path, file.first_visit.join(" "));
        }
        for program in &PROGRAMS {
            let (page, budget) = (program.page, program.budget);
            println!(
                "{:>10} {:>10}  first visit to {page}, of {budget} at most",
                "",
                self.first_visit(program)
            );
        }
    }
}
