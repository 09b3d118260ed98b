//! Passwords: Argon2id, bounded in memory and in number at a time.

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHasher, Version,
    password_hash::phc::{Output, PasswordHash},
};
use std::sync::{Arc, LazyLock};
use tokio::sync::Mutex;

/// OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Bytes of a hash, as the algorithm gives by default.
const HASH_BYTES: usize = 32;

/// A hash of nothing, so that an unknown user id takes as long as a wrong password.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody"));

/// Verifies passwords, one at a time: a wave of sign-ins waits instead of filling the memory. The work memory is
/// made once and kept, because what is given back after each sign-in the allocator keeps anyway, and more of it.
#[derive(Default)]
pub struct Passwords {
    memory: Arc<Mutex<Vec<Block>>>,
}

fn argon() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, as a PHC string with a random salt; `None` only if the system has no randomness.
pub fn hash(password: &str) -> Option<String> {
    argon()?.hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Compares in constant time. Parameters are the stored ones, so that old hashes stay good when ours grow.
fn matches(password: &str, stored: &str, memory: &mut Vec<Block>) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&stored).ok()?;
    memory.resize(params.block_count().max(memory.len()), Block::new());
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; HASH_BYTES];
    let salt = stored.salt.as_ref()?;
    argon.hash_password_into_with_memory(password.as_bytes(), salt.as_ref(), &mut out, memory).ok()?;
    Some(Output::new(&out).ok()? == stored.hash?)
}

impl Passwords {
    /// Whether the password is the stored one. Without a stored one the same work is done, in vain.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let mut memory = self.memory.clone().lock_owned().await;
        let work = move || match stored {
            Some(stored) => matches(&password, &stored, &mut memory).unwrap_or(false),
            None => {
                let _ = NOBODY.as_deref().map(|nobody| matches(&password, nobody, &mut memory));
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
        let mut memory = Vec::new();
        assert_eq!(matches("Mizu-no-oto 27 kaeru", &stored, &mut memory), Some(true));
        assert_eq!(matches("Mizu-no-oto 27 kaerU", &stored, &mut memory), Some(false));
        assert_eq!(matches("x", "not a hash", &mut memory), None);
        assert_eq!(matches("Mizu-no-oto 27 kaeru", &stored, &mut memory), Some(true));
    }
}
