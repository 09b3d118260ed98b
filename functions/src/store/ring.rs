//! Where destroyable keys lie: one small object each, in two buckets of their own, and what the table remembers of them.
//!
//! The keys are not in the table, so that its point-in-time recovery cannot bring back a key that was destroyed.

use super::{
    Store,
    blob::{Blobs, exists, whole},
    error::StoreError,
    item::Item,
    keys,
    tx::Conflict,
};
use aws_sdk_s3::{primitives::ByteStream, types::ServerSideEncryption};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use shared::{
    calendar::Timestamp,
    evidence::{KeptCertificate, KeyName, Live},
    id::CaseId,
};
use std::{convert::Infallible, fmt};

/// One of the two buckets of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCopy {
    /// The first one.
    First,
    /// The other one, which is written to and deleted from as well.
    Second,
}

impl KeyCopy {
    /// Both.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::First => "主",
            Self::Second => "副",
        }
    }
}

/// What lies in a bucket of keys.
#[derive(Clone, Debug)]
pub struct KeyObject {
    /// Its bytes.
    pub body: Bytes,
    /// Whether S3 keeps it encrypted under a key of KMS.
    pub under_kms: bool,
}

/// What the table remembers of a key; never the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    /// Which key.
    pub name: KeyName,
    /// The check value of the key that was made under this name.
    pub check: String,
    /// Since when it was in use.
    pub made_at: Timestamp,
    /// When it was destroyed: from then on no key of this name is ever made again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destroyed_at: Option<Timestamp>,
    /// In which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// What stood in the table and the buckets when it was destroyed.
    #[serde(default)]
    pub live: Live,
    /// The certificate, once everything was removed and checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<KeptCertificate>,
}

impl KeyRecord {
    /// Of a key that was made.
    pub const fn new(name: KeyName, check: String, made_at: Timestamp) -> Self {
        let live = Live { entries: 0, notes: 0, receipts: 0, files: 0 };
        Self { name, check, made_at, destroyed_at: None, case: None, live, certificate: None }
    }
}

fn is_kms(encryption: Option<&ServerSideEncryption>) -> bool {
    matches!(encryption, Some(ServerSideEncryption::AwsKms | ServerSideEncryption::AwsKmsDsse))
}

impl Blobs {
    pub(super) fn keys_of(&self, copy: KeyCopy) -> &str {
        match copy {
            KeyCopy::First => &self.keys,
            KeyCopy::Second => &self.keys_copy,
        }
    }

    fn key_object_of(name: impl fmt::Display) -> String {
        format!("{name}.json")
    }

    /// A key's object; `None` if it is not there.
    pub async fn key_object(
        &self,
        copy: KeyCopy,
        name: impl fmt::Display,
    ) -> Result<Option<KeyObject>, StoreError> {
        let ask = self.client.get_object().bucket(self.keys_of(copy)).key(Self::key_object_of(name));
        let Some((object, body)) = whole(ask).await? else { return Ok(None) };
        Ok(Some(KeyObject { body, under_kms: is_kms(object.server_side_encryption.as_ref()) }))
    }

    /// Puts a key's object where there is none yet; `None` if there was one, otherwise whether S3 keeps it under KMS.
    pub async fn create_key_object(
        &self,
        copy: KeyCopy,
        name: impl fmt::Display,
        body: Bytes,
    ) -> Result<Option<bool>, StoreError> {
        let ask = self.client.put_object().bucket(self.keys_of(copy)).key(Self::key_object_of(name));
        let ask = ask.content_type("application/json").if_none_match("*");
        match ask.body(ByteStream::from(body)).send().await {
            Ok(done) => Ok(Some(is_kms(done.server_side_encryption.as_ref()))),
            Err(error) if exists(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a key's object whatever was there: a copy that is missing or broken is made whole from the other.
    pub async fn mend_key_object(
        &self,
        copy: KeyCopy,
        name: impl fmt::Display,
        body: Bytes,
    ) -> Result<(), StoreError> {
        let ask = self.client.put_object().bucket(self.keys_of(copy)).key(Self::key_object_of(name));
        ask.content_type("application/json").body(ByteStream::from(body)).send().await?;
        Ok(())
    }

    /// Removes a key's object. The buckets of keys have no versions: what is removed is gone.
    pub async fn remove_key_object(&self, copy: KeyCopy, name: impl fmt::Display) -> Result<(), StoreError> {
        let ask = self.client.delete_object().bucket(self.keys_of(copy)).key(Self::key_object_of(name));
        ask.send().await?;
        Ok(())
    }
}

impl Store {
    /// What is remembered of a key.
    pub async fn key_record(&self, name: KeyName) -> Result<Option<KeyRecord>, StoreError> {
        self.get(&keys::key_record(name)).await?.map(|item| item.doc()).transpose()
    }

    /// Remembers that a key is in use from now on; `false` if something is remembered of it already.
    pub async fn create_key_record(&self, record: &KeyRecord) -> Result<bool, StoreError> {
        let change = super::tx::Change::of(keys::key_record(record.name), "SET doc = :doc");
        self.change(change.only_if("attribute_not_exists(pk)").text(":doc", serde_json::to_string(record)?))
            .await
    }

    /// Remembers that a key is destroyed, in the list that every backup's directory holds; and that the erasure under it
    /// is under way until it has its certificate.
    pub async fn put_destroyed(&self, record: &KeyRecord) -> Result<(), StoreError> {
        let erasing = keys::erasing(record.name);
        let mut tx = super::tx::Tx::<Infallible>::default();
        let item = Item::new(&keys::key_record(record.name), record)?;
        tx.put(self, item.listed(keys::DESTROYED, record.name.to_string()))?;
        if record.certificate.is_none() {
            tx.put(self, Item::bare(&erasing).listed(keys::ERASING, record.name.to_string()))?;
        } else {
            tx.remove(self, &erasing)?;
        }
        match tx.commit(self).await {
            Ok(()) => Ok(()),
            Err(Conflict::Store(error)) => Err(error),
            Err(Conflict::Condition(never)) => match never {},
        }
    }

    /// The keys whose erasure has begun and has not ended.
    pub async fn erasing(&self) -> Result<Vec<KeyName>, StoreError> {
        let items = self.query(keys::ERASING).by_index().run().await?;
        let name = |item: &Item| {
            let name = item.get_text(super::schema::INDEX_SK)?.parse();
            name.map_err(|_| StoreError::Shape("name of a key"))
        };
        items.iter().map(name).collect()
    }

    /// Every key that was destroyed, by name.
    pub async fn destroyed_keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        self.query(keys::DESTROYED).by_index().run().await?.iter().map(Item::doc).collect()
    }
}
