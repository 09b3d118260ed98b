//! 計画停止の確認 (figure 2-5): whoever is signed in confirms that they read of an announced stop, once; the offices see which
//! facilities have not yet.

use crate::{
    http::{context::Cx, error::ApiError},
    store::tx::Tx,
};
use shared::{
    api::{
        Empty,
        error::Code,
        procedure::{FacilityConfirmed, StopConfirmations},
    },
    id::{CaseId, FacilityId},
    people::FacilityKind,
    procedure::{Procedure, StopConfirmation},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Confirms an announced stop in one's own name. A repetition changes nothing.
///
/// # Errors
/// [`Code::NotFound`] for a stop that is not announced, or is over.
pub async fn confirm(cx: Arc<Cx>, case: CaseId, _: Empty) -> Result<Empty, ApiError> {
    let store = &cx.app.store;
    let service = store.service().await?;
    let known =
        service.is_some_and(|service| service.stops_from(cx.now).iter().any(|stop| stop.case == Some(case)));
    if !known {
        return Err(Code::NotFound.into());
    }
    let actor = cx.actor()?;
    if store.has_confirmed(case, actor).await? {
        return Ok(Empty {});
    }
    let mut tx = Tx::default();
    let confirmed = StopConfirmation { case, facility: actor.facility, account: actor.account, at: cx.now };
    store.create_confirmation(&mut tx, &confirmed)?;
    match cx.commit(tx).await {
        // The same person at the same moment, in another window.
        Err(error) if error.code == Code::Busy && store.has_confirmed(case, actor).await? => Ok(Empty {}),
        result => result.map(|()| Empty {}),
    }
}

/// Which facilities have confirmed a stop, and which have not: names of facilities and numbers of people.
///
/// # Errors
/// [`Code::NotFound`] for what is no case of a planned stop.
pub async fn read(cx: Arc<Cx>, id: CaseId, _: Empty) -> Result<StopConfirmations, ApiError> {
    let store = &cx.app.store;
    let case = store.case(id).await?.filter(|case| case.procedure == Procedure::PlannedStop);
    case.ok_or(Code::NotFound)?;
    let (confirmed, accounts, facilities) =
        tokio::try_join!(store.confirmations(id), store.accounts(None), store.facilities())?;
    let by: BTreeSet<_> = confirmed.iter().map(|one| one.account).collect();
    let mut people: BTreeMap<FacilityId, (u64, u64)> = BTreeMap::new();
    for account in accounts.into_iter().map(|row| row.account).filter(|account| account.state.may_sign_in()) {
        let (confirmed, all) = people.entry(account.facility).or_default();
        *all += 1;
        *confirmed += u64::from(by.contains(&account.id));
    }
    // The offices announce it; those who use the contact book confirm it.
    let uses = |kind| !matches!(kind, FacilityKind::CityOffice | FacilityKind::Contractor);
    let rows = facilities.into_iter().filter(|facility| uses(facility.kind)).filter_map(|facility| {
        let (confirmed, people) = people.get(&facility.id).copied()?;
        Some(FacilityConfirmed { facility: facility.id, name: facility.name, confirmed, people })
    });
    Ok(StopConfirmations { rows: rows.collect() })
}
