//! Clocks that run only while the help desk is open: when it opens next, when an answer is due.

use super::{Day, Hours, SEARCH_DAYS_MAX, Timestamp};

const MINUTE_MS: i64 = 60_000;

impl Hours {
    /// Whether somebody answers at this instant: from the minute of opening, up to but not at the minute of closing.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let (opens, closes) = self.window(at.day());
        self.is_business_day(at.day()) && opens <= at && at < closes
    }

    /// The first instant from `at` on at which the desk is open: `at` itself, if it is open then. `None` if it stays
    /// closed for [`SEARCH_DAYS_MAX`] days, which a setting that passed [`Hours::check`] never does.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        self.windows(at.day()).find(|&(_, closes)| at < closes).map(|(opens, _)| at.max(opens))
    }

    /// When so many minutes of business hours have passed since `at`: the deadline of an answer. Always within
    /// business hours; one that is used up exactly at closing ends then, not the next morning.
    ///
    /// If the minutes do not fit into [`SEARCH_DAYS_MAX`] days from the day of `at`: the midnight that ends them.
    pub fn plus_open_minutes(&self, at: Timestamp, minutes: u32) -> Timestamp {
        let mut left = i64::from(minutes) * MINUTE_MS;
        for (opens, closes) in self.windows(at.day()) {
            let room = closes.ms() - at.max(opens).ms();
            if room < 0 {
                continue;
            }
            if left <= room {
                return Timestamp::from_ms(at.max(opens).ms() + left);
            }
            left -= room;
        }
        at.day().plus_days(i64::from(SEARCH_DAYS_MAX)).start()
    }

    /// Whole minutes of business hours from `a` to `b`, negative if `b` is the earlier one: from now to a deadline,
    /// what is left. No more than [`SEARCH_DAYS_MAX`] days from the earlier one are counted.
    pub fn open_minutes_between(&self, a: Timestamp, b: Timestamp) -> i64 {
        if b < a {
            return -self.open_minutes_between(b, a);
        }
        let shared =
            |(opens, closes): (Timestamp, Timestamp)| (b.min(closes).ms() - a.max(opens).ms()).max(0);
        let passed: i64 = self.windows(a.day()).take_while(|&(opens, _)| opens < b).map(shared).sum();
        passed / MINUTE_MS
    }

    /// When the desk is open on the business days from `first` on. An end to every search above.
    fn windows(&self, first: Day) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        (0..i64::from(SEARCH_DAYS_MAX))
            .map(move |later| first.plus_days(later))
            .filter(|day| self.is_business_day(*day))
            .map(|day| self.window(day))
            .filter(|(opens, closes)| opens < closes)
    }

    fn window(&self, day: Day) -> (Timestamp, Timestamp) {
        // Japan has no summer time: minutes of the day are minutes since midnight.
        let at = |minutes: u16| day.start().plus_seconds(i64::from(minutes) * 60);
        (at(self.opening_minutes), at(self.closing_minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{CLOSED_DAYS_MAX, CORRECTIONS_MAX, Correction, MonthDay};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+09:00").parse().unwrap()
    }

    fn closed(day: Day) -> Correction {
        Correction { day, closed: true, words: "臨時の休み".to_owned() }
    }

    #[test]
    fn open_and_closed() {
        let hours = Hours::default();
        for (moment, open) in [
            ("2026-12-28T16:59", true),
            ("2026-12-28T17:00", false),
            ("2026-12-29T09:00", false),
            ("2027-01-04T08:59", false),
            ("2027-01-04T09:00", true),
            ("2026-05-06T12:00", false),
            ("2026-09-22T12:00", false),
            ("2027-03-22T12:00", false),
            ("2026-11-20T12:00", true),
        ] {
            assert_eq!(hours.is_open(at(moment)), open, "{moment}");
        }
    }

    #[test]
    fn the_next_opening() {
        let hours = Hours::default();
        for (from, opens) in [
            ("2026-11-20T08:00", "2026-11-20T09:00"),
            ("2026-11-20T10:30", "2026-11-20T10:30"),
            ("2026-11-20T17:00", "2026-11-24T09:00"),
            ("2026-12-28T17:00", "2027-01-04T09:00"),
        ] {
            assert_eq!(hours.next_opening(at(from)), Some(at(opens)), "{from}");
        }
    }

    #[test]
    fn deadlines_run_in_business_hours_only() {
        let hours = Hours::default();
        for (from, minutes, due) in [
            ("2026-11-19T10:00", 60, "2026-11-19T11:00"),
            ("2026-11-19T16:00", 60, "2026-11-19T17:00"),
            ("2026-11-19T16:00", 61, "2026-11-20T09:01"),
            // Friday night, and Monday is 勤労感謝の日.
            ("2026-11-20T20:00", 120, "2026-11-24T11:00"),
            ("2026-12-28T16:30", 60, "2027-01-04T09:30"),
            ("2026-11-19T17:00", 0, "2026-11-19T17:00"),
            ("2026-11-19T17:01", 0, "2026-11-20T09:00"),
        ] {
            assert_eq!(hours.plus_open_minutes(at(from), minutes), at(due), "{from} + {minutes}");
        }
        assert_eq!(hours.open_minutes_between(at("2026-11-20T16:00"), at("2026-11-24T10:00")), 120);
        assert_eq!(hours.open_minutes_between(at("2026-11-24T10:00"), at("2026-11-20T16:00")), -120);
        assert_eq!(hours.open_minutes_between(at("2026-11-21T00:00"), at("2026-11-24T09:00")), 0);
    }

    #[test]
    fn a_search_ends_where_everything_is_closed() {
        let first = at("2027-04-01T10:00");
        let all = (0..2000).map(|n| closed(first.day().plus_days(n))).collect();
        let hours = Hours { corrections: all, ..Hours::default() };
        let ends = at("2028-05-05T00:00");
        assert_eq!(first.day().plus_days(400).start(), ends);
        assert_eq!(hours.next_opening(first), None);
        assert_eq!(hours.plus_open_minutes(first, 1), ends);
        assert_eq!(hours.open_minutes_between(first, Timestamp::from_ms(i64::MAX)), 0);
        let never = Hours { opening_minutes: u16::MAX, closing_minutes: 0, ..Hours::default() };
        assert_eq!((never.next_opening(first), never.is_open(first)), (None, false));
        assert_eq!(never.plus_open_minutes(first, 0), ends);
        assert_eq!(Hours::default().plus_open_minutes(first, u32::MAX), ends);
        let (start, end) = (Timestamp::from_ms(i64::MIN), Timestamp::from_ms(i64::MAX));
        assert!(Hours::default().open_minutes_between(start, end) > 0);
        assert!(Hours::default().plus_open_minutes(end, 1) >= end.day().start());
    }

    #[test]
    fn a_checked_setting_always_opens_within_the_search() {
        let longest = Hours {
            year_end_from: MonthDay::new(12, 15).unwrap(),
            year_end_until: MonthDay::new(1, 14).unwrap(),
            ..Hours::default()
        };
        assert_eq!(CLOSED_DAYS_MAX, 31);
        for start in (0..36).map(|n| at("2026-01-01T12:00").day().plus_days(n * 31)) {
            let business = (0..600).map(|n| start.plus_days(n)).filter(|day| longest.is_business_day(*day));
            let corrections = business.take(CORRECTIONS_MAX).map(closed).collect();
            let hours = Hours { corrections, ..longest.clone() }.check().unwrap();
            assert!(hours.next_opening(start.start()).is_some(), "{start}");
        }
    }

    /// Settings that pass the check, with some corrections near the instants below.
    fn settings() -> impl Strategy<Value = Hours> {
        let corrections = prop::collection::btree_map(0_i64..800, any::<bool>(), 0..40);
        (0_u16..1440, 1_u16..=1440, corrections).prop_map(|(opening, length, corrections)| {
            let first = Day::new(2026, 1, 1).unwrap();
            let on = |(later, closed)| Correction {
                day: first.plus_days(later),
                closed,
                words: "訂正".to_owned(),
            };
            let hours = Hours {
                opening_minutes: opening,
                closing_minutes: (opening + length).min(1440),
                corrections: corrections.into_iter().map(on).collect(),
                ..Hours::default()
            };
            hours.check().unwrap()
        })
    }

    fn instants() -> impl Strategy<Value = Timestamp> {
        let first = Day::new(2026, 1, 1).unwrap().start();
        (0_i64..400 * 86_400_000).prop_map(move |ms| Timestamp::from_ms(first.ms() + ms))
    }

    /// So few that even one minute a day finds room for them within the search.
    const FEW: u32 = 150;

    proptest! {
        #[test]
        fn adding_and_counting_are_inverse(hours in settings(), from in instants(), minutes in 0..FEW) {
            let due = hours.plus_open_minutes(from, minutes);
            prop_assert!(due >= from);
            prop_assert_eq!(hours.open_minutes_between(from, due), i64::from(minutes));
            prop_assert_eq!(hours.open_minutes_between(due, from), -i64::from(minutes));
        }

        #[test]
        fn counting_and_adding_are_inverse_to_the_minute(hours in settings(), a in instants(), b in instants()) {
            let (a, b) = (a.min(b), a.max(b));
            let minutes = u32::try_from(hours.open_minutes_between(a, b)).unwrap();
            // The first instant with so many minutes is not after b, unless the desk has not opened since a.
            let due = hours.plus_open_minutes(a, minutes);
            prop_assert!(due <= b || minutes == 0);
            prop_assert!(hours.plus_open_minutes(a, minutes + 1) > b);
        }

        #[test]
        fn later_and_longer_never_end_earlier(hours in settings(), a in instants(), b in instants(), m in 0..FEW, n in 0..FEW) {
            let (a, b, m, n) = (a.min(b), a.max(b), m.min(n), m.max(n));
            prop_assert!(hours.plus_open_minutes(a, m) <= hours.plus_open_minutes(b, m));
            prop_assert!(hours.plus_open_minutes(a, m) <= hours.plus_open_minutes(a, n));
            prop_assert!(hours.next_opening(a) <= hours.next_opening(b));
            // Two steps end where one of the same length does.
            prop_assert_eq!(hours.plus_open_minutes(hours.plus_open_minutes(a, m), n), hours.plus_open_minutes(a, m + n));
        }

        #[test]
        fn results_lie_within_business_hours(hours in settings(), from in instants(), minutes in 1..FEW) {
            let opens = hours.next_opening(from).unwrap();
            prop_assert!(hours.is_open(opens));
            prop_assert_eq!(opens == from, hours.is_open(from));
            // The last moment that was counted was an open one: the closing itself may be the end.
            let due = hours.plus_open_minutes(from, minutes);
            prop_assert!(hours.is_open(Timestamp::from_ms(due.ms() - 1)));
        }

        // An independent count: minute by minute.
        #[test]
        fn counting_agrees_with_a_walk(hours in settings(), from in instants(), length in 0_i64..6000) {
            let minute = |n: i64| Timestamp::from_ms(from.ms() - from.ms().rem_euclid(60_000)).plus_seconds(n * 60);
            let walked = (0..length).filter(|n| hours.is_open(minute(*n))).count();
            prop_assert_eq!(hours.open_minutes_between(minute(0), minute(length)), i64::try_from(walked).unwrap());
        }
    }
}
