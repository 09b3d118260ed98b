//! The session cookie: whose session, and a random token that only the browser holds; we keep its hash. The account
//! is in it so that session and account are read in one request; it proves nothing by itself.

use crate::{random, store::blob::sha256_hex};
use http::{HeaderMap, header};
use shared::id::AccountId;

/// Its name; the prefix makes browsers insist on `Secure`, `Path=/` and no domain.
pub const NAME: &str = "__Host-session";
const TOKEN_BYTES: usize = 32;

/// A new token and its hash.
pub fn new_token() -> (String, String) {
    let token = hex::encode(random::bytes::<TOKEN_BYTES>());
    let hash = sha256_hex(token.as_bytes());
    (token, hash)
}

/// The account and the hash of the token that a browser sent.
pub fn sent(headers: &HeaderMap) -> Option<(AccountId, String)> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == NAME)?;
    let (account, token) = value.split_once('.')?;
    let account = account.parse().ok()?;
    (token.len() == TOKEN_BYTES * 2).then(|| (account, sha256_hex(token.as_bytes())))
}

/// Gives the browser its token, for as long as the browser is open.
pub fn give(account: AccountId, token: &str) -> String {
    format!("{NAME}={account}.{token}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

/// Takes it back.
pub fn take_back() -> String {
    format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}
