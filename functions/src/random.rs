//! Randomness from the operating system, for identifiers and secrets.

use shared::calendar::Timestamp;

/// `N` random bytes.
///
/// # Panics
/// Never in practice: a Linux that gives no random bytes cannot run a secure service at all, so the process
/// ends instead of going on with a guessable value.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// The two parts that every identifier is made of.
pub fn id_parts(now: Timestamp) -> (u64, u128) {
    (u64::try_from(now.ms()).unwrap_or_default(), u128::from_le_bytes(bytes()))
}

/// A new identifier of any kind.
pub fn id<T>(now: Timestamp, make: impl FnOnce(u64, u128) -> T) -> T {
    let (at, random) = id_parts(now);
    make(at, random)
}

/// Waits for up to so many milliseconds: spreads out those who collided.
pub async fn pause(longest_ms: u8) {
    let [dice] = bytes::<1>();
    let wait = u64::from(dice) * u64::from(longest_ms) / 255;
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
}
