//! What a note is: 種別, 重要.

use super::desk::Desk;
use crate::components::{Icon, Shape};
use leptos::prelude::*;
use shared::book::{Importance, NoteKind};

/// 種別 as chips in one row.
#[component]
pub fn Kind(desk: Desk) -> impl IntoView {
    let chip = move |kind: NoteKind| {
        view! {
            <label class="chip" class:chip-urgent=kind == NoteKind::Urgent>
                <input
                    type="radio"
                    name="composer-kind"
                    value=kind.wire()
                    prop:checked=move || desk.kind.get() == kind
                    on:change=move |_| desk.kind.set(kind)
                />
                <span>{(kind == NoteKind::Urgent).then(|| view! { <Icon shape=Shape::Urgent /> })}{kind.label()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="chips" disabled=move || !desk.open()>
            <legend class="visually-hidden">"種別"</legend>
            {NoteKind::ALL.iter().copied().map(chip).collect_view()}
        </fieldset>
    }
}

/// 重要: beside every kind.
#[component]
pub fn Important(desk: Desk) -> impl IntoView {
    let important = move |event| {
        let on = event_target_checked(&event);
        desk.importance.set(if on { Importance::High } else { Importance::Normal });
    };
    view! {
        <label class="chip chip-important">
            <input
                type="checkbox"
                disabled=move || !desk.open()
                prop:checked=move || desk.importance.get() == Importance::High
                on:change=important
            />
            <span>{Importance::High.label()}</span>
        </label>
    }
}

/// What 緊急 does not do.
#[component]
pub fn UrgentHint(desk: Desk) -> impl IntoView {
    move || {
        (desk.kind.get() == NoteKind::Urgent).then(|| {
            view! {
                <p class="hint">"すぐに読まれるとは限りません。命にかかわるときは、先に電話や119番をしてください。"</p>
            }
        })
    }
}
