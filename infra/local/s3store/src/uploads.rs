//! Listings of uploads in progress and of their parts.

use std::sync::Arc;

use rusqlite::params;
use s3s::S3ErrorCode;
use s3s::dto::{
    ChecksumAlgorithm, ETag, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput,
    ListPartsOutput, MultipartUpload, Part,
};

use crate::bucket::Bucket;
use crate::clock::{Millis, to_timestamp};
use crate::digest::report_checksums;
use crate::fail::Outcome;
use crate::multipart::{StoredPart, number_of, parts, require, told_id};
use crate::object::checksum_type;
use crate::store::Inner;

/// The longest page that S3 gives.
const PAGE_LIMIT: i32 = 1000;

fn page_limit(asked: Option<i32>) -> i32 {
    asked.unwrap_or(PAGE_LIMIT).clamp(0, PAGE_LIMIT)
}

pub(crate) async fn parts_of(store: &Arc<Inner>, input: ListPartsInput) -> Outcome<ListPartsOutput> {
    let limit = page_limit(input.max_parts);
    let after = input.part_number_marker.unwrap_or(0);
    let (bucket, key, told) = (input.bucket.clone(), input.key.clone(), input.upload_id.clone());
    let (upload, mut found) = store
        .read(move |db| {
            let bucket = Bucket::load(db, &bucket)?;
            let upload = require(db, &bucket.name, &key, &told)?;
            let found = parts(db, upload.id, after, limit + 1)?;
            Ok((upload, found))
        })
        .await?;
    let page = usize::try_from(limit).unwrap_or(0);
    let truncated = found.len() > page;
    found.truncate(page);
    let last = found.last().map(|part| part.number);
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        checksum_algorithm: upload
            .algorithm
            .map(|algorithm| ChecksumAlgorithm::from_static(algorithm.name())),
        checksum_type: upload.algorithm.map(|_| checksum_type(!upload.full_object)),
        is_truncated: Some(truncated),
        max_parts: Some(limit),
        part_number_marker: input.part_number_marker,
        next_part_number_marker: last.filter(|_| truncated),
        parts: Some(found.into_iter().map(listed_part).collect()),
        ..Default::default()
    })
}

fn listed_part(part: StoredPart) -> Part {
    let mut listed = Part {
        part_number: Some(part.number),
        size: i64::try_from(part.file.size).ok(),
        e_tag: Some(ETag::Strong(part.etag)),
        last_modified: Some(to_timestamp(part.modified)),
        ..Default::default()
    };
    report_checksums!(listed, part.checksums);
    listed
}

pub(crate) async fn uploads(
    store: &Arc<Inner>,
    input: ListMultipartUploadsInput,
) -> Outcome<ListMultipartUploadsOutput> {
    let limit = page_limit(input.max_uploads);
    let name = input.bucket.clone();
    let prefix = input.prefix.clone().unwrap_or_default();
    let key = input.key_marker.clone().unwrap_or_default();
    // Without an upload's id, a key marker puts all uploads of that key behind.
    let id = match input.upload_id_marker.as_deref().filter(|told| !told.is_empty()) {
        Some(told) => number_of(told).ok_or(S3ErrorCode::InvalidArgument)?,
        None if key.is_empty() => 0,
        None => i64::MAX,
    };
    let mut found: Vec<(i64, String, Millis, Option<String>)> = store
        .read(move |db| {
            let bucket = Bucket::load(db, &name)?;
            let mut query = db.prepare_cached(
                "SELECT id, key, started, algorithm FROM upload
                 WHERE bucket = ?1 AND (key, id) > (?2, ?3) AND substr(key, 1, length(?4)) = ?4
                 ORDER BY key, id LIMIT ?5",
            )?;
            let rows = query.query_map(params![bucket.name, key, id, prefix, limit + 1], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await?;
    let page = usize::try_from(limit).unwrap_or(0);
    let truncated = found.len() > page;
    found.truncate(page);
    let last = found.last().filter(|_| truncated);
    let (next_key_marker, next_upload_id_marker) =
        (last.map(|(_, key, ..)| key.clone()), last.map(|(id, ..)| told_id(*id)));
    let uploads = found.into_iter().map(|(id, key, started, algorithm)| MultipartUpload {
        upload_id: Some(told_id(id)),
        key: Some(key),
        initiated: Some(to_timestamp(started)),
        checksum_algorithm: algorithm.map(Into::into),
        ..Default::default()
    });
    Ok(ListMultipartUploadsOutput {
        uploads: Some(uploads.collect()),
        bucket: Some(input.bucket),
        is_truncated: Some(truncated),
        max_uploads: Some(limit),
        next_key_marker,
        next_upload_id_marker,
        key_marker: input.key_marker,
        upload_id_marker: input.upload_id_marker,
        prefix: input.prefix,
        ..Default::default()
    })
}
