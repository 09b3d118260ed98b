//! Pages and their versions.

use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{AccountId, CaseId},
    text,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Longest title of a page, in characters.
pub const TITLE_MAX: usize = 60;
/// Longest text of a page, in characters.
pub const BODY_MAX: usize = 20_000;
/// Most pages of a portal.
pub const PAGES_MAX: usize = 100;
/// Longest name of a page, in characters.
const NAME_MAX: usize = 32;

/// The pages that stand first on the portal, in this order. The rest follow as they were first published.
pub const FIXED: [&str; 5] = ["about", "begin", "facilities", "privacy", "accessibility"];
/// Names that the portal needs for files of its own.
const RESERVED: [&str; 3] = ["index", "versions", "not-found"];

/// The name of a page in its address: `about` for `/portal/about.html`. Never changed once it is published.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageName {
    length: u8,
    letters: [u8; NAME_MAX],
}

/// What was given is not a page's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a page's name")
    }
}

impl std::error::Error for NotAName {}

impl PageName {
    /// As in the address.
    pub fn as_str(&self) -> &str {
        self.letters
            .get(..usize::from(self.length))
            .and_then(|letters| str::from_utf8(letters).ok())
            .unwrap_or("")
    }

    /// Its place among the pages that stand first; `None` for the others.
    pub fn fixed_place(&self) -> Option<usize> {
        FIXED.iter().position(|name| *name == self.as_str())
    }
}

impl FromStr for PageName {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let edges = |b: Option<u8>| b.is_some_and(|b| b != b'-');
        let bytes = text.as_bytes();
        let good = (2..=NAME_MAX).contains(&bytes.len())
            && bytes.iter().copied().all(plain)
            && bytes.first().is_some_and(u8::is_ascii_lowercase)
            && edges(bytes.last().copied())
            && !RESERVED.contains(&text);
        if !good {
            return Err(NotAName);
        }
        let mut letters = [0; NAME_MAX];
        letters.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(Self { length: u8::try_from(bytes.len()).map_err(|_| NotAName)?, letters })
    }
}

impl fmt::Display for PageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageName({})", self.as_str())
    }
}

impl Serialize for PageName {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PageName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PageName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PageName".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9-]{0,30}[a-z0-9]$" })
    }
}

/// What a page says. The text has a small set of marks: headings, lists, emphasis, links.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageText {
    /// The title: the page's only first heading.
    pub title: String,
    /// The text.
    pub body: String,
}

impl PageText {
    /// The cleaned text.
    ///
    /// # Errors
    /// The fields in error, in Japanese.
    pub fn check(&self) -> Result<Self, Vec<FieldError>> {
        let title = text::required("title", "ページの題名", &text::one_line(&self.title), TITLE_MAX);
        let body = text::required("body", "本文", &self.body, BODY_MAX);
        match (title, body) {
            (Ok(title), Ok(body)) => Ok(Self { title, body }),
            (title, body) => Err(title.err().into_iter().chain(body.err()).collect()),
        }
    }

    /// What a version's hash is of: title, a line end, text. Anybody can compute it again.
    pub fn as_hashed(&self) -> String {
        format!("{}\n{}", self.title, self.body)
    }
}

/// A version of a page as it was published. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Version {
    /// Of which page.
    pub page: PageName,
    /// 版: 1, 2, 3 …
    pub number: u32,
    /// What it said.
    pub text: PageText,
    /// SHA-256 of [`PageText::as_hashed`], in hex.
    pub sha256: String,
    /// When it was published.
    pub at: Timestamp,
    /// By whom; `None` for what the portal began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// By name, at that time.
    pub by_name: String,
    /// By which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The case's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    /// Whether the page ends with it: it stands in no list any more, and its address says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends: bool,
}

impl Version {
    /// Without its text.
    pub fn row(&self) -> VersionRow {
        VersionRow {
            number: self.number,
            title: self.text.title.clone(),
            sha256: self.sha256.clone(),
            at: self.at,
            by_name: self.by_name.clone(),
            case: self.case,
            case_number: self.case_number.clone(),
        }
    }
}

/// A version in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionRow {
    /// 版.
    pub number: u32,
    /// The title that it had.
    pub title: String,
    /// SHA-256 of title and text.
    pub sha256: String,
    /// When it was published.
    pub at: Timestamp,
    /// By whom, by name.
    pub by_name: String,
    /// By which case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The case's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
}

/// A page in a list: what is published now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageRow {
    /// Which.
    pub name: PageName,
    /// Its title now.
    pub title: String,
    /// The number of the newest version.
    pub number: u32,
    /// When that was published.
    pub at: Timestamp,
    /// When the first one was.
    pub first_at: Timestamp,
    /// Whether the page has ended: it stands in no list of the portal.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
}

impl PageRow {
    /// Sorts pages as the portal lists them.
    pub fn place(&self) -> (usize, Timestamp, PageName) {
        (self.name.fixed_place().unwrap_or(FIXED.len()), self.first_at, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_spelled_in_one_way() {
        for good in ["about", "how-to-2", "ab"] {
            assert_eq!(good.parse::<PageName>().unwrap().to_string(), good);
        }
        let long = "a".repeat(NAME_MAX + 1);
        for bad in
            ["", "a", "About", "-ab", "ab-", "1ab", "a/b", "../x", "a.b", "あい", "index", "versions", &long]
        {
            assert!(bad.parse::<PageName>().is_err(), "{bad}");
        }
        for fixed in FIXED {
            assert!(fixed.parse::<PageName>().is_ok(), "{fixed}");
        }
    }

    #[test]
    fn every_field_in_error_is_named() {
        let text = PageText { title: " \n ".into(), body: "あ".repeat(BODY_MAX + 1) };
        let wrong: Vec<_> = text.check().unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(wrong, ["title", "body"]);
        let text = PageText { title: " 題 \n名 ".into(), body: "一行目\r\n二行目\n\n".into() };
        let checked = text.check().unwrap();
        assert_eq!((checked.title.as_str(), checked.body.as_str()), ("題 名", "一行目\n二行目"));
    }
}
