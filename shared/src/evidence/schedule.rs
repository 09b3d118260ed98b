//! バックアップの日時 (Art. 23(2)): approved by the operations manager and the city, published in advance, in force from
//! its day on. A later approval follows an earlier one; nothing is taken out.

use crate::{
    calendar::{Day, Timestamp},
    id::CaseId,
};
use serde::{Deserialize, Serialize};

/// The day of the month from which on a month may have none of that number.
pub const MONTHLY_DAY_MAX: u8 = 28;
/// Shortest and longest stop for a monthly backup, in minutes.
pub const STOP_MINUTES: std::ops::RangeInclusive<u16> = 10..=240;

/// A time of day in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl TimeOfDay {
    /// Of 「02:00」; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(hour) || !digits(minute) {
            return None;
        }
        let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(Self { hour, minute })
    }

    /// This time on a day.
    pub fn on(self, day: Day) -> Timestamp {
        day.start().plus_seconds(i64::from(self.hour) * 3600 + i64::from(self.minute) * 60)
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{:02}", self.hour, self.minute)
    }
}

/// The times of the monthly backup, and for how long nobody writes meanwhile (Art. 23(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Monthly {
    /// Day of the month, 1 to [`MONTHLY_DAY_MAX`].
    pub day: u8,
    /// When it starts.
    pub at: TimeOfDay,
    /// For how many minutes at most the service can be read only; it goes on as soon as the backup is done.
    pub stop_minutes: u16,
}

/// Times that were approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupTimes {
    /// In force from this day on.
    pub from: Day,
    /// When the daily backup starts.
    pub daily: TimeOfDay,
    /// When the monthly backup starts.
    pub monthly: Monthly,
    /// By which approval.
    pub case: CaseId,
}

/// The times that are in force on a day: those with the latest beginning that is not after it, and of two with the same
/// beginning the one approved later.
pub fn in_force(times: &[BackupTimes], day: Day) -> Option<&BackupTimes> {
    times
        .iter()
        .enumerate()
        .filter(|(_, one)| one.from <= day)
        .max_by_key(|(at, one)| (one.from, *at))
        .map(|(_, one)| one)
}

/// The times that will follow, soonest first.
pub fn to_come(times: &[BackupTimes], day: Day) -> Vec<&BackupTimes> {
    let mut later: Vec<_> = times.iter().filter(|one| one.from > day).collect();
    later.sort_by_key(|one| one.from);
    later
}

/// When the monthly backup of the month of `day` starts, and until when the service may be read only for it; `None` where
/// no approved time is in force in that month yet. A change within a month never leaves the month without its run: where
/// the old day comes after the change and the new one before it, the run is on the day of the change.
pub fn monthly_window(times: &[BackupTimes], day: Day) -> Option<(Timestamp, Timestamp)> {
    let (year, month, _) = day.ymd();
    let first: Day = format!("{year:04}-{month:02}-01").parse().ok()?;
    let window = |one: &BackupTimes, on: Day| {
        let start = one.monthly.at.on(on);
        (start, start.plus_seconds(i64::from(one.monthly.stop_minutes) * 60))
    };
    let windows = times.iter().filter_map(|one| {
        let on = first.plus_days(i64::from(one.monthly.day) - 1);
        in_force(times, on).is_some_and(|force| std::ptr::eq(force, one)).then(|| window(one, on))
    });
    windows.min().or_else(|| {
        let last = first.plus_days(i64::from(MONTHLY_DAY_MAX) - 1);
        let one = in_force(times, last).filter(|one| one.from >= first)?;
        Some(window(one, one.from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn times(from: &str, daily: &str, monthly: (u8, &str)) -> BackupTimes {
        BackupTimes {
            from: day(from),
            daily: TimeOfDay::parse(daily).unwrap(),
            monthly: Monthly { day: monthly.0, at: TimeOfDay::parse(monthly.1).unwrap(), stop_minutes: 30 },
            case: CaseId::from_parts(1, 1),
        }
    }

    #[test]
    fn times_of_day() {
        assert_eq!(TimeOfDay::parse("02:05"), Some(TimeOfDay { hour: 2, minute: 5 }));
        for bad in ["", "2:05", "24:00", "12:60", "12", "12:5", "+1:00", "12:000"] {
            assert_eq!(TimeOfDay::parse(bad), None, "{bad}");
        }
        assert_eq!(
            TimeOfDay { hour: 2, minute: 5 }.on(day("2026-12-01")),
            "2026-12-01T02:05:00+09:00".parse().unwrap()
        );
    }

    #[test]
    fn a_later_approval_follows_the_earlier_one_on_its_day() {
        let all = [times("2026-12-01", "02:00", (1, "03:00")), times("2027-01-15", "03:00", (20, "04:00"))];
        for (on, expected) in [
            ("2026-11-30", None),
            ("2026-12-01", Some(0)),
            ("2027-01-14", Some(0)),
            ("2027-01-15", Some(1)),
            ("2030-01-01", Some(1)),
        ] {
            assert_eq!(in_force(&all, day(on)), expected.map(|at: usize| &all[at]), "{on}");
        }
        assert_eq!(to_come(&all, day("2026-12-31")), [&all[1]]);
        // January: the first of the month is under the old times, and that is the month's run.
        let start = |on: &str| monthly_window(&all, day(on)).map(|(from, _)| from.to_string());
        assert_eq!(start("2026-11-20"), None);
        assert_eq!(start("2026-12-31").as_deref(), Some("2026-11-30T18:00:00.000Z"));
        assert_eq!(start("2027-01-05").as_deref(), Some("2026-12-31T18:00:00.000Z"));
        assert_eq!(start("2027-02-05").as_deref(), Some("2027-02-19T19:00:00.000Z"));
    }

    #[test]
    fn a_change_within_a_month_leaves_the_month_its_run() {
        let all = [times("2026-12-01", "02:00", (20, "03:00")), times("2027-01-15", "03:00", (1, "04:00"))];
        let on = |asked: &str| monthly_window(&all, day(asked)).unwrap().0.day();
        assert_eq!((on("2026-12-05"), on("2027-01-05")), (day("2026-12-20"), day("2027-01-15")));
        assert_eq!(on("2027-02-05"), day("2027-02-01"));
    }

    #[test]
    fn of_two_approvals_for_the_same_day_the_later_one_counts() {
        let all = [times("2026-12-01", "02:00", (1, "03:00")), times("2026-12-01", "04:00", (2, "03:00"))];
        assert_eq!(in_force(&all, day("2026-12-01")), Some(&all[1]));
        assert_eq!(monthly_window(&all, day("2026-12-09")).unwrap().0.day(), day("2026-12-02"));
    }

    proptest! {
        #[test]
        fn each_month_has_at_most_one_window_and_it_lies_in_the_month(
            froms in proptest::collection::vec((0_i64..900, 1_u8..=28, 0_u8..24), 1..6),
            on in 0_i64..1200,
        ) {
            let begin = day("2026-01-01");
            let all: Vec<BackupTimes> = froms.iter().map(|(from, of, hour)| BackupTimes {
                from: begin.plus_days(*from),
                daily: TimeOfDay { hour: 2, minute: 0 },
                monthly: Monthly { day: *of, at: TimeOfDay { hour: *hour, minute: 0 }, stop_minutes: 30 },
                case: CaseId::from_parts(1, 1),
            }).collect();
            let asked = begin.plus_days(on);
            let (year, month, _) = asked.ymd();
            let window = monthly_window(&all, asked);
            if let Some((from, to)) = window {
                let (in_year, in_month, _) = from.day().ymd();
                prop_assert_eq!((year, month), (in_year, in_month));
                prop_assert!(from < to);
                prop_assert!(in_force(&all, from.day()).is_some());
            }
            let begun = in_force(&all, day(&format!("{year:04}-{month:02}-28"))).is_some();
            prop_assert!(window.is_some() || !begun, "a month without its run");
        }
    }
}
