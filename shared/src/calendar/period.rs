//! Periods by months (民法143条) and the clocks of a leak, exact to the day.

use super::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use time::Date;

/// Years for which application data is kept, counted from the day it was sent (Art. 23(1)).
pub const KEPT_YEARS: i32 = 5;
/// The prompt report of a leak 速報: from the third to the fifth day, the day of knowing being the first.
pub const LEAK_PROMPT_DAYS: (i64, i64) = (3, 5);
/// The final report of a leak 確報: at the latest on this day, the day of knowing being the first.
pub const LEAK_FINAL_DAYS: i64 = 30;
/// The same, where wrongful intent 不正の目的 is possible.
pub const LEAK_FINAL_DAYS_WRONGFUL: i64 = 60;

/// The last day of a period of so many months that includes its first day (「から起算して」): the day before the
/// matching day, or the month's last day where no matching day exists (民法143条2項).
///
/// No months at all end the day before. Stays within the calendar (years −9999 to 9999).
pub fn months_after(first: Day, months: u32) -> Day {
    match matching(first, i64::from(months)) {
        Ok(day) => day.previous().unwrap_or(day),
        Err(last_of_month) => last_of_month,
    }
}

/// The latest day that is so many months before `day` (「3か月前までに」, Art. 11): the matching day, or the month's
/// last day where no matching day exists. In other words, the latest day from which so many months, counted by
/// [`months_after`], end before `day`. The day found is itself in time.
///
/// Stays within the calendar (years −9999 to 9999).
pub fn months_before(day: Day, months: u32) -> Day {
    match matching(day, -i64::from(months)) {
        Ok(matching) | Err(matching) => matching,
    }
}

/// The day with the same number so many months away; where there is none, that month's last day as the error.
fn matching(day: Day, months: i64) -> Result<Day, Day> {
    let (year, month, date) = day.ymd();
    let total = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let beyond = if months < 0 { Day(Date::MIN) } else { Day(Date::MAX) };
    let there = |date| {
        let year = i32::try_from(total.div_euclid(12)).ok()?;
        let month = u8::try_from(total.rem_euclid(12) + 1).ok()?;
        Day::new(year, month, date)
    };
    // Every month has 28 days, so that nothing found means: beyond the calendar.
    there(date).ok_or_else(|| (28..date).rev().find_map(there).unwrap_or(beyond))
}

impl Day {
    /// The last day on which something sent on this day is kept: [`KEPT_YEARS`] years that include the first
    /// day (Art. 23(1); 民法140条・143条2項).
    pub fn last_kept_day(self) -> Self {
        months_after(self, KEPT_YEARS.unsigned_abs() * 12)
    }

    /// The instant at which the lock on what was sent on this day ends: midnight after [`Self::last_kept_day`].
    pub fn locked_until(self) -> Timestamp {
        self.last_kept_day().plus_days(1).start()
    }
}

/// By when a leak is reported to 個人情報保護委員会 (個人情報保護法26条・68条, 規則8条・44条). All three are last
/// moments of a duty to be quick, not goals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeakClocks {
    /// From this day on the prompt report 速報 is due.
    pub prompt_from: Day,
    /// On this day at the latest.
    pub prompt_until: Day,
    /// The last day for the final report 確報.
    pub final_until: Day,
}

/// The clocks of a leak from the day on which somebody of the organisation knew of it 知った日.
///
/// That day counts as the first, Saturdays, Sundays and holidays count too, and a last day on a closed day is
/// not moved: where the reading of the law is open, the earlier day is shown.
pub fn leak_clocks(known: Day, wrongful: bool) -> LeakClocks {
    let days = if wrongful { LEAK_FINAL_DAYS_WRONGFUL } else { LEAK_FINAL_DAYS };
    let nth = |n: i64| known.plus_days(n - 1);
    LeakClocks {
        prompt_from: nth(LEAK_PROMPT_DAYS.0),
        prompt_until: nth(LEAK_PROMPT_DAYS.1),
        final_until: nth(days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn five_years_include_the_first_day() {
        for (sent, kept) in [
            ("2026-11-22", "2031-11-21"),
            ("2028-02-29", "2033-02-28"),
            ("2027-03-01", "2032-02-29"),
            ("2027-01-01", "2031-12-31"),
            ("2023-02-28", "2028-02-27"),
        ] {
            assert_eq!(day(sent).last_kept_day(), day(kept), "sent {sent}");
        }
        assert_eq!(day("2026-11-22").locked_until().to_string(), "2031-11-21T15:00:00.000Z");
    }

    #[test]
    fn months_that_include_their_first_day() {
        for (first, months, last) in [
            ("2027-01-20", 2, "2027-03-19"),
            ("2027-01-31", 1, "2027-02-28"),
            ("2027-12-31", 2, "2028-02-29"),
            ("2027-02-01", 1, "2027-02-28"),
            ("2027-02-28", 1, "2027-03-27"),
            ("2026-12-01", 1, "2026-12-31"),
            ("2027-01-20", 0, "2027-01-19"),
        ] {
            assert_eq!(months_after(day(first), months), day(last), "{first} + {months}");
        }
        assert_eq!(months_after(day("2027-01-20"), u32::MAX), Day(Date::MAX));
    }

    #[test]
    fn months_before_a_day() {
        for (of, months, latest) in [
            ("2027-05-31", 3, "2027-02-28"),
            ("2028-05-31", 3, "2028-02-29"),
            ("2027-05-20", 3, "2027-02-20"),
            ("2027-02-28", 3, "2026-11-28"),
            ("2027-01-31", 3, "2026-10-31"),
            ("2027-01-31", 2, "2026-11-30"),
            ("2027-05-20", 0, "2027-05-20"),
        ] {
            assert_eq!(months_before(day(of), months), day(latest), "{of} - {months}");
        }
        assert_eq!(months_before(day("2027-01-20"), u32::MAX), Day(Date::MIN));
    }

    #[test]
    fn the_clocks_of_a_leak_begin_with_the_day_of_knowing() {
        let clocks = |wrongful| {
            let LeakClocks { prompt_from, prompt_until, final_until } =
                leak_clocks(day("2026-11-20"), wrongful);
            [prompt_from, prompt_until, final_until].map(|day| day.to_string())
        };
        assert_eq!(clocks(false), ["2026-11-22", "2026-11-24", "2026-12-19"]);
        assert_eq!(clocks(true), ["2026-11-22", "2026-11-24", "2027-01-18"]);
    }

    /// Days since 1970-01-01 of a day of the Gregorian calendar, counted in whole years from March on: nothing of the
    /// calendar that the product uses.
    fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
    }

    #[test]
    fn ten_thousand_days_are_locked_to_the_millisecond() {
        const HOUR: i64 = 3_600_000;
        // Every day from 2000 to 2099 has the same chance; the seed makes it the same days each time.
        let mut seed = 20_261_122_u64;
        for _ in 0..10_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let offset = i64::try_from((seed >> 33) % 36_525).unwrap();
            let sent = Day::new(2000, 1, 1).unwrap().plus_days(offset);
            let (y, m, d) = sent.ymd();
            let (y, m, d) = (i64::from(y), i64::from(m), i64::from(d));
            assert_eq!(days_since_1970(y, m, d), 10_957 + offset, "{sent}");
            // In five years there is no 29 February where there was one: the day after the last one takes its place.
            let (m, d) = if (m, d) == (2, 29) { (3, 1) } else { (m, d) };
            let end = days_since_1970(y + 5, m, d);
            assert_eq!(sent.locked_until().ms(), end * 24 * HOUR - 9 * HOUR, "{sent}");
            let last = sent.last_kept_day();
            assert_eq!(last.plus_days(1).start(), sent.locked_until(), "{sent}");
            assert_eq!(last.start().ms(), (end - 1) * 24 * HOUR - 9 * HOUR, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn months_before_is_the_latest_day_from_which_so_many_months_end_earlier(offset in 0_i64..36_500, months in 0_u32..120) {
            let until = Day::new(2000, 1, 1).unwrap().plus_days(offset);
            let latest = months_before(until, months);
            prop_assert!(months_after(latest, months) < until);
            prop_assert!(months_after(latest.plus_days(1), months) >= until);
        }

        // An independent count: walk day by day until five years to the day are over.
        #[test]
        fn never_a_day_short_never_a_day_long(offset in 0_i64..36_500) {
            let sent = Day::new(2000, 1, 1).unwrap().plus_days(offset);
            let (y, m, d) = sent.ymd();
            let mut next = sent;
            while next.ymd() < (y + KEPT_YEARS, m, d) {
                next = next.plus_days(1);
            }
            prop_assert_eq!(sent.locked_until(), if (m, d) == (2, 29) { Day::new(y + 5, 3, 1).unwrap().start() } else { next.start() });
        }
    }
}
