//! What was recorded of runbooks, and where their locked copies lie.

use super::{Store, error::StoreError, item::Item, keys, tx::Tx};
use shared::{
    api::{error::Code, runbook::RunbookCopy},
    evidence::runbook::RunbookRecord,
};
use std::collections::HashMap;

impl Store {
    /// The write of a confirmed review or rehearsal.
    pub fn create_runbook_record(&self, tx: &mut Tx<Code>, record: &RunbookRecord) -> Result<(), StoreError> {
        let key = keys::runbook_record(record.number, record.on, record.case);
        let place = key.sk.clone();
        tx.create(self, Item::new(&key, record)?.listed(keys::RUNBOOKS, place), Code::Stale)
    }

    /// Reviews and rehearsals of all runbooks, newest day first within each.
    pub async fn runbook_records(&self) -> Result<Vec<RunbookRecord>, StoreError> {
        let query = self.query(keys::RUNBOOKS).beginning_with(keys::RUNBOOK_RECORD).newest_first();
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// The newest locked copies, by the runbook's number.
    pub async fn runbook_copies(&self) -> Result<HashMap<u32, RunbookCopy>, StoreError> {
        let items = self.query(keys::RUNBOOKS).beginning_with(keys::RUNBOOK_COPY).run().await?;
        let number = |item: &Item| -> Result<u32, StoreError> {
            let digits = item.sk()?.trim_start_matches(keys::RUNBOOK_COPY);
            digits.parse().map_err(|_| StoreError::Shape("runbook's number"))
        };
        items.iter().map(|item| Ok((number(item)?, item.doc()?))).collect()
    }

    /// Notes a locked copy. It is in no backup: another environment has an archive of its own.
    pub async fn put_runbook_copy(&self, number: u32, copy: &RunbookCopy) -> Result<(), StoreError> {
        self.put(Item::new(&keys::runbook_copy(number), copy)?).await
    }
}
