//! The door's log: what the one port of this machine refused, in the format in which a firewall writes it in the cloud, so
//! that the daily look at it (Art. 24(2)) is the same code.

use flate2::{Compression, write::GzEncoder};
use functions::{
    app::App,
    evidence::monitor::{Line, LineRequest},
    random,
};
use shared::{calendar::Timestamp, id::RequestId};
use std::{
    io::Write,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Lines that wait for their object; more are counted as one.
const WAITING_MAX: usize = 50_000;
/// Japan is so many seconds ahead of UTC, in which the log's keys are.
const AHEAD_SECONDS: i64 = 9 * 3600;

/// The lines that wait.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<Mutex<Vec<Line>>>);

impl Door {
    /// Notes an answer. Only refusals of a kind that a firewall would give are; a form that needs mending is none.
    pub fn note(&self, at: Timestamp, from: IpAddr, status: u16) {
        if !matches!(status, 401 | 403 | 404 | 405 | 413 | 429) {
            return;
        }
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_MAX {
            waiting.push(Line {
                timestamp: at.ms(),
                action: "BLOCK".into(),
                terminating_rule_id: format!("http-{status}"),
                http_request: LineRequest { client_ip: from.to_string() },
            });
        }
    }

    /// Writes what waits into the log's bucket; how many lines. What could not be written waits on.
    ///
    /// # Errors
    /// If the bucket refuses.
    pub async fn write(&self, app: &App) -> anyhow::Result<usize> {
        let lines = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if lines.is_empty() {
            return Ok(0);
        }
        let written = Self::put(app, &lines).await;
        if written.is_err() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(lines);
            return written.map(|()| 0);
        }
        Ok(lines.len())
    }

    async fn put(app: &App, lines: &[Line]) -> anyhow::Result<()> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        for line in lines {
            serde_json::to_writer(&mut gzip, line)?;
            gzip.write_all(b"\n")?;
        }
        let now = app.clock.now();
        let (year, month, day) = now.plus_seconds(-AHEAD_SECONDS).day().ymd();
        let name = random::id(now, RequestId::from_parts);
        let key = format!("{year:04}/{month:02}/{day:02}/{name}.log.gz");
        Ok(app.store.blobs.put_access_log(&key, gzip.finish()?.into()).await?)
    }
}
