//! `local.json`: what somebody needs to use a running environment, for people and for tests.

use crate::cloud::{ARCHIVE, ATTACHMENTS, Endpoints, PORTAL, TABLE};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use shared::people::{Account, Role};
use std::path::{Path, PathBuf};

/// An account of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DemoAccount {
    /// ユーザーID.
    pub user_id: String,
    /// In the clear: it is a demo.
    pub password: String,
    /// The second factor: an authenticator app's secret in base32.
    pub totp_secret: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Facility by name.
    pub facility: String,
    /// Name.
    pub name: String,
}

impl From<&Account> for DemoAccount {
    fn from(account: &Account) -> Self {
        Self {
            user_id: account.user_id.clone(),
            password: demo::DEMO_PASSWORD.into(),
            totp_secret: Some(crate::secondfactor::secret(&account.user_id)),
            // The demo's appointments have begun and have no end.
            roles: account.appointed.iter().map(|held| held.role).chain(account.roles.clone()).collect(),
            facility: account.facility_name.clone(),
            name: account.name.clone(),
        }
    }
}

/// The buckets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Buckets {
    /// Attachments.
    pub attachments: String,
    /// Backups.
    pub archive: String,
    /// The portal's files.
    #[serde(default)]
    pub portal: String,
}

/// A running environment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Description {
    /// For the browser.
    pub url: String,
    /// The test clock's control address, if there is one.
    pub control: Option<String>,
    /// DynamoDB and S3.
    pub aws: Endpoints,
    /// The table.
    pub table: String,
    /// The buckets.
    pub buckets: Buckets,
    /// The accounts.
    pub accounts: Vec<DemoAccount>,
    /// The process.
    pub pid: u32,
}

impl Description {
    /// Of this process.
    pub fn new(url: String, control: Option<String>, aws: Endpoints, accounts: Vec<DemoAccount>) -> Self {
        let buckets =
            Buckets { attachments: ATTACHMENTS.into(), archive: ARCHIVE.into(), portal: PORTAL.into() };
        Self { url, control, aws, table: TABLE.into(), buckets, accounts, pid: std::process::id() }
    }

    fn path(folder: &Path) -> PathBuf {
        folder.join("local.json")
    }

    /// Written whole or not at all.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let new = folder.join("local.json.new");
        std::fs::write(&new, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(&new, Self::path(folder)).context("local.json cannot be written")
    }

    /// What was last written in a folder.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(Self::path(folder)).ok()?).ok()
    }

    /// Removed at a clean stop.
    pub fn remove(folder: &Path) {
        let _ = std::fs::remove_file(Self::path(folder));
    }
}
