//! 私の設定: what a person sees of their own account: factors, sessions, sign-ins.

use super::{Account, FactorKind, SessionStage};
use crate::{
    calendar::Timestamp,
    id::{CommandId, FactorId, SessionRef},
};
use serde::{Deserialize, Serialize};

/// Most sessions that are listed: so many that both factors opened, and as many that wait for the second.
pub const SESSIONS_MAX: usize = 50;
/// Sign-ins that are listed.
pub const SIGN_INS_SHOWN: usize = 20;

/// A passkey of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasskeyRow {
    /// Identifier.
    pub id: FactorId,
    /// As I called it.
    pub name: String,
    /// Since when.
    pub added_at: Timestamp,
    /// When it last opened a session.
    pub used_at: Option<Timestamp>,
}

/// A session of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SessionRow {
    /// Names it; opens nothing.
    pub id: SessionRef,
    /// Which browser on what, as it said itself.
    pub device: String,
    /// From which network address.
    pub source: String,
    /// How far it has come.
    pub stage: SessionStage,
    /// Since when.
    pub since: Timestamp,
    /// When it was last used, to the minute.
    pub used: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// A sign-in of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInRow {
    /// When.
    pub at: Timestamp,
    /// Which browser on what, as it said itself.
    pub device: String,
    /// From which network address.
    pub source: String,
    /// With what, beside the password.
    pub factor: FactorKind,
}

/// Where I am told by mail what waits for me.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyMail {
    /// The address.
    pub address: String,
    /// Whether it was shown to be mine by the code that was sent there; nothing else is sent before.
    pub confirmed: bool,
}

/// Names an address for mails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewMail {
    /// Made by the client.
    pub command: CommandId,
    /// The address.
    pub address: String,
}

/// The code that came by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MailCode {
    /// Six digits.
    pub code: String,
}

/// My account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MyAccount {
    /// As the city registered it.
    pub account: Account,
    /// My passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether an authenticator app is enrolled.
    pub totp: bool,
    /// Recovery codes that are left.
    pub recovery_left: u32,
    /// My sessions, newest use first.
    pub sessions: Vec<SessionRow>,
    /// My last sign-ins, newest first.
    pub sign_ins: Vec<SignInRow>,
    /// Whether this environment sends mails at all.
    #[serde(default)]
    pub mails: bool,
    /// Where I am told by mail; `None` until I name an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MyMail>,
}
