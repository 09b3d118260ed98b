//! The dispatcher as a Lambda function: API Gateway v2 and function URL events in, answers out.

use crate::app::App;
use bytes::Bytes;
use http::{Request, Response};
use lambda_http::{
    Body, Error, RequestExt,
    lambda_runtime::{self, LambdaEvent},
    request::RequestContext,
    service_fn,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{sync::Arc, time::Duration};

/// For how long a job works before it leaves the rest to its next run: a function ends after fifteen minutes, and the last
/// object may take its time.
pub const WORK: Duration = Duration::from_secs(12 * 60);

/// What every function begins with: the log, and the services that its settings name.
///
/// # Errors
/// If a setting is missing.
pub async fn app() -> Result<Arc<App>, Error> {
    log_to_cloud();
    Ok(App::from_env().await?)
}

/// Logs as JSON lines, ids and codes only.
fn log_to_cloud() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_target(false).init();
}

/// Serves events until the runtime ends the process.
///
/// # Errors
/// If the Lambda Runtime API cannot be reached.
pub async fn serve(app: Arc<App>) -> Result<(), Error> {
    lambda_http::run(service_fn(move |request: lambda_http::Request| {
        let app = app.clone();
        async move { Ok::<_, Error>(answer(&app, request).await) }
    }))
    .await
}

/// Does a job each time that the schedule starts it. It takes no input: a job finds out by itself what is due, so that a start
/// too many or too few does no harm. What it answers is how much it did.
///
/// # Errors
/// If the Lambda Runtime API cannot be reached.
pub async fn job(app: Arc<App>, work: impl AsyncFn(&Arc<App>) -> Result<usize, Error>) -> Result<(), Error> {
    called(app, async |app, _: serde_json::Value| work(app).await).await
}

/// Does what is asked of it by name, with an input.
///
/// # Errors
/// If the Lambda Runtime API cannot be reached.
pub async fn called<A, T>(
    app: Arc<App>,
    work: impl AsyncFn(&Arc<App>, A) -> Result<T, Error>,
) -> Result<(), Error>
where
    A: DeserializeOwned,
    T: Serialize,
{
    let (app, work) = (&app, &work);
    // On the heap: what a job is made of lies too deep for the compiler to lay out as one.
    lambda_runtime::run(service_fn(move |event: LambdaEvent<A>| Box::pin(work(app, event.payload)))).await
}

async fn answer(app: &Arc<App>, request: lambda_http::Request) -> Response<Body> {
    let source = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let source = viewer(request.headers(), source);
    let (parts, body) = request.into_parts();
    let body = match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    };
    let response = super::handle(app, Request::from_parts(parts, body), &source).await;
    response.map(|bytes| match String::from_utf8(bytes.into()) {
        Ok(text) => Body::Text(text),
        Err(other) => Body::Binary(other.into_bytes()),
    })
}

/// Where the edge of the cloud says that a request comes from; it overwrites what a browser sends under this name, and
/// nobody else can call the function (`infra/aws/stacks/60-edge.yaml`).
const VIEWER: &str = "x-tsunagaru-viewer";

/// The browser's address: seen by the edge, if there is one, and not the edge's own.
fn viewer(headers: &http::HeaderMap, seen: String) -> String {
    headers.get(VIEWER).and_then(|value| value.to_str().ok()).map_or(seen, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_an_edge_the_address_is_the_browsers() {
        let mut headers = http::HeaderMap::new();
        assert_eq!(viewer(&headers, "192.0.2.1".into()), "192.0.2.1");
        headers.insert(VIEWER, http::HeaderValue::from_static("203.0.113.9"));
        assert_eq!(viewer(&headers, "192.0.2.1".into()), "203.0.113.9");
    }
}
