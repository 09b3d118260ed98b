//! Queries over one partition of the table or of its index: never a scan.

use super::{
    Store,
    error::StoreError,
    item::Item,
    schema::{INDEX, INDEX_PK, INDEX_SK, PK, SK},
};
use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use std::collections::HashMap;

/// Where a page of a query ended.
pub(crate) type Cursor = HashMap<String, AttributeValue>;

/// A query being put together.
pub(crate) struct Query<'s> {
    store: &'s Store,
    partition: String,
    between: Option<(String, String)>,
    limit: Option<i32>,
    newest_first: bool,
    by_index: bool,
}

impl<'s> Query<'s> {
    pub(super) fn new(store: &'s Store, partition: &str) -> Self {
        let partition = partition.to_owned();
        Self { store, partition, between: None, limit: None, newest_first: false, by_index: false }
    }

    /// Sort keys from `low` to `high`, both included.
    pub fn between(mut self, low: impl Into<String>, high: impl Into<String>) -> Self {
        self.between = Some((low.into(), high.into()));
        self
    }

    /// Sort keys that begin so.
    pub fn beginning_with(self, prefix: &str) -> Self {
        self.between(prefix, format!("{prefix}\u{10FFFF}"))
    }

    /// At most so many.
    pub fn limit(mut self, items: usize) -> Self {
        self.limit = i32::try_from(items).ok();
        self
    }

    /// From the highest sort key down.
    pub fn newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }

    /// Over the index instead of the table; an index is not read consistently.
    pub fn by_index(mut self) -> Self {
        self.by_index = true;
        self
    }

    /// One page of the table, from the beginning or from where the last one ended; and where it ended itself, if there is
    /// more. For what is too much to be held at once.
    pub async fn page(self, after: Option<Cursor>) -> Result<(Vec<Item>, Option<Cursor>), StoreError> {
        let answer = self.ask().set_exclusive_start_key(after).send().await?;
        let items = answer.items.unwrap_or_default().into_iter().map(Item::from).collect();
        Ok((items, answer.last_evaluated_key))
    }

    /// The items: one page of the table if limited, all pages if not.
    pub async fn run(self) -> Result<Vec<Item>, StoreError> {
        let mut found: Vec<Item> = Vec::new();
        let mut start = None;
        loop {
            let left = self.limit.map(|limit| limit - i32::try_from(found.len()).unwrap_or(i32::MAX));
            let answer = self.ask().set_limit(left).set_exclusive_start_key(start).send().await?;
            found.extend(answer.items.unwrap_or_default().into_iter().map(Item::from));
            start = answer.last_evaluated_key;
            let full = self.limit.is_some_and(|limit| found.len() >= usize::try_from(limit).unwrap_or(0));
            if start.is_none() || full {
                return Ok(found);
            }
        }
    }

    fn ask(&self) -> QueryFluentBuilder {
        let (pk, sk) = if self.by_index { (INDEX_PK, INDEX_SK) } else { (PK, SK) };
        let condition = match self.between {
            Some(_) => format!("{pk} = :p AND {sk} BETWEEN :low AND :high"),
            None => format!("{pk} = :p"),
        };
        let mut ask = self.store.client.query().table_name(&self.store.table);
        ask = ask.key_condition_expression(condition).scan_index_forward(!self.newest_first);
        ask = ask.expression_attribute_values(":p", AttributeValue::S(self.partition.clone()));
        if let Some((low, high)) = &self.between {
            ask = ask.expression_attribute_values(":low", AttributeValue::S(low.clone()));
            ask = ask.expression_attribute_values(":high", AttributeValue::S(high.clone()));
        }
        if self.by_index { ask.index_name(INDEX) } else { ask.consistent_read(true) }
    }
}
