//! What a first visit to the contact book weighs, as the site's own list says.

use super::{
    Options,
    report::{Report, head},
};
use crate::commands::say;
use anyhow::Result;
use serde::Deserialize;

/// The most that a first visit may weigh, in kB.
const AIM: f64 = 450.0;
/// The page that loads the program of the contact book.
const BOOK: &str = "index.html";

#[derive(Deserialize)]
struct Site {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    bytes: u64,
    br: Option<u64>,
    first_visit: Vec<String>,
}

impl File {
    fn wire(&self) -> u64 {
        self.br.unwrap_or(self.bytes)
    }
}

/// Prints it, if the site was built.
pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    head("first visit, with brotli");
    let folder = options.site.clone().or_else(|| super::target().map(|target| target.join("site")));
    let Some(list) = folder.and_then(|folder| std::fs::read(folder.join("site.json")).ok()) else {
        say("  no site: cargo xtask web");
        return Ok(());
    };
    let Site { mut files } = serde_json::from_slice(&list)?;
    files.retain(|file| file.first_visit.iter().any(|page| page == BOOK));
    files.sort_by_key(|file| std::cmp::Reverse(file.wire()));
    say("       bytes     brotli");
    for file in &files {
        say(&format!("  {:>10} {:>10}  {}", file.bytes, file.wire(), file.path));
    }
    let (bytes, wire) = files.iter().fold((0, 0), |sum, file| (sum.0 + file.bytes, sum.1 + file.wire()));
    let kilobytes = report.judge("first visit, kB", wire as f64 / 1000.0, AIM);
    say(&format!("  {bytes:>10} {wire:>10}  in all: {kilobytes} kB"));
    Ok(())
}
