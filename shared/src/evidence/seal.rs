//! Seals: what makes the audit log tamper-evident (requirements §2, 8).
//!
//! Events are written by many function instances at once, so they are chained afterwards: a job takes those that have
//! settled, in the order of their identifiers, and writes a seal into the locked bucket. A seal names every entry of its
//! window with the hash of its stored text, and ends in a head that hashes the head before it and every entry in turn.
//! Whoever changes, removes, adds or reorders entries afterwards no longer matches; whoever changes a seal breaks the
//! chain of heads, and the locked bucket keeps the first version in any case.

use crate::{calendar::Timestamp, id::EventId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most entries under one seal.
pub const SEALED_MAX: usize = 2000;

/// An entry under a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leaf {
    /// Which event.
    pub id: EventId,
    /// SHA-256 of its stored text, in hex.
    pub hash: String,
}

/// A seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Seal {
    /// 1, 2, 3 …
    pub number: u64,
    /// Covers events from this instant on …
    pub from: Timestamp,
    /// … until before this one.
    pub to: Timestamp,
    /// The place of its first entry in the whole log, counted from 0.
    pub first: u64,
    /// The head of the seal before; empty for the first.
    pub previous: String,
    /// Its entries, in order.
    pub leaves: Vec<Leaf>,
    /// The chain's head after its last entry, in hex.
    pub head: String,
}

/// An entry as stored: identifier and text.
pub type Stored = (EventId, String);

/// SHA-256 of a stored text, in hex.
pub fn leaf_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn head_of(seal: &Seal) -> String {
    let beginning = format!("{}\n{}\n{}\n{}\n{}", seal.number, seal.from, seal.to, seal.first, seal.previous);
    let mut head = Sha256::digest(beginning.as_bytes());
    for leaf in &seal.leaves {
        let mut next = Sha256::new();
        next.update(head);
        next.update(leaf.id.to_string().as_bytes());
        next.update(leaf.hash.as_bytes());
        head = next.finalize();
    }
    hex::encode(head)
}

impl Seal {
    /// The seal after `before`, over these entries of the window that ends at `to`.
    pub fn over(before: Option<&Self>, from: Timestamp, to: Timestamp, entries: &[Stored]) -> Self {
        let leaf = |(id, text): &Stored| Leaf { id: *id, hash: leaf_hash(text) };
        let mut seal = Self {
            number: before.map_or(1, |before| before.number + 1),
            from: before.map_or(from, |before| before.to),
            to,
            first: before.map_or(0, Self::end),
            previous: before.map(|before| before.head.clone()).unwrap_or_default(),
            leaves: entries.iter().map(leaf).collect(),
            head: String::new(),
        };
        seal.head = head_of(&seal);
        seal
    }

    /// The place after its last entry.
    pub fn end(&self) -> u64 {
        self.first + self.leaves.len() as u64
    }
}

/// What is wrong with the first bad entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The entry's text is not the one that was sealed.
    Changed,
    /// An entry that was sealed is not there.
    Missing,
    /// An entry is there that was not sealed, within a window that was.
    Added,
    /// Entries are there in another order.
    Moved,
    /// The seal itself is not the one that was written, or one is missing before it.
    Seal,
}

impl Fault {
    /// In words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Changed => "内容が書き換えられています",
            Self::Missing => "記録が消されています",
            Self::Added => "あとから記録が加えられています",
            Self::Moved => "記録の順序が入れ替えられています",
            Self::Seal => "封印そのものが書き換えられているか、抜けています",
        }
    }
}

/// The first bad entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its place in the whole log, counted from 0.
    pub index: u64,
    /// Which event, where one can be named.
    pub id: Option<EventId>,
    /// What is wrong.
    pub fault: Fault,
}

/// Checks a log seal by seal, from the first on.
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    last: Option<Seal>,
}

impl Verifier {
    /// One that found every seal good until this one, itself included.
    pub const fn after(seal: Seal) -> Self {
        Self { last: Some(seal) }
    }

    /// The number of the seal to check next.
    pub fn next(&self) -> u64 {
        self.last.as_ref().map_or(1, |seal| seal.number + 1)
    }

    /// Entries found good so far.
    pub fn checked(&self) -> u64 {
        self.last.as_ref().map_or(0, Seal::end)
    }

    /// The instant up to which everything is sealed and good.
    pub fn until(&self) -> Option<Timestamp> {
        self.last.as_ref().map(|seal| seal.to)
    }

    /// The chain's head so far.
    pub fn head(&self) -> Option<&str> {
        self.last.as_ref().map(|seal| seal.head.as_str())
    }

    /// Checks the next seal against the entries that the log has in its window, in the order in which it has them.
    ///
    /// # Errors
    /// The first bad entry.
    pub fn check(&mut self, seal: Seal, entries: &[Stored]) -> Result<(), Bad> {
        let index = self.checked();
        let bad = |index: u64, id: Option<EventId>, fault: Fault| Err(Bad { index, id, fault });
        let follows = match &self.last {
            None => seal.number == 1 && seal.first == 0 && seal.previous.is_empty(),
            Some(last) => {
                seal.number == last.number + 1
                    && seal.first == last.end()
                    && seal.previous == last.head
                    && seal.from == last.to
            }
        };
        if !follows || seal.head != head_of(&seal) {
            return bad(index, None, Fault::Seal);
        }
        for (at, leaf) in seal.leaves.iter().enumerate() {
            let place = index + at as u64;
            match entries.get(at) {
                Some((id, text)) if *id == leaf.id => {
                    if leaf_hash(text) != leaf.hash {
                        return bad(place, Some(*id), Fault::Changed);
                    }
                }
                Some((id, _)) if !seal.leaves.iter().any(|leaf| leaf.id == *id) => {
                    return bad(place, Some(*id), Fault::Added);
                }
                Some((id, _)) if entries[..at].iter().any(|(before, _)| before == id) => {
                    return bad(place, Some(*id), Fault::Added);
                }
                Some((id, _)) if entries.iter().any(|(other, _)| *other == leaf.id) => {
                    return bad(place, Some(*id), Fault::Moved);
                }
                Some(_) | None => return bad(place, Some(leaf.id), Fault::Missing),
            }
        }
        if let Some((id, _)) = entries.get(seal.leaves.len()) {
            return bad(seal.end(), Some(*id), Fault::Added);
        }
        self.last = Some(seal);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn log(counts: &[usize]) -> Vec<(Seal, Vec<Stored>)> {
        let mut made: Vec<(Seal, Vec<Stored>)> = Vec::new();
        let mut at = 1_000;
        for count in counts {
            let from = Timestamp::from_ms(at);
            let mut entries = Vec::new();
            for _ in 0..*count {
                at += 7;
                let id = EventId::from_parts(at.unsigned_abs(), u128::from(at.unsigned_abs()));
                entries.push((id, format!("{{\"id\":\"{id}\",\"action\":\"read_thread\"}}")));
            }
            at += 10;
            let seal = Seal::over(made.last().map(|(seal, _)| seal), from, Timestamp::from_ms(at), &entries);
            made.push((seal, entries));
        }
        made
    }

    fn verify(log: &[(Seal, Vec<Stored>)]) -> Result<u64, Bad> {
        let mut verifier = Verifier::default();
        for (seal, entries) in log {
            verifier.check(seal.clone(), entries)?;
        }
        Ok(verifier.checked())
    }

    #[test]
    fn an_untouched_log_is_good_empty_windows_too() {
        assert_eq!(verify(&log(&[3, 0, 5, 0, 0, 1])), Ok(9));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Every kind of edit is found, with the index of the first entry that is not as it was sealed.
        #[test]
        fn every_edit_is_found_where_it_is(
            counts in prop::collection::vec(0..6_usize, 1..6),
            kind in 0..8_u8,
            pick in any::<prop::sample::Index>(),
            other in any::<prop::sample::Index>(),
            byte in any::<prop::sample::Index>(),
        ) {
            let mut log = log(&counts);
            let filled: Vec<usize> = (0..log.len()).filter(|at| !log[*at].1.is_empty()).collect();
            prop_assume!(!filled.is_empty());
            let part = filled[pick.index(filled.len())];
            let first = log[part].0.first;
            let length = log[part].1.len();
            let at = other.index(length);
            let index = first + at as u64;
            let expected = match kind {
                0 => {
                    let text = &mut log[part].1[at].1;
                    let place = byte.index(text.len());
                    let was = text.as_bytes()[place];
                    let new = if was == b'x' { "y" } else { "x" };
                    text.replace_range(place..=place, new);
                    Bad { index, id: Some(log[part].1[at].0), fault: Fault::Changed }
                }
                1 => {
                    let (id, _) = log[part].1.remove(at);
                    let next = log[part].1.get(at).map(|(id, _)| *id);
                    // What comes after stands in its place; the first that is not there is the one removed.
                    prop_assert!(next != Some(id));
                    Bad { index, id: Some(id), fault: Fault::Missing }
                }
                2 => {
                    let id = EventId::from_parts(5, 77);
                    log[part].1.insert(at, (id, "{}".into()));
                    Bad { index, id: Some(id), fault: Fault::Added }
                }
                3 => {
                    log[part].1.truncate(at);
                    Bad { index, id: Some(log[part].0.leaves[at].id), fault: Fault::Missing }
                }
                4 => {
                    prop_assume!(at + 1 < length);
                    log[part].1.swap(at, at + 1);
                    Bad { index, id: Some(log[part].1[at].0), fault: Fault::Moved }
                }
                5 => {
                    let twin = log[part].1[at].clone();
                    log[part].1.insert(at + 1, twin.clone());
                    Bad { index: index + 1, id: Some(twin.0), fault: Fault::Added }
                }
                6 => {
                    log[part].0.leaves[at].hash = leaf_hash("other");
                    Bad { index: first, id: None, fault: Fault::Seal }
                }
                _ => {
                    prop_assume!(part + 1 < log.len());
                    log.remove(part);
                    Bad { index: first, id: None, fault: Fault::Seal }
                }
            };
            prop_assert_eq!(verify(&log), Err(expected));
        }

        /// A seal that was made anew to fit a changed log no longer fits the one after it.
        #[test]
        fn a_new_seal_over_a_changed_log_breaks_the_chain(counts in prop::collection::vec(1..5_usize, 2..5)) {
            let mut log = log(&counts);
            log[0].1[0].1.push(' ');
            let (from, to, entries) = (log[0].0.from, log[0].0.to, log[0].1.clone());
            log[0].0 = Seal::over(None, from, to, &entries);
            prop_assert_eq!(verify(&log), Err(Bad { index: counts[0] as u64, id: None, fault: Fault::Seal }));
        }
    }
}
