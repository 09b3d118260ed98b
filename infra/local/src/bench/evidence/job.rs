//! One piece of work on the archive in a process of its own, so that its memory can be told apart.

use super::super::part::{self, Memory};
use crate::{
    cloud::{Endpoints, settings},
    commands::say,
    testclock::TestClock,
};
use anyhow::{Context, Result, bail};
use functions::{
    app::App,
    evidence::{backup, monthly, restore, verify},
};
use serde::{Deserialize, Serialize};
use shared::{
    calendar::Day,
    evidence::{BackupKind, Counts, Generation, VerificationState},
};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Instant,
};
use tokio::process::Command;

/// What is done.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Job {
    /// The generation of a day.
    Daily {
        /// Which.
        day: Day,
    },
    /// The generation of this month.
    Monthly,
    /// The newest monthly generation is read back.
    Verify,
    /// It is restored.
    Restore {
        /// The file with the empty environment's endpoints.
        into: PathBuf,
    },
}

/// What it took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Done {
    /// Without the start of the process.
    pub seconds: f64,
    /// Processor time of this process alone, with its start.
    pub work: f64,
    /// Of the generation, as it lies in the archive.
    pub bytes: u64,
    /// Entries and files.
    pub items: u64,
    /// Resident memory at most, in kB.
    pub peak: u64,
}

fn app_at(endpoints: &Path) -> Result<Arc<App>> {
    let endpoints: Endpoints = serde_json::from_slice(&std::fs::read(endpoints)?)?;
    Ok(endpoints.app(Arc::new(TestClock::default()), settings(Vec::new())))
}

/// Does it in this process, and says what it took.
pub async fn run(endpoints: &Path, job: &Job) -> Result<()> {
    let app = app_at(endpoints)?;
    let today = app.clock.now().day();
    let newest = app.store.generations_of(BackupKind::Monthly, today, today).await?.pop();
    let start = Instant::now();
    let (bytes, items) = match job {
        Job::Daily { day } => size(&backup::run(&app, *day).await?),
        Job::Monthly => size(&monthly::run(&app, today.month()).await?),
        Job::Verify => {
            let verified = verify::run(&app, newest.context("no monthly generation")?).await?;
            let state = verified.verification.state;
            anyhow::ensure!(state == VerificationState::Sound, "{:?}", verified.verification.findings);
            size(&verified)
        }
        Job::Restore { into } => {
            let newest = newest.context("no monthly generation")?;
            (newest.bytes, restore_month(&app, &*app_at(into)?).await?)
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let peak = Memory::of(std::process::id()).map_or(0, |memory| memory.peak);
    let work = part::work(std::process::id()).as_secs_f64();
    say(&serde_json::to_string(&Done { seconds, work, bytes, items, peak })?);
    Ok(())
}

fn size(generation: &Generation) -> (u64, u64) {
    let Counts { entries, attachments, .. } = generation.counts;
    (generation.bytes, entries + attachments)
}

/// Restores the newest monthly generation; how many entries and files came back.
async fn restore_month(from: &App, into: &App) -> Result<u64> {
    let listed = restore::listed(from, BackupKind::Monthly).await?;
    let newest = listed.last().context("no monthly generation")?;
    let restored = restore::month(from, into, newest.day.month()).await?;
    Ok(u64::try_from(restored.entries + restored.files)?)
}

/// Starts this program again with a job, and waits for its end.
pub async fn start(endpoints: &Path, job: &[&str]) -> Result<Done> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bench", "job"]).arg(endpoints).args(job);
    let output = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
    if !output.status.success() {
        bail!("{job:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(said.lines().last().unwrap_or_default()).with_context(|| format!("{job:?}: {said}"))
}
