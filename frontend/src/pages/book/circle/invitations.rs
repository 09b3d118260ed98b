//! 支援チームへの招待, for a facility's manager: on the home page how many wait, on its page who joins.

use super::answer::AnswerForm;
use crate::{
    components::{Empty, Faces, LinkButton, PageHeading, TimeText},
    load::{Load, load, refresh},
    route::Place,
};
use leptos::prelude::*;
use shared::{
    api::{Empty as Nothing, book as api},
    book::{Colleague, InvitationRow},
};
use std::time::Duration;

/// How often it looks for something new.
const EVERY: Duration = Duration::from_secs(120);

fn waiting() -> Load<api::Invitations> {
    let list = load::<api::ListInvitations>(|| ((), Nothing {}));
    refresh(EVERY, move || list.again());
    list
}

/// The card on the home page.
#[component]
pub fn InvitedCard() -> impl IntoView {
    let list = waiting();
    let count = Memo::new(move |_| list.shown.with(|shown| shown.as_ref().map(|list| list.rows.len())));
    view! {
        <section class="section">
            <h2>"支援チームへの招待"</h2>
            <Faces load=list what="招待を読み込めませんでした。" rows=1 />
            {move || match count.get() {
                None => ().into_any(),
                Some(0) => view! { <p>"回答を待っている招待はありません。"</p> }.into_any(),
                Some(n) => {
                    view! {
                        <p role="status">"あなたの施設への招待が" {n} "件、回答を待っています。参加する人を選んでください。"</p>
                        <LinkButton href=Place::Invitations.path()>"招待を見る"</LinkButton>
                    }
                    .into_any()
                }
            }}
        </section>
    }
}

/// The page.
#[component]
pub fn Invitations() -> impl IntoView {
    let list = waiting();
    let again = Callback::new(move |()| list.again());
    // By the invitation: a refresh leaves what is being answered as it is.
    let rows =
        move || list.shown.with(|shown| shown.as_ref().map(|list| list.rows.clone()).unwrap_or_default());
    let people = Memo::new(move |_| {
        list.shown.with(|shown| shown.as_ref().map(|list| list.people.clone()).unwrap_or_default())
    });
    let none = move || list.shown.with(|shown| shown.as_ref().is_some_and(|list| list.rows.is_empty()));
    view! {
        <div class="page">
            <PageHeading title=Signal::stored(String::from("支援チームへの招待")) lead="あなたの施設から、患者の支援チームに参加する人を選びます。" />
            <Faces load=list what="招待を読み込めませんでした。" rows=1 />
            {move || none().then(|| view! { <Empty words="回答を待っている招待はありません" /> })}
            <ul class="records">
                <For each=rows key=|row| row.invitation.id let(row)>
                    <Row row=row people=people done=again />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Row(row: InvitationRow, people: Memo<Vec<Colleague>>, done: Callback<()>) -> impl IntoView {
    let (patient, id, name) = (row.patient, row.invitation.id, row.name.clone());
    view! {
        <li class="record">
            <h2>{row.name} " さん" <small>"（" {row.kana} "・" {row.area} "）"</small></h2>
            <p class="typed">"招待の理由: " {row.invitation.reason}</p>
            <p class="hint">
                <TimeText at=row.invitation.at /> " " {row.invitation.by_name} "（" {row.invitation.by_facility_name} "）"
            </p>
            <AnswerForm patient=patient id=id name=name people=people done=done />
        </li>
    }
}
