//! Enrolling a second factor: a passkey on this device, or an authenticator app. Used at the first sign-in and in my
//! settings.

use crate::{
    client::{self, Failure},
    components::{Button, ButtonKind, Notice, NoticeKind, TextField},
    passkey,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    api::people::{ConfirmTotp, EnrolPasskey, OfferPasskey, OfferTotp},
    people::{Enrolled, FactorProof, NewPasskey, Reauth, TotpOffer},
};

/// What went wrong, where no single field says it.
#[component]
pub fn Trouble(
    /// The failure.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    move || failure.get().map(|why| view! { <Notice kind=NoticeKind::Error><p>{why.sentence()}</p></Notice> })
}

/// A passkey on this device.
#[component]
pub fn PasskeyForm(
    /// The present password, where it is asked for.
    password: RwSignal<String>,
    /// It is enrolled.
    done: Callback<Enrolled>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let refused = RwSignal::new(false);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
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
            match answer.await {
                Ok(Some(enrolled)) => done.run(enrolled),
                Ok(None) => {
                    refused.try_set(true);
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <Trouble failure=failure />
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
            <Button kind=ButtonKind::Primary submit=true busy=busy>"この端末にパスキーを登録"</Button>
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
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let ask = move || {
        busy.set(true);
        failure.set(None);
        let reauth = Reauth { password: password.get_untracked() };
        spawn_local(async move {
            match client::call::<OfferTotp>(&(), &reauth).await {
                Ok(made) => {
                    offer.try_set(Some(made));
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let proof = FactorProof { code: code.get_untracked() };
        spawn_local(async move {
            match client::call::<ConfirmTotp>(&(), &proof).await {
                Ok(enrolled) => done.run(enrolled),
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="stack">
            <Trouble failure=failure />
            {move || match offer.get() {
                None => {
                    view! { <Button busy=busy on_press=ask>"認証アプリを使う（QRコードを表示）"</Button> }
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
                            <Button kind=ButtonKind::Primary submit=true busy=busy>"確認して登録"</Button>
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
