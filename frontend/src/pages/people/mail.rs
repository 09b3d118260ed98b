//! お知らせメール: where I am told what waits for me. Nothing but a code is sent before the code came back.

use super::enrol::Trouble;
use crate::{
    client::{self, Failure},
    clock,
    components::{Badge, Button, ButtonKind, TextField, Tone},
    load::Load,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
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
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(false);
    let remove = move || {
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match client::call::<RemoveMail>(&(), &Empty {}).await {
                Ok(_) => {
                    said.try_set(Some("お知らせメールをやめました。"));
                    mine.again();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="stack">
            <h2>"お知らせメール"</h2>
            <p class="hint">
                "手続きがあなたの操作を待っているときなどに、メールでお知らせします。メールには受付番号と手続きの名前だけを書き、患者や利用者の情報は書きません。"
            </p>
            <Trouble failure=failure />
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
                                <Button busy=busy on_press=remove>"やめる"</Button>
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
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let command = StoredValue::new(clock::new_command());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        failure.set(None);
        let given = NewMail { command: command.get_value(), address: value.get_untracked() };
        spawn_local(async move {
            match client::call::<NameMail>(&(), &given).await {
                Ok(_) => {
                    said.try_set(Some("確認コードを送りました。届くまで1、2分かかります。"));
                    mine.again();
                }
                Err(why) => {
                    if !why.may_retry() {
                        command.set_value(clock::new_command());
                    }
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let wrong = Signal::derive(move || failure.get().and_then(|why| why.field("address")));
    view! {
        <form class="stack" on:submit=send>
            <Trouble failure=failure />
            <TextField
                label="メールアドレス"
                hint="ここに確認コードを送ります。"
                kind="email"
                value=value
                autocomplete="email"
                required=true
                error=wrong
            />
            <Button kind=ButtonKind::Primary submit=true busy=busy>"確認コードを送る"</Button>
        </form>
    }
}

#[component]
fn CodeForm(mine: Load<MyAccount>, said: RwSignal<Option<&'static str>>) -> impl IntoView {
    let value = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        failure.set(None);
        let given = MailCode { code: value.get_untracked() };
        spawn_local(async move {
            match client::call::<ConfirmMail>(&(), &given).await {
                Ok(_) => {
                    said.try_set(Some("メールアドレスを確認しました。次からお知らせします。"));
                    mine.again();
                }
                Err(why) => {
                    failure.try_set(Some(why));
                }
            }
            busy.try_set(false);
        });
    };
    let wrong = Signal::derive(move || failure.get().and_then(|why| why.field("code")));
    view! {
        <form class="stack" on:submit=send>
            <Trouble failure=failure />
            <TextField
                label="確認コード（6桁）"
                hint="メールに書かれた数字を、30分以内に入力してください。"
                value=value
                autocomplete="one-time-code"
                required=true
                error=wrong
            />
            <Button kind=ButtonKind::Primary submit=true busy=busy>"確認する"</Button>
        </form>
    }
}
