//! 様式: a case as an official sheet, as it will stand on paper: to look at, to print, to keep as PDF.

use crate::{
    components::{Button, ButtonKind, Failed, LinkButton, PageHeading, Shape, Skeleton},
    load::load,
    printed,
    route::Place,
    submission::{SendFailure, Submission},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{PrintSheet, ReadCase, ReadDesk, SheetQuery},
    },
    id::CaseId,
    procedure::{SheetKind, sheet_of},
    sheet::{Pages, Sheet},
};

/// The page.
#[component]
pub fn SheetPage(id: CaseId, kind: SheetKind) -> impl IntoView {
    let opened = load::<ReadCase>(move || (id, Empty {}));
    let desk = load::<ReadDesk>(|| ((), Empty {}));
    let again = move || {
        opened.again();
        desk.again();
    };
    view! {
        <div class="page">
            <div class="no-print stack">
                <PageHeading title=kind.label() lead="このままA4の紙に印刷できます。長い項目は、2枚目からの別紙に続きます。" />
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Shape::Print on_press=|| {
                        let _ = window().print();
                    }>"印刷する"</Button>
                    <SavePdf id=id kind=kind />
                    <LinkButton href=Place::Case(id).path() kind=ButtonKind::Plain>"案件に戻る"</LinkButton>
                </div>
            </div>
            {move || match (opened.shown.get(), desk.shown.get()) {
                (Some(opened), Some(desk)) => {
                    match sheet_of(&opened.case, kind, &desk.city) {
                        Some(sheet) => view! { <Paper sheet=sheet /> }.into_any(),
                        None => view! { <p>"この案件には、この様式はありません。"</p> }.into_any(),
                    }
                }
                _ => {
                    match opened.failure.get().or_else(|| desk.failure.get()) {
                        Some(why) => {
                            view! {
                                <Failed
                                    what="案件を読み込めませんでした。"
                                    failure=why
                                    again=again
                                    busy=opened.busy
                                />
                            }
                                .into_any()
                        }
                        None => view! { <Skeleton /> }.into_any(),
                    }
                }
            }}
        </div>
    }
}

/// Fetches the PDF and keeps it.
#[component]
fn SavePdf(id: CaseId, kind: SheetKind) -> impl IntoView {
    let sending = Submission::new();
    let save = move || printed::save::<PrintSheet>(sending, id, SheetQuery { kind });
    view! {
        <Button busy=sending.busy on_press=save>"PDFで保存する"</Button>
        <SendFailure sending=sending />
    }
}

/// The rows of a form: label, and the box's name.
const APPLICATION: &[(&str, &str)] = &[
    ("申請者（代表者と異なる場合のみ）", "applicant"),
    ("件名", "subject"),
    ("使用目的", "purpose"),
    ("処理内容", "processing"),
    ("保存媒体", "media"),
    ("使用後の措置", "after_use"),
    ("使用期間", "period"),
    ("実施日", "done_on"),
    ("備考", "remarks"),
    ("添付資料", "attached"),
];
const NOTICE: &[(&str, &str)] = &[
    ("申請者（利用者）", "applicant"),
    ("データ提供日", "supplied_from"),
    ("却下理由", "reason"),
    ("備考", "remarks"),
];
const INCIDENT: &[(&str, &str)] = &[
    ("発見日時", "found_at"),
    ("発見箇所", "found_where"),
    ("発生日時", "occurred_at"),
    ("内容", "content"),
    ("影響範囲", "affected"),
    ("復旧・対応日時", "recovered_at"),
    ("経過", "course"),
    ("原因", "cause"),
    ("処置", "measures"),
    ("備考", "remarks"),
    ("添付資料", "attached"),
];

const CERTIFICATE: &[(&str, &str)] = &[
    ("消去したもの", "object"),
    ("根拠", "ground"),
    ("方法", "method"),
    ("許可", "permitted"),
    ("実施", "erased"),
    ("消した件数", "live"),
    ("検証", "checked"),
    ("届いた世代", "reached"),
    ("証明の保存場所", "kept"),
    ("備考", "remarks"),
];

#[component]
fn Paper(sheet: Sheet) -> impl IntoView {
    let pages = sheet.split();
    let number = sheet.number().to_owned();
    let (form, rows) = match &sheet {
        Sheet::DataUseApplication(_) => ("様式第１（第１５条関係）", APPLICATION),
        Sheet::DataUseNotice(_) => ("様式第２（第１５条関係）", NOTICE),
        Sheet::IncidentReport(_) => ("様式第３（第１８条関係）", INCIDENT),
        Sheet::ErasureCertificate(_) => ("（第２２条関係）", CERTIFICATE),
        // A letter is printed by its own desk, once.
        Sheet::SealedLetter(_) | Sheet::Runbook(_) => return ().into_any(),
    };
    let line = |key: &str| pages.front.lines(key).concat();
    let head = match &sheet {
        Sheet::DataUseNotice(_) => notice_head(&pages),
        Sheet::DataUseApplication(_) => view! {
            <p>"（宛先）" {line("city")} "長"</p>
            <div class="sheet-signed">
                <p>"施 設 名　" {line("facility")}</p>
                <p>"代表者名　" {line("representative")} "　印"</p>
            </div>
            <p>"　記録されているデータの使用許可について、以下のとおり申請します。"</p>
        }
        .into_any(),
        Sheet::ErasureCertificate(_) => view! {
            <p>"（宛先）" {line("addressee")}</p>
            <div class="sheet-signed">
                <p class="pre">{pages.front.lines("issuer").join("\n")} "　印"</p>
            </div>
            <p>"　以下のとおり、元に戻せない方法で消去したことを証明します。"</p>
        }
        .into_any(),
        _ => view! {
            <p>"（宛先）" {line("city")} "長"</p>
            <div class="sheet-signed">
                <p class="pre">{pages.front.lines("reporter").join("\n")} "　印"</p>
            </div>
            <p>"　みだしのことにつきまして、以下のとおり報告します。"</p>
        }
        .into_any(),
    };
    let struck = matches!(sheet, Sheet::DataUseNotice(_)).then(|| decision(&line("decision")));
    let rows = rows.iter().map(|(label, key)| {
        let text = pages.front.lines(key).join("\n");
        view! {
            <tr>
                <th scope="row">{*label}</th>
                <td class="pre">{text}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let foot = matches!(sheet, Sheet::DataUseNotice(_)).then(|| {
        view! { <p>"注意　データの提供を受ける際には、" {line("city")} "に本通知を提示してください。"</p> }
    });
    let annexes = pages.annexes.iter().map(|annex| {
        view! {
            <section class="sheet-page">
                <h3>{annex.title.clone()}</h3>
                <p class="pre">{annex.lines.join("\n")}</p>
            </section>
        }
    });
    let annexes = annexes.collect_view();
    let title = match struck {
        Some(words) => view! { <h2>"データ使用許可" {words} "通知書"</h2> }.into_any(),
        None => view! { <h2>{pages.title.clone()}</h2> }.into_any(),
    };
    view! {
        <article class="sheet" aria-label=pages.title.clone()>
            <section class="sheet-page">
                <p class="sheet-top">
                    <span>{form}</span>
                    <span>"受付番号　" {number}</span>
                </p>
                {title}
                <p class="sheet-date">{line("date")}</p>
                {head}
                <table>
                    <tbody>{rows}</tbody>
                </table>
                {foot}
                <p class="sheet-foot">"備考　用紙の大きさは、日本工業規格Ａ４とする。"</p>
            </section>
            {annexes}
        </article>
    }
    .into_any()
}

/// 「決定・却下」 with the word struck out that does not apply.
fn decision(made: &str) -> AnyView {
    match made {
        "granted" => view! { "決定・" <s>"却下"</s> }.into_any(),
        "refused" => view! { <s>"決定"</s> "・却下" }.into_any(),
        _ => "決定・却下".into_any(),
    }
}

fn notice_head(pages: &Pages) -> AnyView {
    let line = |key: &str| pages.front.lines(key).concat();
    view! {
        <p class="pre">{pages.front.lines("addressee").join("\n")} "　様"</p>
        <div class="sheet-signed">
            <p>{line("city")} "長　印"</p>
        </div>
        <p>
            "　" {line("applied_on")} "付けで申し込みがありましたデータ使用許可については、下記のとおり"
            {decision(&line("decision"))} "します。"
        </p>
        <p class="sheet-middle">"記"</p>
    }
    .into_any()
}
