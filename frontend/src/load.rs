//! What a view loads, with its four faces: loading, empty, failed, shown. What was shown stays while it is
//! refreshed, and stays when a refresh fails, with a word about it.

use crate::{
    browser,
    client::{self, Asked, Failure, TIMEOUT, alerts},
    whenever::whenever,
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::api::Endpoint;
use std::{
    any::Any,
    cell::Cell,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    rc::Rc,
    time::Duration,
};

/// Something loaded from the server. Copy it freely.
pub struct Load<T: 'static> {
    /// The newest answer, if there was one.
    pub shown: Shown<T>,
    /// Why the last try failed, if it did.
    pub failure: RwSignal<Option<Failure>>,
    /// Whether an answer is awaited.
    pub busy: RwSignal<bool>,
    ask: RwSignal<u32>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Load<T> {}

impl<T: 'static> Load<T> {
    /// Asks again.
    pub fn again(self) {
        self.ask.update(|n| *n = n.wrapping_add(1));
    }
}

/// The newest answer, as a signal of an optional `T`. Within, all answers are of one type: what the signal is made of
/// is compiled once, not for every endpoint.
pub struct Shown<T> {
    signal: RwSignal<Box<dyn Any>, LocalStorage>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Shown<T> {}

impl<T: 'static> Shown<T> {
    fn new() -> Self {
        Self { signal: RwSignal::new_local(Box::new(None::<T>)), answer: PhantomData }
    }

    /// What `see` makes of it; the caller follows its changes.
    pub fn with<O>(self, see: impl FnOnce(&Option<T>) -> O) -> O {
        see(inside(&self.signal.read()))
    }

    /// As [`Self::with`], without following.
    pub fn with_untracked<O>(self, see: impl FnOnce(&Option<T>) -> O) -> O {
        see(inside(&self.signal.read_untracked()))
    }

    /// A copy; the caller follows its changes.
    pub fn get(self) -> Option<T>
    where
        T: Clone,
    {
        self.with(Clone::clone)
    }
}

/// What lies in a box that [`Shown`] made. (No other type can lie in it.)
fn inside<T: 'static>(any: &Box<dyn Any>) -> &Option<T> {
    (**any).downcast_ref().unwrap_or(&None)
}

/// A question and how its answer is read.
type Question = Box<dyn Fn() -> Result<Asked, Failure>>;
type Reader = fn(&str) -> Result<Box<dyn Any>, Failure>;

/// Loads from an endpoint now, whenever a signal read by `ask` changes, and whenever [`Load::again`] is called.
pub fn load<E: Endpoint>(ask: impl Fn() -> (E::Path, E::Request) + 'static) -> Load<E::Reply> {
    let load = idle::<E::Reply>(true);
    let question = move || {
        let (path, request) = ask();
        Asked::new::<E>(&path, &request)
    };
    keep_loading(load.shown.signal, load.failure, load.busy, load.ask, Box::new(question), |text| {
        client::read::<E>(text).map(|reply| Box::new(Some(reply)) as Box<dyn Any>)
    });
    load
}

fn idle<T>(busy: bool) -> Load<T> {
    Load {
        shown: Shown::new(),
        failure: RwSignal::new(None),
        busy: RwSignal::new(busy),
        ask: RwSignal::new(0),
    }
}

fn keep_loading(
    shown: RwSignal<Box<dyn Any>, LocalStorage>,
    failed: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    rounds: RwSignal<u32>,
    question: Question,
    read: Reader,
) {
    let (newest, before) = (Rc::new(Cell::new(0_u32)), Rc::new(Cell::new(None)));
    whenever(move || {
        rounds.track();
        alerts().resumed.track();
        let asked = question();
        let question = newest.get().wrapping_add(1);
        newest.set(question);
        busy.set(true);
        let (newest, before) = (newest.clone(), before.clone());
        spawn_local(async move {
            let answer = match asked {
                Ok(asked) => asked.answer(TIMEOUT).await,
                Err(failure) => Err(failure),
            };
            // The view may be gone, or a newer question under way: then nobody waits for this answer.
            if newest.get() != question || rounds.try_get_untracked().is_none() {
                return;
            }
            match answer.and_then(|text| news(&text, &before, read)) {
                Ok(reply) => {
                    if let Some(reply) = reply {
                        shown.try_set(reply);
                    }
                    if failed.try_with_untracked(Option::is_some) == Some(true) {
                        failed.try_set(None);
                    }
                }
                Err(failure) => {
                    failed.try_set(Some(failure));
                }
            }
            busy.try_set(false);
        });
    });
}

/// What an answer says that the one before did not: nothing, if it is the same. A view that were drawn anew for it would
/// lose what somebody is filling in, and where the focus is.
fn news<T>(
    text: &str,
    before: &Cell<Option<u64>>,
    read: impl Fn(&str) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mark = Some(hasher.finish());
    if before.get() == mark {
        return Ok(None);
    }
    let reply = read(text)?;
    before.set(mark);
    Ok(Some(reply))
}

/// As [`load`], where there is something to ask at all.
pub fn load_if<E: Endpoint>(
    needed: bool,
    ask: impl Fn() -> (E::Path, E::Request) + 'static,
) -> Load<E::Reply> {
    if needed { load::<E>(ask) } else { idle(false) }
}

/// Calls `again` when the person comes back to the page, and every so often while they look at it.
pub fn refresh(every: Duration, again: impl Fn() + Clone + 'static) {
    let on_return = again.clone();
    let seen = Rc::new(Cell::new(browser::since_start_ms()));
    let come_back = move || {
        // Focus and visibility come together: one question is enough.
        let now = browser::since_start_ms();
        if browser::visible() && now - seen.get() > 2000.0 {
            seen.set(now);
            on_return();
        }
    };
    let focused = window_event_listener(ev::focus, {
        let come_back = come_back.clone();
        move |_| come_back()
    });
    let visible = window_event_listener(ev::visibilitychange, move |_| come_back());
    let timer = set_interval_with_handle(
        move || {
            if browser::visible() {
                again();
            }
        },
        every,
    );
    on_cleanup(move || {
        focused.remove();
        visible.remove();
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_answer_again_is_no_news_and_one_that_cannot_be_read_is_not_remembered() {
        let before = Cell::new(None);
        let read = |text: &str| if text == "?" { Err(Failure::Unreadable) } else { Ok(text.to_owned()) };
        let answers = ["1人", "1人", "2人", "?", "2人", "1人"];
        let news: Vec<_> = answers.iter().map(|text| news(text, &before, read).ok().flatten()).collect();
        let new = |text: &str| Some(text.to_owned());
        assert_eq!(news, [new("1人"), None, new("2人"), None, None, new("1人")]);
    }
}
