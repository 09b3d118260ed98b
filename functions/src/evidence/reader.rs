//! Reading a generation: objects compared with the manifest, boxes opened with the ring.

use super::{
    boxes::{self, Broken, Place},
    ring::{Found, Ring},
};
use crate::store::{blob::Archived, blob::sha256_hex, error::StoreError};
use bytes::Bytes;
use shared::evidence::{KeyName, ManifestObject};

/// What a box turned out to be.
pub enum Opened {
    /// Its place and what is inside.
    Plain(Place, Vec<u8>),
    /// Nobody can open it any more: one of its keys was destroyed.
    Erased(Place),
    /// A key of it is lost.
    Lost(KeyName),
    /// It does not open with its keys, or is none.
    Broken,
}

/// Whether an object is as its manifest says.
pub fn is_as_listed(stored: &Archived, object: &ManifestObject) -> bool {
    stored.body.len() as u64 == object.bytes && sha256_hex(&stored.body) == object.sha256
}

/// Opens the boxes of an object, in order, and gives each to a function; the function may end it.
///
/// # Errors
/// If the ring cannot be reached.
pub async fn open<E: From<StoreError>>(
    ring: &Ring<'_>,
    object: Bytes,
    mut each: impl FnMut(Opened) -> Result<(), E> + Send,
) -> Result<(), E> {
    for sealed in boxes::split(object) {
        let opened = match sealed {
            Err(Broken) => Opened::Broken,
            Ok(sealed) => open_one(ring, sealed).await?,
        };
        each(opened)?;
    }
    Ok(())
}

/// Opens one box.
///
/// # Errors
/// As [`open`].
pub async fn open_one(ring: &Ring<'_>, sealed: boxes::Sealed) -> Result<Opened, StoreError> {
    let mut keys = Vec::with_capacity(sealed.place.keys.len());
    let mut lost = None;
    for name in &sealed.place.keys {
        match ring.find(*name).await? {
            Found::Key(key) => keys.push(key),
            Found::Destroyed => return Ok(Opened::Erased(sealed.place)),
            Found::Lost => lost = Some(*name),
        }
    }
    if let Some(name) = lost {
        return Ok(Opened::Lost(name));
    }
    let plain = sealed.open(&keys).and_then(|compressed| boxes::decompress(&compressed));
    Ok(plain.map_or(Opened::Broken, |plain| Opened::Plain(sealed.place, plain)))
}
