//! A note that was left for a book that does not open any more: its writer reads it here, and can throw it away.

use crate::{
    components::{Button, Notice, NoticeKind, Shape},
    outgoing::use_outgoing,
};
use leptos::prelude::*;
use shared::id::PatientId;

/// The note, if there is one.
#[component]
pub fn LeftNote(
    /// Into whose book it was to go.
    patient: PatientId,
) -> impl IntoView {
    let outgoing = use_outgoing();
    let left = Memo::new(move |_| outgoing.left(patient));
    let discard = Callback::new(move |()| {
        if let Some(note) = left.get_untracked() {
            outgoing.discard(&note);
        }
    });
    move || {
        left.get().map(|note| {
            view! {
                <div class="page-banner">
                    <Notice kind=NoticeKind::Warning>
                        <p>"あなたが書いて送信できなかった連絡が、この端末に残っています。"</p>
                        <p class="note-text">{note.draft.text}</p>
                        <Button icon=Shape::Close on_press=discard>"この連絡を消す"</Button>
                    </Notice>
                </div>
            }
        })
    }
}
