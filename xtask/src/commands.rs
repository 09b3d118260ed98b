//! The command line. Its help text is the reference of every command.

use clap::{Args, Parser, Subcommand};
use shared::{
    calendar::{Day, YearMonth},
    id::PatientId,
};
use std::path::PathBuf;

/// つながる連絡帳: everything that is built, tried and checked on one machine.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// One variant per command.
#[derive(Subcommand)]
pub enum Command {
    /// Start the whole system on this machine and print its address
    Dev(Dev),
    /// Run every test, the browser's included, from nothing
    Test(Test),
    /// Format, lints on both targets, golden files, licences, unused dependencies, forbidden text, size budget
    Check,
    /// Write the golden files anew, so that a change of rules is read as a diff
    Golden,
    /// Build only the site, into target/site
    Web,
    /// Say what this machine has and what it lacks
    Doctor,
    /// Write a backup: --daily YYYY-MM-DD | --monthly YYYY-MM | --system, with --data DIR
    Backup(Passed),
    /// Verify every backup generation, or with --audit the audit log: --data DIR [--audit]
    Verify(Passed),
    /// Open cases of what falls due and finish erasures that were cut off: --due --data DIR
    Erase(Passed),
    /// Restore into an empty environment: --data DIR --into DIR2
    Restore(Passed),
    /// Prove that the archive can be restored, in isolation: --data DIR
    Drill(Passed),
    /// Measure speed and memory, as ratios within one run; `cold-start`: the api function's start beside Node.js
    Bench(Passed),
    /// Pack the functions for the cloud and print their SHA-256
    Package(Package),
    /// Make or update the cloud environment; --dry-run shows what would change
    Deploy(Box<Deploy>),
    /// List what is deployed for the asset ledger (資産台帳, Art. 8) and compare it with one
    Assets(Assets),
    /// Found a deployed environment: its first offices and people, without whom nobody can sign in
    Founding(Founding),
    /// Fill a deployed, empty environment from the archive of another (its `RestoreFrom`)
    Fill(Fill),
}

/// Options of `dev`.
#[derive(Args)]
pub struct Dev {
    /// The port to listen on
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// The folder that keeps everything between two starts
    #[arg(long, default_value = ".local/dev")]
    pub data: PathBuf,
    /// Fill a new folder with the fictional city (what happens by default)
    #[arg(long, conflicts_with = "empty")]
    pub demo: bool,
    /// Start a new folder with the accounts of the city and the contractor only
    #[arg(long)]
    pub empty: bool,
    /// Use a test clock that starts at this moment, for example 2026-11-20T09:00:00+09:00
    #[arg(long, value_name = "RFC3339")]
    pub clock: Option<String>,
}

/// Options of `test`.
#[derive(Args)]
pub struct Test {
    /// Leave out the journeys in the browser
    #[arg(long)]
    pub no_browser: bool,
    /// Try the functions optimised, with their own features, as they are deployed; takes some ten minutes more
    #[arg(long)]
    pub release: bool,
    /// Run only tests whose name, and journeys whose file, contains this
    pub filter: Option<String>,
}

/// Arguments that go unchanged to the local environment's own command.
#[derive(Args)]
pub struct Passed {
    /// Handed on as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// Options of `package`.
#[derive(Args)]
pub struct Package {
    /// The processor of the functions: x86_64 or arm64
    #[arg(long, default_value = "x86_64")]
    pub architecture: String,
    /// Pack the finished binaries of this folder instead of compiling
    #[arg(long, value_name = "DIR")]
    pub binaries: Option<PathBuf>,
}

/// Options of `deploy`. What was said once need not be said again: an update leaves it as it was.
#[derive(Args)]
pub struct Deploy {
    /// The beginning of every name of this environment
    #[arg(long)]
    pub prefix: String,
    /// The city as official sheets name it
    #[arg(long)]
    pub city: Option<String>,
    /// The host name of the environment; passkeys are bound to it
    #[arg(long)]
    pub domain: Option<String>,
    /// Who gets alarms
    #[arg(long)]
    pub alarm_mail: Option<String>,
    /// ARN of the person or account that may take the auditor's role
    #[arg(long, value_name = "ARN")]
    pub auditor: Option<String>,
    /// ARN of the role that deploys, where it cannot be told from the session
    #[arg(long, value_name = "ARN")]
    pub deployer: Option<String>,
    /// Any other parameter of a template, for example Traffic=cut
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Only these stacks, for example 20-network
    #[arg(long, value_name = "STACK")]
    pub only: Vec<String>,
    /// Also the copy of the archive in another region
    #[arg(long)]
    pub copy: bool,
    /// Show what would change and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Another address than the provider's: an emulator
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}

/// Options of `assets`.
#[derive(Args)]
pub struct Assets {
    /// The beginning of every name of the environment
    #[arg(long)]
    pub prefix: String,
    /// A ledger (CSV as this command prints it) to be compared with what is deployed
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Another address than the provider's: an emulator
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}

/// Options of `founding`.
#[derive(Args)]
pub struct Founding {
    /// The beginning of every name of the environment
    #[arg(long)]
    pub prefix: String,
    /// Offices and people (JSON; the operators' handbook has an example)
    #[arg(long, value_name = "FILE")]
    pub people: PathBuf,
    /// Another address than the provider's: an emulator
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}

/// Options of `fill`.
#[derive(Args)]
pub struct Fill {
    /// The beginning of every name of the empty environment
    #[arg(long)]
    pub prefix: String,
    /// From the newest generation of this month, instead of the daily ones
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Option<YearMonth>,
    /// One patient's page alone
    #[arg(long, value_name = "ID", conflicts_with = "day")]
    pub patient: Option<PatientId>,
    /// What was sent and done on one day alone
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<Day>,
    /// Leave out what lies under a lost key, and say which, instead of stopping
    #[arg(long)]
    pub leave_lost: bool,
    /// Read, open and count, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Another address than the provider's: an emulator
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
}
