//! What follows from a record: what is known of each part, one draft of an incident while it is not solved, remarks.

use super::MonitorError;
use crate::{
    app::App,
    procedure::{note_by_system, open_by_system},
    store::error::StoreError,
};
use shared::{
    calendar::Timestamp,
    evidence::monitor::{Anomaly, Cadence, Look, Record, Say, Slot, Trouble, Watch, key},
    procedure::{Case, Form, Procedure, moment_of, moment_text},
};
use std::iter;

/// Slots that ended so many seconds ago are left as they are.
const UNSETTLED_SECONDS: i64 = 60 * 60;

/// Takes on every record that nobody has taken on yet, in the order of time: what a run that died had found comes first, for
/// by now it may be over. Takes no input and is safe to repeat, beside another run, too.
///
/// # Errors
/// As [`settle`].
pub async fn run_due(app: &App) -> Result<(), MonitorError> {
    let now = app.clock.now();
    let Some(begun) = app.store.monitored_since().await? else { return Ok(()) };
    let slots = unsettled(&app.store.watches().await?, begun, now);
    let mut records = app.store.monitor_records_of(&slots).await?;
    records.sort_by_key(|record| record.slot.start());
    for record in &records {
        settle(app, record).await?;
    }
    Ok(())
}

/// The slots until now that began after what is known of their parts.
fn unsettled(watches: &[Watch], begun: Timestamp, now: Timestamp) -> Vec<Slot> {
    let since = begun.max(now.plus_seconds(-UNSETTLED_SECONDS));
    let of_cadence = |cadence: &Cadence| {
        let own = watches.iter().filter(|watch| watch.part.cadence() == Some(*cadence));
        let seen = own.map(|watch| watch.seen).min();
        let from_now_back = iter::successors(Some(Slot::of(*cadence, now)), |slot| Some(slot.before()));
        from_now_back
            .take_while(move |slot| slot.end() > since && seen.is_none_or(|seen| slot.start() > seen))
    };
    Cadence::ALL.iter().flat_map(of_cadence).collect()
}

/// Takes every part of a record on. A record that was settled before changes nothing.
///
/// # Errors
/// If table or incident cannot be written; what is left is done with the next record or by the check.
pub async fn settle(app: &App, record: &Record) -> Result<(), MonitorError> {
    for look in &record.looks {
        take_on(app, record.slot, look).await?;
    }
    Ok(())
}

async fn take_on(app: &App, slot: Slot, look: &Look) -> Result<(), MonitorError> {
    // Where somebody else was quicker, what they wrote down counts. It is of a later slot each time, so this ends.
    while !try_to_take_on(app, slot, look).await? {}
    Ok(())
}

/// `false` if somebody else took the part on meanwhile, from this slot or another.
async fn try_to_take_on(app: &App, slot: Slot, look: &Look) -> Result<bool, MonitorError> {
    let start = slot.start();
    let mut before = app.store.watch(look.part).await?;
    let seen = before.as_ref().map(|watch| watch.seen);
    if seen.is_some_and(|seen| seen >= start) {
        return Ok(true);
    }
    if let Some(watch) = &mut before
        && let Some(trouble) = &watch.trouble
        && app.store.case(trouble.case).await?.is_none_or(|case| case.state.is_closed())
    {
        watch.trouble = None;
    }
    let (mut next, say) = Watch::after(before.as_ref(), look, start);
    match say {
        Say::Nothing => {}
        Say::Open => {
            let case = open(app, slot, look, before.as_ref()).await?;
            next.trouble = Some(Trouble::new(case.id, case.number, start));
        }
        Say::Add(words) => {
            if let Some(trouble) = &next.trouble {
                // An incident with no room for remarks is still the one that is open: the page goes on counting.
                note_by_system(app, trouble.case, &words).await?;
            }
        }
    }
    Ok(app.store.put_watch(&next, seen).await?)
}

/// Opens the draft, or gives the one that was opened by somebody else who knew the same of the part, or by a run that died
/// before it wrote anything else down.
async fn open(app: &App, slot: Slot, look: &Look, before: Option<&Watch>) -> Result<Case, MonitorError> {
    let now = app.clock.now();
    let begun = app.store.monitored_since().await?.unwrap_or(slot.start());
    let name = key(look.part, before.map(|watch| watch.seen), begun);
    let last = before.and_then(|watch| watch.good_at).map_or_else(
        || "これまでに正常だった点検はありません。".to_owned(),
        |at| format!("最後に正常だった点検: {}", at.in_full()),
    );
    let cadence = slot.cadence.label();
    let form = Form::from([
        ("kind".to_owned(), "fault".to_owned()),
        ("subject".to_owned(), format!("自動検知: {}", look.part.label())),
        ("found_at".to_owned(), moment_text(now)),
        ("found_where".to_owned(), look.part.label().to_owned()),
        ("occurred_at".to_owned(), moment_text(slot.start().min(now))),
        ("content".to_owned(), format!("{cadence}の点検で見つかりました。\n{}\n{last}", look.words)),
        ("scope".to_owned(), "確認中".to_owned()),
    ]);
    let case = open_by_system(app, Procedure::Incident, &form, &name).await?;
    note(app, slot, look, &case).await?;
    Ok(case)
}

async fn note(app: &App, slot: Slot, look: &Look, case: &Case) -> Result<(), StoreError> {
    // The draft may have been opened in another slot: an incident has one line.
    let occurred_at = case.form.get("occurred_at").and_then(|text| moment_of(text));
    let anomaly = Anomaly {
        part: look.part,
        since: occurred_at.unwrap_or(slot.start()),
        words: look.words.clone(),
        case: case.id,
        number: case.number.clone(),
    };
    app.store.put_anomaly(&anomaly).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::evidence::monitor::Part;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-20T{text}:00+09:00").parse().unwrap()
    }

    fn watch(part: Part, seen: &str) -> Watch {
        let look = Look { part, good: true, ms: 1, words: String::new(), firewall: None };
        Watch::after(None, &look, at(seen)).0
    }

    fn live(watches: &[Watch], begun: &str) -> Vec<Timestamp> {
        let slots = unsettled(watches, at(begun), at("10:12"));
        slots.into_iter().filter(|slot| slot.cadence == Cadence::Live).map(Slot::start).collect()
    }

    #[test]
    fn from_the_part_that_is_furthest_behind_up_to_now() {
        let watches = [watch(Part::Table, "10:05"), watch(Part::Api, "10:00"), watch(Part::Clock, "10:00")];
        assert_eq!(live(&watches, "08:00"), [at("10:10"), at("10:05")]);
        assert!(live(&[watch(Part::Table, "10:10")], "08:00").is_empty());
    }

    #[test]
    fn not_before_monitoring_began_and_no_longer_back_than_an_hour() {
        assert_eq!(live(&[], "10:05"), [at("10:10"), at("10:05")]);
        assert_eq!(live(&[], "08:00").last(), Some(&at("09:10")));
    }
}
