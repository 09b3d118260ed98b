//! 封書: made, printed, and gone from the page. The screen never shows the password: it is on the paper only.

use crate::{
    browser, clock,
    components::{Button, ButtonKind, Notice, NoticeKind, Shape},
    load::Load,
    submission::{SendFailure, Submission},
};
use leptos::{ev, prelude::*};
use shared::{
    api::procedure::{Letter, PrintLetter},
    id::CaseId,
    procedure::{Act, Form, Opened, TakeStep},
    sheet::SealedLetter,
};

/// The button, and the letter while it is being printed.
#[component]
pub fn LetterDesk(
    /// Which case.
    id: CaseId,
    /// As the person saw it.
    version: u32,
    /// Whether a letter was made before.
    again: bool,
    /// Looked at again afterwards.
    opened: Load<Opened>,
) -> impl IntoView {
    let letter = RwSignal::new(None::<Letter>);
    let printed = RwSignal::new(false);
    let sending = Submission::new();
    let make = move || {
        let take = TakeStep { command: clock::new_command(), act: Act::Print, version, form: Form::new() };
        sending.send::<PrintLetter>(id, take, move |made| {
            letter.try_set(Some(made));
        });
    };
    // Printed or not, the password leaves the page with the print window.
    let after = window_event_listener(ev::Custom::<web_sys::Event>::new("afterprint"), move |_| {
        if letter.with_untracked(Option::is_some) {
            letter.set(None);
            printed.set(true);
            opened.again();
        }
    });
    on_cleanup(move || after.remove());
    let print = move || {
        let _ = window().print();
    };
    view! {
        <SendFailure sending=sending />
        {move || {
            printed
                .get()
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Done>
                            <p>"封書の印刷が終わりました。紙が出ていないときは、もう一度作ってください（新しいパスワードになります）。"</p>
                        </Notice>
                    }
                })
        }}
        {move || match letter.get() {
            None => {
                view! {
                    {again
                        .then(|| {
                            view! {
                                <p class="hint">
                                    "もう一度作ると、前の封書のパスワードは使えなくなります。"
                                </p>
                            }
                        })}
                    <Button
                        kind=if again { ButtonKind::Secondary } else { ButtonKind::Primary }
                        icon=Shape::Print
                        busy=sending.busy
                        on_press=make
                    >
                        {if again { "封書を作り直す" } else { "封書を作る" }}
                    </Button>
                }
                    .into_any()
            }
            Some(made) => {
                view! {
                    <p>
                        "封書ができました。パスワードは画面には表示されず、紙にだけ印刷されます。A4で1枚です。三つ折りにして、窓付き封筒（長形3号）に入れてください。"
                    </p>
                    <div class="actions">
                        <Button kind=ButtonKind::Primary icon=Shape::Print on_press=print>"印刷する"</Button>
                        {made.pdf.clone().map(|pdf| view! { <SavePdf number=made.case.number.clone() pdf=pdf /> })}
                    </div>
                    <Sheet letter=made />
                }
                    .into_any()
            }
        }}
    }
}

/// The letter as PDF, for printers that the browser does not print well on. The password leaves the page with it.
#[component]
fn SavePdf(number: String, pdf: String) -> impl IntoView {
    let wrong = RwSignal::new(false);
    let save = move || {
        let bytes = browser::from_base64(&pdf);
        let saved = bytes.is_some_and(|bytes| {
            browser::save(&format!("封書_{number}.pdf"), "application/pdf", &bytes).is_ok()
        });
        wrong.set(!saved);
    };
    view! {
        <Button icon=Shape::Download on_press=save>"PDFで保存する"</Button>
        {move || wrong.get().then(|| view! { <p class="error" role="alert">"保存できませんでした。印刷してください。"</p> })}
        <p class="hint">"PDFには初回パスワードが書かれています。印刷したら、すぐに削除してください。"</p>
    }
}

/// The sheet: A4, folded twice, the addressee in the window.
#[component]
fn Sheet(letter: Letter) -> impl IntoView {
    let size = letter.qr.size;
    let to_whom = letter.to_whom();
    let steps = SealedLetter::STEPS.map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <article class="letter" aria-label="封書の見本">
            <span class="fold fold-one" aria-hidden="true"></span>
            <span class="fold fold-two" aria-hidden="true"></span>
            <div class="letter-address">
                <p>{letter.postal}</p>
                <p>{letter.facility}</p>
                <p>{to_whom}</p>
                <p class="letter-mark">"親展（宛名の方以外は開封しないでください）"</p>
            </div>
            <div class="letter-from">
                <p>{clock::now().day().in_full()}</p>
                <p>{letter.sender}</p>
                <p>"受付番号 " {letter.case.number.clone()}</p>
            </div>
            <div class="letter-body">
                <h2>{SealedLetter::TITLE}</h2>
                <p>{letter.name.clone()} {SealedLetter::INTRO}</p>
                <dl class="letter-facts">
                    <dt>"氏名"</dt>
                    <dd>{letter.name} " 様"</dd>
                    <dt>"ユーザーID"</dt>
                    <dd class="letter-code">{letter.user_id}</dd>
                    <dt>"初回パスワード"</dt>
                    <dd class="letter-code">
                        <span class="letter-mask">"●●●●-●●●●-●●●●-●●●●"</span>
                        <span class="letter-secret">{letter.password}</span>
                    </dd>
                    <dt>"使える期限"</dt>
                    <dd>{letter.last_day.in_full()} "まで"</dd>
                </dl>
            </div>
            <div class="letter-how">
                <h3>"はじめてのサインイン"</h3>
                <ol>
                    <li>"右のQRコードを読み取るか、" <span class="letter-url">{letter.address}</span> " を開きます。"</li>
                    {steps}
                </ol>
                <svg class="letter-qr" viewBox=format!("0 0 {size} {size}") shape-rendering="crispEdges" aria-hidden="true">
                    <path d=letter.qr.path />
                </svg>
                <p class="letter-note">
                    {SealedLetter::WARNING}
                </p>
            </div>
        </article>
    }
}
