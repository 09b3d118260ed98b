//! Cases: the case, its place in the lists of city and facility, the counter of its number.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use shared::{
    api::{error::Code, procedure::CASES_MAX},
    id::{AccountId, CaseId, FacilityId},
    people::Account,
    procedure::Case,
};

impl Store {
    /// A case.
    pub async fn case(&self, id: CaseId) -> Result<Option<Case>, StoreError> {
        self.get(&keys::case(id)).await?.map(|item| item.doc()).transpose()
    }

    /// The cases of a facility, or of all: open ones by their time, or closed ones, last first.
    pub async fn cases(&self, of: Option<FacilityId>, closed: bool) -> Result<Vec<Case>, StoreError> {
        let list = of.map_or_else(|| keys::CASES.to_owned(), keys::cases_of);
        let query =
            self.query(&list).by_index().beginning_with(if closed { "C#" } else { "O#" }).limit(CASES_MAX);
        let query = if closed { query.newest_first() } else { query };
        let items = query.run().await?;
        if of.is_none() {
            return items.iter().map(Item::doc).collect();
        }
        let wanted =
            items.iter().map(|item| item.doc::<CaseId>().map(keys::case)).collect::<Result<Vec<_>, _>>()?;
        self.get_all(&wanted).await?.iter().map(Item::doc).collect()
    }

    /// How many cases have a number of this letter and year.
    pub async fn case_count(&self, series: &str) -> Result<u64, StoreError> {
        let Some(item) = self.get(&keys::case_count(series)).await? else { return Ok(0) };
        item.get_number("count_")
    }

    /// The writes of a new case; whoever took the same number first goes first.
    pub fn create_case(
        &self,
        tx: &mut Tx<Code>,
        case: &Case,
        series: &str,
        seen: u64,
    ) -> Result<(), StoreError> {
        let sets = format!("SET doc = :doc, count_ = :next, {INDEX_PK} = :list, {INDEX_SK} = :place");
        let count = Change::of(keys::case_count(series), &sets)
            .text(":doc", serde_json::to_string(series)?)
            .text(":list", keys::CASES)
            .text(":place", format!("N#{series}"))
            .number(":next", i128::from(seen) + 1);
        let count = match seen {
            0 => count.only_if("attribute_not_exists(pk)"),
            seen => count.only_if("count_ = :seen").number(":seen", seen),
        };
        tx.update(self, count, Some(Code::Busy))?;
        let place = keys::case_place(case);
        let item = Item::new(&keys::case(case.id), case)?.number("version", case.version);
        tx.create(self, item.listed(keys::CASES, &place), Code::Busy)?;
        let pointer = Item::new(&keys::case_of_facility(case.id), &case.id)?;
        tx.create(self, pointer.listed(keys::cases_of(case.facility), place), Code::Busy)
    }

    /// The writes of a case that took a step; nobody took one meanwhile.
    pub fn put_case(&self, tx: &mut Tx<Code>, case: &Case) -> Result<(), StoreError> {
        let place = keys::case_place(case);
        let sets = format!("SET doc = :doc, version = :next, {INDEX_SK} = :place");
        let change = Change::of(keys::case(case.id), &sets)
            .only_if("version = :seen")
            .text(":doc", serde_json::to_string(case)?)
            .text(":place", &place)
            .number(":seen", i128::from(case.version) - 1)
            .number(":next", case.version);
        tx.update(self, change, Some(Code::Stale))?;
        let pointer = Change::of(keys::case_of_facility(case.id), &format!("SET {INDEX_SK} = :place"));
        tx.update(self, pointer.text(":place", place), None)
    }

    /// Takes a person's new name and profession into their care teams. The account is the truth; this is its copy
    /// that threads show, so it may be done again at any time.
    pub async fn refresh_memberships(&self, account: &Account) -> Result<(), StoreError> {
        for item in self.memberships(account.id).await? {
            let mut doc: serde_json::Value = item.doc()?;
            doc["name"] = account.name.clone().into();
            doc["profession"] = serde_json::to_value(account.profession)?;
            let change = Change::of(item.key()?, "SET doc = :doc").only_if("attribute_exists(pk)");
            self.change(change.text(":doc", doc.to_string())).await?;
        }
        Ok(())
    }

    async fn memberships(&self, account: AccountId) -> Result<Vec<Item>, StoreError> {
        self.query(&keys::of_account(account)).by_index().beginning_with("P#").run().await
    }
}
