//! What an inquiry and an incident do beyond their cases: one opens the other, the service is closed and opened.

use super::{announce, case};
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

/// Closes the service, or opens it again. One incident's recovery does not open what another one closed.
///
/// # Errors
/// If the store cannot be reached.
pub(super) async fn set_service(
    cx: &Cx,
    tx: &mut Tx<Code>,
    case: &mut Case,
    mode: ServiceMode,
) -> Result<(), ApiError> {
    let store = &cx.app.store;
    let seen = store.service().await?;
    let before = seen.clone().unwrap_or_else(|| Service::open(cx.now));
    let opens = mode == ServiceMode::Open;
    if opens && before.case != Some(case.id) {
        return Ok(());
    }
    let cut = mode == ServiceMode::Cut;
    let next = Service {
        mode,
        since: cx.now,
        case: (!opens).then_some(case.id),
        by: if cut { Some(cx.actor()?.account) } else { before.by },
        cut_at: if cut { Some(cx.now) } else { before.cut_at },
    };
    if let Some(taken) = case.taken.last_mut() {
        taken.form.insert("kept_service".into(), mode.label().into());
    }
    announce::status(cx, tx, mode)?;
    Ok(store.put_service(tx, seen.as_ref(), &next)?)
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
