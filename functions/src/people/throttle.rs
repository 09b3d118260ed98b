//! How often something may be tried in vain: slower each time, never a permanent lock-out.

use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::{blob::sha256_hex, people::Throttle},
};
use shared::{api::error::Code, id::AccountId};

/// Wrong attempts in a row that cost nothing.
pub(super) const FREE: u32 = 5;
/// The same for one network address, behind which a whole facility may sit.
pub(super) const FREE_SOURCE: u32 = 60;
/// The longest wait after wrong attempts, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;
/// How often a count is read again when others counted meanwhile, and the longest pause between, in milliseconds.
const RESERVE_TRIES: u32 = 40;
const RESERVE_PAUSE_MS: u8 = 40;
/// Attempts are forgotten after so many seconds without another.
const FORGOTTEN_AFTER: i64 = 24 * 60 * 60;

/// Attempts with a user id; hashed, because people type passwords into the wrong field.
pub(super) fn user(user_id: &str) -> String {
    format!("user:{}", sha256_hex(user_id.as_bytes()))
}

/// Attempts from a network address.
pub(super) fn source(address: &str) -> String {
    format!("source:{}", sha256_hex(address.as_bytes()))
}

/// Attempts at a second factor, or at the password of somebody who is signed in.
pub(super) fn factor(account: AccountId) -> String {
    format!("factor:{account}")
}

/// Seconds to wait after so many wrong attempts in a row.
fn wait_after(failures: u32, free: u32) -> i64 {
    match failures.checked_sub(free) {
        None => 0,
        Some(over) => (5_i64 << over.min(10)).min(LONGEST_WAIT),
    }
}

/// Counts an attempt before it is made; refuses it while a wait is running. People who sign in at the same
/// moment meet at the same count: who came second reads it again.
///
/// # Errors
/// [`Code::TooManyAttempts`] with the seconds to wait.
pub(super) async fn reserve(cx: &Cx, what: &str, free: u32) -> Result<(), ApiError> {
    let store = &cx.app.store;
    for _ in 0..RESERVE_TRIES {
        let seen = store.throttle(what).await?;
        let left = (seen.next_try - cx.now.ms()).max(0);
        if left > 0 {
            let seconds = u32::try_from((left + 999) / 1000).unwrap_or(u32::MAX);
            return Err(ApiError::from(Code::TooManyAttempts).after(seconds));
        }
        let failures = seen.failures.saturating_add(1);
        // No wait is no time at all: requests side by side do not agree on what «now» is.
        let wait = wait_after(failures, free);
        let next_try = if wait == 0 { 0 } else { cx.now.ms() + wait * 1000 };
        let next = Throttle { failures, next_try };
        if store.count_attempt(what, seen, next, cx.now.plus_seconds(FORGOTTEN_AFTER)).await? {
            return Ok(());
        }
        random::pause(RESERVE_PAUSE_MS).await;
    }
    Err(Code::Busy.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..20).map(|n| wait_after(n, FREE)).collect();
        assert_eq!(&waits[..4], [0, 0, 0, 0]);
        assert_eq!(&waits[4..7], [5, 10, 20]);
        assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= LONGEST_WAIT));
    }
}
