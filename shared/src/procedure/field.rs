//! Fields: declared once, and the form on the screen, the check and the printed sheet follow.

use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    evidence::schedule::TimeOfDay,
    id::AccountId,
    people::{FacilityKind, Profession, Role, is_user_id},
    portal::PageName,
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
    /// What kind of care facility.
    CareFacility,
    /// As what a person is registered.
    RegisteredAs,
    /// A person of the facility: an account identifier.
    Account,
    /// A user id, decided by the city.
    UserId,
    /// A day that has come.
    PastDay,
    /// Any day.
    Day,
    /// A month that is over: 「2026-10」.
    PastMonth,
    /// A minute in Japan that has come: 「2026-11-20T09:30」.
    PastMoment,
    /// Any minute in Japan, past or to come.
    Moment,
    /// A time of day: 「02:00」.
    Time,
    /// A whole number.
    Count,
    /// One of these: wire name and words.
    OneOf(&'static [(&'static str, &'static str)]),
    /// Any of these: wire names with commas between.
    ManyOf(&'static [(&'static str, &'static str)]),
    /// A page of the portal, by its name.
    PortalPage,
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
            FieldKind::Profession => Profession::ALL.iter().map(|p| both((p.wire(), p.label()))).collect(),
            FieldKind::CareFacility => {
                let care = |kind: &&FacilityKind| {
                    !matches!(kind, FacilityKind::CityOffice | FacilityKind::Contractor)
                };
                FacilityKind::ALL.iter().filter(care).map(|kind| both((kind.wire(), kind.label()))).collect()
            }
            FieldKind::RegisteredAs => {
                REGISTERED_AS.iter().map(|(wire, words, _)| both((wire, words))).collect()
            }
            FieldKind::OneOf(list) | FieldKind::ManyOf(list) => list.iter().map(|one| both(*one)).collect(),
            FieldKind::Line
            | FieldKind::Kana
            | FieldKind::Lines
            | FieldKind::Account
            | FieldKind::UserId
            | FieldKind::PastDay
            | FieldKind::Day
            | FieldKind::PastMonth
            | FieldKind::PastMoment
            | FieldKind::Moment
            | FieldKind::Time
            | FieldKind::Count
            | FieldKind::PortalPage => Vec::new(),
        }
    }

    /// The values that somebody in these roles is offered: a care facility has no officials and no contractor's staff.
    pub fn offered_to(&self, roles: &[Role]) -> Vec<(String, String)> {
        let mut all = self.choices();
        let office = roles.contains(&Role::City);
        let staff = office || roles.contains(&Role::OperationsManager);
        match self.kind {
            FieldKind::Profession if !staff => {
                let others = [Profession::Official.wire(), Profession::Engineer.wire()];
                all.retain(|(wire, _)| !others.contains(&wire.as_str()));
            }
            FieldKind::RegisteredAs => all.retain(|(wire, _)| {
                let kind = REGISTERED_AS.iter().find(|(known, ..)| known == wire).map(|(_, _, kind)| *kind);
                office || kind == Some(if staff { Of::Contractor } else { Of::Care })
            }),
            _ => {}
        }
        all
    }

    /// What was typed, in words for the screen.
    pub fn in_words(&self, value: &str) -> String {
        let choices = self.choices();
        let words = |value: &str| {
            choices
                .iter()
                .find(|(wire, _)| wire == value)
                .map_or_else(|| value.to_owned(), |(_, w)| w.clone())
        };
        match self.kind {
            FieldKind::ManyOf(_) => value.split(',').map(words).collect::<Vec<_>>().join("、"),
            FieldKind::Day | FieldKind::PastDay => {
                value.parse::<Day>().map_or_else(|_| value.to_owned(), Day::in_full)
            }
            FieldKind::PastMonth => month_in_words(value).unwrap_or_else(|| value.to_owned()),
            FieldKind::PastMoment | FieldKind::Moment => {
                moment_in_words(value).unwrap_or_else(|| value.to_owned())
            }
            _ => words(value),
        }
    }

    /// What is said where nothing was given.
    fn missing(&self) -> String {
        match self.kind {
            FieldKind::Line
            | FieldKind::Kana
            | FieldKind::Lines
            | FieldKind::UserId
            | FieldKind::PastDay
            | FieldKind::Day
            | FieldKind::PastMoment
            | FieldKind::Moment
            | FieldKind::Time
            | FieldKind::Count => format!("{}を入力してください。", self.label),
            FieldKind::Profession
            | FieldKind::CareFacility
            | FieldKind::RegisteredAs
            | FieldKind::Account
            | FieldKind::PastMonth
            | FieldKind::OneOf(_)
            | FieldKind::ManyOf(_)
            | FieldKind::PortalPage => format!("「{}」を選んでください。", self.label),
        }
    }

    fn check(&self, typed: &str, now: Timestamp) -> Result<Option<String>, FieldError> {
        let today = now.day();
        let text = text::clean(typed).trim().to_owned();
        if text.is_empty() {
            return if self.required { Err(FieldError::new(self.name, self.missing())) } else { Ok(None) };
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
            FieldKind::Profession
            | FieldKind::CareFacility
            | FieldKind::RegisteredAs
            | FieldKind::OneOf(_) => {
                if !self.choices().iter().any(|(wire, _)| *wire == text) {
                    return wrong("一覧から選んでください。");
                }
            }
            FieldKind::ManyOf(list) => {
                let chosen: Vec<&str> = text.split(',').collect();
                let known = list.iter().map(|(wire, _)| *wire).filter(|wire| chosen.contains(wire));
                let ordered: Vec<&str> = known.collect();
                if ordered.len() != chosen.len() {
                    return wrong("一覧から選んでください。");
                }
                return Ok(Some(ordered.join(",")));
            }
            FieldKind::Day => {
                if text.parse::<Day>().is_err() {
                    return wrong("日付を入力してください。");
                }
            }
            FieldKind::PastMonth => match month_of(&text) {
                Some(first)
                    if today.ymd().0 * 12 + i32::from(today.ymd().1)
                        > first.ymd().0 * 12 + i32::from(first.ymd().1) => {}
                Some(_) => return wrong("終わった月を選んでください。"),
                None => return wrong("月を選んでください。"),
            },
            FieldKind::PastMoment => match moment_of(&text) {
                Some(at) if at <= now => {}
                Some(_) => return wrong("今までの日時にしてください。"),
                None => return wrong("日付と時刻を入力してください。"),
            },
            FieldKind::Moment => {
                if moment_of(&text).is_none() {
                    return wrong("日付と時刻を入力してください。");
                }
            }
            FieldKind::Time => {
                if TimeOfDay::parse(&text).is_none() {
                    return wrong("時刻を、02:00のように入力してください。");
                }
            }
            FieldKind::Count => {
                if text.parse::<u32>().is_err() {
                    return wrong("数字だけで入力してください。");
                }
            }
            FieldKind::Account => {
                if text.parse::<AccountId>().is_err() {
                    return wrong("利用者を選んでください。");
                }
            }
            FieldKind::PortalPage => {
                if text.parse::<PageName>().is_err() {
                    return wrong("一覧から選んでください。");
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

/// To which kind of facility a registration belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Care,
    Contractor,
    City,
}

/// As what somebody is registered: wire name, words, where.
const REGISTERED_AS: &[(&str, &str, Of)] = &[
    ("member", "利用者", Of::Care),
    ("facility_manager", "利用者と施設管理者", Of::Care),
    ("staff", "運営の担当者（役割は管理体制の届出で決まります）", Of::Contractor),
    ("city", "市の担当者", Of::City),
    ("auditor", "監査者", Of::City),
    ("council", "協議会の委員", Of::City),
];

/// The roles of a registration at a facility of this kind; `None` where it does not belong there.
pub fn roles_of(registered_as: &str, kind: FacilityKind) -> Option<Vec<Role>> {
    let here = match kind {
        FacilityKind::CityOffice => Of::City,
        FacilityKind::Contractor => Of::Contractor,
        _ => Of::Care,
    };
    let (known, ..) = REGISTERED_AS.iter().find(|(wire, _, of)| *wire == registered_as && *of == here)?;
    Some(match *known {
        "facility_manager" => vec![Role::Member, Role::FacilityManager],
        "city" => vec![Role::City],
        "auditor" => vec![Role::Auditor],
        "council" => vec![Role::Council],
        "member" => vec![Role::Member],
        // What the contractor's staff may do follows from their appointments alone.
        _ => Vec::new(),
    })
}

/// The first day of a month written as 「2026-10」.
pub fn month_of(text: &str) -> Option<Day> {
    (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten()
}

/// The instant of a minute in Japan, written as a browser's field writes it: 「2026-11-20T09:30」.
pub fn moment_of(text: &str) -> Option<Timestamp> {
    let written = text.len() == 16 && text.as_bytes().get(10) == Some(&b'T');
    written.then(|| format!("{text}:00+09:00").parse().ok()).flatten()
}

/// An instant as [`moment_of`] reads it, to the minute.
pub fn moment_text(at: Timestamp) -> String {
    let (hour, minute) = at.wall_clock();
    format!("{}T{hour:02}:{minute:02}", at.day())
}

fn moment_in_words(text: &str) -> Option<String> {
    let at = moment_of(text)?;
    let ((year, month, day), (hour, minute)) = (at.day().ymd(), at.wall_clock());
    Some(format!("{year}年{month}月{day}日 {hour}時{minute:02}分"))
}

fn month_in_words(text: &str) -> Option<String> {
    let (year, month, _) = month_of(text)?.ymd();
    Some(format!("{year}年{month}月"))
}

/// The cleaned form. What no field asks for is left out.
///
/// # Errors
/// Every field in error, in order.
pub fn check_form(fields: &[Field], typed: &Form, now: Timestamp) -> Result<Form, Vec<FieldError>> {
    let (mut form, mut errors) = (Form::new(), Vec::new());
    for field in fields {
        match field.check(typed.get(field.name).map_or("", String::as_str), now) {
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
    fn a_registration_belongs_to_a_kind_of_facility() {
        for (wire, kind, roles) in [
            ("member", FacilityKind::Clinic, Some(vec![Role::Member])),
            ("facility_manager", FacilityKind::Pharmacy, Some(vec![Role::Member, Role::FacilityManager])),
            ("city", FacilityKind::Clinic, None),
            ("auditor", FacilityKind::CityOffice, Some(vec![Role::Auditor])),
            ("council", FacilityKind::CityOffice, Some(vec![Role::Council])),
            ("council", FacilityKind::Contractor, None),
            ("staff", FacilityKind::Contractor, Some(vec![])),
            ("member", FacilityKind::Contractor, None),
            ("operations_manager", FacilityKind::Contractor, None),
        ] {
            assert_eq!(roles_of(wire, kind), roles, "{wire} {kind}");
        }
        let offered = |roles: &[Role]| field(FieldKind::RegisteredAs, true).offered_to(roles).len();
        assert_eq!((offered(&[Role::FacilityManager]), offered(&[Role::OperationsManager])), (2, 1));
        assert_eq!(offered(&[Role::City]), 6);
    }

    #[test]
    fn kinds() {
        let now: Timestamp = "2026-11-24T10:00:00+09:00".parse().unwrap();
        for (kind, good, bad) in [
            (FieldKind::Line, "山田 花子", "二\n行"),
            (FieldKind::Kana, "やまだ はなこ", "山田"),
            (FieldKind::Lines, "二\n行", "とても長い文がここに入りますので断られます"),
            (FieldKind::Profession, "nurse", "king"),
            (FieldKind::RegisteredAs, "member", "operations_manager"),
            (FieldKind::Day, "2031-01-31", "2031-02-30"),
            (FieldKind::PastMonth, "2026-10", "2026-11"),
            (FieldKind::PastMoment, "2026-11-24T10:00", "2026-11-24T10:01"),
            (FieldKind::PastMoment, "2026-11-20T23:59", "2026-11-20 23:59"),
            (FieldKind::Count, "12", "-1"),
            (FieldKind::ManyOf(&[("a", "甲"), ("b", "乙")]), "a,b", "a,c"),
            (FieldKind::UserId, "hinata-n09", "Hinata"),
            (FieldKind::PastDay, "2026-11-24", "2026-11-25"),
            (FieldKind::PortalPage, "about", "../about"),
            (FieldKind::OneOf(&[("face", "面談")]), "face", "phone"),
        ] {
            let check = |typed: &str| field(kind, true).check(typed, now);
            assert_eq!(check(good), Ok(Some(good.to_owned())), "{kind:?}");
            assert!(check(bad).is_err() && check(" \n").is_err(), "{kind:?}");
            assert_eq!(field(kind, false).check("", now), Ok(None), "{kind:?}");
        }
    }
}
