//! Facilities: which take part, what is registered of each. Every change of one, and every person who is registered with it,
//! turns a count on its item ([`Store::turn_facility`]): nobody joins a facility that leaves at the same moment.

use super::{
    Store,
    access::MemberDoc,
    error::StoreError,
    item::Item,
    keys,
    people::AccountRow,
    tx::{Change, Tx},
};
use futures::{StreamExt, TryStreamExt, stream};
use shared::{
    api::{book::FACILITIES_MAX, error::Code},
    book::{ConsentState, Patient},
    id::{AccountId, FacilityId},
    people::{Account, Facility},
};
use std::collections::{BTreeMap, BTreeSet};

/// The attribute that counts changes of a facility.
const TURNS: &str = "turns";
/// The attribute that the item of a facility has once it has left.
const DEPARTED: &str = "departed";
/// The condition of every write that a facility must take part for.
const TAKES_PART: &str = "attribute_exists(pk) AND attribute_not_exists(departed)";
/// So many teams are looked at side by side.
const AT_ONCE: usize = 16;
/// How often a person's copy of the name is written while others change the account.
const TRIES: u32 = 5;

/// A facility with the count of its changes: what a change is guarded by.
#[derive(Clone, Debug)]
pub struct FacilityRow {
    /// The facility.
    pub facility: Facility,
    turns: u64,
}

impl Store {
    /// A facility's item, for loading and for registering.
    pub fn facility_item(facility: &Facility) -> Result<Item, StoreError> {
        let item = Item::new(&keys::facility(facility.id), facility)?
            .listed(keys::FACILITIES, facility.id.to_string());
        Ok(if facility.takes_part() { item } else { item.number(DEPARTED, 1) })
    }

    /// The write of a new facility; the portal's list of them is old then.
    pub fn create_facility(&self, tx: &mut Tx<Code>, facility: &Facility) -> Result<(), StoreError> {
        tx.create(self, Self::facility_item(facility)?, Code::Busy)?;
        self.turn_portal(tx)
    }

    /// A facility, also one that has left.
    pub async fn facility(&self, id: FacilityId) -> Result<Option<Facility>, StoreError> {
        Ok(self.facility_row(id).await?.map(|row| row.facility))
    }

    /// A facility for a change, also one that has left.
    pub async fn facility_row(&self, id: FacilityId) -> Result<Option<FacilityRow>, StoreError> {
        let Some(item) = self.get(&keys::facility(id)).await? else { return Ok(None) };
        Ok(Some(FacilityRow { facility: item.doc()?, turns: item.get_number(TURNS)? }))
    }

    /// The facilities that take part, by name.
    pub async fn facilities(&self) -> Result<Vec<Facility>, StoreError> {
        let mut facilities = self.facilities_ever().await?;
        facilities.retain(Facility::takes_part);
        facilities.truncate(FACILITIES_MAX);
        Ok(facilities)
    }

    /// Every facility that was ever registered, by name: what was written and recorded names those that left, too.
    pub async fn facilities_ever(&self) -> Result<Vec<Facility>, StoreError> {
        let items = self.query(keys::FACILITIES).by_index().run().await?;
        let mut facilities = items.iter().map(Item::doc).collect::<Result<Vec<Facility>, _>>()?;
        facilities.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(facilities)
    }

    /// The write that every change of a facility makes, and every person registered with it: such changes come one after the
    /// other, and the facility becomes `facility`.
    pub fn turn_facility(
        &self,
        tx: &mut Tx<Code>,
        row: &FacilityRow,
        facility: &Facility,
    ) -> Result<(), StoreError> {
        let expected = if row.turns == 0 { "attribute_not_exists(turns)" } else { "turns = :was" };
        let ending = if facility.takes_part() { String::new() } else { format!(", {DEPARTED} = :one") };
        let change =
            Change::of(keys::facility(facility.id), &format!("SET doc = :doc, {TURNS} = :next{ending}"))
                .only_if(&format!("{TAKES_PART} AND {expected}"))
                .text(":doc", serde_json::to_string(facility)?)
                .number(":next", i128::from(row.turns) + 1);
        let change = if facility.takes_part() { change } else { change.number(":one", 1) };
        let change = if row.turns == 0 { change } else { change.number(":was", row.turns) };
        tx.update(self, change, Some(Code::Busy))
    }

    /// The writes of a facility's new data, or of its end; the portal's list is old then.
    pub fn change_facility(
        &self,
        tx: &mut Tx<Code>,
        row: &FacilityRow,
        facility: &Facility,
    ) -> Result<(), StoreError> {
        self.turn_facility(tx, row, facility)?;
        self.turn_portal(tx)
    }

    /// Lets a transaction through only while a facility takes part.
    pub fn require_taking_part(&self, tx: &mut Tx<Code>, id: FacilityId) -> Result<(), StoreError> {
        tx.require(self, &keys::facility(id), TAKES_PART, Code::Busy)
    }

    /// Takes a facility's name to its people and into their care teams. The facility is the truth; these are the copies that
    /// screens show, so it may be done again at any time.
    pub async fn refresh_people_of(&self, facility: &Facility) -> Result<(), StoreError> {
        for row in self.accounts(Some(facility.id)).await? {
            let account = self.name_facility_of(row, facility).await?;
            self.refresh_memberships(&account).await?;
        }
        Ok(())
    }

    async fn name_facility_of(&self, row: AccountRow, facility: &Facility) -> Result<Account, StoreError> {
        let (id, mut row) = (row.account.id, row);
        for _ in 0..TRIES {
            if row.account.facility_name == facility.name {
                return Ok(row.account);
            }
            row.account.facility_name.clone_from(&facility.name);
            if self.change(row.change(None)?).await? {
                return Ok(row.account);
            }
            row = self.account(id).await?.ok_or(StoreError::Shape("account"))?;
        }
        Err(StoreError::Busy("account".into()))
    }

    /// Of people who leave: for how many patients nobody would be left who looks after consent and team, by person. A page that
    /// is closed without consent needs nobody.
    pub async fn sole_key_workers(
        &self,
        leaving: &[AccountId],
    ) -> Result<BTreeMap<AccountId, usize>, StoreError> {
        let mut looked_after: BTreeMap<String, BTreeSet<AccountId>> = BTreeMap::new();
        for account in leaving {
            for item in self.memberships(*account).await? {
                if item.doc::<MemberDoc>()?.is_key_worker() {
                    looked_after.entry(item.key()?.pk).or_default().insert(*account);
                }
            }
        }
        let looked_at = looked_after.into_iter().map(|(patient, by)| async move {
            let kept = self.keeps_key_worker(&patient, leaving).await?;
            Ok::<_, StoreError>(if kept { BTreeSet::new() } else { by })
        });
        let alone: Vec<_> = stream::iter(looked_at).buffer_unordered(AT_ONCE).try_collect().await?;
        let mut count = BTreeMap::new();
        for account in alone.into_iter().flatten() {
            *count.entry(account).or_default() += 1;
        }
        Ok(count)
    }

    /// Whether a patient's team has a key worker who does not leave, or needs none.
    async fn keeps_key_worker(&self, partition: &str, leaving: &[AccountId]) -> Result<bool, StoreError> {
        let patient = keys::Key { pk: partition.to_owned(), sk: keys::PATIENT.to_owned() };
        let patient: Option<Patient> = self.get(&patient).await?.map(|item| item.doc()).transpose()?;
        if patient.is_none_or(|patient| patient.consent() != ConsentState::Given) {
            return Ok(true);
        }
        let team = self.query(partition).beginning_with(keys::MEMBER).run().await?;
        let team = team.iter().map(Item::doc).collect::<Result<Vec<MemberDoc>, _>>()?;
        let others = team.iter().filter(|one| one.is_key_worker() && !leaving.contains(&one.account));
        let others: Vec<AccountId> = others.map(|one| one.account).collect();
        let others = self.accounts_by_id(&others).await?;
        Ok(others.iter().any(|row| row.account.state.may_sign_in()))
    }
}
