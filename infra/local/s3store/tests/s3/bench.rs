//! A store on a free port, a client for it, and a bare HTTP connection.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use s3store::{S3Store, StoreConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const KEY_ID: &str = "test";
pub const SECRET: &str = "test";
pub const BUCKET: &str = "bench-bucket";

pub const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub struct Bench {
    folder: TempDir,
    ahead: Arc<AtomicU64>,
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
    pub client: Client,
}

pub fn config(root: &Path, ahead: &Arc<AtomicU64>) -> StoreConfig {
    let ahead = Arc::clone(ahead);
    StoreConfig {
        root: root.to_owned(),
        access_key_id: KEY_ID.to_owned(),
        secret_access_key: SECRET.to_owned(),
        now: Arc::new(move || SystemTime::now() + Duration::from_secs(ahead.load(Ordering::SeqCst))),
    }
}

pub fn client_for(endpoint: &str) -> Client {
    Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .region(Region::new("ap-northeast-1"))
            .credentials_provider(Credentials::new(KEY_ID, SECRET, None, None, "bench"))
            .force_path_style(true)
            .retry_config(RetryConfig::disabled())
            .build(),
    )
}

pub async fn serve_at(
    root: &Path,
    ahead: &Arc<AtomicU64>,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let store = S3Store::open(config(root, ahead)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(s3store::serve(listener, store, async move {
        let _ = stopped.await;
    }));
    (address, stop, server)
}

impl Bench {
    /// A store without buckets.
    pub async fn empty() -> Self {
        Self::at(tempfile::tempdir().unwrap(), Arc::default()).await
    }

    async fn at(folder: TempDir, ahead: Arc<AtomicU64>) -> Self {
        let (address, stop, server) = serve_at(folder.path(), &ahead).await;
        let client = client_for(&format!("http://{address}"));
        Self { folder, ahead, address, stop, server, client }
    }

    /// A store with a plain bucket.
    pub async fn plain() -> Self {
        let bench = Self::empty().await;
        bench.client.create_bucket().bucket(BUCKET).send().await.unwrap();
        bench
    }

    /// A store with a bucket that keeps versions.
    pub async fn versioned() -> Self {
        let bench = Self::plain().await;
        let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        bench
            .client
            .put_bucket_versioning()
            .bucket(BUCKET)
            .versioning_configuration(on)
            .send()
            .await
            .unwrap();
        bench
    }

    /// A store with a bucket under Object Lock.
    pub async fn locked() -> Self {
        let bench = Self::empty().await;
        bench
            .client
            .create_bucket()
            .bucket(BUCKET)
            .object_lock_enabled_for_bucket(true)
            .send()
            .await
            .unwrap();
        bench
    }

    pub async fn restart(self) -> Self {
        self.stop.send(()).unwrap();
        self.server.await.unwrap();
        Self::at(self.folder, self.ahead).await
    }

    /// Moves the clock of retention, and only that, forward.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(by.as_secs(), Ordering::SeqCst);
    }

    /// A date this far from what the store takes for now, in whole seconds.
    pub fn after(&self, away: Duration) -> DateTime {
        let now = SystemTime::now() + Duration::from_secs(self.ahead.load(Ordering::SeqCst));
        DateTime::from_secs(DateTime::from(now + away).secs())
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn body_files(&self) -> usize {
        body_files(self.root()).len()
    }

    pub async fn put(&self, key: &str, body: &'static [u8]) -> Option<String> {
        let request = self.client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(body));
        request.send().await.unwrap().version_id
    }

    pub async fn get(&self, key: &str) -> Vec<u8> {
        let found = self.client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
        found.body.collect().await.unwrap().to_vec()
    }
}

pub fn body_files(root: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(root.join("bodies")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The error code of a refused request; an accepted one fails the test.
#[track_caller]
pub fn code<T, E: ProvideErrorMetadata>(outcome: Result<T, E>) -> String {
    match outcome {
        Ok(_) => panic!("the request was accepted"),
        Err(error) => error.code().unwrap_or("no code").to_owned(),
    }
}

/// `OK`, or the error code.
pub fn outcome<T, E: ProvideErrorMetadata>(outcome: &Result<T, E>) -> String {
    match outcome {
        Ok(_) => "OK".to_owned(),
        Err(error) => error.code().unwrap_or("no code").to_owned(),
    }
}

pub fn sha256_base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(bytes))
}

pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one HTTP/1.1 request as it is and reads the whole answer.
pub async fn bare(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
    let named = |name: &str| headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    if !named("host") {
        head.push_str(&format!("host: {address}\r\n"));
    }
    if !named("content-length") && !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut got = Vec::new();
    stream.read_to_end(&mut got).await.unwrap();

    let split = got.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer with a head");
    let head = String::from_utf8(got[..split].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Answer { status, headers, body: got[split + 4..].to_vec() }
}
