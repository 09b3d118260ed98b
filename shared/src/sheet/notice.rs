//! 様式第２ データ使用許可決定・却下通知書 (Art. 15(2)): the city's answer, shown again when the data is handed over.

use super::{date, page::Pages, room::Room};
use crate::{calendar::Day, label::labelled, text::one_line};
use serde::{Deserialize, Serialize};

labelled! {
    /// What the city decided; the other word of the form is struck out.
    pub enum Decision {
        /// The data may be used.
        Granted = "granted" "決定",
        /// It may not.
        Refused = "refused" "却下",
    }
}

/// 様式第２ データ使用許可決定・却下通知書.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DataUseNotice {
    /// 受付番号, small in the margin.
    pub number: String,
    /// 年月日: the day of the notice.
    pub date: Option<Day>,
    /// 様: to whom it is addressed, facility and person on lines of their own.
    pub addressee: String,
    /// The city whose mayor decides: 小牧市.
    pub city: String,
    /// 年月日付けで申し込みがありました: the day of the application.
    pub applied_on: Option<Day>,
    /// 決定・却下; before the decision both words stand.
    pub decision: Option<Decision>,
    /// 申請者（利用者）.
    pub applicant: String,
    /// データ提供日: the first day of the supply.
    pub supplied_from: Option<Day>,
    /// 却下理由.
    pub reason: String,
    /// 備考.
    pub remarks: String,
}

/// The boxes, in letters and lines.
mod rooms {
    use super::Room;
    pub const ADDRESSEE: Room = Room::new(24, 3);
    pub const APPLICANT: Room = Room::new(33, 3);
    pub const REASON: Room = Room::new(33, 14);
    pub const REMARKS: Room = Room::new(33, 8);
}

impl DataUseNotice {
    /// What the form is called.
    pub const TITLE: &'static str = "データ使用許可決定・却下通知書";

    /// The form as it is printed.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("date", date(self.date));
        pages.text("addressee", "宛名", rooms::ADDRESSEE, &self.addressee);
        pages.line("city", one_line(&self.city));
        pages.line("applied_on", date(self.applied_on));
        pages.line("decision", self.decision.map_or("", Decision::wire));
        pages.text("applicant", "申請者（利用者）", rooms::APPLICANT, &self.applicant);
        pages.line("supplied_from", format!("{}から", date(self.supplied_from)));
        pages.text("reason", "却下理由", rooms::REASON, &self.reason);
        pages.text("remarks", "備考", rooms::REMARKS, &self.remarks);
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stand_in_the_sentences() {
        let form = DataUseNotice { applied_on: Day::new(2026, 11, 26), ..Default::default() };
        let front = form.split().front;
        assert_eq!(front.lines("applied_on"), ["2026年11月26日"]);
        assert_eq!(front.lines("supplied_from"), ["　　年　　月　　日から"]);
        assert_eq!(front.lines("decision"), [""]);
    }
}
