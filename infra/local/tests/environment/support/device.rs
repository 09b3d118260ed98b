//! A device that holds one passkey, in software: what a browser and its authenticator answer (WebAuthn, ES256).
#![allow(clippy::unwrap_used, reason = "a test bench that cannot start is a failed test")]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::id::AccountId;

/// What the passkey is called among all.
const ID: [u8; 16] = *b"a test's passkey";
/// Somebody is there and was recognised; and the key is told.
const RECOGNISED: u8 = 0x05;
const WITH_KEY: u8 = 0x40;

pub struct Device {
    key: SigningKey,
    host: String,
    origin: String,
    pub owner: AccountId,
}

impl Device {
    /// Of a person, at the address of the application.
    pub fn of(owner: AccountId, origin: &str) -> Self {
        let host = origin.split("://").nth(1).unwrap().split(':').next().unwrap().to_owned();
        Self { key: SigningKey::from_slice(&[7; 32]).unwrap(), host, origin: origin.to_owned(), owner }
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&self, options: &Value) -> Value {
        let mut told = self.said(RECOGNISED | WITH_KEY);
        told.extend([0; 16]);
        told.extend(u16::try_from(ID.len()).unwrap().to_be_bytes());
        told.extend(ID);
        told.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
        let mut attested = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attested.push(u8::try_from(told.len()).unwrap());
        attested.extend(told);
        answer(&json!({
            "attestationObject": BASE64.encode(attested),
            "clientDataJSON": BASE64.encode(self.asked("webauthn.create", options)),
        }))
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&self, options: &Value) -> Value {
        let (asked, said) = (self.asked("webauthn.get", options), self.said(RECOGNISED));
        let signed = [said.as_slice(), Sha256::digest(&asked).as_slice()].concat();
        let signature: Signature = self.key.sign(&signed);
        answer(&json!({
            "authenticatorData": BASE64.encode(said),
            "clientDataJSON": BASE64.encode(asked),
            "signature": BASE64.encode(signature.to_der().as_bytes()),
            "userHandle": BASE64.encode(self.owner.to_bits().to_be_bytes()),
        }))
    }

    /// What the browser says that it was asked.
    fn asked(&self, kind: &str, options: &Value) -> Vec<u8> {
        let asked = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin });
        asked.to_string().into_bytes()
    }

    /// What the authenticator says: for whom, what it saw, and a counter that it does not have.
    fn said(&self, flags: u8) -> Vec<u8> {
        let mut said = Sha256::digest(self.host.as_bytes()).to_vec();
        said.push(flags);
        said.extend([0; 4]);
        said
    }

    /// {kty: EC2, alg: ES256, crv: P-256, x, y} in CBOR.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}

fn answer(response: &Value) -> Value {
    let id = BASE64.encode(ID);
    json!({ "id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response })
}
