//! One port for the browser: the API's dispatcher under `/api`, the portal's files under `/portal`, the site
//! under everything else.

use crate::{describe::DemoAccount, door::Door, portal, post, secondfactor, site::Site};
use anyhow::Result;
use bytes::Bytes;
use functions::{app::App, post::Folder};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use shared::api::BODY_MAX;
use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// How long requests under way may take once the environment was told to stop.
const LAST_ANSWERS: Duration = Duration::from_millis(300);

/// What answers requests.
#[derive(Clone)]
pub struct Front {
    /// The API.
    pub app: Arc<App>,
    /// The site; without it only the API answers.
    pub site: Option<Site>,
    /// The demo's accounts, for the page with their codes.
    pub demo: Arc<Vec<DemoAccount>>,
    /// The mails that the environment would have sent, for their page.
    pub mails: Option<Arc<Folder>>,
    /// The log of what is asked and what is refused.
    pub door: Door,
}

/// Serves until `stop` is done, then lets requests under way end. What was answered is on disk in any case.
///
/// # Errors
/// If no connection can be accepted any more.
pub async fn serve(listener: TcpListener, front: Front, stop: impl Future<Output = ()>) -> Result<()> {
    let server = Builder::new(TokioExecutor::new());
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, peer) = accepted?;
                let _ = stream.set_nodelay(true);
                let front = front.clone();
                let service = service_fn(move |request| {
                    let front = front.clone();
                    async move { Ok::<_, Infallible>(front.answer(request, peer).await.map(Full::new)) }
                });
                let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
                tokio::spawn(async move { let _ = connection.await; });
            }
            () = &mut stop => break,
        }
    }
    // Browsers keep idle connections open for minutes; what is under way needs moments.
    tokio::time::sleep(LAST_ANSWERS).await;
    Ok(())
}

impl Front {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        if portal::is_portal(parts.uri.path()) {
            return portal::get(&self.app.store.blobs, parts.uri.path(), &parts.headers).await;
        }
        if !parts.uri.path().starts_with("/api/") {
            if parts.uri.path() == secondfactor::PATH && !self.demo.is_empty() {
                return secondfactor::page(&self.app, &self.demo);
            }
            if let Some(mails) = self.mails.as_ref().filter(|_| parts.uri.path() == post::PATH) {
                return post::page(mails);
            }
            return match &self.site {
                Some(site) => site.get(parts.uri.path(), &parts.headers).await,
                None => status(StatusCode::NOT_FOUND),
            };
        }
        // One byte more than the API takes, so that the API itself refuses with its own sentence.
        let response = match Limited::new(body, BODY_MAX + 1).collect().await {
            Ok(body) => {
                let request = Request::from_parts(parts, body.to_bytes());
                functions::http::handle(&self.app, request, &peer.ip().to_string()).await
            }
            Err(_) => {
                let request = Request::from_parts(parts, Bytes::from(vec![0; BODY_MAX + 1]));
                functions::http::handle(&self.app, request, &peer.ip().to_string()).await
            }
        };
        self.door.note(self.app.clock.now(), peer.ip(), response.status().as_u16());
        response
    }
}

fn status(code: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = code;
    response
}
