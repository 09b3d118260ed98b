//! Versions of objects, as rows.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use s3s::{S3Error, S3ErrorCode, header};

use crate::attributes::Attributes;
use crate::body::StoredFile;
use crate::bucket::{Bucket, Versioning};
use crate::clock::Millis;
use crate::fail::{Fail, Outcome};
use crate::lock::{self, Lock, Mode, Retention};
use crate::retention::refused;
use crate::store::{Change, modified_now};

/// The id of the one version that a bucket without versioning keeps of each key.
pub(crate) const NULL_ID: &str = "null";

const COLUMNS: &str =
    "seq, key, id, latest, marker, modified, size, etag, attributes, lock_mode, lock_until, hold";

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) seq: i64,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) latest: bool,
    pub(crate) marker: bool,
    pub(crate) modified: Millis,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) attributes: Attributes,
    pub(crate) lock: Lock,
}

/// Reads the lock out of three neighbouring columns.
pub(crate) fn lock_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Lock> {
    let mode: Option<String> = row.get(first)?;
    let until: Option<Millis> = row.get(first + 1)?;
    let mode = mode
        .map(|name| {
            Mode::named(&name)
                .ok_or_else(|| rusqlite::Error::InvalidColumnType(first, "lock_mode".to_owned(), Type::Text))
        })
        .transpose()?;
    let retention = mode.zip(until).map(|(mode, until)| Retention { mode, until });
    Ok(Lock { retention, hold: row.get(first + 2)? })
}

/// Reads a JSON column.
pub(crate) fn json_of<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// Reads a size column.
pub(crate) fn size_of(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let size: i64 = row.get(column)?;
    u64::try_from(size).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, size))
}

/// SQLite counts in signed integers; no body comes near the end of them.
pub(crate) fn stored_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        seq: row.get(0)?,
        key: row.get(1)?,
        id: row.get(2)?,
        latest: row.get(3)?,
        marker: row.get(4)?,
        modified: row.get(5)?,
        size: size_of(row, 6)?,
        etag: row.get(7)?,
        attributes: json_of(row, 8)?,
        lock: lock_of(row, 9)?,
    })
}

/// The version that a plain request sees, a delete marker included.
pub(crate) fn latest(db: &Connection, bucket: &str, key: &str) -> Outcome<Option<Version>> {
    let query = format!("SELECT {COLUMNS} FROM version WHERE bucket = ?1 AND key = ?2 AND latest = 1");
    Ok(db.prepare_cached(&query)?.query_row(params![bucket, key], read_row).optional()?)
}

/// The version with this id, a delete marker included.
pub(crate) fn with_id(db: &Connection, bucket: &str, key: &str, id: &str) -> Outcome<Option<Version>> {
    let query = format!("SELECT {COLUMNS} FROM version WHERE bucket = ?1 AND key = ?2 AND id = ?3");
    Ok(db.prepare_cached(&query)?.query_row(params![bucket, key, id], read_row).optional()?)
}

/// The object that a request names, by id or as the latest.
///
/// # Errors
///
/// `NoSuchKey`, `NoSuchVersion`, or `MethodNotAllowed` when the id is that of a delete marker; where a marker is
/// in the way, the answer says so in its headers.
pub(crate) fn find(db: &Connection, bucket: &Bucket, key: &str, id: Option<&str>) -> Outcome<Version> {
    let (found, missing, hidden) = match id {
        Some(id) => {
            (with_id(db, &bucket.name, key, id)?, S3ErrorCode::NoSuchVersion, S3ErrorCode::MethodNotAllowed)
        }
        None => (latest(db, &bucket.name, key)?, S3ErrorCode::NoSuchKey, S3ErrorCode::NoSuchKey),
    };
    match found {
        None => Err(missing.into()),
        Some(version) if version.marker => Err(hidden_by(&version, hidden)),
        Some(version) => Ok(version),
    }
}

fn hidden_by(marker: &Version, code: S3ErrorCode) -> Fail {
    let mut told = S3Error::new(code);
    let mut headers = http::HeaderMap::new();
    headers.insert(header::X_AMZ_DELETE_MARKER, http::HeaderValue::from_static("true"));
    if let Ok(id) = http::HeaderValue::from_str(&marker.id) {
        headers.insert(header::X_AMZ_VERSION_ID, id);
    }
    headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/xml"));
    told.set_headers(headers);
    Fail::Refused(told)
}

/// The files of a version, in the order of its bytes.
pub(crate) fn files(db: &Connection, seq: i64) -> Outcome<Vec<StoredFile>> {
    let mut query = db.prepare_cached("SELECT file, size FROM body WHERE seq = ?1 ORDER BY position")?;
    let files = query
        .query_map([seq], |row| Ok(StoredFile { name: row.get(0)?, size: size_of(row, 1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(files)
}

/// A version about to be made.
pub(crate) struct NewVersion<'a> {
    pub(crate) key: &'a str,
    pub(crate) marker: bool,
    pub(crate) size: u64,
    pub(crate) etag: &'a str,
    pub(crate) attributes: &'a Attributes,
    pub(crate) lock: Lock,
    pub(crate) files: &'a [StoredFile],
}

impl<'a> NewVersion<'a> {
    /// A delete marker: a version without a body.
    pub(crate) fn marker(key: &'a str, attributes: &'a Attributes) -> Self {
        Self { key, marker: true, size: 0, etag: "", attributes, lock: Lock::default(), files: &[] }
    }
}

/// Inserts a version as the latest of its key and gives its id. Where the bucket keeps no versions, the one that
/// is there goes.
pub(crate) fn insert(change: &mut Change<'_>, bucket: &Bucket, new: &NewVersion<'_>) -> Outcome<String> {
    let id = if bucket.versioning == Some(Versioning::Enabled) {
        next_id(change)?
    } else {
        if let Some(replaced) = with_id(&change.db, &bucket.name, new.key, NULL_ID)? {
            lock::may_delete(replaced.lock, change.now, false).map_err(refused)?;
            remove(change, bucket, &replaced)?;
        }
        NULL_ID.to_owned()
    };
    change
        .db
        .prepare_cached("UPDATE version SET latest = 0 WHERE bucket = ?1 AND key = ?2 AND latest = 1")?
        .execute(params![bucket.name, new.key])?;
    change
        .db
        .prepare_cached(
            "INSERT INTO version (bucket, key, id, latest, marker, modified, size, etag, attributes,
                                  lock_mode, lock_until, hold)
             VALUES (:bucket, :key, :id, 1, :marker, :modified, :size, :etag, :attributes,
                     :lock_mode, :lock_until, :hold)",
        )?
        .execute(named_params! {
            ":bucket": bucket.name,
            ":key": new.key,
            ":id": id,
            ":marker": new.marker,
            ":modified": modified_now(),
            ":size": stored_size(new.size),
            ":etag": new.etag,
            ":attributes": serde_json::to_string(new.attributes)?,
            ":lock_mode": new.lock.retention.map(|retention| retention.mode.name()),
            ":lock_until": new.lock.retention.map(|retention| retention.until),
            ":hold": new.lock.hold,
        })?;
    let seq = change.db.last_insert_rowid();
    let mut add =
        change.db.prepare_cached("INSERT INTO body (seq, position, file, size) VALUES (?1, ?2, ?3, ?4)")?;
    for (position, file) in (0_i64..).zip(new.files) {
        add.execute(params![seq, position, file.name, stored_size(file.size)])?;
    }
    Ok(id)
}

/// The number in front lets a listing go on behind a version that was deleted meanwhile; the store's run behind it
/// tells ids apart after metadata was put back from a copy.
fn next_id(change: &Change<'_>) -> Outcome<String> {
    let used: Option<i64> = change
        .db
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'version'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(format!("{:016x}{:016x}", used.unwrap_or(0) + 1, change.run))
}

/// The place in the order that an id stands for, whether or not the version is still there.
pub(crate) fn order_of(db: &Connection, bucket: &str, key: &str, id: &str) -> Outcome<Option<i64>> {
    if id == NULL_ID {
        return Ok(with_id(db, bucket, key, id)?.map(|version| version.seq));
    }
    Ok(id.get(..16).and_then(|number| i64::from_str_radix(number, 16).ok()))
}

/// Removes a version for good, without asking about its lock, and makes the one before it the latest.
pub(crate) fn remove(change: &mut Change<'_>, bucket: &Bucket, version: &Version) -> Outcome<()> {
    let files = files(&change.db, version.seq)?;
    change.db.prepare_cached("DELETE FROM version WHERE seq = ?1")?.execute([version.seq])?;
    change.discard(files.into_iter().map(|file| file.name));
    if version.latest {
        change
            .db
            .prepare_cached(
                "UPDATE version SET latest = 1
                 WHERE seq = (SELECT max(seq) FROM version WHERE bucket = ?1 AND key = ?2)",
            )?
            .execute(params![bucket.name, version.key])?;
    }
    Ok(())
}

/// Stores changed tags or other attributes of a version.
pub(crate) fn set_attributes(change: &Change<'_>, version: &Version) -> Outcome<()> {
    change
        .db
        .prepare_cached("UPDATE version SET attributes = ?2 WHERE seq = ?1")?
        .execute(params![version.seq, serde_json::to_string(&version.attributes)?])?;
    Ok(())
}

/// Stores a changed lock of a version, without asking whether it may change.
pub(crate) fn set_lock(change: &Change<'_>, version: &Version) -> Outcome<()> {
    let retention = version.lock.retention;
    change
        .db
        .prepare_cached("UPDATE version SET lock_mode = ?2, lock_until = ?3, hold = ?4 WHERE seq = ?1")?
        .execute(params![
            version.seq,
            retention.map(|retention| retention.mode.name()),
            retention.map(|retention| retention.until),
            version.lock.hold,
        ])?;
    Ok(())
}

/// Reads the rows of a listing: versions from `key` on in order, beginning below `below` within `key` itself.
pub(crate) fn page(
    db: &Connection,
    bucket: &str,
    from: (&str, i64),
    latest_only: bool,
    count: usize,
) -> Outcome<Vec<Version>> {
    let only = if latest_only { "AND latest = 1 AND marker = 0" } else { "" };
    let query = format!(
        "SELECT {COLUMNS} FROM version
         WHERE bucket = ?1 AND key >= ?2 AND NOT (key = ?2 AND seq >= ?3) {only}
         ORDER BY key, seq DESC LIMIT ?4"
    );
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let rows = db
        .prepare_cached(&query)?
        .query_map(params![bucket, from.0, from.1, count], read_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}
