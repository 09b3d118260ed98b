//! 利用者管理: the people of my facility, or of all; their state, their last sign-in, what is under way.

use crate::{
    clock,
    components::{Badge, Empty, LinkButton, Loaded, PageHeading, TextField, TimeText, Tone},
    load::load,
    route::Place,
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    api::procedure::{ListPeople, PeopleQuery, PersonRow},
    people::AccountState,
    procedure::{Procedure, can_ask},
    text::fold_kana,
};

/// Rows that are drawn at once; a search finds the others.
const SHOWN_MAX: usize = 200;

/// The page.
#[component]
pub fn People() -> impl IntoView {
    let list = load::<ListPeople>(|| ((), PeopleQuery::default()));
    let manages = can_ask(Procedure::AccountAdd, &use_me().actor).online;
    let wanted = RwSignal::new(String::new());
    view! {
        <div class="page">
            <PageHeading
                title="利用者管理"
                lead=if manages { "あなたの施設の利用者" } else { "すべての施設の利用者" }
            />
            {manages
                .then(|| {
                    view! {
                        <div class="actions">
                            <LinkButton href=Place::Ask(Procedure::AccountAdd, None).path()>
                                "新しい利用者の追加を依頼する"
                            </LinkButton>
                        </div>
                    }
                })}
            <TextField label="名前・よみ・ユーザーID・施設で探す" kind="search" value=wanted />
            <Loaded load=list what="利用者の一覧を読み込めませんでした。" let:shown>
                {
                    let typed = fold_kana(&wanted.get());
                    let found: Vec<PersonRow> =
                        shown.rows.into_iter().filter(|row| matches(row, &typed)).collect();
                    let (all, empty) = (found.len(), found.is_empty());
                    view! {
                        <p role="status">{all} "人"</p>
                        {empty.then(|| view! { <Empty words="該当する利用者はいません" /> })}
                        <ul class="settings-list">
                            {found
                                .into_iter()
                                .take(SHOWN_MAX)
                                .map(|row| view! { <Row row=row manages=manages /> })
                                .collect_view()}
                        </ul>
                        {(all > SHOWN_MAX)
                            .then(|| view! { <p>"はじめの" {SHOWN_MAX} "人を表示しています。検索で絞り込んでください。"</p> })}
                    }
                }
            </Loaded>
        </div>
    }
}

fn matches(row: &PersonRow, typed: &str) -> bool {
    let account = &row.account;
    let texts = [&account.name, &account.kana, &account.user_id, &account.facility_name];
    texts.iter().any(|text| fold_kana(text).contains(typed))
}

#[component]
fn Row(row: PersonRow, manages: bool) -> impl IntoView {
    let id = row.account.id;
    let removed = row.state == AccountState::Removed;
    let tone = match row.state {
        AccountState::Active => Tone::Good,
        AccountState::Registered | AccountState::Invited => Tone::New,
        AccountState::Stopped | AccountState::Removed => Tone::Warning,
    };
    let held = row.account.roles_on(clock::now().day());
    let roles = held.iter().map(|role| role.label()).collect::<Vec<_>>().join("・");
    let links = [
        (Procedure::AccountDetail, "内容の変更"),
        (Procedure::AccountReset, "封書の再発行"),
        (Procedure::AccountStop, "一時停止"),
        (Procedure::AccountChange, "交代"),
        (Procedure::AccountRemove, "削除"),
    ];
    let name = row.account.name.clone();
    view! {
        <li>
            <span class="settings-what">
                <strong>{row.account.name} "（" {row.account.profession.label()} "）"</strong>
                <span class="hint">
                    {row.account.user_id} "　" {row.account.facility_name} "　" {roles}
                </span>
                <span class="hint">
                    {match row.last_in {
                        Some(at) => view! { "最後のサインイン: " <TimeText at=at /> }.into_any(),
                        None => "サインインの記録はありません".into_any(),
                    }}
                </span>
                <span class="patient-marks">
                    <Badge tone=tone>{row.state.label()}</Badge>
                    {row
                        .cases
                        .into_iter()
                        .map(|(case, number)| {
                            view! { <a href=Place::Case(case).path()>"手続き中 " {number}</a> }
                        })
                        .collect_view()}
                </span>
            </span>
            {(manages && !removed)
                .then(|| {
                    view! {
                        <span class="actions">
                            {links
                                .into_iter()
                                .map(|(procedure, words)| {
                                    view! {
                                        <a
                                            class="button button-plain"
                                            href=Place::Ask(procedure, Some(id)).path()
                                            aria-label=format!("{name}さんの{words}を依頼する")
                                        >
                                            {words}
                                        </a>
                                    }
                                })
                                .collect_view()}
                        </span>
                    }
                })}
        </li>
    }
}
