//! Tools from PyPI, each in a virtual environment of its own.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

use super::debian::{self, Package};
use crate::web::content;
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
        println!("Installing {} {} from PyPI: {}.", self.name, self.version, self.why);
        install(&self.folder()?, &[&format!("{}=={}", self.name, self.version)])
            .with_context(|| format!("{} could not be installed from PyPI", self.name))?;
        self.path()
            .with_context(|| format!("{} was installed, but has no executable of that name", self.name))
    }
}

/// Several packages whose exact versions stand in a file.
pub struct Locked {
    /// What they are for, as part of the folder's name.
    pub name: &'static str,
    /// The file, from the root of the checkout.
    pub versions: &'static str,
    /// An executable that is there when all are.
    pub last: &'static str,
    /// The reason, as the end of “needed because …”.
    pub why: &'static str,
}

impl Locked {
    fn folder(&self) -> Result<PathBuf> {
        let versions = fs::read(paths::root().join(self.versions))?;
        Ok(paths::tools()?.join(format!("{}-{}", self.name, content::hash(&versions))))
    }

    /// The folder of the executables, if they are installed.
    pub fn path(&self) -> Option<PathBuf> {
        let folder = self.folder().ok()?;
        folder.join(COMPLETE).is_file().then(|| folder.join("bin"))
    }

    /// Installs them unless they are there, and returns the folder of the executables.
    pub fn ensure(&self) -> Result<PathBuf> {
        if let Some(path) = self.path() {
            return Ok(path);
        }
        let _alone = run::alone(&paths::tools()?, "lock")?;
        if let Some(path) = self.path() {
            return Ok(path); // by the run that was waited for
        }
        println!("Installing {} from PyPI: {}.", self.versions, self.why);
        let folder = self.folder()?;
        let versions = paths::root().join(self.versions);
        install(&folder, &["--requirement", &versions.display().to_string()])
            .with_context(|| format!("{} could not be installed from PyPI", self.versions))?;
        if !folder.join("bin").join(self.last).is_file() {
            bail!("{} brought no {}", self.versions, self.last);
        }
        fs::write(folder.join(COMPLETE), "")?;
        Ok(folder.join("bin"))
    }
}

/// Says that an installation went to its end.
const COMPLETE: &str = "complete";

/// Makes a virtual environment and installs into it.
fn install(folder: &Path, what: &[&str]) -> Result<()> {
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
    run::stream(run::command("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut pip = run::command(folder.join("bin").join("pip"));
    run::stream(pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(what))
}
