//! Buckets: made, described, versioned, removed.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use s3s::dto::{
    Bucket as ListedBucket, BucketLocationConstraint, BucketVersioningStatus, CreateBucketInput,
    CreateBucketOutput, DeleteBucketInput, DeleteBucketOutput, GetBucketLocationInput,
    GetBucketLocationOutput, GetBucketVersioningInput, GetBucketVersioningOutput, HeadBucketInput,
    HeadBucketOutput, ListBucketsInput, ListBucketsOutput, ObjectLockConfiguration, Owner,
    PutBucketVersioningInput, PutBucketVersioningOutput,
};
use s3s::{S3ErrorCode, s3_error};

use crate::clock::{Millis, to_timestamp};
use crate::fail::{Fail, Outcome, refuse};
use crate::lock::{self, DefaultRetention, Lock};
use crate::retention::{default_of, refused};
use crate::settings::{self, Setting};
use crate::store::{Inner, modified_now};

/// Whether a bucket keeps what is overwritten. A bucket that never did has neither state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versioning {
    Enabled,
    Suspended,
}

impl Versioning {
    fn name(self) -> &'static str {
        match self {
            Self::Enabled => BucketVersioningStatus::ENABLED,
            Self::Suspended => BucketVersioningStatus::SUSPENDED,
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Enabled, Self::Suspended].into_iter().find(|state| state.name() == name)
    }
}

/// A bucket, as every request on it begins by reading.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) region: Option<String>,
    pub(crate) object_lock: bool,
    pub(crate) versioning: Option<Versioning>,
    pub(crate) default_retention: Option<DefaultRetention>,
}

impl Bucket {
    /// # Errors
    ///
    /// `NoSuchBucket`.
    pub(crate) fn load(db: &Connection, name: &str) -> Outcome<Self> {
        let row = db
            .prepare_cached("SELECT region, object_lock, versioning FROM bucket WHERE name = ?1")?
            .query_row([name], |row| {
                let versioning: Option<String> = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?, versioning.as_deref().and_then(Versioning::named)))
            })
            .optional()?;
        let Some((region, object_lock, versioning)) = row else {
            return Err(S3ErrorCode::NoSuchBucket.into());
        };
        let rule = if object_lock {
            settings::load::<ObjectLockConfiguration>(db, name, Setting::ObjectLock)?
        } else {
            None
        };
        let default_retention = rule.as_ref().map(default_of).transpose()?.flatten();
        Ok(Self { name: name.to_owned(), region, object_lock, versioning, default_retention })
    }

    /// The lock of a new version in this bucket.
    pub(crate) fn lock_for(&self, asked: Lock, now: Millis) -> Outcome<Lock> {
        let bucket = self.object_lock.then_some(self.default_retention);
        lock::for_new_version(bucket, asked, now).map_err(refused)
    }

    /// A version's id as it is told: a bucket that never kept versions tells none.
    pub(crate) fn told_id(&self, id: &str) -> Option<String> {
        self.versioning.map(|_| id.to_owned())
    }
}

pub(crate) async fn create(store: &Arc<Inner>, input: CreateBucketInput) -> Outcome<CreateBucketOutput> {
    let name = input.bucket;
    let object_lock = input.object_lock_enabled_for_bucket.unwrap_or(false);
    let region = input.create_bucket_configuration.and_then(|wanted| wanted.location_constraint);
    let location = format!("/{name}");
    store
        .write(move |change| {
            let versioning = object_lock.then(|| Versioning::Enabled.name());
            let made = change.db.execute(
                "INSERT INTO bucket (name, created, region, object_lock, versioning) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO NOTHING",
                params![
                    name,
                    modified_now(),
                    region.as_ref().map(BucketLocationConstraint::as_str),
                    object_lock,
                    versioning
                ],
            )?;
            if made == 0 {
                return Err(S3ErrorCode::BucketAlreadyOwnedByYou.into());
            }
            Ok(())
        })
        .await?;
    Ok(CreateBucketOutput { location: Some(location) })
}

pub(crate) async fn head(store: &Arc<Inner>, input: HeadBucketInput) -> Outcome<HeadBucketOutput> {
    let bucket = store.read(move |db| Bucket::load(db, &input.bucket)).await?;
    Ok(HeadBucketOutput { bucket_region: bucket.region, ..Default::default() })
}

pub(crate) async fn location(
    store: &Arc<Inner>,
    input: GetBucketLocationInput,
) -> Outcome<GetBucketLocationOutput> {
    let bucket = store.read(move |db| Bucket::load(db, &input.bucket)).await?;
    Ok(GetBucketLocationOutput { location_constraint: bucket.region.map(BucketLocationConstraint::from) })
}

pub(crate) async fn list(store: &Arc<Inner>, input: ListBucketsInput) -> Outcome<ListBucketsOutput> {
    let prefix = input.prefix.clone().unwrap_or_default();
    let buckets = store
        .read(move |db| {
            let mut query = db.prepare_cached("SELECT name, created, region FROM bucket ORDER BY name")?;
            let rows = query.query_map([], |row| {
                let name: String = row.get(0)?;
                Ok((name, row.get::<_, Millis>(1)?, row.get(2)?))
            })?;
            let mut buckets = Vec::new();
            for row in rows {
                let (name, created, bucket_region) = row?;
                if name.starts_with(&prefix) {
                    let creation_date = Some(to_timestamp(created));
                    buckets.push(ListedBucket { name: Some(name), creation_date, bucket_region });
                }
            }
            Ok(buckets)
        })
        .await?;
    let owner = Owner { id: Some("local".to_owned()), display_name: Some("local".to_owned()) };
    Ok(ListBucketsOutput {
        buckets: Some(buckets),
        owner: Some(owner),
        prefix: input.prefix,
        ..Default::default()
    })
}

pub(crate) async fn delete(store: &Arc<Inner>, input: DeleteBucketInput) -> Outcome<DeleteBucketOutput> {
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let used: bool = change.db.query_row(
                "SELECT EXISTS (SELECT 1 FROM version WHERE bucket = ?1)
                     OR EXISTS (SELECT 1 FROM upload WHERE bucket = ?1)",
                [&bucket.name],
                |row| row.get(0),
            )?;
            if used {
                return Err(S3ErrorCode::BucketNotEmpty.into());
            }
            change.db.execute("DELETE FROM bucket WHERE name = ?1", [&bucket.name])?;
            Ok(DeleteBucketOutput {})
        })
        .await
}

pub(crate) async fn versioning(
    store: &Arc<Inner>,
    input: GetBucketVersioningInput,
) -> Outcome<GetBucketVersioningOutput> {
    let bucket = store.read(move |db| Bucket::load(db, &input.bucket)).await?;
    let status = bucket.versioning.map(|state| BucketVersioningStatus::from_static(state.name()));
    Ok(GetBucketVersioningOutput { status, ..Default::default() })
}

pub(crate) async fn set_versioning(
    store: &Arc<Inner>,
    input: PutBucketVersioningInput,
) -> Outcome<PutBucketVersioningOutput> {
    let status = input.versioning_configuration.status;
    let wanted = status
        .and_then(|status| Versioning::named(status.as_str()))
        .ok_or_else(|| Fail::Refused(s3_error!(MalformedXML)))?;
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            if bucket.object_lock && wanted == Versioning::Suspended {
                return Err(refuse(
                    S3ErrorCode::InvalidBucketState,
                    "An Object Lock configuration is present on this bucket, so versioning cannot be suspended.",
                ));
            }
            change
                .db
                .execute("UPDATE bucket SET versioning = ?2 WHERE name = ?1", params![bucket.name, wanted.name()])?;
            Ok(PutBucketVersioningOutput {})
        })
        .await
}
