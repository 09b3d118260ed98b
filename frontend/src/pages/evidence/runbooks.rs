//! 手順書: the runbooks, when each was last read through and carried out, and what is overdue (Art. 24(3)).

use crate::{
    components::{
        Badge, Button, ButtonKind, DayText, Failed, LinkButton, Notice, NoticeKind, PageHeading, Skeleton,
        Stale, Tone,
    },
    load::load,
    printed,
    route::Place,
    session::use_me,
    submission::{SendFailure, Submission},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        runbook::{ListRunbooks, PrintRunbook, RunbookQuery, RunbookRow},
    },
    procedure::{Procedure, can_ask},
};

/// The page.
#[component]
pub fn Runbooks() -> impl IntoView {
    let list = load::<ListRunbooks>(|| ((), Empty {}));
    let records = can_ask(Procedure::RunbookReview, &use_me().actor).online;
    view! {
        <div class="page">
            <PageHeading
                title="手順書"
                lead="障害や停止のときに、システム管理者が上から順に行う手順です（第24条(3)）。年に1回、見直しと訓練をします。"
            />
            <Notice kind=NoticeKind::Info>
                <p>
                    "サービスが止まっているときも、"
                    <a href="/runbooks/index.html" rel="external">"この手順書のページ"</a>
                    "は開けます。アドレスを控え、PDFを印刷して手元に置いてください。"
                </p>
            </Notice>
            {records
                .then(|| {
                    view! {
                        <div class="actions no-print">
                            <LinkButton href=Place::Ask(Procedure::RunbookReview, None).path()>
                                "見直し・訓練を記録する"
                            </LinkButton>
                        </div>
                    }
                })}
            {move || match (list.shown.get(), list.failure.get()) {
                (None, Some(why)) => {
                    view! {
                        <Failed
                            what="手順書の一覧を読み込めませんでした。"
                            failure=why
                            again=move || list.again()
                            busy=list.busy
                        />
                    }
                        .into_any()
                }
                (None, None) => view! { <Skeleton rows=5 /> }.into_any(),
                (Some(shown), failed) => {
                    view! {
                        {failed.map(|why| view! { <Stale failure=why again=move || list.again() /> })}
                        <ul class="settings-list">
                            {shown.rows.into_iter().map(|row| view! { <Row row=row /> }).collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Row(row: RunbookRow) -> impl IntoView {
    let standing = row.standing;
    let last = row.records.into_iter().next();
    view! {
        <li>
            <span class="settings-what">
                <a href=row.address rel="external">
                    <strong>{row.number} " " {row.title}</strong>
                </a>
                <span class="hint">"第" {row.version} "版　" {row.article}</span>
                <span class="hint">
                    "最後の見直し " <DayText day=standing.reviewed_on /> "（次は " <DayText day=standing.review_due /> "まで）"
                </span>
                <span class="hint">
                    "最後の訓練 "
                    {match standing.rehearsed_on {
                        Some(day) => view! { <DayText day=day /> }.into_any(),
                        None => "まだありません".into_any(),
                    }}
                    {standing.rehearsal_due.map(|day| view! { "（次は " <DayText day=day /> "まで）" })}
                </span>
                {last
                    .map(|record| {
                        view! {
                            <span class="hint">
                                {record.work.label()} "の記録: " {record.by_name} "　確認: " {record.confirmed_by_name} "　"
                                <a href=Place::Case(record.case).path()>{record.case_number}</a>
                            </span>
                        }
                    })}
                {row
                    .copy
                    .map(|copy| {
                        view! {
                            <span class="hint">
                                "保管庫の写し: 第" {copy.version} "版　" <DayText day=copy.last_kept_day /> "まで"
                            </span>
                            <span class="hint"><code class="secret">{copy.key}</code></span>
                        }
                    })}
            </span>
            <span class="stack">
                {standing.review_overdue.then(|| view! { <Badge tone=Tone::Alarm>"見直しの期限超過"</Badge> })}
                {standing
                    .rehearsal_overdue
                    .then(|| {
                        let words = if standing.rehearsed_on.is_some() { "訓練の期限超過" } else { "訓練の記録なし" };
                        view! { <Badge tone=Tone::Alarm>{words}</Badge> }
                    })}
                {(!standing.review_overdue && !standing.rehearsal_overdue)
                    .then(|| view! { <Badge tone=Tone::Good>"期限内"</Badge> })}
                <SavePdf number=row.number />
            </span>
        </li>
    }
}

/// Fetches the PDF and keeps it.
#[component]
fn SavePdf(number: u32) -> impl IntoView {
    let sending = Submission::new();
    let save = move || printed::save::<PrintRunbook>(sending, (), RunbookQuery { number });
    view! {
        <Button kind=ButtonKind::Secondary busy=sending.busy on_press=save>"手順書" {number} "をPDFで保存"</Button>
        <SendFailure sending=sending />
    }
}
