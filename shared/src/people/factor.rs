//! Factors: the own password, codes of an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), recovery codes
//! (requirements §2, 1–4). Secrets are shown once, to their owner.

use super::Me;
use crate::{api::error::FieldError, id::ChallengeId, label::labelled, text};
use serde::{Deserialize, Serialize};

/// Most passkeys of one person.
pub const PASSKEYS_MAX: usize = 10;
/// Recovery codes that are given at a time.
pub const RECOVERY_CODES: usize = 10;
/// Longest name of a passkey, in characters.
pub const PASSKEY_NAME_MAX: usize = 40;

labelled! {
    /// What shows that it is the person, beside the password.
    pub enum FactorKind {
        Passkey = "passkey" "パスキー",
        Totp = "totp" "認証アプリのコード",
        Recovery = "recovery" "回復コード",
    }
}

macro_rules! secret {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            // What proves a person must not reach a log, not even by accident.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )+};
}
secret!(FactorProof, NewPassword, Reauth, Unlock, TotpOffer, Enrolled);

/// A code of the authenticator app, or a recovery code: the form tells them apart.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FactorProof {
    /// As typed.
    pub code: String,
}

/// The own password.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPassword {
    /// The present one; not asked for while the letter's is to be replaced.
    #[serde(default)]
    pub current: String,
    /// The new one.
    pub password: String,
}

/// The present password, before factors change; not asked for at the first sign-in.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reauth {
    /// As typed.
    #[serde(default)]
    pub password: String,
}

/// Opens a locked screen.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unlock {
    /// The person's password.
    pub password: String,
}

/// A QR code as an SVG path, one unit a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QrCode {
    /// Modules along a side, with the quiet zone.
    pub size: u32,
    /// The `d` of a path.
    pub path: String,
}

/// What an authenticator app needs. Not in force before a code of it was confirmed.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TotpOffer {
    /// The secret in base32, for typing.
    pub secret: String,
    /// The same for an app on this very device: an `otpauth:` address.
    pub link: String,
    /// The same for the camera.
    pub qr: QrCode,
}

/// What the browser's `navigator.credentials` is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyChallenge {
    /// Names the challenge in the answer; good once, for five minutes.
    pub challenge: ChallengeId,
    /// `publicKey` in WebAuthn's JSON form.
    pub options: serde_json::Value,
}

/// What `navigator.credentials` answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyAnswer {
    /// Of the challenge.
    pub challenge: ChallengeId,
    /// The credential in WebAuthn's JSON form.
    pub credential: serde_json::Value,
}

/// A passkey to enrol.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPasskey {
    /// Of the challenge.
    pub challenge: ChallengeId,
    /// The credential in WebAuthn's JSON form.
    pub credential: serde_json::Value,
    /// What the person calls it, such as 「事業所のタブレット」.
    pub name: String,
}

impl NewPasskey {
    /// The name, cleaned.
    ///
    /// # Errors
    /// The field's error, in Japanese.
    pub fn checked_name(&self) -> Result<String, FieldError> {
        text::required("name", "パスキーの名前", &self.name, PASSKEY_NAME_MAX)
    }
}

/// A factor is enrolled.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Enrolled {
    /// The session, which may have come further by it.
    pub me: Me,
    /// Recovery codes, if new ones were made: shown now and never again.
    #[serde(default)]
    pub recovery: Vec<String>,
}
