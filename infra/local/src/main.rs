//! `tsunagaru-local`: the product on one machine. `cargo xtask` builds it and passes its own arguments on.

use anyhow::Result;
use clap::{Parser, Subcommand};
use local::{
    bench,
    commands::{self, Run},
    restore,
};
use shared::calendar::{Day, YearMonth};
use std::path::PathBuf;

#[derive(Parser)]
#[command(about = "つながる連絡帳 on one machine")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything on one port, with the data in a folder.
    Serve(commands::Serve),
    /// Writes and verifies a generation: of a day, of this month, or of the system data.
    #[command(group = clap::ArgGroup::new("kind").required(true))]
    Backup {
        /// What was sent on this day, in Japan.
        #[arg(long, group = "kind", value_name = "YYYY-MM-DD")]
        daily: Option<Day>,
        /// Everything, as the generation of this month.
        #[arg(long, group = "kind", value_name = "YYYY-MM")]
        monthly: Option<YearMonth>,
        /// Settings, forms and programs.
        #[arg(long, group = "kind")]
        system: bool,
        /// The environment's folder; it may be running.
        #[arg(long)]
        data: PathBuf,
        #[command(flatten)]
        by_hand: commands::ByHandArgs,
    },
    /// Reads every generation back and compares it with its manifest.
    Verify {
        /// The environment's folder; it may be running.
        #[arg(long)]
        data: PathBuf,
        /// The audit log against its seals, instead of the generations.
        #[arg(long)]
        audit: bool,
    },
    /// Opens a case for each day whose five years are over, and finishes erasures that were cut off.
    Erase {
        /// What is due: there is no other way to erase than a permitted case.
        #[arg(long, required = true)]
        due: bool,
        /// The environment's folder; it may be running.
        #[arg(long)]
        data: PathBuf,
    },
    /// Brings the archive back into a new environment: all of it, one patient's page or one day.
    Restore(restore::Options),
    /// Reads every generation back, restores in isolation and writes the proof.
    Drill {
        /// The environment's folder; it may be running.
        #[arg(long)]
        data: PathBuf,
    },
    /// Measures speed and memory, as ratios within one run.
    Bench(bench::Options),
}

/// Unoptimised, a job's chain of futures takes more than the two megabytes that a thread has otherwise.
const STACK: usize = 8 << 20;

fn main() -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?.block_on(run())
}

async fn run() -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("info,dynoxide=warn,s3s=warn,aws_config=warn")
    });
    tracing_subscriber::fmt().with_env_filter(filter).with_target(false).compact().init();
    match Arguments::parse().command {
        Command::Serve(options) => commands::run_serve(options).await,
        Command::Backup { daily: Some(day), data, by_hand, .. } => {
            commands::run_backup(&data, Run::Daily(day), &by_hand).await
        }
        Command::Backup { monthly: Some(month), data, by_hand, .. } => {
            commands::run_backup(&data, Run::Monthly(month), &by_hand).await
        }
        Command::Backup { data, by_hand, .. } => commands::run_backup(&data, Run::System, &by_hand).await,
        Command::Verify { data, audit: false } => commands::run_verify(&data).await,
        Command::Verify { data, audit: true } => commands::run_verify_audit(&data).await,
        Command::Erase { data, .. } => commands::run_erase(&data).await,
        Command::Restore(options) => restore::run(options).await,
        Command::Drill { data } => commands::run_drill(&data).await,
        Command::Bench(options) => bench::run(options).await,
    }
}
