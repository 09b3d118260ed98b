//! Tools from PyPI, each in a virtual environment of its own.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

use super::debian::{self, Package};
use crate::{paths, run};

/// A tool from PyPI.
pub struct Venv {
    /// Its name on PyPI.
    pub name: &'static str,
    /// Its executable's name.
    pub executable: &'static str,
    /// Exactly this version.
    pub version: &'static str,
    /// The reason, as the end of “needed because …”.
    pub why: &'static str,
}

impl Venv {
    fn folder(&self) -> Result<PathBuf> {
        Ok(paths::tools()?.join(format!("{}-{}", self.name, self.version)))
    }

    /// The executable's path, if it is installed.
    pub fn path(&self) -> Option<PathBuf> {
        // The folder carries the version, and pip writes the executable last.
        let file = self.folder().ok()?.join("bin").join(self.executable);
        file.is_file().then_some(file)
    }

    /// Installs it unless it is there, and returns the executable's path.
    pub fn ensure(&self) -> Result<PathBuf> {
        if let Some(path) = self.path() {
            return Ok(path);
        }
        let _alone = run::alone(&paths::tools()?, "lock")?;
        if let Some(path) = self.path() {
            return Ok(path); // by the run that was waited for
        }
        if !run::works(run::command("python3").arg("--version")) {
            bail!(
                "python3 was not found. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"
            );
        }
        if !run::works(run::command("python3").args(["-c", "import ensurepip, venv"])) {
            debian::install(&[Package {
                name: "python3-venv",
                why: "tools from PyPI get a folder of their own",
            }])?;
        }
        println!("Installing {} {} from PyPI: {}.", self.name, self.version, self.why);
        let folder = self.folder()?;
        run::stream(run::command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut install = run::command(folder.join("bin").join("pip"));
        install
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .arg(format!("{}=={}", self.name, self.version));
        run::stream(&mut install)
            .with_context(|| format!("{} could not be installed from PyPI", self.name))?;
        self.path()
            .with_context(|| format!("{} was installed, but has no executable of that name", self.name))
    }
}
