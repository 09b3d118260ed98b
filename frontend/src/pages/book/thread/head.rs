//! The head of the page: who this is about, and who stands around them.

use super::{open::OpenBook, order};
use crate::{
    clock,
    components::{DayText, PageHeading, TimeText},
};
use leptos::prelude::*;
use shared::book::TeamMember;

/// Name, reading, age, care level, area, consent.
#[component]
pub fn PatientHead(book: OpenBook) -> impl IntoView {
    let title = Signal::derive(move || book.patient.with(|p| format!("{}さんの連絡帳", p.name)));
    let facts = move || {
        book.patient.with(|patient| {
            let age = patient.born.age_on(clock::now_and_on().day());
            view! {
                <span>{age}"歳・"{patient.sex.label()}</span>
                <span>{patient.care_level.label()}</span>
                <span>{patient.area.clone()}</span>
                {patient.consented_on.map(|day| view! { <span>"共有の同意 " <DayText day=day /></span> })}
            }
        })
    };
    view! {
        <header class="thread-head">
            <p class="thread-kana">{move || book.patient.with(|patient| patient.kana.clone())}</p>
            <PageHeading title=title />
            <p class="thread-facts">{facts}</p>
        </header>
    }
}

/// 支援チーム: a column on wide screens, a disclosure on phones.
#[component]
pub fn Team(book: OpenBook) -> impl IntoView {
    // A phone shows the thread first; one click opens the team. Wide screens have the room.
    let wide = window().match_media("(min-width: 64rem)").ok().flatten().is_some_and(|query| query.matches());
    let heading = move || format!("支援チーム（{}人）", book.team.with(Vec::len));
    view! {
        <aside class="team" aria-label="支援チーム">
            <details open=wide>
                <summary>{heading}</summary>
                <ul class="team-list">
                    <For
                        each=move || book.team.get()
                        key=|member| (member.account, member.read_to, member.read_at)
                        let(member)
                    >
                        <Member book=book member=member />
                    </For>
                </ul>
            </details>
        </aside>
    }
}

#[component]
fn Member(book: OpenBook, member: TeamMember) -> impl IntoView {
    let me = member.account == book.my_account();
    let (read_to, history) = (member.read_to, member.history);
    let progress = move || order::progress(read_to, history, book.last.get());
    view! {
        <li>
            <span class="team-name">{member.name} {me.then_some("（自分）")}</span>
            <span class="team-work">{member.profession.label()} "・" {member.facility_name}</span>
            <span class="team-read" class:team-behind=move || read_to < book.last.get()>
                {progress}
                {move || {
                    // Who is behind may be away: when they last looked says more than the number.
                    let at = member.read_at.filter(|_| read_to < book.last.get());
                    at.map(|at| view! { "（最後は" <TimeText at=at /> "）" })
                }}
            </span>
        </li>
    }
}
