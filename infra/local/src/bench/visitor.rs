//! A browser's side: one connection that stays open, and the two requests that are measured.

use super::{drive::Act, scene::Page};
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use functions::{
    clock::{Clock, SystemClock},
    random,
    store::blob::sha256_hex,
};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use shared::{
    CONTRACT,
    api::{
        BODY_HASH_HEADER, CONTRACT_HEADER, Endpoint,
        book::{CreateNote, ReadThread},
        path,
        people::{ReadSelf, SignIn},
    },
    book::{Importance, NewNote, NoteKind},
    id::CommandId,
    people::Credentials,
};
use std::time::{Duration, Instant};

/// The request that opens a page's thread.
pub fn open(page: &Page) -> Result<Request<Bytes>> {
    request::<ReadThread>(&page.patient, Some(&page.cookie), None)
}

/// The request that posts a note.
pub fn post(page: &Page, text: &str) -> Result<Request<Bytes>> {
    let note = NewNote {
        command: random::id(SystemClock.now(), CommandId::from_parts),
        kind: NoteKind::Report,
        importance: Importance::Normal,
        text: text.to_owned(),
        addressees: Vec::new(),
        reply_to: None,
        attachments: Vec::new(),
    };
    request::<CreateNote>(&page.patient, Some(&page.cookie), Some(serde_json::to_vec(&note)?))
}

/// The request that asks who is signed in.
pub fn who(page: &Page) -> Result<Request<Bytes>> {
    request::<ReadSelf>(&(), Some(&page.cookie), None)
}

/// The request that signs a page's person in.
pub fn sign_in(page: &Page) -> Result<Request<Bytes>> {
    let credentials = Credentials { user_id: page.user_id.clone(), password: demo::DEMO_PASSWORD.into() };
    request::<SignIn>(&(), None, Some(serde_json::to_vec(&credentials)?))
}

fn request<E: Endpoint>(
    args: &E::Path,
    cookie: Option<&str>,
    body: Option<Vec<u8>>,
) -> Result<Request<Bytes>> {
    let mut request = Request::builder()
        .method(E::INFO.method.as_str())
        .uri(path::fill(E::INFO.path, args))
        .header("host", "localhost")
        .header(CONTRACT_HEADER, CONTRACT.to_string());
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    if let Some(body) = &body {
        request =
            request.header("content-type", "application/json").header(BODY_HASH_HEADER, sha256_hex(body));
    }
    Ok(request.body(body.unwrap_or_default().into())?)
}

/// One connection, kept open.
pub struct Connection(SendRequest<Full<Bytes>>);

impl Connection {
    /// To the API.
    pub async fn to(address: &str) -> Result<Self> {
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Ok(Self(sender))
    }

    /// Asks and waits for the whole answer, which must be a good one.
    pub async fn ask(&mut self, request: Request<Bytes>) -> Result<Bytes> {
        self.0.ready().await?;
        let answer = self.0.send_request(request.map(Full::new)).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        if status != http::StatusCode::OK {
            bail!("the API answered {status}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }
}

/// Opens a thread, over and over.
pub struct Open(Connection, Page);

impl Open {
    /// Connects.
    pub async fn new(address: &str, page: &Page) -> Result<Self> {
        Ok(Self(Connection::to(address).await?, page.clone()))
    }
}

impl Act for Open {
    async fn act(&mut self) -> Result<Duration> {
        let request = open(&self.1)?;
        let start = Instant::now();
        self.0.ask(request).await.context("a thread did not open")?;
        Ok(start.elapsed())
    }
}

/// Posts a note, over and over.
pub struct Post(Connection, Page, String);

impl Post {
    /// Connects.
    pub async fn new(address: &str, page: &Page, text: &str) -> Result<Self> {
        Ok(Self(Connection::to(address).await?, page.clone(), text.to_owned()))
    }
}

impl Act for Post {
    async fn act(&mut self) -> Result<Duration> {
        let request = post(&self.1, &self.2)?;
        let start = Instant::now();
        self.0.ask(request).await.context("a note was not taken")?;
        Ok(start.elapsed())
    }
}
