//! Items: keys, a document as JSON text, and the few attributes that conditions and lists need.
//!
//! The document is the domain's own JSON, so that what a test saved years ago is what a reader must still
//! understand; an attribute of its own is only what an expression compares or counts.

use super::{
    error::StoreError,
    keys::Key,
    schema::{INDEX_PK, INDEX_SK, PK, SK, TTL},
};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashMap;

/// The attribute with the document.
pub const DOC: &str = "doc";

/// One item of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(HashMap<String, AttributeValue>);

impl From<HashMap<String, AttributeValue>> for Item {
    fn from(attributes: HashMap<String, AttributeValue>) -> Self {
        Self(attributes)
    }
}

impl Item {
    /// An item with this document.
    pub fn new<T: Serialize>(key: &Key, doc: &T) -> Result<Self, StoreError> {
        Ok(Self(key.attributes()).text(DOC, serde_json::to_string(doc)?))
    }

    /// An item without a document: that it is there says all.
    pub fn bare(key: &Key) -> Self {
        Self(key.attributes())
    }

    /// With a text attribute.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    /// With a number attribute.
    #[must_use]
    pub fn number(mut self, name: &str, value: impl Into<i128>) -> Self {
        self.0.insert(name.to_owned(), AttributeValue::N(value.into().to_string()));
        self
    }

    /// Listed in the index.
    #[must_use]
    pub fn listed(self, pk: impl Into<String>, sk: impl Into<String>) -> Self {
        self.text(INDEX_PK, pk).text(INDEX_SK, sk)
    }

    /// Forgotten by the table some time after this instant.
    #[must_use]
    pub fn until(self, end: shared::calendar::Timestamp) -> Self {
        self.number(TTL, end.seconds())
    }

    /// The document.
    pub fn doc<T: DeserializeOwned>(&self) -> Result<T, StoreError> {
        Ok(serde_json::from_str(self.get_text(DOC)?)?)
    }

    /// A text attribute.
    pub fn get_text(&self, name: &'static str) -> Result<&str, StoreError> {
        match self.0.get(name) {
            Some(AttributeValue::S(text)) => Ok(text),
            _ => Err(StoreError::Shape(name)),
        }
    }

    /// A number attribute; 0 if it was never set.
    pub fn get_number<N: TryFrom<i64>>(&self, name: &'static str) -> Result<N, StoreError> {
        let number = match self.0.get(name) {
            Some(AttributeValue::N(text)) => text.parse::<i64>().ok(),
            None => Some(0),
            Some(_) => None,
        };
        number.and_then(|n| N::try_from(n).ok()).ok_or(StoreError::Shape(name))
    }

    /// With a number attribute lowered to `most` where it is higher.
    pub fn at_most(self, name: &'static str, most: u32) -> Result<Self, StoreError> {
        let number: u32 = self.get_number(name)?;
        Ok(if number > most { self.number(name, most) } else { self })
    }

    /// The sort key.
    pub fn sk(&self) -> Result<&str, StoreError> {
        self.get_text(SK)
    }

    /// The key.
    pub fn key(&self) -> Result<Key, StoreError> {
        Ok(Key { pk: self.get_text(PK)?.to_owned(), sk: self.sk()?.to_owned() })
    }

    /// All attributes.
    pub fn into_attributes(self) -> HashMap<String, AttributeValue> {
        self.0
    }

    /// As one line of JSON, keys in order: for backups.
    pub fn to_line(&self) -> Result<String, StoreError> {
        let mut fields = std::collections::BTreeMap::new();
        for (name, value) in &self.0 {
            let value = match value {
                AttributeValue::S(text) => serde_json::Value::from(text.as_str()),
                AttributeValue::N(number) => serde_json::json!({ "N": number }),
                _ => return Err(StoreError::Shape("attribute type")),
            };
            fields.insert(name, value);
        }
        Ok(serde_json::to_string(&fields)?)
    }

    /// From a line that [`Self::to_line`] wrote.
    pub fn from_line(line: &str) -> Result<Self, StoreError> {
        let fields: HashMap<String, serde_json::Value> = serde_json::from_str(line)?;
        let attributes = fields.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => Ok((name, AttributeValue::S(text))),
            serde_json::Value::Object(map) => match map.get("N") {
                Some(serde_json::Value::String(number)) => Ok((name, AttributeValue::N(number.clone()))),
                _ => Err(StoreError::Shape("number")),
            },
            _ => Err(StoreError::Shape("attribute type")),
        });
        Ok(Self(attributes.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_there_and_back() {
        let key = Key { pk: "P#1".into(), sk: "Z".into() };
        let item = Item::new(&key, &"本文\n\"二行\"").unwrap().number("last", 12).listed("L#patient", "1");
        assert_eq!(Item::from_line(&item.to_line().unwrap()).unwrap(), item);
        assert_eq!(item.get_number::<u32>("last").unwrap(), 12);
        assert_eq!(item.get_number::<u32>("never").unwrap(), 0);
    }
}
