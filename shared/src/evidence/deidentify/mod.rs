//! De-identification for the temporary use of data (データの臨時使用, Art. 15(3)), as pure rules.
//!
//! # 方法（日本語）
//!
//! 個人情報の保護に関する法律施行規則第62条の五つの基準に沿って、次のとおり加工する。
//!
//! 1. **個人を特定できる記述の削除** — 氏名・よみ・住所（町名を含む）・連絡先・本文・取消の理由・ファイル名は、そもそも
//!    この入口（[`NoteFact`]、[`PatientFact`]）に無い。生年月日は年齢の区分に、送信日時は週か月に置き換える。
//! 2. **個人識別符号の削除** — 保険者番号などはこの連絡帳に登録されない。
//! 3. **連結する符号の削除** — 患者・利用者・連絡の番号は出力しない。同じ患者の行をつなぐ仮の記号は、出力ごとに作って捨てる鍵に
//!    よる鍵付きハッシュで、出力が違えば同じ患者でも違う記号になる。
//! 4. **特異な記述の削除** — 年齢・性別・要介護度・時期・施設の種類・職種の組合せが *k* 人（設定、標準は10人）に満たない
//!    ときは、まずどう粗くしても *k* 人に満たない値を持つ患者を除き、区分を粗くし（週→月→四半期→年など、失う情報に対して残る行が最も増える項目から）、なお満たない行は除いて、その数を知らせる。
//!    職員についても、同じ組合せで書いた人が3人に満たない行は除く。その他の項目のまれな値は「＊」にする。
//! 5. **他との差異** — 40歳未満と90歳以上はまとめる。件数は上の区分をまとめる。ひとりの患者の行の数は、*k* 番目に多い患者の
//!    行の数までとする（それを超える行は除く）。集計表では、ひとりの患者の連絡が半分を超える升目も伏せる。
//!
//! 集計表では、*k* 人に満たない升目（0を含む）を「＊」で伏せ、合計との差で計算できる升目が残らないように、次に小さい升目も
//! 伏せる（補完的秘匿）。表の見出しは、起こりうる値をすべて並べる（まれな値があることが見出しからも分からないように）。
//! 数えるのは行ではなく**人**である。ひとりの患者の連絡が50件あっても1人と数える。
//!
//! # Method (English)
//!
//! Follows the five standards of article 62 of the enforcement rules. (1) Names, addresses, contacts and free text
//! never enter: the facts below have no place for them. (2) The contact book holds no identification codes. (3) No
//! identifier leaves; rows of one patient are linked by a keyed hash under a key made for one output and kept nowhere.
//! (4) Patients with a value that stays rare at the coarsest telling level go first; then *k*-anonymity over the
//! quasi-identifiers by stepwise global recoding (the column whose next level saves most rows for what it gives up goes
//! one step coarser until at most a tenth of the rows is left in classes smaller than *k*; steps that were not needed
//! after all are taken back; rows of small classes are dropped and counted). Classes count *patients*, not rows, and in
//! addition at least three authors. Rare values of other columns are masked. (5) Ages are bottom- and top-coded, counts
//! are banded, and no patient has more rows than the *k*-th most written-about; in tables a cell of which one patient
//! makes up more than half is suppressed like a small one.
//!
//! Tables: a cell with fewer than *k* people is suppressed, zero included, then complementary cells until (a) the
//! suppressed cells of a line together hold at least *k* people and (b) no suppressed cell can be solved for from the
//! totals. (b) is exact: with all totals published, the unknown cells are edges of a bipartite graph of rows and
//! columns, and a cell is determined just when its edge lies on no cycle; the cheapest cycle is suppressed.
//!
//! # What it does not do
//!
//! Somebody who knows a patient's whole course may recognise it in rows that a pseudonym links. Outputs of different
//! cases are not compared with one another; outputs of one case must be of equal or disjoint periods
//! ([`may_follow`]).

mod columns;
mod counts;
mod csv;
mod recode;
mod rows;

pub use columns::{AgeStep, Column, Dataset, Grain};
pub use csv::{CsvMark, csv};

use crate::{
    api::error::FieldError,
    book::{CareLevel, Importance, NoteKind, Sex},
    calendar::Day,
    id::{AccountId, PatientId},
    people::{FacilityKind, Profession},
};
use serde::{Deserialize, Serialize};

/// What stands where something is not told.
pub const HIDDEN: &str = "＊";
/// Most days of one output.
pub const PERIOD_DAYS_MAX: i64 = 366;
/// Most columns that counts are made by.
pub const BY_MAX: usize = 2;
/// Fewest people who must have written what one class of rows or one cell says about authors.
pub const AUTHORS_MIN: usize = 3;
/// The least that the smallest class may be set to.
pub const LEAST_PEOPLE_MIN: u32 = 3;

/// What is known of a note here: no text, no name, no number of its own.
#[derive(Clone, Copy, Debug)]
pub struct NoteFact {
    /// About whom; never put out.
    pub patient: PatientId,
    /// By whom; never put out.
    pub author: AccountId,
    /// When it was sent.
    pub sent_on: Day,
    /// From what kind of facility; `None` if it is not registered any more.
    pub facility_kind: Option<FacilityKind>,
    /// By what profession.
    pub profession: Profession,
    /// Why.
    pub kind: NoteKind,
    /// How soon to read it.
    pub importance: Importance,
    /// How many files.
    pub attachments: u32,
    /// How many have read it.
    pub read_by: u32,
    /// How many pressed 了解.
    pub acknowledged: u32,
}

/// What is known of a patient here.
#[derive(Clone, Copy, Debug)]
pub struct PatientFact {
    /// Who; never put out.
    pub patient: PatientId,
    /// Day of birth; put out as an age band only.
    pub born: Day,
    /// Sex.
    pub sex: Sex,
    /// Care level.
    pub care_level: CareLevel,
    /// Facilities in the care team.
    pub facilities: u32,
    /// The day of the first note.
    pub first_note_on: Option<Day>,
}

/// What an output is made of: patients whose consent is in force, and their notes of the period.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Patients.
    pub patients: Vec<PatientFact>,
    /// Notes; those of other patients are passed over.
    pub notes: Vec<NoteFact>,
}

/// Which output is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Wanted {
    /// About notes or about patients.
    pub dataset: Dataset,
    /// Counted by these, one or two; without any, row by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Column>,
    /// Ages in steps of.
    pub age: AgeStep,
    /// Times in steps of.
    pub grain: Grain,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

impl Wanted {
    /// Whether it can be made at all.
    ///
    /// # Errors
    /// Every field in error.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut wrong = Vec::new();
        if self.to < self.from {
            wrong.push(FieldError::new("to", "終わりの日は、初めの日以後にしてください。"));
        } else if self.to > self.from.plus_days(PERIOD_DAYS_MAX - 1) {
            wrong.push(FieldError::new("to", format!("一度に出力できるのは{PERIOD_DAYS_MAX}日までです。")));
        }
        if let Some(words) = wrong_by(self.dataset, &self.by) {
            wrong.push(FieldError::new("by", words));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Whether somebody who was granted this may be given the other: the same data or less, never more.
    ///
    /// # Errors
    /// What goes beyond.
    pub fn covers(&self, other: &Self) -> Result<(), Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut beyond = |field: &str| {
            wrong
                .push(FieldError::new(field, "許可された内容を超えています。申請の内容を確かめてください。"));
        };
        if other.dataset != self.dataset {
            beyond("dataset");
        }
        // Row by row was granted: counts of it are less. Of counts, counts by fewer columns are less.
        if !self.by.is_empty()
            && (other.by.is_empty() || other.by.iter().any(|column| !self.by.contains(column)))
        {
            beyond("by");
        }
        if self.age == AgeStep::Ten && other.age == AgeStep::Five {
            beyond("age");
        }
        if self.grain == Grain::Month && other.grain == Grain::Week {
            beyond("grain");
        }
        if other.from < self.from {
            beyond("from");
        }
        if other.to > self.to {
            beyond("to");
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// In words.
    pub fn in_words(&self) -> String {
        let shape = if self.by.is_empty() {
            "1行ずつ".to_owned()
        } else {
            let by: Vec<_> = self.by.iter().map(|column| column.label()).collect();
            format!("{}ごとの件数", by.join("×"))
        };
        format!("{}、{shape}、{}〜{}", self.dataset.label(), self.from, self.to)
    }
}

/// What is wrong with columns to count by; `None` if nothing is. None at all means row by row.
pub fn wrong_by(dataset: Dataset, by: &[Column]) -> Option<String> {
    if by.len() > BY_MAX || (by.len() == 2 && by[0] == by[1]) {
        return Some(format!("集計する項目は、違うものを{BY_MAX}つまで選んでください。"));
    }
    let foreign = by.iter().find(|column| !dataset.columns().contains(column));
    foreign.map(|column| format!("「{}」は、このデータにはない項目です。", column.label()))
}

/// Whether a further output of a case may be made beside an earlier one: of the same period or of another that does
/// not meet it, so that nothing can be computed from the difference of two periods.
pub fn may_follow(earlier: &Wanted, next: &Wanted) -> bool {
    let same = earlier.from == next.from && earlier.to == next.to;
    same || next.to < earlier.from || earlier.to < next.from
}

/// An output before it is written as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The columns' names.
    pub headers: Vec<String>,
    /// The lines.
    pub lines: Vec<Vec<String>>,
    /// Rows that were left out.
    pub dropped: u64,
    /// Values or cells that are not told.
    pub hidden: u64,
    /// What was done, in sentences.
    pub method: Vec<String>,
}

/// Fewer people than the smallest class fit the question: there is nothing that may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew;

/// Makes an output. `least` is the smallest class in people, `pseudonym` gives the word that links a patient's rows.
///
/// # Errors
/// [`TooFew`].
pub fn deidentify(
    source: &Source,
    wanted: &Wanted,
    least: u32,
    pseudonym: &dyn Fn(PatientId) -> String,
) -> Result<Made, TooFew> {
    let least = usize::try_from(least.max(LEAST_PEOPLE_MIN)).unwrap_or(usize::MAX);
    let facts = columns::facts(source, wanted);
    if wanted.by.is_empty() {
        rows::rows(&facts, wanted, least, pseudonym)
    } else {
        counts::counts(&facts, wanted, least)
    }
}

#[cfg(test)]
mod tests;
