//! The help desk's hours (Art. 16): whether it answers now, and when next.

use crate::{
    clock,
    components::{Notice, NoticeKind, TimeText},
    load::load,
};
use leptos::prelude::*;
use shared::api::{
    Empty,
    procedure::{Desk, ReadDesk},
};

/// Whether the help desk answers now, and how it is reached.
#[component]
pub fn DeskHours() -> impl IntoView {
    let desk = load::<ReadDesk>(|| ((), Empty {}));
    move || desk.shown.with(Clone::clone).map(|desk| view! { <Shown desk=desk /> })
}

#[component]
fn Shown(desk: Desk) -> impl IntoView {
    let now = clock::now();
    let open = desk.hours.is_open(now);
    let next = desk.hours.next_opening(now).filter(|_| !open);
    let ways = desk.contact.ways();
    view! {
        <Notice kind=NoticeKind::Info>
            <p>
                {if open { "ただいま受付時間内です。" } else { "ただいま受付時間外です。" }}
                {next.map(|at| view! { "次の受付開始: " <TimeText at=at /> "。" })}
            </p>
            <p>{desk.hours.in_words()}</p>
            {(!ways.is_empty()).then(|| view! { <p>"お急ぎのとき: " {ways.join("　")}</p> })}
        </Notice>
    }
}
