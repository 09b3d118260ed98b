//! What every function shares: the clients, the clock, the settings.

use crate::{
    clock::Clock,
    evidence::monitor::Probe,
    patience,
    people::{passkey, password::Passwords},
    post::Post,
    procedure::sheet::Press,
    settings::Settings,
    store::Store,
};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, Notify};
use webauthn_rs::Webauthn;

/// One deployment, as a function sees it.
pub struct App {
    /// The table and the buckets.
    pub store: Store,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// What the city decided.
    pub settings: Settings,
    /// Hashing of passwords, bounded.
    pub passwords: Passwords,
    /// The rules of passkeys for our address; `None` where the address has no name that passkeys could be bound to.
    pub passkeys: Option<Webauthn>,
    /// Sets official sheets; only where one was given.
    pub press: OnceLock<Arc<dyn Press>>,
    /// Sends mails; only where one was given.
    pub post: OnceLock<Arc<dyn Post>>,
    /// What only this environment can look at, such as a disk; only where it was given.
    pub probes: OnceLock<Vec<Arc<dyn Probe>>>,
    /// One backup job at a time in this process; between processes, days are claimed in the table.
    pub(crate) backing_up: Mutex<()>,
    /// Somebody let an erasure begin: whoever runs the jobs in this process need not wait for their rhythm.
    pub erasure_begun: Notify,
    /// Somebody asked for a run by hand: likewise.
    pub run_asked: Notify,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl App {
    /// From clients, clock and settings.
    pub fn new(
        table: aws_sdk_dynamodb::Client,
        blobs: aws_sdk_s3::Client,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Arc<Self> {
        let store = Store::new(table, blobs, &settings);
        let passkeys = passkey::relying_party(&settings);
        Arc::new(Self {
            store,
            clock,
            settings,
            passwords: Passwords::default(),
            passkeys,
            press: OnceLock::new(),
            post: OnceLock::new(),
            probes: OnceLock::new(),
            backing_up: Mutex::default(),
            erasure_begun: Notify::new(),
            run_asked: Notify::new(),
        })
    }

    /// The same clients and clock under other settings: another environment of the same account.
    pub fn beside(&self, settings: Settings) -> Arc<Self> {
        let (table, blobs) = self.store.clients();
        Self::new(table, blobs, self.clock.clone(), settings)
    }

    /// As a Lambda function starts: clients and settings from the environment, the machine's clock.
    ///
    /// # Errors
    /// What is missing in the environment.
    pub async fn from_env() -> Result<Arc<Self>, String> {
        let settings = Settings::from_env()?;
        let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        let table = aws_sdk_dynamodb::config::Builder::from(&config)
            .timeout_config(patience::of_table())
            .retry_config(patience::tries());
        // Path style: the isolated environment reaches S3 through one endpoint name, and so does the local one.
        let blobs = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(true)
            .timeout_config(patience::of_blobs())
            .retry_config(patience::tries());
        Ok(Self::new(
            aws_sdk_dynamodb::Client::from_conf(table.build()),
            aws_sdk_s3::Client::from_conf(blobs.build()),
            Arc::new(crate::clock::SystemClock),
            settings,
        ))
    }
}
