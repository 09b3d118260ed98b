//! Text that must not be in the repository: where somebody works, and what they installed from.

use anyhow::{Result, bail};
use std::fs;

use crate::{paths, run};

/// A piece of text and why it must not be there. Each is put together so that it does not find itself.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("/Us", "ers/"), "a path of one machine"),
    (concat!("\"resol", "ved\": \"http"), "the host a package was installed from"),
    (concat!("registry.np", "mjs.org"), "a registry's host"),
    (concat!("files.python", "hosted.org"), "a registry's host"),
    (concat!("pypi", ".org/simple"), "a registry's host"),
    (concat!("index.crates", ".io"), "a registry's host"),
    (concat!("extra-index", "-url"), "a registry of one place"),
    (concat!("find", "-links"), "a registry of one place"),
];

/// No file of the repository contains such text.
pub fn check() -> Result<()> {
    let mut list = run::command("git");
    let Ok(files) = run::read(list.args(["ls-files", "--cached", "--others", "--exclude-standard"])) else {
        println!("Not a git checkout: there is no list of files to look through.");
        return Ok(());
    };
    let mut found = 0;
    for name in files.lines() {
        // What is no text, or has been deleted, needs no look.
        let Ok(text) = fs::read_to_string(paths::root().join(name)) else { continue };
        for (number, line) in text.lines().enumerate() {
            for (piece, reason) in FORBIDDEN.iter().filter(|(piece, _)| contains(line, piece)) {
                println!("{name}:{}: “{piece}”, {reason}", number + 1);
                found += 1;
            }
        }
    }
    if found > 0 {
        bail!("{found} lines contain what must not be in the repository");
    }
    Ok(())
}

/// Paths only count where they begin: an address on the web may well contain the same.
fn contains(line: &str, piece: &str) -> bool {
    line.match_indices(piece).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !piece.starts_with('/')
            || !before.is_some_and(|letter| letter.is_alphanumeric() || "._-/}".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_counts_only_where_it_begins() {
        assert!(contains("data in /place/x", "/place/"));
        assert!(!contains("https://example.jp/place/x", "/place/"));
        assert!(contains("the host-name", "host"));
    }
}
