//! The tables, and how a connection to them is set up.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::store::OpenError;

const SCHEMA_VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE bucket (
    name TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    region TEXT,
    object_lock INTEGER NOT NULL,
    versioning TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    bucket TEXT NOT NULL REFERENCES bucket(name) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (bucket, kind)
) STRICT, WITHOUT ROWID;

-- seq orders the versions of a key and is never given twice; latest marks the one that a plain GET sees.
CREATE TABLE version (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES bucket(name),
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    latest INTEGER NOT NULL,
    marker INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    attributes TEXT NOT NULL,
    lock_mode TEXT CHECK (lock_mode IN ('GOVERNANCE', 'COMPLIANCE')),
    lock_until INTEGER,
    hold INTEGER,
    CHECK ((lock_mode IS NULL) = (lock_until IS NULL)),
    UNIQUE (bucket, key, id)
) STRICT;
CREATE INDEX version_order ON version(bucket, key, seq DESC);
CREATE UNIQUE INDEX version_latest ON version(bucket, key) WHERE latest = 1;

-- The files of a version, in order: one, or one per part of a multipart upload.
CREATE TABLE body (
    seq INTEGER NOT NULL REFERENCES version(seq) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket TEXT NOT NULL REFERENCES bucket(name),
    key TEXT NOT NULL,
    started INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    algorithm TEXT,
    full_object INTEGER NOT NULL,
    lock_mode TEXT,
    lock_until INTEGER,
    hold INTEGER
) STRICT;
CREATE INDEX upload_order ON upload(bucket, key, id);

CREATE TABLE part (
    upload INTEGER NOT NULL REFERENCES upload(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    checksums TEXT NOT NULL,
    modified INTEGER NOT NULL,
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;

-- What a completed upload became, so that a client that lost the answer may ask again.
CREATE TABLE completed (
    upload INTEGER PRIMARY KEY,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    etag TEXT NOT NULL,
    finished INTEGER NOT NULL
) STRICT;
";

/// Opens the connection that writes, making the tables in a new file.
pub(crate) fn open_writer(file: &Path) -> Result<Connection, OpenError> {
    let mut db = Connection::open(file)?;
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    db.set_prepared_statement_cache_capacity(64);
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = change.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found == 0 {
        change.execute_batch(TABLES)?;
        change.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    } else if found != SCHEMA_VERSION {
        return Err(OpenError::OtherFormat(found));
    }
    change.commit()?;
    Ok(db)
}

/// Opens the connection that only reads, so that a listing never waits for a commit's sync.
pub(crate) fn open_reader(file: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(file, flags)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}
