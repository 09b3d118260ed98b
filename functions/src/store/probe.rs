//! What monitoring asks the table and the buckets: whether they answer, what time they have, what the firewall wrote.

use super::{Store, blob::Blobs, error::StoreError, keys, ring::KeyCopy};
use aws_sdk_s3::{
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextRef,
    },
    error::BoxError,
    primitives::{DateTime, DateTimeFormat},
};
use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};

/// Keys of one page of the firewall's log.
const PAGE: i32 = 1000;

/// Which bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// Attachments.
    Attachments,
    /// Backups.
    Archive,
    /// The portal's files.
    Portal,
    /// One copy of the key ring.
    Keys(KeyCopy),
}

impl Store {
    /// Whether the table answers.
    pub async fn answers(&self) -> Result<(), StoreError> {
        self.get(&keys::service()).await.map(|_| ())
    }
}

/// Keeps the `Date` of an answer.
#[derive(Clone, Debug, Default)]
struct DateOf(Arc<Mutex<Option<String>>>);

impl Intercept for DateOf {
    fn name(&self) -> &'static str {
        "date of the answer"
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date").map(str::to_owned);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date;
        Ok(())
    }
}

impl Blobs {
    /// Whether a bucket answers.
    pub async fn answers(&self, bucket: Bucket) -> Result<(), StoreError> {
        let name = match bucket {
            Bucket::Attachments => &self.attachments,
            Bucket::Archive => &self.archive,
            Bucket::Portal => &self.portal,
            Bucket::Keys(copy) => self.keys_of(copy),
        };
        self.client.head_bucket().bucket(name).send().await?;
        Ok(())
    }

    /// What time the storage service has, in milliseconds since 1970: its `Date`, which knows whole seconds.
    pub async fn service_time(&self) -> Result<i64, StoreError> {
        let date = DateOf::default();
        let ask = self.client.head_bucket().bucket(&self.archive).customize();
        ask.interceptor(date.clone()).send().await?;
        let said = date.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let said = said.and_then(|said| DateTime::from_str(&said, DateTimeFormat::HttpDate).ok());
        said.map(|said| said.secs() * 1000).ok_or(StoreError::Shape("date of an answer"))
    }

    /// Keys of the firewall's log of one day in UTC (`YYYY/MM/DD/`), at most so many; whether there are more.
    pub async fn access_log_keys(
        &self,
        day: &str,
        most: usize,
    ) -> Result<Option<(Vec<String>, bool)>, StoreError> {
        let Some(log) = &self.access_log else { return Ok(None) };
        let mut found = Vec::new();
        let mut next = None;
        loop {
            let ask = self.client.list_objects_v2().bucket(&log.bucket).max_keys(PAGE);
            let ask = ask.prefix(format!("{}{day}", log.prefix)).set_continuation_token(next);
            let page = ask.send().await?;
            found.extend(page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key));
            next = page.next_continuation_token;
            if next.is_none() || found.len() > most {
                let more = next.is_some() || found.len() > most;
                found.truncate(most);
                return Ok(Some((found, more)));
            }
        }
    }

    /// An object of the firewall's log.
    pub async fn access_log_object(&self, key: &str) -> Result<Bytes, StoreError> {
        let log = self.access_log.as_ref().ok_or(StoreError::Shape("place of the access log"))?;
        let got = self.client.get_object().bucket(&log.bucket).key(key).send().await?;
        let body = got.body.collect().await.map_err(|_| StoreError::Busy("body".into()))?;
        Ok(body.into_bytes())
    }

    /// Writes an object of the firewall's log: where no firewall does, the local environment's own door.
    pub async fn put_access_log(&self, day_and_name: &str, gzip: Bytes) -> Result<(), StoreError> {
        let Some(log) = &self.access_log else { return Ok(()) };
        let key = format!("{}{day_and_name}", log.prefix);
        let put = self.client.put_object().bucket(&log.bucket).key(key).content_type("application/gzip");
        put.body(gzip.into()).send().await?;
        Ok(())
    }
}
