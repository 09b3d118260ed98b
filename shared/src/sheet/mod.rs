//! 様式: the official sheets of the policy (Forms 1 to 3) and the sealed letter, as data. What stands on the front
//! page and what goes to an annex (別紙) is decided here once, for the PDF and for the browser's print.

mod application;
mod certificate;
mod incident;
mod letter;
mod notice;
mod page;
mod room;
mod runbook;

pub use application::{AfterUse, DataUseApplication, Medium};
pub use certificate::ErasureCertificate;
pub use incident::{IncidentReport, Moment};
pub use letter::SealedLetter;
pub use notice::{DataUseNotice, Decision};
pub use page::{Annex, Front, Pages};
pub use room::{CONTINUED, Room, lines};
pub use runbook::{LineKind, RunbookLine, RunbookSheet};

use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// Most characters of all texts of one sheet together: some sixty pages of annex.
pub const SHEET_CHARACTERS_MAX: usize = 60_000;

/// A sheet to be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum Sheet {
    /// 様式第１ (Art. 15(1)).
    DataUseApplication(DataUseApplication),
    /// 様式第２ (Art. 15(2)).
    DataUseNotice(DataUseNotice),
    /// 様式第３ (Art. 18).
    IncidentReport(IncidentReport),
    /// 封書 (Art. 13(1)).
    SealedLetter(SealedLetter),
    /// 運転手順書 (Art. 24(3)).
    Runbook(RunbookSheet),
    /// 消去証明 (Art. 22).
    ErasureCertificate(ErasureCertificate),
}

impl Sheet {
    /// What the sheet is called.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::DataUseApplication(_) => DataUseApplication::TITLE,
            Self::DataUseNotice(_) => DataUseNotice::TITLE,
            Self::IncidentReport(_) => IncidentReport::TITLE,
            Self::SealedLetter(_) => SealedLetter::TITLE,
            Self::Runbook(_) => RunbookSheet::TITLE,
            Self::ErasureCertificate(_) => ErasureCertificate::TITLE,
        }
    }

    /// 受付番号: the number of the case; empty where there is none yet.
    pub fn number(&self) -> &str {
        match self {
            Self::DataUseApplication(form) => &form.number,
            Self::DataUseNotice(form) => &form.number,
            Self::IncidentReport(form) => &form.number,
            Self::SealedLetter(letter) => &letter.number,
            Self::Runbook(sheet) => &sheet.number,
            Self::ErasureCertificate(form) => &form.number,
        }
    }

    /// The day that stands on the sheet.
    pub const fn date(&self) -> Option<Day> {
        match self {
            Self::DataUseApplication(form) => form.date,
            Self::DataUseNotice(form) => form.date,
            Self::IncidentReport(form) => form.date,
            Self::SealedLetter(letter) => Some(letter.date),
            Self::Runbook(sheet) => sheet.date,
            Self::ErasureCertificate(form) => form.date,
        }
    }

    /// The sheet as it is printed: every text in lines that fit, and what is too long in full on annexes.
    pub fn split(&self) -> Pages {
        match self {
            Self::DataUseApplication(form) => form.split(),
            Self::DataUseNotice(form) => form.split(),
            Self::IncidentReport(form) => form.split(),
            Self::SealedLetter(letter) => letter.split(),
            Self::Runbook(sheet) => sheet.split(),
            Self::ErasureCertificate(form) => form.split(),
        }
    }
}

/// A day on paper; without one, the gaps in which it is written by hand.
fn date(day: Option<Day>) -> String {
    day.map_or_else(|| "　　年　　月　　日".to_owned(), Day::in_full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_day_leaves_room_for_the_pen() {
        assert_eq!(date(None), "　　年　　月　　日");
        assert_eq!(date(Day::new(2026, 11, 26)), "2026年11月26日");
    }

    #[test]
    fn a_sheet_survives_the_wire() {
        let sheet = Sheet::IncidentReport(IncidentReport { cause: "停電".into(), ..Default::default() });
        let wire = serde_json::to_string(&sheet).unwrap();
        assert!(wire.starts_with(r#"{"form":"incident-report""#), "{wire}");
        assert_eq!(serde_json::from_str::<Sheet>(&wire).unwrap(), sheet);
    }
}
