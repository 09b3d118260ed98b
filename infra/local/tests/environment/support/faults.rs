//! A network that fails: a proxy between the SDK and the two services, with a plan of faults from a seed.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test bench that cannot start is a failed test")]

use super::Bench;
use aws_sdk_dynamodb::config::{retry::RetryConfig, timeout::TimeoutConfig};
use bytes::Bytes;
use functions::{app::App, settings::Settings};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use local::cloud::Endpoints;
use serde_json::{Map, Value, json};
use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::{TcpListener, TcpStream};

/// The client of a test gives up on a try after so long, so that a stall costs a test little.
const TRY: Duration = Duration::from_secs(1);
/// How long a stalled answer is kept back.
const STALL: Duration = Duration::from_millis(1500);

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// 500 with the service's own words; not carried out.
    Internal,
    /// 503 likewise.
    Unavailable,
    /// The service's own way to say: too much.
    Throttled,
    /// The connection ends before the call arrives.
    Reset,
    /// The call is carried out, and the connection ends before the answer.
    ResetAfter,
    /// The answer does not come; the call is not carried out.
    Stalled,
    /// The call is carried out, and the answer does not come.
    StalledAfter,
    /// The answer begins and breaks off.
    CutOff,
    /// Of a batch one half is left undone; another call is answered as it should.
    Unprocessed,
    /// Of a batch nothing is done.
    AllUnprocessed,
}

impl Fault {
    pub const ALL: [Self; 9] = [
        Self::Internal,
        Self::Unavailable,
        Self::Throttled,
        Self::Reset,
        Self::ResetAfter,
        Self::Stalled,
        Self::StalledAfter,
        Self::CutOff,
        Self::Unprocessed,
    ];
}

/// A call as the plan sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// `Query` of the table, `PUT /bucket/key` of the buckets.
    pub name: String,
    /// What is sent, as far as it is text.
    pub body: Bytes,
}

type Rule = Box<dyn FnMut(&Call) -> Option<Fault> + Send>;

#[derive(Default)]
struct Plan {
    rule: Option<Rule>,
    struck: Vec<(Fault, String)>,
}

/// The proxy before both services of a bench.
pub struct Network {
    pub endpoints: Endpoints,
    plan: Arc<Mutex<Plan>>,
}

impl Network {
    /// Before the services of a bench; nothing fails yet.
    pub async fn before(bench: &Bench) -> Self {
        let plan = Arc::new(Mutex::new(Plan::default()));
        let real = &bench.cloud.endpoints;
        let dynamodb = listen(&real.dynamodb, true, plan.clone()).await;
        let s3 = listen(&real.s3, false, plan.clone()).await;
        Self { endpoints: Endpoints { dynamodb, s3, ..real.clone() }, plan }
    }

    /// The product behind it, with clients as the product makes them but for the times, which are those of a test.
    pub fn app(&self, bench: &Bench) -> Arc<App> {
        self.app_with(bench, bench.app.settings.clone())
    }

    pub fn app_with(&self, bench: &Bench, settings: Settings) -> Arc<App> {
        let (table, blobs) = self.endpoints.clients();
        let retries = RetryConfig::standard()
            .with_max_attempts(3)
            .with_initial_backoff(Duration::from_millis(5))
            .with_max_backoff(Duration::from_millis(50));
        let times = TimeoutConfig::builder().operation_attempt_timeout(TRY).build();
        let table = table.config().to_builder().retry_config(retries.clone()).timeout_config(times.clone());
        let blobs = blobs.config().to_builder().retry_config(retries).timeout_config(times);
        let (table, blobs) = (
            aws_sdk_dynamodb::Client::from_conf(table.build()),
            aws_sdk_s3::Client::from_conf(blobs.build()),
        );
        App::new(table, blobs, Arc::new(bench.clock.clone()), settings)
    }

    /// So many of a hundred calls fail, in ways that the seed chooses; one of them stalls, because that costs the test a
    /// second.
    pub fn storm(&self, seed: u64, percent: u8) {
        self.storm_until_dead(seed, percent, u32::MAX);
    }

    /// A storm in which so many calls arrive; after them the network is dead. Which call is which depends on who is
    /// quicker, so that only this says for sure that a run which needs more calls fails.
    pub fn storm_until_dead(&self, seed: u64, percent: u8, mut calls: u32) {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut has_stalled = false;
        self.obey(move |_| {
            if calls == 0 {
                return Some(Fault::Reset);
            }
            calls -= 1;
            let fault = Fault::ALL[chance.usize(..Fault::ALL.len())];
            let stalls = matches!(fault, Fault::Stalled | Fault::StalledAfter);
            let strikes = chance.u8(..100) < percent;
            let fault = if stalls && has_stalled { Fault::ResetAfter } else { fault };
            has_stalled |= strikes && stalls;
            strikes.then_some(fault)
        });
    }

    /// Every call fails when it is made for the first time, in all the ways in turn, and not when it is made again.
    pub fn each_fails_once(&self) {
        let mut made = HashSet::new();
        let mut faults = Fault::ALL.into_iter().cycle();
        self.obey(move |call| if made.insert(call.clone()) { faults.next() } else { None });
    }

    /// The call whose name contains these words fails so, so many times.
    pub fn strike(&self, words: &'static str, fault: Fault, mut times: u32) {
        self.obey(move |call| {
            let strikes = times > 0 && call.name.contains(words);
            times -= u32::from(strikes);
            strikes.then_some(fault)
        });
    }

    /// Calls fail by this rule.
    pub fn obey(&self, rule: impl FnMut(&Call) -> Option<Fault> + Send + 'static) {
        self.plan.lock().unwrap().rule = Some(Box::new(rule));
    }

    /// Nothing fails any more; what failed until now, and at which call.
    pub fn calm(&self) -> Vec<(Fault, String)> {
        let mut plan = self.plan.lock().unwrap();
        plan.rule = None;
        std::mem::take(&mut plan.struck)
    }
}

type Answer = Response<UnsyncBoxBody<Bytes, io::Error>>;

async fn listen(real: &str, table: bool, plan: Arc<Mutex<Plan>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let real = real.strip_prefix("http://").unwrap().to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (real, plan) = (real.clone(), plan.clone());
            let service = service_fn(move |request| pass(request, real.clone(), table, plan.clone()));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

fn name_of(request: &Request<Bytes>, table: bool) -> String {
    if !table {
        return format!("{} {}", request.method(), request.uri());
    }
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    target.and_then(|target| target.rsplit('.').next()).unwrap_or_default().to_owned()
}

async fn pass(
    request: Request<Incoming>,
    real: String,
    table: bool,
    plan: Arc<Mutex<Plan>>,
) -> io::Result<Answer> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = Request::from_parts(parts, body);
    let call = Call { name: name_of(&request, table), body: request.body().clone() };
    let fault = {
        let mut plan = plan.lock().unwrap();
        let fault = plan.rule.as_mut().and_then(|rule| rule(&call));
        plan.struck.extend(fault.map(|fault| (fault, call.name.clone())));
        fault
    };
    let broken = || io::Error::from(io::ErrorKind::ConnectionReset);
    match fault {
        None => Ok(whole(forward(request, &real).await?)),
        Some(Fault::Internal) => Ok(whole(refusal(table, 500, "InternalServerError", "InternalError"))),
        Some(Fault::Unavailable) => {
            Ok(whole(refusal(table, 503, "ServiceUnavailable", "ServiceUnavailable")))
        }
        Some(Fault::Throttled) if table => {
            let code = if call.body.len().is_multiple_of(2) {
                "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
            } else {
                "com.amazon.coral.availability#ThrottlingException"
            };
            Ok(whole(refusal(true, 400, code, "")))
        }
        Some(Fault::Throttled) => Ok(whole(refusal(false, 503, "", "SlowDown"))),
        Some(Fault::Reset) => Err(broken()),
        Some(Fault::ResetAfter) => {
            forward(request, &real).await?;
            Err(broken())
        }
        Some(Fault::Stalled) => {
            tokio::time::sleep(STALL).await;
            Err(broken())
        }
        Some(Fault::StalledAfter) => {
            let answer = forward(request, &real).await?;
            tokio::time::sleep(STALL).await;
            Ok(whole(answer))
        }
        Some(Fault::CutOff) => Ok(cut_off(forward(request, &real).await?)),
        Some(Fault::Unprocessed) => half_done(request, &real, &call, 2).await,
        Some(Fault::AllUnprocessed) => half_done(request, &real, &call, usize::MAX).await,
    }
}

async fn forward(request: Request<Bytes>, real: &str) -> io::Result<Response<Bytes>> {
    let stream = TcpStream::connect(real).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    tokio::spawn(async move {
        let _ = connection.await;
    });
    let (mut parts, body) = request.into_parts();
    // The body has arrived as a whole.
    for hop in [header::TRANSFER_ENCODING, header::EXPECT, header::CONNECTION] {
        parts.headers.remove(hop);
    }
    let request = Request::from_parts(parts, Full::new(body));
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let (mut parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    for hop in [header::TRANSFER_ENCODING, header::CONNECTION] {
        parts.headers.remove(hop);
    }
    Ok(Response::from_parts(parts, body))
}

fn whole(answer: Response<Bytes>) -> Answer {
    answer.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync())
}

/// The head with the whole length, the first half, and then nothing.
fn cut_off(answer: Response<Bytes>) -> Answer {
    let (mut parts, body) = answer.into_parts();
    parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
    let half = body.slice(..body.len() / 2);
    let broken = io::Error::from(io::ErrorKind::ConnectionReset);
    let frames = futures::stream::iter([Ok(Frame::data(half)), Err(broken)]);
    Response::from_parts(parts, StreamBody::new(frames).boxed_unsync())
}

/// As the services refuse.
fn refusal(table: bool, status: u16, of_table: &str, of_blobs: &str) -> Response<Bytes> {
    let (kind, body) = if table {
        let words = json!({ "__type": of_table, "message": "a fault of the test" });
        ("application/x-amz-json-1.0", words.to_string())
    } else {
        let words = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{of_blobs}</Code><Message>a fault of the test</Message></Error>"
        );
        ("application/xml", words)
    };
    let answer = Response::builder().status(StatusCode::from_u16(status).unwrap());
    answer.header(header::CONTENT_TYPE, kind).body(body.into()).unwrap()
}

/// A batch of which one in `of` is left undone, the first one always; whatever is no batch is done.
async fn half_done(request: Request<Bytes>, real: &str, call: &Call, of: usize) -> io::Result<Answer> {
    let (left_in, done_in) = match call.name.as_str() {
        "BatchWriteItem" => ("UnprocessedItems", "x"),
        "BatchGetItem" => ("UnprocessedKeys", "Responses"),
        _ => return Ok(whole(forward(request, real).await?)),
    };
    let mut ask: Value = serde_json::from_slice(&call.body).unwrap();
    let mut left = Map::new();
    for (table, wanted) in ask["RequestItems"].as_object_mut().unwrap() {
        let list = if done_in == "x" { &mut *wanted } else { &mut wanted["Keys"] };
        let all = std::mem::take(list.as_array_mut().unwrap());
        let is_left = |at: usize| of == usize::MAX || at.is_multiple_of(of);
        let pick = |left: bool| -> Vec<Value> {
            all.iter()
                .enumerate()
                .filter(|(at, _)| is_left(*at) == left)
                .map(|(_, one)| one.clone())
                .collect()
        };
        *list = pick(false).into();
        let mut undone = wanted.clone();
        if done_in == "x" {
            undone = pick(true).into()
        } else {
            undone["Keys"] = pick(true).into()
        }
        left.insert(table.clone(), undone);
    }
    let nothing = ask["RequestItems"].as_object().unwrap().values().all(|wanted| {
        let list = if done_in == "x" { wanted } else { &wanted["Keys"] };
        list.as_array().unwrap().is_empty()
    });
    let (mut parts, mut answer) = if nothing {
        let empty = Response::builder().header(header::CONTENT_TYPE, "application/x-amz-json-1.0");
        (empty.body(()).unwrap().into_parts().0, json!({}))
    } else {
        let (mut parts, _) = request.into_parts();
        let body = Bytes::from(ask.to_string());
        parts.headers.insert(header::CONTENT_LENGTH, body.len().into());
        let (parts, body) = forward(Request::from_parts(parts, body), real).await?.into_parts();
        if parts.status != StatusCode::OK {
            return Ok(whole(Response::from_parts(parts, body)));
        }
        (parts, serde_json::from_slice(&body).unwrap())
    };
    answer[left_in] = left.into();
    for stale in ["content-length", "x-amz-crc32"] {
        parts.headers.remove(stale);
    }
    Ok(whole(Response::from_parts(parts, answer.to_string().into())))
}
