//! 受け入れ (Art. 20, figure 2-3) and 維持管理 (Art. 21, figure 2-4): what the system administrator does to the system is
//! permitted by the operations manager, and ends with a backup of the system data.

use super::{
    super::{
        Act, CannotStep, Case, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State,
        Step,
    },
    REASON, REMARK, deciding, field, not_before, step,
};
use crate::{calendar::Timestamp, people::Actor};

const ACCEPTED: &[Field] = &[
    field("subject", "受け入れるもの", "", FieldKind::Line, 80),
    field(
        "kind",
        "種類",
        "",
        FieldKind::OneOf(&[("new", "新しく受け入れる"), ("improved", "改善の後に受け入れる")]),
        10,
    ),
    field("vendor", "システム開発ベンダー", "会社名、担当者名", FieldKind::Line, 80),
    field("asked_on", "受け入れを求められた日", "", FieldKind::PastDay, 10),
    field("content", "内容", "版と、前の版から変わる点を書きます。", FieldKind::Lines, 2000),
];

/// The four checks of Art. 20.
const CHECKS: &[Field] = &[
    field(
        "method",
        "(1) 管理業務の実施方法と、変わる点の確認",
        "手順書の改め方も書きます。",
        FieldKind::Lines,
        1000,
    ),
    field(
        "works",
        "(2) 仕様どおりの稼働・既存システムへの影響の確認",
        "試験の結果と、その所在を書きます。",
        FieldKind::Lines,
        1000,
    ),
    field("ledger", "(3) 資産台帳の整備", "登録した版と、変わった資産を書きます。", FieldKind::Lines, 1000),
    field(
        "copy",
        "(4) システムファイルの控え",
        "最新の検証済みの控えの番号が、この案件に記録されます。",
        FieldKind::OneOf(&[("yes", "システムデータの控えがあることを確かめました")]),
        3,
    ),
];

const CHECKING: &[State] = &[State::AcceptanceAsked];
const CHECKED: &[State] = &[State::AcceptanceChecked];

pub(super) const ACCEPTANCE: Declaration = Declaration {
    procedure: Procedure::Acceptance,
    article: "第20条, 図2-3",
    letter: "H",
    purpose: "システムを新しく、または改善の後に受け入れます。システム管理者が4つの項目を確かめて記録し、運用管理責任者が許可します。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::Operator, Party::Auditor],
    fields: ACCEPTED,
    check: None,
    follows: None,
    first: State::AcceptanceAsked,
    by_system: None,
    due: Due::Days(30),
    dues: &[(State::AcceptanceChecked, Due::Days(7))],
    yearly: None,
    steps: &[
        Step {
            effect: Some(Effect::NameSystemData),
            ..step(Act::CheckAcceptance, CHECKING, State::AcceptanceChecked, Party::SystemAdmin, CHECKS)
        },
        deciding(step(Act::PermitAcceptance, CHECKED, State::Done, Party::OperationsManager, &[REMARK])),
        deciding(step(Act::Return, CHECKED, State::AcceptanceAsked, Party::OperationsManager, &[REASON])),
        deciding(step(Act::Refuse, CHECKED, State::Refused, Party::OperationsManager, &[REASON])),
        step(Act::AskAgain, CHECKING, State::AcceptanceAsked, Party::Asker, ACCEPTED),
        step(Act::Withdraw, CHECKING, State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::AcceptanceAsked, State::AcceptanceChecked, State::Done],
};

const WORK: &[Field] = &[
    field("subject", "作業の名前", "", FieldKind::Line, 80),
    field(
        "topic",
        "対象",
        "",
        FieldKind::OneOf(&[
            ("hardware", "ハードウェア（定期的な再起動など）"),
            ("software", "ソフトウェア（バグ・セキュリティホールへの対応など）"),
        ]),
        10,
    ),
    field("instruction", "メーカー等からの指示", "指示の番号、日付、内容", FieldKind::Lines, 1000),
    field("content", "作業の内容", "戻し方も書きます。", FieldKind::Lines, 2000),
    field(
        "planned_at",
        "作業の予定",
        "サービスが止まるときは、「計画停止」も申請します。",
        FieldKind::Moment,
        16,
    ),
];

/// Nothing is done before it was permitted.
fn follows(case: &Case, act: Act, form: &Form, _: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    if act != Act::RecordWork {
        return Ok(());
    }
    not_before(form, "done_at", case, Act::PermitWork, None, "作業の許可より後にしてください。")
}

const ASKED: &[State] = &[State::WorkAsked];

pub(super) const MAINTENANCE: Declaration = Declaration {
    procedure: Procedure::Maintenance,
    article: "第21条, 図2-4",
    letter: "X",
    purpose: "メーカー等の指示に従って、ハードウェアやソフトウェアの維持管理の作業を行います。運用管理責任者が許可し、システム管理者が行って記録し、システムデータの控えを確かめます。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::Operator, Party::Auditor],
    fields: WORK,
    check: None,
    follows: Some(follows),
    first: State::WorkAsked,
    by_system: None,
    due: Due::Days(7),
    dues: &[(State::WorkPermitted, Due::EndOf("planned_at"))],
    yearly: None,
    steps: &[
        deciding(step(Act::PermitWork, ASKED, State::WorkPermitted, Party::OperationsManager, &[REMARK])),
        Step {
            effect: Some(Effect::NameSystemData),
            ..step(
                Act::RecordWork,
                &[State::WorkPermitted],
                State::Done,
                Party::SystemAdmin,
                &[
                    field("done_at", "作業を終えた時刻", "", FieldKind::PastMoment, 16),
                    field("result", "作業の結果", "", FieldKind::Lines, 2000),
                    field(
                        "copy",
                        "システムファイルの控え",
                        "最新の検証済みの控えの番号が、この案件に記録されます。",
                        FieldKind::OneOf(&[("yes", "システムデータの控えがあることを確かめました")]),
                        3,
                    ),
                ],
            )
        },
        deciding(step(Act::Refuse, ASKED, State::Refused, Party::OperationsManager, &[REASON])),
        step(Act::AskAgain, ASKED, State::WorkAsked, Party::Asker, WORK),
        step(Act::Withdraw, &[State::WorkAsked, State::WorkPermitted], State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::WorkAsked, State::WorkPermitted, State::Done],
};
