//! Putting, getting and describing objects.

use std::ops::Range;
use std::sync::Arc;

use futures::stream;
use s3s::dto::{
    ChecksumMode, ChecksumType, ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
    ObjectLockMode, PutObjectInput, PutObjectOutput, Range as AskedRange,
};
use s3s::{S3ErrorCode, S3Request};

use crate::attributes::{report_encryption, requested_attributes};
use crate::body::StoredFile;
use crate::bucket::Bucket;
use crate::clock::to_timestamp;
use crate::condition::{ReadCondition, WriteCondition};
use crate::digest::{Checksums, Claims, claimed_checksums, report_checksums};
use crate::fail::{Fail, Outcome};
use crate::retention::{asked, hold_status, require_checksum};
use crate::store::Inner;
use crate::version::{self, NewVersion, Version};

/// How often a reader looks again when a newer version replaced the file it was about to open.
const READ_TRIES: usize = 5;

/// How checksums of this object are named: over the whole of it, or over its parts' checksums.
pub(crate) fn checksum_type(composite: bool) -> ChecksumType {
    ChecksumType::from_static(if composite { ChecksumType::COMPOSITE } else { ChecksumType::FULL_OBJECT })
}

pub(crate) async fn put(store: &Arc<Inner>, request: S3Request<PutObjectInput>) -> Outcome<PutObjectOutput> {
    let mut input = request.input;
    let claims = Claims::read(
        claimed_checksums!(input),
        input.content_md5.as_deref(),
        input.checksum_algorithm.as_ref().map(|algorithm| algorithm.as_str()),
        &request.headers,
    )?;
    let condition = WriteCondition::read(input.if_match.take(), input.if_none_match.take())?;
    let lock = asked(
        input.object_lock_mode.as_ref(),
        input.object_lock_retain_until_date.take(),
        input.object_lock_legal_hold_status.as_ref(),
    )?;
    let mut attributes = requested_attributes!(input);
    let algorithms = claims.algorithms();
    let received = match input.body.take() {
        Some(body) => store.bodies.receive(body, &algorithms).await?,
        None => store.bodies.receive(stream::empty::<std::io::Result<_>>(), &algorithms).await?,
    };
    let trailers = request.trailing_headers.and_then(|trailers| trailers.take());
    claims.verify(&received.digest, trailers.as_ref())?;

    attributes.checksums = received.digest.checksums;
    let etag = hex::encode(received.digest.md5);
    let mut output = PutObjectOutput { e_tag: Some(ETag::Strong(etag.clone())), ..Default::default() };
    report_checksums!(output, attributes.checksums);
    report_encryption!(output, attributes);
    output.checksum_type = Some(checksum_type(false));
    output.version_id = store
        .write(move |change| {
            let bucket = Bucket::load(&change.db, &input.bucket)?;
            condition.check(version::latest(&change.db, &bucket.name, &input.key)?.as_ref())?;
            let lock = bucket.lock_for(lock, change.now)?;
            require_checksum(lock, claims.protect_the_body())?;
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

/// A version that was asked for, with the files of its body.
pub(crate) struct Found {
    pub(crate) bucket: Bucket,
    pub(crate) version: Version,
    pub(crate) files: Vec<StoredFile>,
}

/// Reads the version that a request names.
pub(crate) async fn find(store: &Arc<Inner>, bucket: &str, key: &str, id: Option<&str>) -> Outcome<Found> {
    let (bucket, key, id) = (bucket.to_owned(), key.to_owned(), id.map(str::to_owned));
    store
        .read(move |db| {
            let bucket = Bucket::load(db, &bucket)?;
            let version = version::find(db, &bucket, &key, id.as_deref())?;
            let files = version::files(db, version.seq)?;
            Ok(Found { bucket, version, files })
        })
        .await
}

/// Fills what the answers to GET and HEAD have in common.
macro_rules! describe {
    ($output:expr, $found:expr, $with_checksums:expr) => {{
        let (bucket, version) = (&$found.bucket, &$found.version);
        let attributes = &version.attributes;
        $output.accept_ranges = Some("bytes".to_owned());
        $output.content_length = i64::try_from(version.size).ok();
        // S3's own answer for an object that named no type.
        $output.content_type =
            Some(attributes.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned()));
        $output.cache_control = attributes.cache_control.clone();
        $output.content_disposition = attributes.content_disposition.clone();
        $output.content_encoding = attributes.content_encoding.clone();
        $output.content_language = attributes.content_language.clone();
        $output.expires = attributes.expires.clone();
        $output.website_redirect_location = attributes.redirect.clone();
        $output.storage_class = attributes.storage_class.clone().map(Into::into);
        $output.metadata = Some(attributes.metadata.clone());
        $output.e_tag = Some(ETag::Strong(version.etag.clone()));
        $output.last_modified = Some(to_timestamp(version.modified));
        $output.version_id = bucket.told_id(&version.id);
        $output.parts_count = i32::try_from($found.files.len()).ok().filter(|count| *count > 1);
        let retention = version.lock.retention;
        $output.object_lock_mode = retention.map(|kept| ObjectLockMode::from_static(kept.mode.name()));
        $output.object_lock_retain_until_date = retention.map(|kept| to_timestamp(kept.until));
        $output.object_lock_legal_hold_status = version.lock.hold.map(hold_status);
        report_encryption!($output, attributes);
        if $with_checksums && attributes.checksums != Checksums::new() {
            report_checksums!($output, attributes.checksums);
            $output.checksum_type = Some(checksum_type(attributes.composite));
        }
    }};
}

pub(crate) async fn head(store: &Arc<Inner>, input: HeadObjectInput) -> Outcome<HeadObjectOutput> {
    let found = find(store, &input.bucket, &input.key, input.version_id.as_deref()).await?;
    let condition = ReadCondition {
        if_match: input.if_match,
        if_none_match: input.if_none_match,
        if_modified_since: input.if_modified_since,
        if_unmodified_since: input.if_unmodified_since,
    };
    condition.check(&found.version, &S3ErrorCode::NotModified)?;
    let with_checksums = input.checksum_mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED);
    let mut output = HeadObjectOutput::default();
    describe!(output, found, with_checksums);
    Ok(output)
}

pub(crate) async fn get(store: &Arc<Inner>, mut input: GetObjectInput) -> Outcome<GetObjectOutput> {
    let condition = ReadCondition {
        if_match: input.if_match.take(),
        if_none_match: input.if_none_match.take(),
        if_modified_since: input.if_modified_since.take(),
        if_unmodified_since: input.if_unmodified_since.take(),
    };
    let mut tries = READ_TRIES;
    loop {
        tries -= 1;
        let found = find(store, &input.bucket, &input.key, input.version_id.as_deref()).await?;
        condition.check(&found.version, &S3ErrorCode::NotModified)?;
        let part = chosen(&input, &found)?;
        let whole = 0..found.version.size;
        let range = part.clone().unwrap_or(whole);
        let body = match store.bodies.stream(found.files.clone(), range.clone()).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && tries > 0 => continue,
            outcome => outcome?,
        };
        let with_checksums = part.is_none()
            && input.checksum_mode.as_ref().is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED);
        let mut output = GetObjectOutput { body: Some(body), ..Default::default() };
        describe!(output, found, with_checksums);
        output.tag_count = i32::try_from(found.version.attributes.tags.len()).ok().filter(|count| *count > 0);
        if part.is_some() {
            output.content_length = i64::try_from(range.end - range.start).ok();
            let last = range.end.saturating_sub(1);
            output.content_range = Some(format!("bytes {}-{last}/{}", range.start, found.version.size));
        }
        return Ok(output);
    }
}

/// The piece of the object that a request is limited to, if it is.
fn chosen(input: &GetObjectInput, found: &Found) -> Outcome<Option<Range<u64>>> {
    match (input.range, input.part_number) {
        (None, None) => Ok(None),
        (Some(asked), None) => whole_range(asked, found.version.size).map(Some),
        (None, Some(number)) => part_range(number, &found.files).map(Some),
        (Some(_), Some(_)) => Err(S3ErrorCode::InvalidRequest.into()),
    }
}

fn whole_range(asked: AskedRange, size: u64) -> Outcome<Range<u64>> {
    let range = asked.check(size).map_err(|_| Fail::from(S3ErrorCode::InvalidRange))?;
    if range.is_empty() { Err(S3ErrorCode::InvalidRange.into()) } else { Ok(range) }
}

fn part_range(number: i32, files: &[StoredFile]) -> Outcome<Range<u64>> {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let mut start = 0_u64;
    for (position, file) in files.iter().enumerate() {
        let end = start.saturating_add(file.size);
        if Some(position) == index {
            return Ok(start..end);
        }
        start = end;
    }
    Err(S3ErrorCode::InvalidRange.into())
}
