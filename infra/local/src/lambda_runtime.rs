//! A small Lambda Runtime API: runs one of our Lambda binaries on this machine, hands it API Gateway v2 events
//! and takes its answers. For the test that compares it with the local server, and for the benchmark.

use crate::cloud::Endpoints;
use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use functions::settings::Settings;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use shared::evidence::schedule::TimeOfDay;
use std::{
    collections::HashMap,
    convert::Infallible,
    path::Path,
    sync::{
        Arc, Mutex as Quick, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex, mpsc, oneshot, watch},
    task::JoinHandle,
};

/// The version of the Runtime API that this is.
const BASE: &str = "/2018-06-01/runtime";
/// How long a request may take, as for a function behind API Gateway.
const DEADLINE: Duration = Duration::from_secs(29);
const ACCOUNT: &str = "000000000000";

/// A running Lambda function. It ends with [`Runtime::stop`], or when this is dropped.
pub struct Runtime {
    /// When its process was started.
    pub started: Instant,
    /// Its process.
    pub pid: u32,
    desk: Arc<Desk>,
    give: mpsc::Sender<Job>,
    ended: watch::Receiver<Option<String>>,
    end: Option<oneshot::Sender<()>>,
    tasks: [JoinHandle<()>; 2],
}

/// An event on its way in, and where its answer is awaited.
struct Job {
    event: Value,
    limit: Duration,
    answer: oneshot::Sender<Result<Value, Value>>,
}

/// What the function asks.
struct Desk {
    jobs: Mutex<mpsc::Receiver<Job>>,
    open: Quick<HashMap<String, oneshot::Sender<Result<Value, Value>>>>,
    next_id: AtomicU64,
    asked: watch::Sender<Option<Instant>>,
}

impl Runtime {
    /// Starts a Lambda binary with exactly these environment variables (and those of the Runtime API).
    ///
    /// # Errors
    /// If the binary cannot be run.
    pub async fn start(binary: &Path, environment: Vec<(String, String)>) -> Result<Self> {
        Self::start_by(Command::new(binary), environment).await
    }

    /// As [`Self::start`], for a function that another program runs.
    ///
    /// # Errors
    /// If the program cannot be run.
    pub async fn start_by(mut command: Command, environment: Vec<(String, String)>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (give, jobs) = mpsc::channel(64);
        let desk = Arc::new(Desk {
            jobs: Mutex::new(jobs),
            open: Quick::default(),
            next_id: AtomicU64::new(1),
            asked: watch::Sender::new(None),
        });
        let server = tokio::spawn(serve(listener, desk.clone()));
        let started = Instant::now();
        let child = command
            .env_clear()
            .envs(environment)
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "tsunagaru"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "local"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
                ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ])
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be run", command.as_std().get_program().display()))?;
        let pid = child.id().unwrap_or_default();
        let (ending, ended) = watch::channel(None);
        let (end, told) = oneshot::channel();
        let guard = tokio::spawn(guard(child, told, ending));
        Ok(Self { started, pid, desk, give, ended, end: Some(end), tasks: [server, guard] })
    }

    /// How long the function took from the start of its process until it asked for its first event.
    ///
    /// # Errors
    /// If it ended, or does not ask in time.
    pub async fn ready_after(&self) -> Result<Duration> {
        let mut asked = self.desk.asked.subscribe();
        let asked = async { asked.wait_for(Option::is_some).await.ok().and_then(|at| *at) };
        match self.unless_ended(asked, DEADLINE).await? {
            Some(at) => Ok(at.duration_since(self.started)),
            None => bail!("the function never asked for an event"),
        }
    }

    /// Hands over one event and waits for its answer.
    ///
    /// # Errors
    /// If the function reports an error, ends, or does not answer in time.
    pub async fn invoke(&self, event: Value) -> Result<Value> {
        self.invoke_within(event, DEADLINE).await
    }

    /// As [`Self::invoke`], for a job that takes longer than a request may.
    ///
    /// # Errors
    /// As [`Self::invoke`].
    pub async fn invoke_within(&self, event: Value, limit: Duration) -> Result<Value> {
        let (answer, answered) = oneshot::channel();
        let ask = async {
            self.give
                .send(Job { event, limit, answer })
                .await
                .context("the function takes no events any more")?;
            answered.await.context("the function left an event unanswered")
        };
        match self.unless_ended(ask, limit).await?? {
            Ok(answer) => Ok(answer),
            Err(error) => bail!("the function reported an error: {error}"),
        }
    }

    async fn unless_ended<T>(&self, work: impl Future<Output = T>, limit: Duration) -> Result<T> {
        let mut ended = self.ended.clone();
        tokio::select! {
            done = work => Ok(done),
            how = ended.wait_for(Option::is_some) => {
                bail!("the function ended: {}", how.ok().and_then(|how| how.clone()).unwrap_or_default())
            }
            () = tokio::time::sleep(limit) => bail!("the function did not answer in {limit:?}"),
        }
    }

    /// Ends the function and waits for it.
    pub async fn stop(mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        let _ = self.ended.wait_for(Option::is_some).await;
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn guard(mut child: Child, told: oneshot::Receiver<()>, ended: watch::Sender<Option<String>>) {
    let how = tokio::select! {
        status = child.wait() => status.map_or_else(|error| error.to_string(), |status| status.to_string()),
        _ = told => {
            let _ = child.kill().await;
            "stopped".to_owned()
        }
    };
    let _ = ended.send(Some(how));
}

async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    // One function has one or two connections; they end with this task.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let desk = desk.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let desk = desk.clone();
                async move { Ok::<_, Infallible>(desk.answer(request).await.map(Full::new)) }
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

impl Desk {
    async fn answer(&self, request: Request<Incoming>) -> Response<Bytes> {
        let path = request.uri().path().strip_prefix(BASE).unwrap_or_default().to_owned();
        let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        match path.split('/').collect::<Vec<_>>()[..] {
            ["", "invocation", "next"] => self.next().await,
            ["", "invocation", id, "response"] => self.done(id, Ok(value(&body))),
            ["", "invocation", id, "error"] => self.done(id, Err(value(&body))),
            ["", "init", "error"] => {
                tracing::error!(error = %value(&body), "the function could not start");
                status(StatusCode::ACCEPTED)
            }
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    async fn next(&self) -> Response<Bytes> {
        self.asked.send_if_modified(|asked| {
            let first = asked.is_none();
            *asked = asked.or_else(|| Some(Instant::now()));
            first
        });
        let Some(job) = self.jobs.lock().await.recv().await else { return status(StatusCode::GONE) };
        let id = format!("00000000-0000-4000-8000-{:012}", self.next_id.fetch_add(1, Ordering::Relaxed));
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), job.answer);
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &id)
            .header("lambda-runtime-deadline-ms", (since_1970() + job.limit).as_millis().to_string())
            .header("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000;Sampled=0")
            .header(
                "lambda-runtime-invoked-function-arn",
                format!("arn:aws:lambda:ap-northeast-1:{ACCOUNT}:function:tsunagaru"),
            );
        response
            .body(job.event.to_string().into())
            .unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn done(&self, id: &str, answer: Result<Value, Value>) -> Response<Bytes> {
        match self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(id) {
            Some(waiting) => {
                let _ = waiting.send(answer);
                status(StatusCode::ACCEPTED)
            }
            None => status(StatusCode::BAD_REQUEST),
        }
    }
}

fn value(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| String::from_utf8_lossy(body).into())
}

fn status(code: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(b"{}"));
    *response.status_mut() = code;
    response
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The environment variables with which a Lambda binary of ours runs against local services.
pub fn environment(endpoints: &Endpoints, settings: &Settings) -> Vec<(String, String)> {
    let TimeOfDay { hour, minute } = settings.daily_at;
    [
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamodb.clone()),
        ("AWS_ENDPOINT_URL_S3", endpoints.s3.clone()),
        ("AWS_REGION", endpoints.region.clone()),
        ("AWS_ACCESS_KEY_ID", endpoints.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", endpoints.secret_access_key.clone()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
        ("TSUNAGARU_TABLE", settings.table.clone()),
        ("TSUNAGARU_ATTACHMENTS", settings.attachments.clone()),
        ("TSUNAGARU_ARCHIVE", settings.archive.clone()),
        ("TSUNAGARU_PORTAL", settings.portal.clone()),
        ("TSUNAGARU_KEYS", settings.keys.clone()),
        ("TSUNAGARU_KEYS_COPY", settings.keys_copy.clone()),
        ("TSUNAGARU_NETWORK", settings.network.clone()),
        ("TSUNAGARU_ORIGINS", settings.origins.join(",")),
        ("TSUNAGARU_DAILY_AT", format!("{hour:02}:{minute:02}")),
        ("TSUNAGARU_IDLE_SECONDS", settings.idle_seconds.to_string()),
        ("TSUNAGARU_SESSION_SECONDS", settings.session_seconds.to_string()),
        ("RUST_LOG", "warn".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// An API Gateway v2 event (payload format 2.0) of an HTTP request, as a function behind it gets it: header
/// names in small letters, cookies in a list of their own, a body that is no text in Base64.
pub fn event(
    method: &str,
    path_and_query: &str,
    headers: &[(&str, &str)],
    body: &[u8],
    source_ip: &str,
) -> Value {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let mut sent = Map::new();
    let mut cookies = Vec::new();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if name == "cookie" {
            cookies.extend(value.split(';').map(|cookie| Value::from(cookie.trim())));
            continue;
        }
        let joined = match sent.get(&name).and_then(Value::as_str) {
            Some(before) => format!("{before},{value}"),
            None => (*value).to_owned(),
        };
        sent.insert(name, joined.into());
    }
    let host = sent.entry("host").or_insert_with(|| "tsunagaru.example".into()).clone();
    let agent = sent.get("user-agent").cloned().unwrap_or_default();
    let text = std::str::from_utf8(body);
    let at = since_1970().as_millis();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "tsunagaru",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": agent.as_str().unwrap_or_default(),
            },
            "requestId": format!("local-{at}"),
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:00:00:00 +0000",
            "timeEpoch": u64::try_from(at).unwrap_or_default(),
        },
        "isBase64Encoded": text.is_err(),
    });
    if !cookies.is_empty() {
        event["cookies"] = cookies.into();
    }
    if !body.is_empty() {
        event["body"] = text.map_or_else(|_| STANDARD.encode(body).into(), Value::from);
    }
    event
}

/// A function's answer as API Gateway turns it into HTTP.
///
/// # Errors
/// If it is none.
pub fn response(answer: &Value) -> Result<Response<Bytes>> {
    let status = answer["statusCode"].as_u64().and_then(|code| u16::try_from(code).ok());
    let mut response = Response::builder().status(status.context("an answer without a status")?);
    let pairs = |name: &str| answer[name].as_object().cloned().unwrap_or_default();
    for (name, value) in pairs("headers") {
        response = response.header(name, value.as_str().context("a header that is no text")?);
    }
    for (name, values) in pairs("multiValueHeaders") {
        if answer["headers"].get(&name).is_some() {
            continue;
        }
        for value in values.as_array().into_iter().flatten() {
            response = response.header(&name, value.as_str().context("a header that is no text")?);
        }
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        response = response.header("set-cookie", cookie.as_str().context("a cookie that is no text")?);
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true { STANDARD.decode(body)? } else { body.into() };
    Ok(response.body(body.into())?)
}
