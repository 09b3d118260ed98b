//! The floor: the same bytes by nothing but the calls to the services, one after another.

use crate::cloud::{ARCHIVE, TABLE};
use anyhow::{Context, Result};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use bytes::Bytes;
use functions::{
    app::App,
    random,
    store::{blob::BlobKey, keys},
};
use shared::{
    calendar::Day,
    evidence::{BackupKind, Generation, Manifest},
    id::{AttachmentId, GenerationId},
};
use std::{collections::HashMap, time::Instant};

/// Most writes in one call.
const BATCH: usize = 25;
/// Tries of one call that put them.
const TRIES: u32 = 6;

type Raw = HashMap<String, AttributeValue>;

/// Queries what was sent on these days; the seconds.
pub async fn query(table: &aws_sdk_dynamodb::Client, days: &[Day]) -> Result<f64> {
    let start = Instant::now();
    for day in days {
        let mut after = None;
        loop {
            (_, after) = page(table, keys::journal(*day), after).await?;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(start.elapsed().as_secs_f64())
}

/// A page of a partition, and after which key the next one begins.
async fn page(
    table: &aws_sdk_dynamodb::Client,
    partition: String,
    after: Option<Raw>,
) -> Result<(Vec<Raw>, Option<Raw>)> {
    let ask = table.query().table_name(TABLE).key_condition_expression("pk = :partition");
    let ask = ask.expression_attribute_values(":partition", AttributeValue::S(partition));
    let page = ask.set_exclusive_start_key(after).send().await?;
    Ok((page.items.unwrap_or_default(), page.last_evaluated_key))
}

/// The objects of a generation: key, version, size.
pub async fn objects(app: &App, generation: &Generation) -> Result<Vec<(String, String, u64)>> {
    let written = app.store.blobs.archived(&generation.manifest_key, &generation.manifest_version).await?;
    let manifest =
        Manifest::read(&written.context("no manifest")?.body).map_err(|why| anyhow::anyhow!("{why:?}"))?;
    Ok(manifest.objects.into_iter().map(|object| (object.key, object.version, object.bytes)).collect())
}

/// Puts objects of these sizes under the lock of a day; the seconds.
pub async fn put(app: &App, objects: &[(String, String, u64)], day: Day) -> Result<f64> {
    let now = app.clock.now();
    let run = random::id(now, GenerationId::from_parts);
    let mut chance = fastrand::Rng::with_seed(1);
    let mut bodies = Vec::new();
    for (_, _, size) in objects {
        let bytes: Bytes =
            std::iter::repeat_with(|| chance.u8(..)).take(usize::try_from(*size)?).collect::<Vec<_>>().into();
        bodies.push(bytes);
    }
    let start = Instant::now();
    for bytes in bodies {
        let key = BlobKey::Copy(BackupKind::System, day, run, random::id(now, AttachmentId::from_parts));
        app.store.blobs.archive(&key, "application/octet-stream", bytes, day.locked_until()).await?;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Gets objects by their versions; the seconds.
pub async fn get<'o>(
    blobs: &aws_sdk_s3::Client,
    objects: impl IntoIterator<Item = (&'o str, &'o str)>,
) -> Result<f64> {
    let start = Instant::now();
    for (key, version) in objects {
        let ask = blobs.get_object().bucket(ARCHIVE).key(key).version_id(version);
        ask.send().await?.body.collect().await?;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Writes into one table what another holds in these partitions; the seconds of writing. A Scan of millions is not answered in
/// time by the embedded store, a Query is.
pub async fn copy(
    from: &aws_sdk_dynamodb::Client,
    into: &aws_sdk_dynamodb::Client,
    partitions: impl IntoIterator<Item = String>,
) -> Result<f64> {
    let mut seconds = 0.0;
    for partition in partitions {
        let mut after = None;
        loop {
            let items;
            (items, after) = page(from, partition.clone(), after).await?;
            let start = Instant::now();
            for batch in items.chunks(BATCH) {
                put_all(into, batch).await?;
            }
            seconds += start.elapsed().as_secs_f64();
            if after.is_none() {
                break;
            }
        }
    }
    Ok(seconds)
}

async fn put_all(into: &aws_sdk_dynamodb::Client, items: &[Raw]) -> Result<()> {
    let puts = items.iter().map(|item| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build()?;
        anyhow::Ok(WriteRequest::builder().put_request(put).build())
    });
    let puts = puts.collect::<Result<Vec<_>>>()?;
    // A store that is busy for a minute ends no restore, and so not the floor that it is held against.
    let mut tries = 1;
    while let Err(busy) = into.batch_write_item().request_items(TABLE, puts.clone()).send().await {
        tries += 1;
        if tries > TRIES {
            return Err(busy.into());
        }
    }
    Ok(())
}
