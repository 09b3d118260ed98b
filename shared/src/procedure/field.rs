//! Fields: declared once, and the form on the screen, the check and the printed sheet follow.

use crate::{
    api::error::FieldError,
    calendar::Day,
    id::AccountId,
    people::{Profession, Role, is_user_id},
    text,
};
use std::collections::BTreeMap;

/// What a form holds: field name to what was typed, cleaned.
pub type Form = BTreeMap<String, String>;

/// What can be typed into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// A reading, in hiragana.
    Kana,
    /// Several lines.
    Lines,
    /// 職種.
    Profession,
    /// As what a person of a facility is registered.
    FacilityRole,
    /// A person of the facility: an account identifier.
    Account,
    /// A user id, decided by the city.
    UserId,
    /// A day that has come.
    PastDay,
    /// One of these: wire name and words.
    OneOf(&'static [(&'static str, &'static str)]),
}

/// A field of a form.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the message.
    pub name: &'static str,
    /// What is asked.
    pub label: &'static str,
    /// What to know before typing; may be empty.
    pub hint: &'static str,
    /// What can be typed.
    pub kind: FieldKind,
    /// Whether something must be given.
    pub required: bool,
    /// Longest text, in characters.
    pub max: usize,
}

impl Field {
    /// The values that can be chosen: wire name and words; empty for a field that is typed.
    pub fn choices(&self) -> Vec<(String, String)> {
        let both = |(wire, words): (&str, &str)| (wire.to_owned(), words.to_owned());
        match self.kind {
            FieldKind::Profession => {
                // Officials and engineers are not of a care facility.
                let of_care = |p: &&Profession| !matches!(p, Profession::Official | Profession::Engineer);
                Profession::ALL.iter().filter(of_care).map(|p| both((p.wire(), p.label()))).collect()
            }
            FieldKind::FacilityRole => vec![
                both((Role::Member.wire(), "利用者")),
                both((Role::FacilityManager.wire(), "利用者と施設管理者")),
            ],
            FieldKind::OneOf(list) => list.iter().map(|one| both(*one)).collect(),
            FieldKind::Line
            | FieldKind::Kana
            | FieldKind::Lines
            | FieldKind::Account
            | FieldKind::UserId
            | FieldKind::PastDay => Vec::new(),
        }
    }

    /// What was typed, in words for the screen.
    pub fn in_words(&self, value: &str) -> String {
        self.choices()
            .into_iter()
            .find(|(wire, _)| wire == value)
            .map_or_else(|| value.to_owned(), |(_, words)| words)
    }

    fn check(&self, typed: &str, today: Day) -> Result<Option<String>, FieldError> {
        let text = text::clean(typed).trim().to_owned();
        if text.is_empty() {
            return if self.required {
                Err(FieldError::new(self.name, format!("{}を入力してください。", self.label)))
            } else {
                Ok(None)
            };
        }
        let text = text::required(self.name, self.label, &text, self.max)?;
        let wrong = |words: &str| Err(FieldError::new(self.name, words));
        match self.kind {
            FieldKind::Lines => {}
            _ if text.contains('\n') => return wrong("改行は使えません。"),
            FieldKind::Line => {}
            FieldKind::Kana => {
                let kana = |c: char| matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー' | ' ' | '　' | '・');
                if !text.chars().all(kana) {
                    return wrong("ひらがなで入力してください。");
                }
            }
            FieldKind::Profession | FieldKind::FacilityRole | FieldKind::OneOf(_) => {
                if !self.choices().iter().any(|(wire, _)| *wire == text) {
                    return wrong("一覧から選んでください。");
                }
            }
            FieldKind::Account => {
                if text.parse::<AccountId>().is_err() {
                    return wrong("利用者を選んでください。");
                }
            }
            FieldKind::UserId => {
                if !is_user_id(&text) {
                    return wrong(
                        "半角の英小文字で始まる、英小文字・数字・ハイフンの4〜32文字にしてください。",
                    );
                }
            }
            FieldKind::PastDay => match text.parse::<Day>() {
                Ok(day) if day <= today => {}
                Ok(_) => return wrong("今日までの日付にしてください。"),
                Err(_) => return wrong("日付を入力してください。"),
            },
        }
        Ok(Some(text))
    }
}

/// The cleaned form. What no field asks for is left out.
///
/// # Errors
/// Every field in error, in order.
pub fn check_form(fields: &[Field], typed: &Form, today: Day) -> Result<Form, Vec<FieldError>> {
    let (mut form, mut errors) = (Form::new(), Vec::new());
    for field in fields {
        match field.check(typed.get(field.name).map_or("", String::as_str), today) {
            Ok(Some(text)) => {
                form.insert(field.name.to_owned(), text);
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(form) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn field(kind: FieldKind, required: bool) -> Field {
        Field { name: "x", label: "項目", hint: "", kind, required, max: 20 }
    }

    #[test]
    fn kinds() {
        let today = Day::new(2026, 11, 24).unwrap();
        for (kind, good, bad) in [
            (FieldKind::Line, "山田 花子", "二\n行"),
            (FieldKind::Kana, "やまだ はなこ", "山田"),
            (FieldKind::Lines, "二\n行", "とても長い文がここに入りますので断られます"),
            (FieldKind::Profession, "nurse", "official"),
            (FieldKind::FacilityRole, "member", "city"),
            (FieldKind::UserId, "hinata-n09", "Hinata"),
            (FieldKind::PastDay, "2026-11-24", "2026-11-25"),
            (FieldKind::OneOf(&[("face", "面談")]), "face", "phone"),
        ] {
            let check = |typed: &str| field(kind, true).check(typed, today);
            assert_eq!(check(good), Ok(Some(good.to_owned())), "{kind:?}");
            assert!(check(bad).is_err() && check(" \n").is_err(), "{kind:?}");
            assert_eq!(field(kind, false).check("", today), Ok(None), "{kind:?}");
        }
    }
}
