//! Time as the policy counts it: Japan time, days that include their first day, periods exact to the day,
//! national holidays and the hours in which the help desk answers.

mod clock;
mod holiday;
mod hours;
mod month;
mod period;

pub use holiday::{HOLIDAY_YEAR_FIRST, HOLIDAY_YEAR_LAST, holiday};
pub use hours::{
    CLOSED_DAYS_MAX, CORRECTION_WORDS_MAX, CORRECTIONS_MAX, Correction, Hours, MonthDay, SEARCH_DAYS_MAX,
};
pub use month::YearMonth;
pub use period::{
    KEPT_YEARS, LEAK_FINAL_DAYS, LEAK_FINAL_DAYS_WRONGFUL, LEAK_PROMPT_DAYS, LeakClocks, leak_clocks,
    months_after, months_before,
};

use std::{fmt, str::FromStr};
use time::{Date, Duration, Month, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

const JAPAN: UtcOffset = time::macros::offset!(+9);

/// An instant, in milliseconds since 1970-01-01T00:00:00Z. On the wire: RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// What was given is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATime;

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a time")
    }
}

impl std::error::Error for NotATime {}

impl Timestamp {
    /// The first and last instants that a calendar date can be given for.
    const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

    /// From milliseconds since 1970; clamped to the years 1 to 9999.
    pub const fn from_ms(ms: i64) -> Self {
        if ms < *Self::RANGE.start() {
            Self(*Self::RANGE.start())
        } else if ms > *Self::RANGE.end() {
            Self(*Self::RANGE.end())
        } else {
            Self(ms)
        }
    }

    /// Milliseconds since 1970.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant, later by so many seconds (earlier, if negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_ms(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The day in Japan.
    pub fn day(self) -> Day {
        Day(self.utc().checked_to_offset(JAPAN).map_or(Date::MAX, OffsetDateTime::date))
    }

    /// Hours and minutes of the clock on the wall in Japan.
    pub fn wall_clock(self) -> (u8, u8) {
        let local = self.utc().checked_to_offset(JAPAN).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        (local.hour(), local.minute())
    }

    /// 「2026年11月26日 14時05分」, as it stands on paper.
    pub fn in_full(self) -> String {
        let (hour, minute) = self.wall_clock();
        format!("{} {hour}時{minute:02}分", self.day().in_full())
    }

    /// As people read it: 「今日 14:05」「昨日 9:12」「11月20日(金) 9:12」, with the year when it is another one.
    pub fn in_words(self, now: Self) -> String {
        let (hour, minute) = self.wall_clock();
        let (day, today) = (self.day(), now.day());
        let date = if day == today {
            "今日".to_owned()
        } else if Some(day) == today.previous() {
            "昨日".to_owned()
        } else {
            day.in_words(today)
        };
        format!("{date} {hour}:{minute:02}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.utc();
        let (y, mo, d) = (t.year(), u8::from(t.month()), t.day());
        let (h, mi, s, ms) = (t.hour(), t.minute(), t.second(), t.millisecond());
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{ms:03}Z")
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let t = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATime)?;
        i64::try_from(t.unix_timestamp_nanos().div_euclid(1_000_000)).map(Self::from_ms).map_err(|_| NotATime)
    }
}

/// A day in Japan. On the wire: `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// A day by its numbers; `None` where the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = Month::try_from(month).ok()?;
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// The day before.
    pub fn previous(self) -> Option<Self> {
        self.0.previous_day().map(Self)
    }

    /// The day so many days later (earlier, if negative); stays within the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(Duration::days(days)))
    }

    /// Year, month and day.
    pub fn ymd(self) -> (i32, u8, u8) {
        (self.0.year(), u8::from(self.0.month()), self.0.day())
    }

    /// Midnight in Japan at which the day begins.
    pub fn start(self) -> Timestamp {
        let midnight = self.0.midnight().assume_offset(JAPAN);
        Timestamp::from_ms(midnight.unix_timestamp().saturating_mul(1000))
    }

    /// The weekday in one letter: 月 火 水 木 金 土 日.
    pub fn weekday(self) -> &'static str {
        ["月", "火", "水", "木", "金", "土", "日"][usize::from(self.weekday_number())]
    }

    /// Days since Monday: 0 is Monday, 6 is Sunday.
    pub fn weekday_number(self) -> u8 {
        self.0.weekday().number_days_from_monday()
    }

    /// 「11月20日(金)」, with the year when it differs from today's.
    pub fn in_words(self, today: Self) -> String {
        let (y, m, d) = self.ymd();
        let w = self.weekday();
        if y == today.0.year() { format!("{m}月{d}日({w})") } else { format!("{y}年{m}月{d}日({w})") }
    }

    /// 「2026年11月26日」, as it stands on paper.
    pub fn in_full(self) -> String {
        let (y, m, d) = self.ymd();
        format!("{y}年{m}月{d}日")
    }

    /// Full years from this day (of birth) to `today`; a person born on 29 February ages on 1 March.
    pub fn age_on(self, today: Self) -> u32 {
        let (by, bm, bd) = self.ymd();
        let (ty, tm, td) = today.ymd();
        u32::try_from(ty - by - i32::from((tm, td) < (bm, bd))).unwrap_or(0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl FromStr for Day {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let number = |part: &str| -> Result<i32, NotATime> {
            if part.bytes().all(|b| b.is_ascii_digit()) {
                part.parse().map_err(|_| NotATime)
            } else {
                Err(NotATime)
            }
        };
        let mut parts = text.split('-');
        let (Some(y), Some(m), Some(d), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NotATime);
        };
        if (y.len(), m.len(), d.len()) != (4, 2, 2) {
            return Err(NotATime);
        }
        let small = |part| number(part).and_then(|n| u8::try_from(n).map_err(|_| NotATime));
        Self::new(number(y)?, small(m)?, small(d)?).ok_or(NotATime)
    }
}

macro_rules! as_text {
    ($name:ident, $format:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}
use as_text;
as_text!(Timestamp, "date-time");
as_text!(Day, "date");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_change_at_midnight_in_japan() {
        let t: Timestamp = "2026-11-22T14:59:59.999Z".parse().unwrap();
        assert_eq!(t.day(), day("2026-11-22"));
        assert_eq!(Timestamp::from_ms(t.ms() + 1).day(), day("2026-11-23"));
    }

    #[test]
    fn people_read_times() {
        let now: Timestamp = "2026-11-22T12:00:00+09:00".parse().unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().in_words(now);
        assert_eq!(at("2026-11-22T14:05:00+09:00"), "今日 14:05");
        assert_eq!(at("2026-11-21T09:05:00+09:00"), "昨日 9:05");
        assert_eq!(at("2026-11-20T09:12:00+09:00"), "11月20日(金) 9:12");
        assert_eq!(at("2025-11-20T09:12:00+09:00"), "2025年11月20日(木) 9:12");
        assert_eq!(now.in_full(), "2026年11月22日 12時00分");
        assert_eq!(day("2027-01-05").in_full(), "2027年1月5日");
    }

    #[test]
    fn only_real_days_are_days() {
        for bad in ["2026-02-29", "2026-13-01", "2026-1-1", "+026-01-01", "", "2026-01-01x", "2026-01-01-01"]
        {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ages() {
        assert_eq!(day("1940-11-23").age_on(day("2026-11-22")), 85);
        assert_eq!(day("1940-11-22").age_on(day("2026-11-22")), 86);
    }

    proptest! {
        #[test]
        fn times_survive_the_wire(ms in -62_135_596_800_000_i64..253_402_300_799_999) {
            let t = Timestamp::from_ms(ms);
            prop_assert_eq!(t.to_string().parse::<Timestamp>(), Ok(t));
        }
    }
}
