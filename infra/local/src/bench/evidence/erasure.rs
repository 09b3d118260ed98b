//! The erasure of a day that lies in its daily generation and in every monthly one of its five years.

use super::{
    super::{Options, report::head, scene},
    bare,
};
use crate::{
    cloud::{Cloud, settings},
    commands::say,
    testclock::TestClock,
};
use anyhow::{Context, Result, anyhow};
use functions::{
    app::App,
    clock::Clock,
    evidence::{
        backup, certify, erase,
        ring::Ring,
        writer::{Grouped, Writer},
    },
    store::item::Item,
};
use shared::{
    calendar::Day,
    evidence::{BackupKind, Holds, KeyName},
};
use std::{path::Path, sync::Arc, time::Instant};

/// Patients, and notes of each.
const THREADS: [u32; 20] = [50; 20];

/// Measures it over a cloud of its own.
pub async fn run(folder: &Path, options: &Options) -> Result<()> {
    let months = if options.quick { 12 } else { 60 };
    scene::load(folder, &THREADS, scene::EVERY, options).await?;
    let clock = TestClock::default();
    let cloud = Cloud::start(folder, &clock).await?;
    let app = cloud.endpoints.app(Arc::new(clock.clone()), settings(Vec::new()));
    let day = clock.now().day().plus_days(-2);
    backup::run(&app, day).await?;
    for month in 1..=months {
        clock.set(day.plus_days(30 * month).start());
        generation(&app, day).await?;
    }
    clock.set(day.locked_until());
    let start = Instant::now();
    let record = erase::run(&app, KeyName::Day(day), None).await.map_err(|why| anyhow!("{why}"))?;
    let erased = start.elapsed().as_secs_f64();
    let kept = record.certificate.context("no certificate")?;
    let certificate = certify::certificate(&app, &kept).await?.context("no certificate")?;
    let reached = certificate.reached.iter().flat_map(|generation| &generation.objects);
    let objects: Vec<_> = reached.map(|object| (object.key.as_str(), object.version.as_str())).collect();
    let floor = bare::get(&cloud.endpoints.clients().1, objects.iter().copied()).await?;
    head(&format!("erasure of a day across {} generations", certificate.reached.len()));
    say(&format!(
        "  {} entries, {} object versions tried: {erased:.2} s, {:.2} x GetObject of the same ({floor:.2} s)",
        certificate.live.entries,
        objects.len(),
        erased / floor.max(f64::EPSILON)
    ));
    cloud.stop().await;
    Ok(())
}

/// A monthly generation that holds this day and nothing else.
async fn generation(app: &App, day: Day) -> Result<()> {
    let ring = Ring::open(app)?;
    let mut writer = Writer::begin(app, &ring, BackupKind::Monthly, app.clock.now().day());
    writer.reaches_back_to(day);
    let mut boxes = Grouped::default();
    for (key, entry) in app.store.journal(day).await? {
        let item = functions::store::Store::journal_item(key.parse().map_err(|_| anyhow!("a key"))?, &entry)?;
        boxes.push(entry.patient, Item::to_line(&item)?);
    }
    for patient in boxes.into_boxes() {
        let (patient, lines) = patient.map_err(|why| anyhow!("{why:?}"))?;
        writer.lines(Holds::Journal, &[KeyName::Day(day), KeyName::Patient(patient)], lines).await?;
    }
    writer.finish().await?;
    Ok(())
}
