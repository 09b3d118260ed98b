//! The key ring 鍵束: keys that can be destroyed, each in two copies (requirements §3, 1).
//!
//! A key is made once, written to both buckets, read back, and only then used. Whatever is missing in one of them is made
//! whole from the other and reported. What is missing in both is an error that names the key: never a new key, because
//! what lies under the old one would be lost in silence. The keys that sign are kept in the same way, but never destroyed. Keys are kept under a root key file where one is set; otherwise
//! the buckets must be encrypted under KMS, and S3 must say so.

use crate::{
    app::App,
    random,
    store::{
        error::StoreError,
        ring::{KeyCopy, KeyObject, KeyRecord},
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use futures::{FutureExt, StreamExt, TryFutureExt, TryStreamExt, future, stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::{
    calendar::Timestamp,
    evidence::{KeyName, Live},
    id::CaseId,
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// Keys that are asked for at the same time.
const AT_ONCE: usize = 16;
/// What the service says of a table that is not there, or not ours to read.
const NO_TABLE: [&str; 2] = ["ResourceNotFoundException", "AccessDeniedException"];

/// A key: 32 random bytes, wiped from memory when it is let go.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl From<[u8; 32]> for Key {
    fn from(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Tells two keys apart without telling anything of either.
    fn check(&self) -> String {
        let digest = Sha256::new().chain_update(b"tsunagaru key check").chain_update(self.bytes()).finalize();
        hex::encode(digest.get(..8).unwrap_or_default())
    }
}

/// What became of a key.
#[derive(Clone, Debug)]
pub enum Found {
    /// It is there.
    Key(Key),
    /// It was destroyed when its time came.
    Destroyed,
    /// It is in neither bucket, and nobody destroyed it; or the copies contradict each other.
    Lost,
}

/// How a key stands in the two buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Both copies can be read and unwrapped, and are the key in use.
    Whole,
    /// This copy cannot; the other one can.
    OneCopy(KeyCopy),
    /// Neither can, or they contradict each other, and nobody destroyed it.
    Lost,
    /// Both are a key that is not the one in use.
    Another,
    /// It was destroyed when its time came.
    Destroyed,
}

/// How a key lies in its object.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    name: String,
    made_at: Timestamp,
    check: String,
    /// Empty where KMS keeps the object.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    nonce: String,
    key: Zeroizing<String>,
}

/// The ring for one run: each key is asked for once.
pub struct Ring<'a> {
    app: &'a App,
    /// For a reader that writes nothing: which keys are known to be destroyed without the table.
    reading: Option<BTreeSet<KeyName>>,
    root: Option<Key>,
    known: Mutex<HashMap<KeyName, Found>>,
    repaired: Mutex<Vec<String>>,
}

fn broken(name: impl fmt::Display, why: &'static str) -> StoreError {
    StoreError::Key { name: name.to_string(), why }
}

/// What the two buckets have under a name.
enum Copies {
    /// The same key twice.
    Both(Key),
    /// One key; the other copy is missing or broken, and is made whole from this object.
    One(Key, Bytes, KeyCopy),
    /// Nothing.
    Neither,
    /// Nothing that can be used: broken objects, or two different keys.
    Useless,
}

impl<'a> Ring<'a> {
    /// Opens the ring.
    ///
    /// # Errors
    /// If a root key file is set and cannot be read.
    pub fn open(app: &'a App) -> Result<Self, StoreError> {
        Self::of(app, None)
    }

    /// Opens the ring of an environment that may have lost its table: nothing is written, not even a copy that is missing.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn reading(app: &'a App, destroyed: BTreeSet<KeyName>) -> Result<Self, StoreError> {
        Self::of(app, Some(destroyed))
    }

    fn of(app: &'a App, reading: Option<BTreeSet<KeyName>>) -> Result<Self, StoreError> {
        let root = match &app.settings.root_key {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).map(Zeroizing::new).ok();
                let bytes = text.and_then(|text| <[u8; 32]>::try_from(hex::decode(text.trim()).ok()?).ok());
                let bytes =
                    bytes.ok_or(StoreError::Key { name: "root".into(), why: "its file cannot be read" })?;
                Some(Key::from(bytes))
            }
        };
        Ok(Self { app, reading, root, known: Mutex::default(), repaired: Mutex::default() })
    }

    /// What was missing in one bucket and made whole from the other, in Japanese, for the findings of a verification.
    pub fn repaired(&self) -> Vec<String> {
        self.repaired.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, name: KeyName, found: &Found) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name, found.clone());
    }

    fn recall(&self, name: KeyName) -> Option<Found> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned()
    }

    fn wrap(&self, name: &str, key: &Key, now: Timestamp) -> Result<Bytes, StoreError> {
        let (nonce, wrapped) = match &self.root {
            None => (String::new(), Zeroizing::new(STANDARD.encode(key.bytes()))),
            Some(root) => {
                let nonce: [u8; 24] = random::bytes();
                let cipher = XChaCha20Poly1305::new_from_slice(root.bytes());
                let payload = Payload { msg: key.bytes(), aad: name.as_bytes() };
                let sealed =
                    cipher.ok().and_then(|cipher| cipher.encrypt(&XNonce::from(nonce), payload).ok());
                let sealed = sealed.ok_or_else(|| broken(name, "it cannot be wrapped"))?;
                (hex::encode(nonce), Zeroizing::new(STANDARD.encode(sealed)))
            }
        };
        let kept =
            Kept { format: 1, name: name.to_owned(), made_at: now, check: key.check(), nonce, key: wrapped };
        Ok(serde_json::to_vec(&kept)?.into())
    }

    /// The key in an object; `None` if it is broken, is another key's, or is not kept as it must be.
    fn unwrap(&self, name: &str, object: &KeyObject) -> Option<Key> {
        let kept: Kept = serde_json::from_slice(&object.body).ok()?;
        let wrapped = Zeroizing::new(STANDARD.decode(kept.key.as_bytes()).ok()?);
        let bytes = match &self.root {
            None if object.under_kms && kept.nonce.is_empty() => wrapped,
            None => return None,
            Some(root) => {
                let nonce: [u8; 24] = hex::decode(&kept.nonce).ok()?.try_into().ok()?;
                let payload = Payload { msg: wrapped.as_slice(), aad: name.as_bytes() };
                let cipher = XChaCha20Poly1305::new_from_slice(root.bytes()).ok()?;
                Zeroizing::new(cipher.decrypt(&XNonce::from(nonce), payload).ok()?)
            }
        };
        let key = Key(Zeroizing::new(bytes.as_slice().try_into().ok()?));
        (kept.format == 1 && kept.name == name && kept.check == key.check()).then_some(key)
    }

    async fn copies(&self, name: &str) -> Result<Copies, StoreError> {
        let blobs = &self.app.store.blobs;
        let [first, second] = KeyCopy::ALL;
        let found = future::try_join(blobs.key_object(first, name), blobs.key_object(second, name)).await?;
        let key = |object: &Option<KeyObject>| self.unwrap(name, object.as_ref()?);
        Ok(match ((key(&found.0), key(&found.1)), found) {
            ((Some(one), Some(other)), _) if one.check() == other.check() => Copies::Both(one),
            ((Some(key), None), (Some(object), _)) => Copies::One(key, object.body, second),
            ((None, Some(key)), (_, Some(object))) => Copies::One(key, object.body, first),
            (_, (None, None)) => Copies::Neither,
            _ => Copies::Useless,
        })
    }

    /// Tries a key in both buckets as it stands: nothing is made whole, and nothing of it is remembered.
    ///
    /// # Errors
    /// If a bucket or the table cannot be reached.
    pub async fn standing(&self, name: KeyName) -> Result<Standing, StoreError> {
        let found = self.copies(&name.to_string()).await?;
        // Asked afterwards: a destruction is written down before the first copy goes.
        let record = self.app.store.key_record(name).await?;
        if record.as_ref().is_some_and(|record| record.destroyed_at.is_some()) {
            return Ok(Standing::Destroyed);
        }
        let in_use = |key: &Key| record.as_ref().is_none_or(|record| record.check == key.check());
        Ok(match found {
            Copies::Both(key) if in_use(&key) => Standing::Whole,
            Copies::Both(_) => Standing::Another,
            Copies::One(_, _, lost) => Standing::OneCopy(lost),
            Copies::Neither | Copies::Useless => Standing::Lost,
        })
    }

    /// Looks a key up, in both buckets, and makes a missing copy whole.
    ///
    /// # Errors
    /// If the buckets or the table cannot be reached.
    pub async fn find(&self, name: KeyName) -> Result<Found, StoreError> {
        if let Some(found) = self.recall(name) {
            return Ok(found);
        }
        // On the heap, like what makes a key: the writers of backups hold it within many others.
        let found = Box::pin(self.look(name)).await?;
        self.remember(name, &found);
        Ok(found)
    }

    /// Looks several keys up side by side, for a reader that then asks for each in turn.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn find_all(&self, names: Vec<KeyName>) -> Result<(), StoreError> {
        let asked = self.unknown(names).into_iter().map(|name| self.find(name).map_ok(drop).boxed());
        stream::iter(asked).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Makes several keys side by side, for a writer that then asks for each in turn.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub async fn make_all(&self, names: Vec<KeyName>) -> Result<(), StoreError> {
        let asked = self.unknown(names).into_iter().map(|name| self.make(name).map_ok(drop).boxed());
        stream::iter(asked).buffer_unordered(AT_ONCE).try_collect().await
    }

    fn unknown(&self, mut names: Vec<KeyName>) -> Vec<KeyName> {
        names.retain(|name| self.recall(*name).is_none());
        names
    }

    async fn look(&self, name: KeyName) -> Result<Found, StoreError> {
        let (key, body, mended) = match self.copies(&name.to_string()).await? {
            Copies::Both(key) => return Ok(Found::Key(key)),
            Copies::One(key, body, missing) => (key, body, missing),
            Copies::Neither | Copies::Useless => {
                let destroyed = self.is_destroyed(name).await?;
                return Ok(if destroyed { Found::Destroyed } else { Found::Lost });
            }
        };
        // A destruction under way has taken one copy and will take the other: it must not be undone here.
        if self.is_destroyed(name).await? {
            return Ok(Found::Destroyed);
        }
        if self.reading.is_some() {
            return Ok(Found::Key(key));
        }
        self.app.store.blobs.mend_key_object(mended, name, body).await?;
        if self.is_destroyed(name).await? {
            self.remove(name).await?;
            return Ok(Found::Destroyed);
        }
        let which = mended.label();
        let words = format!("鍵 {name}: {which}の写しが失われていたので、もう一方から作り直しました");
        self.repaired.lock().unwrap_or_else(PoisonError::into_inner).push(words);
        Ok(Found::Key(key))
    }

    async fn is_destroyed(&self, name: KeyName) -> Result<bool, StoreError> {
        if self.reading.as_ref().is_some_and(|destroyed| destroyed.contains(&name)) {
            return Ok(true);
        }
        match self.app.store.key_record(name).await {
            Ok(record) => Ok(record.is_some_and(|record| record.destroyed_at.is_some())),
            // What a reader restores from may have lost its table, or keep it closed.
            Err(StoreError::Service(code)) if self.reading.is_some() && NO_TABLE.contains(&code.as_str()) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, name: impl fmt::Display) -> Result<(), StoreError> {
        for copy in KeyCopy::ALL {
            self.app.store.blobs.remove_key_object(copy, &name).await?;
        }
        Ok(())
    }

    /// The key to write with, made where there is none yet; `None` if it was destroyed: nothing is written under it.
    ///
    /// # Errors
    /// [`StoreError::Key`] if it was in use and is lost, or cannot be kept as it must be.
    pub async fn make(&self, name: KeyName) -> Result<Option<Key>, StoreError> {
        match self.recall(name) {
            Some(Found::Key(key)) => return Ok(Some(key)),
            Some(Found::Destroyed) => return Ok(None),
            Some(Found::Lost) | None => {}
        }
        let key = match self.app.store.key_record(name).await? {
            Some(record) if record.destroyed_at.is_some() => None,
            Some(record) => match Box::pin(self.look(name)).await? {
                Found::Key(key) if key.check() == record.check => Some(key),
                Found::Key(_) => return Err(broken(name, "it is another key than the one in use")),
                Found::Destroyed => None,
                Found::Lost => return Err(broken(name, "it is lost in both copies")),
            },
            None => Box::pin(self.make_new(name)).await?,
        };
        self.remember(name, &key.clone().map_or(Found::Destroyed, Found::Key));
        Ok(key)
    }

    /// Nothing was ever written under a key that the table does not know, so that whatever lies in the buckets from a run
    /// that was interrupted may be taken or replaced.
    async fn make_new(&self, name: KeyName) -> Result<Option<Key>, StoreError> {
        let now = self.app.clock.now();
        let key = self.keep(&name.to_string(), &Key::from(random::bytes::<32>()), now).await?;
        let record = KeyRecord::new(name, key.check(), now);
        if self.app.store.create_key_record(&record).await? {
            return Ok(Some(key));
        }
        // Somebody made it, or destroyed it, at the same moment.
        match self.app.store.key_record(name).await? {
            Some(record) if record.destroyed_at.is_some() => {
                self.remove(name).await?;
                Ok(None)
            }
            Some(record) if record.check == key.check() => Ok(Some(key)),
            _ => Err(broken(name, "two different keys were made at once")),
        }
    }

    /// Keeps a new key in both buckets and reads it back; where the first has one already, that one is the key.
    async fn keep(&self, name: &str, key: &Key, now: Timestamp) -> Result<Key, StoreError> {
        let blobs = &self.app.store.blobs;
        let fresh = self.wrap(name, key, now)?;
        if blobs.create_key_object(KeyCopy::First, name, fresh).await? == Some(false) && self.root.is_none() {
            self.remove(name).await?;
            return Err(broken(name, "its bucket is not encrypted under KMS, and no root key is set"));
        }
        let first = blobs.key_object(KeyCopy::First, name).await?;
        let read = first.and_then(|first| Some((self.unwrap(name, &first)?, first.body)));
        let (key, body) = read.ok_or_else(|| broken(name, "it cannot be read back"))?;
        blobs.mend_key_object(KeyCopy::Second, name, body).await?;
        match self.copies(name).await? {
            Copies::Both(both) if both.check() == key.check() => Ok(key),
            _ => Err(broken(name, "its copy cannot be read back")),
        }
    }

    /// A key that signs and is never destroyed. Where neither bucket has one it is made from `fresh`: nothing becomes
    /// unreadable without the one before, whose public half lies beside what it signed.
    ///
    /// # Errors
    /// [`StoreError::Key`] if what the buckets have under this name cannot be used.
    pub async fn signing(&self, name: &str, fresh: impl FnOnce() -> Key) -> Result<Key, StoreError> {
        match self.copies(name).await? {
            Copies::Both(key) => Ok(key),
            Copies::One(key, body, missing) => {
                self.app.store.blobs.mend_key_object(missing, name, body).await?;
                Ok(key)
            }
            Copies::Neither => self.keep(name, &fresh(), self.app.clock.now()).await,
            Copies::Useless => Err(broken(name, "what is kept under this name cannot be used")),
        }
    }

    /// Destroys a key: first it is remembered that no key of this name is ever made again, then both copies go. Safe to
    /// repeat; when it returns, neither bucket has it.
    ///
    /// # Errors
    /// If the table or a bucket cannot be reached; a repetition does the rest.
    pub async fn destroy(
        &self,
        name: KeyName,
        case: Option<CaseId>,
        live: Live,
    ) -> Result<Destroyed, StoreError> {
        let record = self.app.store.key_record(name).await?;
        let record = match record {
            Some(record) if record.destroyed_at.is_some() => record,
            other => {
                let now = self.app.clock.now();
                let known = other.unwrap_or_else(|| KeyRecord::new(name, String::new(), now));
                let record = KeyRecord { destroyed_at: Some(now), case, live, ..known };
                self.app.store.put_destroyed(&record).await?;
                record
            }
        };
        self.remove(name).await?;
        if !matches!(self.copies(&name.to_string()).await?, Copies::Neither) {
            return Err(broken(name, "it was destroyed and is still there"));
        }
        self.remember(name, &Found::Destroyed);
        Ok(Destroyed(record))
    }
}

/// The proof that a key is destroyed: what erases the live items of its name asks for it.
pub struct Destroyed(KeyRecord);

impl Destroyed {
    /// What is remembered of it.
    pub const fn record(&self) -> &KeyRecord {
        &self.0
    }
}
