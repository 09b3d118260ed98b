//! A loaded cloud and an API over it, each in its own process.

use super::{
    Options,
    part::{self, Part},
    scene::{self, Scene},
};
use crate::cloud::Endpoints;
use anyhow::Result;
use std::{path::Path, time::Duration};

/// Both, and how to reach them.
pub struct Stage {
    /// What was loaded.
    pub scene: Scene,
    /// The cloud's services.
    pub endpoints: Endpoints,
    /// A plain client of the table.
    pub table: aws_sdk_dynamodb::Client,
    /// The API's process.
    pub api: Part,
    /// The API's address.
    pub address: String,
    cloud: Part,
}

impl Stage {
    /// Loads threads of these lengths into a new folder and starts both over it.
    pub async fn set(folder: &Path, threads: &[u32], options: &Options) -> Result<Self> {
        let scene = scene::load(folder, threads, scene::EVERY, options).await?;
        let cloud = Part::start(&["cloud".as_ref(), folder.as_ref()]).await?;
        let endpoints: Endpoints = serde_json::from_str(&cloud.said)?;
        let file = folder.join("endpoints.json");
        std::fs::write(&file, &cloud.said)?;
        let api = Part::start(&["api".as_ref(), file.as_ref()]).await?;
        let address = api.said.clone();
        let (table, _) = endpoints.clients();
        Ok(Self { scene, endpoints, table, api, address, cloud })
    }

    /// Processor time of both and of the load generator so far.
    pub fn work(&self) -> Duration {
        part::work(std::process::id()) + self.api.work() + self.cloud.work()
    }

    /// Ends both.
    pub async fn clear(self) {
        self.api.stop().await;
        self.cloud.stop().await;
    }
}
