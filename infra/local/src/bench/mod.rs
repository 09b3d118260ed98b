//! `bench`: speed and memory, as ratios within one run. Nothing is asserted: machines differ, a missed aim is
//! printed.

mod archive;
mod cases;
mod cold_start;
mod drive;
mod evidence;
mod floor;
mod function;
mod growth;
pub mod meter;
mod part;
mod report;
mod requests;
mod scene;
mod site;
mod stage;
mod trust;
mod visitor;

use crate::commands::say;
use anyhow::{Context, Result, bail};
use drive::Plan;
use functions::clock::{Clock, SystemClock};
use report::Report;
use scene::{NOTES, Texts};
use stage::Stage;
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// What `bench` was asked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// A shorter look: less than a minute.
    #[arg(long)]
    quick: bool,
    /// Chooses the texts.
    #[arg(long, default_value_t = 27)]
    seed: u64,
    /// The Lambda binary; without it TSUNAGARU_API_BIN, or the one that was built last.
    #[arg(long)]
    api_bin: Option<PathBuf>,
    /// The folder with the built site.
    #[arg(long)]
    site: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What can be measured alone, and what the benchmark starts in processes of their own.
#[derive(Clone, Debug, clap::Subcommand)]
enum Part {
    #[command(hide = true)]
    Cloud { data: PathBuf },
    #[command(hide = true)]
    Api { endpoints: PathBuf },
    /// Only the api function's start, beside a Node.js handler that answers the same.
    ColdStart {
        /// The bundle of that handler.
        #[arg(long, value_name = "FILE")]
        node: PathBuf,
    },
    #[command(hide = true)]
    Job {
        endpoints: PathBuf,
        #[command(subcommand)]
        job: evidence::job::Job,
    },
    /// Only evidence: boxes, backups, verification, restore, erasure, their memory and how they grow.
    Evidence {
        /// Notes of the larger archive.
        #[arg(long)]
        notes: Option<u32>,
    },
}

impl Options {
    const fn plan(&self) -> Plan {
        let (rounds, turn) = if self.quick { (4, 250) } else { (8, 600) };
        Plan { rounds, turn: Duration::from_millis(turn), acts: 1000 }
    }

    const fn starts(&self) -> usize {
        if self.quick { 3 } else { 9 }
    }

    const fn cold_starts(&self) -> usize {
        if self.quick { 5 } else { 25 }
    }

    const fn invocations(&self) -> usize {
        if self.quick { 100 } else { 500 }
    }

    const fn backups(&self) -> usize {
        if self.quick { 2 } else { 4 }
    }

    const fn files(&self) -> usize {
        if self.quick { 20 } else { 60 }
    }
}

/// Measures everything or one thing, or is one of its parts.
///
/// # Errors
/// If a part does not start, or an answer is not as it must be.
pub async fn run(options: Options) -> Result<()> {
    match &options.part {
        Some(Part::Cloud { data }) => part::cloud(data).await,
        Some(Part::Api { endpoints }) => part::api(endpoints).await,
        Some(Part::ColdStart { node }) => tokio::select! {
            done = Box::pin(cold_start::run(&options, node)) => done,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        },
        Some(Part::Job { endpoints, job }) => Box::pin(evidence::job::run(endpoints, job)).await,
        Some(Part::Evidence { notes }) => tokio::select! {
            done = Box::pin(evidence::run(&options, *notes)) => done,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        },
        None => tokio::select! {
            done = Box::pin(measure(&options)) => done,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        },
    }
}

/// The folder of everything built: this program lies in a folder of it.
fn target() -> Option<PathBuf> {
    std::env::current_exe().ok()?.parent()?.parent().map(PathBuf::from)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(0, usize::from)
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default()
}

/// Says what measures here; the load of the machine.
fn greet(options: &Options) -> String {
    let build = if cfg!(debug_assertions) { "DEBUG BUILD: ratios only" } else { "release build" };
    let load_now = load();
    say(&format!(
        "bench  {}  seed {}  {} cores  load average {}  {build}{}",
        SystemClock.now(),
        options.seed,
        cores(),
        load_now.split(' ').take(3).collect::<Vec<_>>().join(" "),
        if options.quick { ", --quick" } else { "" }
    ));
    load_now
}

async fn measure(options: &Options) -> Result<()> {
    let started = Instant::now();
    let load_now = greet(options);
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(target().context("no target folder")?)?;
    let (few, many) = threads();
    let small = Stage::set(&folder.path().join("small"), &few, options).await?;
    let large = Stage::set(&folder.path().join("large"), &many, options).await?;
    say(&format!(
        "cloud, API and load generator in a process each; table of {} notes, the large one of {}; loaded in {:.1} s",
        small.scene.notes,
        large.scene.notes,
        started.elapsed().as_secs_f32()
    ));
    say(&format!(
        "percentiles: of the middle one of {} turns; CPU: of all processes, for one request; aims in brackets",
        options.plan().rounds
    ));
    let busy = load_now.split(' ').next().and_then(|load| load.parse::<f64>().ok());
    if busy.is_some_and(|busy| busy > cores() as f64 / 2.0) {
        say(
            "the machine is busy: the API, one process more, gets more of it than the floor; believe the CPU",
        );
    }
    let mut texts = Texts::new(options.seed, SystemClock.now());
    let mut report = Report::default();
    requests::run(&small, options, &mut texts, &mut report).await?;
    growth::run(&small, &large, options, &mut report).await?;
    function::run(&small, options, &mut texts).await?;
    archive::run(&small, options, &mut texts).await?;
    trust::run(&small, options).await?;
    cases::run(&folder.path().join("cases"), options).await?;
    site::run(options, &mut report)?;
    report.close();
    say(&format!("{:.0} s, load average at the end {}", started.elapsed().as_secs_f32(), load().trim()));
    small.clear().await;
    large.clear().await;
    Ok(())
}

/// Threads of the small table and of the large one, which holds ten times as many notes.
fn threads() -> (Vec<u32>, Vec<u32>) {
    // A page for each connection of each side, two for counting units, and those that only growth opens.
    let mut few = vec![NOTES; 2 * requests::at_most() + 2 + growth::CONNECTIONS];
    few.extend([2 * NOTES; growth::CONNECTIONS]);
    let mut many = Vec::new();
    for notes in growth::THREADS {
        many.extend([10 * notes; growth::CONNECTIONS]);
    }
    let missing = 10 * few.iter().sum::<u32>() - many.iter().sum::<u32>();
    many.extend(vec![NOTES; usize::try_from(missing / NOTES).unwrap_or_default()]);
    (few, many)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_large_table_is_ten_times_the_small_one() {
        let (few, many) = super::threads();
        assert_eq!(few.iter().sum::<u32>() * 10, many.iter().sum::<u32>());
    }
}
