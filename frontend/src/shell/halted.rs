//! The service is stopped: a curtain says until when, looks by itself whether it is over, and goes by itself (figure 2-5).
//! What was typed and the page stay below it.

use crate::{
    client::alerts,
    components::{Dialog, TimeText},
    load::refresh,
    session,
    whenever::whenever,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    people::Me,
    procedure::{Halt, PlannedStop},
};
use std::time::Duration;

/// How often it looks whether the service answers again.
const AGAIN: Duration = Duration::from_secs(20);

/// The curtain; over every page, also one that could not begin.
#[component]
pub fn Halted(
    /// Whose page it is; `None` while nobody could be asked.
    me: RwSignal<Option<Me>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let halted = alerts().halted.clone();
    whenever(move || {
        let stopped = halted.with(Option::is_some);
        // A stop that is prolonged only says so.
        if open.get_untracked() != stopped {
            open.set(stopped);
        }
    });
    view! {
        <Dialog title="サービスを止めています" open=open insistent=true curtain=true to_read=true>
            <Waiting me=me />
        </Dialog>
    }
}

#[component]
fn Waiting(me: RwSignal<Option<Me>>) -> impl IntoView {
    refresh(AGAIN, move || spawn_local(look(me)));
    let halted = alerts().halted.clone();
    view! {
        <div class="stack">
            <div class="stack" aria-live="polite">
                {move || halted.get().map(|halt| view! { <Words halt=halt /> })}
            </div>
            <div class="actions">
                <a class="button" href="/portal/" rel="external" target="_blank">"ポータルを見る（新しい画面）"</a>
            </div>
        </div>
    }
}

#[component]
fn Words(halt: Halt) -> impl IntoView {
    let (why, until) = match halt.stop {
        Some(PlannedStop { title, to, .. }) => (title, view! { <TimeText at=to /> }.into_any()),
        None => ("障害の対応".into(), "決まりしだい、ポータルでお知らせします。".into_any()),
    };
    let ways = halt.contact.ways().into_iter().map(|way| view! { <br />{way} }).collect_view();
    view! {
        <p><strong>{why}</strong>"のため、サービスを止めています。"</p>
        <p>"入力した内容は残っています。再開すると、自動で元の画面に戻ります。"</p>
        <dl class="facts">
            <dt>"再開の予定"</dt>
            <dd><strong>{until}</strong></dd>
            <dt>"お問い合わせ"</dt>
            <dd>{halt.contact.name} {ways} <br />"受付時間: " {halt.hours}</dd>
        </dl>
    }
}

/// Looks whether the service answers again; then the page goes on, and its lists are loaded anew.
async fn look(me: RwSignal<Option<Me>>) {
    let before = me.get_untracked();
    match session::read().await {
        // Still stopped, or out of reach.
        Err(why) if why.may_retry() => return,
        // Before the curtain goes, so that nobody sees what lies below.
        Ok(now) if before.as_ref().is_some_and(session::is_complete) && !session::is_complete(&now) => {
            alerts().locked.set(true);
        }
        // An ended session has raised its own alert; so has another person's, who signed in in another tab.
        Ok(_) | Err(_) => {}
    }
    alerts().resumed.update(|n| *n += 1);
    alerts().halted.set(None);
}
