//! 復元訓練: the last restore that was proven, and what the drills before it found.

use crate::{
    components::{Badge, DayText, Failed, Skeleton, TimeText, Tone},
    load::load,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, evidence::ListDrills},
    evidence::drill::Proof,
};

/// The section.
#[component]
pub fn Proofs() -> impl IntoView {
    let drills = load::<ListDrills>(|| ((), Empty {}));
    view! {
        <section class="section">
            <h2>"復元訓練"</h2>
            {move || match (drills.shown.with(Option::is_some), drills.failure.get()) {
                (false, Some(why)) => {
                    view! {
                        <Failed
                            what="復元訓練の記録を読み込めませんでした。"
                            failure=why
                            again=move || drills.again()
                            busy=drills.busy
                        />
                    }
                        .into_any()
                }
                (false, None) => view! { <Skeleton rows=1 /> }.into_any(),
                (true, _) => ().into_any(),
            }}
            {move || {
                drills.shown.with(|shown| shown.as_ref().map(|shown| view! { <Shown proofs=shown.proofs.clone() /> }))
            }}
        </section>
    }
}

#[component]
fn Shown(proofs: Vec<Proof>) -> impl IntoView {
    let proven = proofs.iter().find(|proof| proof.is_good()).cloned();
    let proven = match proven {
        Some(proof) => view! {
            <p>
                "最後に証明された復元: " <strong><TimeText at=proof.finished_at /></strong>
                {proof.newest_day.map(|day| view! { "（" <DayText day=day /> "に送られた分まで）" })}
            </p>
        }
        .into_any(),
        None => view! { <p>"証明された復元は、まだありません。"</p> }.into_any(),
    };
    let rows = proofs.into_iter().map(|proof| {
        let (tone, word) =
            if proof.is_good() { (Tone::Good, "元と同じ") } else { (Tone::Alarm, "異常あり") };
        view! {
            <li>
                <span class="settings-what">
                    <span><TimeText at=proof.started_at /></span>
                    <span class="hint">
                        {proof.in_words()} "　操作記録" {proof.audit_entries} "件を検証　案件" {proof.cases} "件、利用者・施設・患者・同意など"
                        {proof.people} "件も照合　世代のあとに変わったもの" {proof.changed_since} "件"
                    </span>
                </span>
                <Badge tone=tone>{word}</Badge>
            </li>
        }
    });
    view! {
        {proven}
        <ul class="settings-list">{rows.collect_view()}</ul>
    }
}
