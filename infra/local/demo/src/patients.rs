//! The patients of the city: who they are, what they live with, who is near them.

use crate::{
    chance::Chance,
    names::{AREAS, FAMILY, OLD},
};
use shared::{
    book::{CareLevel, Patient, Sex},
    calendar::Day,
    id::PatientId,
};

/// What steers words and vital signs; also the names of topics in `words/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// As `words/` and `scripts/` call it.
    pub(crate) key: &'static str,
    /// How common, of a hundred.
    weight: u32,
    /// The lowest level of care that goes with it.
    least: usize,
    /// Medicines that go with it.
    pub(crate) medicines: &'static [&'static str],
}

/// Everything that somebody may live with here.
#[rustfmt::skip]
pub(crate) const CONDITIONS: &[Condition] = &[
    Condition { key: "chf", weight: 14, least: 1, medicines: &["フロセミド", "カルベジロール", "エナラプリル", "スピロノラクトン"] },
    Condition { key: "copd", weight: 8, least: 1, medicines: &["チオトロピウム吸入", "カルボシステイン", "アンブロキソール"] },
    Condition { key: "stroke", weight: 13, least: 3, medicines: &["クロピドグレル", "アムロジピン", "アトルバスタチン"] },
    Condition { key: "dm", weight: 13, least: 1, medicines: &["リナグリプチン", "メトホルミン", "インスリン グラルギン"] },
    Condition { key: "dementia", weight: 16, least: 2, medicines: &["ドネペジル", "メマンチン", "抑肝散"] },
    Condition { key: "ulcer", weight: 7, least: 5, medicines: &["ヨウ素軟膏", "ビタミンＢ群"] },
    Condition { key: "cancer", weight: 6, least: 3, medicines: &["オキシコドン徐放錠", "アセトアミノフェン", "酸化マグネシウム"] },
    Condition { key: "pd", weight: 6, least: 3, medicines: &["レボドパ・カルビドパ", "ロピニロール"] },
    Condition { key: "als", weight: 2, least: 5, medicines: &["リルゾール", "バクロフェン"] },
    Condition { key: "fracture", weight: 10, least: 2, medicines: &["アレンドロン酸", "エルデカルシトール", "アセトアミノフェン"] },
    Condition { key: "ckd", weight: 6, least: 1, medicines: &["球形吸着炭", "炭酸水素ナトリウム"] },
    Condition { key: "frail", weight: 9, least: 1, medicines: &["アムロジピン", "ランソプラゾール"] },
    Condition { key: "dysph", weight: 6, least: 4, medicines: &["半夏厚朴湯", "ランソプラゾール"] },
];

/// A patient, and the life that the notes are about.
pub(crate) struct Life {
    pub(crate) patient: Patient,
    pub(crate) conditions: Vec<Condition>,
    /// Who of the family is nearest: as carers say it, as doctors say it.
    pub(crate) family: (&'static str, &'static str),
    /// Whether that person lives in the same house.
    pub(crate) together: bool,
    pub(crate) likes: &'static str,
    pub(crate) dish: &'static str,
    /// The weaker side of the body, and where the skin is at risk, for those who have such a thing.
    pub(crate) side: &'static str,
    pub(crate) site: &'static str,
}

const CHILDREN: &[(&str, &str)] = &[
    ("長女様", "長女"),
    ("長男様", "長男"),
    ("次女様", "次女"),
    ("お嫁様", "長男の妻"),
    ("姪御様", "姪"),
    ("次男様", "次男"),
];
const LIKES: &[&str] = &[
    "庭の手入れ",
    "相撲中継",
    "編み物",
    "将棋",
    "野球中継",
    "俳句",
    "折り紙",
    "演歌",
    "数独",
    "写経",
    "朝の連続ドラマ",
    "塗り絵",
    "昔の映画",
    "家計簿つけ",
    "メダカの世話",
    "孫との電話",
    "詩吟",
    "ラジオ体操",
    "新聞の切り抜き",
    "水彩画",
];
const DISHES: &[&str] = &[
    "煮魚",
    "卵焼き",
    "茶碗蒸し",
    "かぼちゃの煮物",
    "お刺身",
    "うどん",
    "豆腐の味噌汁",
    "おはぎ",
    "いなり寿司",
    "肉じゃが",
    "白和え",
    "プリン",
    "あんみつ",
    "ひじきの煮物",
];

/// The `index`-th patient; notes begin on `first`.
pub(crate) fn make(index: usize, first: Day, chance: &mut Chance) -> Life {
    let woman = index % 5 != 2 && index % 5 != 4;
    let family = FAMILY[(index * 37 + chance.below(9)) % FAMILY.len()];
    let list = OLD[usize::from(!woman)];
    let given = list[(index * 11 + chance.below(5)) % list.len()];
    let conditions = conditions(chance);
    let least = conditions.iter().map(|condition| condition.least).max().unwrap_or(1);
    let levels = CareLevel::ALL;
    let level = (least + chance.below(4)).clamp(1, levels.len() - 1);
    let years = if chance.permille(60) { chance.between(52, 67) } else { chance.between(68, 101) };
    let consented_on = first.plus_days(-chance.between(10, 700));
    let married = chance.permille(420);
    let nearest = match (married, woman) {
        (true, true) => ("ご主人", "夫"),
        (true, false) => ("奥様", "妻"),
        _ => CHILDREN[chance.below(CHILDREN.len())],
    };
    let made = consented_on.start().ms().unsigned_abs() + 10 * 3_600_000;
    let patient = Patient {
        id: PatientId::from_parts(made, chance.bits()),
        name: format!("{} {}", family.0, given.0),
        kana: format!("{} {}", family.1, given.1),
        born: first.plus_days(-years * 365 - chance.between(30, 330)),
        sex: match (index % 97, woman) {
            (96, _) => Sex::Unstated,
            (_, true) => Sex::Female,
            (_, false) => Sex::Male,
        },
        care_level: levels[level],
        area: AREAS[chance.below(AREAS.len())].to_owned(),
        consented_on: Some(consented_on),
        withdrawn_on: None,
    };
    Life {
        patient,
        conditions,
        family: nearest,
        together: married || chance.permille(450),
        likes: LIKES[chance.below(LIKES.len())],
        dish: DISHES[chance.below(DISHES.len())],
        side: ["右", "左"][chance.below(2)],
        site: ["仙骨部", "尾骨部", "右大転子部", "左踵部", "左大転子部"][chance.below(5)],
    }
}

/// One to three conditions.
fn conditions(chance: &mut Chance) -> Vec<Condition> {
    let total: u32 = CONDITIONS.iter().map(|condition| condition.weight).sum();
    let mut chosen: Vec<Condition> = Vec::new();
    let wanted = [1, 2, 2, 2, 3, 3][chance.below(6)];
    while chosen.len() < wanted && chosen.first().is_none_or(|first| first.key != "als") {
        let mut left = u32::try_from(chance.between(0, i64::from(total) - 1)).unwrap_or(0);
        for condition in CONDITIONS {
            if left < condition.weight {
                // ALS determines the whole day: it stands alone.
                let fits = chosen.is_empty() || condition.key != "als";
                if !chosen.contains(condition) && fits {
                    chosen.push(*condition);
                }
                break;
            }
            left -= condition.weight;
        }
    }
    chosen
}
