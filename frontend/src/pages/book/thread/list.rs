//! The list of notes with its separators, the way to older ones and to what has just arrived.

use super::{
    desk::Desk,
    fresh,
    note::NoteView,
    open::{Older, OpenBook},
    order::{self, Row},
    scroll,
    sight::{self, Watch},
};
use crate::components::{Button, ButtonKind, DayText, Empty, Icon, Shape};
use crate::whenever::whenever;
use leptos::{html, prelude::*};

/// The list.
#[component]
pub fn NoteList(book: OpenBook, desk: Desk, watch: Watch) -> impl IntoView {
    let rows = Memo::new(move |_| order::rows(&book.placed(), book.read_to, book.start));
    let row = move |row: Row| match row {
        Row::Day(day, _) => view! { <h2 class="day"><DayText day=day /></h2> }.into_any(),
        Row::Unread(_) => view! {
            <p class="unread-line" id=scroll::UNREAD tabindex="-1"><span>"ここから未読"</span></p>
        }
        .into_any(),
        Row::Note(number) => match book.note(number) {
            Some(note) => view! { <NoteView book=book desk=desk watch=watch note=note /> }.into_any(),
            None => ().into_any(),
        },
    };
    view! {
        <OlderNotes book=book />
        <Show when=move || book.order.with(Vec::is_empty)>
            <Empty icon=Shape::Book words="まだ連絡はありません。" more="最初の連絡を書きましょう。" />
        </Show>
        <div class="notes" role="log" aria-label="連絡" aria-live="off">
            <For each=move || rows.get() key=|row| *row children=row />
        </div>
    }
}

/// Where older notes come in: by themselves when this place comes near, by the button without a pointer.
#[component]
fn OlderNotes(book: OpenBook) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let waiting = StoredValue::new(true);
    whenever(move || {
        if let Some(place) = place.get()
            && waiting.get_value()
        {
            waiting.set_value(false);
            // Not before the page has gone to its end: its beginning is in view only for this moment.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    if place.is_connected() {
                        book.within(|| sight::fetch_older(book, &place));
                    }
                });
            });
        }
    });
    let load = Callback::new(move |()| {
        book.spawn(async move {
            fresh::older(book).await;
        });
    });
    let busy = Signal::derive(move || book.older.get() == Older::Loading);
    let failed = move || match book.older.get() {
        Older::Failed(sentence) => {
            Some(view! { <p class="older-failed" role="alert"><Icon shape=Shape::Alert />{sentence}</p> })
        }
        Older::Idle | Older::Loading => None,
    };
    view! {
        <div class="older" node_ref=place>
            {failed}
            {move || match book.before.get() {
                Some(_) => view! {
                    <Button kind=ButtonKind::Plain busy=busy on_press=load>
                        {move || if busy.get() { "読み込んでいます…" } else { "前の連絡を読み込む" }}
                    </Button>
                }
                .into_any(),
                None if book.order.with(Vec::is_empty) => ().into_any(),
                None => view! { <p class="hint">"ここが最初の連絡です。"</p> }.into_any(),
            }}
        </div>
    }
}

/// Over the list: up to the first note that I have not seen, when some lie above what is on the screen. Nobody has to look
/// for what keeps a book unread.
#[component]
pub fn ToUnread(book: OpenBook, watch: Watch) -> impl IntoView {
    let busy = RwSignal::new(false);
    let go = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        book.spawn(async move {
            fresh::reach(book, watch.first_unseen()).await;
            leptos::task::tick().await;
            watch.skipped.set(0);
            if let Some(place) = first_unread(book, watch) {
                scroll::to(&place);
            }
            busy.set(false);
        });
    };
    let words = move || {
        if busy.get() {
            "読み込んでいます…".into()
        } else {
            format!("未読 {}件の最初へ", watch.skipped.get())
        }
    };
    view! {
        <div class="to-unread">
            <Show when=move || watch.skipped.get() != 0>
                <button type="button" class="pill" on:click=go>
                    <span aria-hidden="true">"↑ "</span>{words}
                </button>
            </Show>
        </div>
    }
}

/// The id of the place where what I have not seen begins, or of the oldest note that is here.
fn first_unread(book: OpenBook, watch: Watch) -> Option<String> {
    let (first, notes) = (watch.first_unseen(), untrack(|| book.placed()));
    let number = notes.iter().map(|note| note.number).find(|number| *number >= first)?;
    let line = order::rows(&notes, book.read_to, book.start).contains(&Row::Unread(number));
    Some(if line { scroll::UNREAD.into() } else { scroll::id_of(number) })
}

/// Over the composer: down to what has just arrived.
#[component]
pub fn ToNews(book: OpenBook) -> impl IntoView {
    let any = move || book.news.get() > 0;
    let go = move |_| {
        book.news.set(0);
        scroll::to_end();
    };
    view! {
        <div class="to-news">
            <Show when=any>
                <button type="button" class="pill" on:click=go>
                    "新しい連絡が"{move || book.news.get()}"件あります"<span aria-hidden="true">" ↓"</span>
                </button>
            </Show>
        </div>
    }
}
