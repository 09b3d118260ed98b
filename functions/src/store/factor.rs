//! Factors, challenges and sign-ins of a person.

use super::{
    Store,
    blob::sha256_hex,
    error::StoreError,
    item::Item,
    keys,
    people::{AccountRow, Session},
    schema::{INDEX_PK, INDEX_SK, TTL},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{
    api::error::Code,
    calendar::Timestamp,
    id::{AccountId, ChallengeId, EventId, FactorId},
    people::{AccountState, SESSIONS_MAX, SIGN_INS_SHOWN, SignInRow},
};
use webauthn_rs::prelude::Passkey;

/// A challenge is good for so many seconds.
const CHALLENGE_SECONDS: i64 = 5 * 60;
/// A person sees their sign-ins for so many seconds; the audit log keeps them longer.
const SIGN_IN_SECONDS: i64 = 400 * 24 * 60 * 60;

/// A passkey as stored: a public key, nothing secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredPasskey {
    /// Identifier.
    pub id: FactorId,
    /// As its owner calls it.
    pub name: String,
    /// The key with its counter.
    pub key: Passkey,
    /// Since when.
    pub added_at: Timestamp,
    /// When it last opened a session.
    pub used_at: Option<Timestamp>,
}

/// The factors that a backup may hold: public keys, and hashes of long random codes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Factors {
    /// Passkeys.
    pub passkeys: Vec<StoredPasskey>,
    /// SHA-256 of the recovery codes that are left, in hex.
    pub recovery: Vec<String>,
}

/// [`Factors`] with the version that guards their change.
#[derive(Clone, Debug, Default)]
pub struct FactorsRow {
    /// The factors.
    pub factors: Factors,
    version: u64,
}

/// The secrets of an authenticator app. They stay out of every backup: after a restore, their owner signs in with
/// a passkey or a recovery code and enrols the app again.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct TotpDoc {
    /// In force; base32.
    pub secret: Option<String>,
    /// Offered and not confirmed yet; base32.
    pub offered: Option<String>,
}

impl Store {
    /// A person's factors; none, if nothing was ever enrolled.
    pub async fn factors(&self, account: AccountId) -> Result<FactorsRow, StoreError> {
        let Some(item) = self.get(&keys::factors(account)).await? else { return Ok(FactorsRow::default()) };
        Ok(FactorsRow { factors: item.doc()?, version: item.get_number("version")? })
    }

    /// The write that sets a person's factors, if nobody changed them meanwhile.
    pub fn put_factors(
        &self,
        tx: &mut Tx<Code>,
        account: AccountId,
        row: &FactorsRow,
    ) -> Result<(), StoreError> {
        let sets = format!("SET doc = :doc, version = :next, {INDEX_PK} = :list, {INDEX_SK} = :account");
        let change = Change::of(keys::factors(account), &sets)
            .text(":doc", serde_json::to_string(&row.factors)?)
            .text(":list", keys::FACTORS)
            .text(":account", account.to_string())
            .number(":next", i128::from(row.version) + 1);
        let change = match row.version {
            0 => change.only_if("attribute_not_exists(pk)"),
            seen => change.only_if("version = :seen").number(":seen", seen),
        };
        tx.update(self, change, Some(Code::Stale))
    }

    /// A person's authenticator app.
    pub async fn totp(&self, account: AccountId) -> Result<TotpDoc, StoreError> {
        Ok(self.get(&keys::totp(account)).await?.map(|item| item.doc()).transpose()?.unwrap_or_default())
    }

    /// A person's factors with one recovery code, for loading.
    pub fn recovery_item(account: AccountId, code: &str) -> Result<Item, StoreError> {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let factors = Factors { passkeys: Vec::new(), recovery: vec![sha256_hex(code.as_bytes())] };
        let item = Item::new(&keys::factors(account), &factors)?.number("version", 1);
        Ok(item.listed(keys::FACTORS, account.to_string()))
    }

    /// A person's authenticator app, for loading.
    pub fn totp_item(account: AccountId, secret: &str) -> Result<Item, StoreError> {
        Item::new(&keys::totp(account), &TotpDoc { secret: Some(secret.to_owned()), offered: None })
    }

    /// The write that sets a person's authenticator app.
    pub fn put_totp(&self, tx: &mut Tx<Code>, account: AccountId, doc: &TotpDoc) -> Result<(), StoreError> {
        let change = Change::of(keys::totp(account), "SET doc = :doc");
        tx.update(self, change.text(":doc", serde_json::to_string(doc)?), None)
    }

    /// The write that puts a confirmed app in force; the code that confirmed it is used up.
    pub fn put_totp_used(
        &self,
        tx: &mut Tx<Code>,
        account: AccountId,
        doc: &TotpDoc,
        step: u64,
    ) -> Result<(), StoreError> {
        let change = Change::of(keys::totp(account), "SET doc = :doc, last_step = :step");
        let change = change.text(":doc", serde_json::to_string(doc)?).number(":step", step);
        tx.update(self, change, None)
    }

    /// The write that uses up a code: its time step and all before it.
    pub fn use_step(&self, tx: &mut Tx<Code>, account: AccountId, step: u64) -> Result<(), StoreError> {
        let change = Change::of(keys::totp(account), "SET last_step = :step").number(":step", step);
        let change =
            change.only_if("attribute_exists(pk) AND (attribute_not_exists(last_step) OR last_step < :step)");
        tx.update(self, change, Some(Code::CodeUsed))
    }

    /// The writes after which no second factor of a person is left.
    pub fn drop_factors(&self, tx: &mut Tx<Code>, account: AccountId) -> Result<(), StoreError> {
        tx.remove(self, &keys::factors(account))?;
        tx.remove(self, &keys::totp(account))
    }

    /// Remembers what a passkey was asked.
    pub async fn put_challenge<T: Serialize>(
        &self,
        id: ChallengeId,
        state: &T,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let item = Item::new(&keys::challenge(id), state)?;
        self.put(item.until(now.plus_seconds(CHALLENGE_SECONDS))).await
    }

    /// What a passkey was asked, if the question still stands.
    pub async fn challenge<T: DeserializeOwned>(
        &self,
        id: ChallengeId,
        now: Timestamp,
    ) -> Result<Option<T>, StoreError> {
        let Some(item) = self.get(&keys::challenge(id)).await? else { return Ok(None) };
        // The table forgets some time after the end; the end itself is ours.
        let ends: i64 = item.get_number(TTL)?;
        if ends < now.seconds() { Ok(None) } else { item.doc().map(Some) }
    }

    /// The write that uses up a challenge.
    pub fn use_challenge(&self, tx: &mut Tx<Code>, id: ChallengeId) -> Result<(), StoreError> {
        tx.remove_existing(self, &keys::challenge(id), Code::PasskeyRefused)
    }

    /// The writes of a completed sign-in: the record that its owner sees, and the time on the account.
    pub fn note_sign_in(
        &self,
        tx: &mut Tx<Code>,
        row: &AccountRow,
        id: EventId,
        sign_in: &SignInRow,
    ) -> Result<(), StoreError> {
        let item = Item::new(&keys::sign_in(row.account.id, id), sign_in)?;
        tx.create(self, item.until(sign_in.at.plus_seconds(SIGN_IN_SECONDS)), Code::Busy)?;
        // The first sign-in takes the account into use.
        let mut account = row.account.clone();
        let first = account.state == AccountState::Invited;
        account.state = AccountState::Active;
        let sets = "SET last_in = :now, doc = :doc, version = :next";
        let change = Change::of(keys::account(account.id), sets)
            .text(":doc", serde_json::to_string(&account)?)
            .number(":now", sign_in.at.ms())
            .number(":next", i128::from(row.version) + i128::from(first));
        // The account may have been closed since it was read.
        let change = change.only_if("version = :seen").number(":seen", row.version);
        tx.update(self, change, Some(Code::Busy))
    }

    /// A person's last sign-ins, newest first.
    pub async fn sign_ins(&self, account: AccountId) -> Result<Vec<SignInRow>, StoreError> {
        let partition = keys::of_account(account);
        let query = self.query(&partition).beginning_with(keys::SIGN_IN).newest_first().limit(SIGN_INS_SHOWN);
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// A person's sessions: hash of the token, session, last use; those that both factors opened first, and at most
    /// [`SESSIONS_MAX`] of either kind. An index is a moment behind.
    pub async fn sessions(
        &self,
        account: AccountId,
    ) -> Result<Vec<(String, Session, Timestamp)>, StoreError> {
        let listed = keys::of_account(account);
        let of_kind = |kind| self.query(&listed).by_index().beginning_with(kind).limit(SESSIONS_MAX).run();
        let (whole, half_way) = futures::try_join!(of_kind(keys::SESSIONS), of_kind(keys::HALF_WAY))?;
        let sessions = whole.iter().chain(&half_way);
        sessions
            .map(|item| {
                let listed_as = item.get_text(INDEX_SK)?;
                let (_, hash) = listed_as.split_once('#').ok_or(StoreError::Shape("session"))?;
                Ok((hash.to_owned(), item.doc()?, Timestamp::from_ms(item.get_number("used")?)))
            })
            .collect()
    }
}
