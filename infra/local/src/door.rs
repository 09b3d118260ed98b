//! The door's log: what the one port of this machine let through to the API and what was refused there, in the format in which
//! a firewall writes it in the cloud, so that the daily look at it (Art. 24(2)) is the same code.

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

/// Answers that wait for their object; more are forgotten.
const WAITING_MAX: usize = 50_000;
/// So many that wait should be written before it is time.
const CROWDED: usize = 5_000;
/// Japan is so many seconds ahead of UTC, in which the log's keys are.
const AHEAD_SECONDS: i64 = 9 * 3600;

/// An answer.
#[derive(Clone, Copy, Debug)]
struct Noted {
    at: Timestamp,
    from: IpAddr,
    status: u16,
}

impl Noted {
    /// As refused count answers of a kind that a firewall would give; a form that needs mending is none.
    fn line(self) -> Line {
        let refused = matches!(self.status, 401 | 403 | 404 | 405 | 413 | 429);
        let (action, rule) = if refused {
            ("BLOCK", format!("http-{}", self.status))
        } else {
            ("ALLOW", "Default_Action".into())
        };
        Line {
            timestamp: self.at.ms(),
            action: action.into(),
            terminating_rule_id: rule,
            http_request: LineRequest { client_ip: self.from.to_string() },
        }
    }
}

/// The answers that wait.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<Mutex<Vec<Noted>>>);

impl Door {
    /// Notes an answer.
    pub fn note(&self, at: Timestamp, from: IpAddr, status: u16) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_MAX {
            waiting.push(Noted { at, from, status });
        }
    }

    /// Whether so many wait that they should be written.
    pub fn is_crowded(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len() >= CROWDED
    }

    /// Writes what waits into the log's bucket; how many lines. What could not be written waits on.
    ///
    /// # Errors
    /// If the bucket refuses.
    pub async fn write(&self, app: &App) -> anyhow::Result<usize> {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(0);
        }
        let written = Self::put(app, &noted).await;
        if written.is_err() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(noted);
            return written.map(|()| 0);
        }
        Ok(noted.len())
    }

    async fn put(app: &App, noted: &[Noted]) -> anyhow::Result<()> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        for one in noted {
            serde_json::to_writer(&mut gzip, &one.line())?;
            gzip.write_all(b"\n")?;
        }
        let now = app.clock.now();
        let (year, month, day) = now.plus_seconds(-AHEAD_SECONDS).day().ymd();
        let name = random::id(now, RequestId::from_parts);
        let key = format!("{year:04}/{month:02}/{day:02}/{name}.log.gz");
        Ok(app.store.blobs.put_access_log(&key, gzip.finish()?.into()).await?)
    }
}
