//! 計画停止の予告: a line over every page, before and while the service is stopped or can be read only.

use crate::{
    clock,
    components::{Notice, NoticeKind, TimeText},
    load::{load, refresh},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{Desk, ReadDesk},
    },
    calendar::Timestamp,
    procedure::{ServiceMode, Stop},
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(300);
/// From so many hours before its beginning on, a stop of the whole service is shown.
const SHOWN_HOURS: i64 = 7 * 24;
/// The same for one that leaves the book to read.
const SHOWN_HOURS_READ_ONLY: i64 = 24;

/// The banner; nothing while no stop is near.
#[component]
pub fn StopBanner() -> impl IntoView {
    let desk = load::<ReadDesk>(|| ((), Empty {}));
    refresh(EVERY, move || desk.again());
    move || {
        let now = clock::now();
        let stop = desk.shown.with(|desk| desk.as_ref().and_then(|desk| near(desk, now)))?;
        Some(view! { <Words stop=stop now=now /> })
    }
}

/// The stop that holds, or the next one if it is near.
fn near(desk: &Desk, now: Timestamp) -> Option<Stop> {
    let service = desk.service.as_ref()?;
    service.stop_at(now).or_else(|| {
        service.stops_from(now).into_iter().find(|stop| {
            let hours = if stop.mode == ServiceMode::ReadOnly { SHOWN_HOURS_READ_ONLY } else { SHOWN_HOURS };
            stop.from <= now.plus_seconds(hours * 3600)
        })
    })
}

#[component]
fn Words(stop: Stop, now: Timestamp) -> impl IntoView {
    let holds = stop.from <= now;
    let what = match (stop.mode, holds) {
        (ServiceMode::ReadOnly, false) => "連絡帳は閲覧だけになります。書き込みはできません。",
        (ServiceMode::ReadOnly, true) => {
            "今、連絡帳は閲覧だけできます。書きかけの内容は、この端末に残ります。"
        }
        (_, false) => "サービスを止めます。書きかけの内容は、この端末に残ります。",
        (_, true) => "今、サービスを止めています。",
    };
    view! {
        <div class="banner">
            <Notice kind=NoticeKind::Warning>
                <p>
                    <strong>{stop.title}</strong>
                    "のため、" <TimeText at=stop.from /> " から " <TimeText at=stop.to /> " まで、" {what}
                </p>
            </Notice>
        </div>
    }
}
