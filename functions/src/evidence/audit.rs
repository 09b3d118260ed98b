//! Reading the audit log 操作記録 (requirements §2, 7).

use crate::{
    http::{context::Cx, error::ApiError},
    store::item::Item,
};
use shared::{
    api::{
        audit::{
            AUDIT_DAYS_MAX, AUDIT_PAGE, AccessQuery, AuditPage, AuditQuery, AuditRow, SealQuery, Sealed,
        },
        error::FieldError,
    },
    authority::Action,
    calendar::Timestamp,
    evidence::{AuditEvent, Outcome},
    id::{AccountId, EventId, PatientId},
};
use std::{collections::HashMap, sync::Arc};

/// Hours that one page looks through at most; a rare filter needs several pages.
const HOURS: usize = 24 * 8;
const HOUR_MS: i64 = 60 * 60 * 1000;

/// What a question asks for.
struct Wanted {
    account: Option<AccountId>,
    query: AuditQuery,
}

impl Wanted {
    fn is(&self, event: &AuditEvent) -> bool {
        let query = &self.query;
        let by = event.who.as_ref().map(|who| who.account);
        query.action.is_none_or(|action| event.action == action)
            && (!query.refused || matches!(event.outcome, Outcome::Refused(_)))
            && self.account.is_none_or(|account| {
                // Before sign-in nobody is known; what was tried with an account's user id names it.
                by == Some(account) || (by.is_none() && event.thing.contains(&account.to_string()))
            })
            && query
                .facility
                .is_none_or(|facility| event.who.as_ref().is_some_and(|who| who.facility == facility))
            && query.patient.is_none_or(|patient| event.thing.first() == Some(&patient.to_string()))
    }
}

/// A page of the log.
///
/// # Errors
/// The fields in error: too many days, an unknown user id.
pub async fn list(cx: Arc<Cx>, (): (), query: AuditQuery) -> Result<AuditPage, ApiError> {
    let store = &cx.app.store;
    let today = cx.now.day();
    let to = query.to.unwrap_or(today).min(today);
    let from = query.from.unwrap_or(to);
    if from > to || from < to.plus_days(1 - AUDIT_DAYS_MAX) {
        let words = format!("期間は、始まりから終わりまで{AUDIT_DAYS_MAX}日以内にしてください。");
        return Err(FieldError::new("from", words).into());
    }
    let account = match query.user_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        Some(user_id) => {
            let login = store.login(user_id).await?;
            let words = "このユーザーIDの人はいません。";
            Some(login.ok_or_else(|| ApiError::from(FieldError::new("user_id", words)))?.account)
        }
        None => None,
    };
    let start = from.start();
    let end = to.plus_days(1).start().min(cx.now.plus_seconds(1));
    let mut before = query.before.unwrap_or_else(|| id_at(end));
    let wanted = Wanted { account, query };
    let mut events: Vec<AuditEvent> = Vec::new();
    for _ in 0..HOURS {
        let last = Timestamp::from_ms(i64::try_from(before.at_ms()).unwrap_or(0).saturating_sub(1));
        if last < start {
            return page(&cx, events, None).await;
        }
        for item in store.events_before(last, before).await? {
            let event: AuditEvent = item.doc()?;
            if event.id == before || !wanted.is(&event) {
                continue;
            }
            events.push(event);
            if events.len() == AUDIT_PAGE {
                let next = events.last().map(|event| event.id);
                return page(&cx, events, next).await;
            }
        }
        // On to the hour before.
        before = id_at(Timestamp::from_ms(last.ms() - last.ms().rem_euclid(HOUR_MS)));
    }
    page(&cx, events, Some(before)).await
}

fn id_at(at: Timestamp) -> EventId {
    EventId::from_parts(u64::try_from(at.ms()).unwrap_or(0), 0)
}

/// Puts the names beside the identifiers.
async fn page(cx: &Cx, events: Vec<AuditEvent>, before: Option<EventId>) -> Result<AuditPage, ApiError> {
    let store = &cx.app.store;
    let mut ids: Vec<AccountId> =
        events.iter().filter_map(|event| event.who.as_ref()).map(|who| who.account).collect();
    ids.sort_unstable();
    ids.dedup();
    let people: HashMap<AccountId, _> =
        store.accounts_by_id(&ids).await?.into_iter().map(|row| (row.account.id, row.account)).collect();
    let facilities: HashMap<_, _> =
        store.facilities_ever().await?.into_iter().map(|facility| (facility.id, facility.name)).collect();
    let row = |event: AuditEvent| {
        let person = event.who.as_ref().and_then(|who| people.get(&who.account));
        let facility_name = event.who.as_ref().and_then(|who| facilities.get(&who.facility)).cloned();
        let (name, profession) = (person.map(|p| p.name.clone()), person.map(|p| p.profession));
        AuditRow { event, name, profession, facility_name }
    };
    Ok(AuditPage { rows: events.into_iter().map(row).collect(), before })
}

/// Who opened a patient's book, for the care team.
///
/// # Errors
/// Not the person's patient.
pub async fn access(cx: Arc<Cx>, patient: PatientId, query: AccessQuery) -> Result<AuditPage, ApiError> {
    cx.app.store.enter(cx.actor()?, patient, Action::ReadAccess).await?;
    let items = cx.app.store.events_of_patient(patient, query.before, AUDIT_PAGE).await?;
    let full = items.len() == AUDIT_PAGE;
    let mut events = items.iter().map(Item::doc).collect::<Result<Vec<AuditEvent>, _>>()?;
    events.retain(|event| Some(event.id) != query.before);
    let before = events.last().map(|event| event.id).filter(|_| full);
    page(&cx, events, before).await
}

/// A seal from the locked bucket, and what the log has in its window.
///
/// # Errors
/// If the store or the bucket cannot be reached.
pub async fn read_seal(cx: Arc<Cx>, (): (), query: SealQuery) -> Result<Sealed, ApiError> {
    let store = &cx.app.store;
    let seal = super::seal::read(&cx.app, query.number).await?;
    let entries = match &seal {
        Some(seal) => store.stored_events(seal.from, seal.to).await?,
        None => Vec::new(),
    };
    let last = store.last_seal().await?.map_or(0, |last| last.number);
    Ok(Sealed { seal, entries, last, settled: cx.now.plus_seconds(-super::seal::SETTLE_SECONDS) })
}
