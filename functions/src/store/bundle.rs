//! What the evidence bundle asks of the table: cases and seals by their order, generations by their days, bundles made.

use super::{
    Store,
    error::StoreError,
    item::{DOC, Item},
    keys,
    tx::Tx,
};
use shared::{
    api::{bundle::BUNDLES_MAX, error::Code},
    calendar::{Day, Timestamp},
    evidence::{BackupKind, Generation, bundle::Bundle},
    id::{BundleId, CaseId, GenerationId},
    procedure::Case,
};

impl Store {
    /// The cases that were asked from an instant on until another, oldest first, each with its record as stored.
    pub async fn cases_asked(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<(Case, String)>, StoreError> {
        let place = |at: Timestamp| {
            let first = CaseId::from_parts(u64::try_from(at.ms()).unwrap_or(0), 0);
            keys::case_among_all(first)
        };
        let query = self.query(keys::CASES).by_index().between(place(from), place(until));
        let items = query.run().await?;
        items.iter().map(|item| Ok((item.doc()?, item.get_text(DOC)?.to_owned()))).collect()
    }

    /// The seals from one number to another, each with the last day that it covers.
    pub async fn seal_days(&self, first: u64, last: u64) -> Result<Vec<(u64, Day)>, StoreError> {
        let (low, high) = (keys::seal(first), keys::seal(last));
        let items = self.query(&low.pk).between(low.sk.clone(), high.sk).run().await?;
        let number = |item: &Item| item.sk()?.parse().map_err(|_| StoreError::Shape("seal's number"));
        items.iter().map(|item| Ok((number(item)?, item.doc()?))).collect()
    }

    /// The generations of a kind of the days from `first` to `last`, oldest day first.
    pub async fn generations_between(
        &self,
        kind: BackupKind,
        first: Day,
        last: Day,
    ) -> Result<Vec<Generation>, StoreError> {
        // A sort key goes on after the day.
        let (low, high) = (first.to_string(), last.plus_days(1).to_string());
        let partition = keys::generations(kind);
        let items = self.query(&partition).by_index().between(low, high).run().await?;
        items.iter().map(Item::doc).collect()
    }

    /// Why a generation was made by hand; `None` if it has no such record.
    pub async fn manual_reason(&self, id: GenerationId) -> Result<Option<String>, StoreError> {
        self.get(&keys::manual_run(id)).await?.map(|item| item.doc()).transpose()
    }

    /// The write of a bundle's record.
    pub fn create_bundle(&self, tx: &mut Tx<Code>, bundle: &Bundle) -> Result<(), StoreError> {
        tx.create(self, Item::new(&keys::bundle(bundle.id), bundle)?, Code::Busy)
    }

    /// The bundles that were made, newest first.
    pub async fn bundles(&self) -> Result<Vec<Bundle>, StoreError> {
        let items = self.query(keys::BUNDLES).newest_first().limit(BUNDLES_MAX).run().await?;
        items.iter().map(Item::doc).collect()
    }

    /// A bundle.
    pub async fn bundle(&self, id: BundleId) -> Result<Option<Bundle>, StoreError> {
        self.get(&keys::bundle(id)).await?.map(|item| item.doc()).transpose()
    }
}
