//! Monitoring (Art. 24(2)): looks at every part in its slot, writes the slot's record, and opens the draft of an incident
//! where something is wrong. In the cloud [`look_due`] stands outside the network and knows nothing of anybody: what follows
//! from its records is done inside. [`ring`] looks at the keys, from a function that may read them; [`check`] finds, from a
//! function of its own, the slots in which nobody looked.

mod account;
mod answer;
mod ask;
pub mod check;
mod firewall;
pub mod page;
mod parts;
pub mod ring;
pub(super) mod settle;

pub use firewall::{Line, LineRequest};

use crate::{app::App, http::error::ApiError, store::error::StoreError};
use futures::future::{BoxFuture, join_all};
use shared::{
    calendar::Timestamp,
    evidence::monitor::{Cadence, FirewallDay, Look, Part, Record, Slot},
};
use std::{
    fmt,
    time::{Duration, Instant},
};

/// What was found, before it is a look of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whether it is as it should be.
    pub good: bool,
    /// In words; never personal data.
    pub words: String,
    /// What the firewall refused.
    pub firewall: Option<FirewallDay>,
}

impl Found {
    /// As it should be.
    pub fn good(words: impl Into<String>) -> Self {
        Self { good: true, words: words.into(), firewall: None }
    }

    /// Not as it should be.
    pub fn bad(words: impl Into<String>) -> Self {
        Self { good: false, words: words.into(), firewall: None }
    }
}

impl From<Result<(), StoreError>> for Found {
    fn from(result: Result<(), StoreError>) -> Self {
        match result {
            Ok(()) => Self::good("応答あり"),
            Err(error) => Self::bad(format!("応答がありません（{error}）")),
        }
    }
}

/// Something that only one environment has and can look at, such as a disk.
pub trait Probe: Send + Sync {
    /// At what.
    fn part(&self) -> Part;
    /// Looks.
    fn look(&self) -> BoxFuture<'_, Found>;
}

/// What monitoring could not do.
#[derive(Debug)]
pub enum MonitorError {
    /// The record could not be written or read.
    Store(StoreError),
    /// The incident could not be written.
    Incident(ApiError),
}

impl fmt::Display for MonitorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Incident(error) => write!(f, "the incident was not written: {}", error.code.wire()),
        }
    }
}

impl std::error::Error for MonitorError {}

impl From<StoreError> for MonitorError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for MonitorError {
    fn from(error: ApiError) -> Self {
        Self::Incident(error)
    }
}

/// Looks in every slot of now that has no record yet, and takes on what was found; how many. Takes no input and is safe to
/// repeat.
///
/// # Errors
/// If table or incident cannot be written; what was recorded stays.
pub async fn run_due(app: &App) -> Result<usize, MonitorError> {
    let made = look_due(app).await?;
    settle::run_due(app).await?;
    Ok(made)
}

/// Looks in every slot of now that has no record yet, and writes down what it found; how many. Takes no input and is safe to
/// repeat: a slot has one record, whoever came first. Run more often than slots are long, it makes up for a run that failed.
///
/// # Errors
/// If the table cannot be reached; what was recorded stays.
pub async fn look_due(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    if app.store.monitored_since().await?.is_none() {
        // Nobody is there yet to be told: an environment is watched from its first facility on.
        if app.store.facilities().await?.is_empty() {
            return Ok(0);
        }
        app.store.begin_monitoring(Slot::of(Cadence::Live, now).start()).await?;
    }
    let mut made = 0;
    for cadence in [Cadence::Live, Cadence::Answer, Cadence::Hourly, Cadence::Daily] {
        made += usize::from(run_slot(app, cadence, now).await?);
    }
    Ok(made)
}

/// Looks at everything of a length of slot and writes it down, unless the slot of now has its record; whether it did.
async fn run_slot(app: &App, cadence: Cadence, now: Timestamp) -> Result<bool, StoreError> {
    let slot = Slot::of(cadence, now);
    if now < slot.start().plus_seconds(cadence.after_seconds())
        || app.store.monitor_record(slot).await?.is_some()
    {
        return Ok(false);
    }
    let looks = look(app, slot, now).await;
    app.store.create_monitor_record(&Record { slot, at: now, looks }).await
}

async fn look(app: &App, slot: Slot, now: Timestamp) -> Vec<Look> {
    let parts = Part::ALL.iter().copied().filter(|part| part.cadence() == Some(slot.cadence));
    let looks = parts.filter_map(|part| Some((part, parts::look(app, part, now)?)));
    join_all(looks.map(|(part, look)| timed(part, limit(slot.cadence), look))).await
}

/// How long a look may take.
const fn limit(cadence: Cadence) -> Duration {
    match cadence {
        Cadence::Live | Cadence::Ring | Cadence::Hourly => Duration::from_secs(20),
        Cadence::Answer | Cadence::Check => Duration::from_secs(45),
        Cadence::Daily => Duration::from_secs(240),
    }
}

async fn timed(part: Part, limit: Duration, look: BoxFuture<'_, Found>) -> Look {
    let started = Instant::now();
    let found = tokio::time::timeout(limit, look).await;
    let found =
        found.unwrap_or_else(|_| Found::bad(format!("{}秒たっても応答がありません", limit.as_secs())));
    let ms = u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX);
    Look { part, good: found.good, ms, words: found.words, firewall: found.firewall }
}
