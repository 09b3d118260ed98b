//! データの処分 (Arts. 22 and 24(1)): what falls due, or what a withdrawn consent asks for, is permitted by the operations
//! manager, let be erased by the system administrator by hand and with a reason, erased by the system, and its certificate
//! received by the operator. The system never begins: it ends what that person began, or gives it back untouched.
//! The system opens a case for each day whose five years are over; the city for a patient, where it has decided so.

use super::{
    super::{
        Act, CannotStep, Case, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State,
        Step,
    },
    REASON, REMARK, field,
};
use crate::{calendar::Timestamp, people::Actor};

/// What is erased: the value of the field `what`.
pub const OF_A_DAY: &str = "day";

const FIELDS: &[Field] = &[
    field("subject", "件名", "一覧に表示されます。患者の氏名は書かないでください。", FieldKind::Line, 60),
    field(
        "what",
        "処分するもの",
        "",
        FieldKind::OneOf(&[
            ("patient", "同意が撤回された患者のデータ"),
            (OF_A_DAY, "保管期限（5年）が終わった日のデータ"),
        ]),
        10,
    ),
    field("target", "対象", "患者の番号、または発信日（例 2026-11-20）", FieldKind::Line, 40),
    field("ground", "処分の根拠", "患者の氏名や病状は書かないでください。", FieldKind::Lines, 1000),
];

const BY_HAND: &[Field] = &[
    field("reason", "手動で実行する理由", "第24条(1)の手動運転の記録になります。", FieldKind::Lines, 500),
    field(
        "sure",
        "確認",
        "",
        FieldKind::OneOf(&[("yes", "消去すると元に戻せないことと、対象に誤りがないことを確かめました")]),
        3,
    ),
];

/// What falls due is not refused, because keeping it is no choice; and whoever permitted does not erase.
fn follows(case: &Case, act: Act, _: &Form, actor: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    let of_a_day = case.form.get("what").is_some_and(|what| what == OF_A_DAY);
    let permitted = case.taken.iter().rev().find(|taken| taken.act == Act::PermitDisposal);
    match act {
        Act::Refuse if of_a_day => Err(CannotStep::NotNow),
        Act::Erase if permitted.is_some_and(|taken| taken.by == actor.account) => Err(CannotStep::OwnRequest),
        _ => Ok(()),
    }
}

const fn by_manager(act: Act, to: State, fields: &'static [Field]) -> Step {
    let from = &[State::DueForDisposal];
    Step { act, from, to: Some(to), by: Party::OperationsManager, decides: true, fields, effect: None }
}

/// What became of an erasure that a person began.
const fn by_system(act: Act, to: State, fields: &'static [Field]) -> Step {
    let from = &[State::Erasing];
    Step { act, from, to: Some(to), by: Party::System, decides: false, fields, effect: None }
}

pub(super) const DISPOSAL: Declaration = Declaration {
    procedure: Procedure::Disposal,
    article: "第22条, 第24条(1)",
    letter: "E",
    purpose: "保管期限（5年）が終わった日のデータ、または同意が撤回された患者のデータを、すべてのバックアップ世代から読めなくします。運用管理責任者が許可し、システム管理者が手動で実行すると、システムが消去して消去証明を作り、システム運用者が消去証明を受け取ります。",
    asks: &[Party::City],
    papers: None,
    ways: &[],
    readers: &[Party::Auditor],
    fields: FIELDS,
    check: None,
    follows: Some(follows),
    first: State::DueForDisposal,
    by_system: Some(State::DueForDisposal),
    due: Due::Days(30),
    dues: &[
        (State::DisposalPermitted, Due::Days(7)),
        (State::Erasing, Due::Days(1)),
        (State::Erased, Due::Days(7)),
    ],
    yearly: None,
    steps: &[
        by_manager(Act::PermitDisposal, State::DisposalPermitted, &[REMARK]),
        by_manager(Act::Refuse, State::Refused, &[REASON]),
        Step {
            act: Act::Erase,
            from: &[State::DisposalPermitted],
            to: Some(State::Erasing),
            by: Party::SystemAdmin,
            decides: true,
            fields: BY_HAND,
            effect: Some(Effect::EraseData),
        },
        by_system(Act::EndErasure, State::Erased, &[]),
        by_system(Act::GiveUpErasure, State::DisposalPermitted, &[REASON]),
        Step {
            act: Act::ReceiveCertificate,
            from: &[State::Erased],
            to: Some(State::Done),
            by: Party::Operator,
            decides: false,
            fields: &[REMARK],
            effect: None,
        },
    ],
    course: &[State::DueForDisposal, State::DisposalPermitted, State::Erasing, State::Erased, State::Done],
};
