//! Finding a patient by name or reading, from one letter on.

use shared::{book::Patient, text::fold_kana};

/// What was typed, as far as it can be searched: while the input method still composes, the letters at the end
/// (the 「y」 of a 「や」 to come) say nothing yet.
pub fn typed_so_far(typed: &str, composing: bool) -> String {
    let typed = if composing {
        typed.trim_end_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ'))
    } else {
        typed
    };
    fold_kana(typed)
}

/// Whether a patient is meant. One letter means the beginning of a name; more may stand anywhere.
pub fn is_meant(patient: &Patient, wanted: &str) -> bool {
    let mut words = patient.kana.split_whitespace().chain(patient.name.split_whitespace()).map(fold_kana);
    match wanted.chars().count() {
        0 => true,
        1 => words.any(|word| word.starts_with(wanted)) || fold_kana(&patient.name).contains(wanted),
        _ => fold_kana(&patient.kana).contains(wanted) || fold_kana(&patient.name).contains(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{
        book::{CareLevel, Sex},
        calendar::Day,
        id::PatientId,
    };

    fn patient() -> Patient {
        let day = Day::new(1940, 1, 2).unwrap();
        Patient {
            id: PatientId::from_parts(1, 1),
            name: "山田 花子".into(),
            kana: "やまだ はなこ".into(),
            born: day,
            sex: Sex::Female,
            care_level: CareLevel::Care2,
            area: "小牧".into(),
            consented_on: Some(day),
            withdrawn_on: None,
        }
    }

    #[test]
    fn from_one_letter() {
        for (typed, found) in [
            ("", true),
            ("や", true),
            ("ヤ", true),
            ("は", true),
            ("花", true),
            ("だ", false),
            ("まだ", true),
            ("ヤマダ　ハナ", true),
            ("山田花", true),
            ("すずき", false),
        ] {
            assert_eq!(is_meant(&patient(), &typed_so_far(typed, false)), found, "{typed}");
        }
    }

    #[test]
    fn half_typed_letters_wait() {
        assert_eq!(typed_so_far("やｍ", true), "や");
        assert_eq!(typed_so_far("y", true), "");
        assert_eq!(typed_so_far("y", false), "y");
    }
}
