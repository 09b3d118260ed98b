//! Evidence alone: what boxes cost, what backups, their verification and a restore cost beside the bare calls, whether that
//! grows with the archive, how much memory it takes, and how long an erasure takes that reaches five years of generations.

mod bare;
mod boxes;
mod erasure;
mod growth;
pub mod job;

use super::{Options, report::Report, scene::Texts};
use crate::commands::say;
use anyhow::{Context, Result};
use functions::clock::{Clock, SystemClock};
use std::time::Instant;

/// Notes of the larger archive, in a shorter look and otherwise.
const NOTES: (u32, u32) = (2_000, 200_000);

/// Measures it.
pub async fn run(options: &Options, notes: Option<u32>) -> Result<()> {
    let started = Instant::now();
    let folder = super::target().context("no target folder")?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(folder)?;
    let mut texts = Texts::new(options.seed, SystemClock.now());
    let mut report = Report::default();
    super::greet(options);
    boxes::run(options, &mut texts)?;
    let notes = notes.unwrap_or(if options.quick { NOTES.0 } else { NOTES.1 });
    growth::run(&folder.path().join("growth"), notes, options, &mut report).await?;
    erasure::run(&folder.path().join("erasure"), options).await?;
    report.close();
    say(&format!("{:.0} s", started.elapsed().as_secs_f32()));
    Ok(())
}

/// Megabytes a second.
fn rate(bytes: u64, seconds: f64) -> f64 {
    bytes as f64 / 1e6 / seconds.max(f64::EPSILON)
}
