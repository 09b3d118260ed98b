//! 入室 and 鍵の貸出 (Arts. 10 and 19, figure 2-2): the operations manager lets somebody into the room of the machines, the
//! key keeper lends the key of the rack, and both are recorded until the person is out and the key is back.

use super::{
    super::{
        Act, CannotStep, Case, Declaration, Due, Field, FieldKind, Form, Party, Procedure, State, moment_of,
    },
    REASON, REMARK, deciding, field, not_before, step,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let at = |name: &str| form.get(name).and_then(|text| moment_of(text));
    match (at("from_at"), at("to_at")) {
        (Some(from), Some(to)) if to <= from => {
            vec![FieldError::new("to_at", "終わりは、始まりより後にしてください。")]
        }
        _ => Vec::new(),
    }
}

const ENTRY: &[Field] = &[
    field("subject", "入室する人", "氏名と所属", FieldKind::Line, 80),
    field("purpose", "目的と作業の内容", "", FieldKind::Lines, 1000),
    field("from_at", "入室の予定", "", FieldKind::Moment, 16),
    field("to_at", "退室の予定", "", FieldKind::Moment, 16),
    field("escort", "同伴する人", "入室を認められている人の氏名", FieldKind::Line, 60),
    field(
        "things",
        "持ち込むもの",
        "必要なもの以外は持ち込めません。ないときは「なし」",
        FieldKind::Lines,
        500,
    ),
    field(
        "recording",
        "撮影・録音",
        "",
        FieldKind::OneOf(&[("none", "しない"), ("asked", "する（目的に理由を書きます）")]),
        6,
    ),
];

/// Nobody is in before it was permitted, or out before they were in.
fn follows_entry(case: &Case, act: Act, form: &Form, _: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    match act {
        Act::RecordEntry => {
            not_before(form, "in_at", case, Act::PermitEntry, None, "入室の許可より後にしてください。")
        }
        Act::RecordExit => {
            not_before(form, "out_at", case, Act::RecordEntry, Some("in_at"), "入室より後にしてください。")
        }
        _ => Ok(()),
    }
}

pub(super) const AREA_ENTRY: Declaration = Declaration {
    procedure: Procedure::AreaEntry,
    article: "第10条, 第19条(1), 図2-2",
    letter: "Y",
    purpose: "入室を制限されている人が、クラウド設備設置室に入ることを申請します。運用管理責任者が許可し、入室できる人が同伴し、入室と退室を記録します。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::KeyKeeper, Party::Auditor],
    fields: ENTRY,
    check: Some(check),
    follows: Some(follows_entry),
    first: State::EntryAsked,
    by_system: None,
    due: Due::EndOf("from_at"),
    dues: &[
        (State::EntryAsked, Due::EndOf("from_at")),
        (State::EntryPermitted, Due::EndOf("to_at")),
        (State::Inside, Due::EndOf("to_at")),
    ],
    yearly: None,
    steps: &[
        deciding(step(
            Act::PermitEntry,
            &[State::EntryAsked],
            State::EntryPermitted,
            Party::OperationsManager,
            &[
                field(
                    "recording_permitted",
                    "撮影・録音の許可",
                    "",
                    FieldKind::OneOf(&[("no", "許可しない"), ("yes", "許可する")]),
                    3,
                ),
                REMARK,
            ],
        )),
        step(
            Act::RecordEntry,
            &[State::EntryPermitted],
            State::Inside,
            Party::SystemAdmin,
            &[
                field("in_at", "入室した時刻", "", FieldKind::PastMoment, 16),
                field("escorted_by", "同伴した人", "", FieldKind::Line, 60),
            ],
        ),
        step(
            Act::RecordExit,
            &[State::Inside],
            State::Done,
            Party::SystemAdmin,
            &[
                field("out_at", "退室した時刻", "", FieldKind::PastMoment, 16),
                field("result", "作業の結果と、施錠・残置物の確認", "", FieldKind::Lines, 1000),
            ],
        ),
        deciding(step(
            Act::Refuse,
            &[State::EntryAsked],
            State::Refused,
            Party::OperationsManager,
            &[REASON],
        )),
        step(Act::AskAgain, &[State::EntryAsked], State::EntryAsked, Party::Asker, ENTRY),
        step(Act::Withdraw, &[State::EntryAsked, State::EntryPermitted], State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::EntryAsked, State::EntryPermitted, State::Inside, State::Done],
};

const KEY: &[Field] = &[
    field("subject", "鍵", "ラックの番号など、鍵がわかる名前", FieldKind::Line, 60),
    field("purpose", "目的と作業の内容", "", FieldKind::Lines, 1000),
    field("from_at", "借りる予定", "", FieldKind::Moment, 16),
    field("to_at", "返す予定", "", FieldKind::Moment, 16),
];

/// No key is back before it was lent.
fn follows_key(case: &Case, act: Act, form: &Form, _: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    if act != Act::TakeKeyBack {
        return Ok(());
    }
    not_before(form, "back_at", case, Act::LendKey, Some("lent_at"), "鍵を渡した時刻より後にしてください。")
}

pub(super) const KEY_LOAN: Declaration = Declaration {
    procedure: Procedure::KeyLoan,
    article: "第10条(7), 第19条(2)(3), 図2-2",
    letter: "Z",
    purpose: "クラウド設備に直接作業するために、ラックや隔離されたスペースの鍵を借ります。鍵管理者が許可して渡し、返却を確かめます。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::OperationsManager, Party::City, Party::Auditor],
    fields: KEY,
    check: Some(check),
    follows: Some(follows_key),
    first: State::KeyAsked,
    by_system: None,
    due: Due::EndOf("from_at"),
    dues: &[(State::KeyAsked, Due::EndOf("from_at")), (State::KeyLent, Due::EndOf("to_at"))],
    yearly: None,
    steps: &[
        deciding(step(
            Act::LendKey,
            &[State::KeyAsked],
            State::KeyLent,
            Party::KeyKeeper,
            &[field("lent_at", "鍵を渡した時刻", "", FieldKind::PastMoment, 16), REMARK],
        )),
        step(
            Act::TakeKeyBack,
            &[State::KeyLent],
            State::Done,
            Party::KeyKeeper,
            &[
                field("back_at", "鍵が返された時刻", "", FieldKind::PastMoment, 16),
                field(
                    "locked",
                    "施錠の確認",
                    "",
                    FieldKind::OneOf(&[("yes", "ラックが施錠されていることを確かめました")]),
                    3,
                ),
                REMARK,
            ],
        ),
        deciding(step(Act::Refuse, &[State::KeyAsked], State::Refused, Party::KeyKeeper, &[REASON])),
        step(Act::AskAgain, &[State::KeyAsked], State::KeyAsked, Party::Asker, KEY),
        step(Act::Withdraw, &[State::KeyAsked], State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::KeyAsked, State::KeyLent, State::Done],
};
