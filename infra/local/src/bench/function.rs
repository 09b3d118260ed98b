//! The API as a Lambda function: how large, how soon it answers first, how fast when warm.

use super::{
    Options,
    drive::Sample,
    part::Memory,
    report::{head, megabytes, ms},
    scene::{NOTES, Page, Texts},
    stage::Stage,
    visitor,
};
use crate::{
    cloud::settings,
    commands::say,
    lambda_runtime::{self, Runtime},
};
use anyhow::{Result, bail};
use bytes::Bytes;
use http::Request;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Names the binary where `--api-bin` does not.
const VARIABLE: &str = "TSUNAGARU_API_BIN";

/// Measures the binary that is there; says how to make one if none is.
pub async fn run(stage: &Stage, options: &Options, texts: &mut Texts) -> Result<()> {
    head("Lambda function under a local Runtime API");
    let Some(binary) = binary(options) else {
        say("  no binary: cargo build --profile lambda -p functions --bin api");
        return Ok(());
    };
    size(&binary)?;
    let fitting = stage.scene.pages.iter().rev().find(|page| page.notes == NOTES);
    let Some(page) = fitting else { bail!("no page with one page of notes") };
    let (mut ready, mut first) = (Vec::new(), Vec::new());
    for start in 0..options.starts() {
        let environment = lambda_runtime::environment(&stage.endpoints, &settings(Vec::new()));
        let function = Runtime::start(&binary, environment).await?;
        ready.push(function.ready_after().await?);
        invoke(&function, &visitor::open(page)?).await?;
        first.push(function.started.elapsed());
        if start + 1 == options.starts() {
            warm(&function, page, options, texts).await?;
        }
        function.stop().await;
    }
    let starts = ready.len();
    let (ready, first) = (Sample::of(ready), Sample::of(first));
    say(&format!(
        "  from its start to asking for events   {:>7.1} ms   median of {starts}",
        ms(ready.percentile(50))
    ));
    say(&format!("  from its start to the first answer    {:>7.1} ms", ms(first.percentile(50))));
    Ok(())
}

/// The binary named, or the one that was built last.
pub fn binary(options: &Options) -> Option<PathBuf> {
    if let Some(named) = options.api_bin.clone().or_else(|| std::env::var_os(VARIABLE).map(PathBuf::from)) {
        return Some(named);
    }
    let target = super::target()?;
    let built = ["lambda", "release"].map(|profile| target.join(profile).join("api"));
    let age = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    built.into_iter().filter(|path| path.is_file()).max_by_key(age)
}

fn size(binary: &Path) -> Result<()> {
    let bytes = binary.metadata()?.len();
    let profile = binary.parent().and_then(Path::file_name).unwrap_or_default();
    let stripped = stripped(binary)
        .map_or_else(String::new, |bytes| format!(", {:.1} stripped", bytes.len() as f64 / 1e6));
    say(&format!(
        "  size                                  {:>7.1} MB{stripped}   profile {}",
        bytes as f64 / 1e6,
        profile.display()
    ));
    Ok(())
}

/// The binary without its names for debuggers, as it is deployed.
pub fn stripped(binary: &Path) -> Option<Vec<u8>> {
    let folder = tempfile::tempdir().ok()?;
    let copy = folder.path().join("api");
    let done = Command::new("strip").arg("-o").arg(&copy).arg(binary).output().ok()?;
    done.status.success().then(|| std::fs::read(&copy).ok()).flatten()
}

async fn warm(function: &Runtime, page: &Page, options: &Options, texts: &mut Texts) -> Result<()> {
    let text = texts.next();
    for (what, ask) in [("open", None), ("post", Some(text.as_str()))] {
        let mut times = Vec::new();
        for _ in 0..options.invocations() {
            let request = ask.map_or_else(|| visitor::open(page), |text| visitor::post(page, text))?;
            times.push(invoke(function, &request).await?);
        }
        let seen = Sample::of(times);
        say(&format!(
            "  warm, {what}                            {:>7.2} ms   p50 of {}, p99 {:.2}",
            ms(seen.percentile(50)),
            seen.count(),
            ms(seen.percentile(99))
        ));
    }
    if let Some(memory) = Memory::of(function.pid) {
        say(&format!("  memory (RSS at most)                  {:>7.1} MB", megabytes(memory.peak)));
    }
    Ok(())
}

async fn invoke(function: &Runtime, request: &Request<Bytes>) -> Result<Duration> {
    let (answer, took) = exchange(function, request).await?;
    if answer.status() != http::StatusCode::OK {
        bail!("the function answered {}: {}", answer.status(), String::from_utf8_lossy(answer.body()));
    }
    Ok(took)
}

/// Hands a request over; the answer, and how long it took.
pub async fn exchange(
    function: &Runtime,
    request: &Request<Bytes>,
) -> Result<(http::Response<Bytes>, Duration)> {
    let headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()))
        .collect();
    let (method, path) = (request.method().as_str(), request.uri().path());
    let event = lambda_runtime::event(method, path, &headers, request.body(), "127.0.0.1");
    let start = Instant::now();
    let answer = function.invoke(event).await?;
    let took = start.elapsed();
    Ok((lambda_runtime::response(&answer)?, took))
}
