//! The open book: what of one patient's thread is in the browser, in signals. Each note has its own, so that a
//! change of one note redraws that note only; the list itself is only numbers.

use super::order::{self, Joined, Placed};
use crate::session;
use leptos::{prelude::*, task};
use shared::{
    book::{Note, NoteNumber, Patient, TeamMember, Thread},
    id::{AccountId, PatientId},
    people::Actor,
};
use std::collections::BTreeMap;

/// How the older notes stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Older {
    /// There may be more to ask for.
    Idle,
    /// Under way.
    Loading,
    /// Asked and not answered.
    Failed(String),
}

/// The open book. Copy it freely within the page.
#[derive(Clone, Copy)]
pub struct OpenBook {
    /// Whose.
    pub id: PatientId,
    /// Who looks.
    pub me: StoredValue<Actor>,
    /// The person cared for.
    pub patient: RwSignal<Patient>,
    /// The team, with how far each has read.
    pub team: RwSignal<Vec<TeamMember>>,
    /// The numbers of the notes that are here, oldest first, without gaps.
    pub order: RwSignal<Vec<NoteNumber>>,
    notes: StoredValue<BTreeMap<NoteNumber, ArcRwSignal<Note>>>,
    /// Ask for the notes before this number; `None` when the thread's beginning is here.
    pub before: RwSignal<Option<NoteNumber>>,
    /// How the older notes stand.
    pub older: RwSignal<Older>,
    /// The thread's newest number.
    pub last: RwSignal<NoteNumber>,
    /// The thread's counter of changes, as last seen.
    pub changes: StoredValue<u64>,
    /// How far I had read when I came.
    pub read_to: NoteNumber,
    /// The thread's newest number when I came.
    pub start: NoteNumber,
    /// New notes that arrived out of sight.
    pub news: RwSignal<u32>,
    /// What a screen reader is told.
    pub said: RwSignal<String>,
    /// Whether the page is closed to this person since it was opened: no consent, or no more in the team.
    pub closed: RwSignal<bool>,
    /// Whether the last look for news was not answered.
    pub cut_off: RwSignal<bool>,
    owner: StoredValue<Owner>,
}

impl OpenBook {
    /// From the first answer. To be made in the page's body.
    pub fn new(thread: Thread) -> Self {
        let me = session::use_me().actor;
        let read_to = thread.team.iter().find(|m| m.account == me.account).map_or(thread.last, |m| m.read_to);
        let book = Self {
            id: thread.patient.id,
            me: StoredValue::new(me),
            patient: RwSignal::new(thread.patient.clone()),
            team: RwSignal::new(thread.team.clone()),
            order: RwSignal::new(Vec::new()),
            notes: StoredValue::new(BTreeMap::new()),
            before: RwSignal::new(None),
            older: RwSignal::new(Older::Idle),
            last: RwSignal::new(thread.last),
            changes: StoredValue::new(thread.changes),
            read_to,
            start: thread.last,
            news: RwSignal::new(0),
            said: RwSignal::new(String::new()),
            closed: RwSignal::new(false),
            cut_off: RwSignal::new(false),
            owner: StoredValue::new(Owner::new()),
        };
        // Nothing is here yet, so nothing can be missing.
        let _ = book.take(thread);
        book
    }

    /// Runs something that ends with the page: after that nobody waits for it and its signals are gone.
    pub fn spawn(self, work: impl Future<Output = ()> + 'static) {
        self.within(|| task::spawn_local_scoped_with_cancellation(work));
    }

    /// Runs something as part of the page: what it registers is cleaned up with the page.
    pub fn within<T>(self, work: impl FnOnce() -> T) -> Option<T> {
        self.owner.try_with_value(|owner| owner.clone()).map(|owner| owner.with(work))
    }

    /// Who looks.
    pub fn my_account(self) -> AccountId {
        self.me.with_value(|me| me.account)
    }

    /// A note that is here.
    pub fn note(self, number: NoteNumber) -> Option<ArcRwSignal<Note>> {
        self.notes.with_value(|notes| notes.get(&number).cloned())
    }

    /// Puts a note in its place: redrawn only if it looks different.
    pub fn put(self, note: Note) {
        self.put_with(note, order::keep_previews);
    }

    fn put_with(self, note: Note, previews: fn(Note, &Note) -> Note) {
        match self.note(note.number) {
            Some(signal) => {
                let changed = signal.with_untracked(|old| {
                    let new = previews(note, old);
                    (new != *old).then_some(new)
                });
                if let Some(new) = changed {
                    signal.set(new);
                }
            }
            None => self.notes.update_value(|notes| {
                notes.insert(note.number, ArcRwSignal::new(note));
            }),
        }
    }

    /// Takes in a page that touches what is here; the number of notes by others that are new, or the gap.
    ///
    /// # Errors
    /// The number before which notes are missing.
    pub fn take(self, thread: Thread) -> Result<u32, NoteNumber> {
        let numbers: Vec<_> = thread.notes.iter().map(|note| note.number).collect();
        let run = match self.order.with_untracked(|have| order::join(have, &numbers)) {
            Joined::Run(run) => run,
            Joined::Gap(before) => return Err(before),
        };
        let me = self.my_account();
        let newest = self.order.with_untracked(|have| have.last().copied()).unwrap_or(thread.last);
        let news = thread.notes.iter().filter(|n| n.number > newest && n.author.account != me).count();
        // The beginning of the run moves only with the page that begins it.
        if run.first() == numbers.first() {
            self.before.set(thread.before);
        }
        for note in thread.notes {
            self.put(note);
        }
        self.patient.set(thread.patient);
        self.receive(thread.team);
        if self.last.get_untracked() < thread.last {
            self.last.set(thread.last);
        }
        if self.order.with_untracked(|have| *have != run) {
            self.order.set(run);
        }
        Ok(u32::try_from(news).unwrap_or(u32::MAX))
    }

    /// Gives up what is here for a page that does not touch it.
    pub fn start_over(self, thread: Thread) {
        self.order.set(Vec::new());
        self.notes.update_value(BTreeMap::clear);
        // Nothing to touch, so nothing can be missing.
        let _ = self.take(thread);
    }

    /// Fresh addresses for the previews of a page's notes.
    pub fn take_previews(self, notes: Vec<Note>) {
        for note in notes {
            if self.note(note.number).is_some() {
                self.put_with(note, |new, _| new);
            }
        }
    }

    /// The team as the server knows it; receipts that this screen knows better stay.
    fn receive(self, mut team: Vec<TeamMember>) {
        self.team.with_untracked(|old| {
            let known: Vec<_> = old.iter().map(|member| (member.account, member.read_to)).collect();
            order::advance(&mut team, &known);
        });
        if self.team.with_untracked(|old| *old != team) {
            self.team.set(team);
        }
    }

    /// Moves receipts forward.
    pub fn advance(self, read_to: &[(AccountId, NoteNumber)]) {
        let mut team = self.team.get_untracked();
        if order::advance(&mut team, read_to) {
            self.team.set(team);
        }
    }

    /// How far I have read, as far as the server knows.
    pub fn my_receipt(self) -> NoteNumber {
        let me = self.my_account();
        self.team.with_untracked(|team| {
            team.iter().find(|member| member.account == me).map_or(NoteNumber(0), |member| member.read_to)
        })
    }

    /// What the list needs to know of each note, oldest first; follows the list.
    pub fn placed(self) -> Vec<Placed> {
        let me = self.my_account();
        self.order.with(|order| {
            self.notes.with_value(|notes| {
                order
                    .iter()
                    .filter_map(|number| notes.get(number))
                    .map(|note| {
                        note.with_untracked(|note| Placed {
                            number: note.number,
                            day: note.sent_at.day(),
                            mine: note.author.account == me,
                        })
                    })
                    .collect()
            })
        })
    }

    /// Somebody of the team by name.
    pub fn name_of(self, account: AccountId) -> Option<String> {
        self.team.with(|team| team.iter().find(|m| m.account == account).map(|m| m.name.clone()))
    }

    /// The end of the thread is in view: there is nothing new out of sight.
    pub fn seen_news(self) {
        if self.news.try_get_untracked().is_some_and(|news| news > 0) {
            self.news.set(0);
        }
    }

    /// Tells a screen reader; the same words twice are told twice.
    pub fn say(self, words: &str) {
        let repeated = self.said.with_untracked(|said| said == words);
        self.said.set(if repeated { format!("{words}\u{a0}") } else { words.to_owned() });
    }
}
