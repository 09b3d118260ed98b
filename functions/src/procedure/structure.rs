//! 管理体制: who is appointed as what (Art. 3).

use crate::http::{context::Cx, error::ApiError};
use futures::future::try_join_all;
use shared::{
    api::{
        Empty,
        procedure::{Post, Structure},
    },
    id::CaseId,
    people::FacilityKind,
    procedure::APPOINTABLE,
};
use std::{collections::HashMap, sync::Arc};

/// Every appointment of the contractor's people, with the filing that it follows from.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Structure, ApiError> {
    let store = &cx.app.store;
    let facilities = store.facilities().await?;
    let contractors = facilities.iter().filter(|facility| facility.kind == FacilityKind::Contractor);
    let people = try_join_all(contractors.map(|facility| store.accounts(Some(facility.id)))).await?;
    let mut posts: Vec<Post> = Vec::new();
    for row in people.into_iter().flatten() {
        let account = row.account;
        posts.extend(account.appointed.iter().map(|appointed| Post {
            account: account.id,
            name: account.name.clone(),
            facility_name: account.facility_name.clone(),
            appointed: *appointed,
            filing: None,
        }));
    }
    let mut cases: Vec<CaseId> = posts.iter().filter_map(|post| post.appointed.case).collect();
    cases.sort_unstable();
    cases.dedup();
    let found = try_join_all(cases.into_iter().map(|id| store.case(id))).await?;
    let filings: HashMap<CaseId, _> =
        found.into_iter().flatten().map(|case| (case.id, (case.id, case.number, case.state))).collect();
    for post in &mut posts {
        post.filing = post.appointed.case.and_then(|id| filings.get(&id).cloned());
    }
    let place = |post: &Post| APPOINTABLE.iter().position(|role| *role == post.appointed.role);
    posts.sort_by_key(|post| (place(post), post.appointed.from, post.account));
    Ok(Structure { posts })
}
