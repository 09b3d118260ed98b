//! ポータル変更 (Art. 14, figure 1-2): a facility or the city asks, the city reviews, a change of the design is agreed
//! between operator and city first, the operator edits and publishes. Whoever asked does not decide; an edit of the
//! request drops what was decided on it.

use super::{
    super::{Act, Channel, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State, Step},
    REASON, field, optional,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor, portal::FIXED};

const FIELDS: &[Field] = &[
    field("subject", "件名", "一覧に表示されます。", FieldKind::Line, 60),
    field(
        "what",
        "してほしいこと",
        "",
        FieldKind::OneOf(&[
            ("change", "今あるページを変える"),
            ("new_page", "新しいページを作る"),
            ("withdrawal", "今あるページの掲載をやめる"),
            ("notice", "お知らせだけを載せる"),
        ]),
        10,
    ),
    optional(field(
        "page",
        "変えるページ",
        "今あるページを変えるとき、掲載をやめるときに選びます。",
        FieldKind::PortalPage,
        32,
    )),
    field(
        "wish",
        "変えてほしい内容",
        "どこを、どう変えるかを書いてください。ポータルはだれでも読めます。個人の情報は書かないでください。",
        FieldKind::Lines,
        4000,
    ),
    field(
        "design",
        "画面の設計（並び・見た目）",
        "設計が変わるときは、先に市とシステム運用者が協議します（第14条(1)）。",
        FieldKind::OneOf(&[("no", "変わらない（内容だけ）"), ("yes", "変わる")]),
        5,
    ),
    optional(field("wished_on", "掲載を希望する日", "", FieldKind::Day, 10)),
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let what = form.get("what").map(String::as_str);
    let page = form.get("page").map(String::as_str);
    if matches!(what, Some("change" | "withdrawal")) && page.is_none() {
        return vec![FieldError::new("page", "変えるページを選んでください。")];
    }
    if what == Some("withdrawal") && page.is_some_and(|page| FIXED.contains(&page)) {
        let words =
            "このページは、ポータルにいつも必要です。掲載をやめる代わりに、内容の変更を依頼してください。";
        return vec![FieldError::new("page", words)];
    }
    Vec::new()
}

const REMARK: Field = optional(field("remark", "運用者に伝えること", "", FieldKind::Lines, 1000));
const DESIGN: Field =
    field("design_words", "設計案", "並びや見た目をどう変えるかを書いてください。", FieldKind::Lines, 4000);
const ANSWER: Field = field("answer", "市の意見", "", FieldKind::Lines, 2000);
/// Which saved proposal is published: the one that was looked at.
const DRAFT: Field = field("draft", "公開する案の番号", "", FieldKind::Line, 10);

const OPEN: &[State] =
    &[State::Asked, State::Returned, State::DesignTalk, State::DesignProposed, State::Editing];
/// Where an answer of the city stands or is awaited.
const REVIEWED: &[State] = &[State::Asked, State::DesignTalk, State::DesignProposed, State::Editing];

const fn by_city(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::City, decides: true, fields, effect: None }
}

const fn by_operator(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::Operator, decides: false, fields, effect: None }
}

const fn by_asker(act: Act, to: State, fields: &'static [Field]) -> Step {
    Step { act, from: OPEN, to: Some(to), by: Party::Asker, decides: false, fields, effect: None }
}

pub(super) const CHANGE: Declaration = Declaration {
    procedure: Procedure::PortalChange,
    article: "第14条",
    letter: "W",
    purpose: "ポータルのページやお知らせを、新しく載せるか、変えます。市が審査し、システム運用者が編集して公開します。公開と同時に、トップページに「新規」か「更新」の印が付きます。",
    asks: &[Party::Facility, Party::City],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::OperationsManager, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: None,
    first: State::Asked,
    by_system: None,
    due: Due::Promptly,
    dues: &[],
    yearly: None,
    steps: &[
        by_city(Act::AcceptContent, &[State::Asked], State::Editing, &[REMARK]),
        by_city(Act::AcceptDesign, &[State::Asked], State::DesignTalk, &[REMARK]),
        // The operator may find while editing that the design changes after all.
        by_operator(Act::OfferDesign, &[State::DesignTalk], State::DesignProposed, &[DESIGN]),
        by_city(Act::AgreeDesign, &[State::DesignProposed], State::Editing, &[REMARK]),
        by_city(Act::AnswerDesign, &[State::DesignProposed], State::DesignTalk, &[ANSWER]),
        Step {
            effect: Some(Effect::PublishPortal),
            ..by_operator(Act::Publish, &[State::Editing], State::Done, &[DRAFT])
        },
        by_operator(Act::TalkDesign, &[State::Editing], State::DesignProposed, &[DESIGN]),
        by_asker(Act::AskAgain, State::Asked, FIELDS),
        by_city(Act::Return, REVIEWED, State::Returned, &[REASON]),
        by_city(Act::Refuse, REVIEWED, State::Refused, &[REASON]),
        by_asker(Act::Withdraw, State::Withdrawn, &[]),
    ],
    course: &[State::Asked, State::Editing, State::Done],
};
