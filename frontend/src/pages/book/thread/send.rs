//! The desk and its note on the way out: [`crate::outgoing`] sends, the desk shows how that stands and what is wrong.

use super::{
    desk::{Desk, Phase},
    fresh, scroll,
};
use crate::{
    client::Failure,
    draft::Draft,
    outgoing::{Answer, Stand, Unsent, refusal},
    reconnect::on_reconnect,
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{
    api::error::{Code, FieldError},
    book::Note,
};
use std::mem::take;

const WHOLE: &str = "";

/// Shows from now on how the desk's note stands, and hands it over when the last file has arrived.
pub fn keep_sending(desk: Desk) {
    take_up(desk);
    whenever(move || {
        desk.outgoing.follow();
        untrack(|| listen(desk));
    });
    on_reconnect(move || desk.run_broken());
    whenever(move || {
        let under_way = desk.files.with(|files| files.iter().any(|file| file.under_way()));
        if desk.phase.get() == Phase::Files && !under_way {
            if desk.has_failed_file() {
                desk.phase.set(Phase::Writing);
                let words =
                    "添付できなかったファイルがあります。もう一度送るか、外してから送信してください。";
                wrong(desk, vec![("attachments".into(), words.into())]);
            } else {
                hand_over(desk);
            }
        }
    });
    // The draft was saved just before, when the desk was cleared away.
    on_cleanup(move || desk.outgoing.leave(desk.book.id));
}

/// The person pressed 送信.
pub fn press(desk: Desk) {
    if !desk.phase.with_untracked(|phase| matches!(phase, Phase::Writing | Phase::Waiting(_))) {
        return;
    }
    if desk.pressed_twice() {
        return;
    }
    desk.errors.set(Vec::new());
    if let Err(errors) = desk.note().check() {
        wrong(desk, fields(&errors));
        return;
    }
    forget_the_past(desk);
    // The effect above goes on as soon as no file is on its way.
    desk.phase.set(Phase::Files);
    desk.save();
}

/// Stops waiting, to change the text. The number stays: if the server has the note after all, it will say so.
pub fn stop_waiting(desk: Desk) {
    if desk.phase.with_untracked(|phase| matches!(phase, Phase::Waiting(_) | Phase::Files)) {
        desk.phase.set(Phase::Writing);
        desk.save();
        desk.outgoing.withdraw(desk.command.get_value());
    }
}

/// What lies on the desk is no note any more that was once to be sent.
pub fn forget_the_past(desk: Desk) {
    desk.left_over.set(false);
    desk.refused.set(None);
}

fn hand_over(desk: Desk) {
    desk.phase.set(Phase::Sending);
    // The number must be on the device before it is on the wire.
    desk.save();
    desk.outgoing.send(desk.book.id, untrack(|| desk.draft()), !desk.unkept.get_untracked());
}

/// Takes up the note that lies on the desk as the thread is opened.
fn take_up(desk: Desk) {
    let missed = desk.outgoing.open(desk.book.id);
    desk.kept.update_value(|kept| {
        kept.patient_name = desk.book.patient.with_untracked(|patient| patient.name.clone());
    });
    if let Some(note) = own(desk) {
        match phase_of(note.stand) {
            Some(phase) => desk.phase.set(phase),
            None => desk.left_over.set(note.draft.pending),
        }
        desk.command.set_value(note.draft.command);
        desk.is_kept();
    }
    if missed {
        catch_up(desk);
    }
}

/// What the sender knows of the desk's note. The same words in another window are the same note: no second number.
fn own(desk: Desk) -> Option<Unsent> {
    let (number, draft) = (desk.command.get_value(), untrack(|| desk.draft()));
    desk.outgoing.find(desk.book.id, |note| {
        if number.is_some() { note.is(number) } else { note.draft.says_the_same(&draft) }
    })
}

fn phase_of(stand: Stand) -> Option<Phase> {
    match stand {
        Stand::Sending => Some(Phase::Sending),
        Stand::Waiting(why) => Some(Phase::Waiting(why.into())),
        Stand::Left => None,
    }
}

/// Something has changed among the notes on their way out.
fn listen(desk: Desk) {
    let number = desk.command.get_value();
    match desk.outgoing.take_answer(desk.book.id) {
        Some(Answer { command, outcome }) if number == Some(command) => {
            return match outcome {
                Ok(note) => arrived(desk, note),
                Err(failure) => refused(desk, &failure),
            };
        }
        // Another note of the same person, from another window.
        Some(_) => catch_up(desk),
        None => {}
    }
    let awaited = desk.phase.with_untracked(|phase| matches!(phase, Phase::Sending | Phase::Waiting(_)));
    match own(desk).and_then(|note| Some((note.draft.command, phase_of(note.stand)?))) {
        Some((now, phase)) if awaited || number.is_none() => {
            desk.command.set_value(now);
            if desk.phase.with_untracked(|shown| *shown != phase) {
                desk.phase.set(phase);
            }
            desk.is_kept();
        }
        None if awaited => ended_elsewhere(desk),
        _ => {}
    }
}

/// The note is in the book.
fn arrived(desk: Desk, note: Note) {
    // The device has let it go already: what may lie there now is another window's.
    desk.kept.update_value(|kept| *kept = take(kept).without_note());
    desk.clear();
    desk.book.spawn(async move {
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
    });
}

/// The server does not take the note.
fn refused(desk: Desk, failure: &Failure) {
    let why = refusal(failure);
    let mut found = fields(failure.fields());
    if found.is_empty() {
        found.push((WHOLE.into(), why.clone()));
    }
    if failure.code() == Some(Code::CommandReused) {
        desk.command.set_value(None);
        catch_up(desk);
    }
    desk.phase.set(Phase::Writing);
    desk.refused.set(Some(why));
    desk.is_kept();
    wrong(desk, found);
}

/// Another window sent the note, took it back, or was refused.
fn ended_elsewhere(desk: Desk) {
    let (number, mine) = (desk.command.get_value(), untrack(|| desk.draft()));
    let still_there = |draft: &Draft| draft.command == number || draft.says_the_same(&mine);
    let Some(draft) = desk.outgoing.draft(desk.book.id).filter(still_there) else {
        // Only the server can say that it has arrived, and gives its first answer once more.
        return desk.outgoing.send(desk.book.id, mine, false);
    };
    desk.command.set_value(draft.command);
    desk.left_over.set(draft.pending);
    desk.refused.set(draft.refused);
    desk.phase.set(Phase::Writing);
    desk.is_kept();
}

/// Shows what the server has and this page has not.
fn catch_up(desk: Desk) {
    desk.book.spawn(async move {
        // What does not come now comes with the next look for news.
        fresh::newest(desk.book).await;
    });
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
