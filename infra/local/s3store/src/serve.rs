//! The listener: accepts connections until told to stop, then lets what is in progress end.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::api::Api;
use crate::preflight;
use crate::store::S3Store;

/// How long requests in progress may take to end once the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// How long to wait after the system refused a connection, because it does so again at once when it is out of
/// descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers the S3 protocol on `listener` until `stop` completes.
///
/// Then no connection is accepted any more, idle ones are closed, and requests in progress have ten seconds to
/// end; what is cut off after that was never acknowledged and leaves nothing behind. The store stays open: it is
/// released with the last clone of it.
///
/// Bucket and key are read from the path (path-style addressing), and signatures for any region are accepted.
pub async fn serve(listener: TcpListener, store: S3Store, stop: impl Future<Output = ()>) {
    let mut builder = S3ServiceBuilder::new(Api::new(store.inner.clone()));
    builder.set_auth(SimpleAuth::from_single(
        store.inner.access_key_id.clone(),
        store.inner.secret_access_key.clone(),
    ));
    let service = builder.build();
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, store.clone(), service.clone(), stopped.clone()));
                }
                Err(error) => pause(&error).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    stopping.send_replace(true);
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, ended).await.is_err() {
        tracing::warn!("requests still in progress were cut off");
        connections.shutdown().await;
    }
}

async fn pause(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    tokio::time::sleep(ACCEPT_PAUSE).await;
}

async fn connection(
    stream: TcpStream,
    store: S3Store,
    service: S3Service,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and come in pieces: without this each waits for the other side's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let answering = service_fn(move |request| {
        let (store, service) = (store.inner.clone(), service.clone());
        async move { preflight::answer(&store, &service, request).await }
    });
    let builder = Builder::new(TokioExecutor::new());
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), answering));
    let outcome = tokio::select! {
        outcome = serving.as_mut() => outcome,
        () = told(&mut stopped) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn told(stopped: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same as the word: the server is no more.
    drop(stopped.wait_for(|stopped| *stopped).await);
}
