//! ポータル管理: the pages, the notices, and whether the files show them already.

use crate::{
    components::{Badge, Empty as Nothing, LinkButton, Loaded, PageHeading, TimeText, Tone},
    load::{load, refresh},
    route::Place,
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        portal::{PortalOverview, ReadPortal},
    },
    portal::{Notice, ServiceState},
    procedure::{Procedure, can_ask},
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The page.
#[component]
pub fn Portal() -> impl IntoView {
    let read = load::<ReadPortal>(|| ((), Empty {}));
    refresh(EVERY, move || read.again());
    let may = can_ask(Procedure::PortalChange, &use_me().actor).any();
    view! {
        <div class="page">
            <PageHeading title="ポータル管理" lead="だれでも読めるページと、これまでに公開したすべての版（第14条）" />
            <div class="actions">
                {may
                    .then(|| {
                        view! {
                            <LinkButton href=Place::Ask(Procedure::PortalChange, None).path()>
                                "ポータルの変更を依頼する"
                            </LinkButton>
                        }
                    })}
                // Files of their own: the router must not take the link.
                <a class="button" href="/portal/" rel="external" target="_blank">"ポータルを開く（新しい画面）"</a>
            </div>
            <Loaded load=read what="ポータルの内容を読み込めませんでした。" let:shown>
                <Shown shown=shown />
            </Loaded>
        </div>
    }
}

#[component]
fn Shown(shown: PortalOverview) -> impl IntoView {
    let written = shown.rendered >= shown.revision;
    let running = shown.status.state == ServiceState::Running;
    let pages = shown.pages.into_iter().map(|row| {
        view! {
            <li>
                <span class="settings-what">
                    <a href=Place::PortalPage(row.name).path()><strong>{row.title}</strong></a>
                    <span class="hint">{format!("/portal/{}.html", row.name)}</span>
                </span>
                <span class="patient-marks">
                    <span>{format!("第{}版", row.number)}</span>
                    <TimeText at=row.at />
                </span>
            </li>
        }
    });
    let pages = pages.collect_view();
    let none = shown.notices.is_empty();
    let notices =
        shown.notices.into_iter().map(|notice| view! { <NoticeRow notice=notice /> }).collect_view();
    view! {
        <section class="stack">
            <h2>"今の表示"</h2>
            <dl class="facts">
                <dt>"状態"</dt>
                <dd>
                    <Badge tone=if running { Tone::Good } else { Tone::Alarm }>{shown.status.state.label()}</Badge>
                    " " {shown.status.words}
                    {shown.status.until.map(|until| view! { "（" <TimeText at=until /> " まで）" })}
                </dd>
                <dt>"公開ファイル"</dt>
                <dd>
                    {if written { "最新です" } else { "書き出しています（1分ほどで最新になります）" }}
                    {shown.rendered_at.map(|at| view! { "　作成: " <TimeText at=at /> })}
                </dd>
            </dl>
        </section>
        <section class="stack">
            <h2>"ページ"</h2>
            <ul class="settings-list">{pages}</ul>
        </section>
        <section class="stack">
            <h2>"お知らせ"</h2>
            {none.then(|| view! { <Nothing words="お知らせはありません" /> })}
            <ul class="settings-list">{notices}</ul>
        </section>
    }
}

#[component]
fn NoticeRow(notice: Notice) -> impl IntoView {
    view! {
        <li>
            <span class="settings-what">
                <strong>{notice.title}</strong>
                <span class="hint">{notice.kind.label()}</span>
            </span>
            <span class="patient-marks">
                <Badge tone=Tone::New>{notice.mark.label()}</Badge>
                <TimeText at=notice.at />
                {notice.case.map(|case| view! { <a href=Place::Case(case).path()>"案件"</a> })}
            </span>
        </li>
    }
}
