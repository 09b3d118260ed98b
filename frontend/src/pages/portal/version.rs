//! A version of a page, as it was shown.

use super::frame::Frame;
use crate::{
    components::{LinkButton, Loaded, Notice, NoticeKind, PageHeading, TimeText},
    load::load,
    route::Place,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        portal::{PortalVersion as Found, ReadPortalVersion},
    },
    portal::PageName,
};

/// The page.
#[component]
pub fn PortalVersion(
    /// Of which page.
    page: PageName,
    /// Which.
    number: u32,
) -> impl IntoView {
    let read = load::<ReadPortalVersion>(move || ((page, number), Empty {}));
    let title = Signal::derive(move || {
        read.shown.with(|shown| match shown {
            Some(shown) => format!("「{}」第{number}版", shown.version.text.title),
            None => format!("第{number}版"),
        })
    });
    view! {
        <div class="page">
            <PageHeading title=title />
            <div class="actions">
                <LinkButton href=Place::PortalPage(page).path()>"版の一覧に戻る"</LinkButton>
            </div>
            <Loaded load=read what="この版を読み込めませんでした。" let:shown>
                <Shown shown=shown />
            </Loaded>
        </div>
    }
}

#[component]
fn Shown(shown: Found) -> impl IntoView {
    let Found { version, until, intact, html } = shown;
    let case = version.case.map(|case| {
        let number = version.case_number.unwrap_or_default();
        view! { <dt>"案件"</dt><dd><a href=Place::Case(case).path()>{number}</a></dd> }
    });
    let html = StoredValue::new(html);
    view! {
        {(!intact)
            .then(|| {
                view! {
                    <Notice kind=NoticeKind::Error>
                        <p>"保管した照合値と内容が一致しません。システム管理者に知らせてください。"</p>
                    </Notice>
                }
            })}
        <dl class="facts">
            <dt>"表示していた期間"</dt>
            <dd>
                <TimeText at=version.at /> " から "
                {match until {
                    Some(until) => view! { <TimeText at=until /> " まで" }.into_any(),
                    None => "今まで（公開中）".into_any(),
                }}
            </dd>
            <dt>"公開した人"</dt>
            <dd>{version.by_name}</dd>
            {case}
            <dt>"内容のSHA-256"</dt>
            <dd><code class="secret">{version.sha256}</code> {intact.then_some("（一致しています）")}</dd>
        </dl>
        <Frame title="表示していた内容" html=Signal::derive(move || html.get_value()) />
    }
}
