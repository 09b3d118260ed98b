//! Starting other programs: what they print is seen, how they end is said in a sentence.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use crate::paths;

/// How often a silent program is reported to be still at work.
const STILL_RUNNING: Duration = Duration::from_secs(20);

/// A command that starts in the root of the checkout, without what `cargo run` put into xtask's environment.
///
/// Build scripts watch such variables: left in, they would rebuild crates at every change between
/// `cargo xtask` and plain `cargo`.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let of_this_run = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CFG_", "CARGO_FEATURE_"]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        if of_this_run || matches!(&*text, "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR") {
            command.env_remove(&name);
        }
    }
    if let Some(dirs) = env::var_os("LD_LIBRARY_PATH") {
        // Cargo adds its toolchain's libraries, which another compiler must not load.
        let target = paths::target();
        let kept = env::split_paths(&dirs).filter(|dir| {
            !dir.starts_with(&target) && !dir.components().any(|part| part.as_os_str() == ".rustup")
        });
        match env::join_paths(kept) {
            Ok(kept) if !kept.is_empty() => command.env("LD_LIBRARY_PATH", kept),
            _ => command.env_remove("LD_LIBRARY_PATH"),
        };
    }
    command
}

/// The cargo that runs this xtask.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command as a person would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Lets the command find executables in these folders before all others.
pub fn find_first_in(command: &mut Command, folders: &[PathBuf]) -> Result<()> {
    let rest = env::var_os("PATH").unwrap_or_default();
    command.env("PATH", env::join_paths(folders.iter().cloned().chain(env::split_paths(&rest)))?);
    Ok(())
}

/// Keeps other runs of xtask out until the answer is dropped. Several may work in one checkout.
pub fn alone(folder: &Path, name: &str) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let lock = File::create(folder.join(name))?;
    if lock.try_lock().is_err() {
        println!("Another run of xtask is at work here; waiting for it.");
        lock.lock()?;
    }
    Ok(lock)
}

/// Runs it with its output visible. A silent one is reported every twenty seconds.
pub fn stream(command: &mut Command) -> Result<()> {
    let text = shown(command);
    let mut child = command.spawn().with_context(|| format!("could not start “{text}”"))?;
    let started = Instant::now();
    let mut reported = started;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if reported.elapsed() > STILL_RUNNING {
            reported = Instant::now();
            println!("  … {} s", started.elapsed().as_secs());
        }
        thread::sleep(Duration::from_millis(25));
    };
    succeeded(status, &text)
}

/// Runs it in silence and returns what it wrote to standard output; a failure tells what it complained of.
pub fn read(command: &mut Command) -> Result<String> {
    let text = shown(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("could not start “{text}”"))?;
    if !output.status.success() {
        bail!("“{text}” failed: {}", tail(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether it starts and ends well, in silence.
pub fn works(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether it ends well within the time given, in silence. One that is still running then is ended.
pub fn works_within(command: &mut Command, limit: Duration) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = silent.spawn() else { return false };
    let end = Instant::now() + limit;
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(Duration::from_millis(50)),
            Err(_) => break,
        }
    }
    child.kill().ok();
    child.wait().ok();
    false
}

fn succeeded(status: ExitStatus, text: &str) -> Result<()> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => bail!("“{text}” ended with code {code}"),
        None => bail!("“{text}” was stopped by a signal"),
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<_> = text.trim().lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
