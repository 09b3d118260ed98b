//! Closed lists of the field's words: one declaration gives the type, its wire name and its Japanese word.

use serde::{
    Deserializer,
    de::{Error, Visitor},
};
use std::fmt;

/// Reads the wire name of one of a list's values; the answer is its place in the list. serde's derive would make this
/// anew for each type, and every page would carry it.
pub(crate) fn place_in<'de, D: Deserializer<'de>>(
    wires: &'static [&'static str],
    deserializer: D,
) -> Result<usize, D::Error> {
    deserializer.deserialize_str(Wire(wires))
}

struct Wire(&'static [&'static str]);

impl Visitor<'_> for Wire {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name of the list")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        self.0.iter().position(|wire| *wire == name).ok_or_else(|| E::unknown_variant(name, self.0))
    }
}

/// Declares an enum whose every variant has a stable wire name and a Japanese word for the screen.
macro_rules! labelled {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $wire:literal $ja:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$vmeta])* #[doc = $ja] #[cfg_attr(feature = "schema", schemars(rename = $wire))] $variant,)+
        }

        impl $name {
            /// Every value, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Their wire names, in the same order.
            const WIRES: &'static [&'static str] = &[$($wire),+];

            /// The Japanese word on the screen.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $ja),+ }
            }

            /// The stable name on the wire and in storage.
            pub const fn wire(self) -> &'static str {
                match self { $(Self::$variant => $wire),+ }
            }

            /// The value of a wire name.
            pub fn from_wire(wire: &str) -> Option<Self> {
                let at = Self::WIRES.iter().position(|one| *one == wire)?;
                Self::ALL.get(at).copied()
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.wire())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let at = $crate::label::place_in(Self::WIRES, deserializer)?;
                Self::ALL.get(at).copied().ok_or_else(|| serde::de::Error::custom("no such name"))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}
pub(crate) use labelled;
