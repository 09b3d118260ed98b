//! What is known of a part, and when the system says something: one draft while it is not solved, remarks in between, and
//! what comes and goes (flapping) told together.

use super::{Look, Part};
use crate::{calendar::Timestamp, id::CaseId};
use serde::{Deserialize, Serialize};

/// After the first change, changes are told at most this often, in seconds.
const TOLD_EVERY: i64 = 60 * 60;
/// That it goes on is told this often, in seconds.
const GOES_ON_EVERY: i64 = 6 * 60 * 60;

/// An anomaly that is in hand: an incident of it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trouble {
    /// Its incident.
    pub case: CaseId,
    /// The incident's number.
    pub number: String,
    /// The beginning of the slot in which it was found.
    pub since: Timestamp,
    /// Looks that found it so.
    pub bad: u32,
    /// Changes between good and bad since it was found.
    pub changes: u32,
    /// Changes that were not told yet.
    pub untold: u32,
    /// When something was told last.
    pub told_at: Timestamp,
}

/// A part as it was seen last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Watch {
    /// Which.
    pub part: Part,
    /// The beginning of the newest slot that counted.
    pub seen: Timestamp,
    /// Whether it was as it should be.
    pub good: bool,
    /// Since when it has been so.
    pub since: Timestamp,
    /// What was found.
    pub words: String,
    /// How long the look took, in milliseconds.
    pub ms: u32,
    /// When it was last as it should be; `None`: never yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good_at: Option<Timestamp>,
    /// The anomaly that is in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// An anomaly as it was found: a line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Anomaly {
    /// Where.
    pub part: Part,
    /// The beginning of the slot in which it was found.
    pub since: Timestamp,
    /// What was found.
    pub words: String,
    /// Its incident.
    pub case: CaseId,
    /// The incident's number.
    pub number: String,
}

/// What is to be said about a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// Nothing.
    Nothing,
    /// An incident is to be opened.
    Open,
    /// This is to be added to the open incident.
    Add(String),
}

impl Watch {
    /// A part after a look at it in a slot that began at `slot`. `before` is `None` at the first look; its trouble must be
    /// gone where the incident is closed. With [`Say::Open`] the caller adds the trouble.
    pub fn after(before: Option<&Self>, look: &Look, slot: Timestamp) -> (Self, Say) {
        let same = before.is_some_and(|before| before.good == look.good);
        let mut next = Self {
            part: look.part,
            seen: slot,
            good: look.good,
            since: before.filter(|_| same).map_or(slot, |before| before.since),
            words: look.words.clone(),
            ms: look.ms,
            good_at: if look.good { Some(slot) } else { before.and_then(|before| before.good_at) },
            trouble: before.and_then(|before| before.trouble.clone()),
        };
        let say = match &mut next.trouble {
            None if look.good => Say::Nothing,
            None => Say::Open,
            Some(trouble) => trouble.goes_on(look, !same, slot),
        };
        (next, say)
    }
}

impl Trouble {
    /// As it begins.
    pub fn new(case: CaseId, number: String, since: Timestamp) -> Self {
        Self { case, number, since, bad: 1, changes: 0, untold: 0, told_at: since }
    }

    fn goes_on(&mut self, look: &Look, changed: bool, slot: Timestamp) -> Say {
        self.bad += u32::from(!look.good);
        self.changes += u32::from(changed);
        self.untold += u32::from(changed);
        let quiet = (slot.ms() - self.told_at.ms()) / 1000;
        let first = self.untold > 0 && self.changes == 1;
        let due = self.untold > 0 && quiet >= TOLD_EVERY;
        let on = !look.good && quiet >= GOES_ON_EVERY;
        if !(first || due || on) {
            return Say::Nothing;
        }
        let now = if look.good { "正常に戻っています" } else { "異常が続いています" };
        let grouped = match self.untold {
            0 | 1 => String::new(),
            changes => format!("前回の記録のあと、正常と異常が{changes}回入れ替わりました。"),
        };
        let words = format!("{grouped}今は{now}: {}（異常の点検は、ここまで{}回）", look.words, self.bad);
        self.untold = 0;
        self.told_at = slot;
        Say::Add(words)
    }
}

/// The name under which the draft of an anomaly is opened: by the newest slot that had counted when it was found, or by when
/// monitoring began where none had. All who find it before one of them has written it down know the same, in whichever
/// slots: they open one draft.
pub fn key(part: Part, seen: Option<Timestamp>, begun: Timestamp) -> String {
    match seen {
        Some(seen) => format!("monitor/{}/{seen}", part.wire()),
        None => format!("monitor/{}/first/{begun}", part.wire()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SLOT: i64 = 300;

    fn start() -> Timestamp {
        "2026-11-20T10:00:00+09:00".parse().unwrap()
    }

    fn look(good: bool) -> Look {
        Look { part: Part::Api, good, ms: 3, words: "応答".into(), firewall: None }
    }

    /// What is said about a course of looks, each in its slot; the incident stays open.
    fn course(looks: &[bool]) -> (Vec<Say>, Watch) {
        let mut watch: Option<Watch> = None;
        let mut said = Vec::new();
        for (n, good) in looks.iter().enumerate() {
            let at = start().plus_seconds(SLOT * i64::try_from(n).unwrap());
            let (mut next, say) = Watch::after(watch.as_ref(), &look(*good), at);
            if say == Say::Open {
                next.trouble = Some(Trouble::new(CaseId::from_parts(1, 1), "I-2026-0001".into(), at));
            }
            said.push(say);
            watch = Some(next);
        }
        (said, watch.unwrap())
    }

    #[test]
    fn the_first_bad_look_opens_and_the_next_ones_do_not() {
        let (said, watch) = course(&[true, false, false, false]);
        assert_eq!(said, [Say::Nothing, Say::Open, Say::Nothing, Say::Nothing]);
        assert_eq!((watch.since, watch.good_at), (start().plus_seconds(SLOT), Some(start())));
        assert_eq!(watch.trouble.unwrap().bad, 3);
    }

    #[test]
    fn the_return_is_told_at_once_and_what_comes_and_goes_together() {
        let mut looks = vec![false, true];
        looks.extend([false, true].repeat(12));
        let (said, _) = course(&looks);
        let Say::Add(first) = &said[1] else { panic!("the return was not told") };
        assert!(first.contains("正常に戻っています"));
        let told: Vec<_> = said
            .iter()
            .filter_map(|say| match say {
                Say::Add(words) => Some(words),
                _ => None,
            })
            .collect();
        // 24 changes within two hours: the return, and one remark an hour.
        assert_eq!(told.len(), 3);
        assert!(told[1].contains("12回入れ替わりました"), "{}", told[1]);
    }

    #[test]
    fn that_it_goes_on_is_told_now_and_then() {
        let (said, _) = course(&[false; 150]);
        assert_eq!(said.iter().filter(|say| matches!(say, Say::Add(_))).count(), 2);
    }

    proptest! {
        /// Whatever comes and goes in a day: one draft, and never more than 26 remarks.
        #[test]
        fn no_flood(looks in prop::collection::vec(any::<bool>(), 1..288)) {
            let (said, watch) = course(&looks);
            prop_assert!(said.iter().filter(|say| **say == Say::Open).count() <= 1);
            prop_assert!(said.iter().filter(|say| matches!(say, Say::Add(_))).count() <= 26);
            prop_assert_eq!(watch.good, *looks.last().unwrap());
            let any_bad = looks.iter().any(|good| !good);
            prop_assert_eq!(watch.trouble.is_some(), any_bad);
        }
    }
}
