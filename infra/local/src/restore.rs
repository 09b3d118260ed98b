//! `restore`: the archive of one folder, brought back into a new one.

use crate::commands::{Opened, accounts_file, say};
use anyhow::{Result, bail};
use functions::evidence::restore::{self, Part, Plan, Progress, Restored, Source};
use shared::{
    calendar::{Day, YearMonth},
    id::PatientId,
};
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How often a line says how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(2);

/// What `restore` was asked for.
#[derive(Clone, Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("target").required(true))]
pub struct Options {
    /// The environment with the archive; it may be running.
    #[arg(long)]
    data: PathBuf,
    /// A new folder, or one whose restore was cut off: then the same restore goes on.
    #[arg(long, group = "target")]
    into: Option<PathBuf>,
    /// Reads, opens and counts everything, and writes nothing.
    #[arg(long, group = "target")]
    dry_run: bool,
    /// From the newest generation of this month, instead of the daily ones.
    #[arg(long, value_name = "YYYY-MM")]
    month: Option<YearMonth>,
    /// One patient's page alone.
    #[arg(long, value_name = "ID", conflicts_with = "day")]
    patient: Option<PatientId>,
    /// What was sent and done on one day alone.
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<Day>,
    /// Leaves out what lies under a lost key, and says which, instead of stopping.
    #[arg(long)]
    leave_lost: bool,
}

impl Options {
    fn plan(&self) -> Plan {
        let part = match (self.patient, self.day) {
            (Some(patient), _) => Part::Patient(patient),
            (None, Some(day)) => Part::Day(day),
            (None, None) => Part::Everything,
        };
        let source = self.month.map_or(Source::Daily, Source::Month);
        Plan { source, part, leave_lost: self.leave_lost }
    }
}

/// Restores, or goes on with a restore that was cut off.
///
/// # Errors
/// If the target is in use, a generation is damaged, or a key is lost.
pub async fn run(options: Options) -> Result<()> {
    let into = options.into.as_deref();
    if let Some(into) = into.filter(|into| accounts_file(into).exists()) {
        bail!("{} already holds an environment; a restore goes into a new folder", into.display());
    }
    let from = Opened::folder(&options.data).await?;
    let target = match into {
        Some(into) => Some(Opened::start(into).await?),
        None => None,
    };
    let restored = work(&from, target.as_ref(), options.plan()).await;
    if let Some(target) = target {
        target.close().await;
    }
    from.close().await;
    let restored = restored?;
    if let Some(into) = into {
        // Only a folder with this file can be served: half a restore is none.
        let accounts = std::fs::read(accounts_file(&options.data)).unwrap_or_else(|_| b"[]".to_vec());
        std::fs::write(accounts_file(into), accounts)?;
    }
    report(&restored, into);
    Ok(())
}

async fn work(from: &Opened, target: Option<&Opened>, plan: Plan) -> Result<Restored> {
    let target = target.map(|target| &*target.app);
    let before = match target {
        Some(target) => target.store.restore_progress().await?,
        None => None,
    };
    if let Some(progress) = before {
        say(&format!(
            "going on with the restore that began at {}: {}",
            progress.begun_at,
            how_far(&progress)
        ));
    }
    let mut told = Instant::now();
    let tell = |progress: &Progress| {
        if told.elapsed() > TOLD_EVERY {
            told = Instant::now();
            say(&format!("  {}", how_far(progress)));
        }
    };
    Ok(restore::to_the_end(&from.app, target, plan, tell).await?)
}

fn how_far(progress: &Progress) -> String {
    let Restored { generations, notes, files, bytes, .. } = progress.restored;
    let day = progress.day.map_or_else(String::new, |day| format!("{day}  "));
    let megabytes = bytes / 1_000_000;
    let of = progress.generations;
    format!("{day}{generations} of {of} generations, {notes} notes, {files} files, {megabytes} MB read")
}

fn report(restored: &Restored, into: Option<&Path>) {
    let Restored { generations, entries, notes, files, cases, events, erased, orphans, .. } = *restored;
    let did = if into.is_some() { "restored" } else { "read, and wrote nothing of," };
    say(&format!("{did} {generations} generations: {entries} entries, {notes} notes, {files} files"));
    say(&format!("    {cases} cases, {events} events of the audit log"));
    if erased > 0 {
        say(&format!(
            "    {erased} boxes were erased when their time came; {orphans} entries were about them"
        ));
    } else if orphans > 0 {
        say(&format!("    {orphans} entries are about notes that were not asked for"));
    }
    for key in &restored.lost {
        say(&format!("    the key {key} is lost: what lies under it is missing"));
    }
    for day in &restored.missing {
        say(&format!("    no generation of {day}: what was sent then is missing"));
    }
}
