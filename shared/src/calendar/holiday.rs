//! National holidays 国民の祝日 and the days off that follow from them, by 国民の祝日に関する法律 (祝日法).

use super::Day;

/// The first year for which the Act as it stands is written down here.
pub const HOLIDAY_YEAR_FIRST: i32 = 2020;
/// The last year for which the formula of the equinoxes is known to hold.
pub const HOLIDAY_YEAR_LAST: i32 = 2099;

const MONDAY: u8 = 0;
const SUNDAY: u8 = 6;

/// The holiday's name, where the day is one by law: a 国民の祝日 (祝日法2条), its 振替休日 (3条2項) or a
/// 国民の休日 (3条3項). `None` on every other day, and outside [`HOLIDAY_YEAR_FIRST`] to [`HOLIDAY_YEAR_LAST`].
///
/// The Act can change, and next year's equinoxes are official only with the gazette of 1 February: what the
/// city knows better stands in [`super::Hours::corrections`].
pub fn holiday(day: Day) -> Option<&'static str> {
    if let Some(name) = named(day) {
        Some(name)
    } else if stands_in_for_a_sunday(day) {
        Some("振替休日")
    } else if named(day.plus_days(-1)).is_some() && named(day.plus_days(1)).is_some() {
        Some("国民の休日")
    } else {
        None
    }
}

/// 3条2項: the nearest later day that is no 国民の祝日 takes the place of one that falls on a Sunday.
fn stands_in_for_a_sunday(day: Day) -> bool {
    // The longest row of 国民の祝日 is 3 to 5 May; a week is more than enough for a row that a law adds.
    for back in 1..=7 {
        let before = day.plus_days(-back);
        if named(before).is_none() {
            return false;
        }
        if before.weekday_number() == SUNDAY {
            return true;
        }
    }
    false
}

/// 2条, with the moves for the Olympic Games (東京オリンピック特措法32条: sea, mountain and sports).
fn named(day: Day) -> Option<&'static str> {
    let (year, month, date) = day.ymd();
    if !(HOLIDAY_YEAR_FIRST..=HOLIDAY_YEAR_LAST).contains(&year) {
        return None;
    }
    let monday = |nth: u8| day.weekday_number() == MONDAY && (date - 1) / 7 + 1 == nth;
    let sea = moved(year, (7, 23), (7, 22));
    let sports = moved(year, (7, 24), (7, 23));
    let mountain = moved(year, (8, 10), (8, 8)).unwrap_or((8, 11));
    match (month, date) {
        (1, 1) => Some("元日"),
        (1, _) if monday(2) => Some("成人の日"),
        (2, 11) => Some("建国記念の日"),
        (2, 23) => Some("天皇誕生日"),
        (3, d) if d == spring_equinox(year) => Some("春分の日"),
        (4, 29) => Some("昭和の日"),
        (5, 3) => Some("憲法記念日"),
        (5, 4) => Some("みどりの日"),
        (5, 5) => Some("こどもの日"),
        on if sea == Some(on) => Some("海の日"),
        (7, _) if sea.is_none() && monday(3) => Some("海の日"),
        on if on == mountain => Some("山の日"),
        (9, _) if monday(3) => Some("敬老の日"),
        (9, d) if d == autumn_equinox(year) => Some("秋分の日"),
        on if sports == Some(on) => Some("スポーツの日"),
        (10, _) if sports.is_none() && monday(2) => Some("スポーツの日"),
        (11, 3) => Some("文化の日"),
        (11, 23) => Some("勤労感謝の日"),
        _ => None,
    }
}

/// Where a holiday stood in the two years of the Games; `None` in every other year.
fn moved(year: i32, in_2020: (u8, u8), in_2021: (u8, u8)) -> Option<(u8, u8)> {
    match year {
        2020 => Some(in_2020),
        2021 => Some(in_2021),
        _ => None,
    }
}

/// The day of March on which the sun crosses the equator, for 1980 to 2099.
fn spring_equinox(year: i32) -> u8 {
    equinox(20_843_100, year)
}

/// The day of September on which the sun crosses the equator, for 1980 to 2099.
fn autumn_equinox(year: i32) -> u8 {
    equinox(23_248_800, year)
}

/// The usual formula, in millionths of a day: the year is 0.242194 days longer than 365, leap days give back.
fn equinox(in_1980: i32, year: i32) -> u8 {
    let years = year - 1980;
    u8::try_from((in_1980 + 242_194 * years) / 1_000_000 - years / 4).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Option<&'static str> {
        holiday(text.parse().unwrap())
    }

    #[test]
    fn special_cases_of_the_act() {
        for (day, name) in [
            ("2026-05-03", Some("憲法記念日")),
            ("2026-05-06", Some("振替休日")),
            ("2026-05-07", None),
            ("2026-09-21", Some("敬老の日")),
            ("2026-09-22", Some("国民の休日")),
            ("2026-09-23", Some("秋分の日")),
            ("2027-03-21", Some("春分の日")),
            ("2027-03-22", Some("振替休日")),
            // 4 May a Sunday: the next day is a holiday of its own, so the 6th.
            ("2025-05-06", Some("振替休日")),
            // 5 May a Sunday.
            ("2030-05-06", Some("振替休日")),
            // On a Saturday nothing moves.
            ("2025-05-03", Some("憲法記念日")),
            ("2028-01-01", Some("元日")),
            ("2028-01-03", None),
            ("2023-01-02", Some("振替休日")),
            // The years of the Games.
            ("2020-07-20", None),
            ("2020-07-23", Some("海の日")),
            ("2020-07-24", Some("スポーツの日")),
            ("2020-08-10", Some("山の日")),
            ("2020-08-11", None),
            ("2020-10-12", None),
            ("2021-07-19", None),
            ("2021-07-22", Some("海の日")),
            ("2021-07-23", Some("スポーツの日")),
            ("2021-08-08", Some("山の日")),
            ("2021-08-09", Some("振替休日")),
            ("2021-08-11", None),
            ("2021-10-11", None),
            ("2022-10-10", Some("スポーツの日")),
            // The Emperor's birthday until 2018.
            ("2026-12-23", None),
            // Outside the years that are written down.
            ("2019-12-31", None),
            ("2100-01-01", None),
        ] {
            assert_eq!(on(day), name, "{day}");
        }
    }

    /// Against two packages that were written by others: see the head of the file.
    #[test]
    fn every_day_from_2020_to_2050_agrees_with_an_independent_source() {
        let theirs: std::collections::BTreeSet<Day> = include_str!("../../tests/golden/holidays.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split(' ').next().unwrap().parse().unwrap())
            .collect();
        let mut day = Day::new(2020, 1, 1).unwrap();
        while day <= Day::new(2050, 12, 31).unwrap() {
            assert_eq!(holiday(day).is_some(), theirs.contains(&day), "{day} {:?}", holiday(day));
            day = day.plus_days(1);
        }
    }
}
