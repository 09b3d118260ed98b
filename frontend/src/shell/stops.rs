//! 計画停止の予告: a line over every page, before and while the service is stopped or can be read only.

use crate::{
    clock,
    components::{Button, ButtonKind, Notice, NoticeKind, TimeText},
    load::{Load, load, refresh},
    submission::Submission,
    whenever::whenever,
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
    let near = Memo::new(move |_| {
        let now = clock::now_and_on();
        desk.shown.with(|shown| Near::of(shown.as_ref()?, now))
    });
    whenever(move || {
        // Whoever is not let in any more learns it at the beginning, by the answer.
        if near.with(|near| near.as_ref().is_some_and(|near| near.holds)) {
            desk.again();
        }
    });
    move || near.get().map(|near| view! { <Words near=near desk=desk /> })
}

/// A stop that is near, as it stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Near {
    stop: Stop,
    holds: bool,
    confirmed: bool,
}

impl Near {
    /// The stop that holds, or the next one if it is near.
    fn of(desk: &Desk, now: Timestamp) -> Option<Self> {
        let service = desk.service.as_ref()?;
        let stop = service.stop_at(now).or_else(|| {
            service.stops_from(now).into_iter().find(|stop| {
                let hours =
                    if stop.mode == ServiceMode::ReadOnly { SHOWN_HOURS_READ_ONLY } else { SHOWN_HOURS };
                stop.from <= now.plus_seconds(hours * 3600)
            })
        })?;
        let confirmed = stop.case.is_some_and(|case| desk.confirmed.contains(&case));
        Some(Self { holds: stop.from <= now, confirmed, stop })
    }

    const fn what(&self) -> &'static str {
        match (self.stop.mode, self.holds) {
            (ServiceMode::ReadOnly, false) => "連絡帳は閲覧だけになります。書き込みはできません。",
            (ServiceMode::ReadOnly, true) => {
                "今、連絡帳は閲覧だけできます。書きかけの内容は、この端末に残ります。"
            }
            (_, false) => "サービスを止めます。書きかけの内容は、この端末に残ります。",
            (_, true) => "今、サービスを止めています。",
        }
    }
}

#[component]
fn Words(near: Near, desk: Load<Desk>) -> impl IntoView {
    let what = near.what();
    let Near { stop, confirmed, .. } = near;
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

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        calendar::Hours,
        portal::HelpDesk,
        procedure::{PlannedStop, Service},
    };

    fn desk(from: Timestamp, mode: ServiceMode) -> Desk {
        let mut service = Service::open(Timestamp::from_ms(0));
        let (case, to) = (CaseId::from_parts(1, 1), from.plus_seconds(3600));
        service.stops.push(PlannedStop { case, title: "更新".into(), from, to, mode });
        Desk {
            hours: Hours::default(),
            contact: HelpDesk::default(),
            city: String::new(),
            service: Some(service),
            confirmed: vec![case],
        }
    }

    #[test]
    fn what_the_banner_says_follows_the_clock() {
        let from: Timestamp = "2026-12-05T22:00:00+09:00".parse().unwrap();
        let (closed, read_only) = (desk(from, ServiceMode::Closed), desk(from, ServiceMode::ReadOnly));
        let says =
            |desk: &Desk, seconds: i64| Near::of(desk, from.plus_seconds(seconds)).map(|near| near.what());
        let day = 24 * 3600;
        assert_eq!(says(&closed, -7 * day - 1), None);
        assert!(says(&closed, -7 * day).unwrap().starts_with("サービスを止めます。"));
        assert!(says(&closed, -1).unwrap().starts_with("サービスを止めます。"));
        assert_eq!(says(&closed, 0), Some("今、サービスを止めています。"));
        assert_eq!(says(&closed, 3600), None);
        // What leaves the book to read is news for a day only.
        assert_eq!(says(&read_only, -day - 1), None);
        assert!(says(&read_only, -day).unwrap().starts_with("連絡帳は閲覧だけになります。"));
        assert!(says(&read_only, 0).unwrap().starts_with("今、連絡帳は閲覧だけできます。"));
        assert!(Near::of(&closed, from).unwrap().confirmed);
    }
}
