//! The portal: pages with their versions, notices, status, proposals, and which revision the files show.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys::{self, Key},
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    calendar::{Day, Timestamp},
    evidence::drill::LastProven,
    id::CaseId,
    portal::{Draft, Notice, PageName, PageRow, ServiceStatus, Version},
};
use std::collections::BTreeMap;

/// The writing of files is one at a time for so many seconds: longer than that function may run, which needs seconds.
const CLAIM_SECONDS: i64 = 5 * 60;

/// What the portal shows.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Grows with everything that is published.
    pub revision: u64,
    /// In the order of the portal.
    pub pages: Vec<PageRow>,
    /// Newest first.
    pub notices: Vec<Notice>,
    /// Whether the service is running.
    pub status: ServiceStatus,
    /// The last restore that was proven.
    pub proven: Option<LastProven>,
}

/// What the files show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Which revision.
    pub revision: u64,
    /// Written by which templates: another release writes everything anew.
    pub templates: String,
    /// On which day in Japan.
    pub day: Option<Day>,
    /// When.
    pub at: Option<Timestamp>,
    /// When something on them changes by itself.
    pub again_at: Option<Timestamp>,
    /// The newest version of each page that has its file.
    pub versions: BTreeMap<PageName, u32>,
}

fn listed(key: Key) -> Change {
    let place = key.sk.clone();
    let sets = format!("SET doc = :doc, {INDEX_PK} = :list, {INDEX_SK} = :place");
    Change::of(key, &sets).text(":list", keys::PORTAL).text(":place", place)
}

impl Store {
    /// What the portal shows, read consistently.
    pub async fn portal(&self) -> Result<Shown, StoreError> {
        let mut shown = Shown { revision: self.portal_revision().await?, ..Shown::default() };
        for item in self.query(keys::PORTAL).run().await? {
            let sk = item.sk()?;
            if sk.starts_with(keys::PORTAL_PAGE) {
                shown.pages.push(item.doc()?);
            } else if sk.starts_with(keys::PORTAL_NOTICE) {
                shown.notices.push(item.doc()?);
            } else if sk == keys::portal_status().sk {
                shown.status = item.doc()?;
            } else if sk == keys::portal_proven().sk {
                shown.proven = Some(item.doc()?);
            }
        }
        shown.pages.sort_by_key(PageRow::place);
        shown.notices.sort_by_key(|notice| std::cmp::Reverse((notice.at, notice.id)));
        Ok(shown)
    }

    /// How often something was published.
    pub async fn portal_revision(&self) -> Result<u64, StoreError> {
        let Some(item) = self.get(&keys::portal_revision()).await? else { return Ok(0) };
        item.get_number("count_")
    }

    /// The pages, in the order of the portal.
    pub async fn portal_pages(&self) -> Result<Vec<PageRow>, StoreError> {
        let items = self.query(keys::PORTAL).beginning_with(keys::PORTAL_PAGE).run().await?;
        let mut pages = items.iter().map(Item::doc).collect::<Result<Vec<PageRow>, _>>()?;
        pages.sort_by_key(PageRow::place);
        Ok(pages)
    }

    /// A page.
    pub async fn portal_page(&self, page: PageName) -> Result<Option<PageRow>, StoreError> {
        self.get(&keys::portal_page(page)).await?.map(|item| item.doc()).transpose()
    }

    /// A version of a page.
    pub async fn portal_version(&self, page: PageName, number: u32) -> Result<Option<Version>, StoreError> {
        self.get(&keys::portal_version(page, number)).await?.map(|item| item.doc()).transpose()
    }

    /// Every version of a page, oldest first.
    pub async fn portal_versions(&self, page: PageName) -> Result<Vec<Version>, StoreError> {
        self.query(&keys::portal_versions(page)).run().await?.iter().map(Item::doc).collect()
    }

    /// What is proposed for a case.
    pub async fn portal_draft(&self, case: CaseId) -> Result<Option<Draft>, StoreError> {
        self.get(&keys::portal_draft(case)).await?.map(|item| item.doc()).transpose()
    }

    /// The write of a proposal: nobody saved one meanwhile.
    pub fn put_portal_draft(&self, tx: &mut Tx<Code>, case: CaseId, draft: &Draft) -> Result<(), StoreError> {
        let sets = format!("SET doc = :doc, version = :next, {INDEX_PK} = :list, {INDEX_SK} = :place");
        let change = Change::of(keys::portal_draft(case), &sets)
            .text(":doc", serde_json::to_string(draft)?)
            .text(":list", keys::PORTAL)
            .text(":place", keys::portal_draft_place(case))
            .number(":next", draft.version);
        let change = match draft.version {
            0 | 1 => change.only_if("attribute_not_exists(pk)"),
            next => change.only_if("version = :seen").number(":seen", next - 1),
        };
        tx.update(self, change, Some(Code::Stale))
    }

    /// Asks that a proposal is still the one that was looked at.
    pub fn require_portal_draft(
        &self,
        tx: &mut Tx<Code>,
        case: CaseId,
        version: u32,
    ) -> Result<(), StoreError> {
        let same = Change::of(keys::portal_draft(case), "SET version = :seen").only_if("version = :seen");
        tx.update(self, same.number(":seen", version), Some(Code::Stale))
    }

    /// Asks that a case has taken no step since it was read.
    pub fn require_case(&self, tx: &mut Tx<Code>, case: CaseId, version: u32) -> Result<(), StoreError> {
        let same = Change::of(keys::case(case), "SET version = :seen").only_if("version = :seen");
        tx.update(self, same.number(":seen", version), Some(Code::Busy))
    }

    /// The writes of a page's new version; nobody published one meanwhile.
    pub fn publish_portal(
        &self,
        tx: &mut Tx<Code>,
        version: &Version,
        first_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (page, number) = (version.page, version.number);
        let title = version.text.title.clone();
        let row = PageRow { name: page, title, number, at: version.at, first_at, ended: version.ends };
        let key = keys::portal_page(page);
        let place = key.sk.clone();
        let sets = format!("SET doc = :doc, number_ = :next, {INDEX_PK} = :list, {INDEX_SK} = :place");
        let change = Change::of(key, &sets)
            .text(":doc", serde_json::to_string(&row)?)
            .text(":list", keys::PORTAL)
            .text(":place", place)
            .number(":next", number);
        let change = match number {
            1 => change.only_if("attribute_not_exists(pk)"),
            next => change.only_if("number_ = :seen").number(":seen", next - 1),
        };
        tx.update(self, change, Some(Code::Stale))?;
        tx.create(self, Self::portal_version_item(version)?, Code::Stale)?;
        self.turn_portal(tx)
    }

    /// The write of a notice, new or changed. Whatever publishes one calls it in its own transaction.
    pub fn put_notice(&self, tx: &mut Tx<Code>, notice: &Notice) -> Result<(), StoreError> {
        let change = listed(keys::portal_notice(notice.id)).text(":doc", serde_json::to_string(notice)?);
        tx.update(self, change, None)?;
        self.turn_portal(tx)
    }

    /// The write of the state of the service. Whatever stops or resumes it calls it in its own transaction.
    pub fn put_status(&self, tx: &mut Tx<Code>, status: &ServiceStatus) -> Result<(), StoreError> {
        let change = listed(keys::portal_status()).text(":doc", serde_json::to_string(status)?);
        tx.update(self, change, None)?;
        self.turn_portal(tx)
    }

    /// What is published makes the files old, once in a transaction.
    pub(super) fn turn_portal(&self, tx: &mut Tx<Code>) -> Result<(), StoreError> {
        let key = keys::portal_revision();
        if tx.touches(&key) {
            return Ok(());
        }
        let sets = format!("SET {INDEX_PK} = :list, {INDEX_SK} = :place ADD count_ :one");
        let place = key.sk.clone();
        let turn = Change::of(key, &sets).text(":list", keys::PORTAL).text(":place", place).number(":one", 1);
        tx.update(self, turn, None)
    }

    /// What the files show.
    pub async fn portal_written(&self) -> Result<Written, StoreError> {
        Ok(self.get(&keys::portal_written()).await?.map(|item| item.doc()).transpose()?.unwrap_or_default())
    }

    /// Records what the files show.
    pub async fn put_portal_written(&self, written: &Written) -> Result<(), StoreError> {
        self.put(Item::new(&keys::portal_written(), written)?).await
    }

    /// Takes the writing of files in hand; `false` while somebody else has it.
    pub async fn claim_portal(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.change(Change::claim(keys::portal_claim(), now, CLAIM_SECONDS)).await
    }

    /// Gives the writing of files back.
    pub async fn release_portal(&self) -> Result<(), StoreError> {
        self.remove(&keys::portal_claim()).await
    }

    fn portal_version_item(version: &Version) -> Result<Item, StoreError> {
        let place = keys::portal_version_place(version.page, version.number);
        Ok(Item::new(&keys::portal_version(version.page, version.number), version)?
            .listed(keys::PORTAL, place))
    }

    /// The items of a portal that is loaded at once, as if all of it had been published one after the other.
    pub fn portal_items(
        versions: &[Version],
        notices: &[Notice],
        status: &ServiceStatus,
    ) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        let mut rows: BTreeMap<PageName, PageRow> = BTreeMap::new();
        let list = |item: Item, key: Key| item.listed(keys::PORTAL, key.sk);
        for version in versions {
            items.push(Self::portal_version_item(version)?);
            let first_at = rows.get(&version.page).map_or(version.at, |row| row.first_at);
            let row = PageRow {
                name: version.page,
                title: version.text.title.clone(),
                number: version.number,
                at: version.at,
                first_at,
                ended: version.ends,
            };
            rows.insert(version.page, row);
        }
        for row in rows.values() {
            let key = keys::portal_page(row.name);
            items.push(list(Item::new(&key, row)?.number("number_", row.number), key));
        }
        for notice in notices {
            let key = keys::portal_notice(notice.id);
            items.push(list(Item::new(&key, notice)?, key));
        }
        let key = keys::portal_status();
        items.push(list(Item::new(&key, status)?, key));
        let revision = keys::portal_revision();
        items.push(list(Item::new(&revision, &())?.number("count_", 1), revision));
        Ok(items)
    }
}
