//! 利用者管理: who is registered, and how far they have come.

use crate::{
    http::{context::Cx, error::ApiError},
    store::keys,
};
use shared::{
    api::{
        error::Code,
        procedure::{PEOPLE_MAX, People, PeopleQuery, PersonRow},
    },
    people::{AccountState, Role},
    procedure::Party,
};
use std::sync::Arc;

/// The people of the own facility, or, for the city, of one or all.
///
/// # Errors
/// [`Code::NotFound`] for a foreign facility.
pub async fn list(cx: Arc<Cx>, (): (), query: PeopleQuery) -> Result<People, ApiError> {
    let actor = cx.actor()?;
    let city = actor.roles.contains(&Role::City);
    let of = match query.facility {
        wanted if city => wanted,
        Some(wanted) if wanted != actor.facility => return Err(Code::NotFound.into()),
        _ => Some(actor.facility),
    };
    let store = &cx.app.store;
    let party = if city { Party::City } else { Party::Facility };
    let list = [keys::cases_of(party, actor.facility, actor.account)];
    let (people, open) = futures::try_join!(store.accounts(of), store.cases(&list, false))?;
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
