//! Who confirmed which announced stop.

use super::{Store, error::StoreError, item::Item, keys, tx::Tx};
use shared::{
    api::error::Code,
    calendar::Day,
    id::CaseId,
    people::Actor,
    procedure::{Service, StopConfirmation},
};

impl Store {
    /// The write of a confirmation: once for each account.
    pub fn create_confirmation(
        &self,
        tx: &mut Tx<Code>,
        confirmed: &StopConfirmation,
    ) -> Result<(), StoreError> {
        let key = keys::stop_confirmed(confirmed.case, confirmed.account);
        let place = format!("{}#{}", confirmed.case, confirmed.account);
        let item = Item::new(&key, confirmed)?.listed(keys::stops_confirmed_on(confirmed.at.day()), place);
        tx.create(self, item, Code::Busy)
    }

    /// The confirmations of a day, as lines.
    pub async fn confirmation_lines(&self, day: Day) -> Result<Vec<String>, StoreError> {
        let query = self.query(&keys::stops_confirmed_on(day)).by_index();
        query.run().await?.iter().map(Item::to_line).collect()
    }

    /// Whether somebody has confirmed a stop.
    pub async fn has_confirmed(&self, case: CaseId, actor: &Actor) -> Result<bool, StoreError> {
        Ok(self.get(&keys::stop_confirmed(case, actor.account)).await?.is_some())
    }

    /// Which of the announced stops somebody has confirmed.
    pub async fn confirmed_by(&self, service: &Service, actor: &Actor) -> Result<Vec<CaseId>, StoreError> {
        let wanted: Vec<_> =
            service.stops.iter().map(|stop| keys::stop_confirmed(stop.case, actor.account)).collect();
        let found = self.get_all(&wanted).await?;
        found.iter().map(|item| Ok(item.doc::<StopConfirmation>()?.case)).collect()
    }

    /// Everybody's confirmations of a stop.
    pub async fn confirmations(&self, case: CaseId) -> Result<Vec<StopConfirmation>, StoreError> {
        self.query(&keys::stop_confirmations(case)).run().await?.iter().map(Item::doc).collect()
    }
}
