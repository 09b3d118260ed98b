//! 様式第３ システム障害・情報漏えい事故報告書 (Art. 18): the report to the city after a fault or a leak.

use super::{date, page::Pages, room::Room};
use crate::{
    calendar::{Day, Timestamp},
    text::{clean, one_line},
};
use serde::{Deserialize, Serialize};

/// A moment as far as it is known: the clock's time, words (「推定」「調査中」), or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Moment {
    /// The time, if there is one.
    pub at: Option<Timestamp>,
    /// What is to be said about it.
    pub words: String,
}

impl Moment {
    /// As it stands on paper; where nothing is known yet, the gaps in which it is written by hand.
    fn on_paper(&self) -> String {
        let words = clean(&self.words);
        match self.at {
            Some(at) if words.is_empty() => at.in_full(),
            Some(at) => format!("{}　{words}", at.in_full()),
            None if words.is_empty() => "　　年　　月　　日　　時　　分".to_owned(),
            None => words,
        }
    }
}

/// 様式第３ システム障害・情報漏えい事故報告書.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct IncidentReport {
    /// 受付番号, small in the margin.
    pub number: String,
    /// 年月日: the day of the report.
    pub date: Option<Day>,
    /// The city whose mayor is addressed: 小牧市.
    pub city: String,
    /// Who reports, before 印: office and person on lines of their own.
    pub reporter: String,
    /// 発見日時.
    pub found_at: Moment,
    /// 発見箇所.
    pub found_where: String,
    /// 発生日時.
    pub occurred_at: Moment,
    /// 内容.
    pub content: String,
    /// 影響範囲.
    pub affected: String,
    /// 復旧・対応日時.
    pub recovered_at: Moment,
    /// 経過.
    pub course: String,
    /// 原因.
    pub cause: String,
    /// 処置.
    pub measures: String,
    /// 備考.
    pub remarks: String,
    /// 添付資料.
    pub attached: String,
}

/// The boxes, in letters and lines.
mod rooms {
    use super::Room;
    pub const REPORTER: Room = Room::new(24, 2);
    pub const MOMENT: Room = Room::new(33, 2);
    pub const PLACE: Room = Room::new(33, 2);
    pub const LONG: Room = Room::new(33, 4);
    pub const COURSE: Room = Room::new(33, 5);
    pub const SHORT: Room = Room::new(33, 2);
}

impl IncidentReport {
    /// What the form is called.
    pub const TITLE: &'static str = "システム障害・情報漏えい事故報告書";

    /// The form as it is printed.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("date", date(self.date));
        pages.line("city", one_line(&self.city));
        pages.text("reporter", "報告者", rooms::REPORTER, &self.reporter);
        pages.text("found_at", "発見日時", rooms::MOMENT, &self.found_at.on_paper());
        pages.text("found_where", "発見箇所", rooms::PLACE, &self.found_where);
        pages.text("occurred_at", "発生日時", rooms::MOMENT, &self.occurred_at.on_paper());
        pages.text("content", "内容", rooms::LONG, &self.content);
        pages.text("affected", "影響範囲", rooms::LONG, &self.affected);
        pages.text("recovered_at", "復旧・対応日時", rooms::MOMENT, &self.recovered_at.on_paper());
        pages.text("course", "経過", rooms::COURSE, &self.course);
        pages.text("cause", "原因", rooms::LONG, &self.cause);
        pages.text("measures", "処置", rooms::LONG, &self.measures);
        pages.text("remarks", "備考", rooms::SHORT, &self.remarks);
        pages.text("attached", "添付資料", rooms::SHORT, &self.attached);
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_says_what_is_known() {
        let at = "2026-11-26T05:05:00Z".parse().ok();
        let paper = |at, words: &str| Moment { at, words: words.into() }.on_paper();
        assert_eq!(paper(at, ""), "2026年11月26日 14時05分");
        assert_eq!(paper(at, "（推定）"), "2026年11月26日 14時05分　（推定）");
        assert_eq!(paper(None, "調査中"), "調査中");
        assert_eq!(paper(None, ""), "　　年　　月　　日　　時　　分");
    }
}
