//! Monitoring 監視 (Art. 24(2)): what is looked at how often, the slots of a day, what a day's records say.
//!
//! A day in Japan is cut into slots, 288 of five minutes and 96 of fifteen; each look leaves one record in its slot.
//! Because slots are counted, a look that never happened is found as surely as one that went wrong.

mod firewall;
mod watch;

pub use firewall::{FirewallDay, Refused, network_of};
pub use watch::{Anomaly, Say, Trouble, Watch, key};

use crate::{
    calendar::{Day, Timestamp},
    label::labelled,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Days that the page shows.
pub const DAYS_SHOWN: i64 = 90;
/// A slot is missing when it ended so many seconds ago and has no record: longer than a look may take.
pub const GRACE_SECONDS: i64 = 120;

labelled! {
    /// How often something is looked at.
    pub enum Cadence {
        /// Whether each part lives: the article's five minutes.
        Live = "live" "5分ごと",
        /// Whether the key ring lives, as often: by a function of its own, because monitoring may hold no key.
        Ring = "ring" "5分ごと（鍵）",
        /// Whether the application answers: the article's fifteen minutes.
        Answer = "answer" "15分ごと",
        /// Whether the clock is right (requirements §2, 9).
        Hourly = "hourly" "1時間ごと",
        /// What the firewall refused: 「定期的」, proposed as daily.
        Daily = "daily" "1日1回",
        /// Whether the looks above were made: by a function of its own.
        Check = "check" "監視の点検（15分ごと）",
    }
}

impl Cadence {
    /// Minutes of a slot.
    pub const fn minutes(self) -> u16 {
        match self {
            Self::Live | Self::Ring => 5,
            Self::Answer | Self::Check => 15,
            Self::Hourly => 60,
            Self::Daily => 24 * 60,
        }
    }

    /// Slots of a day.
    pub const fn slots(self) -> u16 {
        24 * 60 / self.minutes()
    }

    /// Seconds after the beginning of a slot from which on it may be looked: yesterday's log arrives late.
    pub const fn after_seconds(self) -> i64 {
        match self {
            Self::Daily => 60 * 60,
            Self::Live | Self::Ring | Self::Answer | Self::Hourly | Self::Check => 0,
        }
    }

    /// Whether another function than monitoring looks.
    const fn is_by_another(self) -> bool {
        matches!(self, Self::Ring | Self::Check)
    }
}

labelled! {
    /// What is looked at.
    pub enum Part {
        Table = "table" "データベース",
        Attachments = "attachments" "添付ファイルの保管場所",
        Archive = "archive" "バックアップの保管場所",
        Portal = "portal" "ポータルの保管場所",
        /// Both copies of it: a key is read and unwrapped.
        KeyRing = "key_ring" "鍵の保管場所",
        Api = "api" "API",
        Schedules = "schedules" "自動実行（バックアップ・封印・ポータル・監視の点検）",
        Outbox = "outbox" "送信と後処理",
        /// Only where the environment has a disk of its own.
        Disk = "disk" "ディスクの空き",
        Application = "application" "アプリケーション（サインインと閲覧）",
        Clock = "clock" "時計",
        Firewall = "firewall" "ファイアウォールのアクセス記録",
        /// The records themselves.
        Monitoring = "monitoring" "監視の記録",
        /// Generations of backups, read back and restored in isolation.
        Restore = "restore" "バックアップの検証と復元訓練",
    }
}

impl Part {
    /// How often it is looked at; `None` where a job of its own does.
    pub const fn cadence(self) -> Option<Cadence> {
        match self {
            Self::Table
            | Self::Attachments
            | Self::Archive
            | Self::Portal
            | Self::Api
            | Self::Schedules
            | Self::Outbox
            | Self::Disk => Some(Cadence::Live),
            Self::KeyRing => Some(Cadence::Ring),
            Self::Application => Some(Cadence::Answer),
            Self::Clock => Some(Cadence::Hourly),
            Self::Firewall => Some(Cadence::Daily),
            Self::Monitoring => Some(Cadence::Check),
            Self::Restore => None,
        }
    }
}

/// One slot of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Slot {
    /// The day in Japan.
    pub day: Day,
    /// Of which length.
    pub cadence: Cadence,
    /// Counted from midnight on, from 0.
    pub index: u16,
}

impl Slot {
    /// The slot that an instant lies in.
    pub fn of(cadence: Cadence, at: Timestamp) -> Self {
        let day = at.day();
        let minutes = (at.ms() - day.start().ms()) / 60_000;
        let index = u16::try_from(minutes).unwrap_or_default() / cadence.minutes();
        Self { day, cadence, index }
    }

    /// Its first instant.
    pub fn start(self) -> Timestamp {
        self.day.start().plus_seconds(i64::from(self.index) * i64::from(self.cadence.minutes()) * 60)
    }

    /// The first instant after it.
    pub fn end(self) -> Timestamp {
        self.start().plus_seconds(i64::from(self.cadence.minutes()) * 60)
    }

    /// The slot before it.
    pub fn before(self) -> Self {
        Self::of(self.cadence, self.start().plus_seconds(-1))
    }

    /// The slots of a day that had to have a record by now: those that begin when monitoring began or later, and ended long
    /// enough ago.
    pub fn expected(
        cadence: Cadence,
        day: Day,
        begun: Timestamp,
        now: Timestamp,
    ) -> impl Iterator<Item = Self> {
        let all = (0..cadence.slots()).map(move |index| Self { day, cadence, index });
        // Whoever else looks may do so for the first time a moment after monitoring began, in the next slot already.
        let from = if cadence.is_by_another() { begun.plus_seconds(1) } else { begun };
        all.filter(move |slot| slot.start() >= from && slot.end().plus_seconds(GRACE_SECONDS) <= now)
    }
}

/// What a look at one part found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Look {
    /// At what.
    pub part: Part,
    /// Whether it is as it should be.
    pub good: bool,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What was found, in words; never personal data.
    pub words: String,
    /// What the firewall refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firewall: Option<FirewallDay>,
}

/// The record of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// Which.
    pub slot: Slot,
    /// When it was looked.
    pub at: Timestamp,
    /// What was found.
    pub looks: Vec<Look>,
}

/// How many slots of one length a day has had so far, and how many have their record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SlotCount {
    /// Of which length.
    pub cadence: Cadence,
    /// Slots that had to have a record.
    pub expected: u16,
    /// Of them, slots that have one.
    pub recorded: u16,
}

/// What a day's looks at one part found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartCount {
    /// At what.
    pub part: Part,
    /// Looks that found it as it should be.
    pub good: u16,
    /// Looks that did not.
    pub bad: u16,
}

/// A day in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonitorDay {
    /// Which, in Japan.
    pub day: Day,
    /// Its slots.
    pub slots: Vec<SlotCount>,
    /// Its findings.
    pub parts: Vec<PartCount>,
}

impl MonitorDay {
    /// The day's records in numbers, as of an instant.
    pub fn of(day: Day, records: &[Record], begun: Timestamp, now: Timestamp) -> Self {
        let slots = Cadence::ALL.iter().map(|cadence| {
            let have = indices(records, *cadence);
            let due: BTreeSet<u16> =
                Slot::expected(*cadence, day, begun, now).map(|slot| slot.index).collect();
            // The slot that runs now counts once it has its record.
            let expected = due.union(&have).count();
            let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
            SlotCount { cadence: *cadence, expected: count(expected), recorded: count(have.len()) }
        });
        let mut parts: BTreeMap<Part, PartCount> = BTreeMap::new();
        for look in records.iter().flat_map(|record| &record.looks) {
            let count = parts.entry(look.part).or_insert(PartCount { part: look.part, good: 0, bad: 0 });
            if look.good { count.good += 1 } else { count.bad += 1 }
        }
        Self { day, slots: slots.collect(), parts: parts.into_values().collect() }
    }

    /// Slots without a record.
    pub fn missing(&self) -> u16 {
        self.slots.iter().map(|count| count.expected.saturating_sub(count.recorded)).sum()
    }

    /// Looks that found something wrong.
    pub fn bad(&self) -> u16 {
        self.parts.iter().map(|count| count.bad).sum()
    }

    /// Whether every slot has its record and no look found anything wrong.
    pub fn is_good(&self) -> bool {
        self.missing() == 0 && self.bad() == 0
    }

    /// The slots of one length.
    pub fn count(&self, cadence: Cadence) -> SlotCount {
        let found = self.slots.iter().find(|count| count.cadence == cadence);
        found.copied().unwrap_or(SlotCount { cadence, expected: 0, recorded: 0 })
    }
}

fn indices(records: &[Record], cadence: Cadence) -> BTreeSet<u16> {
    records.iter().filter(|r| r.slot.cadence == cadence).map(|r| r.slot.index).collect()
}

/// The expected slots of a day that have no record.
pub fn missing(
    cadence: Cadence,
    day: Day,
    records: &[Record],
    begun: Timestamp,
    now: Timestamp,
) -> Vec<Slot> {
    let have = indices(records, cadence);
    Slot::expected(cadence, day, begun, now).filter(|slot| !have.contains(&slot.index)).collect()
}

/// Slots as people read them: those that follow one another as one span, 「5分ごと 11/20 9:05〜9:20（3枠）」.
pub fn in_spans(slots: &[Slot]) -> String {
    let mut spans: Vec<(Slot, Slot, usize)> = Vec::new();
    for slot in slots {
        match spans.last_mut() {
            Some((_, last, count)) if last.cadence == slot.cadence && last.end() == slot.start() => {
                *last = *slot;
                *count += 1;
            }
            _ => spans.push((*slot, *slot, 1)),
        }
    }
    let clock = |at: Timestamp| {
        let (hour, minute) = at.wall_clock();
        format!("{hour}:{minute:02}")
    };
    let span = |(first, last, count): &(Slot, Slot, usize)| {
        let (_, month, day) = first.day.ymd();
        let (start, end) = (clock(first.start()), clock(last.end()));
        format!("{} {month}/{day} {start}〜{end}（{count}枠）", first.cadence.label())
    };
    const SPANS_MAX: usize = 8;
    let more = spans.len().saturating_sub(SPANS_MAX);
    let mut words: Vec<String> = spans.iter().take(SPANS_MAX).map(span).collect();
    if more > 0 {
        words.push(format!("ほか{more}か所"));
    }
    words.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}+09:00").parse().unwrap()
    }

    fn day() -> Day {
        "2026-11-20".parse().unwrap()
    }

    fn record(cadence: Cadence, index: u16, good: bool) -> Record {
        let slot = Slot { day: day(), cadence, index };
        let look = Look { part: Part::Api, good, ms: 1, words: String::new(), firewall: None };
        Record { slot, at: slot.start(), looks: vec![look] }
    }

    #[test]
    fn a_day_has_the_articles_slots() {
        let end = day().plus_days(1).start().plus_seconds(GRACE_SECONDS);
        for (cadence, slots) in
            [(Cadence::Live, 288), (Cadence::Answer, 96), (Cadence::Hourly, 24), (Cadence::Daily, 1)]
        {
            assert_eq!(cadence.slots(), slots);
            let all: Vec<_> = Slot::expected(cadence, day(), day().start(), end).collect();
            assert_eq!(all.len(), usize::from(slots));
            assert_eq!(
                (all[0].start(), all.last().unwrap().end()),
                (day().start(), day().plus_days(1).start())
            );
            for pair in all.windows(2) {
                assert_eq!(pair[0].end(), pair[1].start());
            }
        }
    }

    #[test]
    fn every_instant_lies_in_one_slot() {
        for (text, cadence, index) in [
            ("2026-11-20T00:00:00", Cadence::Live, 0),
            ("2026-11-20T00:04:59.999", Cadence::Live, 0),
            ("2026-11-20T00:05:00", Cadence::Live, 1),
            ("2026-11-20T23:59:59.999", Cadence::Live, 287),
            ("2026-11-20T23:59:59.999", Cadence::Answer, 95),
            ("2026-11-20T12:00:00", Cadence::Daily, 0),
        ] {
            let slot = Slot::of(cadence, at(text));
            assert_eq!((slot.day, slot.index), (day(), index), "{text}");
            assert!(slot.start() <= at(text) && at(text) < slot.end());
            assert_eq!(slot.before().end(), slot.start());
        }
    }

    #[test]
    fn whoever_else_looks_has_the_slot_in_which_monitoring_began_to_begin_as_well() {
        let (begun, over) = (at("2026-11-20T10:00:00"), at("2026-11-20T10:32:00"));
        for (cadence, first, slots) in [
            (Cadence::Live, 120, 6),
            (Cadence::Ring, 121, 5),
            (Cadence::Answer, 40, 2),
            (Cadence::Check, 41, 1),
        ] {
            let due: Vec<_> = Slot::expected(cadence, day(), begun, over).map(|slot| slot.index).collect();
            assert_eq!((due.first(), due.len()), (Some(&first), slots), "{cadence}");
        }
    }

    #[test]
    fn what_has_no_record_is_missing_once_it_is_over() {
        let have: Vec<_> =
            [120, 121, 124].map(|index| record(Cadence::Live, index, true)).into_iter().collect();
        let begun = at("2026-11-20T10:00:00");
        let names = |now: &str| -> Vec<u16> {
            missing(Cadence::Live, day(), &have, begun, at(now)).iter().map(|slot| slot.index).collect()
        };
        // Slot 122 runs from 10:10 to 10:15.
        assert_eq!(names("2026-11-20T10:16:59"), [0_u16; 0]);
        assert_eq!(names("2026-11-20T10:17:00"), [122]);
        assert_eq!(names("2026-11-20T10:30:00"), [122, 123]);
        let slots = missing(Cadence::Live, day(), &have, begun, at("2026-11-20T10:41:59"));
        assert_eq!(in_spans(&slots), "5分ごと 11/20 10:10〜10:20（2枠）、5分ごと 11/20 10:25〜10:35（2枠）");
    }

    #[test]
    fn a_day_in_numbers() {
        let records: Vec<_> = (0..288).map(|index| record(Cadence::Live, index, index != 7)).collect();
        let over = day().plus_days(1).start().plus_seconds(GRACE_SECONDS);
        let counted = MonitorDay::of(day(), &records, day().start(), over);
        assert_eq!(
            counted.count(Cadence::Live),
            SlotCount { cadence: Cadence::Live, expected: 288, recorded: 288 }
        );
        assert_eq!(counted.count(Cadence::Answer).recorded, 0);
        assert_eq!(counted.parts, [PartCount { part: Part::Api, good: 287, bad: 1 }]);
        assert_eq!((counted.missing(), counted.is_good()), (287 + 96 + 24 + 1 + 95, false));
        // Before monitoring began nothing is expected.
        let late = MonitorDay::of(day(), &[], over, over.plus_seconds(1));
        assert!(late.is_good());
    }
}
