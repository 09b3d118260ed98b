//! Tools from crates.io, compiled into the tool folder.

use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::{paths, run, tools};

/// A tool that `cargo install` compiles.
pub struct Crate {
    /// Its name on crates.io.
    pub name: &'static str,
    /// Exactly this version.
    pub version: &'static str,
    /// Whether its own lock file can be used.
    pub locked: bool,
    /// The reason, as the end of “needed because …”.
    pub why: &'static str,
}

impl Crate {
    /// The executable's path, whether it exists or not.
    pub fn path(&self) -> Result<PathBuf> {
        Ok(folder()?.join(self.executable()))
    }

    fn executable(&self) -> &'static str {
        self.name.trim_end_matches("-cli")
    }

    /// The tool, to be run by itself: one that finds `CARGO` set takes its first argument for its own name.
    pub fn command(&self) -> Result<Command> {
        let mut command = run::command(self.path()?);
        command.env_remove("CARGO");
        Ok(command)
    }

    /// The version that is installed, if any.
    pub fn installed(&self) -> Option<String> {
        let text = run::read(self.command().ok()?.arg("--version")).ok()?;
        Some(text.split_whitespace().last()?.to_owned())
    }

    /// Installs it unless it is there in the right version.
    pub fn ensure(&self) -> Result<()> {
        if self.installed().as_deref() == Some(self.version) {
            return Ok(());
        }
        let root = paths::tools()?;
        let _alone = run::alone(&root, "lock")?;
        if self.installed().as_deref() == Some(self.version) {
            return Ok(()); // by the run that was waited for
        }
        println!(
            "Installing {} {} from crates.io: {}. This takes some minutes, once.",
            self.name, self.version, self.why
        );
        let started = Instant::now();
        let build = root.join("build");
        let mut install = run::cargo();
        install.args(["install", "--force", "--version", self.version, "--root"]).arg(&root);
        // Of default features these tools have only some for downloads, which nobody wants them to do.
        install.args(["--no-default-features", "--bin", self.executable(), self.name]);
        if self.locked {
            install.arg("--locked");
        }
        // Cargo would advise to add this folder to the PATH. Nobody needs to.
        run::find_first_in(&mut install, &[folder()?])?;
        // A tool that runs for seconds need not be optimised for minutes.
        install
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        run::stream(&mut install).with_context(|| {
            format!(
                "{} {} could not be installed; `{}` shows the same by hand",
                self.name,
                self.version,
                run::shown(&install)
            )
        })?;
        // What remains of the compilation is larger than the tool.
        fs::remove_dir_all(&build).ok();
        println!("Installed {} {} in {} s.", self.name, self.version, started.elapsed().as_secs());
        Ok(())
    }
}

/// The folder with all executables of this kind.
pub fn folder() -> Result<PathBuf> {
    Ok(paths::tools()?.join("bin"))
}

/// wasm-bindgen's tool in exactly the version of its library: two versions do not understand each other.
pub fn wasm_bindgen() -> Result<Crate> {
    Ok(Crate { version: locked_version("wasm-bindgen")?.leak(), ..tools::WASM_BINDGEN })
}

/// The version of a dependency in Cargo.lock.
fn locked_version(name: &str) -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).context("Cargo.lock is missing")?;
    lock.split("[[package]]")
        .find(|package| package.lines().any(|line| line == format!("name = \"{name}\"")))
        .and_then(|package| {
            package.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        })
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name {name}"))
}
