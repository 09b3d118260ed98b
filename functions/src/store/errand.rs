//! Errands and the addresses that mails go to.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::{error::Code, procedure::ERRANDS_MAX},
    calendar::Timestamp,
    id::{AccountId, EventId},
    procedure::{Case, Errand, follows},
};

/// How long a done errand is on record, in days.
const KEPT_DAYS: i64 = 400;

/// Where somebody is told by mail.
#[derive(Clone, Serialize, Deserialize)]
pub struct MailDoc {
    /// The address.
    pub address: String,
    /// Whether it was shown to be theirs.
    pub confirmed: bool,
    /// SHA-256 of the code that was sent, in hex; `None` before it was sent, and once it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code works before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_ends: Option<Timestamp>,
}

impl Store {
    /// The writes of what follows the last step of a case: in the step's own transaction.
    pub(super) fn note_errands(&self, tx: &mut Tx<Code>, case: &Case) -> Result<(), StoreError> {
        let Some(last) = case.taken.last() else { return Ok(()) };
        for task in follows(case) {
            let id = crate::random::id(last.at, EventId::from_parts);
            self.note_errand(tx, &Errand::new(id, task, last.at))?;
        }
        Ok(())
    }

    /// The write of a new errand.
    pub fn note_errand(&self, tx: &mut Tx<Code>, errand: &Errand) -> Result<(), StoreError> {
        let item = Item::new(&keys::errand(errand.id), errand)?.number("next_", errand.next_at.ms());
        tx.create(self, item.listed(keys::ERRANDS, keys::errand_place(errand)), Code::Busy)
    }

    /// The errands whose time has come, those that wait longest first.
    pub async fn errands_due(&self, now: Timestamp) -> Result<Vec<Errand>, StoreError> {
        let query = self.query(keys::ERRANDS).by_index().between("O#", format!("O#{now}$"));
        query.limit(ERRANDS_MAX).run().await?.iter().map(Item::doc).collect()
    }

    /// Errands that are open, by their next try, or done, last first.
    pub async fn errands(&self, done: bool) -> Result<Vec<Errand>, StoreError> {
        let query = self.query(keys::ERRANDS).by_index().beginning_with(if done { "D#" } else { "O#" });
        let query = query.limit(ERRANDS_MAX);
        let found = if done { query.newest_first().run().await } else { query.run().await };
        found?.iter().map(Item::doc).collect()
    }

    /// An errand.
    pub async fn errand(&self, id: EventId) -> Result<Option<Errand>, StoreError> {
        self.get(&keys::errand(id)).await?.map(|item| item.doc()).transpose()
    }

    /// Takes an errand in hand: nobody else tries it before `until`; `false` if somebody else has it, or did it.
    pub async fn claim_errand(
        &self,
        id: EventId,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let claim = Change::of(keys::errand(id), "SET next_ = :until")
            .only_if("next_ <= :now")
            .number(":until", until.ms())
            .number(":now", now.ms());
        self.change(claim).await
    }

    /// Writes what became of an errand.
    pub async fn put_errand(&self, errand: &Errand) -> Result<(), StoreError> {
        let mut sets = format!("SET doc = :doc, next_ = :next, {INDEX_PK} = :list, {INDEX_SK} = :place");
        if errand.done_at.is_some() {
            sets.push_str(", ttl_at = :end");
        }
        let mut change = Change::of(keys::errand(errand.id), &sets)
            .only_if("attribute_exists(pk)")
            .text(":doc", serde_json::to_string(errand)?)
            .text(":list", keys::ERRANDS)
            .text(":place", keys::errand_place(errand))
            .number(":next", errand.done_at.map_or(errand.next_at.ms(), |_| i64::MAX));
        if let Some(at) = errand.done_at {
            change = change.number(":end", at.plus_seconds(KEPT_DAYS * 24 * 3600).seconds());
        }
        self.change(change).await.map(|_| ())
    }

    /// Where somebody is told by mail.
    pub async fn mail(&self, account: AccountId) -> Result<Option<MailDoc>, StoreError> {
        self.get(&keys::mail(account)).await?.map(|item| item.doc()).transpose()
    }

    /// The confirmed addresses of these people; those without one are left out.
    pub async fn mails(&self, accounts: &[AccountId]) -> Result<Vec<(AccountId, String)>, StoreError> {
        let wanted: Vec<_> = accounts.iter().map(|id| keys::mail(*id)).collect();
        let mut found = Vec::new();
        for item in self.get_all(&wanted).await? {
            let doc: MailDoc = item.doc()?;
            let key = item.key()?;
            let whose = accounts.iter().find(|id| keys::mail(**id) == key).filter(|_| doc.confirmed);
            found.extend(whose.map(|id| (*id, doc.address)));
        }
        Ok(found)
    }

    /// Lets an errand be tried again at once, unless it is done or somebody is at it.
    pub fn hasten_errand(
        &self,
        tx: &mut Tx<Code>,
        errand: &Errand,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let hastened = Errand { next_at: now, ..errand.clone() };
        let sets = format!("SET doc = :doc, next_ = :now, {INDEX_SK} = :place");
        let change = Change::of(keys::errand(errand.id), &sets)
            .only_if("next_ = :seen")
            .text(":doc", serde_json::to_string(&hastened)?)
            .text(":place", keys::errand_place(&hastened))
            .number(":now", now.ms())
            .number(":seen", errand.next_at.ms());
        tx.update(self, change, Some(Code::Stale))
    }

    /// The write of an address: a new one, or the present one with its code.
    pub fn put_mail(&self, tx: &mut Tx<Code>, id: AccountId, doc: &MailDoc) -> Result<(), StoreError> {
        tx.update(self, mail_change(id, doc)?, None)
    }

    /// Notes the code that is about to be sent, unless the address changed meanwhile.
    pub async fn put_mail_code(
        &self,
        id: AccountId,
        seen: &MailDoc,
        doc: &MailDoc,
    ) -> Result<bool, StoreError> {
        let change = mail_change(id, doc)?.only_if("doc = :seen").text(":seen", serde_json::to_string(seen)?);
        self.change(change).await
    }

    /// The write of a confirmation: nobody changed the address meanwhile.
    pub fn settle_mail(
        &self,
        tx: &mut Tx<Code>,
        id: AccountId,
        seen: &MailDoc,
        doc: &MailDoc,
    ) -> Result<(), StoreError> {
        let change = mail_change(id, doc)?.only_if("doc = :seen").text(":seen", serde_json::to_string(seen)?);
        tx.update(self, change, Some(Code::Busy))
    }

    /// The write that forgets an address.
    pub fn remove_mail(&self, tx: &mut Tx<Code>, id: AccountId) -> Result<(), StoreError> {
        tx.remove(self, &keys::mail(id))
    }
}

fn mail_change(id: AccountId, doc: &MailDoc) -> Result<Change, StoreError> {
    let sets = format!("SET doc = :doc, {INDEX_PK} = :list, {INDEX_SK} = :place");
    let change = Change::of(keys::mail(id), &sets).text(":doc", serde_json::to_string(doc)?);
    Ok(change.text(":list", keys::MAILS).text(":place", id.to_string()))
}
