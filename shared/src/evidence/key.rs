//! Destroyable keys 消去できる鍵 (requirements §3, 1): one for each day on which something was sent, one for each patient.
//! A lock cannot be shortened; destroying the key makes what is under it unreadable in every generation at once.

use crate::{calendar::Day, id::PatientId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

const DAYS: &str = "days/";
const PATIENTS: &str = "patients/";

/// The name of a key. On the wire and in the buckets of keys: `days/2026-11-22`, `patients/<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyName {
    /// Of what was sent on a day (in Japan).
    Day(Day),
    /// Of everything about a patient.
    Patient(PatientId),
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{DAYS}{day}"),
            Self::Patient(patient) => write!(f, "{PATIENTS}{patient}"),
        }
    }
}

/// What was given is no name of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAKeyName;

impl fmt::Display for NotAKeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the name of a key")
    }
}

impl std::error::Error for NotAKeyName {}

impl FromStr for KeyName {
    type Err = NotAKeyName;
    fn from_str(text: &str) -> Result<Self, NotAKeyName> {
        let day = text.strip_prefix(DAYS).and_then(|day| day.parse().ok()).map(Self::Day);
        let patient = || text.strip_prefix(PATIENTS)?.parse().ok().map(Self::Patient);
        day.or_else(patient).ok_or(NotAKeyName)
    }
}

impl Serialize for KeyName {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for KeyName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "KeyName".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "examples": ["days/2026-11-22"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_there_and_back() {
        let patient = PatientId::from_parts(1, 2);
        for name in [KeyName::Day(Day::new(2026, 11, 22).unwrap()), KeyName::Patient(patient)] {
            assert_eq!(name.to_string().parse(), Ok(name));
            assert_eq!(
                serde_json::from_str::<KeyName>(&serde_json::to_string(&name).unwrap()).unwrap(),
                name
            );
        }
        for wrong in ["days/2026-02-30", "days/", "patients/x", "2026-11-22", "../days/2026-11-22"] {
            assert_eq!(wrong.parse::<KeyName>(), Err(NotAKeyName), "{wrong}");
        }
    }
}
