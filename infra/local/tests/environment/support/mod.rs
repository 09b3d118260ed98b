//! The test bench: a whole environment on free ports over a temporary folder, and people who act through HTTP.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test bench that cannot start is a failed test")]

pub mod archive;
pub mod cases;
pub mod device;
pub mod faults;
pub mod guide;

use bytes::Bytes;
use functions::app::App;
use functions::clock::Clock;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use local::{
    cloud::{Cloud, settings},
    door::Door,
    load,
    serve::{Front, serve},
    testclock::TestClock,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    CONTRACT,
    api::{
        ACCOUNT_HEADER, BODY_HASH_HEADER, CONTRACT_HEADER, Endpoint,
        error::{Code, Problem},
        path,
    },
    calendar::Timestamp,
    evidence::AuditEvent,
    id::{AccountId, CommandId, PatientId},
    people::{Credentials, FactorProof, Me, NewPassword, Reauth, SessionStage},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
};
use tokio::{net::TcpListener, sync::oneshot};

/// The run, or nothing if it was dropped after so many polls: somewhere in the middle, wherever it happened to wait for
/// an answer. Counted and not timed, so that it is cut off on a machine of any speed.
pub async fn cut_off<T>(polls: usize, run: impl Future<Output = T>) -> Option<T> {
    let (mut run, mut polled) = (std::pin::pin!(run), 0);
    std::future::poll_fn(|context| {
        polled += 1;
        match run.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if polled > polls => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// The moment at which every test begins: a Friday morning in Japan.
pub const START: &str = "2026-11-20T10:00:00+09:00";

pub struct Bench {
    pub app: Arc<App>,
    pub cloud: Cloud,
    pub clock: TestClock,
    pub address: String,
    pub mails: Arc<functions::post::Folder>,
    pub door: Door,
    folder: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
}

impl Bench {
    pub async fn start() -> Self {
        let bench = Self::empty().await;
        load::city(&bench.app, &bench.cloud, demo::Size::TEST).await.unwrap();
        bench
    }

    /// As [`Self::start`], where the city decided otherwise than by default.
    pub async fn start_with(decide: impl FnOnce(&mut functions::settings::Settings)) -> Self {
        let bench = Self::empty_with(decide).await;
        load::city(&bench.app, &bench.cloud, demo::Size::TEST).await.unwrap();
        bench
    }

    pub async fn empty() -> Self {
        Self::empty_with(|_| {}).await
    }

    async fn empty_with(decide: impl FnOnce(&mut functions::settings::Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::starting_at(START.parse().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let origins = vec![format!("http://{address}")];
        let cloud = Cloud::start(folder.path(), &clock).await.unwrap();
        cloud.prepare(&origins).await.unwrap();
        let mut settings = settings(origins);
        decide(&mut settings);
        let app = cloud.endpoints.app(Arc::new(clock.clone()), settings);
        let (stop, stopped) = oneshot::channel::<()>();
        let door = Door::default();
        let mails = local::post::give(&app, folder.path()).unwrap();
        let front = Front {
            app: app.clone(),
            site: None,
            demo: Arc::default(),
            mails: Some(mails.clone()),
            door: door.clone(),
        };
        tokio::spawn(async move {
            let until = async {
                let _ = stopped.await;
            };
            serve(listener, front, until).await.unwrap();
        });
        Self { app, cloud, clock, address, mails, door, folder, stop: Some(stop) }
    }

    /// Where everything of this bench is kept.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now().plus_seconds(seconds));
    }

    pub async fn sign_in(&self, user_id: &str) -> Person {
        let mut person = self.half_way(user_id).await;
        loop {
            let proof = FactorProof { code: self.code(user_id).await };
            match person.call::<shared::api::people::ProveFactor>(&(), &proof).await {
                Ok(me) => person.me = Some(me),
                // The same person signs in elsewhere at this moment and was first with this code.
                Err(problem) if problem.code == Code::CodeUsed => continue,
                Err(problem) => panic!("{problem:?}"),
            }
            return person;
        }
    }

    /// Somebody whom a letter lets in: an own password, an authenticator app, the first page.
    pub async fn first_sign_in(&self, user_id: &str, letter: &str) -> Person {
        use shared::api::people as p;
        let mut person = self.nobody();
        let me = person.ok::<p::SignIn>(&(), &credentials(user_id, letter)).await;
        assert_eq!(me.stage, SessionStage::PasswordChange);
        let own = NewPassword { current: String::new(), password: "Mizu-no-oto 27 kaeru".into() };
        person.ok::<p::ChoosePassword>(&(), &own).await;
        let offer = person.ok::<p::OfferTotp>(&(), &Reauth::default()).await;
        let code = functions::people::factor::code_at(&offer.secret, self.clock_now()).unwrap();
        person.me = Some(person.ok::<p::ConfirmTotp>(&(), &FactorProof { code }).await.me);
        person
    }

    /// Somebody after a restore: no backup holds an authenticator app.
    pub async fn sign_in_by_recovery(&self, user_id: &str) -> Person {
        let mut person = self.half_way(user_id).await;
        let proof = FactorProof { code: local::secondfactor::RECOVERY.into() };
        person.me = Some(person.ok::<shared::api::people::ProveFactor>(&(), &proof).await);
        person
    }

    /// Somebody who has shown the password and nothing else.
    pub async fn half_way(&self, user_id: &str) -> Person {
        let mut person = self.nobody();
        let me: Me =
            person.ok::<shared::api::people::SignIn>(&(), &credentials(user_id, demo::DEMO_PASSWORD)).await;
        assert_eq!(me.stage, SessionStage::FactorMissing);
        person.me = Some(me);
        person
    }

    /// A code of somebody's authenticator app that was not used yet.
    pub async fn code(&self, user_id: &str) -> String {
        local::secondfactor::fresh_code(&self.app, user_id).await.unwrap()
    }

    pub fn clock_now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn clock_day(&self) -> shared::calendar::Day {
        self.clock.now().day()
    }

    pub fn nobody(&self) -> Person {
        Person { address: self.address.clone(), cookie: None, me: None, page: None }
    }

    /// Everything in the audit log of this hour and the one before.
    pub async fn events(&self) -> Vec<AuditEvent> {
        let now = self.clock.now();
        let mut events = self.app.store.events(now.plus_seconds(-3600)).await.unwrap();
        events.extend(self.app.store.events(now).await.unwrap());
        events
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

pub fn credentials(user_id: &str, password: &str) -> Credentials {
    Credentials { user_id: user_id.into(), password: password.into() }
}

pub fn command() -> CommandId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    CommandId::from_parts(1, u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn problem(&self) -> Problem {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no problem: {} {:?}", self.status, self.body))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person {
    pub address: String,
    pub cookie: Option<String>,
    pub me: Option<Me>,
    /// Whose page asks, if it says so.
    pub page: Option<AccountId>,
}

impl Person {
    pub async fn raw(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        request(&self.address, method, target, headers, body).await
    }

    /// As the application sends it.
    pub async fn send(&self, method: &str, target: &str, body: Option<Value>) -> Answer {
        let body = body.map(|value| serde_json::to_vec(&value).unwrap());
        self.send_bytes(method, target, body.map(Bytes::from)).await
    }

    pub async fn send_bytes(&self, method: &str, target: &str, body: Option<Bytes>) -> Answer {
        let contract = CONTRACT.to_string();
        let hash = hex::encode(Sha256::digest(body.as_deref().unwrap_or_default()));
        let page = self.page.map(|account| account.to_string());
        let mut headers = vec![(CONTRACT_HEADER, contract.as_str()), ("content-type", "application/json")];
        if body.is_some() {
            headers.push((BODY_HASH_HEADER, &hash));
        }
        if let Some(cookie) = &self.cookie {
            headers.push(("cookie", cookie));
        }
        if let Some(page) = &page {
            headers.push((ACCOUNT_HEADER, page));
        }
        self.raw(method, target, &headers, body.unwrap_or_default()).await
    }

    pub async fn call<E: Endpoint>(
        &mut self,
        args: &E::Path,
        request: &E::Request,
    ) -> Result<E::Reply, Problem> {
        let mut target = path::fill(E::INFO.path, args);
        let mut body = None;
        if E::INFO.method.has_body() {
            body = Some(serde_json::to_value(request).unwrap());
        } else {
            let value = serde_json::to_value(request).unwrap();
            let pairs = value
                .as_object()
                .unwrap()
                .iter()
                .map(|(k, v)| format!("{k}={}", v.to_string().trim_matches('"')));
            target = format!("{target}?{}", pairs.collect::<Vec<_>>().join("&"));
        }
        let answer = self.send(E::INFO.method.as_str(), &target, body).await;
        if let Some(cookie) = answer.headers.get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        if answer.status == 200 {
            Ok(serde_json::from_slice(&answer.body).unwrap_or_else(|e| panic!("{e}: {:?}", answer.body)))
        } else {
            Err(answer.problem())
        }
    }

    pub async fn ok<E: Endpoint>(&mut self, args: &E::Path, request: &E::Request) -> E::Reply {
        match self.call::<E>(args, request).await {
            Ok(reply) => reply,
            Err(problem) => panic!("{} {:?}", E::INFO.name, problem),
        }
    }

    pub async fn refused<E: Endpoint>(&mut self, args: &E::Path, request: &E::Request) -> Problem {
        match self.call::<E>(args, request).await {
            Ok(_) => panic!("{} was not refused", E::INFO.name),
            Err(problem) => problem,
        }
    }

    pub async fn first_patient(&mut self) -> PatientId {
        let list = self.ok::<shared::api::book::ListPatients>(&(), &shared::api::Empty {}).await;
        list.rows.iter().map(|row| row.patient.id).min().unwrap()
    }

    /// The first patient for whom the other cares, too.
    pub async fn patient_shared_with(&mut self, other: &mut Self) -> PatientId {
        let theirs = other.ok::<shared::api::book::ListPatients>(&(), &shared::api::Empty {}).await.rows;
        let own = self.ok::<shared::api::book::ListPatients>(&(), &shared::api::Empty {}).await.rows;
        let shared = own.iter().map(|row| row.patient.id);
        shared.filter(|id| theirs.iter().any(|row| row.patient.id == *id)).min().unwrap()
    }

    /// Whose account it is.
    pub fn account(&self) -> AccountId {
        self.me.as_ref().unwrap().actor.account
    }
}

pub async fn request(
    address: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Answer {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(async move {
        let _ = connection.await;
    });
    let mut request = http::Request::builder().method(method).uri(target).header("host", address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = sender.send_request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// A note as somebody would send it.
pub fn new_note(text: &str) -> Value {
    json!({ "command": command(), "kind": "report", "importance": "normal", "text": text })
}

pub fn as_note(value: Value) -> shared::book::NewNote {
    serde_json::from_value(value).unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
