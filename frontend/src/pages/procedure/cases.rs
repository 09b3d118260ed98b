//! 案件一覧: what waits for me first, and of that the overdue first.

use crate::{
    components::{
        Badge, Empty, Failed, LinkButton, PageHeading, RadioGroup, Skeleton, Stale, TimeText, Tone,
    },
    load::{load, refresh},
    route::Place,
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    api::procedure::{CasesQuery, ListCases},
    people::Role,
    procedure::{CaseRow, Channel, Procedure, declaration},
};
use std::time::Duration;

/// How often the list looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The page.
#[component]
pub fn Cases() -> impl IntoView {
    let which = RwSignal::new("open".to_owned());
    let list = load::<ListCases>(move || ((), CasesQuery { closed: which.with(|which| which == "closed") }));
    refresh(EVERY, move || list.again());
    let options =
        vec![("open".to_owned(), "進行中".to_owned()), ("closed".to_owned(), "終わったもの".to_owned())];
    let city = use_me().actor.roles.contains(&Role::City);
    view! {
        <div class="page">
            <PageHeading title="案件一覧" lead="依頼された手続きと、その進み具合" />
            <section class="stack">
                <h2>"案件"</h2>
                <RadioGroup legend="表示する案件" options=options value=which inline=true />
                {move || match (list.shown.get(), list.failure.get()) {
                    (None, Some(why)) => {
                        view! {
                            <Failed
                                what="案件一覧を読み込めませんでした。"
                                failure=why
                                again=move || list.again()
                                busy=list.busy
                            />
                        }
                            .into_any()
                    }
                    (None, None) => view! { <Skeleton /> }.into_any(),
                    (Some(shown), failed) => {
                        view! {
                            {failed.map(|why| view! { <Stale failure=why again=move || list.again() /> })}
                            <Rows rows=shown.rows />
                        }
                            .into_any()
                    }
                }}
            </section>
            <section class="stack">
                <h2>{if city { "紙・FAXで届いた依頼を入力する" } else { "依頼する" }}</h2>
                <ul class="ask-list">
                    {Procedure::ALL
                        .iter()
                        .map(|procedure| {
                            view! {
                                <li>
                                    <LinkButton href=Place::Ask(*procedure, None).path()>
                                        {procedure.label()}
                                    </LinkButton>
                                    <span class="hint">{declaration(*procedure).purpose}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        </div>
    }
}

/// The cases that wait for a step of mine, on the home page.
#[component]
pub fn WaitingCases() -> impl IntoView {
    let list = load::<ListCases>(|| ((), CasesQuery::default()));
    refresh(EVERY, move || list.again());
    view! {
        <section class="section">
            <h2>"手続き"</h2>
            {move || match (list.shown.get(), list.failure.get()) {
                (None, Some(why)) => {
                    view! {
                        <Failed
                            what="案件を読み込めませんでした。"
                            failure=why
                            again=move || list.again()
                            busy=list.busy
                        />
                    }
                        .into_any()
                }
                (None, None) => view! { <Skeleton rows=2 /> }.into_any(),
                (Some(shown), _) => {
                    let mine: Vec<CaseRow> = shown.rows.into_iter().filter(|row| row.waits_for_me).collect();
                    if mine.is_empty() {
                        view! { <p>"あなたの操作を待っている案件はありません。"</p> }.into_any()
                    } else {
                        view! { <Rows rows=mine /> }.into_any()
                    }
                }
            }}
            <LinkButton href=Place::Cases.path()>"案件一覧を開く"</LinkButton>
        </section>
    }
}

#[component]
fn Rows(rows: Vec<CaseRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Empty words="案件はありません" /> }.into_any();
    }
    let rows = rows.into_iter().map(|row| {
        view! {
            <li>
                <a class="case-row" href=Place::Case(row.id).path()>
                    <span class="case-what">
                        <strong>{row.procedure.label()} "　" {row.about} "さん"</strong>
                        <span class="hint">{row.number} "　" {row.facility_name}</span>
                    </span>
                    <span class="patient-marks">
                        {row.overdue.then(|| view! { <Badge tone=Tone::Alarm>"期限超過"</Badge> })}
                        {row.waits_for_me.then(|| view! { <Badge tone=Tone::New>"あなたの番"</Badge> })}
                        {(row.channel != Channel::Online)
                            .then(|| view! { <Badge tone=Tone::Neutral>{row.channel.label()}</Badge> })}
                        <Badge tone=Tone::Neutral>{row.state.label()}</Badge>
                    </span>
                    <span class="hint">
                        "依頼: " <TimeText at=row.asked_at />
                        {(!row.state.is_closed()).then(|| view! { "　期限: " <TimeText at=row.due_at /> })}
                    </span>
                </a>
            </li>
        }
    });
    view! { <ul class="case-list">{rows.collect_view()}</ul> }.into_any()
}
