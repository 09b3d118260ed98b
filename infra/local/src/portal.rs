//! The portal's files straight from their bucket, as the edge of the cloud serves them: no table, no API, no session.

use crate::site;
use bytes::Bytes;
use functions::store::blob::{BlobKey, Blobs, Served};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};

/// Every address of the portal begins so.
const UNDER: &str = "/portal/";
/// Nothing but the portal's own files: tighter than the application's policy.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Whether an address is the portal's.
pub fn is_portal(path: &str) -> bool {
    path == "/portal" || path.starts_with(UNDER)
}

/// The file of an address, or the page that says there is none.
pub async fn get(blobs: &Blobs, path: &str, asked: &HeaderMap) -> Response<Bytes> {
    if path == "/portal" {
        let mut moved = answer(StatusCode::MOVED_PERMANENTLY, Bytes::new());
        moved.headers_mut().insert(header::LOCATION, HeaderValue::from_static(UNDER));
        return moved;
    }
    let key = path.trim_start_matches('/');
    let key = if key.ends_with('/') { format!("{key}index.html") } else { key.to_owned() };
    match blobs.portal_file(&key).await {
        Ok(Some(file)) => found(file, asked),
        Ok(None) => match blobs.portal_file(&BlobKey::PortalMissing.to_string()).await {
            Ok(Some(file)) => {
                let mut missing = found(file, &HeaderMap::new());
                *missing.status_mut() = StatusCode::NOT_FOUND;
                missing
            }
            _ => answer(StatusCode::NOT_FOUND, Bytes::from_static(b"not found")),
        },
        Err(error) => {
            tracing::error!(%error, "the portal's bucket does not answer");
            answer(StatusCode::SERVICE_UNAVAILABLE, Bytes::from_static(b"try again in a moment"))
        }
    }
}

fn found(file: Served, asked: &HeaderMap) -> Response<Bytes> {
    let known = file.etag.as_deref().is_some_and(|etag| {
        asked.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes())
    });
    let mut response = if known {
        answer(StatusCode::NOT_MODIFIED, Bytes::new())
    } else {
        answer(StatusCode::OK, file.body)
    };
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&file.content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(etag) = file.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        headers.insert(header::ETAG, etag);
    }
    response
}

fn answer(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    site::secure(headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    // What was published counts at once; the ETag spares the bytes.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
