//! Which day's backup must be there by now.

use shared::calendar::{Day, Timestamp};

/// Minutes that the daily run may take before its absence is worth a warning.
const GRACE: u32 = 60;

/// The newest day whose daily run must be finished: each run, at `daily_at`, saves the day before.
pub fn newest_expected(now: Timestamp, daily_at: (u8, u8)) -> Option<Day> {
    let minutes = |(hour, minute): (u8, u8)| u32::from(hour) * 60 + u32::from(minute);
    let yesterday = now.day().previous()?;
    if minutes(now.wall_clock()) >= minutes(daily_at) + GRACE {
        Some(yesterday)
    } else {
        yesterday.previous()
    }
}

/// The expected day, if no generation has it.
pub fn missing(newest: Option<Day>, now: Timestamp, daily_at: (u8, u8)) -> Option<Day> {
    newest_expected(now, daily_at).filter(|expected| newest.is_none_or(|newest| newest < *expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yesterday_is_expected_once_its_run_is_over() {
        let day = |d| Day::new(2026, 11, d);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (now, expected) in [
            ("2026-11-22T00:10:00+09:00", day(20)),
            ("2026-11-22T02:59:00+09:00", day(20)),
            ("2026-11-22T03:00:00+09:00", day(21)),
            ("2026-11-22T23:59:00+09:00", day(21)),
        ] {
            assert_eq!(newest_expected(at(now), (2, 0)), expected, "{now}");
        }
        let noon = at("2026-11-22T12:00:00+09:00");
        assert_eq!(missing(None, noon, (2, 0)), day(21));
        assert_eq!(missing(day(20), noon, (2, 0)), day(21));
        assert_eq!(missing(day(21), noon, (2, 0)), None);
        assert_eq!(missing(day(22), noon, (2, 0)), None);
    }
}
