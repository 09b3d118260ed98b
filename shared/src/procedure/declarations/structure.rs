//! 管理体制 (Art. 3): the operations manager appoints, files with the city, and the city confirms receipt. Filing is not
//! approval: an appointment is in force from its day on, whether or not the city has looked at it yet.

use super::{
    super::{Act, Channel, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State, Step},
    field, optional,
};
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    people::{Actor, Role},
};

/// What somebody is appointed as (Art. 3).
pub const APPOINTABLE: &[Role] =
    &[Role::OperationsManager, Role::SystemAdmin, Role::Operator, Role::KeyKeeper];

const FIELDS: &[Field] = &[
    field(
        "what",
        "届け出る内容",
        "",
        FieldKind::OneOf(&[("appoint", "任命する"), ("end", "任を解く（任期の終わりを決める）")]),
        10,
    ),
    field("account", "対象の人", "契約事業者に登録されている人から選びます。", FieldKind::Account, 26),
    field(
        "role",
        "役割",
        "",
        FieldKind::OneOf(&[
            ("operations_manager", "運用管理責任者"),
            ("system_admin", "システム管理者"),
            ("operator", "システム運用者（ヘルプデスク）"),
            ("key_keeper", "鍵管理者"),
        ]),
        30,
    ),
    optional(field("from_on", "任命の日", "この日から、役割が使えるようになります。", FieldKind::Day, 10)),
    optional(field("to_on", "最後の日", "この日の終わりに、役割が自動的に外れます。", FieldKind::Day, 10)),
    optional(field("remark", "備考", "", FieldKind::Lines, 500)),
];

fn check(form: &Form, actor: &Actor, _: Timestamp) -> Vec<FieldError> {
    let day = |name: &str| form.get(name).and_then(|text| text.parse::<Day>().ok());
    let appoints = form.get("what").is_some_and(|what| what == "appoint");
    let mut wrong = Vec::new();
    if appoints && day("from_on").is_none() {
        wrong.push(FieldError::new("from_on", "任命の日を入力してください。"));
    }
    if !appoints && day("to_on").is_none() {
        wrong.push(FieldError::new("to_on", "最後の日を入力してください。"));
    }
    if let (Some(from), Some(to)) = (day("from_on"), day("to_on"))
        && to < from
    {
        wrong.push(FieldError::new("to_on", "最後の日は、任命の日以後にしてください。"));
    }
    // Nobody gives themselves a role: another operations manager does, or the city enters the contractor's paper.
    if form.get("account").is_some_and(|account| *account == actor.account.to_string()) {
        wrong.push(FieldError::new("account", "自分自身の任命・解任は届け出られません。"));
    }
    wrong
}

const DRAFT: &[State] = &[State::Draft];

pub(super) const APPOINTMENT: Declaration = Declaration {
    procedure: Procedure::Appointment,
    article: "第3条",
    letter: "M",
    purpose: "運用管理責任者・システム管理者・システム運用者・鍵管理者を任命し、市に届け出ます。役割は、任命の日に始まり、最後の日に終わります。",
    asks: &[Party::OperationsManager],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::SystemAdmin, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: None,
    first: State::Draft,
    by_system: None,
    due: Due::Promptly,
    dues: &[],
    yearly: None,
    steps: &[
        Step {
            act: Act::File,
            from: DRAFT,
            to: Some(State::Filed),
            by: Party::OperationsManager,
            decides: false,
            fields: &[],
            effect: Some(Effect::Appoint),
        },
        Step {
            act: Act::EditDraft,
            from: DRAFT,
            to: Some(State::Draft),
            by: Party::OperationsManager,
            decides: false,
            fields: FIELDS,
            effect: None,
        },
        Step {
            act: Act::Withdraw,
            from: DRAFT,
            to: Some(State::Withdrawn),
            by: Party::OperationsManager,
            decides: false,
            fields: &[],
            effect: None,
        },
        Step {
            act: Act::ReceiveFiling,
            from: &[State::Filed],
            to: Some(State::Done),
            by: Party::City,
            decides: true,
            fields: &[],
            effect: None,
        },
    ],
    course: &[State::Draft, State::Filed, State::Done],
};
