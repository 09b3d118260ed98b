//! Ninety days: a bar each, and the numbers behind them.

use crate::components::{Badge, DayText, Tone};
use leptos::prelude::*;
use shared::evidence::monitor::{Cadence, DAYS_SHOWN, MonitorDay};

/// Days whose numbers stand on the page at once.
const AT_ONCE: usize = 7;

/// The days.
#[component]
pub fn Days(
    /// In order.
    days: Vec<MonitorDay>,
) -> impl IntoView {
    let good = days.iter().filter(|day| day.is_good()).count();
    let words = format!(
        "記録のある{}日のうち、異常なし{good}日、異常または欠けのある日{}日",
        days.len(),
        days.len() - good
    );
    let bars = days.iter().map(|day| {
        let class = match (day.bad(), day.missing()) {
            (0, 0) => "day-bar day-good",
            (0, _) => "day-bar day-missing",
            _ => "day-bar day-bad",
        };
        view! { <span class=class></span> }
    });
    let bars = bars.collect_view();
    let mut newest = days;
    newest.reverse();
    let older = newest.split_off(AT_ONCE.min(newest.len()));
    view! {
        <section class="section">
            <h2>"直近" {DAYS_SHOWN} "日"</h2>
            <div class="day-bars" role="img" aria-label=words.clone()>{bars}</div>
            <p>{words} "。"</p>
            <Numbers days=newest label="日ごとの点検の数（新しい順）" />
            {(!older.is_empty())
                .then(|| {
                    view! {
                        <details>
                            <summary>"それより前の" {older.len()} "日"</summary>
                            <Numbers days=older label="それより前の日ごとの点検の数（新しい順）" />
                        </details>
                    }
                })}
        </section>
    }
}

#[component]
fn Numbers(days: Vec<MonitorDay>, label: &'static str) -> impl IntoView {
    let rows = days.into_iter().map(|day| {
        let count = |cadence| {
            let count = day.count(cadence);
            format!("{}/{}", count.recorded, count.expected)
        };
        let (live, ring) = (count(Cadence::Live), count(Cadence::Ring));
        let (answer, check) = (count(Cadence::Answer), count(Cadence::Check));
        let (bad, missing) = (day.bad(), day.missing());
        let (tone, words) = match (bad, missing) {
            (0, 0) => (Tone::Good, "異常なし".to_owned()),
            (0, missing) => (Tone::Warning, format!("欠け{missing}枠")),
            (bad, 0) => (Tone::Alarm, format!("異常{bad}回")),
            (bad, missing) => (Tone::Alarm, format!("異常{bad}回・欠け{missing}枠")),
        };
        view! {
            <tr role="row">
                <th role="rowheader" scope="row"><DayText day=day.day /></th>
                <td role="cell" data-label="5分ごと" class="number"><span>{live}</span></td>
                <td role="cell" data-label="5分ごと（鍵）" class="number"><span>{ring}</span></td>
                <td role="cell" data-label="15分ごと" class="number"><span>{answer}</span></td>
                <td role="cell" data-label="監視の点検" class="number"><span>{check}</span></td>
                <td role="cell" data-label="結果"><Badge tone=tone>{words}</Badge></td>
            </tr>
        }
    });
    view! {
        <div class="room">
            <table class="table table-cards" role="table" aria-label=label>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"日"</th>
                        <th role="columnheader" scope="col">"5分ごと"</th>
                        <th role="columnheader" scope="col">"5分ごと（鍵）"</th>
                        <th role="columnheader" scope="col">"15分ごと"</th>
                        <th role="columnheader" scope="col">"監視の点検"</th>
                        <th role="columnheader" scope="col">"結果"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
