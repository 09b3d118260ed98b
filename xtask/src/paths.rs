//! Where things are. Nothing here depends on the folder one stands in.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> &'static Path {
    // xtask lies directly below the root, and is compiled where it runs.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Cargo's folder for what is compiled for this machine.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The finished site.
pub fn site() -> PathBuf {
    target().join("site")
}

/// The folder for tools of pinned versions, shared by all checkouts of one person.
pub fn tools() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("TSUNAGARU_TOOLS") {
        return Ok(root().join(dir));
    }
    let cache = match env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(
            env::var_os("HOME").context("HOME is not set: set TSUNAGARU_TOOLS to a folder for tools")?,
        )
        .join(".cache"),
    };
    Ok(cache.join("tsunagaru").join("tools"))
}

/// The first executable of that name on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// The fonts of the official sheets, as npm installs them.
pub fn fonts() -> PathBuf {
    root().join("functions/sheet/node_modules/@expo-google-fonts")
}
