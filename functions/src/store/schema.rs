//! The table's shape: the same in the cloud's template, the local environment and the tests.

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
    },
};

use super::error::StoreError;

/// Partition key.
pub const PK: &str = "pk";
/// Sort key.
pub const SK: &str = "sk";
/// The one index: lists by something else than the key.
pub const INDEX: &str = "lists";
/// Partition key of the index.
pub const INDEX_PK: &str = "by_pk";
/// Sort key of the index.
pub const INDEX_SK: &str = "by_sk";
/// Seconds since 1970 after which the table may forget an item: sessions, command replies, throttles only.
pub const TTL: &str = "ttl_at";

/// Makes the table, where no template does it.
///
/// # Errors
/// If the table exists or the service refuses.
pub async fn create(client: &Client, table: &str) -> Result<(), StoreError> {
    let text = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(key(INDEX_PK, KeyType::Hash)?)
        .key_schema(key(INDEX_SK, KeyType::Range)?)
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build()?;
    let mut ask = client.create_table().table_name(table).billing_mode(BillingMode::PayPerRequest);
    for name in [PK, SK, INDEX_PK, INDEX_SK] {
        ask = ask.attribute_definitions(text(name)?);
    }
    ask.key_schema(key(PK, KeyType::Hash)?)
        .key_schema(key(SK, KeyType::Range)?)
        .global_secondary_indexes(index)
        .deletion_protection_enabled(true)
        .send()
        .await?;
    let ttl = TimeToLiveSpecification::builder().attribute_name(TTL).enabled(true).build()?;
    client.update_time_to_live().table_name(table).time_to_live_specification(ttl).send().await?;
    Ok(())
}
