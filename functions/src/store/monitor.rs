//! Records of monitoring: one item a slot, what is known of each part, the days in numbers, the anomalies.

use super::{
    Store,
    error::StoreError,
    item::{DOC, Item},
    keys,
    tx::Change,
};
use aws_sdk_dynamodb::error::SdkError;
use serde::{Deserialize, Serialize};
use shared::{
    calendar::{Day, Timestamp},
    evidence::monitor::{Anomaly, Cadence, MonitorDay, Part, Record, Slot, Watch},
};

/// Since when the portal's files have shown an old state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalLag {
    /// The revision that the files showed.
    pub written: u64,
    /// Since when.
    pub since: Timestamp,
}

impl Store {
    /// Puts an item that must not exist yet; `false` if it does.
    async fn put_new(&self, item: Item) -> Result<bool, StoreError> {
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item.into_attributes()));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(context)) if context.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Since when it is monitored: the beginning of the first slot that had a look.
    pub async fn monitored_since(&self) -> Result<Option<Timestamp>, StoreError> {
        self.get(&keys::monitor_begun()).await?.map(|item| item.doc()).transpose()
    }

    /// Notes since when; the first word counts.
    pub async fn begin_monitoring(&self, since: Timestamp) -> Result<(), StoreError> {
        self.put_new(Item::new(&keys::monitor_begun(), &since)?).await.map(|_| ())
    }

    /// The record of a slot.
    pub async fn monitor_record(&self, slot: Slot) -> Result<Option<Record>, StoreError> {
        self.get(&keys::monitor_slot(slot)).await?.map(|item| item.doc()).transpose()
    }

    /// Writes the record of a slot; `false` if it has one. It is kept as long as what was sent on its day.
    pub async fn create_monitor_record(&self, record: &Record) -> Result<bool, StoreError> {
        let until = record.slot.day.locked_until();
        self.put_new(Item::new(&keys::monitor_slot(record.slot), record)?.until(until)).await
    }

    /// The records of these slots, in no order; those that have none are left out.
    pub async fn monitor_records_of(&self, slots: &[Slot]) -> Result<Vec<Record>, StoreError> {
        let wanted: Vec<_> = slots.iter().map(|slot| keys::monitor_slot(*slot)).collect();
        self.get_all(&wanted).await?.iter().map(Item::doc).collect()
    }

    /// The records of a day, of one length of slot or of all.
    pub async fn monitor_records(
        &self,
        day: Day,
        cadence: Option<Cadence>,
    ) -> Result<Vec<Record>, StoreError> {
        let partition = keys::monitor_slots(day);
        let query = self.query(&partition);
        let query = match cadence {
            Some(cadence) => query.beginning_with(&keys::monitor_slots_of(cadence)),
            None => query,
        };
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// What is known of each part.
    pub async fn watches(&self) -> Result<Vec<Watch>, StoreError> {
        let query = self.query(keys::MONITOR).beginning_with(keys::WATCH);
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// What is known of a part.
    pub async fn watch(&self, part: Part) -> Result<Option<Watch>, StoreError> {
        self.get(&keys::monitor_watch(part)).await?.map(|item| item.doc()).transpose()
    }

    /// Takes a part on from the slot that was seen before; `false` if somebody did so meanwhile.
    pub async fn put_watch(&self, watch: &Watch, seen: Option<Timestamp>) -> Result<bool, StoreError> {
        let change = Change::of(keys::monitor_watch(watch.part), &format!("SET {DOC} = :doc, seen = :next"))
            .text(":doc", serde_json::to_string(watch)?)
            .number(":next", watch.seen.ms());
        let change = match seen {
            None => change.only_if("attribute_not_exists(pk)"),
            Some(seen) => change.only_if("seen = :seen").number(":seen", seen.ms()),
        };
        self.change(change).await
    }

    /// Until when missing slots were looked for.
    pub async fn slots_checked_to(&self) -> Result<Option<Timestamp>, StoreError> {
        self.get(&keys::monitor_checked()).await?.map(|item| item.doc()).transpose()
    }

    /// Notes until when.
    pub async fn put_slots_checked_to(&self, to: Timestamp) -> Result<(), StoreError> {
        self.put(Item::new(&keys::monitor_checked(), &to)?).await
    }

    /// Since when the portal's files have been old.
    pub async fn portal_lag(&self) -> Result<Option<PortalLag>, StoreError> {
        self.get(&keys::monitor_portal_lag()).await?.map(|item| item.doc()).transpose()
    }

    /// Notes since when; `None`: they are not.
    pub async fn put_portal_lag(&self, lag: Option<PortalLag>) -> Result<(), StoreError> {
        match lag {
            Some(lag) => self.put(Item::new(&keys::monitor_portal_lag(), &lag)?).await,
            None => self.remove(&keys::monitor_portal_lag()).await,
        }
    }

    /// Notes a day in numbers.
    pub async fn put_monitor_day(&self, day: &MonitorDay) -> Result<(), StoreError> {
        self.put(Item::new(&keys::monitor_day(day.day), day)?.until(day.day.locked_until())).await
    }

    /// Days in numbers, in order, both ends included.
    pub async fn monitor_days(&self, first: Day, last: Day) -> Result<Vec<MonitorDay>, StoreError> {
        let query = self.query(keys::MONITOR_DAYS).between(first.to_string(), last.to_string());
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// The newest day in numbers.
    pub async fn last_monitor_day(&self) -> Result<Option<Day>, StoreError> {
        let newest = self.query(keys::MONITOR_DAYS).newest_first().limit(1).run().await?;
        newest.first().map(|item| item.doc::<MonitorDay>().map(|day| day.day)).transpose()
    }

    /// Notes an anomaly.
    pub async fn put_anomaly(&self, anomaly: &Anomaly) -> Result<(), StoreError> {
        let item = Item::new(&keys::monitor_anomaly(anomaly.since, anomaly.part), anomaly)?;
        self.put(item.until(anomaly.since.day().locked_until())).await
    }

    /// The newest anomalies.
    pub async fn anomalies(&self, most: usize) -> Result<Vec<Anomaly>, StoreError> {
        let query = self.query(keys::ANOMALIES).newest_first().limit(most);
        query.run().await?.iter().map(Item::doc).collect()
    }
}
