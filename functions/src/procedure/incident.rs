//! What an inquiry and an incident do beyond their cases: one opens the other, the service is closed and opened.

use super::{announce, case, stop};
use crate::{
    http::{context::Cx, error::ApiError},
    random,
    store::tx::Tx,
};
use shared::{
    api::error::Code,
    id::CaseId,
    procedure::{
        Asked, Case, Channel, Form, Link, Procedure, Service, ServiceMode, TakeStep, moment_text, open,
    },
};

/// Opens an incident with what the inquiry holds; both name each other (F2-1).
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn from_inquiry(cx: &Cx, tx: &mut Tx<Code>, inquiry: &mut Case) -> Result<(), ApiError> {
    let text = |form: &Form, name: &str| form.get(name).cloned().unwrap_or_default();
    let handed = inquiry.taken.last().map(|taken| taken.form.clone()).unwrap_or_default();
    let asked_again = inquiry.taken.iter().filter_map(|taken| taken.form.get("question"));
    let content: Vec<&String> = inquiry.form.get("question").into_iter().chain(asked_again).collect();
    let content: String = content.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n\n");
    let form = Form::from([
        ("kind".to_owned(), text(&handed, "kind")),
        ("subject".to_owned(), text(&inquiry.form, "subject")),
        ("found_at".to_owned(), moment_text(inquiry.asked_at)),
        ("found_where".to_owned(), text(&handed, "found_where")),
        ("content".to_owned(), content.chars().take(2000).collect()),
        ("scope".to_owned(), "確認中".to_owned()),
    ]);
    let asked = Asked {
        command: shared::id::CommandId::from_parts(0, 0),
        procedure: Procedure::Incident,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form,
    };
    let actor = cx.actor()?;
    let id = random::id(cx.now, CaseId::from_parts);
    let own = cx.app.store.facility(actor.facility).await?.ok_or(Code::NotFound)?;
    let (ask, series, seen) = case::numbered(&cx.app, cx.now, id, Procedure::Incident, &own).await?;
    let mut incident = open(&asked, actor, ask, cx.now)?;
    incident.links.push(link(inquiry));
    inquiry.links.push(link(&incident));
    cx.about_once(incident.id);
    cx.app.store.create_case(tx, &incident, &series, seen)?;
    Ok(())
}

fn link(case: &Case) -> Link {
    Link { case: case.id, number: case.number.clone(), procedure: case.procedure }
}

/// Closes the service for an incident, as far as its step asks (Art. 18(2)(3)). What is closed further stays so.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn close_service(
    cx: &Cx,
    tx: &mut Tx<Code>,
    case: &mut Case,
    mode: ServiceMode,
) -> Result<(), ApiError> {
    let (id, by) = (case.id, cx.actor()?.account);
    turn_service(cx, tx, case, |service| match mode {
        ServiceMode::Cut => service.cut(id, by, cx.now),
        _ => service.close(id, mode, cx.now),
    })
    .await
}

/// Opens what an incident closed (Art. 18(9)). What another one closes stays so until its own recovery.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn open_service(cx: &Cx, tx: &mut Tx<Code>, case: &mut Case) -> Result<(), ApiError> {
    let id = case.id;
    let service = cx.app.store.service().await?;
    if service.is_none_or(|service| !service.is_closed_by(id)) {
        return Ok(());
    }
    turn_service(cx, tx, case, |service| service.recover(id, cx.now)).await
}

/// Changes how far incidents close the service. The step says how far it is open then, and the portal, if that is news.
async fn turn_service(
    cx: &Cx,
    tx: &mut Tx<Code>,
    case: &mut Case,
    turn: impl FnOnce(&mut Service),
) -> Result<(), ApiError> {
    let change = |service: &mut Service| {
        let before = service.mode;
        turn(service);
        Ok((before, service.mode))
    };
    let (before, mode) = stop::change_service(cx, tx, change).await?;
    if let Some(taken) = case.taken.last_mut() {
        taken.form.insert("kept_service".into(), mode.label().into());
    }
    if mode != before {
        announce::status(cx, tx, mode)?;
    }
    Ok(())
}

/// The mode that a stop asks for.
pub(super) fn halted(case: &Case) -> ServiceMode {
    let mode = case.taken.last().and_then(|taken| taken.form.get("mode"));
    mode.and_then(|mode| ServiceMode::from_wire(mode)).unwrap_or(ServiceMode::Closed)
}

/// Copies evidence before the step is written, so that the step can name it.
///
/// # Errors
/// As [`crate::evidence::freeze::freeze`].
pub(super) async fn freeze(cx: &Cx, case: &Case, given: &TakeStep) -> Result<Form, ApiError> {
    crate::evidence::freeze::freeze(cx, case.id, &case.number, given.command, &given.form).await
}
