//! How far the service is open.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use shared::{api::error::Code, procedure::Service};

impl Store {
    /// The service as it stands; `None` while nothing was ever closed.
    pub async fn service(&self) -> Result<Option<Service>, StoreError> {
        self.get(&keys::service()).await?.map(|item| item.doc()).transpose()
    }

    /// The write that closes or opens the service, unless somebody changed it since it was read. The portal says how it
    /// stands, so its files are old from then on.
    pub fn put_service(
        &self,
        tx: &mut Tx<Code>,
        seen: Option<&Service>,
        next: &Service,
    ) -> Result<(), StoreError> {
        self.turn_portal(tx)?;
        let Some(seen) = seen else {
            return tx.create(self, Item::new(&keys::service(), next)?, Code::Busy);
        };
        let change = Change::of(keys::service(), "SET doc = :doc")
            .only_if("doc = :seen")
            .text(":doc", serde_json::to_string(next)?)
            .text(":seen", serde_json::to_string(seen)?);
        tx.update(self, change, Some(Code::Busy))
    }
}
