//! One command, one transaction: the change guarded by what it expects, the command's id, the audit event.

use super::{Store, error::StoreError, item::Item, keys::Key};
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};
use shared::calendar::Timestamp;
use std::collections::HashMap;

/// Why a transaction was not done. The number is the one that the failed write was given.
#[derive(Debug)]
pub enum Conflict<T> {
    /// A write's condition did not hold.
    Condition(T),
    /// The store itself.
    Store(StoreError),
}

impl<T> From<StoreError> for Conflict<T> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes that happen together or not at all. `T` names, for each guarded write, what its refusal means.
pub struct Tx<T> {
    writes: Vec<TransactWriteItem>,
    /// What is updated: a transaction takes an item once.
    updated: Vec<Key>,
    meanings: Vec<Option<T>>,
}

impl<T> Default for Tx<T> {
    fn default() -> Self {
        Self { writes: Vec::new(), updated: Vec::new(), meanings: Vec::new() }
    }
}

/// An update of one item.
pub struct Change {
    key: Key,
    expression: String,
    condition: String,
    values: HashMap<String, AttributeValue>,
}

impl Change {
    /// Of this item, by this update expression.
    pub fn of(key: Key, expression: &str) -> Self {
        Self { key, expression: expression.to_owned(), condition: String::new(), values: HashMap::new() }
    }

    /// Takes something in hand for some seconds, unless somebody else has it. The call may be carried out and its answer
    /// lost: the same call again finds its own mark and not somebody else's.
    pub fn claim(key: Key, now: Timestamp, seconds: i64) -> Self {
        Self::of(key, "SET held_to = :end, holder = :me")
            .only_if("attribute_not_exists(pk) OR held_to <= :now OR holder = :me")
            .number(":end", now.plus_seconds(seconds).ms())
            .number(":now", now.ms())
            .text(":me", hex::encode(crate::random::bytes::<16>()))
    }

    /// Only if this condition holds.
    #[must_use]
    pub fn only_if(mut self, condition: &str) -> Self {
        condition.clone_into(&mut self.condition);
        self
    }

    /// A number in the expressions.
    #[must_use]
    pub fn number(mut self, name: &str, value: impl Into<i128>) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::N(value.into().to_string()));
        self
    }

    /// A text in the expressions.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    fn into_parts(self) -> (Key, String, Option<String>, Option<HashMap<String, AttributeValue>>) {
        let condition = (!self.condition.is_empty()).then_some(self.condition);
        let values = (!self.values.is_empty()).then_some(self.values);
        (self.key, self.expression, condition, values)
    }
}

impl<T> Tx<T> {
    /// Puts an item that must not exist yet.
    pub fn create(&mut self, store: &Store, item: Item, otherwise: T) -> Result<(), StoreError> {
        let put = Put::builder().table_name(&store.table).set_item(Some(item.into_attributes()));
        let put = put.condition_expression("attribute_not_exists(pk)").build()?;
        self.push(TransactWriteItem::builder().put(put).build(), Some(otherwise));
        Ok(())
    }

    /// Puts an item whatever was there.
    pub fn put(&mut self, store: &Store, item: Item) -> Result<(), StoreError> {
        let put = Put::builder().table_name(&store.table).set_item(Some(item.into_attributes())).build()?;
        self.push(TransactWriteItem::builder().put(put).build(), None);
        Ok(())
    }

    /// Updates an item under its condition.
    pub fn update(&mut self, store: &Store, change: Change, otherwise: Option<T>) -> Result<(), StoreError> {
        let (key, expression, condition, values) = change.into_parts();
        self.updated.push(key.clone());
        let update = Update::builder()
            .table_name(&store.table)
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .set_condition_expression(condition)
            .set_expression_attribute_values(values)
            .build()?;
        self.push(TransactWriteItem::builder().update(update).build(), otherwise);
        Ok(())
    }

    /// Asks for a condition on an item that is not written.
    pub fn require(
        &mut self,
        store: &Store,
        key: &Key,
        condition: &str,
        otherwise: T,
    ) -> Result<(), StoreError> {
        let check = ConditionCheck::builder().table_name(&store.table).set_key(Some(key.attributes()));
        let check = check.condition_expression(condition).build()?;
        self.push(TransactWriteItem::builder().condition_check(check).build(), Some(otherwise));
        Ok(())
    }

    /// Removes an item that is no evidence.
    pub fn remove(&mut self, store: &Store, key: &Key) -> Result<(), StoreError> {
        let delete = Delete::builder().table_name(&store.table).set_key(Some(key.attributes())).build()?;
        self.push(TransactWriteItem::builder().delete(delete).build(), None);
        Ok(())
    }

    /// Removes an item that must still be there: something that is good once.
    pub fn remove_existing(&mut self, store: &Store, key: &Key, otherwise: T) -> Result<(), StoreError> {
        let delete = Delete::builder().table_name(&store.table).set_key(Some(key.attributes()));
        let delete = delete.condition_expression("attribute_exists(pk)").build()?;
        self.push(TransactWriteItem::builder().delete(delete).build(), Some(otherwise));
        Ok(())
    }

    /// Whether an update of this item is among the writes.
    pub fn touches(&self, key: &Key) -> bool {
        self.updated.contains(key)
    }

    /// Asks the last write first: when several conditions fail, its meaning is the answer.
    pub fn ask_last_first(&mut self) {
        self.writes.rotate_right(1);
        self.meanings.rotate_right(1);
    }

    fn push(&mut self, write: TransactWriteItem, meaning: Option<T>) {
        self.writes.push(write);
        self.meanings.push(meaning);
    }

    /// Does it all, or nothing.
    pub async fn commit(mut self, store: &Store) -> Result<(), Conflict<T>> {
        let ask =
            store.client.transact_write_items().set_transact_items(Some(std::mem::take(&mut self.writes)));
        match ask.send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(context)) if context.err().is_transaction_canceled_exception() => {
                Err(self.meaning(context.err()))
            }
            Err(error) => Err(Conflict::Store(error.into())),
        }
    }

    fn meaning(self, error: &TransactWriteItemsError) -> Conflict<T> {
        let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
            return Conflict::Store(StoreError::Service("TransactionCanceled".into()));
        };
        let reasons = cancelled.cancellation_reasons();
        let failed = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
        for (meaning, reason) in self.meanings.into_iter().zip(reasons) {
            if let (Some(meaning), true) = (meaning, failed(reason)) {
                return Conflict::Condition(meaning);
            }
        }
        let code = reasons
            .iter()
            .filter_map(CancellationReason::code)
            .find(|code| *code != "None")
            .unwrap_or("None");
        match code {
            "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded" => {
                Conflict::Store(StoreError::Busy(code.to_owned()))
            }
            _ => Conflict::Store(StoreError::Service(code.to_owned())),
        }
    }
}

impl Store {
    /// One update outside a transaction; `false` if its condition did not hold.
    pub(crate) async fn change(&self, change: Change) -> Result<bool, StoreError> {
        let (key, expression, condition, values) = change.into_parts();
        let ask = self.client.update_item().table_name(&self.table).set_key(Some(key.attributes()));
        let ask = ask.update_expression(expression).set_condition_expression(condition);
        match ask.set_expression_attribute_values(values).send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(context)) if context.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts one item outside a transaction.
    pub(crate) async fn put(&self, item: Item) -> Result<(), StoreError> {
        self.client.put_item().table_name(&self.table).set_item(Some(item.into_attributes())).send().await?;
        Ok(())
    }

    /// Removes one item while its document is still this one; `false` when it is another.
    pub(crate) async fn remove_unchanged(&self, key: &Key, doc: &str) -> Result<bool, StoreError> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key.attributes()));
        let delete = delete.condition_expression("doc = :was");
        let delete = delete.expression_attribute_values(":was", AttributeValue::S(doc.to_owned()));
        // On the heap: whoever erases calls it at the end of a long chain.
        match Box::pin(delete.send()).await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(context)) if context.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Removes one item that nobody needs as evidence: sessions, throttles.
    pub(crate) async fn remove(&self, key: &Key) -> Result<(), StoreError> {
        self.client.delete_item().table_name(&self.table).set_key(Some(key.attributes())).send().await?;
        Ok(())
    }
}
