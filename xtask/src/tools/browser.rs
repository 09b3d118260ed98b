//! The browser of the journeys, wherever it comes from.

use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;

use super::{CHROMIUM, FONTS, debian};
use crate::{paths, run};

/// The browser's executable: `$CHROMIUM`, or one of its usual names on the PATH.
pub fn find() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .into_iter()
        .find_map(paths::on_path)
}

/// Whether a font with Japanese letters is installed.
pub fn has_japanese_font() -> bool {
    run::read(run::command("fc-list").args([":lang=ja", "family"]))
        .is_ok_and(|fonts| !fonts.trim().is_empty())
}

/// Installs what is missing, and returns the browser's executable.
pub fn ensure() -> Result<PathBuf> {
    if find().is_none() {
        debian::install(CHROMIUM)?;
    }
    if !has_japanese_font() {
        debian::install(FONTS)?;
    }
    find().context("Chromium was installed, but is not on the PATH; set CHROMIUM to its executable")
}
