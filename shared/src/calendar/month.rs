//! Months in Japan.

use super::{Day, NotATime};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

/// A month in Japan. On the wire: `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    first: Day,
}

impl YearMonth {
    /// Its first day.
    pub const fn first(self) -> Day {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> Day {
        let in_next = self.first.plus_days(31).month().first;
        in_next.previous().unwrap_or(self.first)
    }
}

impl Day {
    /// The month that the day is in.
    pub fn month(self) -> YearMonth {
        let (year, month, _) = self.ymd();
        YearMonth { first: Self::new(year, month, 1).unwrap_or(self) }
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = self.first.ymd();
        write!(f, "{year:04}-{month:02}")
    }
}

impl FromStr for YearMonth {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        if text.len() != 7 {
            return Err(NotATime);
        }
        Ok(format!("{text}-01").parse::<Day>()?.month())
    }
}

impl Serialize for YearMonth {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for YearMonth {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_a_first_and_a_last_day() {
        for (day, month, last) in [
            ("2026-11-22", "2026-11", "2026-11-30"),
            ("2028-02-01", "2028-02", "2028-02-29"),
            ("2026-12-31", "2026-12", "2026-12-31"),
        ] {
            let of: YearMonth = day.parse::<Day>().unwrap().month();
            assert_eq!((of.to_string().as_str(), of.last().to_string().as_str()), (month, last));
            assert_eq!(month.parse(), Ok(of));
        }
        for wrong in ["2026-13", "2026-1", "2026-11-01", "", "20２6-11"] {
            assert_eq!(wrong.parse::<YearMonth>(), Err(NotATime), "{wrong}");
        }
    }
}
