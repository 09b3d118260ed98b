//! お知らせメール: where I am told what waits for me. Nothing but a code is sent before the code came back.

use crate::{
    components::{Badge, Button, ButtonKind, TextField, Tone},
    load::Load,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        people::{ConfirmMail, NameMail, RemoveMail},
    },
    people::{MailCode, MyAccount, MyMail, NewMail},
};

/// The section of 私の設定.
#[component]
pub fn MailSection(
    /// My address, if I named one.
    mail: Option<MyMail>,
    /// Loads my account again.
    mine: Load<MyAccount>,
    /// What was done, on top of the page.
    said: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let changing = RwSignal::new(mail.is_none());
    let (address, confirmed) = mail.map(|mail| (mail.address, mail.confirmed)).unwrap_or_default();
    let known = !address.is_empty();
    let shown = StoredValue::new(address.clone());
    let sending = Submission::new();
    let remove = move || {
        sending.send::<RemoveMail>((), Empty {}, move |_| {
            said.try_set(Some("お知らせメールをやめました。"));
            mine.again();
        });
    };
    view! {
        <section class="stack">
            <h2>"お知らせメール"</h2>
            <p class="hint">
                "手続きがあなたの操作を待っているときなどに、メールでお知らせします。メールには受付番号と手続きの名前だけを書き、患者や利用者の情報は書きません。"
            </p>
            <SendFailure sending=sending />
            {known
                .then(|| {
                    view! {
                        <ul class="settings-list">
                            <li>
                                <span class="settings-what">
                                    <strong>{address}</strong>
                                    {if confirmed {
                                        view! { <Badge tone=Tone::Good>"確認済み"</Badge> }
                                    } else {
                                        view! { <Badge tone=Tone::Warning>"確認待ち"</Badge> }
                                    }}
                                </span>
                                <Button on_press=move || changing.set(true)>"変える"</Button>
                                <Button busy=sending.busy on_press=remove>"やめる"</Button>
                            </li>
                        </ul>
                    }
                })}
            {(known && !confirmed).then(|| view! { <CodeForm mine=mine said=said /> })}
            {move || {
                changing
                    .get()
                    .then(|| view! { <AddressForm known=shown.get_value() mine=mine said=said /> })
            }}
        </section>
    }
}

#[component]
fn AddressForm(known: String, mine: Load<MyAccount>, said: RwSignal<Option<&'static str>>) -> impl IntoView {
    let value = RwSignal::new(known);
    let sending = Submission::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let address = value.get_untracked();
        let given = NewMail { command: sending.command(&address), address };
        sending.send::<NameMail>((), given, move |_| {
            said.try_set(Some("確認コードを送りました。届くまで1、2分かかります。"));
            mine.again();
        });
    };
    let wrong = sending.wrong("address");
    view! {
        <form class="stack" on:submit=send>
            <SendFailure sending=sending />
            <TextField
                label="メールアドレス"
                hint="ここに確認コードを送ります。"
                kind="email"
                value=value
                autocomplete="email"
                required=true
                error=wrong
            />
            <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"確認コードを送る"</Button>
        </form>
    }
}

#[component]
fn CodeForm(mine: Load<MyAccount>, said: RwSignal<Option<&'static str>>) -> impl IntoView {
    let value = RwSignal::new(String::new());
    let sending = Submission::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let given = MailCode { code: value.get_untracked() };
        sending.send::<ConfirmMail>((), given, move |_| {
            said.try_set(Some("メールアドレスを確認しました。次からお知らせします。"));
            mine.again();
        });
    };
    let wrong = sending.wrong("code");
    view! {
        <form class="stack" on:submit=send>
            <SendFailure sending=sending />
            <TextField
                label="確認コード（6桁）"
                hint="メールに書かれた数字を、30分以内に入力してください。"
                value=value
                autocomplete="one-time-code"
                required=true
                error=wrong
            />
            <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"確認する"</Button>
        </form>
    }
}
