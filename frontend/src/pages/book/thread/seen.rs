//! What of a thread was really seen, and how far the receipt 既読 goes with it, as pure functions. No browser in here.

use super::order::{Placed, after};
use shared::book::NoteNumber;
use std::collections::{BTreeMap, BTreeSet};

/// How long something must be on the screen before it counts as seen, in milliseconds, so that scrolling past does not.
pub const DWELL_MS: f64 = 1000.0;

/// What one visit has seen of a thread. Times are milliseconds since the page was opened.
#[derive(Debug, Default)]
pub struct Seen {
    on_screen: BTreeMap<NoteNumber, f64>,
    long_enough: BTreeSet<NoteNumber>,
}

impl Seen {
    /// A note came onto the screen.
    pub fn comes(&mut self, note: NoteNumber, now: f64) {
        self.on_screen.entry(note).or_insert(now);
    }

    /// A note left the screen.
    pub fn goes(&mut self, note: NoteNumber, now: f64) {
        if self.on_screen.remove(&note).is_some_and(|since| since + DWELL_MS <= now) {
            self.long_enough.insert(note);
        }
    }

    /// Counts what has been on the screen long enough.
    pub fn look(&mut self, now: f64) {
        let stayed = self.on_screen.iter().filter(|(_, since)| **since + DWELL_MS <= now);
        self.long_enough.extend(stayed.map(|(note, _)| *note));
    }

    /// When the next of what is on the screen will have been there long enough; `None` if all of it has been counted.
    pub fn due(&self) -> Option<f64> {
        let waiting = self.on_screen.iter().filter(|(note, _)| !self.long_enough.contains(note));
        waiting.map(|(_, since)| since + DWELL_MS).reduce(f64::min)
    }

    /// Until now nobody could see the screen: what is on it came just now.
    pub fn begin_again(&mut self, now: f64) {
        self.on_screen.values_mut().for_each(|since| *since = now);
    }

    /// The newest note on the screen.
    pub fn newest(&self) -> Option<NoteNumber> {
        self.on_screen.last_key_value().map(|(note, _)| *note)
    }

    /// How far a receipt goes on: as far as the notes after it were seen one after the other. What was skipped stays
    /// unread, and so does what comes after it, because a receipt says 既読 of everything before it. One's own notes
    /// count as seen. `loaded` is what is here, oldest first.
    pub fn reaches(&self, receipt: NoteNumber, loaded: &[Placed]) -> NoteNumber {
        let seen = loaded.iter().filter(|note| self.has(note));
        seen.fold(receipt, |to, note| if note.number == after(to) { note.number } else { to })
    }

    /// How many notes that I have not seen lie above what is on the screen, those still to be loaded among them; `None`
    /// while no note's end is on the screen.
    pub fn skipped(&self, receipt: NoteNumber, loaded: &[Placed]) -> Option<u32> {
        let top = *self.on_screen.first_key_value()?.0;
        let missing = loaded.first().map_or(0, |first| first.number.0.saturating_sub(after(receipt).0));
        let skipped = |note: &&Placed| note.number > receipt && note.number < top && !self.has(note);
        let here = loaded.iter().filter(skipped).count();
        Some(missing.saturating_add(u32::try_from(here).unwrap_or(u32::MAX)))
    }

    fn has(&self, note: &Placed) -> bool {
        note.mine || self.long_enough.contains(&note.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::calendar::Day;

    const N: fn(u32) -> NoteNumber = NoteNumber;

    /// The notes from one number to another; those of `mine` are my own.
    fn loaded(from: u32, to: u32, mine: impl Fn(u32) -> bool) -> Vec<Placed> {
        let day = Day::new(2026, 11, 20).unwrap();
        (from..=to).map(|number| Placed { number: N(number), day, mine: mine(number) }).collect()
    }

    /// A visit that has seen these notes, and nothing of which is on the screen any more.
    fn seen(notes: impl IntoIterator<Item = u32>) -> Seen {
        Seen { long_enough: notes.into_iter().map(N).collect(), ..Seen::default() }
    }

    #[test]
    fn only_what_stays_counts() {
        let mut seen = Seen::default();
        seen.comes(N(1), 0.0);
        seen.comes(N(2), 500.0);
        seen.comes(N(3), 500.0);
        seen.comes(N(2), 600.0);
        assert_eq!((seen.due(), seen.newest()), (Some(1000.0), Some(N(3))));
        seen.look(999.0);
        assert_eq!(seen.reaches(N(0), &loaded(1, 3, |_| false)), N(0));
        seen.goes(N(1), 1000.0);
        seen.goes(N(3), 1499.0);
        assert_eq!(seen.due(), Some(1500.0), "told twice, a note still came once");
        seen.look(1500.0);
        assert_eq!(seen.due(), None);
        assert_eq!(seen.reaches(N(0), &loaded(1, 3, |_| false)), N(2));
    }

    #[test]
    fn behind_a_curtain_nothing_is_seen() {
        let mut seen = Seen::default();
        seen.comes(N(1), 0.0);
        seen.begin_again(90_000.0);
        seen.look(90_500.0);
        assert_eq!(seen.due(), Some(91_000.0));
    }

    #[test]
    fn a_receipt_stops_before_the_first_note_that_was_skipped() {
        let nobody = |_| false;
        // Sixty unread notes, the newest page, its end on the screen.
        assert_eq!(seen(56..=60).reaches(N(0), &loaded(11, 60, nobody)), N(0));
        assert_eq!(
            seen(1..=60).reaches(N(0), &loaded(11, 60, nobody)),
            N(0),
            "what is not here was not seen"
        );
        // From ここから未読 to the end after sending a note.
        let after_sending = loaded(1, 61, |number| number == 61);
        assert_eq!(seen((11..=14).chain(58..=60)).reaches(N(10), &after_sending), N(14));
        assert_eq!(seen(11..=60).reaches(N(10), &after_sending), N(61), "my own note was seen");
        assert_eq!(seen([]).reaches(N(60), &after_sending), N(61));
        assert_eq!(seen(1..=9).reaches(N(10), &loaded(1, 20, nobody)), N(10), "never back");
    }

    #[test]
    fn what_was_skipped_is_counted_above_the_screen_only() {
        let mut seen = seen(11..=14);
        let all = loaded(1, 61, |number| number == 20);
        assert_eq!(seen.skipped(N(10), &all), None);
        seen.comes(N(15), 0.0);
        assert_eq!(seen.skipped(N(10), &all), Some(0), "reading on");
        seen.goes(N(15), 10.0);
        seen.comes(N(58), 10.0);
        assert_eq!(seen.skipped(N(10), &all), Some(42), "15 to 57 without my own");
        assert_eq!(
            seen.skipped(N(10), &all[20..]),
            Some(10 + 37),
            "11 to 20 are not loaded, 21 to 57 were skipped"
        );
        assert_eq!(seen.skipped(N(61), &all), Some(0));
    }

    /// Every thread of five notes, whatever is loaded, seen, my own and read already.
    #[test]
    fn a_receipt_covers_exactly_the_unbroken_run() {
        const LAST: u32 = 5;
        let sets = || 0..1_u32 << LAST;
        let holds = |set: u32, number: u32| (set >> (number - 1)) & 1 == 1;
        for (receipt, from) in (0..=LAST).flat_map(|receipt| (1..=LAST).map(move |from| (receipt, from))) {
            for (eyes, mine) in sets().flat_map(|eyes| sets().map(move |mine| (eyes, mine))) {
                let notes = loaded(from, LAST, |number| holds(mine, number));
                let to = seen((1..=LAST).filter(|n| holds(eyes, *n))).reaches(N(receipt), &notes).0;
                let may = |number: u32| {
                    (from..=LAST).contains(&number) && (holds(eyes, number) || holds(mine, number))
                };
                assert!(to >= receipt, "never back");
                assert!((receipt + 1..=to).all(may), "never over what was not seen");
                assert!(!may(to + 1), "nobody is stuck with what they have read");
            }
        }
    }
}
