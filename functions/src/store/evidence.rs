//! The audit log, the commands that were done, the catalogue of generations.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::{error::Code, evidence::GENERATIONS_PAGE},
    book::Entry,
    calendar::{Day, Timestamp},
    evidence::{AuditEvent, BackupKind, Generation},
    id::{AccountId, CommandId, GenerationId, PatientId},
};
use std::collections::BTreeSet;

/// A command that was done, and what was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// By whom.
    pub by: AccountId,
    /// SHA-256 of address and body, in hex.
    pub request: String,
    /// The answer.
    pub reply: serde_json::Value,
}

/// How long a command's answer is remembered.
const REMEMBERED_SECONDS: i64 = 7 * 24 * 60 * 60;

/// An event's item; one about a patient is listed under the patient, for the care team.
fn event_item(event: &AuditEvent) -> Result<Item, StoreError> {
    let item = Item::new(&keys::event(event.at, event.id), event)?;
    let patient = event.thing.first().filter(|_| event.action.is_about_patient());
    Ok(match patient.and_then(|id| id.parse::<PatientId>().ok()) {
        Some(patient) => item.listed(keys::events_of(patient), event.id.to_string()),
        None => item,
    })
}

impl Store {
    /// An audit event within a transaction.
    pub fn note_event(&self, tx: &mut Tx<Code>, event: &AuditEvent) -> Result<(), StoreError> {
        tx.create(self, event_item(event)?, Code::Busy)
    }

    /// An audit event on its own: reads and refusals.
    pub async fn log_event(&self, event: &AuditEvent) -> Result<(), StoreError> {
        self.put(event_item(event)?).await
    }

    /// The events of one hour, in order.
    pub async fn events(&self, hour_of: Timestamp) -> Result<Vec<AuditEvent>, StoreError> {
        self.query(&keys::audit_hour(hour_of)).run().await?.iter().map(Item::doc).collect()
    }

    /// Remembers a command within its transaction.
    pub fn note_command(
        &self,
        tx: &mut Tx<Code>,
        id: CommandId,
        done: &Done,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let item = Item::new(&keys::command(id), done)?.until(now.plus_seconds(REMEMBERED_SECONDS));
        tx.create(self, item, Code::CommandReused)
    }

    /// What was answered to a command.
    pub async fn done(&self, id: CommandId) -> Result<Option<Done>, StoreError> {
        self.get(&keys::command(id)).await?.map(|item| item.doc()).transpose()
    }

    /// What was sent on a day, in order.
    pub async fn journal(&self, day: Day) -> Result<Vec<(String, Entry)>, StoreError> {
        let items = self.query(&keys::journal(day)).run().await?;
        items.iter().map(|item| Ok((item.sk()?.to_owned(), item.doc()?))).collect()
    }

    /// Takes a generation in hand for some seconds; `false` while somebody else has it.
    pub async fn claim_generation(
        &self,
        what: &str,
        now: Timestamp,
        seconds: i64,
    ) -> Result<bool, StoreError> {
        self.change(Change::claim(keys::claim(what), now, seconds)).await
    }

    /// Gives back what could not be made.
    pub async fn release_generation(&self, what: &str) -> Result<(), StoreError> {
        self.remove(&keys::claim(what)).await
    }

    /// Catalogues a generation.
    pub async fn put_generation(&self, generation: &Generation) -> Result<(), StoreError> {
        let by_day = keys::generation_by_day(generation.day, generation.id);
        let item = Item::new(&keys::generation(generation.id), generation)?;
        self.put(item.listed(keys::generations(generation.kind), by_day)).await
    }

    /// The write that notes a verification.
    pub fn note_verification(&self, tx: &mut Tx<Code>, generation: &Generation) -> Result<(), StoreError> {
        let change =
            Change::of(keys::generation(generation.id), "SET doc = :doc").only_if("attribute_exists(pk)");
        tx.update(self, change.text(":doc", serde_json::to_string(generation)?), Some(Code::NotFound))
    }

    /// The record of a run by hand (Art. 24(1)): who is in the audit event, why is here.
    pub fn note_manual_run(
        &self,
        tx: &mut Tx<Code>,
        id: GenerationId,
        reason: &str,
    ) -> Result<(), StoreError> {
        tx.create(self, Item::new(&keys::manual_run(id), &reason)?, Code::Busy)
    }

    /// A generation.
    pub async fn generation(&self, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        self.get(&keys::generation(id)).await?.map(|item| item.doc()).transpose()
    }

    /// The generations of a kind of the days from `first` to `last`, oldest first.
    pub async fn generations_of(
        &self,
        kind: BackupKind,
        first: Day,
        last: Day,
    ) -> Result<Vec<Generation>, StoreError> {
        let partition = keys::generations(kind);
        // A sort key goes on after the day: one day more has nothing as short as that.
        let (first, after) = (first.to_string(), last.plus_days(1).to_string());
        let items = self.query(&partition).by_index().between(first, after).run().await?;
        items.iter().map(Item::doc).collect()
    }

    /// The days from `first` to `last` that have a daily generation.
    pub async fn days_kept(&self, first: Day, last: Day) -> Result<BTreeSet<Day>, StoreError> {
        let kept = self.generations_of(BackupKind::Daily, first, last).await?;
        Ok(kept.into_iter().map(|generation| generation.day).collect())
    }

    /// The newest day that has a daily generation.
    pub async fn last_day_kept(&self) -> Result<Option<Day>, StoreError> {
        let partition = keys::generations(BackupKind::Daily);
        let newest = self.query(&partition).by_index().newest_first().limit(1).run().await?;
        newest.first().map(|item| item.doc::<Generation>().map(|generation| generation.day)).transpose()
    }

    /// Generations of a kind, newest day first, of days before `before`, and the day before which the next page
    /// begins. A page ends with a whole day.
    pub async fn generations(
        &self,
        kind: BackupKind,
        before: Option<Day>,
    ) -> Result<(Vec<Generation>, Option<Day>), StoreError> {
        let partition = keys::generations(kind);
        let query = self.query(&partition).by_index().newest_first().limit(GENERATIONS_PAGE);
        let query = match before {
            Some(day) => query.between("0", day.to_string()),
            None => query,
        };
        let mut page = query.run().await?.iter().map(Item::doc).collect::<Result<Vec<Generation>, _>>()?;
        let cut = page.last().map(|last| last.day).filter(|_| page.len() == GENERATIONS_PAGE);
        if let Some(cut) = cut.filter(|cut| page.first().is_some_and(|first| first.day != *cut)) {
            page.retain(|generation| generation.day != cut);
        }
        let next = page.last().map(|last| last.day).filter(|_| cut.is_some());
        Ok((page, next))
    }
}
