//! Completing a multipart upload. The object keeps its part files as they are, so nothing is copied.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};
use s3s::S3ErrorCode;
use s3s::dto::{CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, ETag};

use crate::attributes::{Attributes, report_encryption};
use crate::body::StoredFile;
use crate::bucket::Bucket;
use crate::condition::WriteCondition;
use crate::digest::{Checksums, claimed_checksums, composite, composite_etag, report_checksums};
use crate::fail::{Fail, Outcome, refuse};
use crate::lock::Lock;
use crate::multipart::{PARTS_LIMIT, StoredPart, load, number_of, parts};
use crate::object::checksum_type;
use crate::store::{Change, Inner, modified_now};
use crate::version::{self, NewVersion};

/// All parts but the last must have this much.
const PART_MINIMUM: u64 = 5 * 1024 * 1024;

pub(crate) async fn complete(
    store: &Arc<Inner>,
    input: CompleteMultipartUploadInput,
) -> Outcome<CompleteMultipartUploadOutput> {
    let condition = WriteCondition::read(input.if_match.clone(), input.if_none_match.clone())?;
    let claimed = claimed_checksums!(input);
    let wanted = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    let whole = whole_checksum(store, &input.bucket, &input.key, &input.upload_id).await?;
    store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            let told = input.upload_id.as_str();
            let Some(upload) = load(&change.db, &bucket.name, &input.key, told)? else {
                return completed_before(change, &bucket, &input.key, told);
            };
            condition.check(version::latest(&change.db, &bucket.name, &input.key)?.as_ref())?;
            let (chosen, left) = choose(parts(&change.db, upload.id, 0, PARTS_LIMIT)?, &wanted)?;
            let etags: Vec<String> = chosen.iter().map(|part| part.etag.clone()).collect();
            let mut attributes = upload.attributes;
            attributes.composite = !upload.full_object;
            attributes.checksums = match upload.algorithm {
                Some(algorithm) if upload.full_object => {
                    Checksums::from_iter(whole_of(whole, &chosen)?.map(|value| (algorithm, value)))
                }
                Some(algorithm) => {
                    let values: Vec<String> =
                        chosen.iter().filter_map(|part| part.checksums.get(&algorithm).cloned()).collect();
                    Checksums::from_iter(composite(algorithm, &values).map(|value| (algorithm, value)))
                }
                None => Checksums::new(),
            };
            for (algorithm, value) in &claimed {
                let agrees = |found: &String| found == value || found.starts_with(&format!("{value}-"));
                if !attributes.checksums.get(algorithm).is_some_and(agrees) {
                    return Err(refuse(
                        S3ErrorCode::BadDigest,
                        "The checksum given does not match the object.",
                    ));
                }
            }
            let files: Vec<StoredFile> = chosen.into_iter().map(|part| part.file).collect();
            let size = files.iter().map(|file| file.size).sum();
            let lock = bucket
                .lock_for(upload.lock, change.now)
                .or_else(|told| expired(&bucket, upload.lock, told))?;
            let etag = composite_etag(&etags);
            change.db.execute("DELETE FROM upload WHERE id = ?1", [upload.id])?;
            let new = NewVersion {
                key: &input.key,
                marker: false,
                size,
                etag: &etag,
                attributes: &attributes,
                lock,
                files: &files,
            };
            let id = version::insert(change, &bucket, &new)?;
            change.discard(left);
            change.db.execute(
                "INSERT INTO completed (upload, bucket, key, version, etag, finished)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![upload.id, bucket.name, input.key, id, etag, modified_now()],
            )?;
            Ok(answer(&bucket, &input.key, &id, &etag, &attributes))
        })
        .await
}

/// A retention that ran out while the parts were sent is kept as it was asked for: it protects nothing any more,
/// and the object is not lost for it.
fn expired(bucket: &Bucket, asked: Lock, told: Fail) -> Outcome<Lock> {
    if bucket.object_lock && asked.retention.is_some() { Ok(asked) } else { Err(told) }
}

fn answer(
    bucket: &Bucket,
    key: &str,
    id: &str,
    etag: &str,
    attributes: &Attributes,
) -> CompleteMultipartUploadOutput {
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{key}", bucket.name)),
        bucket: Some(bucket.name.clone()),
        key: Some(key.to_owned()),
        e_tag: Some(ETag::Strong(etag.to_owned())),
        version_id: bucket.told_id(id),
        checksum_type: Some(checksum_type(attributes.composite)).filter(|_| !attributes.checksums.is_empty()),
        ..Default::default()
    };
    report_checksums!(output, attributes.checksums);
    report_encryption!(output, attributes);
    output
}

/// What an upload became that is no longer there, for a client that lost the answer.
fn completed_before(
    change: &Change<'_>,
    bucket: &Bucket,
    key: &str,
    told: &str,
) -> Outcome<CompleteMultipartUploadOutput> {
    let kept: Option<(String, String)> = change
        .db
        .query_row(
            "SELECT version, etag FROM completed WHERE upload = ?1 AND bucket = ?2 AND key = ?3",
            params![number_of(told), bucket.name, key],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (id, etag) = kept.ok_or(S3ErrorCode::NoSuchUpload)?;
    // Without versioning the id alone may by now name another object.
    let found = version::with_id(&change.db, &bucket.name, key, &id)?
        .filter(|found| found.etag == etag)
        .ok_or(S3ErrorCode::NoSuchUpload)?;
    Ok(answer(bucket, key, &id, &found.etag, &found.attributes))
}

/// Parts the uploaded parts into those of the list and the files of the others.
///
/// # Errors
///
/// `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, and `MalformedXML` for an empty list.
fn choose(uploaded: Vec<StoredPart>, wanted: &[CompletedPart]) -> Outcome<(Vec<StoredPart>, Vec<String>)> {
    if wanted.is_empty() {
        return Err(S3ErrorCode::MalformedXML.into());
    }
    if !wanted.is_sorted_by(|one, next| one.part_number < next.part_number) {
        return Err(S3ErrorCode::InvalidPartOrder.into());
    }
    let mut list = wanted.iter().peekable();
    let (mut chosen, mut left) = (Vec::new(), Vec::new());
    for part in uploaded {
        match list.next_if(|wanted| wanted.part_number == Some(part.number)) {
            Some(wanted) => {
                confirm(&part, wanted)?;
                if part.file.size < PART_MINIMUM && list.peek().is_some() {
                    return Err(S3ErrorCode::EntityTooSmall.into());
                }
                chosen.push(part);
            }
            None => left.push(part.file.name),
        }
    }
    if list.peek().is_some() { Err(S3ErrorCode::InvalidPart.into()) } else { Ok((chosen, left)) }
}

fn confirm(part: &StoredPart, wanted: &CompletedPart) -> Outcome<()> {
    let same_etag = wanted.e_tag.as_ref().is_some_and(|etag| etag.value() == part.etag);
    let claimed = claimed_checksums!(wanted);
    let same_checksums = claimed
        .iter()
        .all(|(algorithm, value)| part.checksums.get(algorithm).is_some_and(|found| found == value));
    if same_etag && same_checksums { Ok(()) } else { Err(S3ErrorCode::InvalidPart.into()) }
}

/// A checksum over whole files, with the files it was computed from.
struct Whole {
    files: Vec<String>,
    value: Option<String>,
}

/// Computes the checksum of the object that the uploaded parts would make, where it is to cover the whole. It is
/// done before the transaction, which then only compares the files, so that no other writer waits for it.
async fn whole_checksum(store: &Arc<Inner>, bucket: &str, key: &str, told: &str) -> Outcome<Option<Whole>> {
    let (bucket, key, told) = (bucket.to_owned(), key.to_owned(), told.to_owned());
    let found = store
        .read(move |db| {
            let upload = load(db, &bucket, &key, &told)?;
            let Some((upload, algorithm)) = upload
                .filter(|upload| upload.full_object)
                .and_then(|upload| Some((upload.id, upload.algorithm?)))
            else {
                return Ok(None);
            };
            let files = parts(db, upload, 0, PARTS_LIMIT)?.into_iter().map(|part| part.file.name);
            Ok(Some((files.collect::<Vec<_>>(), algorithm)))
        })
        .await?;
    let Some((files, algorithm)) = found else { return Ok(None) };
    let store = Arc::clone(store);
    tokio::task::spawn_blocking(move || {
        let value = store.bodies.hash(&files, algorithm)?.checksums.remove(&algorithm);
        Ok(Some(Whole { files, value }))
    })
    .await?
}

fn whole_of(whole: Option<Whole>, chosen: &[StoredPart]) -> Outcome<Option<String>> {
    let whole = whole.filter(|whole| whole.files.iter().eq(chosen.iter().map(|part| &part.file.name)));
    match whole {
        Some(whole) => Ok(whole.value),
        None => Err(refuse(
            S3ErrorCode::InvalidPart,
            "A checksum of the whole object needs every uploaded part to be used, and none to change meanwhile.",
        )),
    }
}
