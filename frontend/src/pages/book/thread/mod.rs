//! 患者の連絡帳: the thread of one patient, the heart of the product.
//!
//! [`open`] holds what of the thread is in the browser, [`fresh`] keeps it new, [`sight`] and [`scroll`] know what
//! is on the screen; [`desk`] holds what is being written, [`keep`] keeps its draft, [`send`] hands it to the sender. [`order`] and
//! [`seen`] have the rules as pure functions. The rest draws.

mod addressees;
mod attached;
mod attaching;
mod begun;
mod change;
mod composer;
mod desk;
mod fresh;
mod head;
mod history;
mod keep;
mod left;
mod list;
mod note;
mod open;
mod options;
mod order;
mod reads;
mod scroll;
mod seen;
mod send;
mod sight;

use super::circle::{Around, ClosedPage};
use crate::{
    client::{Failure, alerts},
    components::{Failed, LinkButton, PageHeading, Skeleton},
    load,
    reconnect::on_reconnect,
    route::Place,
    session::use_me,
    shell::UnsentLine,
    whenever::whenever,
};
use attached::PictureDialog;
use attaching::DropAnywhere;
use begun::ChangeBegun;
use change::ChangeDialogs;
use composer::Composer;
use desk::Desk;
use head::{PatientHead, Team};
use history::HistoryDialog;
use left::LeftNote;
use leptos::{html, prelude::*, task::spawn_local_scoped_with_cancellation};
use list::{NoteList, ToNews, ToUnread};
use open::OpenBook;
use shared::{api::error::Code, book::Thread, id::PatientId};
use sight::Watch;
use std::time::Duration;

/// How often the server is asked for news while somebody looks.
const PULSE: Duration = Duration::from_secs(15);

/// The thread of one patient. Made anew for another patient.
#[component]
pub fn ThreadPage(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let me = use_me().actor.account;
    let answer = RwSignal::new(None::<Result<Thread, Failure>>);
    let busy = RwSignal::new(false);
    let round = RwSignal::new(0_u32);
    whenever(move || {
        round.track();
        busy.set(true);
        spawn_local_scoped_with_cancellation(async move {
            let thread = fresh::open(patient, me).await;
            busy.set(false);
            answer.set(Some(thread));
        });
    });
    let again = Callback::new(move |()| round.update(|n| *n = n.wrapping_add(1)));
    let resumed = alerts().resumed.clone();
    whenever(move || {
        resumed.track();
        // What is open keeps itself new.
        if answer.with_untracked(|answer| matches!(answer, Some(Err(_)))) {
            again.run(());
        }
    });
    let title = || view! { <PageHeading title=Signal::stored(String::from("患者の連絡帳")) /> };
    move || match answer.get() {
        None => view! { <div class="page">{title()} <Skeleton rows=5 /></div> }.into_any(),
        Some(Ok(thread)) => view! { <Shown thread=thread closed=again /> }.into_any(),
        Some(Err(failure)) if failure.code() == Some(Code::NotFound) => {
            view! { <LeftNote patient=patient /> <NotFound /> }.into_any()
        }
        Some(Err(failure)) if failure.code() == Some(Code::ConsentMissing) => {
            view! { <LeftNote patient=patient /> <ClosedPage patient=patient /> }.into_any()
        }
        Some(Err(failure)) => view! {
            <div class="page">
                {title()}
                <Failed what="連絡帳を読み込めませんでした。" failure=failure again=again busy=busy />
            </div>
        }
        .into_any(),
    }
}

/// The same words for a patient who does not exist and for one who is not ours: nobody learns which.
#[component]
fn NotFound() -> impl IntoView {
    view! {
        <div class="page">
        <PageHeading title=Signal::stored(String::from("患者の連絡帳")) />
        <p>"この患者の連絡帳は見つかりません。アドレスが違うか、あなたが支援チームに入っていない可能性があります。"</p>
        <p>"支援チームに入る必要があるときは、担当のケアマネジャーか施設管理者に相談してください。"</p>
        <LinkButton href=Place::Patients.path()>"患者一覧へ"</LinkButton>
        </div>
    }
}

#[component]
fn Shown(thread: Thread, closed: Callback<()>) -> impl IntoView {
    let book = OpenBook::new(thread);
    whenever(move || {
        if book.closed.get() {
            closed.run(());
        }
    });
    let desk = Desk::new(book);
    let watch = Watch::new(book);
    send::keep_sending(desk);
    addressees::keep_to_team(desk);
    let look = move || {
        // Whatever was not told because the line was cut is told now.
        watch.soon();
        book.spawn(fresh::pulse(book, watch.newest()));
    };
    load::refresh(PULSE, look);
    on_reconnect(look);
    let main = NodeRef::<html::Div>::new();
    whenever(move || {
        if let Some(main) = main.get() {
            // After the list is drawn, so that its end is where it will be.
            request_animation_frame(move || {
                book.within(|| scroll::follow(&main, move || book.seen_news()));
            });
        }
    });
    let to_composer = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        desk.go_to_text();
    };
    view! {
        <div class="page thread">
            <PatientHead book=book />
            <a class="button to-composer" href="#composer-text" on:click=to_composer>"連絡を書くところへ移動"</a>
            <Around patient=book.id here=Place::Thread(book.id) />
            <div class="thread-columns">
                <Team book=book />
                <div class="thread-main" node_ref=main>
                    <ToUnread book=book watch=watch />
                    <NoteList book=book desk=desk watch=watch />
                    <div class="composer-place">
                        <ToNews book=book />
                        <ChangeBegun book=book desk=desk />
                        <Show when=move || book.cut_off.get()>
                            <p class="cut-off" role="status">"通信が切れています。新しい連絡は、つながりしだい表示します。"</p>
                        </Show>
                        <UnsentLine in_thread=true />
                        <Composer desk=desk />
                    </div>
                </div>
            </div>
            <ChangeDialogs book=book desk=desk />
            <HistoryDialog book=book desk=desk />
            <PictureDialog book=book desk=desk />
            <DropAnywhere desk=desk />
            <p class="visually-hidden" role="status" aria-live="polite">{move || book.said.get()}</p>
        </div>
    }
}
