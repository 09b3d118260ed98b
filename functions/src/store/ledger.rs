//! The asset ledger as it is now: one item. Its earlier versions lie in the archive, as system data.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use shared::{api::error::Code, evidence::Ledger};

impl Store {
    /// The ledger; empty while none was registered.
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        Ok(self.get(&keys::ledger()).await?.map(|item| item.doc()).transpose()?.unwrap_or_default())
    }

    /// The write of a version, unless somebody else has registered one since this number.
    pub fn put_ledger(&self, tx: &mut Tx<Code>, follows: u32, ledger: &Ledger) -> Result<(), StoreError> {
        let number = ledger.version.as_ref().map_or(0, |version| version.number);
        if follows == 0 {
            return tx.create(
                self,
                Item::new(&keys::ledger(), ledger)?.number("version", number),
                Code::Stale,
            );
        }
        let change = Change::of(keys::ledger(), "SET doc = :doc, version = :next")
            .only_if("version = :seen")
            .text(":doc", serde_json::to_string(ledger)?)
            .number(":next", number)
            .number(":seen", follows);
        tx.update(self, change, Some(Code::Stale))
    }
}
