//! The daily backup beside plain PutObject of the same bytes with the same lock, to the same store.

use super::{
    Options,
    report::head,
    scene::{Page, Texts, entry, note},
    stage::Stage,
};
use crate::{cloud::settings, commands::say, testclock::TestClock};
use anyhow::{Context, Result};
use bytes::Bytes;
use functions::{
    app::App,
    evidence::backup,
    random,
    store::{
        Store,
        blob::{BlobKey, sha256_hex},
    },
};
use shared::{
    book::{Attachment, FileType, NoteNumber},
    calendar::Day,
    evidence::BackupKind,
    id::{AttachmentId, EventId, GenerationId},
};
use std::{sync::Arc, time::Instant};

/// Notes of the day.
const NOTES: u32 = 200;
/// Bytes of one file.
const FILE: usize = 500_000;
/// How it begins: a restore looks at what a file is.
const JPEG: [u8; 4] = [0xff, 0xd8, 0xff, 0xe0];

/// Measures a generation of yesterday.
pub async fn run(stage: &Stage, options: &Options, texts: &mut Texts) -> Result<()> {
    let app = stage.endpoints.app(Arc::new(TestClock::default()), settings(Vec::new()));
    let page = stage.scene.pages.last().context("no pages")?;
    let day = app.clock.now().day().plus_days(-1);
    let files = send(&app, page, day, options.files(), texts).await?;
    head(&format!("backup of a day with {NOTES} notes and {} files of {} kB", files.len(), FILE / 1000));

    let (mut ours, mut plain, mut megabytes) = (0.0, 0.0, 0.0);
    for round in 0..options.backups() {
        for turn in 0..2 {
            if turn == round % 2 {
                let start = Instant::now();
                let generation = backup::run(&app, day).await?;
                ours += start.elapsed().as_secs_f64();
                megabytes += generation.bytes as f64 / 1e6;
            } else {
                plain += put(&app, day, &files).await?;
            }
        }
    }
    let bytes: usize = files.iter().map(Bytes::len).sum();
    let plain_megabytes = bytes as f64 * options.backups() as f64 / 1e6;
    let (ours, plain) = (megabytes / ours, plain_megabytes / plain);
    say(&format!(
        "  backup   {ours:>7.1} MB/s   reads, hashes, gzips, writes; {} generations",
        options.backups()
    ));
    say(&format!("  plain    {plain:>7.1} MB/s   PutObject with the lock's headers"));
    say(&format!("  ratio    {:>7.2}", ours / plain));
    Ok(())
}

/// Puts the day's journal and its files where the product would have put them.
pub async fn send(app: &App, page: &Page, day: Day, count: usize, texts: &mut Texts) -> Result<Vec<Bytes>> {
    let mut chance = fastrand::Rng::with_seed(1);
    let (mut items, mut files) = (Vec::new(), Vec::new());
    for number in 1..=NOTES {
        let at = day.start().plus_seconds(i64::from(number) * 300);
        let mut note = note(NoteNumber(page.notes + number), &page.actor, texts.next(), at);
        if files.len() < count {
            let random = std::iter::repeat_with(|| chance.u8(..)).take(FILE - JPEG.len());
            let bytes: Bytes = JPEG.into_iter().chain(random).collect::<Vec<_>>().into();
            let id = random::id(at, AttachmentId::from_parts);
            app.store.blobs.put_attachment(&BlobKey::File(id), FileType::Jpeg, bytes.clone()).await?;
            note.attachments.push(Attachment {
                id,
                name: format!("写真{number}.jpg"),
                file_type: FileType::Jpeg,
                bytes: bytes.len() as u64,
                sha256: sha256_hex(&bytes),
                preview: None,
            });
            files.push(bytes);
        }
        let entry = entry(page.patient, &note);
        items.push(Store::journal_item(random::id(at, EventId::from_parts), &entry)?);
    }
    app.store.put_all(items).await?;
    Ok(files)
}

/// The same bytes by nothing but PutObject, one after another; the seconds.
async fn put(app: &App, day: Day, files: &[Bytes]) -> Result<f64> {
    let now = app.clock.now();
    let generation = random::id(now, GenerationId::from_parts);
    let start = Instant::now();
    for bytes in files {
        let key =
            BlobKey::Copy(BackupKind::Daily, day, generation, random::id(now, AttachmentId::from_parts));
        app.store.blobs.archive(&key, FileType::Jpeg.wire(), bytes.clone(), day.locked_until()).await?;
    }
    Ok(start.elapsed().as_secs_f64())
}
