//! Runbooks 手順書 (Art. 24(3)): what the system administrator does when something happens, as versioned texts that are
//! read where nothing else runs. The texts lie in `docs/runbooks/`; this module reads their heads and says what is late.

use crate::{
    calendar::{Day, Timestamp, months_after},
    id::CaseId,
    label::labelled,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Every runbook as it was written, in the order of their numbers: file name without its ending, and text.
pub const SOURCES: &[(&str, &str)] = &[
    ("01-no-answer", include_str!("../../../docs/runbooks/01-no-answer.md")),
    ("02-cut-or-stop", include_str!("../../../docs/runbooks/02-cut-or-stop.md")),
    ("03-leak", include_str!("../../../docs/runbooks/03-leak.md")),
    ("04-restore", include_str!("../../../docs/runbooks/04-restore.md")),
    ("05-backup-failed", include_str!("../../../docs/runbooks/05-backup-failed.md")),
    ("06-key-ring", include_str!("../../../docs/runbooks/06-key-ring.md")),
    ("07-erasure", include_str!("../../../docs/runbooks/07-erasure.md")),
    ("08-monthly-stop", include_str!("../../../docs/runbooks/08-monthly-stop.md")),
    ("09-power-inspection", include_str!("../../../docs/runbooks/09-power-inspection.md")),
    ("10-lost-factor", include_str!("../../../docs/runbooks/10-lost-factor.md")),
    ("11-deploy", include_str!("../../../docs/runbooks/11-deploy.md")),
    ("12-clock", include_str!("../../../docs/runbooks/12-clock.md")),
    ("13-audit-log", include_str!("../../../docs/runbooks/13-audit-log.md")),
];

/// The numbers and titles for whoever records a review; a test compares them with the texts.
pub const CHOICES: &[(&str, &str)] = &[
    ("1", "1 サービスが応答しない"),
    ("2", "2 ネットワークの切断・システムの停止"),
    ("3", "3 情報漏えいの疑い"),
    ("4", "4 復元（全部・患者1人・1日分）"),
    ("5", "5 バックアップの失敗・破損"),
    ("6", "6 鍵束の破損"),
    ("7", "7 消去と消去証明"),
    ("8", "8 毎月の計画停止"),
    ("9", "9 電源設備の点検による停止"),
    ("10", "10 管理者の二要素目の紛失"),
    ("11", "11 新しい版への入れ替えと切り戻し"),
    ("12", "12 時計のずれ"),
    ("13", "13 操作記録の検証で異常が出た"),
];

labelled! {
    /// What was done with a runbook.
    pub enum RunbookWork {
        /// Read through, and found right or changed.
        Review = "review" "見直し",
        /// Carried out as an exercise, or in earnest.
        Rehearsal = "rehearsal" "訓練",
    }
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runbook {
    /// Its number, from 1.
    pub number: u32,
    /// Its name in addresses and keys.
    pub name: &'static str,
    /// What it is for.
    pub title: String,
    /// Grows with every change of the text.
    pub version: u32,
    /// When this text was last read through.
    pub reviewed_on: Day,
    /// When it was last carried out, before any record in the system; `None` if never.
    pub rehearsed_on: Option<Day>,
    /// It is read through, and carried out, once within so many months.
    pub every_months: u32,
    /// The articles that it serves.
    pub article: String,
    /// The text after the head, in Markdown.
    pub body: &'static str,
}

/// A runbook's head cannot be read: a mistake in the text, found by a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRunbook {
    /// Which file.
    pub name: String,
    /// Which line of the head is missing or wrong.
    pub line: &'static str,
}

impl fmt::Display for BadRunbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "runbook {}: the line “{}” is missing or wrong", self.name, self.line)
    }
}

impl std::error::Error for BadRunbook {}

impl Runbook {
    /// Reads a text with its head.
    ///
    /// # Errors
    /// The line of the head that is missing or wrong.
    pub fn parse(name: &'static str, text: &'static str) -> Result<Self, BadRunbook> {
        let bad = |line| BadRunbook { name: name.to_owned(), line };
        let rest = text.strip_prefix("---\n").ok_or_else(|| bad("---"))?;
        let (head, body) = rest.split_once("\n---\n").ok_or_else(|| bad("---"))?;
        let value = |key: &'static str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(name, _)| *name == key).map(|(_, value)| value.trim()).ok_or_else(|| bad(key))
        };
        let number = |key| value(key)?.parse().ok().filter(|n: &u32| *n > 0).ok_or_else(|| bad(key));
        let day = |key| value(key)?.parse::<Day>().map_err(|_| bad(key));
        Ok(Self {
            number: number("number")?,
            name,
            title: value("title")?.to_owned(),
            version: number("version")?,
            reviewed_on: day("reviewed")?,
            rehearsed_on: match value("rehearsed")? {
                "なし" => None,
                _ => Some(day("rehearsed")?),
            },
            every_months: number("every_months")?,
            article: value("article")?.to_owned(),
            body: body.trim(),
        })
    }

    /// All of them.
    ///
    /// # Errors
    /// The first text whose head cannot be read.
    pub fn all() -> Result<Vec<Self>, BadRunbook> {
        SOURCES.iter().map(|(name, text)| Self::parse(name, text)).collect()
    }

    /// The address of its page, which needs neither the application nor the API.
    pub fn address(&self) -> String {
        format!("/runbooks/{}.html", self.name)
    }

    /// How it stands on a day, with what was recorded of it.
    pub fn standing(&self, records: &[RunbookRecord], today: Day) -> Standing {
        let last = |work, written: Option<Day>| {
            let mine = records.iter().filter(|record| record.number == self.number && record.work == work);
            mine.map(|record| record.on).chain(written).max()
        };
        let reviewed_on = last(RunbookWork::Review, Some(self.reviewed_on)).unwrap_or(self.reviewed_on);
        let rehearsed_on = last(RunbookWork::Rehearsal, self.rehearsed_on);
        let review_due = months_after(reviewed_on, self.every_months);
        let rehearsal_due = rehearsed_on.map(|day| months_after(day, self.every_months));
        Standing {
            reviewed_on,
            review_due,
            review_overdue: today > review_due,
            rehearsed_on,
            rehearsal_due,
            rehearsal_overdue: rehearsal_due.is_none_or(|due| today > due),
        }
    }
}

/// Whether a runbook was looked at in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Standing {
    /// When it was last read through.
    pub reviewed_on: Day,
    /// The last day for the next time.
    pub review_due: Day,
    /// Whether that day is past.
    pub review_overdue: bool,
    /// When it was last carried out; `None` if never.
    pub rehearsed_on: Option<Day>,
    /// The last day for the next time; `None` while there was no first one.
    pub rehearsal_due: Option<Day>,
    /// Whether that day is past, or there was no rehearsal yet.
    pub rehearsal_overdue: bool,
}

/// A review or a rehearsal that was recorded and confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunbookRecord {
    /// Of which runbook.
    pub number: u32,
    /// What was done.
    pub work: RunbookWork,
    /// On which day.
    pub on: Day,
    /// With which version of the text.
    pub version: u32,
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub case_number: String,
    /// Who did it, by name, at that time.
    pub by_name: String,
    /// Who confirmed it, by name, at that time.
    pub confirmed_by_name: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn every_text_of_the_folder_is_known_and_can_be_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/runbooks");
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let texts: BTreeSet<String> = names
            .filter_map(|name| name.to_str().unwrap().strip_suffix(".md").map(str::to_owned))
            .filter(|name| name != "README")
            .collect();
        let known: BTreeSet<String> = SOURCES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(texts, known);
        let all = Runbook::all().unwrap();
        for (at, book) in all.iter().enumerate() {
            assert_eq!(book.number as usize, at + 1, "{}", book.name);
            assert!(book.name.starts_with(&format!("{:02}-", book.number)), "{}", book.name);
            let choice = (book.number.to_string(), format!("{} {}", book.number, book.title));
            assert_eq!((CHOICES[at].0.to_owned(), CHOICES[at].1.to_owned()), choice);
            assert_eq!(book.every_months, 12, "{}", book.name);
            assert!(book.article.contains("第24条(3)"), "{}", book.name);
            // Somebody under stress needs to know at once when to use it, what to do, and when it is over.
            for part in ["## いつ使うか", "## 手順", "## 終わりの確認", "## 記録"] {
                assert!(book.body.contains(part), "{}: {part}", book.name);
            }
        }
    }

    #[test]
    fn a_wrong_head_names_its_line() {
        let head = "---\nnumber: 1\ntitle: 題\nversion: 2\nreviewed: 2026-11-26\nrehearsed: なし\nevery_months: 12\narticle: 第24条(3)\n---\n本文";
        let book = Runbook::parse("x", head).unwrap();
        assert_eq!((book.version, book.rehearsed_on, book.body), (2, None, "本文"));
        for (from, to, line) in [
            ("---\nnumber", "number", "---"),
            ("number: 1", "number: 0", "number"),
            ("version: 2", "version: neu", "version"),
            ("reviewed: 2026-11-26", "reviewed: 2026-13-01", "reviewed"),
            ("rehearsed: なし", "rehearsed: まだ", "rehearsed"),
            ("article: 第24条(3)\n", "", "article"),
        ] {
            let text: &'static str = head.replacen(from, to, 1).leak();
            assert_eq!(Runbook::parse("x", text).unwrap_err().line, line);
        }
    }

    #[test]
    fn late_from_the_day_after_twelve_months() {
        let book = Runbook {
            reviewed_on: day("2026-11-26"),
            rehearsed_on: None,
            ..Runbook::parse(SOURCES[0].0, SOURCES[0].1).unwrap()
        };
        let standing = book.standing(&[], day("2027-11-25"));
        assert_eq!(standing.review_due, day("2027-11-25"));
        assert!(!standing.review_overdue && standing.rehearsal_overdue, "never rehearsed is late");
        assert!(book.standing(&[], day("2027-11-26")).review_overdue);
        let record = |number, work, on: &str| RunbookRecord {
            number,
            work,
            on: day(on),
            version: 1,
            case: CaseId::from_parts(1, 1),
            case_number: "B-2027-0001".into(),
            by_name: String::new(),
            confirmed_by_name: String::new(),
            confirmed_at: Timestamp::from_ms(0),
        };
        let records = [
            record(1, RunbookWork::Rehearsal, "2027-11-01"),
            record(2, RunbookWork::Review, "2027-11-20"),
            record(1, RunbookWork::Rehearsal, "2027-03-01"),
        ];
        let standing = book.standing(&records, day("2027-11-26"));
        assert_eq!(standing.rehearsed_on, Some(day("2027-11-01")));
        assert_eq!((standing.rehearsal_due, standing.rehearsal_overdue), (Some(day("2028-10-31")), false));
        assert!(standing.review_overdue, "another runbook's review does not count");
    }
}
