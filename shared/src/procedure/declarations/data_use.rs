//! データの臨時使用 (Art. 15, 様式第1, 様式第2): asked on Form 1, decided on Form 2, made only when the notice of the grant
//! was presented, used for a time, and proven to be over.
//!
//! There is no way to an output past the presentation: the declaration has none, [`follows`] holds the number of the
//! notice against the decision that is in force, and what reads data asks for a [`DataGrant`], which only [`DataGrant::of`]
//! gives.

use super::{
    super::{
        Act, CannotStep, Case, Channel, DataGrant, Declaration, Due, Effect, Field, FieldKind, Form, Party,
        Procedure, State, Step, Taken,
        case::STEPS_MAX,
        grant::{by, day, granted, is_recipient, same_number, since_edit},
    },
    REASON, field, optional,
};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    evidence::deidentify::{Dataset, PERIOD_DAYS_MAX, wrong_by},
    people::Actor,
};

/// 保存媒体 as Form 1 lists them.
pub const MEDIA: &[(&str, &str)] = &[
    ("cd_r", "CD-R"),
    ("dvd", "DVD"),
    ("usb", "USBメモリ"),
    ("hard_disk", "ハードディスク"),
    ("other", "その他"),
];

/// 使用後の措置 as Form 1 lists them.
pub const MEASURES: &[(&str, &str)] =
    &[("kept", "自動保管"), ("returned", "返却"), ("erased", "消去"), ("other", "その他")];

/// What was done in the end: one of the form's, or nothing was ever used.
const DONE: &[(&str, &str)] = &[
    ("kept", "自動保管"),
    ("returned", "返却"),
    ("erased", "消去"),
    ("other", "その他"),
    ("unused", "使用しなかった（受け取っていないか、開いていない）"),
];

/// Days before the end of the use period from which on the applicant is reminded.
pub const USE_REMINDER_DAYS: i64 = 7;
/// Steps that a case keeps free for its end, however often data is fetched.
const STEPS_FOR_THE_END: usize = 10;

/// Columns that counts may be made by, of both datasets.
const BY: &[(&str, &str)] = &[
    ("sent", "送信の時期"),
    ("facility_kind", "施設の種類"),
    ("profession", "職種"),
    ("note_kind", "種別"),
    ("importance", "重要度"),
    ("age", "年齢"),
    ("sex", "性別"),
    ("care_level", "要介護度"),
    ("attachments", "添付の数"),
    ("read_by", "既読の人数"),
    ("acknowledged", "了解の人数"),
    ("notes", "連絡の件数（患者のデータ）"),
    ("facilities", "支援チームの施設数（患者のデータ）"),
    ("months", "最初の連絡からの月数（患者のデータ）"),
];

const FIELDS: &[Field] = &[
    field("representative", "代表者名", "施設を代表する人の氏名です。", FieldKind::Line, 40),
    optional(field("applicant", "申請者", "代表者と異なる場合だけ書きます。", FieldKind::Line, 40)),
    field("subject", "件名", "患者の氏名などは、どの欄にも書かないでください。", FieldKind::Line, 80),
    field("purpose", "使用目的", "", FieldKind::Lines, 1000),
    field("processing", "処理内容", "受け取ったデータで何をするかを書きます。", FieldKind::Lines, 1000),
    field(
        "medium",
        "保存媒体",
        "データは、この画面からのダウンロードで渡します。保存する媒体を選びます。",
        FieldKind::ManyOf(MEDIA),
        100,
    ),
    optional(field(
        "medium_other",
        "保存媒体（その他）",
        "「その他」を選んだときだけ書きます。",
        FieldKind::Line,
        60,
    )),
    field("after_use", "使用後の措置", "", FieldKind::ManyOf(MEASURES), 100),
    optional(field(
        "after_use_other",
        "使用後の措置（その他）",
        "「その他」を選んだときだけ書きます。",
        FieldKind::Line,
        60,
    )),
    field("from_on", "使用期間の初日", "", FieldKind::Day, 10),
    field(
        "to_on",
        "使用期間の最終日",
        "この日までに、使用後の措置を済ませて報告します。",
        FieldKind::Day,
        10,
    ),
    field("on", "実施日", "", FieldKind::Day, 10),
    optional(field("remark", "備考", "", FieldKind::Lines, 500)),
    optional(field(
        "attachments",
        "添付資料",
        "添える資料の名前です。資料は市に届けてください。",
        FieldKind::Lines,
        500,
    )),
    // Beside the official form: which data.
    field(
        "dataset",
        "希望するデータ",
        "氏名・住所・連絡先・本文などは、どのデータにも含まれません。",
        FieldKind::OneOf(&[("notes", "連絡（1件ごと。本文は含まない）"), ("patients", "患者（1人ごと）")]),
        10,
    ),
    field(
        "shape",
        "データの形",
        "",
        FieldKind::OneOf(&[("rows", "1行ずつ（加工したデータ）"), ("counts", "集計した表（件数）")]),
        10,
    ),
    optional(field(
        "by",
        "集計する項目",
        "集計した表のときに、1つか2つ選びます。",
        FieldKind::ManyOf(BY),
        200,
    )),
    field("age", "年齢の区分", "", FieldKind::OneOf(&[("10", "10歳ごと"), ("5", "5歳ごと")]), 2),
    field("grain", "時期の区分", "", FieldKind::OneOf(&[("month", "月ごと"), ("week", "週ごと")]), 5),
    field("data_from", "データの期間の初日", "いつからの連絡が必要かを選びます。", FieldKind::Day, 10),
    field("data_to", "データの期間の最終日", "366日まで選べます。", FieldKind::Day, 10),
];

/// What Form 2 says of either decision.
const NOTICE_NUMBER: Field =
    field("notice_number", "通知書の番号", "様式第2に書く番号です。", FieldKind::Line, 40);
const DECIDED_ON: Field = field("decided_on", "決定した日", "", FieldKind::PastDay, 10);
const NOTICE_REMARK: Field = optional(field("notice_remark", "備考（通知書）", "", FieldKind::Lines, 500));

const GRANT_FIELDS: &[Field] = &[
    NOTICE_NUMBER,
    DECIDED_ON,
    field(
        "provided_from",
        "データ提供日（この日から）",
        "使用期間の最終日までの日です。",
        FieldKind::Day,
        10,
    ),
    NOTICE_REMARK,
];
const REFUSE_FIELDS: &[Field] = &[
    NOTICE_NUMBER,
    DECIDED_ON,
    field("refusal_reason", "却下理由", "", FieldKind::Lines, 1000),
    NOTICE_REMARK,
];
const PRESENT_FIELDS: &[Field] = &[
    field(
        "notice_number",
        "提示された通知書の番号",
        "通知書を見て、そのとおりに入力してください。",
        FieldKind::Line,
        40,
    ),
    field("presented_by", "提示した人", "氏名を確かめて書きます。", FieldKind::Line, 40),
    field("presented_on", "提示された日", "", FieldKind::PastDay, 10),
];
const MEASURE_FIELDS: &[Field] = &[
    field("measure", "したこと", "", FieldKind::OneOf(DONE), 10),
    field("measured_on", "した日", "", FieldKind::PastDay, 10),
    field(
        "measured_how",
        "方法",
        "例: 保存した媒体を専用ソフトで消去した。控えは残していない。",
        FieldKind::Lines,
        1000,
    ),
    field("measured_by", "した人", "", FieldKind::Line, 40),
];
const REMIND_FIELDS: &[Field] = &[
    field("reminded_on", "督促した日", "", FieldKind::PastDay, 10),
    field("reminded_how", "督促した方法と相手の答え", "", FieldKind::Lines, 500),
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (boxes, text) in [("medium", "medium_other"), ("after_use", "after_use_other")] {
        let other = form.get(boxes).is_some_and(|chosen| chosen.split(',').any(|one| one == "other"));
        if other && !form.contains_key(text) {
            wrong.push(FieldError::new(text, "「その他」の内容を書いてください。"));
        }
        if !other && form.contains_key(text) {
            wrong.push(FieldError::new(text, "「その他」を選んでいないときは、空にしてください。"));
        }
    }
    if let (Some(from), Some(to)) = (day(form, "from_on"), day(form, "to_on"))
        && to < from
    {
        wrong.push(FieldError::new("to_on", "使用期間の最終日は、初日以後にしてください。"));
    }
    if let (Some(from), Some(to)) = (day(form, "data_from"), day(form, "data_to")) {
        if to < from {
            wrong.push(FieldError::new("data_to", "データの期間の最終日は、初日以後にしてください。"));
        } else if to > from.plus_days(PERIOD_DAYS_MAX - 1) {
            wrong.push(FieldError::new("data_to", format!("データの期間は{PERIOD_DAYS_MAX}日までです。")));
        }
    }
    if form.get("shape").is_some_and(|shape| shape == "counts") {
        let by = by(form);
        let dataset = form.get("dataset").and_then(|wire| Dataset::from_wire(wire));
        if by.is_empty() {
            wrong.push(FieldError::new("by", "集計する項目を、1つか2つ選んでください。"));
        } else if let Some(words) = dataset.and_then(|dataset| wrong_by(dataset, &by)) {
            wrong.push(FieldError::new("by", words));
        }
    }
    wrong
}

/// What a step must be beyond its fields.
fn follows(case: &Case, act: Act, form: &Form, actor: &Actor, now: Timestamp) -> Result<(), CannotStep> {
    let wrong = |name: &str, words: &str| Err(CannotStep::Fields(vec![FieldError::new(name, words)]));
    let last_day = day(&case.form, "to_on");
    match act {
        Act::Grant => {
            let before = &case.taken[..case.taken.len() - since_edit(case).len()];
            let number = form.get("notice_number").map_or("", String::as_str);
            let used =
                |taken: &Taken| taken.form.get("notice_number").is_some_and(|used| same_number(used, number));
            if before.iter().any(|taken| taken.act == Act::Grant && used(taken)) {
                return wrong(
                    "notice_number",
                    "申請が直される前の決定の番号です。新しい番号にしてください。",
                );
            }
            if day(form, "provided_from") > last_day {
                return wrong("provided_from", "使用期間の最終日までの日にしてください。");
            }
            Ok(())
        }
        Act::Present => {
            let Some((_, grant)) = granted(case) else { return Err(CannotStep::NotNow) };
            let number = grant.form.get("notice_number").map_or("", String::as_str);
            if !form.get("notice_number").is_some_and(|typed| same_number(typed, number)) {
                return wrong(
                    "notice_number",
                    "この決定の通知書の番号と違います。通知書を確かめてください。",
                );
            }
            if day(form, "presented_on") < day(&grant.form, "decided_on") {
                return wrong("presented_on", "決定した日以後の日にしてください。");
            }
            if last_day.is_some_and(|last| now.day() > last) {
                return wrong("presented_on", "使用期間が過ぎています。申請し直してもらってください。");
            }
            Ok(())
        }
        Act::Produce if DataGrant::of(case).is_none() => Err(CannotStep::NotNow),
        Act::Provide if !is_recipient(case, actor) => Err(CannotStep::NotYours),
        Act::Provide
            if DataGrant::of(case).is_none() || case.taken.len() + STEPS_FOR_THE_END >= STEPS_MAX =>
        {
            Err(CannotStep::NotNow)
        }
        _ => Ok(()),
    }
}

const fn by_city(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::City, decides: true, fields, effect: None }
}

const fn by_facility(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::Facility, decides: false, fields, effect: None }
}

const fn produce(from: &'static [State], to: State) -> Step {
    Step {
        act: Act::Produce,
        from,
        to: Some(to),
        by: Party::Operator,
        decides: false,
        fields: &[],
        effect: Some(Effect::MakeOutput),
    }
}

const fn provide(from: &'static [State]) -> Step {
    Step {
        act: Act::Provide,
        from,
        to: Some(State::Provided),
        by: Party::Facility,
        decides: false,
        fields: &[],
        effect: Some(Effect::ProvideOutput),
    }
}

/// Before an output exists: until then the request may be mended or taken back.
const BEFORE: &[State] =
    &[State::Submitted, State::Accepted, State::Returned, State::Granted, State::Presented];

pub(super) const DATA_USE: Declaration = Declaration {
    procedure: Procedure::DataUse,
    article: "第15条, 様式第1, 様式第2",
    letter: "U",
    purpose: "個人が分からないように加工した連絡帳のデータを、決まった期間だけ使うことを市に申請します。許可の通知書を運用者に提示すると、申請した人だけがデータを受け取れます。",
    asks: &[Party::Facility],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::OperationsManager, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: Some(follows),
    first: State::Submitted,
    by_system: None,
    due: Due::Promptly,
    dues: &[
        (State::Submitted, Due::Promptly),
        (State::Accepted, Due::Promptly),
        (State::Granted, Due::EndOf("to_on")),
        (State::Presented, Due::Promptly),
        (State::Produced, Due::EndOf("to_on")),
        (State::Provided, Due::EndOf("to_on")),
        (State::Measured, Due::Promptly),
    ],
    yearly: None,
    steps: &[
        by_city(Act::Accept, &[State::Submitted], State::Accepted, &[]),
        by_city(Act::Grant, &[State::Accepted], State::Granted, GRANT_FIELDS),
        by_city(Act::Refuse, &[State::Accepted], State::Refused, REFUSE_FIELDS),
        by_city(Act::Return, &[State::Submitted, State::Accepted], State::Returned, &[REASON]),
        Step {
            act: Act::Present,
            from: &[State::Granted],
            to: Some(State::Presented),
            by: Party::Operator,
            decides: false,
            fields: PRESENT_FIELDS,
            effect: None,
        },
        produce(&[State::Presented], State::Produced),
        provide(&[State::Produced]),
        by_facility(Act::Measure, &[State::Produced, State::Provided], State::Measured, MEASURE_FIELDS),
        by_city(Act::ConfirmMeasure, &[State::Measured], State::Done, &[]),
        by_city(Act::Return, &[State::Measured], State::Provided, &[REASON]),
        // Fetched again, and a further output: what is in use stays in use.
        provide(&[State::Provided]),
        produce(&[State::Produced], State::Produced),
        produce(&[State::Provided], State::Provided),
        Step {
            act: Act::Remind,
            from: &[State::Produced, State::Provided],
            to: None,
            by: Party::City,
            decides: false,
            fields: REMIND_FIELDS,
            effect: None,
        },
        by_facility(Act::AskAgain, BEFORE, State::Submitted, FIELDS),
        by_facility(Act::Withdraw, BEFORE, State::Withdrawn, &[]),
    ],
    course: &[
        State::Submitted,
        State::Accepted,
        State::Granted,
        State::Presented,
        State::Produced,
        State::Provided,
        State::Measured,
        State::Done,
    ],
};

#[cfg(test)]
mod tests;
