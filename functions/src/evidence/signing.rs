//! Signatures of this environment over evidence: ECDSA on P-256 with SHA-256, a key for each year, so that whoever holds a
//! copy can check it anywhere with openssl alone, also when the locked bucket is out of reach.

use super::ring::{Key, Ring};
use crate::{
    app::App,
    random,
    store::{blob::sha256_hex, error::StoreError},
};
use p256::{
    ecdsa::{Signature, SigningKey, VerifyingKey, signature::Signer as _},
    pkcs8::{EncodePublicKey, LineEnding},
};

/// What signs in one year.
pub struct Signer {
    key: SigningKey,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer")
    }
}

const UNUSABLE: StoreError = StoreError::Shape("signing key");

impl Signer {
    /// The one of a year; made when it is first asked for.
    ///
    /// # Errors
    /// If the ring of keys cannot be reached, or what it has is broken.
    pub async fn of_year(app: &App, year: i32) -> Result<Self, StoreError> {
        let ring = Ring::open(app)?;
        let name = format!("signing/{year}");
        // All but one in four billion numbers of 32 bytes are keys of the curve.
        let fresh = || loop {
            let bytes = random::bytes::<32>();
            if SigningKey::from_slice(&bytes).is_ok() {
                return Key::from(bytes);
            }
        };
        let key = ring.signing(&name, fresh).await?;
        Ok(Self { key: SigningKey::from_slice(key.bytes()).map_err(|_| UNUSABLE)? })
    }

    /// The public half, as openssl reads it.
    ///
    /// # Errors
    /// Never for a key that was made here.
    pub fn public_pem(&self) -> Result<String, StoreError> {
        VerifyingKey::from(&self.key).to_public_key_pem(LineEnding::LF).map_err(|_| UNUSABLE)
    }

    /// The public half's fingerprint: SHA-256 of its DER form, in hex.
    ///
    /// # Errors
    /// As [`Self::public_pem`].
    pub fn fingerprint(&self) -> Result<String, StoreError> {
        let der = VerifyingKey::from(&self.key).to_public_key_der().map_err(|_| UNUSABLE)?;
        Ok(sha256_hex(der.as_bytes()))
    }

    /// The signature over these bytes, in DER, as openssl checks it.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let signature: Signature = self.key.sign(bytes);
        signature.to_der().as_bytes().to_vec()
    }
}
