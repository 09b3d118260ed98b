//! Identifiers: each kind of thing has its own type, so that a patient can never be passed for a person.

use std::{fmt, str::FromStr};

/// What was given is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identifier")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ulid::Ulid);

        impl $name {
            /// Made of the time (milliseconds since 1970) and 80 random bits; the caller owns both sources.
            pub const fn from_parts(at_ms: u64, random: u128) -> Self {
                Self(ulid::Ulid::from_parts(at_ms, random))
            }

            /// All 128 bits, for standards that want a number.
            pub const fn to_bits(self) -> u128 {
                self.0.0
            }

            /// Of [`Self::to_bits`].
            pub const fn from_bits(bits: u128) -> Self {
                Self(ulid::Ulid(bits))
            }

            /// When the identifier was made, in milliseconds since 1970, as its maker's clock said.
            pub const fn at_ms(self) -> u64 {
                self.0.timestamp_ms()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let id = ulid::Ulid::from_string(text).map_err(|_| NotAnId)?;
                // One spelling for one thing: no lower case, no letters that ULID reads leniently.
                if id.to_string() == text { Ok(Self(id)) } else { Err(NotAnId) }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$" })
            }
        }
    )+};
}

ids! {
    /// A person's account (利用者). Never reused: notes keep their author for ever.
    AccountId;
    /// A facility (利用施設).
    FacilityId;
    /// A person cared for (患者).
    PatientId;
    /// A facility asked to join a care team (招待).
    InvitationId;
    /// A file or picture on a note (添付).
    AttachmentId;
    /// Made by the client, once for each act: sending the same act again has no second effect.
    CommandId;
    /// One entry of the audit log (操作記録).
    EventId;
    /// One run of a backup (バックアップ世代).
    GenerationId;
    /// One request to the server, for support.
    RequestId;
    /// One running procedure (案件).
    CaseId;
    /// A notice on the portal (お知らせ).
    NoticeId;
    /// A passkey of a person.
    FactorId;
    /// One question to a passkey; good once.
    ChallengeId;
    /// One output of de-identified data (データの臨時使用).
    OutputId;
    /// One evidence bundle (証跡一式).
    BundleId;
}

/// Names a session to its owner: the beginning of the hash of its token. It opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct SessionRef(String);

impl SessionRef {
    /// Characters of the hash that name a session.
    const LENGTH: usize = 16;

    /// Of a session, by the hash of its token.
    pub fn of_hash(hash: &str) -> Self {
        Self(hash.chars().take(Self::LENGTH).collect())
    }
}

impl FromStr for SessionRef {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == Self::LENGTH && text.bytes().all(hex) { Ok(Self(text.into())) } else { Err(NotAnId) }
    }
}

impl TryFrom<String> for SessionRef {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<SessionRef> for String {
    fn from(name: SessionRef) -> Self {
        name.0
    }
}

impl fmt::Display for SessionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_only() {
        let id = PatientId::from_parts(1_795_000_000_000, 7);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(text.to_lowercase().parse::<PatientId>(), Err(NotAnId));
        for bad in ["", "x", "../../etc/passwd", "01J0000000000000000000000U", "あ"] {
            assert!(bad.parse::<PatientId>().is_err(), "{bad}");
        }
        assert_eq!(serde_json::from_str::<PatientId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }
}
