//! The facilities of the city. The first eight are those of the named people, in a city of every size.

use crate::{Size, chance::Chance};
use shared::{
    calendar::Day,
    id::FacilityId,
    people::{Facility, FacilityKind as K},
};

/// A facility with what is needed to staff it.
pub(crate) struct Place {
    pub(crate) facility: Facility,
    /// The beginning of its people's user ids.
    pub(crate) slug: &'static str,
    /// Its people, one letter each (see `people::profession`): who is always there, and who else.
    pub(crate) core: &'static str,
    pub(crate) more: &'static str,
}

/// Slug, name, kind, people.
const PLACES: &[(&str, &str, K, &str, &str)] = &[
    ("hinata", "訪問看護ステーションひなた", K::VisitingNurseStation, "mnn", "nnrol"),
    ("aoba", "あおば内科クリニック", K::Clinic, "md", "dn"),
    ("sumire", "すみれ薬局 みなと野店", K::Pharmacy, "p", "ppp"),
    ("tsubame", "つばめ居宅介護支援事業所", K::CarePlanOffice, "c", "cccc"),
    ("yuzu", "ゆずヘルパーステーション", K::HomeHelp, "hh", "hhh"),
    ("kaede", "訪問看護ステーションかえで", K::VisitingNurseStation, "mn", "nnr"),
    ("city", "みなと野市役所 高齢福祉課", K::CityOffice, "", ""),
    ("net", "みなと野医療介護ネットサポート", K::Contractor, "", ""),
    ("minato", "みなと野市民総合病院", K::Hospital, "q", "dnqle"),
    ("himawari", "デイサービスセンターひまわりの庭", K::DayCare, "w", "wwne"),
    ("nijiiro", "にじいろ歯科みなと野", K::DentalClinic, "t", "yyy"),
    ("tobu", "みなと野市東部地域包括支援センター", K::CommunitySupportCentre, "k", "sc"),
    ("sazanami", "小規模多機能ホームさざなみ野", K::CareHome, "w", "wwnc"),
    ("hidamari", "ひだまり野在宅クリニック", K::Clinic, "d", "dmn"),
    ("tsukushi", "つくし野訪問看護リハビリステーション", K::VisitingNurseStation, "n", "nnrol"),
    ("asahi", "あさひ調剤薬局 浜町店", K::Pharmacy, "p", "pp"),
    ("keyaki", "けやき通りケアプランセンター", K::CarePlanOffice, "c", "ccc"),
    ("tanpopo", "ヘルパーステーションたんぽぽ野", K::HomeHelp, "h", "hhhh"),
    ("engawa", "デイサービス縁側日和", K::DayCare, "w", "www"),
    ("umikaze", "訪問看護ステーション海風の丘", K::VisitingNurseStation, "n", "nnr"),
    ("shiomi", "汐見が丘病院", K::Hospital, "q", "dnr"),
    ("kitahama", "北浜野ファミリークリニック", K::Clinic, "d", "dm"),
    ("hamanasu", "ケアプランはまなす野", K::CarePlanOffice, "c", "cc"),
    ("hohoemi", "訪問介護ほほえみ便り", K::HomeHelp, "h", "hhh"),
    ("mitsuba", "みつば野調剤薬局", K::Pharmacy, "p", "p"),
    ("komorebi", "こもれび野脳神経クリニック", K::Clinic, "d", "m"),
    ("seibu", "みなと野市西部地域包括支援センター", K::CommunitySupportCentre, "s", "kc"),
    ("nagisa", "なぎさ通り歯科医院", K::DentalClinic, "t", "y"),
    ("ayumi", "リハビリデイあゆみ坂", K::DayCare, "r", "wwo"),
    ("shiosai", "しおさい坂整形外科", K::Clinic, "d", "m"),
];

/// The facilities of a city of this size.
pub(crate) fn make(size: Size, until: Day) -> Vec<Place> {
    let founded = until.plus_days(-800).start().ms().unsigned_abs();
    PLACES
        .iter()
        .take(size.facilities.max(8))
        .enumerate()
        .map(|(index, &(slug, name, kind, core, more))| {
            let id = FacilityId::from_parts(founded + index as u64, Chance::new(1, index).bits());
            let postal = format!(
                "〒485-00{:02} {}浜町{}丁目{}番地",
                index + 1,
                crate::CITY_NAME,
                index % 5 + 1,
                index + 3
            );
            let phone = format!("0568-00-{:04}", 1000 + index);
            let fax = format!("0568-00-{:04}", 2000 + index);
            let mail = format!("{slug}@example.jp");
            let name = name.to_owned();
            let facility = Facility { id, name, kind, postal, phone, fax, mail, left_on: None };
            Place { facility, slug, core, more }
        })
        .collect()
}
