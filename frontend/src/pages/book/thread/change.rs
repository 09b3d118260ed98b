//! Correcting 訂正 and retracting 取消: what will happen in one sentence, the text or the reason, and nothing typed
//! is lost by closing.

use super::{
    desk::{Desk, Panel},
    fresh,
    open::OpenBook,
    order,
};
use crate::{
    client::{Failure, call},
    clock,
    components::{Button, ButtonKind, Dialog, Notice, NoticeKind, TextField, TimeText},
    draft::{ChangeDraft, ChangeKind},
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{
    api::{book as api, error::Code},
    book::{Note, Retract, Revise},
    text::{NOTE_MAX, REASON_MAX, required},
};

/// What people most often have to take back.
const REASONS: &[&str] = &["別の患者さんの連絡帳に書いた", "内容に誤りがあった", "同じ連絡を二重に送った"];

async fn send(book: OpenBook, change: &ChangeDraft) -> Result<Note, Failure> {
    let (path, command, revision) = ((book.id, change.number), change.command, change.revision);
    let text = change.text.clone();
    match change.kind {
        ChangeKind::Correction => call::<api::ReviseNote>(&path, &Revise { command, revision, text }).await,
        ChangeKind::Retraction => {
            call::<api::RetractNote>(&path, &Retract { command, revision, reason: text }).await
        }
    }
}

fn check(change: &ChangeDraft) -> Result<(), String> {
    let checked = match change.kind {
        ChangeKind::Correction => required("text", "本文", &change.text, NOTE_MAX),
        ChangeKind::Retraction => required("reason", "理由", &change.text, REASON_MAX),
    };
    checked.map(drop).map_err(|error| error.message)
}

/// Whether something was typed that would be missed.
fn typed(book: OpenBook, change: &ChangeDraft) -> bool {
    let before = match change.kind {
        ChangeKind::Correction => {
            book.note(change.number).map(|note| note.with_untracked(|n| n.text.clone()))
        }
        ChangeKind::Retraction => None,
    };
    change.text != before.unwrap_or_default()
}

/// The dialog for the correction or retraction under way.
#[component]
pub fn ChangeDialogs(book: OpenBook, desk: Desk) -> impl IntoView {
    let open = desk.panel_open(|panel| matches!(panel, Panel::Change));
    // Closed without a change: then nothing is under way any more.
    whenever(move || {
        if !open.get() && desk.change.with_untracked(|c| c.as_ref().is_some_and(|c| !typed(book, c))) {
            desk.change.set(None);
        }
    });
    let kind = Memo::new(move |before: Option<&ChangeKind>| {
        desk.change
            .with(|change| change.as_ref().map(|change| change.kind))
            .or(before.copied())
            .unwrap_or(ChangeKind::Correction)
    });
    move || {
        let title = match kind.get() {
            ChangeKind::Correction => "連絡を訂正する",
            ChangeKind::Retraction => "連絡を取り消す",
        };
        view! { <Dialog title=title open=open><ChangeForm book=book desk=desk /></Dialog> }
    }
}

#[component]
fn ChangeForm(book: OpenBook, desk: Desk) -> impl IntoView {
    // Nobody changes a note without seeing which one it is.
    let shown = desk.change.get_untracked().and_then(|begun| Some((book.note(begun.number)?, begun)));
    let Some((note, begun)) = shown else { return ().into_any() };
    let note = RwSignal::from(note);
    let kind = begun.kind;
    let text = RwSignal::new(begun.text);
    let wrong = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    Effect::new(move |before: Option<()>| {
        let text = text.get();
        if before.is_some() {
            wrong.set(None);
            desk.change.update(|change| {
                if let Some(change) = change {
                    change.text = text;
                }
            });
        }
    });
    let press = Callback::new(move |()| {
        let Some(change) = desk.change.get_untracked() else { return };
        if let Err(words) = check(&change) {
            wrong.set(Some(words));
            return;
        }
        busy.set(true);
        failed.set(None);
        desk.save();
        book.spawn(async move {
            match send(book, &change).await {
                Ok(note) => {
                    book.put(note);
                    desk.change.set(None);
                    desk.panel.set(None);
                    desk.save();
                    book.say(if kind == ChangeKind::Correction {
                        "訂正しました"
                    } else {
                        "取り消しました"
                    });
                }
                Err(failure) => {
                    let words = refused(book, desk, &change, &failure).await;
                    failed.try_set(Some(words));
                }
            }
            busy.try_set(false);
        });
    });
    let give_up = Callback::new(move |()| {
        desk.change.set(None);
        desk.panel.set(None);
    });
    let reasons = move || {
        let chip = |words: &'static str| {
            view! { <button type="button" class="chip-button" on:click=move |_| text.set(words.into())>{words}</button> }
        };
        view! { <div class="chips" role="group" aria-label="よくある理由">{REASONS.iter().copied().map(chip).collect_view()}</div> }
    };
    view! {
        <div class="change-form">
            <p class="quote">
                <span>
                    <b>{move || note.with(|n| format!("{}さん", n.author.name))}</b>
                    " " <TimeText at=note.with_untracked(|n| n.sent_at) />
                    <br />
                    <span class="quote-text">{move || note.with(|n| order::quote(&n.text))}</span>
                </span>
            </p>
            {match kind {
                ChangeKind::Correction => view! {
                    <p>"訂正前の文も履歴に残り、支援チームが見られます。"</p>
                    <TextField label="本文" value=text error=wrong required=true lines=8 />
                }
                .into_any(),
                ChangeKind::Retraction => view! {
                    <p>"連絡に「取り消されました」と表示されます。文と添付は記録に残り、元には戻せません。"</p>
                    {reasons()}
                    <TextField label="理由" value=text error=wrong required=true lines=3 />
                }
                .into_any(),
            }}
            {move || failed.get().map(|words| view! { <Notice kind=NoticeKind::Error>{words}</Notice> })}
            <div class="dialog-actions">
                {match kind {
                    ChangeKind::Correction => {
                        view! { <Button kind=ButtonKind::Primary busy=busy on_press=press>"訂正する"</Button> }.into_any()
                    }
                    ChangeKind::Retraction => {
                        view! { <Button kind=ButtonKind::Danger busy=busy on_press=press>"取り消す"</Button> }.into_any()
                    }
                }}
                <Button on_press=give_up>"やめる"</Button>
            </div>
        </div>
    }
    .into_any()
}

/// What went wrong, after the screen has caught up with the server where it was behind.
async fn refused(book: OpenBook, desk: Desk, change: &ChangeDraft, failure: &Failure) -> String {
    match failure.code() {
        Some(code @ (Code::Stale | Code::CommandReused)) => {
            if fresh::again(book, change.number).await.is_err() {
                return failure.sentence();
            }
            // From the note as it is now; a new number, for what comes now is another act.
            let revision = book.note(change.number).map(|note| note.with_untracked(|note| note.revision));
            desk.change.update(|change| {
                if let (Some(change), Some(revision)) = (change, revision) {
                    change.revision = revision;
                    change.command = clock::new_command();
                }
            });
            let what = if code == Code::Stale {
                "別の画面で先に訂正されています。"
            } else {
                "先に送った内容は届いています。"
            };
            format!("{what}上の最新の文を確かめて、よければもう一度押してください。")
        }
        Some(Code::Retracted) => {
            let _ = fresh::again(book, change.number).await;
            failure.sentence()
        }
        Some(Code::Invalid) => ["text", "reason"]
            .iter()
            .find_map(|field| failure.field(field))
            .unwrap_or_else(|| failure.sentence()),
        _ if failure.may_retry() => format!("{}入力した内容は残っています。", failure.sentence()),
        _ => failure.sentence(),
    }
}
