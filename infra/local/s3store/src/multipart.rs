//! Multipart uploads: begun, filled with parts, given up.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumAlgorithm, ChecksumType,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, UploadPartInput, UploadPartOutput,
};
use s3s::{S3ErrorCode, S3Request};

use crate::attributes::{Attributes, report_encryption, requested_attributes};
use crate::body::StoredFile;
use crate::bucket::Bucket;
use crate::clock::Millis;
use crate::digest::{Algorithm, Checksums, Claims, claimed_checksums, report_checksums};
use crate::fail::{Outcome, refuse};
use crate::lock::Lock;
use crate::object::checksum_type;
use crate::retention::{asked, require_checksum};
use crate::store::{Inner, modified_now};
use crate::version::{json_of, lock_of, size_of, stored_size};

/// The highest number of a part.
pub(crate) const PARTS_LIMIT: i32 = 10_000;

/// An upload in progress.
pub(crate) struct Upload {
    pub(crate) id: i64,
    pub(crate) attributes: Attributes,
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) full_object: bool,
    pub(crate) lock: Lock,
}

/// A part that has arrived.
pub(crate) struct StoredPart {
    pub(crate) number: i32,
    pub(crate) file: StoredFile,
    pub(crate) etag: String,
    pub(crate) checksums: Checksums,
    pub(crate) modified: Millis,
}

/// An upload's id is its number, spelled like the other ids of this store.
pub(crate) fn told_id(id: i64) -> String {
    format!("{id:032x}")
}

/// The number that a told id stands for; `None` for what was never told.
pub(crate) fn number_of(told: &str) -> Option<i64> {
    i64::from_str_radix(told, 16).ok().filter(|id| told_id(*id) == told)
}

pub(crate) fn load(db: &Connection, bucket: &str, key: &str, told: &str) -> Outcome<Option<Upload>> {
    let found = db
        .prepare_cached(
            "SELECT id, attributes, algorithm, full_object, lock_mode, lock_until, hold FROM upload
             WHERE id = ?1 AND bucket = ?2 AND key = ?3",
        )?
        .query_row(params![number_of(told), bucket, key], |row| {
            let algorithm: Option<String> = row.get(2)?;
            Ok(Upload {
                id: row.get(0)?,
                attributes: json_of(row, 1)?,
                algorithm: algorithm.as_deref().and_then(Algorithm::named),
                full_object: row.get(3)?,
                lock: lock_of(row, 4)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// # Errors
///
/// `NoSuchUpload`.
pub(crate) fn require(db: &Connection, bucket: &str, key: &str, told: &str) -> Outcome<Upload> {
    load(db, bucket, key, told)?.ok_or_else(|| S3ErrorCode::NoSuchUpload.into())
}

fn read_part(row: &Row<'_>) -> rusqlite::Result<StoredPart> {
    Ok(StoredPart {
        number: row.get(0)?,
        file: StoredFile { name: row.get(1)?, size: size_of(row, 2)? },
        etag: row.get(3)?,
        checksums: json_of(row, 4)?,
        modified: row.get(5)?,
    })
}

/// The uploaded parts with numbers above `after`, in order, at most `count` of them.
pub(crate) fn parts(db: &Connection, upload: i64, after: i32, count: i32) -> Outcome<Vec<StoredPart>> {
    let parts = db
        .prepare_cached(
            "SELECT number, file, size, etag, checksums, modified FROM part
             WHERE upload = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
        )?
        .query_map(params![upload, after, count], read_part)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(parts)
}

pub(crate) async fn create(
    store: &Arc<Inner>,
    mut input: CreateMultipartUploadInput,
) -> Outcome<CreateMultipartUploadOutput> {
    let attributes = requested_attributes!(input);
    let lock = asked(
        input.object_lock_mode.as_ref(),
        input.object_lock_retain_until_date.take(),
        input.object_lock_legal_hold_status.as_ref(),
    )?;
    let algorithm = input
        .checksum_algorithm
        .as_ref()
        .map(|wanted| {
            Algorithm::named(wanted.as_str())
                .ok_or_else(|| refuse(S3ErrorCode::InvalidRequest, "The checksum algorithm is not known."))
        })
        .transpose()?;
    let full_object = full_object(algorithm, input.checksum_type.as_ref())?;
    let mut output = CreateMultipartUploadOutput {
        bucket: Some(input.bucket.clone()),
        key: Some(input.key.clone()),
        checksum_algorithm: algorithm.map(|algorithm| ChecksumAlgorithm::from_static(algorithm.name())),
        checksum_type: algorithm.map(|_| checksum_type(!full_object)),
        ..Default::default()
    };
    report_encryption!(output, attributes);
    let id = store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            // Asked now so that a lock which cannot be given fails before the parts are sent.
            bucket.lock_for(lock, change.now)?;
            change.db.execute(
                "INSERT INTO upload (bucket, key, started, attributes, algorithm, full_object,
                                     lock_mode, lock_until, hold)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    bucket.name,
                    input.key,
                    modified_now(),
                    serde_json::to_string(&attributes)?,
                    algorithm.map(Algorithm::name),
                    full_object,
                    lock.retention.map(|retention| retention.mode.name()),
                    lock.retention.map(|retention| retention.until),
                    lock.hold,
                ],
            )?;
            Ok(change.db.last_insert_rowid())
        })
        .await?;
    output.upload_id = Some(told_id(id));
    Ok(output)
}

/// Whether the checksum is to cover the whole object. Hashes cannot be told for the whole from those of its parts,
/// and S3 offers them as composites only; CRC64NVME it offers for the whole only.
fn full_object(algorithm: Option<Algorithm>, asked: Option<&ChecksumType>) -> Outcome<bool> {
    let asked = asked.map(|asked| asked.as_str() == ChecksumType::FULL_OBJECT);
    match (algorithm, asked) {
        (Some(Algorithm::Crc64Nvme), None | Some(true)) => Ok(true),
        (Some(Algorithm::Crc32 | Algorithm::Crc32c), asked) => Ok(asked.unwrap_or(false)),
        (Some(Algorithm::Sha1 | Algorithm::Sha256) | None, None | Some(false)) => Ok(false),
        _ => Err(refuse(S3ErrorCode::InvalidRequest, "The checksum type does not fit the algorithm.")),
    }
}

pub(crate) async fn upload_part(
    store: &Arc<Inner>,
    request: S3Request<UploadPartInput>,
) -> Outcome<UploadPartOutput> {
    let mut input = request.input;
    if !(1..=PARTS_LIMIT).contains(&input.part_number) {
        return Err(refuse(S3ErrorCode::InvalidArgument, "Part number must be from 1 to 10000."));
    }
    let claims = Claims::read(
        claimed_checksums!(input),
        input.content_md5.as_deref(),
        input.checksum_algorithm.as_ref().map(ChecksumAlgorithm::as_str),
        &request.headers,
    )?;
    let (bucket, key, told) = (input.bucket.clone(), input.key.clone(), input.upload_id.clone());
    let upload = store.read(move |db| require(db, &bucket, &key, &told)).await?;
    let mut algorithms = claims.algorithms();
    algorithms.extend(upload.algorithm);
    let body = input.body.take().ok_or(S3ErrorCode::IncompleteBody)?;
    let received = store.bodies.receive(body, &algorithms).await?;
    let trailers = request.trailing_headers.and_then(|trailers| trailers.take());
    claims.verify(&received.digest, trailers.as_ref())?;

    let checksums = received.digest.checksums;
    let etag = hex::encode(received.digest.md5);
    let mut output = UploadPartOutput { e_tag: Some(ETag::Strong(etag.clone())), ..Default::default() };
    report_checksums!(output, checksums);
    report_encryption!(output, upload.attributes);
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let upload = require(&change.db, &bucket.name, &input.key, &input.upload_id)?;
            let lock = bucket.lock_for(upload.lock, change.now)?;
            require_checksum(lock, claims.protect_the_body())?;
            let replaced = parts(&change.db, upload.id, input.part_number - 1, 1)?
                .into_iter()
                .filter(|part| part.number == input.part_number)
                .map(|part| part.file.name);
            change.db.execute(
                "INSERT OR REPLACE INTO part (upload, number, file, size, etag, checksums, modified)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    upload.id,
                    input.part_number,
                    received.file.name(),
                    stored_size(received.size),
                    etag,
                    serde_json::to_string(&checksums)?,
                    modified_now(),
                ],
            )?;
            change.keep(received.file);
            change.discard(replaced);
            Ok(())
        })
        .await?;
    Ok(output)
}

pub(crate) async fn abort(
    store: &Arc<Inner>,
    input: AbortMultipartUploadInput,
) -> Outcome<AbortMultipartUploadOutput> {
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let upload = require(&change.db, &bucket.name, &input.key, &input.upload_id)?;
            let files = parts(&change.db, upload.id, 0, PARTS_LIMIT)?.into_iter().map(|part| part.file.name);
            change.db.execute("DELETE FROM upload WHERE id = ?1", [upload.id])?;
            change.discard(files);
            Ok(AbortMultipartUploadOutput::default())
        })
        .await
}
