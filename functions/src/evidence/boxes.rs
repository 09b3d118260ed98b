//! Boxes 箱: what a generation holds, compressed and encrypted so that destroying a key makes it unreadable.
//!
//! A box is one line of JSON, its head, which anybody may read, followed by as many bytes as the head says: gzip, then
//! XChaCha20-Poly1305 under HKDF-SHA256 of all the keys that the head names. The head without nonce and size is bound to
//! the bytes, so that no box can be passed for that of another day, patient or kind. An object is one box after another.

use super::ring::Key;
use bytes::Bytes;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce, aead::AeadInOut};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::{
    evidence::{Holds, KeyName},
    id::AttachmentId,
};
use std::io::{Read, Write};
use zeroize::Zeroizing;

/// What the derived keys are for; another purpose or another form of box takes another word.
const PURPOSE: &[u8] = b"tsunagaru box 1";
const NONCE: usize = 24;
const TAG: usize = 16;
/// Longest head: a box names one day and one patient at most.
const HEAD_MAX: usize = 1_000;

/// Where a box belongs: bound to its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What is inside.
    pub holds: Holds,
    /// The keys that it takes, in order.
    pub keys: Vec<KeyName>,
    /// Which file, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AttachmentId>,
    /// How many lines.
    pub lines: u64,
}

#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(flatten)]
    place: Place,
    nonce: String,
    bytes: usize,
}

/// A box as it lies in an object.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Where it belongs, as its head says.
    pub place: Place,
    nonce: [u8; NONCE],
    body: Bytes,
}

/// What is no box, or does not open with its keys: it was changed, or the keys are others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

fn derive(keys: &[Key], place: &Place) -> Result<XChaCha20Poly1305, Broken> {
    let mut material = Zeroizing::new(Vec::with_capacity(64));
    for key in keys {
        material.extend_from_slice(key.bytes());
    }
    let mut context = PURPOSE.to_vec();
    for name in &place.keys {
        context.push(0);
        context.extend_from_slice(name.to_string().as_bytes());
    }
    let mut derived = Zeroizing::new([0_u8; 32]);
    let expanded = Hkdf::<Sha256>::new(None, &material).expand(&context, derived.as_mut_slice());
    expanded.map_err(|_| Broken)?;
    XChaCha20Poly1305::new_from_slice(derived.as_slice()).map_err(|_| Broken)
}

fn bound(place: &Place) -> Result<Vec<u8>, Broken> {
    serde_json::to_vec(place).map_err(|_| Broken)
}

/// Seals a compressed text or file under the keys that its place names, in their order.
///
/// # Errors
/// [`Broken`] only if there are more bytes than the cipher takes at once.
pub fn seal(place: &Place, keys: &[Key], mut compressed: Vec<u8>) -> Result<Vec<u8>, Broken> {
    let nonce: [u8; NONCE] = crate::random::bytes();
    let cipher = derive(keys, place)?;
    let tag =
        cipher.encrypt_inout_detached(&XNonce::from(nonce), &bound(place)?, compressed.as_mut_slice().into());
    let tag = tag.map_err(|_| Broken)?;
    let head = Head { place: place.clone(), nonce: hex::encode(nonce), bytes: compressed.len() + TAG };
    let mut out = serde_json::to_vec(&head).map_err(|_| Broken)?;
    out.reserve_exact(1 + head.bytes);
    out.push(b'\n');
    out.append(&mut compressed);
    out.extend_from_slice(&tag);
    Ok(out)
}

/// The boxes of an object, in order. After the first that is broken there are no more.
pub fn split(object: Bytes) -> impl Iterator<Item = Result<Sealed, Broken>> {
    let mut left = object;
    std::iter::from_fn(move || {
        if left.is_empty() {
            return None;
        }
        let next = first(&mut left);
        if next.is_err() {
            left.clear();
        }
        Some(next)
    })
}

fn first(left: &mut Bytes) -> Result<Sealed, Broken> {
    let end = left.iter().take(HEAD_MAX).position(|byte| *byte == b'\n').ok_or(Broken)?;
    let head: Head = serde_json::from_slice(left.get(..end).ok_or(Broken)?).map_err(|_| Broken)?;
    let body = end + 1..end.checked_add(1).and_then(|from| from.checked_add(head.bytes)).ok_or(Broken)?;
    if body.end > left.len() || head.bytes < TAG {
        return Err(Broken);
    }
    let nonce = hex::decode(&head.nonce).ok().and_then(|nonce| nonce.try_into().ok()).ok_or(Broken)?;
    let sealed = Sealed { place: head.place, nonce, body: left.slice(body.clone()) };
    *left = left.slice(body.end..);
    Ok(sealed)
}

impl Sealed {
    /// Opens the box with its keys, in the order in which its place names them; what is inside is still compressed.
    ///
    /// # Errors
    /// [`Broken`] if it was changed or the keys are others.
    pub fn open(&self, keys: &[Key]) -> Result<Zeroizing<Vec<u8>>, Broken> {
        let split = self.body.len().checked_sub(TAG).ok_or(Broken)?;
        let (body, tag) = self.body.split_at_checked(split).ok_or(Broken)?;
        let tag = Tag::try_from(tag).map_err(|_| Broken)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let cipher = derive(keys, &self.place)?;
        let nonce = XNonce::from(self.nonce);
        let opened =
            cipher.decrypt_inout_detached(&nonce, &bound(&self.place)?, plain.as_mut_slice().into(), &tag);
        opened.map_err(|_| Broken)?;
        Ok(plain)
    }
}

/// Lines being compressed for one box.
pub struct Lines {
    gzip: GzEncoder<Vec<u8>>,
    count: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { gzip: GzEncoder::new(Vec::new(), Compression::default()), count: 0 }
    }
}

impl Lines {
    /// All of these.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn of(lines: &[String]) -> Result<Self, Broken> {
        let mut all = Self::default();
        lines.iter().try_for_each(|line| all.push(line))?;
        Ok(all)
    }

    /// Adds a line.
    ///
    /// # Errors
    /// [`Broken`]: never into memory.
    pub fn push(&mut self, line: &str) -> Result<(), Broken> {
        self.count += 1;
        let written = self.gzip.write_all(line.as_bytes()).and_then(|()| self.gzip.write_all(b"\n"));
        written.map_err(|_| Broken)
    }

    /// How many.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The compressed lines.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(self) -> Result<Vec<u8>, Broken> {
        self.gzip.finish().map_err(|_| Broken)
    }
}

/// Compresses a file. Pictures are compressed already: it is a matter of the form, not of the size.
///
/// # Errors
/// [`Broken`]: never into memory.
pub fn compress(file: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut gzip = GzEncoder::new(Vec::with_capacity(file.len() + TAG + 64), Compression::fast());
    gzip.write_all(file).map_err(|_| Broken)?;
    gzip.finish().map_err(|_| Broken)
}

/// What was compressed.
///
/// # Errors
/// [`Broken`] if it is no gzip.
pub fn decompress(compressed: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut plain = Vec::new();
    GzDecoder::new(compressed).read_to_end(&mut plain).map_err(|_| Broken)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{calendar::Day, id::PatientId};

    fn place(day: u8) -> Place {
        let keys = vec![
            KeyName::Day(Day::new(2026, 11, day).unwrap()),
            KeyName::Patient(PatientId::from_parts(1, 1)),
        ];
        Place { holds: Holds::Journal, keys, file: None, lines: 1 }
    }

    fn keys() -> [Key; 2] {
        [Key::from([1; 32]), Key::from([2; 32])]
    }

    fn object() -> Vec<u8> {
        let one = seal(&place(20), &keys(), compress("体温".as_bytes()).unwrap()).unwrap();
        [one, seal(&place(21), &keys(), compress(b"").unwrap()).unwrap()].concat()
    }

    fn read(object: Vec<u8>, keys: &[Key]) -> Result<Vec<(Place, Vec<u8>)>, Broken> {
        split(object.into())
            .map(|sealed| {
                let sealed = sealed?;
                let plain = decompress(&sealed.open(keys)?)?;
                Ok((sealed.place, plain))
            })
            .collect()
    }

    #[test]
    fn boxes_there_and_back() {
        let read = read(object(), &keys()).unwrap();
        assert_eq!(read, [(place(20), "体温".as_bytes().to_vec()), (place(21), Vec::new())]);
        assert_ne!(object(), object(), "never the same nonce");
    }

    #[test]
    fn one_flipped_bit_anywhere_is_found() {
        let object = object();
        for at in 0..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 1;
            assert_eq!(read(changed, &keys()).err(), Some(Broken), "byte {at}");
        }
        for end in 1..object.len() {
            let whole = read(object[..end].to_vec(), &keys());
            assert!(whole.is_err() || whole.is_ok_and(|boxes| boxes.len() == 1), "cut at {end}");
        }
    }

    #[test]
    fn each_key_is_needed_in_its_place() {
        let [day, patient] = keys();
        for wrong in [vec![], vec![day.clone()], vec![patient.clone()], vec![patient, day]] {
            assert_eq!(read(object(), &wrong).err(), Some(Broken));
        }
    }
}
