//! 操作記録の月次点検 (requirements §2, 7): the operations manager reviews a month of the audit log and signs.

use super::{
    super::{Act, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State, Step},
    field,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

const FIELDS: &[Field] = &[
    field("month", "点検する月", "終わった月を選びます。", FieldKind::PastMonth, 7),
    field(
        "looked",
        "点検したこと",
        "",
        FieldKind::ManyOf(&[
            ("refused", "断られた操作に、不審なものがないこと"),
            ("sign_ins", "サインインの失敗と、夜間・休日のサインイン"),
            ("removed", "退職・異動した人の操作がないこと"),
            ("patients", "担当でない患者を探す操作がないこと"),
            ("verified", "封印を検証し、書き換えがないこと"),
        ]),
        100,
    ),
    field("findings", "点検の結果", "問題がなければ「異常なし」と書きます。", FieldKind::Lines, 2000),
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let all = form.get("looked").is_some_and(|looked| looked.split(',').count() == 5);
    if all {
        Vec::new()
    } else {
        vec![FieldError::new("looked", "すべての項目を点検してから署名してください。")]
    }
}

pub(super) const REVIEW: Declaration = Declaration {
    procedure: Procedure::AuditReview,
    article: "要件7, 第4条(1)",
    letter: "L",
    purpose: "ひと月分の操作記録を点検し、運用管理責任者が署名します。署名のときの記録の件数と封印の値が残るので、あとから書き換えられたかどうかを確かめられます。",
    asks: &[Party::OperationsManager],
    papers: None,
    ways: &[],
    readers: &[Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: None,
    first: State::Draft,
    by_system: None,
    due: Due::Days(10),
    dues: &[],
    yearly: None,
    steps: &[
        Step {
            act: Act::Sign,
            from: &[State::Draft],
            to: Some(State::Signed),
            by: Party::OperationsManager,
            decides: false,
            fields: &[],
            effect: Some(Effect::RecordReview),
        },
        Step {
            act: Act::EditDraft,
            from: &[State::Draft],
            to: Some(State::Draft),
            by: Party::OperationsManager,
            decides: false,
            fields: FIELDS,
            effect: None,
        },
        Step {
            act: Act::Withdraw,
            from: &[State::Draft],
            to: Some(State::Withdrawn),
            by: Party::OperationsManager,
            decides: false,
            fields: &[],
            effect: None,
        },
        Step {
            act: Act::Note,
            from: &[State::Signed],
            to: Some(State::Done),
            by: Party::City,
            decides: true,
            fields: &[],
            effect: None,
        },
    ],
    course: &[State::Draft, State::Signed, State::Done],
};
