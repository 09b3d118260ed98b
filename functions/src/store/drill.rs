//! The isolated place of a drill: another table and another bucket, made and dropped with it; and what drills found.

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys,
    schema::{self, INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use crate::settings::Settings;
use aws_sdk_s3::{
    error::{ProvideErrorMetadata, SdkError},
    types::{BucketLocationConstraint, CreateBucketConfiguration, Delete, ObjectIdentifier},
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    calendar::{Day, Timestamp},
    evidence::drill::{LastProven, Proof},
    id::GenerationId,
};
use std::time::Duration;

/// How often, and in which steps, a new table is waited for.
const WAITS: u32 = 60;
const WAIT: Duration = Duration::from_secs(1);

/// Where a drill works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isolated {
    /// The table.
    pub table: String,
    /// The bucket.
    pub bucket: String,
}

impl Isolated {
    /// Of a drill, beside the names of a deployment.
    pub fn of(settings: &Settings, id: GenerationId) -> Self {
        let id = id.to_string().to_lowercase();
        // A bucket's name has 63 characters.
        let beside: String = settings.attachments.chars().take(63 - 7 - id.len()).collect();
        Self { table: format!("{}-drill-{id}", settings.table), bucket: format!("{beside}-drill-{id}") }
    }

    /// The settings under which everything goes there and nothing to the deployment itself.
    pub fn settings(&self, of: &Settings) -> Settings {
        Settings {
            table: self.table.clone(),
            attachments: self.bucket.clone(),
            archive: self.bucket.clone(),
            portal: self.bucket.clone(),
            ..of.clone()
        }
    }
}

/// A drill in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct InHand {
    isolated: Isolated,
    held_to: Timestamp,
}

impl Store {
    /// The clients, for a deployment under other names.
    pub(crate) fn clients(&self) -> (aws_sdk_dynamodb::Client, aws_sdk_s3::Client) {
        (self.client.clone(), self.blobs.client.clone())
    }

    /// Takes a drill in hand, and drops what one that died has left; `false` while another one is under way.
    pub async fn begin_drill(
        &self,
        isolated: &Isolated,
        now: Timestamp,
        seconds: i64,
    ) -> Result<bool, StoreError> {
        let before = self.get(&keys::drill_claim()).await?;
        let before: Option<InHand> = before.map(|item| item.doc()).transpose()?;
        if before.as_ref().is_some_and(|before| before.held_to > now) {
            return Ok(false);
        }
        // First: once the claim tells of the new place, nobody would find the old one.
        if let Some(before) = before {
            self.drop_isolated(&before.isolated).await?;
        }
        let in_hand = InHand { isolated: isolated.clone(), held_to: now.plus_seconds(seconds) };
        let claim = Change::of(keys::drill_claim(), "SET doc = :doc, held_to = :end")
            // The same call again, after its answer was lost, is no other drill.
            .only_if("attribute_not_exists(pk) OR held_to <= :now OR doc = :doc")
            .text(":doc", serde_json::to_string(&in_hand)?)
            .number(":end", in_hand.held_to.ms())
            .number(":now", now.ms());
        self.change(claim).await
    }

    /// Gives the drill back, once its place is dropped. If it cannot be dropped, the claim stays, without its time, so that
    /// the next drill finds the place and need not wait.
    pub async fn end_drill(&self) -> Result<(), StoreError> {
        let Some(item) = self.get(&keys::drill_claim()).await? else { return Ok(()) };
        let in_hand: InHand = item.doc()?;
        if let Err(error) = self.drop_isolated(&in_hand.isolated).await {
            let over = InHand { held_to: Timestamp::from_ms(0), ..in_hand };
            let over = Change::of(keys::drill_claim(), "SET doc = :doc, held_to = :end")
                .text(":doc", serde_json::to_string(&over)?)
                .number(":end", 0);
            self.change(over).await?;
            return Err(error);
        }
        self.remove(&keys::drill_claim()).await
    }

    /// Makes the place.
    pub async fn make_isolated(&self, isolated: &Isolated) -> Result<(), StoreError> {
        // Nobody else's place has this name: what is there was made by this very call, whose answer was lost.
        match schema::create(&self.client, &isolated.table).await {
            Err(StoreError::Service(code)) if code == "ResourceInUseException" => {}
            made => made?,
        }
        let mut create = self.blobs.client.create_bucket().bucket(&isolated.bucket);
        if let Some(region) = self.blobs.client.config().region().filter(|r| r.as_ref() != "us-east-1") {
            let place = BucketLocationConstraint::from(region.as_ref());
            let place = CreateBucketConfiguration::builder().location_constraint(place);
            create = create.create_bucket_configuration(place.build());
        }
        match create.send().await {
            Err(error) if error.code() == Some("BucketAlreadyOwnedByYou") => {}
            made => {
                made?;
            }
        }
        for _ in 0..WAITS {
            let found = self.client.describe_table().table_name(&isolated.table).send().await?;
            let status = found.table.and_then(|table| table.table_status);
            if status == Some(aws_sdk_dynamodb::types::TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(WAIT).await;
        }
        Err(StoreError::Busy("table of a drill".into()))
    }

    /// Drops the place; what is not there is dropped already.
    pub async fn drop_isolated(&self, isolated: &Isolated) -> Result<(), StoreError> {
        let table = &isolated.table;
        let open = self.client.update_table().table_name(table).deletion_protection_enabled(false);
        missing_is_done(open.send().await)?;
        missing_is_done(self.client.delete_table().table_name(table).send().await)?;
        let (s3, bucket) = (&self.blobs.client, &isolated.bucket);
        loop {
            let page = match s3.list_objects_v2().bucket(bucket).send().await {
                Ok(page) => page,
                Err(error) if is_missing(&error) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            let keys = page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key);
            let keys = keys.map(|key| ObjectIdentifier::builder().key(key).build());
            let keys = keys.collect::<Result<Vec<_>, _>>().map_err(|_| StoreError::Shape("object's key"))?;
            if keys.is_empty() {
                break;
            }
            let keys = Delete::builder().set_objects(Some(keys)).quiet(true).build();
            let keys = keys.map_err(|_| StoreError::Shape("objects' keys"))?;
            s3.delete_objects().bucket(bucket).delete(keys).send().await?;
        }
        missing_is_done(s3.delete_bucket().bucket(bucket).send().await)
    }

    /// Notes what a drill found.
    pub async fn put_proof(&self, proof: &Proof) -> Result<(), StoreError> {
        let item = Item::new(&keys::proof(proof.started_at), proof)?;
        self.put(item.until(proof.started_at.day().locked_until())).await
    }

    /// What drills found, newest first.
    pub async fn proofs(&self, most: usize) -> Result<Vec<Proof>, StoreError> {
        let query = self.query(keys::DRILLS).beginning_with(keys::PROOF).newest_first().limit(most);
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// What drills of these days found, in order.
    pub async fn proofs_between(&self, first: Day, last: Day) -> Result<Vec<Proof>, StoreError> {
        let at = |day: Day| format!("{}{}", keys::PROOF, day.start());
        let query = self.query(keys::DRILLS).between(at(first), at(last.plus_days(1)));
        query.run().await?.iter().map(Item::doc).collect()
    }

    /// The day on which all generations were read back last.
    pub async fn generations_read_on(&self) -> Result<Option<Day>, StoreError> {
        self.get(&keys::generations_read()).await?.map(|item| item.doc()).transpose()
    }

    /// Notes that day.
    pub async fn put_generations_read_on(&self, day: Day) -> Result<(), StoreError> {
        self.put(Item::new(&keys::generations_read(), &day)?).await
    }

    /// The write that tells the portal of the last drill that found everything as it was.
    pub fn put_last_proven(&self, tx: &mut Tx<Code>, proven: &LastProven) -> Result<(), StoreError> {
        let key = keys::portal_proven();
        let sets = format!("SET doc = :doc, {INDEX_PK} = :list, {INDEX_SK} = :place");
        let place = key.sk.clone();
        let change = Change::of(key, &sets).text(":doc", serde_json::to_string(proven)?);
        tx.update(self, change.text(":list", keys::PORTAL).text(":place", place), None)?;
        self.turn_portal(tx)
    }
}

fn is_missing<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    matches!(error.code(), Some("NoSuchBucket" | "NotFound" | "ResourceNotFoundException"))
}

fn missing_is_done<T, E>(result: Result<T, SdkError<E, HttpResponse>>) -> Result<(), StoreError>
where
    E: ProvideErrorMetadata,
{
    match result {
        Ok(_) => Ok(()),
        Err(error) if is_missing(&error) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
