//! Sign-in by a plain HTML form, for a browser whose scripts have not come (yet): the same endpoint, answered
//! with a redirect.

use super::{
    answer::{problem, respond},
    error::ApiError,
    guard,
};
use crate::{app::App, store::blob::sha256_hex};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use serde::Deserialize;
use shared::{
    CONTRACT,
    api::{
        BODY_HASH_HEADER, CONTRACT_HEADER, Endpoint,
        error::{Code, Problem},
        people::{ProveFactor, SignIn},
    },
    id::RequestId,
    people::{Credentials, FactorProof, Me, SessionStage},
};
use std::sync::Arc;

/// Where the form is sent to.
pub const PATH: &str = "/api/session/form";
/// The page with the form.
const PAGE: &str = "/signin";

/// The first step has user id and password, the second a code.
#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    user_id: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    next: String,
}

/// What the form means.
struct Step {
    request: Request<Bytes>,
    next: String,
    second: bool,
}

/// Answers the form.
pub async fn handle(
    app: &Arc<App>,
    request: &Request<Bytes>,
    source: &str,
    id: RequestId,
) -> Response<Bytes> {
    if request.method() != http::Method::POST {
        return problem(&Code::MethodNotAllowed.into(), id);
    }
    match convert(app, request) {
        Err(error) if error.code == Code::WrongOrigin => problem(&error, id),
        Err(error) => redirect(&refused(error.code, false), None, id),
        Ok(Step { request, next, second }) => {
            let answer = Box::pin(super::handle(app, request, source)).await;
            let stage = serde_json::from_slice::<Me>(answer.body()).map(|me| me.stage);
            let code = serde_json::from_slice::<Problem>(answer.body()).map(|problem| problem.code);
            let target = match (stage, code) {
                (Ok(SessionStage::FactorMissing), _) => format!("{PAGE}?next={next}#factor"),
                (Ok(SessionStage::Complete), _) => next,
                (Ok(_), _) => "/".to_owned(),
                (Err(_), Ok(code)) => refused(code, second),
                (Err(_), Err(_)) => refused(Code::Internal, false),
            };
            redirect(&target, answer.headers().get(header::SET_COOKIE), id)
        }
    }
}

/// The page again, saying what was wrong: by the code for its script, by the fragment without any.
fn refused(code: Code, second: bool) -> String {
    let again = matches!(code, Code::WrongCode | Code::CodeUsed | Code::TooManyAttempts) && second;
    format!("{PAGE}?e={}#{}", code.wire(), if again { "factor-again" } else { "problem" })
}

fn convert(app: &Arc<App>, request: &Request<Bytes>) -> Result<Step, ApiError> {
    guard::same_origin(&app.settings, request.headers())?;
    // A form has no header of ours: the browser's word on the origin must be there instead.
    let said = [header::ORIGIN.as_str(), "sec-fetch-site"];
    if !said.iter().any(|name| guard::text(request.headers(), name).is_some()) {
        return Err(Code::WrongOrigin.into());
    }
    let form: Form = serde_urlencoded::from_bytes(request.body()).map_err(|_| Code::MalformedBody)?;
    let second = form.code.is_some();
    let (path, body) = match form.code {
        Some(code) => (ProveFactor::INFO.path, serde_json::to_vec(&FactorProof { code })),
        None => {
            let credentials = Credentials { user_id: form.user_id, password: form.password };
            (SignIn::INFO.path, serde_json::to_vec(&credentials))
        }
    };
    let body = body.map_err(|e| ApiError::from(Code::Internal).because(e.to_string()))?;
    let mut inner = Request::post(path)
        .header(CONTRACT_HEADER, CONTRACT)
        .header(BODY_HASH_HEADER, sha256_hex(&body))
        .body(Bytes::from(body))
        .map_err(|_| Code::Internal)?;
    for name in [header::COOKIE, header::USER_AGENT] {
        if let Some(value) = request.headers().get(&name) {
            inner.headers_mut().insert(name, value.clone());
        }
    }
    Ok(Step { request: inner, next: local(&form.next), second })
}

/// A path of our own; anything else would let a link send people elsewhere after sign-in.
fn local(next: &str) -> String {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_".contains(&b));
    if plain { next.to_owned() } else { "/".to_owned() }
}

fn redirect(target: &str, cookie: Option<&HeaderValue>, id: RequestId) -> Response<Bytes> {
    let mut response = respond(StatusCode::SEE_OTHER, "text/plain", Bytes::new(), id);
    if let Ok(target) = HeaderValue::from_str(target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_our_own_paths() {
        assert_eq!(local("/patients/01J"), "/patients/01J");
        for bad in
            ["//evil.example", "https://evil.example", "/\\evil", "", "javascript:x", "/a\r\nb", "/%2f"]
        {
            assert_eq!(local(bad), "/", "{bad}");
        }
    }
}
