//! 資産台帳: the registered version, and registering another (Arts. 8 and 20(3)).

use crate::{
    browser,
    client::{Failure, call},
    clock,
    components::{Button, Icon, Notice, NoticeKind, Shape, TimeText},
    load::{Load, load},
    session::may_ever,
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    api::{
        Empty,
        evidence::{KeepLedger, ReadLedger},
    },
    authority::Action,
    evidence::{LEDGER_HEAD, LEDGER_MAX, Ledger, LedgerVersion, NewLedger},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

/// The section.
#[component]
pub fn LedgerSection() -> impl IntoView {
    let ledger = load::<ReadLedger>(|| ((), Empty {}));
    view! {
        <section class="section">
            <h2>"資産台帳"</h2>
            <p>"クラウドの設備とソフトウェアの一覧です（第8条、第20条(3)）。登録した版は、システムの世代として5年間保管します。"</p>
            {move || {
                ledger
                    .failure
                    .get()
                    .filter(|_| ledger.shown.with(Option::is_none))
                    .map(|why| {
                        view! { <Notice kind=NoticeKind::Error><p>"資産台帳を読み込めませんでした。" {why.sentence()}</p></Notice> }
                    })
            }}
            {move || ledger.shown.get().map(|shown| view! { <Shown ledger=shown /> })}
            {may_ever(Action::KeepLedger).then(|| view! { <Register ledger=ledger /> })}
        </section>
    }
}

#[component]
fn Shown(ledger: Ledger) -> impl IntoView {
    let Ledger { version, text } = ledger;
    let Some(LedgerVersion { number, rows, sha256, at, by_name, .. }) = version else {
        return view! { <p>"まだ登録されていません。"</p> }.into_any();
    };
    let failed = RwSignal::new(false);
    let save = move || {
        // Spreadsheets take a file for UTF-8 by these three bytes.
        let bytes = format!("\u{feff}{text}");
        let saved =
            browser::save(&format!("資産台帳-第{number}版.csv"), "text/csv;charset=utf-8", bytes.as_bytes());
        failed.set(saved.is_err());
    };
    view! {
        <p>
            <strong>"第" {number} "版　" {rows} "件"</strong> "　登録 " <TimeText at=at /> "　" {by_name}
        </p>
        <p class="hint">"SHA-256: " <code class="secret">{sha256}</code></p>
        <div class="actions no-print">
            <Button on_press=save>"この版を保存する（CSV）"</Button>
        </div>
        {move || {
            failed.get().then(|| view! { <Notice kind=NoticeKind::Warning><p>"保存できませんでした。"</p></Notice> })
        }}
    }
    .into_any()
}

/// Why a chosen file was not registered.
#[derive(Clone)]
enum Wrong {
    Unreadable,
    TooLong,
    Refused(Failure),
}

impl Wrong {
    fn words(&self) -> String {
        match self {
            Self::Unreadable => {
                "ファイルを読み取れませんでした。文字コードをUTF-8にして、もう一度選んでください。".into()
            }
            Self::TooLong => format!("{}KBまでのファイルを選んでください。", LEDGER_MAX / 1000),
            Self::Refused(why) => why.sentence(),
        }
    }
}

#[component]
fn Register(ledger: Load<Ledger>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<Wrong>);
    let done = RwSignal::new(None::<LedgerVersion>);
    // The same file sent twice is registered once.
    let sent = StoredValue::new(None::<NewLedger>);
    let register = move |file: File| {
        busy.set(true);
        wrong.set(None);
        done.set(None);
        let follows = ledger.shown.with_untracked(|shown| {
            shown.as_ref().and_then(|shown| shown.version.as_ref()).map_or(0, |version| version.number)
        });
        spawn_local(async move {
            match send(&file, follows, sent).await {
                Ok(version) => {
                    done.try_set(Some(version));
                    ledger.again();
                }
                Err(why) => {
                    wrong.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let picked = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)).filter(|_| !busy.get_untracked()) {
            register(file);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    };
    view! {
        <div class="stack no-print">
            <p class="hint" id="ledger-form">
                "CSV（UTF-8）で、1行目の見出しは「" {LEDGER_HEAD} "」です。"
            </p>
            <span class="attach">
                <input
                    type="file"
                    id="ledger"
                    class="visually-hidden"
                    accept=".csv,text/csv"
                    aria-describedby="ledger-form"
                    on:change=picked
                />
                <label for="ledger" class="button">
                    <Icon shape=Shape::Clip />
                    <span>{move || if busy.get() { "登録しています…" } else { "新しい版を登録する" }}</span>
                </label>
            </span>
            <div role="status">
                {move || {
                    done.get()
                        .map(|version| {
                            view! {
                                <Notice kind=NoticeKind::Done>
                                    <p>"第" {version.number} "版（" {version.rows} "件）を登録しました。数分のうちにシステムの世代になります。"</p>
                                </Notice>
                            }
                        })
                }}
            </div>
            {move || {
                wrong
                    .get()
                    .map(|why| {
                        view! {
                            <Notice kind=NoticeKind::Error>
                                <p>"登録していません。" {why.words()}</p>
                            </Notice>
                        }
                    })
            }}
        </div>
    }
}

async fn send(
    file: &File,
    follows: u32,
    sent: StoredValue<Option<NewLedger>>,
) -> Result<LedgerVersion, Wrong> {
    if file.size() > LEDGER_MAX as f64 {
        return Err(Wrong::TooLong);
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Wrong::Unreadable)?;
    let text = String::from_utf8(js_sys::Uint8Array::new(&buffer).to_vec()).map_err(|_| Wrong::Unreadable)?;
    let before = sent.get_value().filter(|before| (before.follows, &before.text) == (follows, &text));
    let command = before.map_or_else(clock::new_command, |before| before.command);
    let request = NewLedger { command, follows, text };
    sent.set_value(Some(request.clone()));
    call::<KeepLedger>(&(), &request).await.map_err(Wrong::Refused)
}
