//! Daily and monthly backup, verification and restore beside the bare calls, over an archive and one of ten times the
//! history of the same patients.

use super::{
    super::{
        Options, archive,
        part::Part,
        report::{Report, head, megabytes},
        scene::{self, Texts},
    },
    bare,
    job::{self, Done},
    rate,
};
use crate::{
    cloud::{Cloud, Endpoints, settings},
    commands::say,
    testclock::TestClock,
};
use anyhow::{Context, Result};
use functions::store::keys;
use shared::{calendar::Day, evidence::BackupKind};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// Notes of a patient in the larger archive: four a day over a hundred days.
const THREAD: u32 = 400;
/// Seconds between a patient's notes.
const EVERY: i64 = 6 * 60 * 60;
/// Files of yesterday.
const FILES: usize = 5;
/// The most memory that a backup, a verification or a restore may take, in MB.
const MEMORY_AIM: f64 = 256.0;

/// Measures both.
pub async fn run(folder: &Path, notes: u32, options: &Options, report: &mut Report) -> Result<()> {
    let patients = usize::try_from(notes.div_ceil(THREAD).max(1))?;
    let small = one(&folder.join("small"), patients, THREAD / 10, options, report).await?;
    let large = one(&folder.join("large"), patients, THREAD, options, report).await?;
    head("growth: ten times the history");
    for ((what, small), (_, large)) in small.iter().zip(&large) {
        say(&format!(
            "  {what:8} {:>5.2} x the time ({:.2} x the CPU), {:.2} x for one item, {:.2} x the memory",
            large.seconds / small.seconds,
            large.work / small.work,
            large.seconds / large.items as f64 / (small.seconds / small.items as f64),
            large.peak as f64 / small.peak as f64
        ));
    }
    Ok(())
}

/// A cloud in a process of its own over a folder, and the file with its endpoints.
async fn cloud(folder: &Path) -> Result<(Part, Endpoints, PathBuf)> {
    let cloud = Part::start(&["cloud".as_ref(), folder.as_ref()]).await?;
    let file = folder.join("endpoints.json");
    std::fs::write(&file, &cloud.said)?;
    let endpoints = serde_json::from_str(&cloud.said)?;
    Ok((cloud, endpoints, file))
}

/// An empty one.
async fn empty(folder: &Path) -> Result<(Part, Endpoints, PathBuf)> {
    let made = Cloud::start(folder, &TestClock::default()).await?;
    made.prepare(&["http://localhost".to_owned()]).await?;
    made.stop().await;
    cloud(folder).await
}

async fn one(
    folder: &Path,
    patients: usize,
    thread: u32,
    options: &Options,
    report: &mut Report,
) -> Result<Vec<(&'static str, Done)>> {
    let loading = Instant::now();
    let from = folder.join("from");
    let scene = scene::load(&from, &vec![thread; patients], EVERY, options).await?;
    let loaded = loading.elapsed().as_secs_f64();
    let (served, endpoints, file) = cloud(&from).await?;
    let app = endpoints.app(Arc::new(TestClock::default()), settings(Vec::new()));
    let (table, blobs) = endpoints.clients();
    let now = app.clock.now();
    let (today, yesterday) = (now.day(), now.day().plus_days(-1));
    let first = now.plus_seconds(-2 * 24 * 60 * 60 - EVERY * i64::from(thread)).day();
    let days: Vec<Day> = std::iter::successors(Some(first), |day| Some(day.plus_days(1)))
        .take_while(|day| *day <= today)
        .collect();
    let page = scene.pages.last().context("no pages")?;
    archive::send(&app, page, yesterday, FILES, &mut Texts::new(options.seed, now)).await?;
    head(&format!("evidence of {} notes of {patients} patients, loaded in {loaded:.1} s", scene.notes));

    let mut all = Vec::new();
    let daily = job::start(&file, &["daily", &yesterday.to_string()]).await?;
    let made = app.store.generations_of(BackupKind::Daily, yesterday, yesterday).await?;
    let objects = bare::objects(&app, made.last().context("no daily generation")?).await?;
    let floor = bare::query(&table, &[yesterday]).await? + bare::put(&app, &objects, yesterday).await?;
    tell("daily", "Query and PutObject", daily, floor, report);
    all.push(("daily", daily));

    let monthly = job::start(&file, &["monthly"]).await?;
    say(&format!("  the first monthly one made the keys, too: {:.1} s", monthly.seconds));
    let monthly = job::start(&file, &["monthly"]).await?;
    let made = app.store.generations_of(BackupKind::Monthly, today, today).await?;
    let objects = bare::objects(&app, made.last().context("no monthly generation")?).await?;
    let floor = bare::query(&table, &days).await? + bare::put(&app, &objects, today).await?;
    tell("monthly", "Query and PutObject", monthly, floor, report);
    all.push(("monthly", monthly));

    let verified = job::start(&file, &["verify"]).await?;
    let got = objects.iter().map(|(key, version, _)| (key.as_str(), version.as_str()));
    let read = bare::get(&blobs, got).await?;
    tell("verify", "GetObject", verified, read, report);
    all.push(("verify", verified));

    let (target, into, into_file) = empty(&folder.join("into")).await?;
    let restored = job::start(&file, &["restore", &into_file.to_string_lossy()]).await?;
    // At once: its floor takes as long.
    say(&format!("  restored in {:.1} s; the same items by bare calls are next", restored.seconds));
    let (again, copy, _) = empty(&folder.join("copy")).await?;
    let of_days = days.iter().flat_map(|day| [keys::journal(*day), keys::receipts(*day)]);
    let of_patients = scene.pages.iter().map(|page| keys::patient_partition(page.patient));
    let partitions = of_days.chain(of_patients);
    let floor = read + bare::copy(&into.clients().0, &copy.clients().0, partitions).await?;
    tell("restore", "GetObject and BatchWriteItem", restored, floor, report);
    all.push(("restore", restored));
    for part in [target, again, served] {
        part.stop().await;
    }
    say(&format!("  on disk at the end: {:.0} MB", size(folder) as f64 / 1e6));
    Ok(all)
}

fn tell(what: &str, calls: &str, done: Done, floor: f64, report: &mut Report) {
    let peak = report.judge(&format!("memory of {what}, MB"), megabytes(done.peak), MEMORY_AIM);
    say(&format!(
        "  {what:8} {:>7.2} s (CPU {:.2} s) {:>7.2} MB/s {:>8.0} items/s   {:>6.2} x {calls} ({floor:.2} s)   peak MB {peak}",
        done.seconds,
        done.work,
        rate(done.bytes, done.seconds),
        done.items as f64 / done.seconds.max(f64::EPSILON),
        done.seconds / floor.max(f64::EPSILON)
    ));
}

/// Bytes of everything in a folder.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => size(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.filter_map(Result::ok).map(of).sum()
}
