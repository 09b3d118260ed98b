//! Settings of a bucket that are kept as they came: one JSON text per kind.
//!
//! CORS and Object Lock are also acted on (elsewhere). Lifecycle, encryption and public access are only kept and
//! given back, so that a deployment script finds what it wrote.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use s3s::S3ErrorCode;
use s3s::dto::{
    BucketLifecycleConfiguration, CORSConfiguration, DeleteBucketCorsInput, DeleteBucketCorsOutput,
    DeleteBucketEncryptionInput, DeleteBucketEncryptionOutput, DeleteBucketLifecycleInput,
    DeleteBucketLifecycleOutput, DeletePublicAccessBlockInput, DeletePublicAccessBlockOutput,
    GetBucketCorsInput, GetBucketCorsOutput, GetBucketEncryptionInput, GetBucketEncryptionOutput,
    GetBucketLifecycleConfigurationInput, GetBucketLifecycleConfigurationOutput, GetPublicAccessBlockInput,
    GetPublicAccessBlockOutput, PublicAccessBlockConfiguration, PutBucketCorsInput, PutBucketCorsOutput,
    PutBucketEncryptionInput, PutBucketEncryptionOutput, PutBucketLifecycleConfigurationInput,
    PutBucketLifecycleConfigurationOutput, PutPublicAccessBlockInput, PutPublicAccessBlockOutput,
    ServerSideEncryptionConfiguration,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bucket::Bucket;
use crate::cors;
use crate::fail::{Fail, Outcome, refuse_as};
use crate::store::{Change, Inner};

/// The kinds of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    ObjectLock,
    Cors,
    Lifecycle,
    Encryption,
    PublicAccess,
}

impl Setting {
    fn name(self) -> &'static str {
        match self {
            Self::ObjectLock => "object-lock",
            Self::Cors => "cors",
            Self::Lifecycle => "lifecycle",
            Self::Encryption => "encryption",
            Self::PublicAccess => "public-access",
        }
    }

    /// What S3 answers when the setting was never made.
    fn missing(self) -> Fail {
        match self {
            Self::ObjectLock => S3ErrorCode::ObjectLockConfigurationNotFoundError.into(),
            Self::Cors => S3ErrorCode::NoSuchCORSConfiguration.into(),
            Self::Lifecycle => S3ErrorCode::NoSuchLifecycleConfiguration.into(),
            Self::Encryption => S3ErrorCode::ServerSideEncryptionConfigurationNotFoundError.into(),
            Self::PublicAccess => refuse_as(
                "NoSuchPublicAccessBlockConfiguration",
                http::StatusCode::NOT_FOUND,
                "The public access block configuration was not found.",
            ),
        }
    }
}

pub(crate) fn load<T: DeserializeOwned>(db: &Connection, bucket: &str, kind: Setting) -> Outcome<Option<T>> {
    let text: Option<String> = db
        .prepare_cached("SELECT content FROM setting WHERE bucket = ?1 AND kind = ?2")?
        .query_row(params![bucket, kind.name()], |row| row.get(0))
        .optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

pub(crate) fn save<T: Serialize>(
    change: &Change<'_>,
    bucket: &str,
    kind: Setting,
    content: &T,
) -> Outcome<()> {
    change.db.execute(
        "INSERT INTO setting (bucket, kind, content) VALUES (?1, ?2, ?3)
         ON CONFLICT (bucket, kind) DO UPDATE SET content = excluded.content",
        params![bucket, kind.name(), serde_json::to_string(content)?],
    )?;
    Ok(())
}

async fn put<T>(store: &Arc<Inner>, bucket: String, kind: Setting, content: T) -> Outcome<()>
where
    T: Serialize + Send + 'static,
{
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &bucket)?;
            save(change, &bucket.name, kind, &content)
        })
        .await
}

async fn get<T>(store: &Arc<Inner>, bucket: String, kind: Setting) -> Outcome<T>
where
    T: DeserializeOwned + Send + 'static,
{
    store
        .read(move |db| {
            let bucket = Bucket::load(db, &bucket)?;
            load(db, &bucket.name, kind)?.ok_or_else(|| kind.missing())
        })
        .await
}

async fn delete(store: &Arc<Inner>, bucket: String, kind: Setting) -> Outcome<()> {
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &bucket)?;
            change.db.execute(
                "DELETE FROM setting WHERE bucket = ?1 AND kind = ?2",
                params![bucket.name, kind.name()],
            )?;
            Ok(())
        })
        .await
}

pub(crate) async fn put_cors(store: &Arc<Inner>, input: PutBucketCorsInput) -> Outcome<PutBucketCorsOutput> {
    cors::check_form(&input.cors_configuration)?;
    put(store, input.bucket, Setting::Cors, input.cors_configuration).await?;
    Ok(PutBucketCorsOutput {})
}

pub(crate) async fn get_cors(store: &Arc<Inner>, input: GetBucketCorsInput) -> Outcome<GetBucketCorsOutput> {
    let found: CORSConfiguration = get(store, input.bucket, Setting::Cors).await?;
    Ok(GetBucketCorsOutput { cors_rules: Some(found.cors_rules) })
}

pub(crate) async fn delete_cors(
    store: &Arc<Inner>,
    input: DeleteBucketCorsInput,
) -> Outcome<DeleteBucketCorsOutput> {
    delete(store, input.bucket, Setting::Cors).await?;
    Ok(DeleteBucketCorsOutput {})
}

pub(crate) async fn put_lifecycle(
    store: &Arc<Inner>,
    input: PutBucketLifecycleConfigurationInput,
) -> Outcome<PutBucketLifecycleConfigurationOutput> {
    let content = input.lifecycle_configuration.ok_or(S3ErrorCode::MalformedXML)?;
    put(store, input.bucket, Setting::Lifecycle, content).await?;
    Ok(PutBucketLifecycleConfigurationOutput::default())
}

pub(crate) async fn get_lifecycle(
    store: &Arc<Inner>,
    input: GetBucketLifecycleConfigurationInput,
) -> Outcome<GetBucketLifecycleConfigurationOutput> {
    let found: BucketLifecycleConfiguration = get(store, input.bucket, Setting::Lifecycle).await?;
    Ok(GetBucketLifecycleConfigurationOutput { rules: Some(found.rules), ..Default::default() })
}

pub(crate) async fn delete_lifecycle(
    store: &Arc<Inner>,
    input: DeleteBucketLifecycleInput,
) -> Outcome<DeleteBucketLifecycleOutput> {
    delete(store, input.bucket, Setting::Lifecycle).await?;
    Ok(DeleteBucketLifecycleOutput {})
}

pub(crate) async fn put_encryption(
    store: &Arc<Inner>,
    input: PutBucketEncryptionInput,
) -> Outcome<PutBucketEncryptionOutput> {
    put(store, input.bucket, Setting::Encryption, input.server_side_encryption_configuration).await?;
    Ok(PutBucketEncryptionOutput {})
}

pub(crate) async fn get_encryption(
    store: &Arc<Inner>,
    input: GetBucketEncryptionInput,
) -> Outcome<GetBucketEncryptionOutput> {
    let found: ServerSideEncryptionConfiguration = get(store, input.bucket, Setting::Encryption).await?;
    Ok(GetBucketEncryptionOutput { server_side_encryption_configuration: Some(found) })
}

pub(crate) async fn delete_encryption(
    store: &Arc<Inner>,
    input: DeleteBucketEncryptionInput,
) -> Outcome<DeleteBucketEncryptionOutput> {
    delete(store, input.bucket, Setting::Encryption).await?;
    Ok(DeleteBucketEncryptionOutput {})
}

pub(crate) async fn put_public_access(
    store: &Arc<Inner>,
    input: PutPublicAccessBlockInput,
) -> Outcome<PutPublicAccessBlockOutput> {
    put(store, input.bucket, Setting::PublicAccess, input.public_access_block_configuration).await?;
    Ok(PutPublicAccessBlockOutput {})
}

pub(crate) async fn get_public_access(
    store: &Arc<Inner>,
    input: GetPublicAccessBlockInput,
) -> Outcome<GetPublicAccessBlockOutput> {
    let found: PublicAccessBlockConfiguration = get(store, input.bucket, Setting::PublicAccess).await?;
    Ok(GetPublicAccessBlockOutput { public_access_block_configuration: Some(found) })
}

pub(crate) async fn delete_public_access(
    store: &Arc<Inner>,
    input: DeletePublicAccessBlockInput,
) -> Outcome<DeletePublicAccessBlockOutput> {
    delete(store, input.bucket, Setting::PublicAccess).await?;
    Ok(DeletePublicAccessBlockOutput {})
}
