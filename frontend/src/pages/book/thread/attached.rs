//! Files on a note: pictures as previews, documents as downloads. Every opening asks the server, which records it.

use super::{
    desk::{Desk, Panel},
    fresh,
    open::OpenBook,
};
use crate::{
    client::call,
    components::{Button, Dialog, Icon, Shape},
    submission::{SendFailure, Submission},
    words,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, book as api},
    book::{Attachment, AttachmentKind, Note, NoteNumber},
};

/// How often the previews of one note are asked for again.
const RENEWALS: u8 = 3;

/// The files of a note; behind a disclosure once it is retracted.
#[component]
pub fn Attached(book: OpenBook, desk: Desk, note: RwSignal<Note>) -> impl IntoView {
    let files = Memo::new(move |_| note.with(|note| note.attachments.clone()));
    let retracted = Memo::new(move |_| note.with(|note| note.retraction.is_some()));
    let number = note.with_untracked(|note| note.number);
    let renewal = Renewal { book, number, times: StoredValue::new(0), asking: StoredValue::new(false) };
    let list = move || {
        let files = files.get();
        let of = |kind| files.iter().filter(move |f: &&Attachment| f.file_type.kind() == kind).cloned();
        let pictures: Vec<_> = of(AttachmentKind::Picture)
            .map(|file| view! { <Picture desk=desk renewal=renewal file=file /> })
            .collect();
        let documents: Vec<_> =
            of(AttachmentKind::Document).map(|file| view! { <Document book=book file=file /> }).collect();
        view! {
            <div class="pictures">{pictures}</div>
            <div class="documents">{documents}</div>
        }
    };
    move || {
        if retracted.get() {
            view! { <details class="attached"><summary>"添付を見る"</summary>{list}</details> }.into_any()
        } else {
            view! { <div class="attached">{list}</div> }.into_any()
        }
    }
}

/// A preview's address lives for minutes, the screen for hours, and a note just sent has none yet: fresh addresses
/// are asked for, all of a note at once, but not for ever.
#[derive(Clone, Copy)]
struct Renewal {
    book: OpenBook,
    number: NoteNumber,
    times: StoredValue<u8>,
    asking: StoredValue<bool>,
}

impl Renewal {
    /// Asks; false when that has not helped before.
    fn ask(self) -> bool {
        if self.asking.get_value() {
            return true;
        }
        if self.times.get_value() >= RENEWALS {
            return false;
        }
        self.times.update_value(|times| *times += 1);
        self.asking.set_value(true);
        self.book.spawn(async move {
            fresh::previews(self.book, self.number).await;
            self.asking.try_set_value(false);
        });
        true
    }
}

#[component]
fn Picture(desk: Desk, renewal: Renewal, file: Attachment) -> impl IntoView {
    let broken = RwSignal::new(file.preview.is_none());
    if file.preview.is_none() {
        renewal.ask();
    }
    let failed = move |_| broken.set(!renewal.ask());
    let name = file.name.clone();
    let alt = format!("写真「{name}」");
    let shown = StoredValue::new(file.clone());
    let open = move |_| desk.panel.set(Some(Panel::Picture(Box::new(shown.get_value()))));
    view! {
        <button type="button" class="picture" aria-haspopup="dialog" on:click=open>
            {move || if broken.get() {
                view! { <span class="picture-broken"><Icon shape=Shape::Picture />{name.clone()}</span> }.into_any()
            } else {
                view! {
                    <img
                        src=file.preview.clone()
                        alt=alt.clone()
                        width="320"
                        height="240"
                        loading="lazy"
                        decoding="async"
                        on:error=failed
                    />
                }
                .into_any()
            }}
        </button>
    }
}

#[component]
fn Document(book: OpenBook, file: Attachment) -> impl IntoView {
    let sending = Submission::new();
    let id = file.id;
    let name = file.name.clone();
    let open = move || sending.fetch_file::<api::OpenAttachment>((book.id, id), name.clone());
    let about = format!("（{}・{}）", file.file_type.label(), words::size(file.bytes));
    view! {
        <div class="document">
            <Button icon=Shape::Download busy=sending.busy on_press=open>{file.name.clone()} <small>{about}</small></Button>
            <SendFailure sending=sending what="開けませんでした。" />
        </div>
    }
}

/// A picture in full.
#[component]
pub fn PictureDialog(book: OpenBook, desk: Desk) -> impl IntoView {
    let open = desk.panel_open(|panel| matches!(panel, Panel::Picture(_)));
    let content = move || {
        let Some(Panel::Picture(file)) = desk.panel.get_untracked() else { return ().into_any() };
        let url = RwSignal::new(None::<Result<String, String>>);
        let (id, saving) = (file.id, Submission::new());
        book.spawn(async move {
            let link = call::<api::OpenAttachment>(&(book.id, id), &Empty {}).await;
            url.try_set(Some(link.map(|link| link.url).map_err(|failure| failure.sentence())));
        });
        let (name, size) = (file.name.clone(), words::size(file.bytes));
        let alt = format!("写真「{name}」");
        view! {
            <p>{name} "（" {size} "）"</p>
            <div class="picture-full">
                {move || match url.get() {
                    None => view! { <p role="status">"読み込んでいます…"</p> }.into_any(),
                    Some(Err(words)) => view! { <p class="error" role="alert">{words}</p> }.into_any(),
                    Some(Ok(url)) => {
                        let name = file.name.clone();
                        let save = move || saving.fetch_file::<api::OpenAttachment>((book.id, id), name.clone());
                        view! {
                            <img src=url alt=alt.clone() />
                            <Button icon=Shape::Download busy=saving.busy on_press=save>"保存する"</Button>
                            <SendFailure sending=saving what="保存できませんでした。" />
                        }
                        .into_any()
                    }
                }}
            </div>
        }
        .into_any()
    };
    view! { <Dialog title="写真" open=open>{content()}</Dialog> }
}
