//! 既読 and 了解: who has read a note and who has not, and who pressed on purpose.

use super::{fresh, open::OpenBook, order};
use crate::{
    client::call,
    clock,
    components::{Icon, Shape, TimeText},
    session::may,
};
use leptos::{html, prelude::*};
use shared::{
    api::{Command, book as api, error::Code},
    authority::{Action, Relation},
    book::{Note, TeamMember},
};

/// 既読 n/m and 了解; opened, the names: first of those who have not read.
#[component]
pub fn ReadBy(book: OpenBook, note: RwSignal<Note>) -> impl IntoView {
    let (number, author) = note.with_untracked(|note| (note.number, note.author.account));
    let count = Memo::new(move |_| book.team.with(|team| order::read_count(team, number, author)));
    let acknowledged = Memo::new(move |_| note.with(|note| note.acknowledged.clone()));
    let open = RwSignal::new(false);
    let node = NodeRef::<html::Details>::new();
    let toggled = move |_| {
        if let Some(details) = node.get_untracked() {
            open.set(details.open());
        }
    };
    let summary = move || {
        let (read, all) = count.get();
        match acknowledged.with(Vec::len) {
            0 => format!("既読 {read}/{all}"),
            n => format!("既読 {read}/{all}・了解 {n}"),
        }
    };
    let who = move || {
        let (read, unread) = book.team.with(|team| order::readers(team, number, author));
        let acknowledged = acknowledged.get();
        let pressed = acknowledged.iter().map(|one| {
            let name = book.name_of(one.by).unwrap_or_else(|| "以前の担当者".into());
            view! { <li>{name} <span class="hint">"　" <TimeText at=one.at /></span></li> }
        });
        view! {
            <div class="reads-who">
                <p class="reads-title">"まだ読んでいない人（"{unread.len()}"人）"</p>
                <People people=unread none="いません。全員が読みました。" />
                <p class="reads-title">"読んだ人（"{read.len()}"人）"</p>
                <People people=read none="まだいません。" />
                <p class="reads-title">"了解を押した人（"{acknowledged.len()}"人）"</p>
                <ul>{pressed.collect_view()}</ul>
            </div>
        }
    };
    view! {
        <details class="reads" node_ref=node on:toggle=toggled>
            <summary>{summary}</summary>
            {move || open.get().then(who)}
        </details>
    }
}

#[component]
fn People(people: Vec<TeamMember>, none: &'static str) -> impl IntoView {
    if people.is_empty() {
        return view! { <p class="hint">{none}</p> }.into_any();
    }
    let row = |person: TeamMember| {
        view! {
            <li>
                {person.name}
                <span class="hint">"　" {person.profession.label()} "・" {person.facility_name}</span>
            </li>
        }
    };
    view! { <ul>{people.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// 了解: the button, and that it was pressed.
#[component]
pub fn Acknowledge(book: OpenBook, note: RwSignal<Note>, mine: bool) -> impl IntoView {
    let retracted = Memo::new(move |_| note.with(|note| note.retraction.is_some()));
    let me = book.my_account();
    let pressed = Memo::new(move |_| note.with(|note| note.acknowledged.iter().any(|one| one.by == me)));
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let allowed = !mine && may(Action::Acknowledge, &[Relation::CareTeam, Relation::Consented]).is_ok();
    // One number for all tries: pressing again after a lost answer is the same act.
    let command = StoredValue::new(clock::new_command());
    let press = move |_| {
        if busy.get_untracked() || pressed.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let number = note.with_untracked(|note| note.number);
        book.spawn(async move {
            let request = Command { command: command.get_value() };
            match call::<api::Acknowledge>(&(book.id, number), &request).await {
                Ok(note) => {
                    book.put(note);
                    book.say("了解を送りました");
                }
                Err(failure) => {
                    if failure.code() == Some(Code::Retracted) {
                        // The screen was behind: show what is there now.
                        let _ = fresh::again(book, number).await;
                    }
                    failed.try_set(Some(failure.sentence()));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        {move || (allowed && !retracted.get()).then(|| view! {
            <button
                type="button"
                class="button button-plain acknowledge"
                aria-pressed=move || if pressed.get() { "true" } else { "false" }
                aria-disabled=move || (busy.get() || pressed.get()).then_some("true")
                on:click=press
            >
                <Icon shape=Shape::Check />
                <span>{move || if pressed.get() { "了解済み" } else { "了解" }}</span>
            </button>
        })}
        {move || failed.get().map(|words| view! { <p class="error" role="alert">{words}</p> })}
    }
}
