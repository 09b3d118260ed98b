//! 送信の記録: what follows steps, such as mails: what is stuck, what is still to be done, what was done.

use crate::{
    components::{Badge, Button, Loaded, PageHeading, TimeText, Tone},
    load::{Load, load, refresh},
    session::use_me,
    submission::{SendFailure, Submission},
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{Outbox, ReadOutbox, TryErrand},
    },
    authority::{Action, may_ever},
    procedure::{Errand, ErrandKind},
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(30);

/// The page.
#[component]
pub fn OutboxPage() -> impl IntoView {
    let outbox = load::<ReadOutbox>(|| ((), Empty {}));
    refresh(EVERY, move || outbox.again());
    view! {
        <div class="page">
            <PageHeading
                title="送信の記録"
                lead="手続きの後に行うこと（お知らせメール、ポータルの書き出しなど）の記録です。できなかったものは、間をおいて自動でやり直します。"
            />
            <Loaded load=outbox what="記録を読み込めませんでした。" let:shown>
                <Shown shown=shown outbox=outbox />
            </Loaded>
        </div>
    }
}

#[component]
fn Shown(shown: Outbox, outbox: Load<Outbox>) -> impl IntoView {
    let Outbox { open, done, mails } = shown;
    let stuck = open.iter().filter(|errand| errand.is_stuck()).count();
    let rows = move |errands: Vec<Errand>| {
        errands.into_iter().map(|errand| view! { <Row errand=errand outbox=outbox /> }).collect_view()
    };
    let none_open = open.is_empty();
    let none_done = done.is_empty();
    view! {
        {(!mails).then(|| view! { <p>"この環境では、メールを送る設定がありません。"</p> })}
        <section class="stack">
            <h2>"これから行うこと"</h2>
            {(stuck > 0)
                .then(|| {
                    view! { <p><Badge tone=Tone::Alarm>{format!("止まっているもの {stuck}件")}</Badge></p> }
                })}
            {none_open.then(|| view! { <p>"ありません。すべて終わっています。"</p> })}
            <ul class="settings-list">{rows(open)}</ul>
        </section>
        <section class="stack">
            <h2>"終わったこと"</h2>
            {none_done.then(|| view! { <p>"まだありません。"</p> })}
            <ul class="settings-list">{rows(done)}</ul>
        </section>
    }
}

#[component]
fn Row(errand: Errand, outbox: Load<Outbox>) -> impl IntoView {
    let may = may_ever(Some(&use_me().actor.roles), Action::TryErrand) && errand.done_at.is_none();
    let sending = Submission::new();
    let id = errand.id;
    // Whether the errand went well stands in the list that is loaded next.
    let again = move || sending.send::<TryErrand>(id, Empty {}, move |_| outbox.again());
    let mail = matches!(errand.task.kind(), ErrandKind::StepMail | ErrandKind::AddressCode);
    let stuck = errand.is_stuck();
    let told = errand.told.len();
    view! {
        <li>
            <span class="settings-what">
                <strong>
                    {errand.task.kind().label()}
                    {errand.task.number().map(|number| format!("（{number}）"))}
                    {stuck.then(|| view! { " " <Badge tone=Tone::Alarm>"止まっています"</Badge> })}
                </strong>
                <span class="hint">
                    "記録: " <TimeText at=errand.made_at />
                    {errand.done_at.map(|at| view! { "　終了: " <TimeText at=at /> })}
                    {(mail && errand.done_at.is_some() && errand.task.number().is_some())
                        .then(|| if told == 0 { "　宛先を登録している人はいませんでした".to_owned() } else { format!("　{told}人に送りました") })}
                    {(errand.done_at.is_none() && errand.tries > 0)
                        .then(|| view! { {format!("　失敗 {}回　次: ", errand.tries)} <TimeText at=errand.next_at /> })}
                </span>
                {errand.trouble.map(|why| view! { <span class="hint">"理由: " {why}</span> })}
                <SendFailure sending=sending what="やり直せませんでした。" />
            </span>
            {may.then(|| view! { <Button busy=sending.busy on_press=again>"今やり直す"</Button> })}
        </li>
    }
}
