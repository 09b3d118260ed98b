//! 手順書の見直し・訓練 (Art. 24(3)): the system administrator records that a runbook was read through or carried out, and
//! the operations manager confirms it.

use super::{
    super::{Act, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State, Step},
    REASON, field, optional,
};
use crate::{api::error::FieldError, calendar::Timestamp, evidence::runbook::CHOICES, people::Actor};

const FIELDS: &[Field] = &[
    field("runbook", "手順書", "", FieldKind::OneOf(CHOICES), 3),
    field(
        "work",
        "したこと",
        "",
        FieldKind::OneOf(&[("review", "見直し（通読）"), ("rehearsal", "訓練（実際に手順を行った）")]),
        10,
    ),
    field("on", "した日", "", FieldKind::PastDay, 10),
    field("version", "使った版", "手順書の先頭に書いてあります。", FieldKind::Count, 6),
    field(
        "result",
        "結果",
        "わかったこと、かかった時間、直したほうがよい所を書きます。",
        FieldKind::Lines,
        2000,
    ),
    optional(field("people", "参加した人", "", FieldKind::Lines, 300)),
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    match form.get("version").map(String::as_str) {
        Some("0") => vec![FieldError::new("version", "版は1からです。")],
        _ => Vec::new(),
    }
}

pub(super) const RUNBOOK: Declaration = Declaration {
    procedure: Procedure::RunbookReview,
    article: "第24条(3)",
    letter: "B",
    purpose: "手順書を通読して見直したこと、または手順書のとおりに訓練したことを記録します。運用管理責任者が確かめると、手順書の一覧の「最後の見直し」「最後の訓練」が新しくなります。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: None,
    first: State::WorkRecorded,
    by_system: None,
    due: Due::Days(10),
    dues: &[],
    yearly: None,
    steps: &[
        Step {
            act: Act::ConfirmWork,
            from: &[State::WorkRecorded],
            to: Some(State::Done),
            by: Party::OperationsManager,
            decides: true,
            fields: &[],
            effect: Some(Effect::RecordRunbook),
        },
        Step {
            act: Act::Refuse,
            from: &[State::WorkRecorded],
            to: Some(State::Refused),
            by: Party::OperationsManager,
            decides: true,
            fields: &[REASON],
            effect: None,
        },
        Step {
            act: Act::Withdraw,
            from: &[State::WorkRecorded],
            to: Some(State::Withdrawn),
            by: Party::SystemAdmin,
            decides: false,
            fields: &[],
            effect: None,
        },
    ],
    course: &[State::WorkRecorded, State::Done],
};
