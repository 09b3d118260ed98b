//! Pauses between tries of what the table left undone: it answers a batch with what it had no room for, and whoever asks
//! again at once only adds to the load.

use super::error::StoreError;
use std::time::Duration;

/// Tries in a row of which the table did nothing at all.
const TRIES: u32 = 7;
/// The longest that the first pause may be; it doubles with each.
const FIRST: Duration = Duration::from_millis(50);

/// The pauses of one batch.
#[derive(Default)]
pub(super) struct Pauses {
    in_vain: u32,
}

impl Pauses {
    /// Waits before what is left of a batch is asked for again: longer each time, by chance, so that those who collided do
    /// not meet again. `done` says whether the last answer had anything of it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when the table has done nothing for too long: some six seconds.
    pub async fn wait(&mut self, done: bool) -> Result<(), StoreError> {
        self.in_vain = if done { 0 } else { self.in_vain + 1 };
        if self.in_vain > TRIES {
            return Err(StoreError::Busy("unprocessed".into()));
        }
        let longest = FIRST.saturating_mul(1 << self.in_vain.saturating_sub(1));
        let dice = u16::from_le_bytes(crate::random::bytes());
        tokio::time::sleep(longest.mul_f64(f64::from(dice) / f64::from(u16::MAX))).await;
        Ok(())
    }
}
