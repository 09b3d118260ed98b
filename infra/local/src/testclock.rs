//! A clock that can be moved. It exists in this crate only: the Lambda binaries cannot link it.

use functions::clock::{Clock, SystemClock};
use shared::calendar::Timestamp;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// The machine's clock plus an offset; and by how much the machine's own is wrong.
#[derive(Clone, Debug, Default)]
pub struct TestClock(Arc<AtomicI64>, Arc<AtomicI64>);

impl TestClock {
    /// Starts at an instant and goes on from there.
    pub fn starting_at(at: Timestamp) -> Self {
        let clock = Self::default();
        clock.set(at);
        clock
    }

    /// Moves to an instant and goes on from there.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.ms() - SystemClock.now().ms(), Ordering::Relaxed);
    }

    /// Makes the machine's own clock wrong by so many seconds, as it looks to monitoring.
    pub fn drift(&self, seconds: i64) {
        self.1.store(seconds * 1000, Ordering::Relaxed);
    }

    /// Whether it was moved away from the machine's clock.
    pub fn is_moved(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// The same clock for the S3 store's locks.
    pub fn for_locks(&self) -> s3store::Clock {
        let clock = self.clone();
        Arc::new(move || -> SystemTime {
            UNIX_EPOCH + Duration::from_millis(u64::try_from(clock.now().ms()).unwrap_or_default())
        })
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().ms().saturating_add(self.0.load(Ordering::Relaxed)))
    }

    fn of_machine(&self) -> Timestamp {
        Timestamp::from_ms(SystemClock.now().ms().saturating_add(self.1.load(Ordering::Relaxed)))
    }
}
