//! Each part as it was seen last.

use crate::{
    components::{Badge, TimeText, Tone},
    route::Place,
};
use leptos::prelude::*;
use shared::evidence::monitor::{Cadence, Watch};

/// The list, those with something wrong first.
#[component]
pub fn Parts(
    /// The parts.
    watches: Vec<Watch>,
) -> impl IntoView {
    let mut watches = watches;
    watches.sort_by_key(|watch| (watch.good, watch.part));
    let rows = watches.into_iter().map(|watch| {
        let how_often = watch.part.cadence().map_or("1日1回", Cadence::label);
        let (tone, word) = if watch.good { (Tone::Good, "正常") } else { (Tone::Alarm, "異常") };
        view! {
            <li>
                <span class="settings-what">
                    <span><strong>{watch.part.label()}</strong> "　" {how_often}</span>
                    <span>{watch.words}</span>
                    <span class="hint">
                        "最後の点検の枠 " <TimeText at=watch.seen /> "　" {word} "の始まり " <TimeText at=watch.since />
                    </span>
                    {watch
                        .trouble
                        .map(|trouble| {
                            view! {
                                <a href=Place::Case(trouble.case).path()>
                                    "対応中の障害 " {trouble.number} "（異常の点検 " {trouble.bad} "回）"
                                </a>
                            }
                        })}
                </span>
                <Badge tone=tone>{word}</Badge>
            </li>
        }
    });
    view! {
        <section class="section">
            <h2>"今の状態"</h2>
            <ul class="settings-list">{rows.collect_view()}</ul>
        </section>
    }
}
