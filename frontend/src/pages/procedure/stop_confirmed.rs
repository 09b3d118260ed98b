//! 計画停止の確認 (figure 2-5): how many facilities have confirmed the announcement, and which have not yet.

use crate::{
    components::Faces,
    load::{load, refresh},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{FacilityConfirmed, ReadConfirmations},
    },
    id::CaseId,
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The section.
#[component]
pub fn StopConfirmed(
    /// Of which stop.
    case: CaseId,
) -> impl IntoView {
    let read = load::<ReadConfirmations>(move || (case, Empty {}));
    refresh(EVERY, move || read.again());
    view! {
        <section class="stack">
            <h2>"利用者の確認"</h2>
            <Faces load=read what="確認の状況を読み込めませんでした。" />
            {move || read.shown.with(|shown| shown.as_ref().map(|shown| rows(&shown.rows)))}
        </section>
    }
}

fn rows(all: &[FacilityConfirmed]) -> impl IntoView + use<> {
    let (done, missing): (Vec<_>, Vec<_>) = all.iter().cloned().partition(|row| row.confirmed > 0);
    let line = |row: FacilityConfirmed| {
        let people = format!("（{}/{}人）", row.confirmed, row.people);
        view! { <li>{row.name} {people}</li> }
    };
    let none_missing = missing.is_empty();
    let said = format!("確認 {}/{} 施設", done.len(), all.len());
    view! {
        <p><strong>{said}</strong>"　1人でも「確認しました」を押した施設を数えます。"</p>
        <h3>"まだ確認していない施設"</h3>
        {if none_missing {
            view! { <p>"ありません。"</p> }.into_any()
        } else {
            view! { <ul>{missing.into_iter().map(line).collect_view()}</ul> }.into_any()
        }}
        {(!done.is_empty())
            .then(|| {
                view! {
                    <details>
                        <summary>"確認した施設"</summary>
                        <ul>{done.into_iter().map(line).collect_view()}</ul>
                    </details>
                }
            })}
    }
}
