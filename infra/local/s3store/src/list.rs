//! Listings: objects and versions, in pages, with common prefixes folded.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use rusqlite::Connection;
use s3s::S3ErrorCode;
use s3s::dto::{
    ChecksumAlgorithm, CommonPrefix, DeleteMarkerEntry, ETag, EncodingType, ListObjectVersionsInput,
    ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
    Object, ObjectStorageClass, ObjectVersion, ObjectVersionStorageClass,
};

use crate::bucket::Bucket;
use crate::clock::to_timestamp;
use crate::fail::{Outcome, refuse};
use crate::object::checksum_type;
use crate::store::Inner;
use crate::text::percent_encode;
use crate::version::{self, Version};

/// The longest page that S3 gives.
const PAGE_LIMIT: usize = 1000;
/// Greater than every character that a key goes on with: the end of all keys with a prefix.
const AFTER_ALL: char = char::MAX;

/// What a listing asks for.
struct Query {
    bucket: String,
    prefix: String,
    delimiter: Option<String>,
    limit: usize,
    latest_only: bool,
    /// The first key that may appear, and within it only places below this one.
    from: (String, i64),
}

/// One page of a listing.
#[derive(Default)]
struct Page {
    versions: Vec<Version>,
    prefixes: Vec<String>,
    truncated: bool,
    /// The last thing on the page.
    last: Option<Last>,
}

enum Last {
    Version { key: String, id: String },
    Prefix(String),
}

impl Last {
    fn name(&self) -> &str {
        match self {
            Self::Version { key, .. } => key,
            Self::Prefix(prefix) => prefix,
        }
    }

    /// The first key behind it.
    fn next_key(&self) -> String {
        match self {
            Self::Version { key, .. } => after(key),
            Self::Prefix(prefix) => format!("{prefix}{AFTER_ALL}"),
        }
    }
}

/// The smallest key that is greater than this one.
fn after(key: &str) -> String {
    format!("{key}\0")
}

fn limit(asked: Option<i32>) -> Outcome<usize> {
    match asked {
        None => Ok(PAGE_LIMIT),
        Some(count) => usize::try_from(count)
            .map(|count| count.min(PAGE_LIMIT))
            .map_err(|_| refuse(S3ErrorCode::InvalidArgument, "The number of keys must not be negative.")),
    }
}

/// Where the key goes into a common prefix, that prefix.
fn folded<'a>(key: &'a str, query: &Query) -> Option<&'a str> {
    let delimiter = query.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty())?;
    let rest = key.strip_prefix(query.prefix.as_str())?;
    let end = rest.find(delimiter)? + delimiter.len();
    key.get(..query.prefix.len() + end)
}

fn collect(db: &Connection, query: &Query) -> Outcome<Page> {
    let mut page = Page::default();
    let mut from = query.from.clone();
    if from.0 < query.prefix {
        from = (query.prefix.clone(), i64::MAX);
    }
    if query.limit == 0 {
        return Ok(page);
    }
    loop {
        let count = query.limit - page.versions.len() - page.prefixes.len() + 1;
        let rows = version::page(db, &query.bucket, (&from.0, from.1), query.latest_only, count)?;
        let ended = rows.len() < count;
        let mut skipped = false;
        for row in rows {
            if !row.key.starts_with(&query.prefix) {
                return Ok(page);
            }
            let prefix = folded(&row.key, query).map(str::to_owned);
            if prefix.is_some() && prefix.as_ref() == page.prefixes.last() {
                from = (row.key, row.seq);
                continue;
            }
            if page.versions.len() + page.prefixes.len() == query.limit {
                page.truncated = true;
                return Ok(page);
            }
            match prefix {
                Some(prefix) => {
                    from = (format!("{prefix}{AFTER_ALL}"), i64::MAX);
                    page.prefixes.push(prefix.clone());
                    page.last = Some(Last::Prefix(prefix));
                    skipped = true;
                    break;
                }
                None => {
                    from = (row.key.clone(), row.seq);
                    page.last = Some(Last::Version { key: row.key.clone(), id: row.id.clone() });
                    page.versions.push(row);
                }
            }
        }
        if ended && !skipped {
            return Ok(page);
        }
    }
}

/// Keys are told as they are, or encoded when the client asks for it.
fn told(text: String, encoding: Option<&EncodingType>) -> String {
    if encoding.is_some_and(|encoding| encoding.as_str() == EncodingType::URL) {
        percent_encode(&text)
    } else {
        text
    }
}

fn prefixes(page: &Page, encoding: Option<&EncodingType>) -> Vec<CommonPrefix> {
    let prefixes = page.prefixes.iter();
    prefixes.map(|prefix| CommonPrefix { prefix: Some(told(prefix.clone(), encoding)) }).collect()
}

fn algorithms(version: &Version) -> Option<Vec<ChecksumAlgorithm>> {
    let names = version.attributes.checksums.keys().map(|algorithm| algorithm.name());
    Some(names.map(ChecksumAlgorithm::from_static).collect())
}

fn object(version: Version, encoding: Option<&EncodingType>) -> Object {
    let class = version.attributes.storage_class.clone();
    Object {
        checksum_algorithm: algorithms(&version),
        checksum_type: Some(checksum_type(version.attributes.composite)),
        e_tag: Some(ETag::Strong(version.etag)),
        last_modified: Some(to_timestamp(version.modified)),
        size: i64::try_from(version.size).ok(),
        storage_class: Some(class.unwrap_or_else(|| ObjectStorageClass::STANDARD.to_owned()).into()),
        key: Some(told(version.key, encoding)),
        ..Default::default()
    }
}

async fn read(store: &Arc<Inner>, query: Query) -> Outcome<Page> {
    store
        .read(move |db| {
            Bucket::load(db, &query.bucket)?;
            collect(db, &query)
        })
        .await
}

pub(crate) async fn objects_v2(
    store: &Arc<Inner>,
    input: ListObjectsV2Input,
) -> Outcome<ListObjectsV2Output> {
    let from = match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => {
            BASE64.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
                refuse(S3ErrorCode::InvalidArgument, "The continuation token provided is incorrect")
            })?
        }
        (None, Some(key)) => after(key),
        (None, None) => String::new(),
    };
    let limit = limit(input.max_keys)?;
    let page = read(
        store,
        Query {
            bucket: input.bucket.clone(),
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone(),
            limit,
            latest_only: true,
            from: (from, i64::MAX),
        },
    )
    .await?;
    let encoding = input.encoding_type.as_ref();
    let next = page.last.as_ref().filter(|_| page.truncated).map(|last| BASE64.encode(last.next_key()));
    let common_prefixes = prefixes(&page, encoding);
    let contents: Vec<Object> = page.versions.into_iter().map(|version| object(version, encoding)).collect();
    Ok(ListObjectsV2Output {
        key_count: i32::try_from(contents.len() + common_prefixes.len()).ok(),
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(page.truncated),
        next_continuation_token: next,
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        name: Some(input.bucket),
        prefix: input.prefix.map(|prefix| told(prefix, encoding)),
        delimiter: input.delimiter.map(|delimiter| told(delimiter, encoding)),
        start_after: input.start_after.map(|key| told(key, encoding)),
        continuation_token: input.continuation_token,
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

pub(crate) async fn objects(store: &Arc<Inner>, input: ListObjectsInput) -> Outcome<ListObjectsOutput> {
    let limit = limit(input.max_keys)?;
    let marker = input.marker.clone().unwrap_or_default();
    // A marker may be a common prefix of the page before, and then all of it has been told.
    let delimiter = input.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let from = match delimiter {
        Some(delimiter) if marker.ends_with(delimiter) => format!("{marker}{AFTER_ALL}"),
        _ if marker.is_empty() => marker,
        _ => after(&marker),
    };
    let page = read(
        store,
        Query {
            bucket: input.bucket.clone(),
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone(),
            limit,
            latest_only: true,
            from: (from, i64::MAX),
        },
    )
    .await?;
    let encoding = input.encoding_type.as_ref();
    let next =
        page.last.as_ref().filter(|_| page.truncated).map(|last| told(last.name().to_owned(), encoding));
    let common_prefixes = prefixes(&page, encoding);
    Ok(ListObjectsOutput {
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(page.truncated),
        next_marker: next,
        contents: Some(page.versions.into_iter().map(|version| object(version, encoding)).collect()),
        common_prefixes: Some(common_prefixes),
        name: Some(input.bucket),
        prefix: input.prefix.map(|prefix| told(prefix, encoding)),
        marker: input.marker.map(|marker| told(marker, encoding)),
        delimiter: input.delimiter.map(|delimiter| told(delimiter, encoding)),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

pub(crate) async fn versions(
    store: &Arc<Inner>,
    input: ListObjectVersionsInput,
) -> Outcome<ListObjectVersionsOutput> {
    let limit = limit(input.max_keys)?;
    let mut query = Query {
        bucket: input.bucket.clone(),
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone(),
        limit,
        latest_only: false,
        from: (String::new(), i64::MAX),
    };
    let key_marker = input.key_marker.clone().filter(|key| !key.is_empty());
    let id_marker = input.version_id_marker.clone().filter(|id| !id.is_empty());
    if id_marker.is_some() && key_marker.is_none() {
        return Err(refuse(
            S3ErrorCode::InvalidArgument,
            "A version-id marker cannot be specified without a key marker.",
        ));
    }
    let page = store
        .read(move |db| {
            Bucket::load(db, &query.bucket)?;
            if let Some(key) = key_marker {
                let place = match id_marker {
                    Some(id) => version::order_of(db, &query.bucket, &key, &id)?,
                    None => None,
                };
                query.from = match place {
                    Some(place) => (key, place),
                    None if folded(&key, &query) == Some(key.as_str()) => {
                        (format!("{key}{AFTER_ALL}"), i64::MAX)
                    }
                    None => (after(&key), i64::MAX),
                };
            }
            collect(db, &query)
        })
        .await?;
    let encoding = input.encoding_type.as_ref();
    let common_prefixes = prefixes(&page, encoding);
    let (mut next_key, mut next_id) = (None, None);
    if page.truncated {
        next_key = page.last.as_ref().map(|last| told(last.name().to_owned(), encoding));
        if let Some(Last::Version { id, .. }) = page.last {
            next_id = Some(id);
        }
    }
    let (markers, versions): (Vec<_>, Vec<_>) = page.versions.into_iter().partition(|version| version.marker);
    Ok(ListObjectVersionsOutput {
        versions: Some(versions.into_iter().map(|version| listed_version(version, encoding)).collect()),
        delete_markers: Some(markers.into_iter().map(|marker| listed_marker(marker, encoding)).collect()),
        common_prefixes: Some(common_prefixes),
        is_truncated: Some(page.truncated),
        next_key_marker: next_key,
        next_version_id_marker: next_id,
        max_keys: i32::try_from(limit).ok(),
        name: Some(input.bucket),
        prefix: input.prefix.map(|prefix| told(prefix, encoding)),
        delimiter: input.delimiter.map(|delimiter| told(delimiter, encoding)),
        key_marker: input.key_marker.map(|key| told(key, encoding)),
        version_id_marker: input.version_id_marker,
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

fn listed_version(version: Version, encoding: Option<&EncodingType>) -> ObjectVersion {
    let class = version.attributes.storage_class.clone();
    ObjectVersion {
        checksum_algorithm: algorithms(&version),
        checksum_type: Some(checksum_type(version.attributes.composite)),
        e_tag: Some(ETag::Strong(version.etag)),
        is_latest: Some(version.latest),
        last_modified: Some(to_timestamp(version.modified)),
        size: i64::try_from(version.size).ok(),
        storage_class: Some(class.unwrap_or_else(|| ObjectVersionStorageClass::STANDARD.to_owned()).into()),
        version_id: Some(version.id),
        key: Some(told(version.key, encoding)),
        ..Default::default()
    }
}

fn listed_marker(marker: Version, encoding: Option<&EncodingType>) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        is_latest: Some(marker.latest),
        last_modified: Some(to_timestamp(marker.modified)),
        version_id: Some(marker.id),
        key: Some(told(marker.key, encoding)),
        owner: None,
    }
}
