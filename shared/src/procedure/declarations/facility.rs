//! 利用施設の登録 (Arts. 2 and 5): a facility takes part from the city's decision on; its first manager then comes as
//! everybody does, by a request on paper and a sealed letter (Art. 13(1)).

use super::{
    super::{Act, Declaration, Due, Effect, Field, FieldKind, Party, Procedure, State, Step},
    REASON, field, optional,
};

const FIELDS: &[Field] = &[
    field("name", "施設の名称", "", FieldKind::Line, 60),
    field("kind", "施設の種類", "", FieldKind::CareFacility, 40),
    field(
        "postal",
        "郵便番号と所在地",
        "封書の宛先になります。例: 〒485-0000 小牧市堀の内1-2-3",
        FieldKind::Line,
        100,
    ),
    field("phone", "電話番号", "", FieldKind::Line, 30),
    optional(field("fax", "FAX番号", "受付時間外の連絡に使います（図3）。", FieldKind::Line, 30)),
    optional(field("mail", "E-mail", "受付時間外の連絡に使います（図3）。", FieldKind::Line, 100)),
    field(
        "manager",
        "施設管理者になる人の氏名",
        "登録のあと、この人の追加を紙の依頼として入力します。",
        FieldKind::Line,
        40,
    ),
    optional(field("remark", "備考", "参加の申込みの日付など", FieldKind::Lines, 500)),
];

const fn by_city(
    act: Act,
    from: &'static [State],
    to: State,
    decides: bool,
    fields: &'static [Field],
) -> Step {
    Step { act, from, to: Some(to), by: Party::City, decides, fields, effect: None }
}

pub(super) const FACILITY: Declaration = Declaration {
    procedure: Procedure::FacilityAdd,
    article: "第2条, 第5条",
    letter: "F",
    purpose: "新しい利用施設を登録します。入力した人とは別の、市の担当者が決定します。",
    asks: &[Party::City],
    papers: None,
    ways: &[],
    readers: &[Party::Auditor],
    fields: FIELDS,
    check: None,
    follows: None,
    first: State::Asked,
    by_system: None,
    due: Due::Promptly,
    dues: &[],
    yearly: None,
    steps: &[
        Step {
            effect: Some(Effect::RegisterFacility),
            ..by_city(Act::RegisterFacility, &[State::Asked], State::Done, true, &[])
        },
        by_city(Act::Return, &[State::Asked], State::Returned, true, &[REASON]),
        by_city(Act::Refuse, &[State::Asked], State::Refused, true, &[REASON]),
        by_city(Act::AskAgain, &[State::Returned], State::Asked, false, FIELDS),
        by_city(Act::Withdraw, &[State::Asked, State::Returned], State::Withdrawn, false, &[]),
    ],
    course: &[State::Asked, State::Done],
};
