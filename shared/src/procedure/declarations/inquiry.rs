//! 問い合わせ (Art. 16): whoever uses the system asks the help desk; every question and every answer is recorded. What
//! comes by telephone, FAX or e-mail is entered by the operator. An inquiry may turn out to be an incident.

use super::{
    super::{Act, Channel, Declaration, Due, Effect, Field, FieldKind, Party, Procedure, State, Step},
    field, optional,
};

/// The seven topics, in the order of the article.
const TOPICS: &[(&str, &str)] = &[
    ("start", "システムの利用開始"),
    ("specification", "システムの仕様"),
    ("outline", "システムの概要"),
    ("use", "システムの使い方"),
    ("facilities", "参加している施設の案内"),
    ("user", "ユーザー情報"),
    ("fault", "障害・復旧時間など"),
];

const FIELDS: &[Field] = &[
    field("topic", "問い合わせの種類", "", FieldKind::OneOf(TOPICS), 20),
    field("subject", "件名", "", FieldKind::Line, 60),
    field(
        "question",
        "問い合わせの内容",
        "患者の氏名や病状は書かないでください。画面の言葉や、押したボタンを書くと早く解決します。",
        FieldKind::Lines,
        2000,
    ),
    optional(field(
        "caller",
        "返事の宛先",
        "電話・FAX・メールで届いたとき、相手の氏名と連絡先を書きます。",
        FieldKind::Line,
        100,
    )),
];

const OPEN: &[State] = &[State::AwaitingAnswer, State::HandedOver];

pub(super) const INQUIRY: Declaration = Declaration {
    procedure: Procedure::Inquiry,
    article: "第16条, 図1-4",
    letter: "Q",
    purpose: "システムの使い方などを、ヘルプデスク（システム運用者）に問い合わせます。受付は月曜日から金曜日の午前9時から午後5時まで（祝日と12月29日から1月3日までを除く）です。",
    asks: &[Party::Asker],
    papers: Some(Party::Operator),
    ways: &[Channel::Phone, Channel::Fax, Channel::Mail],
    readers: &[Party::City, Party::OperationsManager],
    fields: FIELDS,
    check: None,
    follows: None,
    first: State::AwaitingAnswer,
    by_system: None,
    due: Due::AnswerTime,
    dues: &[(State::AwaitingAnswer, Due::AnswerTime), (State::Answered, Due::Days(14))],
    yearly: None,
    steps: &[
        Step {
            act: Act::Answer,
            from: OPEN,
            to: Some(State::Answered),
            by: Party::Operator,
            decides: false,
            fields: &[field("answer", "回答", "", FieldKind::Lines, 2000)],
            effect: None,
        },
        Step {
            act: Act::Settle,
            from: &[State::Answered],
            to: Some(State::Done),
            by: Party::Asker,
            decides: false,
            fields: &[],
            effect: None,
        },
        Step {
            act: Act::AskFurther,
            from: &[State::Answered],
            to: Some(State::AwaitingAnswer),
            by: Party::Asker,
            decides: false,
            fields: &[field("question", "追加の質問", "", FieldKind::Lines, 2000)],
            effect: None,
        },
        Step {
            act: Act::HandOver,
            from: &[State::AwaitingAnswer, State::Answered],
            to: Some(State::HandedOver),
            by: Party::Operator,
            decides: false,
            fields: &[
                field(
                    "kind",
                    "事案の種類",
                    "",
                    FieldKind::OneOf(&[("fault", "システム障害"), ("leak", "情報漏えい")]),
                    10,
                ),
                field("found_where", "発見箇所", "", FieldKind::Line, 100),
            ],
            effect: Some(Effect::OpenIncident),
        },
        Step {
            act: Act::CloseInquiry,
            from: &[State::Answered],
            to: Some(State::Done),
            by: Party::Operator,
            decides: false,
            fields: &[field("reason", "終える理由", "", FieldKind::Lines, 500)],
            effect: None,
        },
        Step {
            act: Act::Withdraw,
            from: OPEN,
            to: Some(State::Withdrawn),
            by: Party::Asker,
            decides: false,
            fields: &[],
            effect: None,
        },
        Step {
            act: Act::ProposeFaq,
            from: &[State::Answered],
            to: None,
            by: Party::Operator,
            decides: false,
            fields: &[
                field(
                    "faq_question",
                    "公開する質問",
                    "施設や人がわからない言葉に直してください。",
                    FieldKind::Lines,
                    300,
                ),
                field("faq_answer", "公開する回答", "", FieldKind::Lines, 1000),
            ],
            effect: None,
        },
        Step {
            act: Act::PublishFaq,
            from: &[State::Answered],
            to: None,
            by: Party::City,
            decides: true,
            fields: &[],
            effect: Some(Effect::PublishFaq),
        },
    ],
    course: &[State::AwaitingAnswer, State::Answered, State::Done],
};
