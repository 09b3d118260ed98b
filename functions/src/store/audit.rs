//! Reading the audit log, and the catalogue of its seals.

use super::{
    Store,
    error::StoreError,
    item::{DOC, Item},
    keys,
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::{audit::Review, error::Code},
    calendar::{Day, Timestamp},
    evidence::seal::{Seal, Stored},
    id::{EventId, PatientId},
};
use std::collections::HashMap;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// The seal job is one at a time for so many seconds: longer than a function may run.
const CLAIM_SECONDS: i64 = 16 * 60;

/// The newest seal, as the catalogue knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSeal {
    /// Its number.
    pub number: u64,
    /// The last day that it covers: part of its key in the bucket.
    pub day: Day,
    /// It covers events before this instant.
    pub to: Timestamp,
}

fn id_at(at: Timestamp) -> EventId {
    EventId::from_parts(u64::try_from(at.ms()).unwrap_or(0), 0)
}

impl Store {
    /// The stored events of a window, in order: from an instant on, until before another.
    pub async fn stored_events(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Stored>, StoreError> {
        let mut found = Vec::new();
        let mut hour = from.ms() - from.ms().rem_euclid(HOUR_MS);
        while hour < to.ms() {
            let partition = keys::audit_hour(Timestamp::from_ms(hour));
            // Nothing has the identifier of an instant alone: the window is half open.
            let query = self.query(&partition).between(id_at(from).to_string(), id_at(to).to_string());
            for item in query.run().await? {
                let id = item.sk()?.parse().map_err(|_| StoreError::Shape("event id"))?;
                found.push((id, item.get_text(DOC)?.to_owned()));
            }
            hour += HOUR_MS;
        }
        Ok(found)
    }

    /// The events of one hour before an event, newest first.
    pub async fn events_before(&self, hour: Timestamp, before: EventId) -> Result<Vec<Item>, StoreError> {
        let partition = keys::audit_hour(hour);
        self.query(&partition).between("0", before.to_string()).newest_first().run().await
    }

    /// The events about a patient, newest first, before one of them.
    pub async fn events_of_patient(
        &self,
        patient: PatientId,
        before: Option<EventId>,
        most: usize,
    ) -> Result<Vec<Item>, StoreError> {
        let list = keys::events_of(patient);
        let query = self.query(&list).by_index().newest_first().limit(most);
        match before {
            Some(id) => query.between("0", id.to_string()).run().await,
            None => query.run().await,
        }
    }

    /// The newest seal.
    pub async fn last_seal(&self) -> Result<Option<LastSeal>, StoreError> {
        self.get(&keys::last_seal()).await?.map(|item| item.doc()).transpose()
    }

    /// The newest seal as of a number: where the seals between lie is told by the days of their items.
    pub async fn seal_day(&self, number: u64) -> Result<Option<Day>, StoreError> {
        self.get(&keys::seal(number)).await?.map(|item| item.doc()).transpose()
    }

    /// Catalogues a seal.
    pub async fn put_seal(&self, seal: &Seal) -> Result<(), StoreError> {
        let day = seal.to.day();
        self.put(Item::new(&keys::seal(seal.number), &day)?).await?;
        let last = LastSeal { number: seal.number, day, to: seal.to };
        self.put(Item::new(&keys::last_seal(), &last)?).await
    }

    /// The write of a month's review; a month is signed for once.
    pub fn create_review(&self, tx: &mut Tx<Code>, month: &str, review: &Review) -> Result<(), StoreError> {
        let item = Item::new(&keys::review(month), review)?.listed(keys::REVIEWS, month);
        tx.create(self, item, Code::Stale)
    }

    /// The reviews by month.
    pub async fn reviews(&self) -> Result<HashMap<String, Review>, StoreError> {
        let items = self.query(keys::REVIEWS).run().await?;
        items.iter().map(|item| Ok((item.sk()?.to_owned(), item.doc()?))).collect()
    }

    /// Takes the sealing in hand; `false` while somebody else has it.
    pub async fn claim_sealing(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.change(Change::claim(keys::seal_claim(), now, CLAIM_SECONDS)).await
    }

    /// Gives the sealing back.
    pub async fn release_sealing(&self) -> Result<(), StoreError> {
        self.remove(&keys::seal_claim()).await
    }
}
