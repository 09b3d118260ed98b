//! Enrolling a second factor: a passkey on this device, or an authenticator app. Used at the first sign-in and in my
//! settings.

use crate::{
    client::{self},
    components::{Button, ButtonKind, Notice, NoticeKind, TextField},
    passkey,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    api::people::{ConfirmTotp, EnrolPasskey, OfferPasskey, OfferTotp},
    people::{Enrolled, FactorProof, NewPasskey, Reauth, TotpOffer},
};

/// A passkey on this device.
#[component]
pub fn PasskeyForm(
    /// The present password, where it is asked for.
    password: RwSignal<String>,
    /// It is enrolled.
    done: Callback<Enrolled>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let sending = Submission::new();
    let refused = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if !sending.begin() {
            return;
        }
        refused.set(false);
        let reauth = Reauth { password: password.get_untracked() };
        let called = name.get_untracked();
        let called = if called.trim().is_empty() { "この端末".to_owned() } else { called };
        spawn_local(async move {
            let answer = async {
                let asked = client::call::<OfferPasskey>(&(), &reauth).await?;
                let Some(credential) = passkey::create(&asked.options).await else { return Ok(None) };
                let new = NewPasskey { challenge: asked.challenge, credential, name: called };
                client::call::<EnrolPasskey>(&(), &new).await.map(Some)
            };
            let enrolled = answer.await.map(|enrolled| match enrolled {
                Some(enrolled) => done.run(enrolled),
                None => {
                    refused.try_set(true);
                }
            });
            sending.end(enrolled.err());
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <SendFailure sending=sending />
            {move || {
                refused
                    .get()
                    .then(|| {
                        view! {
                            <Notice kind=NoticeKind::Warning>
                                <p>
                                    "登録は取りやめになりました。もう一度試すか、認証アプリを使ってください。"
                                </p>
                            </Notice>
                        }
                    })
            }}
            <TextField
                label="端末の呼び名"
                hint="あとで見分けるための名前です（例: 事業所のタブレット）。空欄でもかまいません。"
                value=name
            />
            <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"この端末にパスキーを登録"</Button>
        </form>
    }
}

/// An authenticator app, by a QR code and its first code.
#[component]
pub fn TotpForm(
    /// The present password, where it is asked for.
    password: RwSignal<String>,
    /// It is enrolled.
    done: Callback<Enrolled>,
) -> impl IntoView {
    let offer = RwSignal::new(None::<TotpOffer>);
    let code = RwSignal::new(String::new());
    let sending = Submission::new();
    let ask = move || {
        let reauth = Reauth { password: password.get_untracked() };
        sending.send::<OfferTotp>((), reauth, move |made| {
            offer.try_set(Some(made));
        });
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let proof = FactorProof { code: code.get_untracked() };
        sending.send::<ConfirmTotp>((), proof, move |enrolled| done.run(enrolled));
    };
    view! {
        <div class="stack">
            <SendFailure sending=sending />
            {move || match offer.get() {
                None => {
                    view! { <Button busy=sending.busy on_press=ask>"認証アプリを使う（QRコードを表示）"</Button> }
                        .into_any()
                }
                Some(made) => {
                    let size = made.qr.size;
                    view! {
                        <ol class="stack">
                            <li>
                                "スマートフォンの認証アプリ（Google Authenticator、Microsoft Authenticator など）で、このQRコードを読み取ります。"
                                <svg
                                    class="qr"
                                    role="img"
                                    aria-label="認証アプリで読み取るQRコード"
                                    viewBox=format!("0 0 {size} {size}")
                                    shape-rendering="crispEdges"
                                >
                                    <path d=made.qr.path />
                                </svg>
                                <p class="hint">
                                    "読み取れないときは、次の文字をアプリに入力します: "
                                    <code class="secret">{made.secret}</code>
                                </p>
                                <p class="hint">
                                    "この端末のアプリを使うときは "
                                    <a href=made.link rel="external">"アプリを開く"</a>
                                </p>
                            </li>
                            <li>"アプリに表示された6桁の数字を入力します。"</li>
                        </ol>
                        <form class="stack" on:submit=send>
                            <TextField
                                label="6桁の数字"
                                value=code
                                autocomplete="one-time-code"
                                required=true
                            />
                            <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"確認して登録"</Button>
                        </form>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Recovery codes: shown now and never again.
#[component]
pub fn RecoveryCodes(
    /// The codes.
    codes: Vec<String>,
) -> impl IntoView {
    let print = move || {
        // A browser that cannot print leaves the codes on the screen, to be written down.
        let _ = window().print();
    };
    view! {
        <div class="stack">
            <p>
                "端末をなくしたときや、認証アプリを使えないときに、サインインの確認コードの代わりに使えます。1つのコードは1回だけ使えます。"
                <strong>"この画面を閉じると、もう表示できません。"</strong>
            </p>
            <ul class="codes">{codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ul>
            <div class="actions">
                <Button on_press=print>"印刷する"</Button>
            </div>
        </div>
    }
}
