//! 利用者管理: who is registered, and how far they have come.

use super::case;
use crate::http::{context::Cx, error::ApiError};
use shared::{
    api::{
        error::Code,
        procedure::{PEOPLE_MAX, People, PeopleQuery, PersonRow},
    },
    people::AccountState,
};
use std::sync::Arc;

/// The people of the own facility, or, for the city, of one or all.
///
/// # Errors
/// [`Code::NotFound`] for a foreign facility.
pub async fn list(cx: Arc<Cx>, (): (), query: PeopleQuery) -> Result<People, ApiError> {
    let of = match (case::scope(&cx)?, query.facility) {
        (None, wanted) => wanted,
        (Some(own), Some(wanted)) if own != wanted => return Err(Code::NotFound.into()),
        (Some(own), _) => Some(own),
    };
    let store = &cx.app.store;
    let (people, open) = futures::try_join!(store.accounts(of), store.cases(of, false))?;
    let mut rows: Vec<PersonRow> = people
        .into_iter()
        .map(|row| PersonRow {
            state: row.account.state,
            last_in: row.last_in,
            cases: open
                .iter()
                .filter(|case| case.account == Some(row.account.id))
                .map(|case| (case.id, case.number.clone()))
                .collect(),
            account: row.account,
        })
        .collect();
    let gone = |row: &PersonRow| row.state == AccountState::Removed;
    rows.sort_by_cached_key(|row| (gone(row), row.account.facility_name.clone(), row.account.kana.clone()));
    rows.truncate(PEOPLE_MAX);
    Ok(People { rows })
}
