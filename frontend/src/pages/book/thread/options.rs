//! What a note is and to whom: 種別, 重要, 宛先.

use super::{composer::FieldError, desk::Desk};
use crate::components::{Icon, Shape};
use crate::whenever::whenever;
use leptos::{html, prelude::*};
use shared::book::{Importance, NoteKind, TeamMember};

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

/// 宛先: nobody chosen means everybody.
#[component]
pub fn Addressees(desk: Desk) -> impl IntoView {
    let me = desk.book.my_account();
    let node = NodeRef::<html::Details>::new();
    whenever(move || {
        desk.sent.track();
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    });
    let others = move || {
        desk.book.team.with(|team| team.iter().filter(|m| m.account != me).cloned().collect::<Vec<_>>())
    };
    let summary = move || {
        let names = desk.addressees.with(|chosen| {
            chosen
                .iter()
                .filter_map(|account| desk.book.name_of(*account))
                .map(|n| format!("{n}さん"))
                .collect::<Vec<_>>()
        });
        if names.is_empty() {
            "宛先: 支援チーム全員".to_owned()
        } else {
            format!("宛先: {}", names.join("、"))
        }
    };
    let row = move |member: TeamMember| {
        let account = member.account;
        let toggle = move |event| {
            let on = event_target_checked(&event);
            desk.mend("addressees");
            desk.addressees.update(|chosen| {
                chosen.retain(|one| *one != account);
                if on {
                    chosen.push(account);
                }
            });
        };
        view! {
            <label class="addressee">
                <input
                    type="checkbox"
                    prop:checked=move || desk.addressees.with(|chosen| chosen.contains(&account))
                    on:change=toggle
                />
                <span>{member.name} " " <small>{member.profession.label()} "・" {member.facility_name}</small></span>
            </label>
        }
    };
    view! {
        <details class="addressees" node_ref=node>
            <summary>{summary}</summary>
            <fieldset disabled=move || !desk.open()>
                <legend class="hint">"とくに読んでほしい人を選びます。選ばなくても全員が読めます。"</legend>
                <For each=others key=|member| member.account children=row />
            </fieldset>
        </details>
        <FieldError desk=desk field="addressees" />
    }
}
