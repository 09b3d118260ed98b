//! The opened store: its folder, its two connections and its clock.

use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::body::{Bodies, BodyFile};
use crate::clock::{Clock, Millis, to_millis};
use crate::fail::Outcome;
use crate::schema;

const METADATA_FILE: &str = "metadata.sqlite";
const LOCK_FILE: &str = "in-use";
const BODY_FOLDER: &str = "bodies";

/// How long the outcome of a completed multipart upload can be asked for again.
const COMPLETED_KEPT_MILLIS: Millis = 7 * 24 * 60 * 60 * 1000;

/// Where a store lives and who may use it.
#[derive(Clone)]
pub struct StoreConfig {
    /// The folder that holds everything; made if it is missing.
    pub root: PathBuf,
    /// The one access key id that signatures are accepted for.
    pub access_key_id: String,
    /// The secret belonging to it.
    pub secret_access_key: String,
    /// Decides what time it is for Object Lock, and for nothing else. See [`crate::system_clock`].
    pub now: Clock,
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it could not be made, read or synced.
    #[error("the store's folder cannot be used: {0}")]
    Folder(#[from] std::io::Error),
    /// The metadata is damaged.
    #[error("the store's metadata cannot be used: {0}")]
    Metadata(#[from] rusqlite::Error),
    /// The metadata was written in another form, by another version of this crate.
    #[error("the store's metadata has the unknown form {0}")]
    OtherFormat(i64),
    /// Another store, in this process or another one, has the folder open.
    #[error("the store's folder is already in use")]
    InUse,
}

/// An opened store. Clones share it; the folder is released when the last one is gone.
#[derive(Clone)]
pub struct S3Store {
    pub(crate) inner: Arc<Inner>,
}

impl S3Store {
    /// Opens the store in `config.root`, or makes a new one there, and removes body files that were never
    /// acknowledged. Blocks while it reads the folder.
    ///
    /// # Errors
    ///
    /// [`OpenError::InUse`] while another store has the folder open; the others when its content cannot be used.
    pub fn open(config: StoreConfig) -> Result<Self, OpenError> {
        let StoreConfig { root, access_key_id, secret_access_key, now } = config;
        let body_folder = root.join(BODY_FOLDER);
        fs::create_dir_all(&body_folder)?;

        let in_use = File::create(root.join(LOCK_FILE))?;
        in_use.try_lock().map_err(|refusal| match refusal {
            TryLockError::WouldBlock => OpenError::InUse,
            TryLockError::Error(source) => OpenError::Folder(source),
        })?;

        let metadata = root.join(METADATA_FILE);
        let writer = schema::open_writer(&metadata)?;
        forget_old_uploads(&writer)?;
        let bodies = Bodies::open(body_folder)?;
        bodies.sweep(&named_files(&writer)?)?;
        // The folders' own entries must be as durable as what is inside them.
        File::open(&root)?.sync_all()?;
        if let Some(parent) = root.canonicalize()?.parent() {
            File::open(parent)?.sync_all()?;
        }
        let reader = schema::open_reader(&metadata)?;

        let inner = Inner {
            bodies,
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            now,
            access_key_id,
            secret_access_key,
            _in_use: in_use,
        };
        Ok(Self { inner: Arc::new(inner) })
    }
}

impl std::fmt::Debug for S3Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Store").finish_non_exhaustive()
    }
}

fn named_files(db: &Connection) -> Result<HashSet<String>, rusqlite::Error> {
    db.prepare("SELECT file FROM body UNION ALL SELECT file FROM part")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn forget_old_uploads(db: &Connection) -> Result<(), rusqlite::Error> {
    let before = to_millis(SystemTime::now()).saturating_sub(COMPLETED_KEPT_MILLIS);
    db.execute("DELETE FROM completed WHERE finished < ?1", [before])?;
    Ok(())
}

pub(crate) struct Inner {
    pub(crate) bodies: Bodies,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    now: Clock,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    _in_use: File,
}

/// A change in progress: its transaction, the moment it is judged at, and what happens to files with it.
pub(crate) struct Change<'a> {
    pub(crate) db: Transaction<'a>,
    /// What the store's clock says, for everything about retention.
    pub(crate) now: Millis,
    /// Tells this opening of the store from every other.
    pub(crate) run: u64,
    kept: Vec<BodyFile>,
    dropped: Vec<String>,
}

impl Change<'_> {
    /// The file belongs to a row from now on. If the change fails before its commit the file goes with it.
    pub(crate) fn keep(&mut self, file: BodyFile) {
        self.kept.push(file);
    }

    /// No row names these files any more: they are removed after the commit.
    pub(crate) fn discard(&mut self, files: impl IntoIterator<Item = String>) {
        self.dropped.extend(files);
    }
}

impl Inner {
    fn change<T>(&self, work: impl FnOnce(&mut Change<'_>) -> Outcome<T>) -> Outcome<T> {
        let mut db = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let db = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let now = to_millis((self.now)());
        let mut change = Change { db, now, run: self.bodies.run(), kept: Vec::new(), dropped: Vec::new() };
        let value = work(&mut change)?;
        let Change { db, kept, dropped, .. } = change;
        // From here on the files stay, because a commit that reports an error may still be found done after a
        // restart, and a row without its file would be worse than a file without its row.
        kept.into_iter().for_each(BodyFile::settle);
        db.commit()?;
        self.bodies.remove(&dropped);
        Ok(value)
    }

    /// Runs one immediate transaction off the async threads; nothing of it remains unless `work` and the commit
    /// succeed. It runs to its end even if the caller goes away.
    pub(crate) async fn write<T, F>(self: &Arc<Self>, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Change<'_>) -> Outcome<T> + Send + 'static,
    {
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || store.change(work)).await?
    }

    /// Reads one consistent state off the async threads.
    pub(crate) async fn read<T, F>(self: &Arc<Self>, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    {
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            let mut db = store.reader.lock().unwrap_or_else(PoisonError::into_inner);
            let view = db.transaction()?;
            work(&view)
        })
        .await?
    }
}

/// When something is said to have been made or changed: the machine's clock, not the one of retention.
pub(crate) fn modified_now() -> Millis {
    to_millis(SystemTime::now())
}
