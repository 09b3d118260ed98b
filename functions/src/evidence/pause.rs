//! The pause after a backup that failed: each try may leave locked objects behind, and it is started every minute.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const AFTER_FAILURE: Duration = Duration::from_secs(600);

/// Keeps a job from being tried again at once.
#[derive(Debug, Default)]
pub struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Runs a job, unless it failed just now: then nothing is done, as where nothing is due.
    ///
    /// # Errors
    /// The job's.
    pub async fn around<T: Default, E>(
        &self,
        now: Instant,
        job: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let failed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some_and(|failed| now < failed + AFTER_FAILURE) {
            return Ok(T::default());
        }
        let done = job.await;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = done.is_err().then_some(now);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_failed_waits_ten_minutes_and_what_went_well_does_not() {
        let (pause, begin) = (Pause::default(), Instant::now());
        let run = async |seconds, works: Result<u32, ()>| {
            pause.around(begin + Duration::from_secs(seconds), async { works }).await
        };
        assert_eq!(run(0, Ok(1)).await, Ok(1));
        assert_eq!(run(1, Err(())).await, Err(()));
        assert_eq!(run(600, Ok(2)).await, Ok(0));
        assert_eq!(run(601, Ok(3)).await, Ok(3));
        assert_eq!(run(602, Ok(4)).await, Ok(4));
    }
}
