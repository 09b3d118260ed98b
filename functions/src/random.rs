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

/// Letters and digits that nobody confuses on paper.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";

/// A code for people to read from paper and type: groups of so many characters, with hyphens between; about 4.95
/// bits a character.
pub fn code(groups: usize, group: usize) -> String {
    let mut text = String::with_capacity(groups * (group + 1));
    while text.len() + 1 < groups * (group + 1) {
        if text.len() % (group + 1) == group {
            text.push('-');
            continue;
        }
        // Bytes that do not divide evenly are thrown away, so that no character is likelier than another.
        let [byte] = bytes::<1>();
        let index = usize::from(byte);
        if index < ALPHABET.len() * (256 / ALPHABET.len()) {
            text.push(char::from(ALPHABET[index % ALPHABET.len()]));
        }
    }
    text
}

/// Waits for up to so many milliseconds: spreads out those who collided.
pub async fn pause(longest_ms: u8) {
    let [dice] = bytes::<1>();
    let wait = u64::from(dice) * u64::from(longest_ms) / 255;
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
}
