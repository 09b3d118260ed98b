//! Cases: the case, its place in the list of each party, its number.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use futures::future::try_join_all;
use shared::{
    api::{error::Code, procedure::CASES_MAX},
    calendar::Timestamp,
    id::{AccountId, CaseId},
    people::Account,
    procedure::{Case, CaseBrief, declaration},
};
use std::collections::HashSet;

impl Store {
    /// A case.
    pub async fn case(&self, id: CaseId) -> Result<Option<Case>, StoreError> {
        self.get(&keys::case(id)).await?.map(|item| item.doc()).transpose()
    }

    /// The case of a number.
    pub async fn case_numbered(&self, number: &str) -> Result<Option<CaseId>, StoreError> {
        self.get(&keys::case_number(number)).await?.map(|item| item.doc()).transpose()
    }

    /// The cases of these lists, each once: of each list the open ones that wait first, or the closed ones, last first.
    pub async fn cases(&self, lists: &[String], closed: bool) -> Result<Vec<CaseBrief>, StoreError> {
        let read = lists.iter().map(async |list| {
            let query = self.query(list).by_index().beginning_with(if closed { "C#" } else { "O#" });
            let query = query.limit(CASES_MAX);
            if closed { query.newest_first().run().await } else { query.run().await }
        });
        let mut known = HashSet::new();
        let mut found = Vec::new();
        for item in try_join_all(read).await?.iter().flatten() {
            let brief: CaseBrief = item.doc()?;
            if known.insert(brief.id) {
                found.push(brief);
            }
        }
        Ok(found)
    }

    /// The cases of a list that were closed at this instant or later.
    pub async fn cases_closed_since(
        &self,
        list: &str,
        since: Timestamp,
    ) -> Result<Vec<CaseBrief>, StoreError> {
        let query = self.query(list).by_index().between(format!("C#{since}"), "C#~".to_owned());
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// How many cases have a number of this letter and year.
    pub async fn case_count(&self, series: &str) -> Result<u64, StoreError> {
        let Some(item) = self.get(&keys::case_count(series)).await? else { return Ok(0) };
        item.get_number("count_")
    }

    /// The writes of a new case and of what follows it; whoever took the same number first goes first.
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
        let item = Item::new(&keys::case(case.id), case)?.number("version", case.version);
        tx.create(self, item.listed(keys::CASES, keys::case_among_all(case.id)), Code::Busy)?;
        tx.create(self, Item::new(&keys::case_number(&case.number), &case.id)?, Code::Busy)?;
        self.note_errands(tx, case)?;
        self.place_case(tx, case)
    }

    /// The case that the system opened under a key.
    pub async fn case_by_system(&self, name: &str) -> Result<Option<CaseId>, StoreError> {
        self.get(&keys::case_by_system(name)).await?.map(|item| item.doc()).transpose()
    }

    /// The write that keeps a key to the one case opened under it.
    pub fn claim_case_by_system(&self, tx: &mut Tx<Code>, name: &str, id: CaseId) -> Result<(), StoreError> {
        let item = Item::new(&keys::case_by_system(name), &id)?;
        tx.create(self, item.listed(keys::CASES, keys::case_by_system_place(name)), Code::Busy)
    }

    /// The writes of a case that took a step, and of what follows the step; nobody took one meanwhile.
    pub fn put_case(&self, tx: &mut Tx<Code>, case: &Case) -> Result<(), StoreError> {
        let change = Change::of(keys::case(case.id), "SET doc = :doc, version = :next")
            .only_if("version = :seen")
            .text(":doc", serde_json::to_string(case)?)
            .number(":seen", i128::from(case.version) - 1)
            .number(":next", case.version);
        tx.update(self, change, Some(Code::Stale))?;
        self.note_errands(tx, case)?;
        self.place_case(tx, case)
    }

    /// The writes of a case's place in the list of each of its parties.
    fn place_case(&self, tx: &mut Tx<Code>, case: &Case) -> Result<(), StoreError> {
        let changed = Self::case_changed_key(case);
        tx.update(self, Change::of(changed, "SET version = :v").number(":v", case.version), None)?;
        for (key, list, place, doc) in Self::case_places(case)? {
            let sets = format!("SET doc = :doc, {INDEX_PK} = :list, {INDEX_SK} = :place");
            let change = Change::of(key, &sets).text(":doc", doc).text(":list", list).text(":place", place);
            tx.update(self, change, None)?;
        }
        Ok(())
    }

    /// Where the lists of its parties hold a case: item, list, place, document.
    fn case_places(case: &Case) -> Result<Vec<(keys::Key, String, String, String)>, StoreError> {
        let brief = case.brief();
        let doc = serde_json::to_string(&brief)?;
        let parties = declaration(case.procedure).parties();
        let place = |party| {
            let list = keys::cases_of(party, case.facility, case.asked_by);
            (keys::case_of(case.id, party), list, keys::case_place(&brief, party), doc.clone())
        };
        Ok(parties.into_iter().map(place).collect())
    }

    /// The mark that a case took its last step on its day: the backup of that day holds it.
    fn case_changed_key(case: &Case) -> keys::Key {
        let at = case.taken.last().map_or(case.asked_at, |taken| taken.at);
        keys::case_changed(at.day(), case.id)
    }

    /// The mark that a case took a step on a day, for a restore.
    pub fn case_mark(day: shared::calendar::Day, case: CaseId, version: u32) -> Item {
        Item::bare(&keys::case_changed(day, case)).number("version", version)
    }

    /// What leads to a case: it follows from the case itself, so that a backup need not hold it.
    pub fn ways_to_case(case: &Case) -> Result<Vec<Item>, StoreError> {
        let mut items = vec![Item::new(&keys::case_number(&case.number), &case.id)?];
        items.push(Item::bare(&Self::case_changed_key(case)).number("version", case.version));
        for (key, list, place, _) in Self::case_places(case)? {
            items.push(Item::new(&key, &case.brief())?.listed(list, place));
        }
        Ok(items)
    }

    /// Takes a person's name, profession and facility into their care teams. The account is the truth; this is its copy
    /// that threads show, so it may be done again at any time.
    pub async fn refresh_memberships(&self, account: &Account) -> Result<(), StoreError> {
        for item in self.memberships(account.id).await? {
            let mut doc: serde_json::Value = item.doc()?;
            doc["name"] = account.name.clone().into();
            doc["profession"] = serde_json::to_value(account.profession)?;
            doc["facility_name"] = account.facility_name.clone().into();
            let change = Change::of(item.key()?, "SET doc = :doc").only_if("attribute_exists(pk)");
            self.change(change.text(":doc", doc.to_string())).await?;
        }
        Ok(())
    }

    /// Where a person is in a team.
    pub(super) async fn memberships(&self, account: AccountId) -> Result<Vec<Item>, StoreError> {
        self.query(&keys::of_account(account)).by_index().beginning_with("P#").run().await
    }
}
