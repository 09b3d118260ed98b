//! What follows from a record: what is known of each part, one draft of an incident while it is not solved, remarks.

use super::MonitorError;
use crate::{
    app::App,
    procedure::{note_by_system, open_by_system},
    store::error::StoreError,
};
use shared::{
    calendar::Timestamp,
    evidence::monitor::{Anomaly, Look, Record, Say, Slot, Trouble, Watch, key},
    procedure::{Case, Form, Procedure, moment_text},
};

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
    let start = slot.start();
    let mut before = app.store.watch(look.part).await?;
    let seen = before.as_ref().map(|watch| watch.seen);
    if seen.is_some_and(|seen| seen >= start) {
        return Ok(());
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
            let case = open(app, slot, look, before.as_ref().and_then(|watch| watch.good_at)).await?;
            next.trouble = Some(Trouble::new(case.id, case.number, start));
        }
        Say::Add(words) => {
            if let Some(trouble) = &next.trouble {
                // An incident with no room for remarks is still the one that is open: the page goes on counting.
                note_by_system(app, trouble.case, &words).await?;
            }
        }
    }
    // Whoever was first has done all of it: keys open one incident, and the newest slot stays.
    app.store.put_watch(&next, seen).await?;
    Ok(())
}

async fn open(app: &App, slot: Slot, look: &Look, good_at: Option<Timestamp>) -> Result<Case, MonitorError> {
    let now = app.clock.now();
    let last = good_at.map_or_else(
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
    let case = open_by_system(app, Procedure::Incident, &form, &key(look.part, slot)).await?;
    note(app, slot, look, &case).await?;
    Ok(case)
}

async fn note(app: &App, slot: Slot, look: &Look, case: &Case) -> Result<(), StoreError> {
    let anomaly = Anomaly {
        part: look.part,
        since: slot.start(),
        words: look.words.clone(),
        case: case.id,
        number: case.number.clone(),
    };
    app.store.put_anomaly(&anomaly).await
}
