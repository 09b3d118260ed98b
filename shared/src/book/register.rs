//! Registering a patient 患者を登録, and correcting what was registered.

use super::{CareLevel, Sex};
use crate::{api::error::FieldError, calendar::Day, id::CommandId, text};
use serde::{Deserialize, Serialize};

/// Longest name of a patient, in characters.
pub const PATIENT_NAME_MAX: usize = 60;
/// Longest reading of a name, in characters.
pub const PATIENT_KANA_MAX: usize = 80;
/// Longest name of a part of the city, in characters.
pub const AREA_MAX: usize = 40;
/// Oldest possible age, in years: an earlier day of birth is a slip.
pub const AGE_MAX: u32 = 130;

/// Who a patient is, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientDetails {
    /// 1 to [`PATIENT_NAME_MAX`] characters.
    pub name: String,
    /// The reading in kana, 1 to [`PATIENT_KANA_MAX`] characters; kept in hiragana.
    pub kana: String,
    /// Day of birth.
    pub born: Day,
    /// Sex.
    pub sex: Sex,
    /// Recognised need of care.
    pub care_level: CareLevel,
    /// The part of the city, 1 to [`AREA_MAX`] characters.
    pub area: String,
}

impl PatientDetails {
    /// The details cleaned, or everything that is wrong with them.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self, today: Day) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut line = |field, what, typed: &str, max| {
            text::required(field, what, &text::one_line(typed), max)
                .map_err(|error| errors.push(error))
                .unwrap_or_default()
        };
        self.name = line("name", "氏名", &self.name, PATIENT_NAME_MAX);
        self.kana = text::hiragana(&line("kana", "よみがな", &self.kana, PATIENT_KANA_MAX));
        self.area = line("area", "住まいの地区", &self.area, AREA_MAX);
        if !self.kana.chars().all(|c| matches!(c, ' ' | 'ー' | '・' | 'ぁ'..='ゖ')) {
            errors.push(FieldError::new("kana", "よみがなは、ひらがなで入力してください。"));
        }
        if self.born > today || self.born.age_on(today) > AGE_MAX {
            errors.push(FieldError::new("born", "生年月日を確かめてください。"));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    /// What two entries of one person have in common, however their reading was typed.
    pub fn reading(&self) -> String {
        reading(&self.kana, self.born)
    }
}

/// What two entries of one person have in common: the folded reading and the day of birth.
pub fn reading(kana: &str, born: Day) -> String {
    format!("{}|{born}", text::fold_kana(kana))
}

/// Registers a patient. Nothing opens until a consent is on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewPatient {
    /// Made by the client.
    pub command: CommandId,
    /// Who.
    pub details: PatientDetails,
    /// The person has been told that somebody with the same reading and day of birth is registered, has made sure,
    /// and registers another person.
    #[serde(default)]
    pub another_person: bool,
}

/// Corrects what was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PatientEdit {
    /// Made by the client.
    pub command: CommandId,
    /// The version that was on the screen.
    pub version: u64,
    /// Who.
    pub details: PatientDetails,
    /// As in [`NewPatient`], if the reading or the day of birth changes.
    #[serde(default)]
    pub another_person: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn details(name: &str, kana: &str, born: &str, area: &str) -> PatientDetails {
        PatientDetails {
            name: name.into(),
            kana: kana.into(),
            born: born.parse().unwrap(),
            sex: Sex::Female,
            care_level: CareLevel::Care2,
            area: area.into(),
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        let today: Day = "2026-11-20".parse().unwrap();
        let table: &[(PatientDetails, &[&str])] = &[
            (details("山田 花子", "ヤマダ　ハナコ", "1941-03-02", "浜町"), &[]),
            (details("", "", "1941-03-02", " "), &["name", "kana", "area"]),
            (details("山田 花子", "yamada", "1941-03-02", "浜町"), &["kana"]),
            (details("山田 花子", "やまだ はなこ", "2026-11-21", "浜町"), &["born"]),
            (details("山田 花子", "やまだ はなこ", "1870-01-01", "浜町"), &["born"]),
            (
                details(&"長".repeat(61), &"な".repeat(81), "1941-03-02", &"町".repeat(41)),
                &["name", "kana", "area"],
            ),
        ];
        for (details, wrong) in table {
            let errors = details.clone().check(today).err().unwrap_or_default();
            assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), *wrong, "{details:?}");
        }
        let clean = table[0].0.clone().check(today).unwrap();
        assert_eq!(clean.kana, "やまだ はなこ");
    }

    proptest! {
        #[test]
        fn one_reading_however_it_was_typed(kana in "[ぁ-ん]{1,12}", at in 0usize..12) {
            let chars: Vec<char> = kana.chars().collect();
            let (head, tail) = chars.split_at(at.min(chars.len()));
            let spaced: String = head.iter().chain(&['　']).chain(tail).collect();
            let katakana: String =
                chars.iter().map(|c| char::from_u32(u32::from(*c) + 0x60).unwrap()).collect();
            let born: Day = "1941-03-02".parse().unwrap();
            prop_assert_eq!(reading(&kana, born), reading(&spaced, born));
            prop_assert_eq!(reading(&kana, born), reading(&katakana, born));
            prop_assert_ne!(reading(&kana, born), reading(&kana, born.plus_days(1)));
        }
    }
}
