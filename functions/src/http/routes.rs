//! The endpoint list, with a handler for each.

use super::{answer::Answer, context::Cx, error::ApiError, openapi};
use crate::{book, evidence, people, portal, procedure};
use bytes::Bytes;
use futures::future::{BoxFuture, FutureExt};
use shared::api::{
    Empty, Endpoint, EndpointInfo,
    error::{Code, FieldError},
    path::{self, PathArgs},
};
use std::{
    future::Future,
    sync::{Arc, LazyLock},
};

/// A request before its parts are understood.
pub struct RawRequest {
    /// Path arguments.
    pub segments: Vec<String>,
    /// Query.
    pub query: String,
    /// Body.
    pub body: Bytes,
}

type Handler = Box<dyn Fn(Arc<Cx>, RawRequest) -> BoxFuture<'static, Result<Answer, ApiError>> + Send + Sync>;

/// An endpoint that a request meant.
pub struct Found<'p> {
    /// Which.
    pub info: &'static EndpointInfo,
    /// What answers it.
    pub(super) handler: &'static Handler,
    /// Path arguments.
    pub segments: Vec<&'p str>,
}

/// The endpoint of a method and path.
///
/// # Errors
/// No such path, or no such method on it.
pub fn find<'p>(method: &http::Method, path: &'p str) -> Result<Found<'p>, Code> {
    let mut known_path = false;
    for (info, handler) in ROUTES.iter() {
        if let Some(segments) = path::matches(info.path, path) {
            if info.method.as_str() == method.as_str() {
                return Ok(Found { info, handler, segments });
            }
            known_path = true;
        }
    }
    Err(if known_path { Code::MethodNotAllowed } else { Code::NotFound })
}

/// The endpoints that have a handler: a test compares them with the list of the contract.
pub fn served() -> impl Iterator<Item = &'static EndpointInfo> {
    ROUTES.iter().map(|(info, _)| *info)
}

static ROUTES: LazyLock<Vec<(&'static EndpointInfo, Handler)>> = LazyLock::new(|| {
    use shared::api::{
        audit as a, book as b, bundle as u, evidence as e, people as p, portal as o, procedure as k,
        runbook as r,
    };
    vec![
        on::<p::SignIn, _, _>(people::session::sign_in),
        on::<p::ProveFactor, _, _>(people::factor::prove),
        on::<p::AskPasskey, _, _>(people::passkey::ask),
        on::<p::SignInByPasskey, _, _>(people::passkey::sign_in),
        on::<p::LockScreen, _, _>(people::lock::lock),
        on::<p::UnlockScreen, _, _>(people::lock::unlock),
        on::<p::ReadAccount, _, _>(people::mine::read),
        on::<p::ChoosePassword, _, _>(people::factor::choose_password),
        on::<p::OfferTotp, _, _>(people::factor::offer_totp),
        on::<p::ConfirmTotp, _, _>(people::factor::confirm_totp),
        on::<p::OfferPasskey, _, _>(people::passkey::offer),
        on::<p::EnrolPasskey, _, _>(people::passkey::enrol),
        on::<p::RemovePasskey, _, _>(people::mine::remove_passkey),
        on::<p::RenewRecovery, _, _>(people::factor::renew_recovery),
        on::<p::EndSession, _, _>(people::mine::end_session),
        on::<p::NameMail, _, _>(people::mail::name),
        on::<p::ConfirmMail, _, _>(people::mail::confirm),
        on::<p::RemoveMail, _, _>(people::mail::remove),
        on::<p::ReadSelf, _, _>(people::session::read_self),
        on::<p::SignOut, _, _>(people::session::sign_out),
        on::<b::ListPatients, _, _>(book::patient::list),
        on::<b::ReadThread, _, _>(book::patient::read_thread),
        on::<b::ReadPulse, _, _>(book::patient::read_pulse),
        on::<b::MarkRead, _, _>(book::patient::mark_read),
        on::<b::CreateNote, _, _>(book::note::create),
        on::<b::Acknowledge, _, _>(book::note::acknowledge),
        on::<b::ReviseNote, _, _>(book::note::revise),
        on::<b::RetractNote, _, _>(book::note::retract),
        on::<b::ReadHistory, _, _>(book::note::history),
        on::<b::CreateAttachment, _, _>(book::attachment::create),
        on::<b::ConfirmAttachment, _, _>(book::attachment::confirm),
        on::<b::OpenAttachment, _, _>(book::attachment::open),
        on::<k::ListCases, _, _>(procedure::case::list),
        on::<k::ReadCase, _, _>(procedure::case::read),
        on::<k::OpenCase, _, _>(procedure::case::begin),
        on::<k::CreateCaseFile, _, _>(procedure::files::create),
        on::<k::ConfirmCaseFile, _, _>(procedure::files::confirm),
        on::<k::OpenCaseFile, _, _>(procedure::files::open),
        on::<k::StepCase, _, _>(procedure::case::take),
        on::<k::PrintLetter, _, _>(procedure::letter::print),
        on::<k::MakeOutput, _, _>(procedure::data_use::make),
        on::<k::ListOutputs, _, _>(procedure::data_use::list),
        on::<k::DownloadOutput, _, _>(procedure::data_use::download),
        on::<k::ListSenders, _, _>(procedure::papers::senders),
        on::<k::ReadFacility, _, _>(procedure::facility::read),
        on::<k::ListPeople, _, _>(procedure::people::list),
        on::<k::PrintSheet, _, _>(procedure::sheet::print),
        on::<k::ReadDesk, _, _>(procedure::desk::read),
        on::<k::ReadContacts, _, _>(procedure::contacts::read),
        on::<k::ReadOutbox, _, _>(procedure::outbox::read),
        on::<k::TryErrand, _, _>(procedure::outbox::again),
        on::<k::ReadStructure, _, _>(procedure::structure::read),
        on::<o::ListPortalPages, _, _>(portal::manage::list),
        on::<o::ReadPortal, _, _>(portal::manage::read),
        on::<o::ReadPortalPage, _, _>(portal::manage::page),
        on::<o::ReadPortalVersion, _, _>(portal::manage::version),
        on::<o::ReadPortalDraft, _, _>(portal::proposal::read),
        on::<o::SavePortalDraft, _, _>(portal::proposal::save),
        on::<o::PreviewPortal, _, _>(portal::proposal::preview),
        on::<b::RegisterPatient, _, _>(book::register::register),
        on::<b::EditPatient, _, _>(book::register::edit),
        on::<b::ReadTeam, _, _>(book::team::read),
        on::<b::CreateConsentDocument, _, _>(book::consent::create_document),
        on::<b::ConfirmConsentDocument, _, _>(book::consent::confirm_document),
        on::<b::OpenConsentDocument, _, _>(book::consent::open_document),
        on::<b::RecordConsent, _, _>(book::consent::record),
        on::<b::WithdrawConsent, _, _>(book::consent::withdraw),
        on::<b::ListFacilities, _, _>(book::invitation::facilities),
        on::<b::InviteFacility, _, _>(book::invitation::create),
        on::<b::CancelInvitation, _, _>(book::invitation::cancel),
        on::<b::ListInvitations, _, _>(book::invitation::list),
        on::<b::AnswerInvitation, _, _>(book::invitation::answer),
        on::<b::LeaveTeam, _, _>(book::team::leave),
        on::<b::RemoveFromTeam, _, _>(book::team::remove),
        on::<a::ListAudit, _, _>(evidence::audit::list),
        on::<a::ListReviews, _, _>(evidence::review::list),
        on::<a::ReadSeal, _, _>(evidence::audit::read_seal),
        on::<a::ReadAccess, _, _>(evidence::audit::access),
        on::<e::ListBackups, _, _>(evidence::catalogue::list),
        on::<e::RunBackup, _, _>(evidence::catalogue::run),
        on::<e::ReadLedger, _, _>(evidence::ledger::read),
        on::<e::KeepLedger, _, _>(evidence::ledger::keep),
        on::<e::VerifyBackup, _, _>(evidence::catalogue::verify),
        on::<e::ListRuns, _, _>(evidence::catalogue::runs),
        on::<e::ListDrills, _, _>(evidence::catalogue::drills),
        on::<e::AskHealth, _, _>(evidence::monitor::page::health),
        on::<e::ReadMonitoring, _, _>(evidence::monitor::page::read),
        on::<e::ReadContract, _, _>(async |_: Arc<Cx>, (): (), _: Empty| Ok(openapi::document())),
        on::<r::ListRunbooks, _, _>(evidence::runbooks::list),
        on::<r::PrintRunbook, _, _>(evidence::runbooks::print),
        on::<u::ReadEvidence, _, _>(evidence::bundle::read),
        on::<u::ListBundles, _, _>(evidence::bundle::list),
        on::<u::MakeBundle, _, _>(evidence::bundle::make),
        on::<u::DownloadBundle, _, _>(evidence::bundle::download),
        on::<k::ConfirmStop, _, _>(procedure::confirmation::confirm),
        on::<k::ReadConfirmations, _, _>(procedure::confirmation::read),
    ]
});

fn on<E, F, R>(handle: F) -> (&'static EndpointInfo, Handler)
where
    E: Endpoint,
    F: Fn(Arc<Cx>, E::Path, E::Request) -> R + Send + Sync + 'static,
    R: Future<Output = Result<E::Reply, ApiError>> + Send + 'static,
{
    let handle = Arc::new(handle);
    let handler: Handler = Box::new(move |cx, raw| {
        let handle = handle.clone();
        async move {
            let segments: Vec<_> = raw.segments.iter().map(String::as_str).collect();
            let path = E::Path::from_segments(&segments).ok_or(Code::NotFound)?;
            let request = understand::<E>(&raw)?;
            let reply = handle(cx.clone(), path, request).await?;
            let mut answer =
                Answer::json(&reply).map_err(|e| ApiError::from(Code::Internal).because(e.to_string()))?;
            answer.cookie = cx.take_cookie();
            Ok(answer)
        }
        .boxed()
    });
    (&const { E::INFO }, handler)
}

fn understand<E: Endpoint>(raw: &RawRequest) -> Result<E::Request, ApiError> {
    if !E::INFO.method.has_body() {
        return serde_urlencoded::from_str(&raw.query).map_err(|_| Code::MalformedQuery.into());
    }
    serde_json::from_slice(&raw.body).map_err(|error| {
        let mut refused = ApiError::from(Code::MalformedBody);
        if error.is_data() {
            refused = ApiError::from(Code::Invalid);
            // serde's sentence may quote what was typed; the name of the field it stopped at does not.
            refused.fields.extend(
                field_of(&error.to_string())
                    .map(|field| FieldError::new(field, "この項目の値が正しくありません。")),
            );
        }
        refused
    })
}

/// The field's name in serde's «missing field `x`» or «unknown variant …» sentences, where it gives one.
fn field_of(sentence: &str) -> Option<&str> {
    let rest =
        sentence.strip_prefix("missing field `").or_else(|| sentence.strip_prefix("duplicate field `"))?;
    rest.split('`').next()
}
