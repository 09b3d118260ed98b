//! One note on the screen.

use super::{
    addressees,
    attached::Attached,
    desk::{Desk, Panel},
    fresh,
    open::OpenBook,
    order,
    reads::{Acknowledge, ReadBy},
    scroll,
    sight::Watch,
};
use crate::{
    components::{Badge, Icon, Shape, TimeText, Tone},
    draft::ChangeKind,
    session::may,
    whenever::whenever,
};
use leptos::{html, prelude::*};
use shared::{
    authority::{Action, Relation},
    book::{Importance, Note, NoteKind, NoteNumber},
};

/// What the reader may do with a note, as the authority table says.
fn relations(book: OpenBook, note: &Note) -> Vec<Relation> {
    // The thread is on the screen, so a consent is on record.
    let mut relations = vec![Relation::CareTeam, Relation::Consented];
    book.me.with_value(|me| {
        if note.author.account == me.account {
            relations.push(Relation::Author);
        }
        if note.author.facility == me.facility {
            relations.push(Relation::CreatorsFacility);
        }
    });
    relations
}

/// A note. What was sent never changes but for its text, its retraction and who pressed 了解.
#[component]
pub fn NoteView(book: OpenBook, desk: Desk, watch: Watch, note: ArcRwSignal<Note>) -> impl IntoView {
    let note = RwSignal::from(note);
    let sent = note.get_untracked();
    let number = sent.number;
    let me = book.my_account();
    let mine = sent.author.account == me;
    let retracted = Memo::new(move |_| note.with(|note| note.retraction.is_some()));
    let heading = format!("note-{number}-head");
    let labelled_by = heading.clone();
    let end = NodeRef::<html::Footer>::new();
    whenever(move || {
        if let Some(end) = end.get() {
            watch.look_at(&end);
        }
    });
    view! {
        <article
            class="note"
            class:note-mine=mine
            class:note-urgent=sent.kind == NoteKind::Urgent
            class:note-retracted=move || retracted.get()
            id=scroll::id_of(number)
            tabindex="-1"
            aria-labelledby=labelled_by
        >
            <header class="note-head" id=heading>
                <Marks note=sent.clone() to_me=sent.addressees.contains(&me) />
                <span class="note-author">{sent.author.name.clone()} {mine.then_some("（自分）")}</span>
                <span class="note-work">{sent.author.profession.label()} "・" {sent.author.facility_name.clone()}</span>
                <span class="note-time"><TimeText at=sent.sent_at /></span>
            </header>
            <Addressees book=book note=sent.clone() />
            {sent.reply_to.map(|number| view! { <Quote book=book number=number /> })}
            <Body note=note desk=desk />
            {(!sent.attachments.is_empty()).then(|| view! { <Attached book=book desk=desk note=note /> })}
            <footer class="note-foot" data-note=number.to_string() node_ref=end>
                <ReadBy book=book note=note />
                <Acknowledge book=book note=note mine=mine />
                <Actions book=book desk=desk note=note retracted=retracted />
            </footer>
        </article>
    }
}

#[component]
fn Marks(note: Note, to_me: bool) -> impl IntoView {
    let kind = match note.kind {
        NoteKind::Urgent => {
            view! { <Badge tone=Tone::Alarm><Icon shape=Shape::Urgent />{note.kind.label()}</Badge> }
                .into_any()
        }
        NoteKind::Question => view! { <Badge tone=Tone::New>{note.kind.label()}</Badge> }.into_any(),
        NoteKind::Contact | NoteKind::Report => {
            view! { <Badge tone=Tone::Neutral>{note.kind.label()}</Badge> }.into_any()
        }
    };
    let important = note.importance == Importance::High;
    view! {
        <span class="note-marks">
            {kind}
            {important.then(|| view! { <Badge tone=Tone::Warning>{note.importance.label()}</Badge> })}
            {to_me.then(|| view! { <Badge tone=Tone::New>"あなた宛て"</Badge> })}
        </span>
    }
}

#[component]
fn Addressees(book: OpenBook, note: Note) -> impl IntoView {
    let names = Memo::new(move |_| book.team.with(|team| addressees::names(team, &note.addressees)));
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <p class="note-to">"宛先: " {names}</p>
        </Show>
    }
}

/// The note that this one answers, as a link to it.
#[component]
fn Quote(book: OpenBook, number: NoteNumber) -> impl IntoView {
    let missing = RwSignal::new(false);
    let words = move || {
        // Follows the list: the quoted note may be loaded later.
        book.order.track();
        let quoted = book.note(number)?;
        Some(quoted.with(|note| {
            let text = if note.retraction.is_some() {
                "（取り消されました）".into()
            } else {
                order::quote(&note.text)
            };
            (format!("{}さん", note.author.name), text)
        }))
    };
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        book.spawn(async move {
            if fresh::reach(book, number).await {
                leptos::task::tick().await;
                scroll::to(&scroll::id_of(number));
            } else {
                missing.set(true);
            }
        });
    };
    view! {
        <a class="quote" href=format!("#{}", scroll::id_of(number)) on:click=go>
            <Icon shape=Shape::Reply />
            {move || match words() {
                Some((who, text)) => view! { <span><b>{who}"への返信"</b><br /><span class="quote-text">{text}</span></span> }.into_any(),
                None if missing.get() => view! { <span>"元の連絡を読み込めませんでした。もう一度押してください。"</span> }.into_any(),
                None => view! { <span>"前の連絡への返信（元の連絡を見る）"</span> }.into_any(),
            }}
        </a>
    }
}

/// The text; for a retracted note who, when and why, and the text behind a disclosure: nothing disappears.
#[component]
fn Body(note: RwSignal<Note>, desk: Desk) -> impl IntoView {
    let text = Memo::new(move |_| note.with(|note| note.text.clone()));
    let retraction = Memo::new(move |_| note.with(|note| note.retraction.clone()));
    let revision = Memo::new(move |_| note.with(|note| (note.number, note.revision, note.revised_at)));
    let corrected = move || {
        let (number, revision, at) = revision.get();
        let times = revision.saturating_sub(1);
        (times > 0).then(|| {
            view! {
                <p class="note-corrected">
                    <button
                        type="button"
                        class="text-button"
                        aria-haspopup="dialog"
                        on:click=move |_| desk.panel.set(Some(Panel::History(number)))
                    >
                        "訂正済み（"{times}"回）"
                    </button>
                    {at.map(|at| view! { <TimeText at=at /> })}
                </p>
            }
        })
    };
    view! {
        {move || match retraction.get() {
            None => view! { <p class="note-text">{move || text.get()}</p> }.into_any(),
            Some(why) => view! {
                <div class="tombstone">
                    <p>
                        <b>"取り消されました"</b>
                        <span class="hint">"　" {why.by_name} "・" <TimeText at=why.at /></span>
                    </p>
                    <p>"理由: " {why.reason}</p>
                    <details>
                        <summary>"取り消された文を見る"</summary>
                        <p class="note-text">{move || text.get()}</p>
                    </details>
                </div>
            }
            .into_any(),
        }}
        {corrected}
    }
}

/// 返信, 訂正, 取消: shown to those who may.
#[component]
fn Actions(book: OpenBook, desk: Desk, note: RwSignal<Note>, retracted: Memo<bool>) -> impl IntoView {
    let relations = untrack(|| note.with(|note| relations(book, note)));
    let [write, revise, retract] = [Action::WriteNote, Action::ReviseNote, Action::RetractNote]
        .map(|action| may(action, &relations).is_ok());
    let reply = move |_| desk.reply(note.with_untracked(|note| note.number));
    let begin = move |kind| note.with_untracked(|note| desk.begin(kind, note));
    let author = note.with_untracked(|note| note.author.name.clone());
    view! {
        <Show when=move || !retracted.get()>
            <div class="note-actions" role="group" aria-label=format!("{author}さんの連絡への操作")>
                {write.then(|| view! {
                    <button type="button" class="button button-plain" on:click=reply>
                        <Icon shape=Shape::Reply /><span>"返信"</span>
                    </button>
                })}
                {revise.then(|| view! {
                    <button
                        type="button"
                        class="button button-plain"
                        aria-haspopup="dialog"
                        on:click=move |_| begin(ChangeKind::Correction)
                    >
                        <Icon shape=Shape::Edit /><span>"訂正"</span>
                    </button>
                })}
                {retract.then(|| view! {
                    <button
                        type="button"
                        class="button button-plain"
                        aria-haspopup="dialog"
                        on:click=move |_| begin(ChangeKind::Retraction)
                    >
                        <Icon shape=Shape::Remove /><span>"取消"</span>
                    </button>
                })}
            </div>
        </Show>
    }
}
