//! 計画停止の予告: a line over every page, before and while the service is stopped or can be read only.

use crate::{
    clock,
    components::{Button, ButtonKind, Notice, NoticeKind, TimeText},
    load::{Load, load, refresh},
    submission::Submission,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{ConfirmStop, Desk, ReadDesk},
    },
    calendar::Timestamp,
    id::CaseId,
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
        let (stop, confirmed) = desk.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let stop = near(shown, now)?;
            let confirmed = stop.case.is_some_and(|case| shown.confirmed.contains(&case));
            Some((stop, confirmed))
        })?;
        Some(view! { <Words stop=stop now=now confirmed=confirmed desk=desk /> })
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
fn Words(stop: Stop, now: Timestamp, confirmed: bool, desk: Load<Desk>) -> impl IntoView {
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
                {stop
                    .case
                    .map(|case| {
                        if confirmed {
                            view! { <p class="hint">"このお知らせを確認済みです。"</p> }.into_any()
                        } else {
                            view! { <Confirm case=case desk=desk /> }.into_any()
                        }
                    })}
            </Notice>
        </div>
    }
}

/// 確認しました: once for each account (figure 2-5).
#[component]
fn Confirm(case: CaseId, desk: Load<Desk>) -> impl IntoView {
    let sending = Submission::new();
    let press = move || {
        sending.send::<ConfirmStop>(case, Empty {}, move |_| desk.again());
    };
    view! {
        <Button kind=ButtonKind::Secondary busy=sending.busy on_press=press>"確認しました"</Button>
        {move || sending.failure.get().map(|why| view! { <p role="alert">"記録できませんでした。" {why.sentence()}</p> })}
    }
}
