//! CORS on the wire. Preflights carry no signature, so they are answered here, before the protocol library would
//! refuse them; real answers get their headers here, after it.

use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use s3s::dto::{CORSConfiguration, CORSRule};
use s3s::service::S3Service;
use s3s::{Body, HttpError, HttpResponse, S3Error};

use crate::cors::{for_everyone, rule_for};
use crate::fail::{Fail, Outcome, refuse, refuse_as};
use crate::settings::{self, Setting};
use crate::store::Inner;
use crate::text::form_decode;

const VARIES: HeaderValue =
    HeaderValue::from_static("Origin, Access-Control-Request-Headers, Access-Control-Request-Method");

/// Answers one request, signed or a preflight.
pub(crate) async fn answer(
    store: &Arc<Inner>,
    service: &S3Service,
    request: Request<hyper::body::Incoming>,
) -> Result<HttpResponse, HttpError> {
    let Some(origin) = text_of(request.headers(), &ORIGIN).map(str::to_owned) else {
        return service.call(request.map(Body::from)).await;
    };
    if request.method() == Method::OPTIONS {
        return match preflight(store, &origin, request.uri(), request.headers()).await {
            Ok(response) => Ok(response),
            Err(fail) => refusal(fail),
        };
    }
    let method = request.method().as_str().to_owned();
    let rules = rules_for(store, request.uri()).await;
    let mut response = service.call(request.map(Body::from)).await?;
    // A lookup that failed costs the page its answer, not the caller without an origin.
    if let Ok(rules) = rules
        && let Some(rule) = rule_for(&rules, &origin, &method, &[])
    {
        allow(response.headers_mut(), rule, &origin);
    }
    Ok(response)
}

fn refusal(fail: Fail) -> Result<HttpResponse, HttpError> {
    S3Error::from(fail).to_http_response().map_err(|error| HttpError::new(Box::new(error)))
}

fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

async fn rules_for(store: &Arc<Inner>, uri: &Uri) -> Outcome<Vec<CORSRule>> {
    let bucket = uri.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let Some(bucket) = form_decode(bucket).filter(|name| !name.is_empty()) else { return Ok(Vec::new()) };
    let found: Option<CORSConfiguration> =
        store.read(move |db| settings::load(db, &bucket, Setting::Cors)).await?;
    Ok(found.map(|configuration| configuration.cors_rules).unwrap_or_default())
}

async fn preflight(
    store: &Arc<Inner>,
    origin: &str,
    uri: &Uri,
    headers: &HeaderMap,
) -> Outcome<HttpResponse> {
    let method = text_of(headers, &ACCESS_CONTROL_REQUEST_METHOD).ok_or_else(|| {
        refuse(
            s3s::S3ErrorCode::InvalidRequest,
            "A preflight needs Origin and Access-Control-Request-Method.",
        )
    })?;
    let asked: Vec<String> = headers
        .get_all(ACCESS_CONTROL_REQUEST_HEADERS)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    let rules = rules_for(store, uri).await?;
    let rule = rule_for(&rules, origin, method, &asked).ok_or_else(|| {
        refuse_as("AccessForbidden", StatusCode::FORBIDDEN, "CORSResponse: This CORS request is not allowed.")
    })?;
    let mut response = HttpResponse::new(Body::empty());
    let headers = response.headers_mut();
    allow(headers, rule, origin);
    put(headers, ACCESS_CONTROL_ALLOW_METHODS, &rule.allowed_methods.join(", "));
    put(headers, ACCESS_CONTROL_ALLOW_HEADERS, &asked.join(", "));
    if let Some(seconds) = rule.max_age_seconds {
        put(headers, ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    Ok(response)
}

fn allow(headers: &mut HeaderMap, rule: &CORSRule, origin: &str) {
    if for_everyone(rule) {
        put(headers, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
        put(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        put(headers, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    put(headers, ACCESS_CONTROL_EXPOSE_HEADERS, &rule.expose_headers.clone().unwrap_or_default().join(", "));
    headers.append(VARY, VARIES);
}

/// A stored name that no header can carry, and an empty one, are left out.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value)
        && !value.is_empty()
    {
        headers.insert(name, value);
    }
}
