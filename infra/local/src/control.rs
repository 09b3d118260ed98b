//! The local-only control address: moves the test clock, runs the jobs at once. It listens on loopback, on a
//! port of its own, and exists only when the environment was started with a test clock.

use crate::{secondfactor, testclock::TestClock};
use anyhow::Result;
use bytes::Bytes;
use functions::{
    app::App,
    clock::Clock,
    evidence::{
        backup, drill,
        monitor::{self, check, ring},
        seal,
    },
    procedure::outbox,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use serde::Deserialize;
use shared::calendar::Timestamp;
use std::{convert::Infallible, sync::Arc};
use tokio::net::TcpListener;

/// `POST /clock {"now": "2026-11-23T02:00:00+09:00"}`.
#[derive(Deserialize)]
struct SetClock {
    now: Timestamp,
}

/// `POST /code {"user_id": "hinata-n01"}`: a code of that person's authenticator app.
#[derive(Deserialize)]
struct AskCode {
    user_id: String,
}

/// Answers for as long as the process runs.
///
/// # Errors
/// If no connection can be accepted any more.
pub async fn serve(listener: TcpListener, clock: TestClock, app: Arc<App>) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let (clock, app) = (clock.clone(), app.clone());
        let service = service_fn(move |request| {
            let (clock, app) = (clock.clone(), app.clone());
            async move { Ok::<_, Infallible>(answer(&clock, &app, request).await) }
        });
        tokio::spawn(async move {
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Monitoring, the look at the key ring, and their check, at once.
async fn looked(app: &App) -> Result<usize, monitor::MonitorError> {
    let made = monitor::run_due(app).await? + usize::from(ring::run_due(app).await?);
    Ok(made + usize::from(check::run_due(app).await?))
}

async fn answer(clock: &TestClock, app: &App, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let (method, body) = (request.method().clone(), Limited::new(request.into_body(), 1024).collect().await);
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let (status, text) = match (method, path.as_str()) {
        (Method::POST, "/clock") => match serde_json::from_slice::<SetClock>(&body) {
            Ok(set) => {
                clock.set(set.now);
                (StatusCode::OK, format!("{{\"now\":\"{}\"}}", clock.now()))
            }
            Err(_) => (StatusCode::BAD_REQUEST, "{\"error\":\"now: RFC 3339\"}".into()),
        },
        (Method::POST, "/code") => match serde_json::from_slice::<AskCode>(&body) {
            Ok(ask) => match secondfactor::fresh_code(app, &ask.user_id).await {
                Ok(code) => (StatusCode::OK, format!("{{\"code\":\"{code}\"}}")),
                Err(_) => (StatusCode::NOT_FOUND, "{}".into()),
            },
            Err(_) => (StatusCode::BAD_REQUEST, "{\"error\":\"user_id\"}".into()),
        },
        (Method::POST, "/seal") => match seal::run_due(app).await {
            Ok(made) => (StatusCode::OK, format!("{{\"seals\":{made}}}")),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"error\":\"{error}\"}}")),
        },
        (Method::POST, "/outbox") => match outbox::run_due(app).await {
            Ok(done) => (StatusCode::OK, format!("{{\"done\":{done}}}")),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"error\":\"{error}\"}}")),
        },
        (Method::POST, "/monitor") => match looked(app).await {
            Ok(made) => (StatusCode::OK, format!("{{\"records\":{made}}}")),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"error\":\"{error}\"}}")),
        },
        (Method::POST, "/drill") => match drill::run(app, true, true, None).await {
            Ok(ran) => (StatusCode::OK, format!("{{\"read\":{}}}", ran.map_or(0, |ran| ran.read))),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"error\":\"{error}\"}}")),
        },
        (Method::POST, "/backup") => match backup::run_due(app).await {
            Ok(made) => (StatusCode::OK, format!("{{\"generations\":{}}}", made.len())),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{{\"error\":\"{error}\"}}")),
        },
        _ => (StatusCode::NOT_FOUND, "{}".into()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    response
}
