//! HTTP: one dispatcher over the endpoint list.
//!
//! Session, authority, handler, audit, problem details, in this order and for every endpoint alike. A handler
//! is a function of context, path arguments and request; it cannot forget a check, because the checks are not
//! its own.

pub mod answer;
pub mod context;
pub mod error;
pub mod guard;
pub mod lambda;
pub mod openapi;
pub mod routes;
pub mod signin_form;

use crate::{app::App, random};
use answer::{Answer, problem};
use bytes::Bytes;
use context::Cx;
use error::ApiError;
use http::{Request, Response};
use routes::{Found, RawRequest};
use shared::{
    api::{AuditClass, error::Code},
    authority::may_ever,
    evidence::{AuditEvent, Outcome, Who},
    id::RequestId,
    people::SessionStage,
};
use std::sync::Arc;

/// Answers one request. Never fails: what goes wrong becomes problem details.
pub async fn handle(app: &Arc<App>, request: Request<Bytes>, source: &str) -> Response<Bytes> {
    let now = app.clock.now();
    let id = random::id(now, RequestId::from_parts);
    if request.uri().path() == signin_form::PATH {
        return signin_form::handle(app, &request, source, id).await;
    }
    let found = match routes::find(request.method(), request.uri().path()) {
        Ok(found) => found,
        Err(code) => return problem(&ApiError::from(code), id),
    };
    let cx = Cx::new(app.clone(), found.info, id, now, source, &request, &found.segments);
    let result = attempt(&cx, &found, &request).await;
    let result = match (audit(&cx, result.as_ref().err()).await, result) {
        // What could not be written down must not be shown either.
        (Err(error), Ok(_)) => Err(error),
        (_, result) => result,
    };
    match result {
        Ok(answer) => answer.into_response(id),
        Err(error) => {
            error.log(found.info.name, id);
            problem(&error, id)
        }
    }
}

async fn attempt(cx: &Arc<Cx>, found: &Found<'_>, request: &Request<Bytes>) -> Result<Answer, ApiError> {
    guard::check(&cx.app.settings, found.info, request)?;
    cx.load_session(request.headers()).await?;
    if let Some(service) = cx.service() {
        cx.service_admits(service)?;
    }
    if let Some(stage) = cx.session().map(|session| session.stage)
        && !stage.opens(found.info.action)
    {
        let code = match stage {
            SessionStage::PasswordChange | SessionStage::FactorEnrolment => Code::SetUpFirst,
            SessionStage::Locked => Code::ScreenLocked,
            SessionStage::FactorMissing | SessionStage::Complete => Code::FactorFirst,
        };
        return Err(code.into());
    }
    let roles = cx.actor().ok().map(|actor| actor.roles.as_slice());
    if !may_ever(roles, found.info.action) {
        let code = if roles.is_some() { Code::Forbidden } else { cx.signed_out_code() };
        return Err(code.into());
    }
    let raw = RawRequest {
        segments: found.segments.iter().map(|s| (*s).to_owned()).collect(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        body: request.body().clone(),
    };
    (found.handler)(cx.clone(), raw).await
}

async fn audit(cx: &Cx, error: Option<&ApiError>) -> Result<(), ApiError> {
    let quiet = match cx.info.audit {
        AuditClass::Public => true,
        AuditClass::Quiet => error.is_none(),
        AuditClass::Change | AuditClass::Read => false,
    };
    if quiet || cx.is_audited() {
        return Ok(());
    }
    let outcome = match error {
        Some(error) => Outcome::Refused(error.code),
        None if cx.is_repeated() => Outcome::Repeated,
        None => Outcome::Done,
    };
    Ok(cx.app.store.log_event(&event(cx, outcome)).await?)
}

/// The audit event of a request.
fn event(cx: &Cx, outcome: Outcome) -> AuditEvent {
    let who = cx.actor().ok().map(Who::from);
    AuditEvent {
        id: random::id(cx.now, shared::id::EventId::from_parts),
        at: cx.now,
        request: cx.request,
        action: cx.info.action,
        who,
        thing: cx.thing(),
        source: cx.source.clone(),
        outcome,
    }
}
