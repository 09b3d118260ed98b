//! Sending: what is ready goes out; what gets no answer waits and goes out again under the same number, so that
//! nothing is lost and nothing is doubled.

use super::{
    desk::{Desk, Phase},
    fresh, scroll, sight,
};
use crate::client::{Failure, call};
use crate::whenever::whenever;
use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};
use shared::{
    api::{
        book as api,
        error::{Code, FieldError},
    },
    book::Note,
};
use std::time::Duration;

const AGAIN: Duration = Duration::from_secs(15);
const WHOLE: &str = "";

/// Keeps what waits moving: with the network's return, every 15 seconds, and when the last file has arrived.
pub fn keep_sending(desk: Desk) {
    let again = move || {
        if desk.phase.with_untracked(|phase| matches!(phase, Phase::Waiting(_))) {
            attempt(desk);
        }
    };
    sight::on_reconnect(move || {
        desk.run_broken();
        again();
    });
    let timer = set_interval_with_handle(again, AGAIN);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    whenever(move || {
        let under_way = desk.files.with(|files| files.iter().any(|file| file.under_way()));
        if desk.phase.get() == Phase::Files && !under_way {
            if desk.has_failed_file() {
                desk.phase.set(Phase::Writing);
                let words =
                    "添付できなかったファイルがあります。もう一度送るか、外してから送信してください。";
                wrong(desk, vec![("attachments".into(), words.into())]);
            } else {
                attempt(desk);
            }
        }
    });
    again();
}

/// The person pressed 送信.
pub fn press(desk: Desk) {
    if !desk.phase.with_untracked(|phase| matches!(phase, Phase::Writing | Phase::Waiting(_))) {
        return;
    }
    if desk.pressed_twice() {
        return;
    }
    desk.left_over.set(false);
    desk.errors.set(Vec::new());
    if let Err(errors) = desk.note().check() {
        wrong(desk, fields(&errors));
        return;
    }
    // The effect above goes on as soon as no file is on its way.
    desk.phase.set(Phase::Files);
    desk.save();
}

/// Stops waiting, to change the text. The number stays: if the server has the note after all, it will say so.
pub fn stop_waiting(desk: Desk) {
    if desk.phase.with_untracked(|phase| matches!(phase, Phase::Waiting(_) | Phase::Files)) {
        desk.phase.set(Phase::Writing);
        desk.save();
    }
}

fn attempt(desk: Desk) {
    desk.phase.set(Phase::Sending);
    // The number must be on the device before it is on the wire.
    let note = desk.note();
    desk.save();
    desk.book.spawn(async move {
        match call::<api::CreateNote>(&desk.book.id, &note).await {
            Ok(note) => sent(desk, note).await,
            Err(failure) => not_sent(desk, &failure).await,
        }
    });
}

async fn sent(desk: Desk, note: Note) {
    desk.clear();
    let number = note.number;
    let touches = desk.book.last.get_untracked().0.saturating_add(1) == number.0;
    if touches {
        desk.book.put(note);
        desk.book.order.update(|order| order.push(number));
        desk.book.last.set(number);
    } else {
        // Others wrote in between, or this is the answer to a note sent before: the server knows the order.
        fresh::newest(desk.book).await;
    }
    desk.book.say("送信しました");
    leptos::task::tick().await;
    scroll::to_end();
}

async fn not_sent(desk: Desk, failure: &Failure) {
    if failure.may_retry() {
        desk.phase.set(Phase::Waiting(why(failure).into()));
        desk.save();
        return;
    }
    match failure.code() {
        // Whoever signs in again finds the note waiting.
        Some(Code::SessionEnded | Code::SignInFirst) => {
            desk.phase.set(Phase::Waiting("サインインの有効時間が終わりました。".into()));
        }
        Some(Code::CommandReused) => {
            desk.phase.set(Phase::Writing);
            desk.renew_command();
            fresh::newest(desk.book).await;
            let words = "先に送った内容は届いています。上の連絡を確かめて、直すところがあれば訂正してください。\
                         これは別の連絡として送れます。";
            wrong(desk, vec![(WHOLE.into(), words.into())]);
        }
        _ => {
            desk.phase.set(Phase::Writing);
            let mut found = match failure {
                Failure::Problem(problem) => fields(&problem.fields),
                Failure::Offline | Failure::Unreadable => Vec::new(),
            };
            if found.is_empty() {
                found.push((WHOLE.into(), failure.sentence()));
            }
            wrong(desk, found);
        }
    }
    desk.save();
}

/// Why a note waits. Not the failure's own sentence: nobody has to try again by hand here.
const fn why(failure: &Failure) -> &'static str {
    match failure.code() {
        None => "サーバーにつながりません。",
        Some(Code::Busy) => "混み合っています。",
        Some(Code::Maintenance) => "サービスを止めています。",
        Some(Code::ReadOnly) => "今は閲覧だけできます。",
        Some(_) => "システムで問題が起きています。",
    }
}

/// What the screen has a place for keeps its field; the rest is said about the note as a whole.
fn fields(errors: &[FieldError]) -> Vec<(String, String)> {
    let place = |field: &str| {
        let first = field.split(['.', '[']).next().unwrap_or_default();
        if ["text", "addressees", "attachments", "reply_to"].contains(&first) { first } else { WHOLE }
            .to_owned()
    };
    errors.iter().map(|error| (place(&error.field), error.message.clone())).collect()
}

fn wrong(desk: Desk, errors: Vec<(String, String)>) {
    desk.wide.set(true);
    desk.errors.set(errors);
}
