//! Counts what a DynamoDB client really asks and what the table charges for it: the aim is in calls, the bill
//! is in capacity units.

use super::stage::Stage;
use crate::{cloud::settings, testclock::TestClock};
use anyhow::{Result, bail};
use aws_sdk_dynamodb::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut},
    },
    error::BoxError,
    operation::{
        batch_get_item::{BatchGetItemInput, BatchGetItemOutput},
        get_item::{GetItemInput, GetItemOutput},
        put_item::{PutItemInput, PutItemOutput},
        query::{QueryInput, QueryOutput},
        transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput},
        update_item::{UpdateItemInput, UpdateItemOutput},
    },
    types::{ConsumedCapacity, ReturnConsumedCapacity},
};
use bytes::Bytes;
use functions::app::App;
use std::sync::{Arc, Mutex, PoisonError};

/// The calls of a client, in order: which, and at what cost.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Vec<(&'static str, f64)>>>);

impl Meter {
    /// The client, metered.
    pub fn on(&self, client: &Client) -> Client {
        Client::from_conf(client.config().to_builder().interceptor(self.clone()).build())
    }

    /// What was called since the last time, as `GetItem 0.5 + Query 12`, and the units in all.
    pub fn take(&self) -> (String, f64) {
        let calls = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let each: Vec<_> = calls.iter().map(|(call, units)| format!("{call} {units}")).collect();
        (each.join(" + "), calls.iter().map(|(_, units)| units).sum())
    }
}

/// What one request to the API calls and costs: the same handlers in this process, over a metered client.
pub async fn request(stage: &Stage, request: http::Request<Bytes>) -> Result<(String, f64)> {
    let meter = Meter::default();
    let (table, blobs) = stage.endpoints.clients();
    let app = App::new(meter.on(&table), blobs, Arc::new(TestClock::default()), settings(Vec::new()));
    let answer = functions::http::handle(&app, request, "127.0.0.1").await;
    if answer.status() != http::StatusCode::OK {
        bail!("the metered request was answered {}", answer.status());
    }
    Ok(meter.take())
}

fn units<'c>(charged: impl Iterator<Item = &'c ConsumedCapacity>) -> f64 {
    charged.filter_map(|one| one.capacity_units).sum()
}

impl Meter {
    fn note(&self, call: &'static str, units: f64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((call, units));
    }
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        macro_rules! ask {
            ($($input:ident)+) => {$(
                if let Some(input) = context.input_mut().downcast_mut::<$input>() {
                    input.return_consumed_capacity = Some(ReturnConsumedCapacity::Total);
                }
            )+};
        }
        ask!(GetItemInput QueryInput PutItemInput UpdateItemInput BatchGetItemInput TransactWriteItemsInput);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else { return Ok(()) };
        macro_rules! hear {
            ($($call:literal $output:ident)+) => {$(
                if let Some(output) = output.downcast_ref::<$output>() {
                    self.note($call, units(output.consumed_capacity.iter()));
                }
            )+};
        }
        hear!("GetItem" GetItemOutput "Query" QueryOutput "PutItem" PutItemOutput "UpdateItem" UpdateItemOutput);
        if let Some(output) = output.downcast_ref::<BatchGetItemOutput>() {
            self.note("BatchGetItem", units(output.consumed_capacity.iter().flatten()));
        }
        if let Some(output) = output.downcast_ref::<TransactWriteItemsOutput>() {
            self.note("TransactWriteItems", units(output.consumed_capacity.iter().flatten()));
        }
        Ok(())
    }
}
