//! Passwords: Argon2id, bounded in memory and in number at a time.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Verifications at the same time: a wave of sign-ins waits instead of filling the memory.
const AT_ONCE: usize = 2;

/// A hash of nothing, so that an unknown user id takes as long as a wrong password.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody"));

/// Verifies passwords.
pub struct Passwords {
    at_once: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { at_once: Semaphore::new(AT_ONCE) }
    }
}

fn argon() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string with a random salt; `None` only if the system has no randomness.
pub fn hash(password: &str) -> Option<String> {
    argon()?.hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

fn matches(password: &str, stored: &str) -> bool {
    let (Ok(stored), Some(argon)) = (PasswordHash::new(stored), argon()) else { return false };
    argon.verify_password(password.as_bytes(), &stored).is_ok()
}

impl Passwords {
    /// Whether the password is the stored one. Without a stored one the same work is done, in vain.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let Ok(_permit) = self.at_once.acquire().await else { return false };
        let work = move || match stored {
            Some(stored) => matches(&password, &stored),
            None => {
                let _ = NOBODY.as_deref().map(|nobody| matches(&password, nobody));
                false
            }
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_one() {
        let stored = hash("Mizu-no-oto 27 kaeru").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(matches("Mizu-no-oto 27 kaeru", &stored));
        assert!(!matches("Mizu-no-oto 27 kaerU", &stored) && !matches("x", "not a hash"));
    }
}
