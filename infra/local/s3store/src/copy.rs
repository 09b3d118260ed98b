//! Copying: the bytes are read and hashed again, so a copy is a second body and not a second name of the first.

use std::sync::Arc;

use s3s::S3ErrorCode;
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, ETag, MetadataDirective,
    TaggingDirective,
};

use crate::attributes::{Attributes, report_encryption, requested_attributes};
use crate::body::StoredFile;
use crate::bucket::Bucket;
use crate::clock::to_timestamp;
use crate::condition::ReadCondition;
use crate::digest::{Algorithm, report_checksums};
use crate::fail::{Outcome, refuse};
use crate::object::{checksum_type, find};
use crate::retention::asked;
use crate::store::{Inner, modified_now};
use crate::version::{self, NewVersion, Version};

pub(crate) async fn copy(store: &Arc<Inner>, mut input: CopyObjectInput) -> Outcome<CopyObjectOutput> {
    let CopySource::Bucket { bucket: source_bucket, key: source_key, version_id: source_id } =
        &input.copy_source
    else {
        return Err(refuse(S3ErrorCode::NotImplemented, "Only a bucket and a key can be copied from."));
    };
    let source = find(store, source_bucket, source_key, source_id.as_deref()).await?;
    let condition = ReadCondition {
        if_match: input.copy_source_if_match.take(),
        if_none_match: input.copy_source_if_none_match.take(),
        if_modified_since: input.copy_source_if_modified_since.take(),
        if_unmodified_since: input.copy_source_if_unmodified_since.take(),
    };
    condition.check(&source.version, &S3ErrorCode::PreconditionFailed)?;
    let lock = asked(
        input.object_lock_mode.as_ref(),
        input.object_lock_retain_until_date.take(),
        input.object_lock_legal_hold_status.as_ref(),
    )?;
    let mut attributes = attributes_of_copy(&input, &source.version)?;
    let algorithms = algorithms_of_copy(&input, &source.version)?;
    let size = source.version.size;
    let bytes = store.bodies.stream(source.files, 0..size).await?;
    let received = store.bodies.receive(bytes, &algorithms).await?;

    attributes.checksums = received.digest.checksums;
    attributes.composite = false;
    let etag = hex::encode(received.digest.md5);
    let mut result = CopyObjectResult {
        e_tag: Some(ETag::Strong(etag.clone())),
        last_modified: Some(to_timestamp(modified_now())),
        checksum_type: Some(checksum_type(false)),
        ..Default::default()
    };
    report_checksums!(result, attributes.checksums);
    let copy_source_version_id = source.bucket.told_id(&source.version.id);
    let mut output =
        CopyObjectOutput { copy_object_result: Some(result), copy_source_version_id, ..Default::default() };
    report_encryption!(output, attributes);
    output.version_id = store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let lock = bucket.lock_for(lock, change.now)?;
            let file = StoredFile { name: received.file.name().to_owned(), size: received.size };
            change.keep(received.file);
            let new = NewVersion {
                key: &input.key,
                marker: false,
                size: received.size,
                etag: &etag,
                attributes: &attributes,
                lock,
                files: &[file],
            };
            let id = version::insert(change, &bucket, &new)?;
            Ok(bucket.told_id(&id))
        })
        .await?;
    Ok(output)
}

fn attributes_of_copy(input: &CopyObjectInput, source: &Version) -> Outcome<Attributes> {
    let requested = requested_attributes!(input);
    let replaces = |directive: Option<&str>, word: &str| directive == Some(word);
    let mut attributes = if replaces(
        input.metadata_directive.as_ref().map(MetadataDirective::as_str),
        MetadataDirective::REPLACE,
    ) {
        requested.clone()
    } else {
        let encryption = requested.encryption.clone();
        Attributes {
            encryption,
            encryption_key: requested.encryption_key.clone(),
            ..source.attributes.clone()
        }
    };
    attributes.tags = if replaces(
        input.tagging_directive.as_ref().map(TaggingDirective::as_str),
        TaggingDirective::REPLACE,
    ) {
        requested.tags
    } else {
        source.attributes.tags.clone()
    };
    attributes.storage_class = requested.storage_class;
    Ok(attributes)
}

fn algorithms_of_copy(input: &CopyObjectInput, source: &Version) -> Outcome<Vec<Algorithm>> {
    if let Some(wanted) = &input.checksum_algorithm {
        return Algorithm::named(wanted.as_str())
            .map(|algorithm| vec![algorithm])
            .ok_or_else(|| refuse(S3ErrorCode::InvalidRequest, "The checksum algorithm is not known."));
    }
    let mut algorithms: Vec<Algorithm> = source.attributes.checksums.keys().copied().collect();
    if algorithms.is_empty() {
        algorithms.push(Algorithm::Crc64Nvme);
    }
    Ok(algorithms)
}
