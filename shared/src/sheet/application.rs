//! 様式第１ データ使用許可申請書 (Art. 15(1)): a facility asks for the use of recorded data.

use super::{
    date,
    page::Pages,
    room::{Room, halves},
};
use crate::{calendar::Day, label::labelled, text::one_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

labelled! {
    /// 保存媒体, as the form lists them.
    pub enum Medium {
        /// A disc.
        CdR = "cd-r" "ＣＤ－Ｒ",
        /// A disc.
        Dvd = "dvd" "ＤＶＤ",
        /// A stick.
        Usb = "usb" "ＵＳＢメモリ",
        /// A disk.
        HardDisk = "hard-disk" "ﾊｰﾄﾞﾃﾞｨｽｸ",
        /// Something else, in words.
        Other = "other" "その他",
    }
}

labelled! {
    /// 使用後の措置, as the form lists them.
    pub enum AfterUse {
        /// Stays in the system.
        Kept = "kept" "自動保管",
        /// Goes back to the city.
        Returned = "returned" "返却",
        /// Is erased.
        Erased = "erased" "消去",
        /// Something else, in words.
        Other = "other" "その他",
    }
}

/// 様式第１ データ使用許可申請書.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DataUseApplication {
    /// 受付番号, small in the margin.
    pub number: String,
    /// 年月日: the day of the application.
    pub date: Option<Day>,
    /// The city whose mayor is addressed: 小牧市.
    pub city: String,
    /// 施設名.
    pub facility: String,
    /// 代表者名.
    pub representative: String,
    /// 申請者, only if it is not the representative.
    pub applicant: Option<String>,
    /// 件名.
    pub subject: String,
    /// 使用目的.
    pub purpose: String,
    /// 処理内容.
    pub processing: String,
    /// 保存媒体.
    pub media: BTreeSet<Medium>,
    /// What その他 is among the media.
    pub other_medium: String,
    /// 使用後の措置.
    pub after_use: BTreeSet<AfterUse>,
    /// What その他 is among the measures.
    pub other_measure: String,
    /// 使用期間: its first day.
    pub from: Option<Day>,
    /// 使用期間: its last day.
    pub to: Option<Day>,
    /// 実施日.
    pub done_on: Option<Day>,
    /// 備考.
    pub remarks: String,
    /// 添付資料.
    pub attached: String,
}

/// The boxes, in letters and lines.
mod rooms {
    use super::Room;
    pub const NAME: Room = Room::new(24, 2);
    pub const APPLICANT: Room = Room::new(30, 2);
    pub const SUBJECT: Room = Room::new(33, 2);
    pub const LONG: Room = Room::new(33, 7);
    pub const SHORT: Room = Room::new(33, 3);
}
/// Letters between the brackets of その他 under 保存媒体, and of what follows it.
const OTHER_MEDIUM_LETTERS: usize = 16;
/// The same under 使用後の措置, where it has the line to itself.
const OTHER_MEASURE_LETTERS: usize = 20;

impl DataUseApplication {
    /// What the form is called.
    pub const TITLE: &'static str = "データ使用許可申請書";

    /// The form as it is printed.
    pub fn split(&self) -> Pages {
        let mut pages = Pages::new(Self::TITLE);
        pages.line("number", one_line(&self.number));
        pages.line("date", date(self.date));
        pages.line("city", one_line(&self.city));
        pages.text("facility", "施設名", rooms::NAME, &self.facility);
        pages.text("representative", "代表者名", rooms::NAME, &self.representative);
        pages.text("applicant", "申請者", rooms::APPLICANT, self.applicant.as_deref().unwrap_or_default());
        pages.text("subject", "件名", rooms::SUBJECT, &self.subject);
        pages.text("purpose", "使用目的", rooms::LONG, &self.purpose);
        pages.text("processing", "処理内容", rooms::LONG, &self.processing);
        self.media(&mut pages);
        self.measures(&mut pages);
        pages.line("period", format!("{}　～　{}", date(self.from), date(self.to)));
        pages.line("done_on", date(self.done_on));
        pages.text("remarks", "備考", rooms::SHORT, &self.remarks);
        pages.text("attached", "添付資料", rooms::SHORT, &self.attached);
        pages
    }

    fn media(&self, pages: &mut Pages) {
        let tick = |medium| ticked(self.media.contains(&medium), medium.label());
        let other = bracketed(pages, "保存媒体　その他", OTHER_MEDIUM_LETTERS, &self.other_medium);
        let first = [Medium::CdR, Medium::Dvd, Medium::Usb].map(tick).join("　");
        pages.lines(
            "media",
            vec![first, format!("{}　{}{other}", tick(Medium::HardDisk), tick(Medium::Other))],
        );
    }

    fn measures(&self, pages: &mut Pages) {
        let tick = |measure| ticked(self.after_use.contains(&measure), measure.label());
        let other = bracketed(pages, "使用後の措置　その他", OTHER_MEASURE_LETTERS, &self.other_measure);
        let first = [AfterUse::Kept, AfterUse::Returned, AfterUse::Erased].map(tick).join("　");
        pages.lines("after_use", vec![first, format!("{}{other}", tick(AfterUse::Other))]);
    }
}

/// The box of the form before its word: black where it is ticked.
fn ticked(yes: bool, word: &str) -> String {
    format!("{}{word}", if yes { '■' } else { '□' })
}

/// その他's words in brackets that keep their width while there is little to say.
fn bracketed(pages: &mut Pages, label: &str, letters: usize, words: &str) -> String {
    let words = one_line(words);
    let (shown, more) = Room::new(letters, 1).put(&words);
    if more {
        pages.annex(label, &words);
    }
    let mut shown = shown.concat();
    while halves(&shown) + 1 < 2 * letters.min(12) {
        shown.push('　');
    }
    format!("（{shown}）")
}

#[cfg(test)]
mod tests {
    use super::{super::CONTINUED, *};

    #[test]
    fn boxes_are_ticked_where_asked() {
        let form = DataUseApplication {
            media: [Medium::Dvd, Medium::Other].into(),
            other_medium: "暗号化した送信".into(),
            after_use: [AfterUse::Erased].into(),
            ..Default::default()
        };
        let pages = form.split();
        assert_eq!(
            pages.front.lines("media"),
            ["□ＣＤ－Ｒ　■ＤＶＤ　□ＵＳＢメモリ", "□ﾊｰﾄﾞﾃﾞｨｽｸ　■その他（暗号化した送信　　　　　）"]
        );
        assert_eq!(
            pages.front.lines("after_use"),
            ["□自動保管　□返却　■消去", "□その他（　　　　　　　　　　　　）"]
        );
        assert!(pages.annexes.is_empty());
    }

    #[test]
    fn what_does_not_fit_is_whole_in_an_annex() {
        let purpose = "在宅療養の実態を調べる。".repeat(40);
        let form = DataUseApplication {
            purpose: purpose.clone(),
            other_measure: "委託先の監査が終わった後に、立会いのもとで物理的に破壊する".into(),
            ..Default::default()
        };
        let pages = form.split();
        assert!(pages.front.lines("purpose").last().unwrap().ends_with(CONTINUED));
        let titles: Vec<_> = pages.annexes.iter().map(|annex| annex.title.as_str()).collect();
        assert_eq!(
            titles,
            ["別紙　データ使用許可申請書　使用目的", "別紙　データ使用許可申請書　使用後の措置　その他"]
        );
        assert_eq!(pages.annexes[0].lines.concat(), purpose);
    }
}
