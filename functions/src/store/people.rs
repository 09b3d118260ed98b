//! Accounts, logins, sessions, throttles.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    calendar::Timestamp,
    id::{AccountId, FacilityId},
    people::{Account, AccountState, SessionStage},
    procedure::Service,
};

/// How somebody signs in with a password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Login {
    /// Whose.
    pub account: AccountId,
    /// Argon2id, PHC string; `None` until a letter was printed.
    pub password: Option<String>,
    /// The password is that of a letter: it opens nothing but the choice of an own one.
    #[serde(default)]
    pub must_change: bool,
    /// A first second factor may be enrolled: only between a letter and the end of the first sign-in, so that a
    /// password alone never leads to one.
    #[serde(default)]
    pub may_enrol: bool,
    /// A letter's password works before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter_ends: Option<Timestamp>,
    /// Seals this person's drafts in browsers: 32 random bytes in hex.
    pub draft_key: String,
}

impl Login {
    /// Of a person who cannot sign in yet.
    pub fn without_password(account: AccountId) -> Self {
        let draft_key = hex::encode(crate::random::bytes::<32>());
        Self { account, password: None, must_change: false, may_enrol: false, letter_ends: None, draft_key }
    }
}

/// An account with what its item says beside the document.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// Grows with each change: what a change is guarded by.
    pub version: u64,
    /// Sessions opened before this instant are void.
    pub sessions_from: Timestamp,
    /// The last time somebody signed in with it.
    pub last_in: Option<Timestamp>,
}

impl AccountRow {
    fn read(item: &Item) -> Result<Self, StoreError> {
        let last_in: i64 = item.get_number("last_in")?;
        Ok(Self {
            account: item.doc()?,
            version: item.get_number("version")?,
            sessions_from: Timestamp::from_ms(item.get_number("sessions_from")?),
            last_in: (last_in > 0).then(|| Timestamp::from_ms(last_in)),
        })
    }

    /// What writes the account if nobody changed it meanwhile. With `void_sessions`, everything signed in until now is void
    /// from this write on.
    pub(super) fn change(&self, void_sessions: Option<Timestamp>) -> Result<Change, StoreError> {
        let sets = "SET doc = :doc, version = :next, sessions_from = :from";
        Ok(Change::of(keys::account(self.account.id), sets)
            .only_if("version = :seen")
            .text(":doc", serde_json::to_string(&self.account)?)
            .number(":seen", self.version)
            .number(":next", i128::from(self.version) + 1)
            .number(":from", void_sessions.unwrap_or(self.sessions_from).ms()))
    }
}

/// A session as stored. What the person may do is not in it: the account is read with every request, so that a
/// changed role or a removed person counts at once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// Whose.
    pub account: AccountId,
    /// How far.
    pub stage: SessionStage,
    /// Since when.
    pub since: Timestamp,
    /// Which browser on what, as it said itself.
    #[serde(default)]
    pub device: String,
    /// From which network address.
    #[serde(default)]
    pub source: String,
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
    /// A person's account, put together with their login: for loading and for registering.
    pub fn account_items(account: &Account, login: &Login) -> Result<[Item; 2], StoreError> {
        let listed = keys::account_of_facility(account.facility, account.id);
        Ok([
            Item::new(&keys::account(account.id), account)?
                .number("version", 1)
                .listed(keys::ACCOUNTS, listed),
            Item::new(&keys::login(&account.user_id), login)?.listed(keys::LOGINS, &account.user_id),
        ])
    }

    /// The login of a user id.
    pub async fn login(&self, user_id: &str) -> Result<Option<Login>, StoreError> {
        self.get(&keys::login(user_id)).await?.map(|item| item.doc()).transpose()
    }

    /// The write that sets a login anew.
    pub fn put_login(&self, tx: &mut Tx<Code>, user_id: &str, login: &Login) -> Result<(), StoreError> {
        let change = Change::of(keys::login(user_id), "SET doc = :doc").only_if("attribute_exists(pk)");
        tx.update(self, change.text(":doc", serde_json::to_string(login)?), Some(Code::NotFound))
    }

    /// A person's account.
    pub async fn account(&self, id: AccountId) -> Result<Option<AccountRow>, StoreError> {
        self.get(&keys::account(id)).await?.as_ref().map(AccountRow::read).transpose()
    }

    /// The accounts of one facility, or of all; those that were removed too.
    pub async fn accounts(&self, of: Option<FacilityId>) -> Result<Vec<AccountRow>, StoreError> {
        let query = self.query(keys::ACCOUNTS).by_index();
        let query = match of {
            Some(facility) => query.beginning_with(&keys::accounts_of(facility)),
            None => query,
        };
        query.run().await?.iter().map(AccountRow::read).collect()
    }

    /// Several accounts, in no order; unknown ones are left out.
    pub async fn accounts_by_id(&self, ids: &[AccountId]) -> Result<Vec<AccountRow>, StoreError> {
        let wanted: Vec<_> = ids.iter().map(|id| keys::account(*id)).collect();
        self.get_all(&wanted).await?.iter().map(AccountRow::read).collect()
    }

    /// The write that changes an account that nobody changed meanwhile. With `void_sessions`, everything signed
    /// in until now is void from this write on.
    pub fn change_account(
        &self,
        tx: &mut Tx<Code>,
        row: &AccountRow,
        void_sessions: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        tx.update(self, row.change(void_sessions)?, Some(Code::Stale))
    }

    /// The write that removes an account with its facility (Art. 13(2)): whoever signs in at the same moment makes it busy, and
    /// it is tried again.
    pub fn remove_with_facility(
        &self,
        tx: &mut Tx<Code>,
        row: &AccountRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut gone = row.clone();
        gone.account.state = AccountState::Removed;
        tx.update(self, gone.change(Some(now))?, Some(Code::Busy))
    }

    /// The session of a token's hash with the time it was last used, the account that the browser says it is of, and
    /// how far the service is open: in one request.
    pub async fn session(
        &self,
        token_sha256: &str,
        account: AccountId,
    ) -> Result<(Option<(Session, Timestamp, AccountRow)>, Option<Service>), StoreError> {
        let wanted = [keys::session(token_sha256), keys::account(account), keys::service()];
        let items = self.get_all(&wanted).await?;
        let find = |key: &keys::Key| items.iter().find(|item| item.key().is_ok_and(|found| found == *key));
        let service = find(&wanted[2]).map(Item::doc).transpose()?;
        let (Some(session), Some(row)) = (find(&wanted[0]), find(&wanted[1])) else {
            return Ok((None, service));
        };
        let used = Timestamp::from_ms(session.get_number("used")?);
        Ok((Some((session.doc()?, used, AccountRow::read(row)?)), service))
    }

    /// A new session's item.
    pub fn session_item(
        hash: &str,
        session: &Session,
        now: Timestamp,
        ends: Timestamp,
    ) -> Result<Item, StoreError> {
        let listed = keys::of_account(session.account);
        let item = Item::new(&keys::session(hash), session)?.number("used", now.ms()).until(ends);
        Ok(item.listed(listed, keys::session_of_account(hash, session.stage)))
    }

    /// Locks a session, or takes it on to its next stage; `false` if it ended meanwhile.
    pub async fn set_session(&self, hash: &str, session: &Session) -> Result<bool, StoreError> {
        let change =
            Change::of(keys::session(hash), "SET doc = :doc").text(":doc", serde_json::to_string(session)?);
        self.change(change.only_if("attribute_exists(pk)")).await
    }

    /// The write that takes a session on to its next stage.
    pub fn put_session(
        &self,
        tx: &mut Tx<Code>,
        hash: &str,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let change = Change::of(keys::session(hash), "SET doc = :doc, used = :now")
            .only_if("attribute_exists(pk)")
            .text(":doc", serde_json::to_string(session)?)
            .number(":now", now.ms());
        tx.update(self, change, Some(Code::SessionEnded))
    }

    /// Notes that a session is in use. A session that ended meanwhile does not come back.
    pub async fn touch_session(&self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let touch = Change::of(keys::session(hash), "SET used = :now").number(":now", now.ms());
        self.change(touch.only_if("attribute_exists(pk)")).await.map(|_| ())
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
        self.change(attempt(what, seen, next, end)).await
    }

    /// The write that counts an attempt together with what is attempted.
    pub fn put_attempt(
        &self,
        tx: &mut Tx<Code>,
        what: &str,
        seen: Throttle,
        next: Throttle,
        end: Timestamp,
    ) -> Result<(), StoreError> {
        tx.update(self, attempt(what, seen, next, end), Some(Code::Busy))
    }

    /// Forgets the attempts: somebody got in.
    pub async fn forget_attempts(&self, what: &str) -> Result<(), StoreError> {
        self.remove(&keys::throttle(what)).await
    }
}

/// The change of a count that nobody changed since it was read.
fn attempt(what: &str, seen: Throttle, next: Throttle, end: Timestamp) -> Change {
    let count = Change::of(keys::throttle(what), "SET failures = :next, next_try = :at, ttl_at = :end")
        .number(":next", next.failures)
        .number(":at", next.next_try)
        .number(":end", end.seconds());
    match seen.failures {
        0 => count.only_if("attribute_not_exists(pk)"),
        failures => count.only_if("failures = :seen").number(":seen", failures),
    }
}
