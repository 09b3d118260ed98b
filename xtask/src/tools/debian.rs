//! Packages of Debian and its relatives.

use anyhow::{Context, Result, bail};
use std::process::Command;

use crate::{paths, run};

/// One package and the reason for it.
pub struct Package {
    /// Its name in Debian.
    pub name: &'static str,
    /// The reason, as the end of “needed because …”.
    pub why: &'static str,
}

impl Package {
    /// Its version, if it is installed.
    pub fn installed(&self) -> Option<String> {
        let mut query = run::command("dpkg-query");
        query.args(["--show", "--showformat=${db:Status-Status} ${Version}", self.name]);
        run::read(&mut query).ok()?.strip_prefix("installed ").map(str::to_owned)
    }
}

/// Installs those that are missing; as root, or where sudo asks for no password.
pub fn install(packages: &[Package]) -> Result<()> {
    let missing: Vec<_> = packages.iter().filter(|package| package.installed().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing from Debian:");
    for package in &missing {
        println!("  {}: {}", package.name, package.why);
    }
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    let by_hand =
        format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", names.join(" "));
    if paths::on_path("apt-get").is_none() {
        bail!("this is not a Debian system; install what corresponds to: {}", names.join(" "));
    }
    let Some(as_root) = as_root() else {
        bail!("root is needed to install packages, and sudo asks for a password; please run: {by_hand}");
    };
    run::stream(as_root().args(["apt-get", "-qq", "update"]))
        .context("the package lists could not be read")?;
    // Without --no-remove, apt would take away what conflicts (Debian's own rustup, for one) and ask nobody.
    run::stream(
        as_root()
            .args(["apt-get", "-qq", "-y", "--no-remove", "--no-install-recommends", "install"])
            .args(&names),
    )
    .with_context(|| format!("the packages could not be installed; the same by hand: {by_hand}"))
}

/// How to run a command as root without being asked anything.
fn as_root() -> Option<fn() -> Command> {
    if run::read(run::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(|| {
            let mut command = run::command("env");
            command.arg("DEBIAN_FRONTEND=noninteractive");
            command
        });
    }
    run::works(run::command("sudo").args(["-n", "true"])).then_some(|| {
        let mut command = run::command("sudo");
        command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"]);
        command
    })
}
