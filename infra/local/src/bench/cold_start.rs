//! How soon the api function answers after its process started, beside a Node.js handler that answers the same.
//!
//! Both run under the same Runtime API against the same table, a start of one after a start of the other, so that whatever
//! else the machine does meets both. What the provider adds (place, download, its own runtime for Node.js) is in neither.

use super::{
    Options,
    drive::Sample,
    function,
    part::{Memory, Part},
    report::{head, megabytes, ms, times},
    scene::{self, Page},
    visitor,
};
use crate::{
    cloud::{Endpoints, settings},
    commands::say,
    lambda_runtime::{self, Runtime},
};
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use flate2::{Compression, write::DeflateEncoder};
use http::{Request, StatusCode};
use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::process::Command;

/// A function that is measured.
struct Side {
    program: PathBuf,
    arguments: Vec<PathBuf>,
    seen: Seen,
}

/// What was seen of it.
#[derive(Default)]
struct Seen {
    ready: Vec<Duration>,
    without_table: Vec<Duration>,
    with_table: Vec<Duration>,
    first: Vec<Duration>,
    warm: Vec<Duration>,
    memory: u64,
}

/// Measures both.
pub async fn run(options: &Options, node: &Path) -> Result<()> {
    let Some(api) = function::binary(options) else {
        bail!("there is no binary: cargo xtask package, or cargo build --release -p functions --bin api");
    };
    let bundle = node.canonicalize().with_context(|| format!("{} is missing", node.display()))?;
    let folder =
        tempfile::Builder::new().prefix("bench-").tempdir_in(super::target().context("no target")?)?;
    let scene = scene::load(folder.path(), &[1], scene::EVERY, options).await?;
    let page = scene.pages.first().context("a city without a page")?;
    let cloud = Part::start(&["cloud".as_ref(), folder.path().as_ref()]).await?;
    let endpoints: Endpoints = serde_json::from_str(&cloud.said)?;

    let mut ours = Side { program: api.clone(), arguments: Vec::new(), seen: Seen::default() };
    let mut theirs = Side {
        program: "node".into(),
        arguments: vec!["--no-warnings".into(), bundle.clone()],
        seen: Seen::default(),
    };
    let starts = options.cold_starts();
    for start in 0..starts {
        for side in [&mut ours, &mut theirs] {
            side.without_table(&endpoints).await?;
            let warm = if start + 1 == starts { options.invocations() } else { 0 };
            side.with_table(&endpoints, page, warm).await?;
        }
    }
    cloud.stop().await;
    report(&ours.seen, &theirs.seen, (zipped_binary(&api)?, zipped(&std::fs::read(&bundle)?)?), &api);
    Ok(())
}

impl Side {
    async fn start(&self, endpoints: &Endpoints) -> Result<Runtime> {
        let mut environment = lambda_runtime::environment(endpoints, &settings(Vec::new()));
        // Only the provider's own place for Node.js knows where it is.
        environment.extend(std::env::var("PATH").map(|path| ("PATH".to_owned(), path)));
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        Runtime::start_by(command, environment).await
    }

    async fn without_table(&mut self, endpoints: &Endpoints) -> Result<()> {
        let function = self.start(endpoints).await?;
        self.seen.ready.push(function.ready_after().await?);
        let nowhere = Request::get("/api/nowhere").header("host", "localhost").body(Bytes::new())?;
        ask(&function, &nowhere, StatusCode::NOT_FOUND).await?;
        self.seen.without_table.push(function.started.elapsed());
        function.stop().await;
        Ok(())
    }

    async fn with_table(&mut self, endpoints: &Endpoints, page: &Page, warm: usize) -> Result<()> {
        let function = self.start(endpoints).await?;
        self.seen.ready.push(function.ready_after().await?);
        let who = visitor::who(page)?;
        self.seen.first.push(ask(&function, &who, StatusCode::OK).await?);
        self.seen.with_table.push(function.started.elapsed());
        for _ in 0..warm {
            self.seen.warm.push(ask(&function, &who, StatusCode::OK).await?);
        }
        self.seen.memory = self.seen.memory.max(Memory::of(function.pid).map_or(0, |memory| memory.peak));
        function.stop().await;
        Ok(())
    }
}

async fn ask(function: &Runtime, request: &Request<Bytes>, wanted: StatusCode) -> Result<Duration> {
    let (answer, took) = function::exchange(function, request).await?;
    if answer.status() != wanted {
        bail!("the function answered {}: {}", answer.status(), String::from_utf8_lossy(answer.body()));
    }
    Ok(took)
}

fn report(ours: &Seen, theirs: &Seen, zips: (u64, u64), api: &Path) {
    let profile = api.parent().and_then(Path::file_name).unwrap_or_default().display();
    head(&format!(
        "cold start under a local Runtime API, profile {profile}, median of {} starts",
        ours.with_table.len()
    ));
    say("                                                   api   Node.js    ratio");
    let mb = |bytes: u64| bytes as f64 / 1e6;
    line("zip, MB", mb(zips.0), mb(zips.1));
    let p50 = |times: &[Duration]| Sample::of(times.to_vec()).percentile(50);
    type Of = fn(&Seen) -> &[Duration];
    let rows: [(&str, Of); 5] = [
        ("process start to asking for events, ms", |seen| &seen.ready),
        ("process start to a first answer without the table", |seen| &seen.without_table),
        ("process start to a first answer from the table", |seen| &seen.with_table),
        ("of it the invocation itself", |seen| &seen.first),
        ("a warm invocation from the table", |seen| &seen.warm),
    ];
    for (what, of) in rows {
        line(what, ms(p50(of(ours))), ms(p50(of(theirs))));
    }
    line("memory (RSS at most), MB", megabytes(ours.memory), megabytes(theirs.memory));
    say(&format!(
        "first answer from the table: Node.js takes {:.1} times as long",
        times(p50(&theirs.with_table), p50(&ours.with_table))
    ));
}

fn line(what: &str, ours: f64, theirs: f64) {
    say(&format!("  {what:<50}{ours:>8.2}{theirs:>10.2}{:>9.2}", theirs / ours.max(f64::EPSILON)));
}

/// Bytes of the zip of a binary: without its names for debuggers, as it is deployed.
fn zipped_binary(binary: &Path) -> Result<u64> {
    match function::stripped(binary) {
        Some(bytes) => zipped(&bytes),
        None => zipped(&std::fs::read(binary)?),
    }
}

/// Bytes of a zip, compressed as `cargo xtask package` does; without the two hundred bytes of its directory.
fn zipped(bytes: &[u8]) -> Result<u64> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}
