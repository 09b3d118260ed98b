//! Cases that the system opens by itself: no person acts, so nothing here has a session, and nobody decides by it.

use super::case;
use crate::{app::App, http::error::ApiError, random, store::tx::Tx};
use shared::{
    api::error::Code,
    authority::Action,
    calendar::Timestamp,
    evidence::{AuditEvent, Outcome, SYSTEM_SOURCE},
    id::{CaseId, EventId, FacilityId, RequestId},
    people::{Facility, FacilityKind},
    procedure::{self, Act, Case, Form, Party, Procedure},
};

/// How often it is tried again while others are at the same items.
const TRIES: u32 = 12;

/// Opens a case by the system itself, once for each key, in one transaction with its audit event. A repetition, also
/// one years later, gives the case that is there, as it stands by then. `key` names what was found, such as
/// `monitor/table/2026-11-25T23:05:00.000Z`, and holds no personal data.
///
/// # Errors
/// [`Code::NotFound`] where the procedure's declaration does not let the system begin; the fields in error; the store's
/// trouble.
pub async fn open_by_system(
    app: &App,
    procedure: Procedure,
    form: &Form,
    key: &str,
) -> Result<Case, ApiError> {
    let now = app.clock.now();
    for tried in 0.. {
        if let Some(id) = app.store.case_by_system(key).await? {
            return Ok(app.store.case(id).await?.ok_or(Code::Internal)?);
        }
        match open(app, procedure, form, key, now).await {
            Err(error) if error.code == Code::Busy && tried < TRIES => {}
            result => return result,
        }
        random::pause(4 << tried.min(5)).await;
    }
    Err(Code::Busy.into())
}

async fn open(
    app: &App,
    procedure: Procedure,
    form: &Form,
    key: &str,
    now: Timestamp,
) -> Result<Case, ApiError> {
    let id = random::id(now, CaseId::from_parts);
    // The case belongs to no facility; only its number and its time are taken from here.
    let nowhere = Facility {
        id: FacilityId::from_parts(0, 0),
        name: Party::System.label().into(),
        kind: FacilityKind::Contractor,
        postal: String::new(),
        phone: String::new(),
        fax: String::new(),
        mail: String::new(),
        left_on: None,
    };
    let (ask, series, seen) = case::numbered(app, now, id, procedure, &nowhere).await?;
    let case = procedure::open_by_system(procedure, form, ask, now)?;
    let mut tx = Tx::default();
    app.store.create_case(&mut tx, &case, &series, seen)?;
    app.store.claim_case_by_system(&mut tx, key, case.id)?;
    commit(app, tx, Action::OpenCase, case, now).await
}

/// Adds what the system found to the course of an open case; `None` when the case is closed, or has no room any more.
///
/// # Errors
/// The store's trouble; a text that is too long.
pub async fn note_by_system(app: &App, id: CaseId, words: &str) -> Result<Option<Case>, ApiError> {
    let now = app.clock.now();
    for tried in 0.. {
        let case = app.store.case(id).await?.ok_or(Code::NotFound)?;
        let next = match procedure::note_by_system(&case, words, now) {
            Ok(next) => next,
            Err(procedure::CannotStep::NotNow) => return Ok(None),
            Err(why) => return Err(why.into()),
        };
        let mut tx = Tx::default();
        app.store.put_case(&mut tx, &next)?;
        match commit(app, tx, Action::TakeStep, next, now).await {
            // Somebody took a step meanwhile.
            Err(error) if matches!(error.code, Code::Stale | Code::Busy) && tried < TRIES => {}
            result => return result.map(Some),
        }
        random::pause(4 << tried.min(5)).await;
    }
    Err(Code::Busy.into())
}

/// Takes a step that the declaration leaves to the system; `None` if somebody took one meanwhile.
///
/// # Errors
/// The store's trouble; no such step of the system.
pub(super) async fn step_by_system(
    app: &App,
    case: &Case,
    act: Act,
    form: &Form,
    kept: Form,
) -> Result<Option<Case>, ApiError> {
    let now = app.clock.now();
    let mut next = procedure::step_by_system(case, act, form, kept, now)?;
    case::time_of_state(app, now, case, &mut next);
    let mut tx = Tx::default();
    app.store.put_case(&mut tx, &next)?;
    match commit(app, tx, Action::TakeStep, next, now).await {
        Err(error) if matches!(error.code, Code::Stale | Code::Busy) => Ok(None),
        result => result.map(Some),
    }
}

async fn commit(
    app: &App,
    mut tx: Tx<Code>,
    action: Action,
    case: Case,
    now: Timestamp,
) -> Result<Case, ApiError> {
    let event = AuditEvent {
        id: random::id(now, EventId::from_parts),
        at: now,
        request: random::id(now, RequestId::from_parts),
        action,
        who: None,
        thing: vec![case.id.to_string()],
        source: SYSTEM_SOURCE.into(),
        outcome: Outcome::Done,
    };
    app.store.note_event(&mut tx, &event)?;
    tx.commit(&app.store).await?;
    Ok(case)
}
