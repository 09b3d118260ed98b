//! What the evidence bundle asks of the table: cases and seals by their order, reasons of runs by hand, bundles made.

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
    evidence::bundle::Bundle,
    id::{BundleId, CaseId, GenerationId},
    procedure::Case,
};

fn case_as_stored(item: &Item) -> Result<(Case, String), StoreError> {
    Ok((item.doc()?, item.get_text(DOC)?.to_owned()))
}

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
        query.run().await?.iter().map(case_as_stored).collect()
    }

    /// A case with its record as stored.
    pub async fn stored_case(&self, id: CaseId) -> Result<Option<(Case, String)>, StoreError> {
        self.get(&keys::case(id)).await?.as_ref().map(case_as_stored).transpose()
    }

    /// The seals from one number to another, each with the last day that it covers.
    pub async fn seal_days(&self, first: u64, last: u64) -> Result<Vec<(u64, Day)>, StoreError> {
        let (low, high) = (keys::seal(first), keys::seal(last));
        let items = self.query(&low.pk).between(low.sk.clone(), high.sk).run().await?;
        let number = |item: &Item| item.sk()?.parse().map_err(|_| StoreError::Shape("seal's number"));
        items.iter().map(|item| Ok((number(item)?, item.doc()?))).collect()
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
