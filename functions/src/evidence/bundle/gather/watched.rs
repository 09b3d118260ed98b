//! Days of monitoring, held against their records: what was counted in the night after a day says nothing of what is
//! still there.

use super::AT_ONCE;
use crate::{
    app::App,
    store::{blob::BlobKey, error::StoreError},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use shared::{
    calendar::{Day, Timestamp},
    evidence::monitor::{MonitorDay, Record, SlotCount},
};

/// So many of the period's last days are held against the records in the table, where whoever would remove one removes
/// it. A year has more than 280,000 of them, so the days before are held against the one locked file that has all of a
/// day's records.
const IN_TABLE_DAYS: i64 = 31;

/// The part of a day's locked file that is read.
#[derive(Deserialize)]
struct Locked {
    records: Vec<Record>,
}

/// The days of the period that are over and were counted, each with what is there of it now.
pub(super) async fn days(
    app: &App,
    from: Day,
    to: Day,
    now: Timestamp,
) -> Result<Vec<MonitorDay>, StoreError> {
    // A period may begin today, of which no day is over.
    let over = to.min(now.day().plus_days(-1));
    if from > over {
        return Ok(Vec::new());
    }
    let in_table = over.plus_days(1 - IN_TABLE_DAYS);
    let read = app.store.monitor_days(from, over).await?.into_iter().map(async |counted| {
        let records = if counted.day >= in_table {
            app.store.monitor_records(counted.day, None).await?
        } else {
            locked(app, counted.day).await?
        };
        Ok::<_, StoreError>(as_far_as_there(counted, &records))
    });
    stream::iter(read).buffered(AT_ONCE).try_collect().await
}

/// The records of a day as they were locked away; none where there is no such file, or it cannot be read.
async fn locked(app: &App, day: Day) -> Result<Vec<Record>, StoreError> {
    let blobs = &app.store.blobs;
    let key = BlobKey::MonitorDay(day).to_string();
    let Some((key, version)) = blobs.first_version(&key).await? else { return Ok(Vec::new()) };
    let found = blobs.archived(&key, &version).await?;
    let file = found.and_then(|found| serde_json::from_slice::<Locked>(&found.body).ok());
    Ok(file.map(|file| file.records).unwrap_or_default())
}

fn as_far_as_there(counted: MonitorDay, records: &[Record]) -> MonitorDay {
    let start = counted.day.start();
    let there = MonitorDay::of(counted.day, records, start, start);
    let as_there = |count: &SlotCount| {
        let recorded = count.recorded.min(there.count(count.cadence).recorded);
        SlotCount { recorded, ..*count }
    };
    MonitorDay { slots: counted.slots.iter().map(as_there).collect(), ..counted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::evidence::monitor::{Cadence, Slot};

    #[test]
    fn what_was_counted_stands_as_far_as_it_is_there() {
        let day: Day = "2026-11-21".parse().unwrap();
        let record = |index: u16| {
            let slot = Slot { day, cadence: Cadence::Live, index };
            Record { slot, at: slot.start(), looks: Vec::new() }
        };
        let counted = |recorded| {
            let slots = vec![SlotCount { cadence: Cadence::Live, expected: 288, recorded }];
            MonitorDay { day, slots, parts: Vec::new() }
        };
        let mut records: Vec<Record> = (0..288).map(record).collect();
        assert_eq!(as_far_as_there(counted(288), &records), counted(288));
        // What was missing in the night stays missing, whatever was written later.
        assert_eq!(as_far_as_there(counted(280), &records), counted(280));
        records.remove(100);
        assert_eq!(as_far_as_there(counted(288), &records), counted(287));
        assert_eq!(as_far_as_there(counted(288), &[]), counted(0));
    }
}
