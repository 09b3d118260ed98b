//! 監視: each part now, ninety days as bars, the days in numbers, the anomalies with their incidents (Art. 24(2)).

mod days;
mod parts;

use crate::{
    components::{Empty as Nothing, Failed, PageHeading, Shape, Skeleton, Stale, TimeText},
    load::{load, refresh},
    route::Place,
};
use days::Days;
use leptos::prelude::*;
use parts::Parts;
use shared::{
    api::{
        Empty,
        evidence::{Monitoring, ReadMonitoring},
    },
    evidence::monitor::Anomaly,
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The page.
#[component]
pub fn MonitoringPage() -> impl IntoView {
    let found = load::<ReadMonitoring>(|| ((), Empty {}));
    refresh(EVERY, move || found.again());
    let again = move || found.again();
    view! {
        <div class="page">
            <PageHeading
                title="監視"
                lead="5分ごとに各部分、15分ごとにアプリケーションの応答を点検し、すべての枠に記録を残します（第24条(2)）。"
            />
            {move || match (found.shown.with(Option::is_some), found.failure.get()) {
                (false, Some(why)) => {
                    view! { <Failed what="監視の記録を読み込めませんでした。" failure=why again=again busy=found.busy /> }
                        .into_any()
                }
                (false, None) => view! { <Skeleton rows=5 /> }.into_any(),
                (true, Some(why)) => view! { <Stale failure=why again=again /> }.into_any(),
                (true, None) => ().into_any(),
            }}
            {move || found.shown.with(|shown| shown.as_ref().map(|shown| view! { <Shown shown=shown.clone() /> }))}
        </div>
    }
}

#[component]
fn Shown(shown: Monitoring) -> impl IntoView {
    if shown.begun.is_none() {
        let more = "最初の点検のあとに、ここに表示されます。";
        return view! { <Nothing words="まだ点検の記録はありません" more=more icon=Shape::Eye /> }.into_any();
    }
    view! {
        <Parts watches=shown.watches />
        <Days days=shown.days />
        <Anomalies anomalies=shown.anomalies />
    }
    .into_any()
}

#[component]
fn Anomalies(anomalies: Vec<Anomaly>) -> impl IntoView {
    let rows = anomalies.iter().cloned().map(|anomaly| {
        view! {
            <li>
                <span class="settings-what">
                    <span>
                        <TimeText at=anomaly.since /> "　" <strong>{anomaly.part.label()}</strong>
                    </span>
                    <span class="hint">{anomaly.words}</span>
                </span>
                <a href=Place::Case(anomaly.case).path()>"障害の案件 " {anomaly.number}</a>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="section">
            <h2>"見つかった異常（新しい順）"</h2>
            {if anomalies.is_empty() {
                view! { <p>"見つかった異常はありません。"</p> }.into_any()
            } else {
                view! { <ul class="settings-list">{rows}</ul> }.into_any()
            }}
        </section>
    }
}
