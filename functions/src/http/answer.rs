//! Answers: JSON or problem details, with the headers that every answer of the API carries.

use super::error::ApiError;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use shared::{
    api::{REQUEST_ID_HEADER, error::Problem},
    id::RequestId,
};

/// A successful answer.
pub struct Answer {
    body: Bytes,
    /// A `Set-Cookie` header.
    pub cookie: Option<String>,
}

impl Answer {
    /// With this JSON body.
    ///
    /// # Errors
    /// If the reply cannot be written as JSON, which no reply of ours does.
    pub fn json<T: Serialize>(reply: &T) -> Result<Self, serde_json::Error> {
        Ok(Self { body: serde_json::to_vec(reply)?.into(), cookie: None })
    }

    /// As HTTP.
    pub fn into_response(self, request: RequestId) -> Response<Bytes> {
        let mut response = respond(StatusCode::OK, "application/json", self.body, request);
        if let Some(cookie) = self.cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Problem details.
pub fn problem(error: &ApiError, request: RequestId) -> Response<Bytes> {
    let mut problem = Problem::new(error.code, request.to_string());
    problem.fields.clone_from(&error.fields);
    problem.retry_after = error.retry_after;
    if let Some(halt) = &error.halt {
        problem.title = halt.in_words();
        problem.halt = Some(halt.clone());
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = respond(status, "application/problem+json", body.into(), request);
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// An answer with the headers of every answer: nothing is kept by caches, nothing is shown as a page.
pub fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
    request: RequestId,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&request.to_string()) {
        headers.insert(REQUEST_ID_HEADER, id);
    }
    response
}
