//! The parts that run in processes of their own: the cloud, so that its work is not the load generator's, and
//! the API, so that its memory can be told apart. Each ends when its standard input does.

use crate::{
    cloud::{Cloud, Endpoints, settings},
    commands::say,
    door::Door,
    serve::{Front, serve},
    testclock::TestClock,
};
use anyhow::{Context, Result, bail};
use std::{ffi::OsStr, path::Path, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

/// How a part says that it answers.
const READY: &str = "ready ";
const START: Duration = Duration::from_secs(30);

/// Runs the cloud over a folder that was loaded before.
pub async fn cloud(data: &Path) -> Result<()> {
    let cloud = Cloud::start(data, &TestClock::default()).await?;
    say(&format!("{READY}{}", serde_json::to_string(&cloud.endpoints)?));
    end_of_input().await;
    cloud.stop().await;
    Ok(())
}

/// Runs nothing but the API, against these services.
pub async fn api(endpoints: &Path) -> Result<()> {
    let endpoints: Endpoints = serde_json::from_slice(&std::fs::read(endpoints)?)?;
    let app = endpoints.app(Arc::new(TestClock::default()), settings(Vec::new()));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("{READY}{}", listener.local_addr()?));
    serve(
        listener,
        Front { app, site: None, demo: Arc::default(), mails: None, door: Door::default() },
        end_of_input(),
    )
    .await
}

async fn end_of_input() {
    let mut rest = Vec::new();
    let _ = tokio::io::stdin().read_to_end(&mut rest).await;
}

/// A part in its own process.
pub struct Part {
    child: Child,
    /// What it said when it was ready.
    pub said: String,
}

impl Part {
    /// Starts this program again as one of the parts.
    pub async fn start(arguments: &[&OsStr]) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("bench")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().context("a part without output")?;
        let mut lines = BufReader::new(output).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await? {
                if let Some(said) = line.strip_prefix(READY) {
                    return Ok(said.to_owned());
                }
                tracing::warn!("{line}");
            }
            bail!("a part of the benchmark ended before it was ready")
        };
        let said = tokio::time::timeout(START, ready).await.context("a part does not start")??;
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                tracing::warn!("{line}");
            }
        });
        Ok(Self { child, said })
    }

    /// Its processor time so far.
    pub fn work(&self) -> Duration {
        self.child.id().map(work).unwrap_or_default()
    }

    /// Its memory now.
    pub fn memory(&self) -> Option<Memory> {
        self.child.id().and_then(Memory::of)
    }

    /// Ends it.
    pub async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

/// Processor time of a process so far, in steps of 10 ms; nothing where nobody counts.
pub fn work(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().skip(11).take(2);
    Duration::from_millis(fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// Memory of a process in kB, as Linux counts it.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Resident now.
    pub now: u64,
    /// Resident at most, so far.
    pub peak: u64,
}

impl Memory {
    /// Of a running process; `None` where nobody counts.
    pub fn of(pid: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().trim_end_matches(" kB").parse().ok()
        };
        Some(Self { now: field("VmRSS:")?, peak: field("VmHWM:")? })
    }
}
