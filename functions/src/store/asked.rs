//! Runs by hand that somebody asked for: the open ones, each thing once; those that ended, for a while.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use shared::{
    api::error::Code,
    calendar::Timestamp,
    evidence::{AskedRun, WantedRun},
};

/// How long a run that ended is remembered. The audit log keeps who it was and when for five years.
const REMEMBERED_SECONDS: i64 = 90 * 24 * 60 * 60;

impl Store {
    /// The open runs, oldest first.
    pub async fn open_runs(&self) -> Result<Vec<AskedRun>, StoreError> {
        let items = self.query(keys::ASKED_RUNS).beginning_with(keys::OPEN_RUN).run().await?;
        let mut runs = items.iter().map(Item::doc).collect::<Result<Vec<AskedRun>, _>>()?;
        runs.sort_by_key(|run| (run.asked_at, run.id));
        Ok(runs)
    }

    /// The open run for what is wanted.
    pub async fn open_run(&self, wanted: &WantedRun) -> Result<Option<AskedRun>, StoreError> {
        self.get(&keys::open_run(wanted)).await?.map(|item| item.doc()).transpose()
    }

    /// The write that opens a run; [`Code::Busy`] where one for the same is open.
    pub fn ask_run(&self, tx: &mut Tx<Code>, run: &AskedRun) -> Result<(), StoreError> {
        tx.create(self, Item::new(&keys::open_run(&run.wanted), run)?, Code::Busy)
    }

    /// Notes how far an open run is; `false` if it is open no more.
    pub async fn put_open_run(&self, run: &AskedRun) -> Result<bool, StoreError> {
        let change = Change::of(keys::open_run(&run.wanted), "SET doc = :doc");
        let change = change.only_if("attribute_exists(pk)").text(":doc", serde_json::to_string(run)?);
        self.change(change).await
    }

    /// The writes that end an open run at this moment.
    pub fn end_run(&self, tx: &mut Tx<Code>, run: &AskedRun, at: Timestamp) -> Result<(), StoreError> {
        tx.remove_existing(self, &keys::open_run(&run.wanted), Code::Stale)?;
        let item = Item::new(&keys::ended_run(at, run.id), run)?;
        tx.put(self, item.until(at.plus_seconds(REMEMBERED_SECONDS)))
    }

    /// The runs that ended since a moment, newest first.
    pub async fn ended_runs(&self, since: Timestamp, most: usize) -> Result<Vec<AskedRun>, StoreError> {
        let (low, high) = (format!("{}{since}", keys::ENDED_RUN), format!("{}\u{10FFFF}", keys::ENDED_RUN));
        let items = self.query(keys::ASKED_RUNS).between(low, high).newest_first().limit(most).run().await?;
        items.iter().map(Item::doc).collect()
    }
}
