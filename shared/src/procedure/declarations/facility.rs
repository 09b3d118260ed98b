//! 利用施設 (Arts. 2, 5, 13, 16(5), figure 3): a facility takes part from the city's decision on, and its first manager then
//! comes as everybody does, by a request on paper and a sealed letter (Art. 13(1)); what is registered of it changes; it
//! leaves, with all its people.

use super::{
    super::{
        Act, CannotStep, Case, Channel, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure,
        State, Step,
    },
    REASON, field, optional,
};
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    people::Actor,
};

const NAME: Field = field("name", "施設の名称", "", FieldKind::Line, 60);
const POSTAL: Field = field(
    "postal",
    "郵便番号と所在地",
    "封書の宛先になります。例: 〒485-0000 小牧市堀の内1-2-3",
    FieldKind::Line,
    100,
);
const PHONE: Field = field("phone", "電話番号", "", FieldKind::Line, 30);
const FAX: Field =
    optional(field("fax", "FAX番号", "受付時間外の連絡に使います（図3）。", FieldKind::Line, 30));
const MAIL: Field =
    optional(field("mail", "E-mail", "受付時間外の連絡に使います（図3）。", FieldKind::Line, 100));

const ADD_FIELDS: &[Field] = &[
    NAME,
    field("kind", "施設の種類", "", FieldKind::CareFacility, 40),
    POSTAL,
    PHONE,
    FAX,
    MAIL,
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

const RETURN: Step = by_city(Act::Return, &[State::Asked], State::Returned, true, &[REASON]);
const REFUSE: Step = by_city(Act::Refuse, &[State::Asked], State::Refused, true, &[REASON]);

pub(super) const ADD: Declaration = Declaration {
    procedure: Procedure::FacilityAdd,
    article: "第2条, 第5条",
    letter: "F",
    purpose: "新しい利用施設を登録します。入力した人とは別の、市の担当者が決定します。",
    asks: &[Party::City],
    papers: None,
    ways: &[],
    readers: &[Party::Auditor],
    fields: ADD_FIELDS,
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
        RETURN,
        REFUSE,
        by_city(Act::AskAgain, &[State::Returned], State::Asked, false, ADD_FIELDS),
        by_city(Act::Withdraw, &[State::Asked, State::Returned], State::Withdrawn, false, &[]),
    ],
    course: &[State::Asked, State::Done],
};

const fn by_facility(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::Facility, decides: false, fields, effect: None }
}

const WITHDRAW: Step = by_facility(Act::Withdraw, &[State::Asked, State::Returned], State::Withdrawn, &[]);

/// How the city made sure. Letters with passwords go to the address: it must be the facility's own word.
const CHECKED: &[Field] = &[
    field(
        "checked_how",
        "施設の依頼であることの確認",
        "",
        FieldKind::OneOf(&[
            ("call_back", "今の登録の電話番号へかけ直して確認"),
            ("visit", "施設を訪ねて、または施設管理者の来庁で確認"),
            ("notified", "指定権者への変更届・廃止届の写しで確認"),
        ]),
        20,
    ),
    field("checked_on", "確認した日", "", FieldKind::PastDay, 10),
];

const CHANGE_FIELDS: &[Field] = &[NAME, POSTAL, PHONE, FAX, MAIL, REASON];

pub(super) const CHANGE: Declaration = Declaration {
    procedure: Procedure::FacilityChange,
    article: "第13条(1), 第16条(5), 図3",
    letter: "FH",
    purpose: "施設の名称・所在地・電話・FAX・E-mailを変更します。封書の宛先、連絡先、ポータルの一覧がすぐに変わります。今までの連絡と案件には、そのときの名称が残ります。",
    asks: &[Party::Facility],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::Auditor],
    fields: CHANGE_FIELDS,
    check: None,
    follows: None,
    first: State::Asked,
    by_system: None,
    due: Due::Promptly,
    dues: &[],
    yearly: None,
    steps: &[
        Step {
            effect: Some(Effect::ChangeFacility),
            ..by_city(Act::ChangeFacility, &[State::Asked], State::Done, true, CHECKED)
        },
        RETURN,
        REFUSE,
        by_facility(Act::AskAgain, &[State::Returned], State::Asked, CHANGE_FIELDS),
        WITHDRAW,
    ],
    course: &[State::Asked, State::Done],
};

const LEAVES_ON: &str = "leaves_on";

const LEAVE_FIELDS: &[Field] = &[
    field(
        LEAVES_ON,
        "脱退する日",
        "市は、この日から決定できます。決定すると、この施設の人は全員、すぐにサインインできなくなります。",
        FieldKind::Day,
        10,
    ),
    field(
        "handed_over",
        "世話役の引き継ぎ",
        "世話役がこの施設の人だけの患者がいると、脱退できません。先に、ほかの施設を支援チームに招待してください。",
        FieldKind::OneOf(&[
            ("done", "引き継いだ、または世話役をしている患者はいない"),
            ("open", "脱退する日までに引き継ぐ"),
        ]),
        10,
    ),
    REASON,
];

/// The day that was asked for must have come.
fn follows_leave(case: &Case, act: Act, _: &Form, _: &Actor, now: Timestamp) -> Result<(), CannotStep> {
    let day = case.form.get(LEAVES_ON).and_then(|text| text.parse::<Day>().ok());
    match day.filter(|day| act == Act::LeaveFacility && *day > now.day()) {
        Some(day) => {
            let words = format!("脱退する日（{}）より前には決定できません。", day.in_full());
            Err(CannotStep::Fields(vec![FieldError::new(LEAVES_ON, words)]))
        }
        None => Ok(()),
    }
}

pub(super) const LEAVE: Declaration = Declaration {
    procedure: Procedure::FacilityLeave,
    article: "第2条, 第5条, 第13条(2)",
    letter: "FL",
    purpose: "施設が連絡帳の利用をやめます。この施設の人は全員、サインインできなくなり、施設はポータルと招待の一覧からなくなります。書いた連絡は残ります。元に戻せません。",
    fields: LEAVE_FIELDS,
    follows: Some(follows_leave),
    due: Due::EndOf(LEAVES_ON),
    dues: &[(State::Asked, Due::EndOf(LEAVES_ON))],
    steps: &[
        Step {
            effect: Some(Effect::LeaveFacility),
            ..by_city(Act::LeaveFacility, &[State::Asked], State::Done, true, CHECKED)
        },
        RETURN,
        REFUSE,
        by_facility(Act::AskAgain, &[State::Returned], State::Asked, LEAVE_FIELDS),
        WITHDRAW,
    ],
    // Asked, entered and read as a change is.
    ..CHANGE
};

#[cfg(test)]
mod tests;
