//! The audit log as a file: what the filters find, as CSV, with its SHA-256. The file is made in this browser; each page
//! that it is made of leaves its event in the log.

use super::audit_row::sentence;
use crate::{
    browser,
    client::{self, Failure},
    clock,
    components::{Button, Notice, NoticeKind},
};
use leptos::{prelude::*, task::spawn_local};
use sha2::{Digest, Sha256};
use shared::api::audit::{AuditQuery, AuditRow, ListAudit};

/// Most entries of one file.
const ROWS_MAX: usize = 20_000;

/// How it ended.
#[derive(Clone)]
enum Made {
    File { name: String, rows: usize, hash: String, whole: bool },
    Failed(Failure),
}

/// The button, its progress, and the file's hash to write down.
#[component]
pub fn Export(
    /// What the filters ask for.
    wanted: RwSignal<AuditQuery>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let progress = RwSignal::new(0_usize);
    let made = RwSignal::new(None::<Made>);
    let start = move || {
        busy.set(true);
        made.set(None);
        progress.set(0);
        let query = AuditQuery { before: None, ..wanted.get_untracked() };
        spawn_local(async move {
            let result = run(query, progress).await;
            made.try_set(Some(result));
            busy.try_set(false);
        });
    };
    view! {
        <section class="stack">
            <h2>"書き出し"</h2>
            <p>"今の条件に合う記録を、表計算ソフトで開けるファイル（CSV）にします。患者の名前は入りません。"</p>
            <Button busy=busy on_press=start>"この条件の記録を書き出す"</Button>
            <div role="status">
                {move || (busy.get() && progress.get() > 0).then(|| view! { <p>{progress.get()} "件を読みました"</p> })}
                {move || {
                    made.get()
                        .map(|made| match made {
                            Made::File { name, rows, hash, whole } => {
                                view! {
                                    <Notice kind=NoticeKind::Done>
                                        <p>{rows} "件を「" {name} "」に書き出しました。"</p>
                                        {(!whole)
                                            .then(|| {
                                                view! {
                                                    <p>
                                                        "一度に書き出せるのは" {ROWS_MAX}
                                                        "件までです。期間を短くして、残りを書き出してください。"
                                                    </p>
                                                }
                                            })}
                                        <p class="hint">"SHA-256: " <code class="secret">{hash}</code></p>
                                    </Notice>
                                }
                                    .into_any()
                            }
                            Made::Failed(why) => {
                                view! {
                                    <Notice kind=NoticeKind::Warning>
                                        <p>"書き出せませんでした。" {why.sentence()}</p>
                                    </Notice>
                                }
                                    .into_any()
                            }
                        })
                }}
            </div>
        </section>
    }
}

async fn run(mut query: AuditQuery, progress: RwSignal<usize>) -> Made {
    // Spreadsheets take a file for UTF-8 by these three bytes.
    let mut text = String::from("\u{feff}");
    line(&mut text, &["記録番号", "日時（日本時間）", "だれが", "施設", "操作", "対象", "結果", "接続元"]);
    let mut rows = 0;
    let whole = loop {
        let page = match client::call::<ListAudit>(&(), &query).await {
            Ok(page) => page,
            Err(why) => return Made::Failed(why),
        };
        rows += page.rows.len();
        page.rows.iter().for_each(|row| entry(&mut text, row));
        match page.before {
            None => break true,
            Some(_) if rows >= ROWS_MAX => break false,
            Some(before) => query.before = Some(before),
        }
        // Nobody waits for this any more once the page is left.
        if progress.try_set(rows).is_some() {
            break false;
        }
    };
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    let to = query.to.unwrap_or_else(|| clock::now().day());
    let name = format!("操作記録_{}_{to}.csv", query.from.unwrap_or(to));
    match browser::save(&name, "text/csv;charset=utf-8", text.as_bytes()) {
        Ok(()) => Made::File { name, rows, hash, whole },
        Err(_) => Made::Failed(Failure::Unreadable),
    }
}

fn entry(text: &mut String, row: &AuditRow) {
    let parts = sentence(row);
    let event = &row.event;
    let (hour, minute) = event.at.wall_clock();
    line(
        text,
        &[
            &event.id.to_string(),
            &format!("{} {hour:02}:{minute:02}", event.at.day()),
            row.name.as_deref().unwrap_or("サインイン前の人"),
            row.facility_name.as_deref().unwrap_or_default(),
            event.action.label(),
            &event.thing.join(" "),
            &parts.result,
            &event.source,
        ],
    );
}

/// One line, quoted as RFC 4180 says. What a spreadsheet would take for a formula is kept from being one.
fn line(text: &mut String, cells: &[&str]) {
    let cell = |cell: &&str| {
        let formula = cell.starts_with(['=', '+', '-', '@', '\t']);
        format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
    };
    text.push_str(&cells.iter().map(cell).collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        let mut text = String::new();
        line(&mut text, &["a\"b", "=1+1", "二,三"]);
        assert_eq!(text, "\"a\"\"b\",\"'=1+1\",\"二,三\"\r\n");
    }
}
