//! The embedded cloud: DynamoDB (dynoxide) and S3 (our store) on two loopback ports over one folder.

use crate::{secondfactor, testclock::TestClock};
use anyhow::{Context, Result, bail};
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::types::{BucketVersioningStatus, CorsConfiguration, CorsRule, VersioningConfiguration};
use functions::{
    app::App,
    clock::Clock,
    patience,
    settings::{AccessLog, MonitorAccount, Settings},
    store::{item::Item, schema},
};
use serde::{Deserialize, Serialize};
use shared::{api::procedure::Contact, calendar::Hours, evidence::schedule::TimeOfDay, portal::HelpDesk};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// The table's name.
pub const TABLE: &str = "tsunagaru";
/// The bucket of attachments.
pub const ATTACHMENTS: &str = "tsunagaru-attachments";
/// The bucket of backups.
pub const ARCHIVE: &str = "tsunagaru-archive";
/// The bucket of the portal's files.
pub const PORTAL: &str = "tsunagaru-portal";
/// The bucket of the door's log.
pub const ACCESS_LOG: &str = "tsunagaru-access-log";
/// The bucket of destroyable keys.
pub const KEYS: &str = "tsunagaru-keys";
/// The bucket of their copies.
pub const KEYS_COPY: &str = "tsunagaru-keys-copy";
/// The file of the root key, beside the data.
pub const ROOT_KEY: &str = "root.key";
const REGION: &str = "ap-northeast-1";
const KEY_ID: &str = "tsunagaru-local";
const SECRET: &str = "local-only-not-a-secret";

/// Where the two services answer, and how to sign for them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Endpoints {
    /// DynamoDB.
    pub dynamodb: String,
    /// S3, path style.
    pub s3: String,
    /// Any would do.
    pub region: String,
    /// Key pair.
    pub access_key_id: String,
    /// Key pair.
    pub secret_access_key: String,
    /// The file with the root key of the key ring; `None` where the service itself wraps keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_key: Option<PathBuf>,
}

impl Endpoints {
    /// The two clients; only endpoint and credentials differ from the cloud.
    pub fn clients(&self) -> (aws_sdk_dynamodb::Client, aws_sdk_s3::Client) {
        let credentials = Credentials::new(&self.access_key_id, &self.secret_access_key, None, None, "local");
        let table = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&self.dynamodb)
            .region(Region::new(self.region.clone()))
            .credentials_provider(credentials.clone())
            .timeout_config(patience::of_table())
            .retry_config(patience::tries())
            .build();
        let blobs = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&self.s3)
            .region(Region::new(self.region.clone()))
            .credentials_provider(credentials)
            .force_path_style(true)
            .timeout_config(patience::of_blobs())
            .retry_config(patience::tries())
            .build();
        (aws_sdk_dynamodb::Client::from_conf(table), aws_sdk_s3::Client::from_conf(blobs))
    }

    /// A deployment over these services.
    pub fn app(&self, clock: Arc<dyn Clock>, mut settings: Settings) -> Arc<App> {
        settings.root_key = settings.root_key.or_else(|| self.root_key.clone());
        let (table, blobs) = self.clients();
        App::new(table, blobs, clock, settings)
    }
}

/// The product's settings on one machine.
pub fn settings(origins: Vec<String>) -> Settings {
    Settings {
        table: TABLE.into(),
        attachments: ATTACHMENTS.into(),
        archive: ARCHIVE.into(),
        portal: PORTAL.into(),
        keys: KEYS.into(),
        keys_copy: KEYS_COPY.into(),
        root_key: None,
        artefacts: Vec::new(),
        erase_on_withdrawal: false,
        network: format!("{} つながる連絡帳", demo::CITY_NAME),
        city: demo::CITY_NAME.into(),
        origins,
        daily_at: TimeOfDay { hour: 2, minute: 0 },
        monthly_at: Some((1, 3, 0)),
        help_desk: HelpDesk {
            name: format!("{}つながる連絡帳 ヘルプデスク", demo::CITY_NAME),
            phone: "0000-00-1600".into(),
            fax: "0000-00-1601".into(),
            mail: "help@example.jp".into(),
        },
        related: vec![
            Contact {
                role: "回線の事業者".into(),
                name: "障害受付".into(),
                office: "見本通信".into(),
                phone: "0000-00-1700".into(),
                ..Contact::default()
            },
            Contact {
                role: "システムの開発会社".into(),
                name: "保守窓口".into(),
                office: "見本ソフトウェア".into(),
                phone: "0000-00-1710".into(),
                mail: "support@example.jp".into(),
                ..Contact::default()
            },
        ],
        notice_days: 7,
        prompt_hours: 24,
        hours: Hours::default(),
        answer_minutes: 8 * 60,
        least_people: 10,
        mail_from: Some("no-reply@example.jp".into()),
        lock_seconds: shared::people::SessionTimes::default().lock,
        idle_seconds: shared::people::SessionTimes::default().idle,
        session_seconds: shared::people::SessionTimes::default().longest,
        monitor: Some(MonitorAccount {
            user_id: "monitor-01".into(),
            password: "local-only-not-a-secret-1".into(),
            totp_secret: secondfactor::secret("monitor-01"),
        }),
        access_log: Some(AccessLog { bucket: ACCESS_LOG.into(), prefix: "AWSLogs/local/WAFLogs/".into() }),
        drift_seconds: 5,
    }
}

/// The two running services. They end with [`Cloud::stop`], or with the process.
pub struct Cloud {
    /// Where they answer.
    pub endpoints: Endpoints,
    table: dynoxide::Database,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Items in one transaction of an import.
const IMPORT_AT_ONCE: usize = 5_000;
/// How often items past their time to live are removed at most, as the cloud does by itself.
const TTL_SWEEP: Duration = Duration::from_secs(60);
/// For how many times as long as it took the sweeper rests: it reads the whole table, and one of millions would be read all
/// the time, at the price of every request.
const TTL_REST: u32 = 100;

/// Removes what is past its time to live, until the services stop.
async fn forget(table: dynoxide::Database, clock: TestClock, mut stopped: watch::Receiver<bool>) {
    let mut rest = TTL_SWEEP;
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = tokio::time::sleep(rest) => {}
        }
        // The table knows the machine's clock only: by a moved one it would forget what lives.
        if clock.is_moved() {
            continue;
        }
        let (table, begun) = (table.clone(), Instant::now());
        let sweep = tokio::task::spawn_blocking(move || table.sweep_ttl());
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = sweep => rest = TTL_SWEEP.max(begun.elapsed() * TTL_REST),
        }
    }
}

impl Cloud {
    /// Starts both over a folder, on free loopback ports.
    ///
    /// # Errors
    /// If the folder is in use, cannot be written, or holds something else.
    pub async fn start(folder: &Path, clock: &TestClock) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let store = s3store::S3Store::open(s3store::StoreConfig {
            root: folder.join("s3"),
            access_key_id: KEY_ID.into(),
            secret_access_key: SECRET.into(),
            now: clock.for_locks(),
        })
        .with_context(|| format!("the S3 store in {} cannot be opened", folder.display()))?;
        let file = folder.join("dynamodb.sqlite");
        let path = file.to_str().context("the data folder's name is not UTF-8")?;
        let table = dynoxide::Database::new(path).map_err(|e| anyhow::anyhow!("the table's file: {e}"))?;

        let (stop, stopped) = watch::channel(false);
        let (table_at, table_listener) = free_port().await?;
        let (blobs_at, blobs_listener) = free_port().await?;
        let until = |mut stopped: watch::Receiver<bool>| async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        let (sweeper, own, sweep_until) = (table.clone(), table.clone(), stopped.clone());
        let tasks = vec![
            tokio::spawn({
                let until = until(stopped.clone());
                async move {
                    if let Err(error) =
                        dynoxide::server::serve_with_shutdown(table_listener, table, until).await
                    {
                        tracing::error!(error, "the table's service ended");
                    }
                }
            }),
            tokio::spawn(s3store::serve(blobs_listener, store, until(stopped))),
            tokio::spawn(forget(sweeper, clock.clone(), sweep_until)),
        ];
        let endpoints = Endpoints {
            dynamodb: format!("http://{table_at}"),
            s3: format!("http://{blobs_at}"),
            region: REGION.into(),
            access_key_id: KEY_ID.into(),
            secret_access_key: SECRET.into(),
            root_key: Some(root_key(folder)?),
        };
        Ok(Self { endpoints, table: own, stop, tasks })
    }

    /// Makes table and buckets where they are missing; whether they were.
    ///
    /// # Errors
    /// If a service refuses.
    pub async fn prepare(&self, origins: &[String]) -> Result<bool> {
        let (table, blobs) = self.endpoints.clients();
        let tables =
            table.list_tables().send().await.map_err(|e| anyhow::anyhow!("the table's service: {e:?}"))?;
        if tables.table_names().iter().any(|name| name == TABLE) {
            self.allow_origins(&blobs, origins).await?;
            // An environment that is older than the portal.
            if blobs.head_bucket().bucket(PORTAL).send().await.is_err() {
                Self::make_portal(&blobs).await?;
            }
            if blobs.head_bucket().bucket(ACCESS_LOG).send().await.is_err() {
                blobs
                    .create_bucket()
                    .bucket(ACCESS_LOG)
                    .send()
                    .await
                    .context("the bucket of the access log")?;
            }
            if blobs.head_bucket().bucket(KEYS).send().await.is_err() {
                Self::make_keys(&blobs).await?;
            }
            return Ok(false);
        }
        schema::create(&table, TABLE).await.map_err(|e| anyhow::anyhow!("the table cannot be made: {e}"))?;
        blobs.create_bucket().bucket(ATTACHMENTS).send().await.context("the bucket of attachments")?;
        let locked = blobs.create_bucket().bucket(ARCHIVE).object_lock_enabled_for_bucket(true);
        locked.send().await.context("the bucket of backups")?;
        Self::make_portal(&blobs).await?;
        blobs.create_bucket().bucket(ACCESS_LOG).send().await.context("the bucket of the access log")?;
        Self::make_keys(&blobs).await?;
        self.allow_origins(&blobs, origins).await?;
        Ok(true)
    }

    /// The buckets of keys keep no versions: what is removed there is gone.
    async fn make_keys(blobs: &aws_sdk_s3::Client) -> Result<()> {
        for bucket in [KEYS_COPY, KEYS] {
            blobs.create_bucket().bucket(bucket).send().await.context("the bucket of keys")?;
        }
        Ok(())
    }

    /// The portal's bucket keeps every version of every file: what was shown when can be proven.
    async fn make_portal(blobs: &aws_sdk_s3::Client) -> Result<()> {
        blobs.create_bucket().bucket(PORTAL).send().await.context("the bucket of the portal")?;
        let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        let ask = blobs.put_bucket_versioning().bucket(PORTAL).versioning_configuration(on);
        ask.send().await.context("versions in the bucket of the portal")?;
        Ok(())
    }

    /// Lets pages of our own origins send attachments straight to the bucket.
    async fn allow_origins(&self, blobs: &aws_sdk_s3::Client, origins: &[String]) -> Result<()> {
        let rule = CorsRule::builder()
            .set_allowed_origins(Some(origins.to_vec()))
            .set_allowed_methods(Some(vec!["PUT".into(), "GET".into()]))
            .allowed_headers("*")
            .build()?;
        let cors = CorsConfiguration::builder().cors_rules(rule).build()?;
        blobs.put_bucket_cors().bucket(ATTACHMENTS).cors_configuration(cors).send().await.context("CORS")?;
        Ok(())
    }

    /// Puts many items into a new table, past the service and in large transactions: the demo loads in seconds.
    ///
    /// # Errors
    /// If the table's file cannot be written.
    pub async fn import(&self, items: Vec<Item>) -> Result<()> {
        let table = self.table.clone();
        tokio::task::spawn_blocking(move || {
            let mut rows = items.into_iter().map(row).collect::<Result<Vec<_>>>()?.into_iter();
            loop {
                let some: Vec<_> = rows.by_ref().take(IMPORT_AT_ONCE).collect();
                if some.is_empty() {
                    return Ok(());
                }
                let imported = table.import_items(TABLE, some, dynoxide::ImportOptions::default());
                imported.map_err(|e| anyhow::anyhow!("the table's file: {e}"))?;
            }
        })
        .await?
    }

    /// Stops both and waits for them.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = tokio::time::timeout(Duration::from_secs(5), task).await;
        }
    }
}

/// The file of the root key, made at the first start for its owner's eyes only.
fn root_key(folder: &Path) -> Result<PathBuf> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    // Others find it through the description, wherever they stand.
    let folder = std::path::absolute(folder)?;
    let path = folder.join(ROOT_KEY);
    if !path.exists() {
        // Whole or not at all: a file cut short would cost every key.
        let part = folder.join("root.key.part");
        let _ = std::fs::remove_file(&part);
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        writeln!(file, "{}", hex::encode(functions::random::bytes::<32>()))?;
        file.sync_all()?;
        std::fs::rename(&part, &path).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(path)
}

fn row(item: Item) -> Result<dynoxide::Item> {
    use aws_sdk_dynamodb::types::AttributeValue as Ours;
    use dynoxide::AttributeValue as Theirs;
    let convert = |(name, value)| match value {
        Ours::S(text) => Ok((name, Theirs::S(text))),
        Ours::N(number) => Ok((name, Theirs::N(number))),
        _ => bail!("an item has an attribute that is neither text nor number"),
    };
    item.into_attributes().into_iter().map(convert).collect()
}

async fn free_port() -> Result<(SocketAddr, TcpListener)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok((listener.local_addr()?, listener))
}
