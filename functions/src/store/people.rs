//! Accounts, logins, sessions, throttles.

use super::{Store, error::StoreError, item::Item, keys, tx::Change};
use serde::{Deserialize, Serialize};
use shared::{
    calendar::Timestamp,
    id::AccountId,
    people::{Account, Actor, Facility, SessionStage},
};

/// How somebody signs in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Login {
    /// Whose.
    pub account: AccountId,
    /// Argon2id, PHC string.
    pub password: String,
    /// Seals this person's drafts in browsers: 32 random bytes in hex.
    pub draft_key: String,
}

/// A session as stored: the person as they were at sign-in. Whoever changes roles or removes a person ends it;
/// the index lists a person's sessions for that.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub actor: Actor,
    /// How far.
    pub stage: SessionStage,
    /// Since when.
    pub since: Timestamp,
    /// See [`Login::draft_key`].
    pub draft_key: String,
}

/// Attempts in vain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    /// How many in a row.
    pub failures: u32,
    /// No further attempt before: milliseconds since 1970.
    pub next_try: i64,
}

impl Store {
    /// A person's account, put together with their login: for loading and, later, for registering.
    pub fn account_items(account: &Account, login: &Login) -> Result<[Item; 2], StoreError> {
        let id = account.id.to_string();
        Ok([
            Item::new(&keys::account(account.id), account)?.listed(keys::ACCOUNTS, &id),
            Item::new(&keys::login(&account.user_id), login)?.listed(keys::LOGINS, &account.user_id),
        ])
    }

    /// A facility.
    pub fn facility_item(facility: &Facility) -> Result<Item, StoreError> {
        Ok(Item::new(&keys::facility(facility.id), facility)?
            .listed(keys::FACILITIES, facility.id.to_string()))
    }

    /// The login of a user id.
    pub async fn login(&self, user_id: &str) -> Result<Option<Login>, StoreError> {
        self.get(&keys::login(user_id)).await?.map(|item| item.doc()).transpose()
    }

    /// A person's account.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.get(&keys::account(id)).await?.map(|item| item.doc()).transpose()
    }

    /// The session of a token's hash, with the time it was last used.
    pub async fn session(&self, token_sha256: &str) -> Result<Option<(Session, Timestamp)>, StoreError> {
        let Some(item) = self.get(&keys::session(token_sha256)).await? else { return Ok(None) };
        Ok(Some((item.doc()?, Timestamp::from_ms(item.get_number("used")?))))
    }

    /// A new session's item.
    pub fn session_item(
        hash: &str,
        session: &Session,
        now: Timestamp,
        ends: Timestamp,
    ) -> Result<Item, StoreError> {
        let listed = keys::of_account(session.actor.account);
        let item = Item::new(&keys::session(hash), session)?.number("used", now.ms()).until(ends);
        Ok(item.listed(listed, format!("S#{hash}")))
    }

    /// Notes that a session is in use. A session that ended meanwhile does not come back.
    pub async fn touch_session(&self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let touch = Change::of(keys::session(hash), "SET used = :now").number(":now", now.ms());
        self.change(touch.only_if("attribute_exists(pk)")).await.map(|_| ())
    }

    /// Ends a session.
    pub async fn end_session(&self, hash: &str) -> Result<(), StoreError> {
        self.remove(&keys::session(hash)).await
    }

    /// How often something was tried in vain.
    pub async fn throttle(&self, what: &str) -> Result<Throttle, StoreError> {
        let Some(item) = self.get(&keys::throttle(what)).await? else { return Ok(Throttle::default()) };
        Ok(Throttle { failures: item.get_number("failures")?, next_try: item.get_number("next_try")? })
    }

    /// Counts an attempt before it is made, so that attempts side by side cannot share one count; `false` if
    /// another attempt was counted meanwhile.
    pub async fn count_attempt(
        &self,
        what: &str,
        seen: Throttle,
        next: Throttle,
        end: Timestamp,
    ) -> Result<bool, StoreError> {
        let condition = if seen.failures == 0 { "attribute_not_exists(pk)" } else { "failures = :seen" };
        let count = Change::of(keys::throttle(what), "SET failures = :next, next_try = :at, ttl_at = :end")
            .number(":next", next.failures)
            .number(":at", next.next_try)
            .number(":end", end.seconds());
        let count = if seen.failures == 0 { count } else { count.number(":seen", seen.failures) };
        self.change(count.only_if(condition)).await
    }

    /// Forgets the attempts: somebody got in.
    pub async fn forget_attempts(&self, what: &str) -> Result<(), StoreError> {
        self.remove(&keys::throttle(what)).await
    }
}
