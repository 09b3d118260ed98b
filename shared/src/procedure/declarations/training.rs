//! 教育・訓練 (Art. 4): the operations manager records a training of the staff, and a system administrator who was there
//! confirms who took part.

use super::{
    super::{Act, Declaration, Due, Field, FieldKind, Party, Procedure, State},
    REASON, REMARK, deciding, field, step,
};

/// The five matters of Art. 4, in their order.
pub const TRAINING_TOPICS: &[(&str, &str)] = &[
    ("purpose", "(1) 業務目的以外のアクセスの禁止"),
    ("password", "(2) パスワードの秘密保持"),
    ("away", "(3) 離席時の画面ロックなど、端末と記録媒体の措置"),
    ("leaving", "(4) 業務を離れるときの秘匿"),
    ("report", "(5) 障害・事故の速やかな報告と措置"),
];

const FIELDS: &[Field] = &[
    field("subject", "教育・訓練の名前", "", FieldKind::Line, 60),
    field("on", "実施した日", "", FieldKind::PastDay, 10),
    field("topic", "扱った事項", "第4条の5つの事項です。", FieldKind::ManyOf(TRAINING_TOPICS), 60),
    field("method", "方法と教材", "集合研修、動画、訓練など", FieldKind::Lines, 500),
    field("people", "受講した人", "氏名を1行に1人ずつ書きます。", FieldKind::Lines, 2000),
    field(
        "result",
        "理解の確かめ方と結果",
        "確認テスト、聞き取りなど。受けられなかった人がいるときは、いつ行うかも書きます。",
        FieldKind::Lines,
        1000,
    ),
];

const HELD: &[State] = &[State::TrainingHeld];

pub(super) const TRAINING: Declaration = Declaration {
    procedure: Procedure::Training,
    article: "第4条",
    letter: "G",
    purpose: "システム運用業務・システム管理業務の要員に行った教育・訓練を記録します。受講したシステム管理者が、受講した人に誤りがないことを確かめます。",
    asks: &[Party::OperationsManager],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::Operator, Party::KeyKeeper, Party::Auditor],
    fields: FIELDS,
    check: None,
    follows: None,
    first: State::TrainingHeld,
    by_system: None,
    due: Due::Days(14),
    dues: &[],
    yearly: None,
    steps: &[
        deciding(step(Act::ConfirmTraining, HELD, State::Done, Party::SystemAdmin, &[REMARK])),
        deciding(step(Act::Refuse, HELD, State::Refused, Party::SystemAdmin, &[REASON])),
        step(Act::AskAgain, HELD, State::TrainingHeld, Party::Asker, FIELDS),
        step(Act::Withdraw, HELD, State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::TrainingHeld, State::Done],
};
