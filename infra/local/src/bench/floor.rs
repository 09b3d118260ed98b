//! The floor: the very DynamoDB calls of an open and of a post, bare, from a plain SDK loop. Items are made
//! before the clock starts.

use super::{
    drive::Act,
    scene::{Page, entry, note},
};
use crate::cloud::TABLE;
use anyhow::Result;
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem, Update},
};
use functions::{
    clock::{Clock, SystemClock},
    random,
    store::{
        Store,
        evidence::Done,
        item::Item,
        keys::{self, Key, NOTE, PATIENT},
    },
};
use shared::{
    authority::Action,
    book::{LastNote, NoteNumber, PAGE},
    calendar::Timestamp,
    evidence::{AuditEvent, Outcome, Who},
    id::{CommandId, EventId, RequestId},
};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// Items that the API's query asks for: a page and one more note, the patient, a usual team. Should the API ask
/// for another number, the units of the two sides differ.
const LIMIT: i32 = PAGE as i32 + 2 + 12;

type Attributes = HashMap<String, AttributeValue>;

/// GetItem of the session, Query, PutItem of the event.
pub struct Open {
    bare: Bare,
}

/// GetItem of the session, BatchGetItem of two, TransactWriteItems of six.
pub struct Post {
    bare: Bare,
    last: u32,
    text: String,
}

struct Bare {
    client: Client,
    page: Page,
}

impl Open {
    /// Of one page.
    pub fn new(client: &Client, page: &Page) -> Self {
        Self { bare: Bare { client: client.clone(), page: page.clone() } }
    }
}

impl Post {
    /// Into one page, which nobody else writes to.
    pub fn new(client: &Client, page: &Page, text: &str) -> Self {
        let bare = Bare { client: client.clone(), page: page.clone() };
        Self { bare, last: page.notes, text: text.to_owned() }
    }
}

impl Act for Open {
    async fn act(&mut self) -> Result<Duration> {
        let event = self.bare.event(Action::ReadThread, SystemClock.now())?.into_attributes();
        let start = Instant::now();
        self.bare.session().await?;
        self.bare.thread().await?;
        self.bare.client.put_item().table_name(TABLE).set_item(Some(event)).send().await?;
        Ok(start.elapsed())
    }
}

impl Act for Post {
    async fn act(&mut self) -> Result<Duration> {
        let writes = self.writes(SystemClock.now())?;
        let start = Instant::now();
        self.bare.session().await?;
        self.bare.heads().await?;
        self.bare.client.transact_write_items().set_transact_items(Some(writes)).send().await?;
        self.last += 1;
        Ok(start.elapsed())
    }
}

impl Bare {
    async fn session(&self) -> Result<()> {
        let key = attributes(&keys::session(&self.page.session));
        self.client.get_item().table_name(TABLE).set_key(Some(key)).consistent_read(true).send().await?;
        Ok(())
    }

    async fn thread(&self) -> Result<()> {
        let partition = keys::patient_partition(self.page.patient);
        self.client
            .query()
            .table_name(TABLE)
            .key_condition_expression("pk = :p AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":p", AttributeValue::S(partition))
            .expression_attribute_values(":low", AttributeValue::S(NOTE.into()))
            .expression_attribute_values(":high", AttributeValue::S(PATIENT.into()))
            .scan_index_forward(false)
            .consistent_read(true)
            .limit(LIMIT)
            .send()
            .await?;
        Ok(())
    }

    async fn heads(&self) -> Result<()> {
        let page = &self.page;
        let wanted = [keys::patient(page.patient), keys::member(page.patient, page.actor.account)];
        let ask = KeysAndAttributes::builder()
            .set_keys(Some(wanted.iter().map(attributes).collect()))
            .consistent_read(true)
            .build()?;
        self.client.batch_get_item().request_items(TABLE, ask).send().await?;
        Ok(())
    }

    fn event(&self, action: Action, now: Timestamp) -> Result<Item> {
        let actor = &self.page.actor;
        let event = AuditEvent {
            id: random::id(now, EventId::from_parts),
            at: now,
            request: random::id(now, RequestId::from_parts),
            action,
            who: Some(Who { account: actor.account, facility: actor.facility, roles: actor.roles.clone() }),
            thing: vec![self.page.patient.to_string()],
            source: "127.0.0.1".into(),
            outcome: Outcome::Done,
        };
        Ok(Item::new(&keys::event(now, event.id), &event)?)
    }
}

impl Post {
    fn writes(&self, now: Timestamp) -> Result<Vec<TransactWriteItem>> {
        let page = &self.bare.page;
        let next = NoteNumber(self.last + 1);
        let note = note(next, &page.actor, self.text.clone(), now);
        let newest = LastNote {
            at: now,
            kind: note.kind,
            author: page.actor.name.clone(),
            profession: page.actor.profession,
        };
        let done =
            Done { by: page.actor.account, request: "0".repeat(64), reply: serde_json::to_value(&note)? };
        let command = keys::command(random::id(now, CommandId::from_parts));
        let journal = random::id(now, EventId::from_parts);
        Ok(vec![
            create(Item::new(&command, &done)?.until(now.plus_seconds(7 * 24 * 60 * 60)))?,
            create(Store::note_item(page.patient, &note)?)?,
            create(Store::journal_item(journal, &entry(page.patient, &note))?)?,
            update(
                &keys::patient(page.patient),
                ("SET last_no = :next, newest = :newest", "last_no = :last"),
                [
                    (":next", AttributeValue::N(next.to_string())),
                    (":last", AttributeValue::N(self.last.to_string())),
                    (":newest", AttributeValue::S(serde_json::to_string(&newest)?)),
                ],
            )?,
            update(
                &keys::member(page.patient, page.actor.account),
                ("SET read_to = :n, read_at = :now", "attribute_exists(pk)"),
                [
                    (":n", AttributeValue::N(next.to_string())),
                    (":now", AttributeValue::N(now.ms().to_string())),
                ],
            )?,
            create(self.bare.event(Action::WriteNote, now)?)?,
        ])
    }
}

fn attributes(key: &Key) -> Attributes {
    [("pk", &key.pk), ("sk", &key.sk)]
        .map(|(name, value)| (name.into(), AttributeValue::S(value.clone())))
        .into()
}

fn create(item: Item) -> Result<TransactWriteItem> {
    let put = Put::builder().table_name(TABLE).set_item(Some(item.into_attributes()));
    let put = put.condition_expression("attribute_not_exists(pk)").build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn update<const N: usize>(
    key: &Key,
    (expression, condition): (&str, &str),
    values: [(&str, AttributeValue); N],
) -> Result<TransactWriteItem> {
    let values = values.map(|(name, value)| (name.to_owned(), value));
    let update = Update::builder()
        .table_name(TABLE)
        .set_key(Some(attributes(key)))
        .update_expression(expression)
        .condition_expression(condition)
        .set_expression_attribute_values(Some(values.into()))
        .build()?;
    Ok(TransactWriteItem::builder().update(update).build())
}
