//! The help desk's business hours (Art. 16): the city's setting, and which days are closed.

use super::{Day, NotATime, as_text, holiday};
use crate::{api::error::FieldError, text};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// Most corrections of the calendar at one time.
pub const CORRECTIONS_MAX: usize = 200;
/// Longest words of a correction, in characters.
pub const CORRECTION_WORDS_MAX: usize = 60;
/// Most days that the turn of the year may be closed.
pub const CLOSED_DAYS_MAX: u8 = 31;
/// How many days are looked at, from the first on, before a search gives up. A setting that passed
/// [`Hours::check`] always opens within them: 400 days have at least 285 from Monday to Friday, of which two turns
/// of the year take at most 46, holidays some 20, and corrections [`CORRECTIONS_MAX`].
pub const SEARCH_DAYS_MAX: u16 = 400;

const DAY_MINUTES: u16 = 24 * 60;
const SATURDAY: u8 = 5;

/// A day of every year. On the wire: `MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// By its numbers; `None` where no year has such a day.
    pub fn new(month: u8, day: u8) -> Option<Self> {
        const LEAP_YEAR: i32 = 2024;
        Day::new(LEAP_YEAR, month, day).map(|_| Self { month, day })
    }

    /// 「12月29日」.
    pub fn in_words(self) -> String {
        format!("{}月{}日", self.month, self.day)
    }

    /// Its place in the two months around New Year: 1 is 1 December, 62 is 31 January.
    const fn around_new_year(self) -> Option<u8> {
        match self.month {
            12 => Some(self.day),
            1 => Some(31 + self.day),
            _ => None,
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        // A leap year in front makes it a day, with every rule that days have.
        let (_, month, day) = format!("2024-{text}").parse::<Day>()?.ymd();
        Ok(Self { month, day })
    }
}

as_text!(MonthDay, "month-day");

/// What the city knows better than the calendar: a law for one year, an extra closing, an opening on a Saturday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Correction {
    /// The day.
    pub day: Day,
    /// Closed on that day, or open although the calendar says closed.
    pub closed: bool,
    /// Why, as the portal says it: 1 to [`CORRECTION_WORDS_MAX`] characters.
    pub words: String,
}

/// The help desk's hours: Monday to Friday, without holidays and the turn of the year (Art. 16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hours {
    /// Opens at this minute of the day in Japan: 540 is 09:00.
    pub opening_minutes: u16,
    /// Closes at this minute of the day, which is no longer open: 1020 is 17:00; at most 1440.
    pub closing_minutes: u16,
    /// First closed day at the turn of the year 年末年始, in December or January.
    pub year_end_from: MonthDay,
    /// Last closed day at the turn of the year, at most [`CLOSED_DAYS_MAX`] days from the first.
    pub year_end_until: MonthDay,
    /// Days on which the calendar is wrong for this city, each at most once, at most [`CORRECTIONS_MAX`].
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

impl Default for Hours {
    /// The policy's own words: 09:00 to 17:00, closed from 29 December to 3 January (Art. 16).
    fn default() -> Self {
        Self {
            opening_minutes: 9 * 60,
            closing_minutes: 17 * 60,
            year_end_from: MonthDay { month: 12, day: 29 },
            year_end_until: MonthDay { month: 1, day: 3 },
            corrections: Vec::new(),
        }
    }
}

impl Hours {
    /// The setting cleaned, its corrections in the order of their days, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence; one about a correction names the day.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.opening_minutes >= self.closing_minutes {
            errors.push(FieldError::new(
                "opening_minutes",
                "受付を始める時刻は、終わる時刻より前にしてください。",
            ));
        }
        if self.closing_minutes > DAY_MINUTES {
            errors.push(FieldError::new("closing_minutes", "受付が終わる時刻は24時までにしてください。"));
        }
        self.check_year_end(&mut errors);
        if self.corrections.len() > CORRECTIONS_MAX {
            let given = self.corrections.len();
            errors.push(FieldError::new(
                "corrections",
                format!(
                    "暦の訂正は{CORRECTIONS_MAX}件までです（今は{given}件）。過ぎた日の訂正を消してください。"
                ),
            ));
        } else {
            self.check_corrections(&mut errors);
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    fn check_year_end(&self, errors: &mut Vec<FieldError>) {
        let (from, until) = (self.year_end_from.around_new_year(), self.year_end_until.around_new_year());
        for (field, which, place) in
            [("year_end_from", "最初の日", from), ("year_end_until", "最後の日", until)]
        {
            if place.is_none() {
                let message = format!("年末年始の休みの{which}は、12月か1月の日にしてください。");
                errors.push(FieldError::new(field, message));
            }
        }
        if let (Some(from), Some(until)) = (from, until) {
            if until < from {
                let message = "年末年始の休みの最後の日は、最初の日以後にしてください。";
                errors.push(FieldError::new("year_end_until", message));
            } else if until - from >= CLOSED_DAYS_MAX {
                let message = format!("年末年始の休みは{CLOSED_DAYS_MAX}日までにしてください。");
                errors.push(FieldError::new("year_end_until", message));
            }
        }
    }

    fn check_corrections(&mut self, errors: &mut Vec<FieldError>) {
        let mut seen = BTreeSet::new();
        for correction in &mut self.corrections {
            let (y, m, d) = correction.day.ymd();
            if !seen.insert(correction.day) {
                let message = format!("暦の訂正に{y}年{m}月{d}日が2回あります。1つにしてください。");
                errors.push(FieldError::new("corrections", message));
            }
            let what = format!("{y}年{m}月{d}日の訂正の理由");
            match text::required(
                "corrections",
                &what,
                &text::one_line(&correction.words),
                CORRECTION_WORDS_MAX,
            ) {
                Ok(clean) => correction.words = clean,
                Err(error) => errors.push(error),
            }
        }
        self.corrections.sort_by_key(|correction| correction.day);
    }

    /// Whether the help desk answers on this day.
    pub fn is_business_day(&self, day: Day) -> bool {
        match self.correction(day) {
            Some(correction) => !correction.closed,
            None => calendar_closes(self, day).is_none(),
        }
    }

    /// Why the help desk is closed on this day, for people: a correction's words, 「年末年始」, the holiday's name,
    /// 「土曜日」 or 「日曜日」, the first of these that is true; `None` on a business day.
    pub fn closed_because(&self, day: Day) -> Option<String> {
        match self.correction(day) {
            Some(correction) => correction.closed.then(|| correction.words.clone()),
            None => calendar_closes(self, day).map(str::to_owned),
        }
    }

    /// The closed days among so many days from `from` on (that day included, at most [`SEARCH_DAYS_MAX`]), with the
    /// reason. Saturdays and Sundays are left out: [`Self::in_words`] says them, and they would hide the rest.
    pub fn next_closed_days(&self, from: Day, days: usize) -> Vec<(Day, String)> {
        (0..i64::from(SEARCH_DAYS_MAX))
            .take(days)
            .map(|later| from.plus_days(later))
            .filter(|day| day.weekday_number() < SATURDAY)
            .filter_map(|day| self.closed_because(day).map(|why| (day, why)))
            .collect()
    }

    /// 「月曜日から金曜日の午前9時から午後5時まで（祝日と12月29日から1月3日までを除く）」, as it is set. Corrections are not
    /// in it.
    pub fn in_words(&self) -> String {
        let (opening, closing) = (clock_words(self.opening_minutes), clock_words(self.closing_minutes));
        let (from, until) = (self.year_end_from.in_words(), self.year_end_until.in_words());
        let year_end = if from == until { from } else { format!("{from}から{until}まで") };
        format!("月曜日から金曜日の{opening}から{closing}まで（祝日と{year_end}を除く）")
    }

    fn correction(&self, day: Day) -> Option<&Correction> {
        self.corrections.iter().find(|correction| correction.day == day)
    }

    fn is_turn_of_year(&self, day: Day) -> bool {
        let (_, month, day) = day.ymd();
        let day = MonthDay { month, day };
        let (from, until) = (self.year_end_from, self.year_end_until);
        if from <= until { (from..=until).contains(&day) } else { day >= from || day <= until }
    }
}

/// Why a day is closed before anybody corrected it.
fn calendar_closes(hours: &Hours, day: Day) -> Option<&'static str> {
    if hours.is_turn_of_year(day) {
        return Some("年末年始");
    }
    holiday(day).or(match day.weekday_number() {
        SATURDAY => Some("土曜日"),
        6 => Some("日曜日"),
        _ => None,
    })
}

/// 「午前9時」「正午」「午後5時15分」.
fn clock_words(minutes: u16) -> String {
    let (hour, minute) = (minutes / 60, minutes % 60);
    let hour = match hour {
        12 if minute == 0 => return "正午".to_owned(),
        0..12 => format!("午前{hour}時"),
        _ => format!("午後{}時", hour - 12),
    };
    if minute == 0 { hour } else { format!("{hour}{minute}分") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn correction(day: Day, closed: bool, words: &str) -> Correction {
        Correction { day, closed, words: words.to_owned() }
    }

    #[test]
    fn days_of_the_policy() {
        let hours = Hours::default();
        for (on, why) in [
            ("2026-05-01", None),
            ("2026-05-02", Some("土曜日")),
            ("2026-05-03", Some("憲法記念日")),
            ("2026-05-06", Some("振替休日")),
            ("2026-05-10", Some("日曜日")),
            ("2026-09-22", Some("国民の休日")),
            ("2027-03-22", Some("振替休日")),
            ("2026-12-28", None),
            ("2026-12-29", Some("年末年始")),
            ("2027-01-01", Some("年末年始")),
            ("2027-01-03", Some("年末年始")),
            ("2027-01-04", None),
        ] {
            assert_eq!(hours.closed_because(day(on)).as_deref(), why, "{on}");
            assert_eq!(hours.is_business_day(day(on)), why.is_none(), "{on}");
        }
    }

    #[test]
    fn the_city_corrects_the_calendar() {
        let hours = Hours {
            corrections: vec![
                correction(day("2027-06-01"), true, "市の創立記念日"),
                correction(day("2027-03-22"), false, "春分の日が20日に変わったため"),
                correction(day("2027-04-03"), false, "説明会"),
            ],
            ..Hours::default()
        };
        assert_eq!(hours.closed_because(day("2027-06-01")).as_deref(), Some("市の創立記念日"));
        assert!(hours.is_business_day(day("2027-03-22")));
        assert!(hours.is_business_day(day("2027-04-03")));
        assert_eq!(hours.closed_because(day("2027-04-03")), None);
    }

    #[test]
    fn the_portal_shows_the_next_closed_days() {
        let shown: Vec<String> = Hours::default()
            .next_closed_days(day("2026-12-26"), 20)
            .iter()
            .map(|(day, why)| format!("{day} {why}"))
            .collect();
        assert_eq!(
            shown,
            [
                "2026-12-29 年末年始",
                "2026-12-30 年末年始",
                "2026-12-31 年末年始",
                "2027-01-01 年末年始",
                "2027-01-11 成人の日"
            ]
        );
        assert!(Hours::default().next_closed_days(day("2026-12-29"), 0).is_empty());
        assert!(Hours::default().next_closed_days(day("2026-12-29"), usize::MAX).len() < 40);
    }

    #[test]
    fn people_read_the_hours() {
        assert_eq!(
            Hours::default().in_words(),
            "月曜日から金曜日の午前9時から午後5時まで（祝日と12月29日から1月3日までを除く）"
        );
        let other = Hours {
            opening_minutes: 12 * 60,
            closing_minutes: 17 * 60 + 15,
            year_end_from: MonthDay::new(12, 31).unwrap(),
            year_end_until: MonthDay::new(12, 31).unwrap(),
            ..Hours::default()
        };
        assert_eq!(other.in_words(), "月曜日から金曜日の正午から午後5時15分まで（祝日と12月31日を除く）");
        let clocks = [0, 30, 750, 1440].map(clock_words);
        assert_eq!(clocks, ["午前0時", "午前0時30分", "午後0時30分", "午後12時"]);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let wrong = |change: fn(&mut Hours)| {
            let mut hours = Hours::default();
            change(&mut hours);
            let errors = hours.check().unwrap_err();
            errors.into_iter().map(|e| format!("{} {}", e.field, e.message)).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(Hours::default().check(), Ok(Hours::default()));
        assert_eq!(
            wrong(|h| h.opening_minutes = h.closing_minutes),
            "opening_minutes 受付を始める時刻は、終わる時刻より前にしてください。"
        );
        assert_eq!(
            wrong(|h| h.closing_minutes = 1441),
            "closing_minutes 受付が終わる時刻は24時までにしてください。"
        );
        assert_eq!(
            wrong(|h| h.year_end_from = MonthDay::new(8, 13).unwrap()),
            "year_end_from 年末年始の休みの最初の日は、12月か1月の日にしてください。"
        );
        assert_eq!(
            wrong(|h| h.year_end_until = MonthDay::new(12, 28).unwrap()),
            "year_end_until 年末年始の休みの最後の日は、最初の日以後にしてください。"
        );
        assert_eq!(
            wrong(|h| h.year_end_until = MonthDay::new(1, 29).unwrap()),
            "year_end_until 年末年始の休みは31日までにしてください。"
        );
        assert_eq!(
            wrong(|h| h.corrections = vec![correction(day("2027-06-01"), true, "臨時の休み"); 2]),
            "corrections 暦の訂正に2027年6月1日が2回あります。1つにしてください。"
        );
        assert_eq!(
            wrong(|h| h.corrections = vec![correction(day("2027-06-01"), true, &"あ".repeat(61))]),
            "corrections 2027年6月1日の訂正の理由は60文字までです（今は61文字）。"
        );
        assert_eq!(
            wrong(|h| h.corrections = vec![correction(day("2027-06-01"), true, " ")]),
            "corrections 2027年6月1日の訂正の理由を入力してください。"
        );
        assert_eq!(
            wrong(|h| h.corrections = vec![correction(day("2027-06-01"), true, "臨時の休み"); 201]),
            "corrections 暦の訂正は200件までです（今は201件）。過ぎた日の訂正を消してください。"
        );
        let checked = Hours {
            corrections: vec![
                correction(day("2027-06-02"), true, " 臨時の\n休み "),
                correction(day("2027-06-01"), true, "臨時の休み"),
            ],
            ..Hours::default()
        };
        let words: Vec<String> = checked.check().unwrap().corrections.into_iter().map(|c| c.words).collect();
        assert_eq!(words, ["臨時の休み", "臨時の 休み"]);
    }

    #[test]
    fn the_setting_survives_the_wire() {
        let json = r#"{"opening_minutes":540,"closing_minutes":1020,"year_end_from":"12-29","year_end_until":"01-03"}"#;
        assert_eq!(serde_json::from_str::<Hours>(json).unwrap(), Hours::default());
        let kept = serde_json::to_string(&Hours::default()).unwrap();
        assert_eq!(serde_json::from_str::<Hours>(&kept).unwrap(), Hours::default());
        for bad in ["2-29", "02-30", "13-01", "", "12-29-01", "12-2９"] {
            assert!(bad.parse::<MonthDay>().is_err(), "{bad}");
        }
        assert!("02-29".parse::<MonthDay>().is_ok());
    }
}
