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
        people::SignIn,
    },
    id::RequestId,
    people::Credentials,
};
use std::sync::Arc;

/// Where the form is sent to.
pub const PATH: &str = "/api/session/form";
/// The page with the form.
const PAGE: &str = "/signin";

#[derive(Deserialize)]
struct Form {
    user_id: String,
    password: String,
    #[serde(default)]
    next: String,
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
        Err(error) => redirect(&refused(error.code), None, id),
        Ok((inner, next)) => {
            let answer = Box::pin(super::handle(app, inner, source)).await;
            let code = serde_json::from_slice::<Problem>(answer.body()).map(|problem| problem.code);
            let target = match code {
                Err(_) if answer.status().is_success() => next,
                Ok(code) => refused(code),
                Err(_) => refused(Code::Internal),
            };
            redirect(&target, answer.headers().get(header::SET_COOKIE), id)
        }
    }
}

/// The page again, saying what was wrong: by the code for its script, by the fragment without any.
fn refused(code: Code) -> String {
    format!("{PAGE}?e={}#problem", code.wire())
}

fn convert(app: &Arc<App>, request: &Request<Bytes>) -> Result<(Request<Bytes>, String), ApiError> {
    guard::same_origin(&app.settings, request.headers())?;
    // A form has no header of ours: the browser's word on the origin must be there instead.
    let said = [header::ORIGIN.as_str(), "sec-fetch-site"];
    if !said.iter().any(|name| guard::text(request.headers(), name).is_some()) {
        return Err(Code::WrongOrigin.into());
    }
    let form: Form = serde_urlencoded::from_bytes(request.body()).map_err(|_| Code::MalformedBody)?;
    let credentials = Credentials { user_id: form.user_id, password: form.password };
    let body = serde_json::to_vec(&credentials)
        .map_err(|e| ApiError::from(Code::Internal).because(e.to_string()))?;
    let inner = Request::post(SignIn::INFO.path)
        .header(CONTRACT_HEADER, CONTRACT)
        .header(BODY_HASH_HEADER, sha256_hex(&body))
        .body(Bytes::from(body))
        .map_err(|_| Code::Internal)?;
    Ok((inner, local(&form.next)))
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
