//! Files of cases 添付資料.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    book::{Attachment, AttachmentDraft},
    calendar::{Day, Timestamp},
    id::{AccountId, AttachmentId, CaseId},
};

/// A file that was declared for a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseFileDoc {
    /// By whom.
    pub by: AccountId,
    /// As what.
    pub declared: AttachmentDraft,
    /// What it was found to be, once it hangs on the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<Attachment>,
}

/// Index sort key of a file: the case, then the file.
fn place(case: CaseId, id: AttachmentId) -> String {
    format!("{case}#{id}")
}

impl Store {
    /// A file of a case.
    pub async fn case_file(&self, case: CaseId, id: AttachmentId) -> Result<Option<CaseFileDoc>, StoreError> {
        self.get(&keys::case_file(case, id)).await?.map(|item| item.doc()).transpose()
    }

    /// The write of a declared file.
    pub fn declare_case_file(
        &self,
        tx: &mut Tx<Code>,
        case: CaseId,
        id: AttachmentId,
        doc: &CaseFileDoc,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let item = Item::new(&keys::case_file(case, id), doc)?;
        tx.create(self, item.listed(keys::case_files_declared(now.day()), place(case, id)), Code::Busy)
    }

    /// The write of a file that now hangs on its case.
    pub fn attach_case_file(
        &self,
        tx: &mut Tx<Code>,
        case: CaseId,
        id: AttachmentId,
        doc: &CaseFileDoc,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sets = format!("SET doc = :doc, {INDEX_PK} = :list, {INDEX_SK} = :place");
        let change = Change::of(keys::case_file(case, id), &sets)
            .only_if("attribute_exists(pk)")
            .text(":doc", serde_json::to_string(doc)?)
            .text(":list", keys::case_files_attached(now.day()))
            .text(":place", place(case, id));
        tx.update(self, change, Some(Code::NotFound))
    }

    /// The files that were declared for cases on a day and never arrived, or were refused.
    pub async fn case_files_loose(&self, day: Day) -> Result<Vec<AttachmentId>, StoreError> {
        let items = self.query(&keys::case_files_declared(day)).by_index().run().await?;
        items.iter().map(file_of).collect()
    }

    /// Which files were attached to which cases on a day, as lines.
    pub async fn case_file_lines(&self, day: Day) -> Result<Vec<String>, StoreError> {
        let query = self.query(&keys::case_files_attached(day)).by_index();
        query.run().await?.iter().map(Item::to_line).collect()
    }

    /// The files that were attached to cases on a day, for that day's backup.
    pub async fn case_files(&self, day: Day) -> Result<Vec<Attachment>, StoreError> {
        let items = self.query(&keys::case_files_attached(day)).by_index().run().await?;
        let docs = items.iter().map(Item::doc::<CaseFileDoc>);
        docs.filter_map(|doc| doc.map(|doc| doc.stored).transpose()).collect()
    }
}

fn file_of(item: &Item) -> Result<AttachmentId, StoreError> {
    let id = item.sk()?.strip_prefix("F#").and_then(|id| id.parse().ok());
    id.ok_or(StoreError::Shape("file id"))
}
