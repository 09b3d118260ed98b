//! The earlier texts of a corrected note.

use super::{
    desk::{Desk, Panel},
    open::OpenBook,
};
use crate::{
    client::{Failure, call},
    components::{Dialog, Failed, Skeleton, TimeText},
};
use leptos::prelude::*;
use shared::{
    api::{Empty, book as api},
    book::{NoteNumber, Revision},
};

/// The dialog.
#[component]
pub fn HistoryDialog(book: OpenBook, desk: Desk) -> impl IntoView {
    let open = desk.panel_open(|panel| matches!(panel, Panel::History(_)));
    let content = move || match desk.panel.get_untracked() {
        Some(Panel::History(number)) => view! { <Texts book=book number=number /> }.into_any(),
        _ => ().into_any(),
    };
    view! { <Dialog title="訂正の履歴" open=open>{content()}</Dialog> }
}

#[component]
fn Texts(book: OpenBook, number: NoteNumber) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Vec<Revision>, Failure>>);
    let ask = Callback::new(move |()| {
        answer.set(None);
        book.spawn(async move {
            let history = call::<api::ReadHistory>(&(book.id, number), &Empty {}).await;
            answer.try_set(Some(history.map(|history| history.revisions)));
        });
    });
    ask.run(());
    let present = book.note(number).map(|note| {
        let note = RwSignal::from(note);
        view! {
            <section>
                <h3>"今の文"</h3>
                <p class="note-text">{move || note.with(|note| note.text.clone())}</p>
            </section>
        }
    });
    let earlier = |revision: Revision| {
        view! {
            <section>
                <h3>
                    {if revision.revision == 1 { "最初の文".into() } else { format!("{}回目の訂正", revision.revision - 1) }}
                    "　" <TimeText at=revision.at />
                </h3>
                <p class="note-text">{revision.text}</p>
            </section>
        }
    };
    view! {
        <div class="history">
            {present}
            {move || match answer.get() {
                None => view! { <Skeleton rows=2 /> }.into_any(),
                Some(Err(failure)) => {
                    view! { <Failed what="履歴を読み込めませんでした。" failure=failure again=ask /> }.into_any()
                }
                // The newest of the earlier texts is what somebody wants to compare first.
                Some(Ok(texts)) => texts.into_iter().rev().map(earlier).collect_view().into_any(),
            }}
        </div>
    }
}
