//! Where time comes from. The Lambda binaries know only [`SystemClock`]; a clock that can be moved exists in
//! the local environment alone.

use shared::calendar::Timestamp;
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of time, read once for each request and handed on as a value.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// What the machine's own clock says, which is compared with standard time (requirements §2, 9): the same, unless
    /// somebody moved the time for a test.
    fn of_machine(&self) -> Timestamp {
        self.now()
    }
}

/// The machine's clock, kept to standard time by its host (requirements §2, 9).
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Timestamp::from_ms(i64::try_from(since).unwrap_or(i64::MAX))
    }
}
