//! A page of the portal, with everything that was published as it.

use crate::{
    components::{Badge, LinkButton, Loaded, PageHeading, TimeText, Tone},
    load::load,
    route::Place,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, portal::ReadPortalPage},
    portal::{PageName, VersionRow},
};

/// The page.
#[component]
pub fn PortalPage(
    /// Which.
    page: PageName,
) -> impl IntoView {
    let read = load::<ReadPortalPage>(move || (page, Empty {}));
    let title = Signal::derive(move || {
        read.shown.with(|shown| match shown {
            Some(shown) => format!("「{}」の版", shown.current.text.title),
            None => "ポータルのページ".to_owned(),
        })
    });
    view! {
        <div class="page">
            <PageHeading title=title lead="公開した版は、書き換えも削除もできません。いつ、何が表示されていたかを確かめられます。" />
            <div class="actions">
                <LinkButton href=Place::Portal.path()>"ポータル管理に戻る"</LinkButton>
            </div>
            <Loaded load=read what="版の一覧を読み込めませんでした。" let:shown>
                <ol class="settings-list">
                    {
                        let newest = shown.current.number;
                        let row = move |row| view! { <Row page=page row=row newest=newest /> };
                        shown.versions.into_iter().map(row).collect_view()
                    }
                </ol>
            </Loaded>
        </div>
    }
}

#[component]
fn Row(page: PageName, row: VersionRow, newest: u32) -> impl IntoView {
    let case = row.case.map(|case| {
        let number = row.case_number.unwrap_or_default();
        view! { <a href=Place::Case(case).path()>"案件 " {number}</a> }
    });
    view! {
        <li>
            <span class="settings-what">
                <a href=Place::PortalVersion(page, row.number).path()>
                    <strong>{format!("第{}版　{}", row.number, row.title)}</strong>
                </a>
                <span class="hint">"SHA-256 " <code class="secret">{row.sha256}</code></span>
            </span>
            <span class="patient-marks">
                {(row.number == newest).then(|| view! { <Badge tone=Tone::Good>"公開中"</Badge> })}
                <TimeText at=row.at />
                <span>{row.by_name}</span>
                {case}
            </span>
        </li>
    }
}
