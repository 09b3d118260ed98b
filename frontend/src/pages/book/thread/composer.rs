//! Where a note is written: the text and 送信 always in reach, the rest as soon as somebody writes.

use super::{
    addressees::Addressees,
    attaching::{AttachButton, FileRows},
    desk::{Desk, Phase, TEXT_ID},
    options::{Important, Kind, UrgentHint},
    order, send,
};
use crate::components::{Button, ButtonKind, Icon, Notice, NoticeKind, Shape};
use crate::whenever::whenever;
use leptos::{ev, html, prelude::*};
use shared::text::NOTE_MAX;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// From here on the number of characters is shown.
const COUNT_FROM: usize = NOTE_MAX - 1_000;

/// The composer.
#[component]
pub fn Composer(desk: Desk) -> impl IntoView {
    // Opened by going into the text, closed by a touch elsewhere; never by losing the focus, for that comes between
    // pressing and letting go, and what was to be pressed would have moved away.
    let outside = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let inside = target.is_none_or(|t| {
            !t.is_connected() || matches!(t.closest(".composer, .note-actions"), Ok(Some(_)))
        });
        if !inside && desk.wide.get_untracked() {
            desk.wide.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send::press(desk);
    };
    let busy =
        Signal::derive(move || desk.phase.with(|phase| matches!(phase, Phase::Sending | Phase::Files)));
    view! {
        <form
            class="composer"
            class:composer-wide=move || desk.wide.get()
            aria-label="連絡を書く"
            on:submit=submit
        >
            <Words desk=desk />
            <div class="composer-more">
                <Kind desk=desk />
                <div class="composer-options">
                    <Important desk=desk />
                    <Addressees desk=desk />
                </div>
                <UrgentHint desk=desk />
            </div>
            <ReplyTo desk=desk />
            <FileRows desk=desk />
            <FieldError desk=desk field="attachments" />
            <div class="composer-row">
                <AttachButton desk=desk />
                <TextArea desk=desk />
                <Button kind=ButtonKind::Primary icon=Shape::Send submit=true busy=busy>"送信"</Button>
            </div>
            <div id="composer-errors">
                <FieldError desk=desk field="text" />
                <FieldError desk=desk field="" />
            </div>
            <Counter desk=desk />
        </form>
    }
}

#[component]
fn TextArea(desk: Desk) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    whenever(move || {
        let text = desk.text.get();
        if let Some(area) = node.get() {
            // Not while somebody composes: then both are the same.
            if area.value() != text {
                area.set_value(&text);
            }
            // Grows with its text; `thread.css` says how far.
            let style = web_sys::HtmlElement::style(&area);
            let _ = style.set_property("height", "auto");
            let _ = style.set_property("height", &format!("{}px", area.scroll_height() + 4));
        }
    });
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
            event.prevent_default();
            send::press(desk);
        }
    };
    view! {
        <label class="visually-hidden" for=TEXT_ID>"本文"</label>
        <textarea
            class="input composer-text"
            id=TEXT_ID
            rows="1"
            placeholder="連絡を書く"
            enterkeyhint="enter"
            aria-describedby="composer-errors composer-count"
            aria-invalid=move || desk.error("text").is_some().then_some("true")
            aria-keyshortcuts="Control+Enter"
            readonly=move || !desk.open()
            node_ref=node
            on:focus=move |_| desk.wide.set(true)
            on:input=move |event| {
                desk.mend("text");
                let text = event_target_value(&event);
                if text.is_empty() {
                    send::forget_the_past(desk);
                }
                desk.text.set(text);
            }
            on:keydown=keys
        ></textarea>
    }
}

#[component]
fn Counter(desk: Desk) -> impl IntoView {
    let count = Memo::new(move |_| desk.text.with(|text| text.chars().count()));
    let too_long = move || count.get() > NOTE_MAX;
    let words = move || (count.get() > COUNT_FROM).then(|| format!("{} / {NOTE_MAX}文字", count.get()));
    view! {
        <p class="composer-count hint" id="composer-count" class:error=too_long>{words}</p>
    }
}

/// What is wrong with a field, beside it.
#[component]
pub fn FieldError(desk: Desk, field: &'static str) -> impl IntoView {
    let words = Memo::new(move |_| desk.error(field));
    view! {
        <div class="error" aria-live="assertive">
            {move || words.get().map(|words| view! { <Icon shape=Shape::Alert /><span>{words}</span> })}
        </div>
    }
}

#[component]
fn ReplyTo(desk: Desk) -> impl IntoView {
    let quoted = move |number| match desk.book.note(number) {
        Some(note) => {
            note.with(|note| format!("{}さんへの返信: {}", note.author.name, order::quote(&note.text)))
        }
        None => "前の連絡への返信".into(),
    };
    let row = move || {
        desk.book.order.track();
        desk.reply_to.get().map(|number| {
            view! {
                <p class="composer-reply">
                    <Icon shape=Shape::Reply />
                    <span class="quote-text">{quoted(number)}</span>
                    <button
                        type="button"
                        class="button button-plain button-icon"
                        aria-label="返信をやめる"
                        disabled=move || !desk.open()
                        on:click=move |_| desk.reply_to.set(None)
                    >
                        <Icon shape=Shape::Close />
                    </button>
                </p>
            }
        })
    };
    view! {
        {row}
        <FieldError desk=desk field="reply_to" />
    }
}

/// How sending stands, where it is not plain to see.
#[component]
fn Words(desk: Desk) -> impl IntoView {
    let now = Callback::new(move |()| send::press(desk));
    let rewrite = Callback::new(move |()| send::stop_waiting(desk));
    let phase = move || match desk.phase.get() {
        Phase::Writing | Phase::Sending => ().into_any(),
        Phase::Files => view! {
            <Notice kind=NoticeKind::Info>
                <p>
                    "添付の用意ができしだい送ります。"
                    "それまでにこのページを離れると、送らずに下書きとして残します。"
                </p>
                <Button on_press=rewrite>"まだ送らない"</Button>
            </Notice>
        }
        .into_any(),
        Phase::Waiting(why) => view! {
            <Notice kind=NoticeKind::Warning>
                <p>
                    <b>"送信待ち"</b>"　" {why}
                    "書いた内容は残っています。自動でもう一度送ります。ほかのページへ移っても続けます。"
                </p>
                <div class="actions">
                    <Button icon=Shape::Reload on_press=now>"今すぐ送る"</Button>
                    <Button kind=ButtonKind::Plain on_press=rewrite>"書き直す"</Button>
                </div>
            </Notice>
        }
        .into_any(),
    };
    let warning = |when: RwSignal<bool>, words: &'static str| {
        move || when.get().then(|| view! { <Notice kind=NoticeKind::Warning><p>{words}</p></Notice> })
    };
    // What is wrong now is said beside its field.
    let refused = move || {
        desk.refused.get().filter(|_| desk.errors.with(Vec::is_empty)).map(|why| {
            view! {
                <Notice kind=NoticeKind::Error>
                    <p>{why} "内容を確かめて「送信」を押してください。"</p>
                </Notice>
            }
        })
    };
    view! {
        {warning(
            desk.unkept,
            "この端末に下書きを保存できません。送信が終わるまで画面を閉じないでください。",
        )}
        {warning(
            desk.left_over,
            "送信できていない連絡が残っています。内容を確かめて「送信」を押してください。",
        )}
        {refused}
        {warning(desk.taken_off, "支援チームから外れた人を、宛先から外しました。今の宛先を確かめてください。")}
        {phase}
    }
}
