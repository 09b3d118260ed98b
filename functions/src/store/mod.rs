//! The store: one table, three buckets. Keys are made in [`keys`] and [`blob`] only.

pub mod access;
pub mod asked;
pub mod audit;
pub mod blob;
pub mod book;
pub mod bundle;
pub mod case_file;
pub mod confirmation;
pub mod consent;
pub mod data_use;
pub mod drill;
pub mod erasure;
pub mod errand;
pub mod error;
pub mod evidence;
pub mod facility;
pub mod factor;
pub mod item;
pub mod keys;
mod ledger;
pub mod monitor;
mod pause;
pub mod people;
pub mod portal;
pub mod probe;
pub mod procedure;
pub mod register;
pub mod restore;
pub mod ring;
pub mod runbook;
pub mod schema;
pub mod service;
pub mod snapshot;
pub mod team;
pub mod tx;

use crate::settings::Settings;
use aws_sdk_dynamodb::{Client, error::SdkError};
use blob::Blobs;
use error::StoreError;
use item::Item;
use keys::Key;
use pause::Pauses;
use std::collections::HashMap;

/// The table and the buckets of one deployment.
pub struct Store {
    pub(crate) client: Client,
    pub(crate) table: String,
    /// Attachments, archive and the files of the portal.
    pub blobs: Blobs,
}

/// Most items that one BatchGetItem takes.
const BATCH_GET: usize = 100;
/// Most items that one BatchWriteItem takes.
const BATCH_WRITE: usize = 25;

impl Store {
    /// Over two SDK clients.
    pub fn new(client: Client, blobs: aws_sdk_s3::Client, settings: &Settings) -> Self {
        Self { client, table: settings.table.clone(), blobs: Blobs::new(blobs, settings) }
    }

    /// One item, read consistently.
    pub(crate) async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let got = self.client.get_item().table_name(&self.table).set_key(Some(key.attributes()));
        Ok(got.consistent_read(true).send().await?.item.map(Item::from))
    }

    /// Several items, read consistently, in no order; missing ones are left out.
    pub(crate) async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        use aws_sdk_dynamodb::types::KeysAndAttributes;
        let mut found = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(BATCH_GET) {
            let mut wanted: Vec<_> = chunk.iter().map(Key::attributes).collect();
            let mut pauses = Pauses::default();
            while !wanted.is_empty() {
                let asked = wanted.len();
                let ask =
                    KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build()?;
                let answer = self.client.batch_get_item().request_items(&self.table, ask).send().await?;
                let items = answer.responses.and_then(|mut by_table| by_table.remove(&self.table));
                found.extend(items.unwrap_or_default().into_iter().map(Item::from));
                let left = answer.unprocessed_keys.and_then(|mut by_table| by_table.remove(&self.table));
                wanted = left.map(|keys| keys.keys).unwrap_or_default();
                if !wanted.is_empty() {
                    pauses.wait(wanted.len() < asked).await?;
                }
            }
        }
        Ok(found)
    }

    /// Puts items that nobody else writes at the same time (loading, restoring), 25 at a time.
    ///
    /// # Errors
    /// If the table refuses; [`StoreError::Busy`] when it has no room for some of them for too long.
    pub async fn put_all(&self, items: Vec<Item>) -> Result<(), StoreError> {
        use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            let mut wanted = Vec::with_capacity(BATCH_WRITE);
            for item in items.by_ref().take(BATCH_WRITE) {
                let put = PutRequest::builder().set_item(Some(item.into_attributes())).build()?;
                wanted.push(WriteRequest::builder().put_request(put).build());
            }
            self.write_batch(wanted).await?;
        }
        Ok(())
    }

    /// Writes one batch to its end.
    async fn write_batch(
        &self,
        mut wanted: Vec<aws_sdk_dynamodb::types::WriteRequest>,
    ) -> Result<(), StoreError> {
        let mut pauses = Pauses::default();
        while !wanted.is_empty() {
            let asked = wanted.len();
            let ask = HashMap::from([(self.table.clone(), wanted.clone())]);
            match self.client.batch_write_item().set_request_items(Some(ask)).send().await {
                Ok(answer) => {
                    let left = answer.unprocessed_items.and_then(|mut by| by.remove(&self.table));
                    wanted = left.unwrap_or_default();
                }
                // Among the hours of a restore one minute may be bad; what was done of it may be done again.
                Err(SdkError::TimeoutError(_)) => {}
                Err(error) => return Err(error.into()),
            }
            if !wanted.is_empty() {
                pauses.wait(wanted.len() < asked).await?;
            }
        }
        Ok(())
    }

    /// Removes items, 25 at a time: what is erased by order, and nothing else.
    pub(crate) async fn remove_all(&self, keys: &[Key]) -> Result<(), StoreError> {
        use aws_sdk_dynamodb::types::{DeleteRequest, WriteRequest};
        for some in keys.chunks(BATCH_WRITE) {
            let mut wanted = Vec::with_capacity(BATCH_WRITE);
            for key in some {
                let delete = DeleteRequest::builder().set_key(Some(key.attributes())).build()?;
                wanted.push(WriteRequest::builder().delete_request(delete).build());
            }
            self.write_batch(wanted).await?;
        }
        Ok(())
    }

    /// A query over one partition.
    pub(crate) fn query(&self, partition: &str) -> query::Query<'_> {
        query::Query::new(self, partition)
    }
}

pub mod query;
