//! 障害・情報漏えい (Art. 18, Form 3, figures 2-1 and 3): the ten steps in the article's order. Nothing is recovered before
//! the evidence is complete and the provisional measure is taken: there is no step from an earlier state.

use super::{
    super::{Act, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State, Step},
    field, optional,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

/// What happened.
const KINDS: &[(&str, &str)] = &[("fault", "システム障害"), ("leak", "情報漏えい")];

/// By which way somebody was told (figure 3).
const WAYS: &[(&str, &str)] =
    &[("phone", "電話"), ("fax", "FAX"), ("mail", "E-mail"), ("portal", "ポータル"), ("face", "対面")];

const PEOPLE: Field = optional(field(
    "people",
    "漏えいした人数（見込み）",
    "情報漏えいのとき。医療の情報なら、1人でも報告の対象です。",
    FieldKind::Count,
    7,
));
const WRONGFUL: Field = optional(field(
    "wrongful",
    "不正の目的によるおそれ",
    "情報漏えいのとき。あれば、確報の期限は60日になります。",
    FieldKind::OneOf(&[("no", "なし"), ("yes", "あり")]),
    3,
));

const FIELDS: &[Field] = &[
    field("kind", "種類", "", FieldKind::OneOf(KINDS), 10),
    field("subject", "件名", "", FieldKind::Line, 60),
    field("found_at", "発見日時", "", FieldKind::PastMoment, 16),
    field("found_where", "発見箇所", "", FieldKind::Line, 100),
    optional(field("occurred_at", "発生日時", "わからないときは空けておきます。", FieldKind::PastMoment, 16)),
    field("content", "内容", "患者の氏名や病状は書かないでください。", FieldKind::Lines, 2000),
    field("scope", "影響範囲", "", FieldKind::Lines, 1000),
    PEOPLE,
    WRONGFUL,
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if let (Some(found), Some(occurred)) = (form.get("found_at"), form.get("occurred_at"))
        && occurred > found
    {
        wrong.push(FieldError::new("occurred_at", "発生日時は、発見日時より前にしてください。"));
    }
    wrong
}

/// Until it is recovered.
const UNDER_WAY: &[State] = &[
    State::Detected,
    State::Contacted,
    State::Preserved,
    State::Analysed,
    State::Informed,
    State::Secured,
    State::Mitigated,
];
/// Until it is closed.
const OPEN: &[State] = &[
    State::Detected,
    State::Contacted,
    State::Preserved,
    State::Analysed,
    State::Informed,
    State::Secured,
    State::Mitigated,
    State::Recovered,
    State::Reported,
    State::InCouncil,
];

const fn by_admin(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::SystemAdmin, decides: false, fields, effect: None }
}

const fn beside(act: Act, from: &'static [State], by: Party, fields: &'static [Field]) -> Step {
    Step { act, from, to: None, by, decides: false, fields, effect: None }
}

const TOLD_AT: Field = field("told_at", "連絡した日時", "", FieldKind::PastMoment, 16);
const TOLD_BY: Field = field(
    "told_by",
    "方法",
    "受付時間内は電話、それ以外はFAXかE-mailです（図3）。",
    FieldKind::ManyOf(WAYS),
    60,
);
const LOG: &[Field] = &[
    field("at", "日時", "", FieldKind::PastMoment, 16),
    field("course", "経過", "", FieldKind::Lines, 1000),
];
const CALL: &[Field] = &[
    TOLD_AT,
    field("whom", "相手", "利用者・施設管理者、システム運用者、市、メーカーなど", FieldKind::Line, 100),
    TOLD_BY,
    field("content", "内容", "", FieldKind::Lines, 500),
    field("reached", "つながったか", "", FieldKind::OneOf(&[("yes", "はい"), ("no", "いいえ")]), 3),
];
const REASON: Field = field("reason", "やむを得ない理由", "", FieldKind::Lines, 500);

pub(super) const INCIDENT: Declaration = Declaration {
    procedure: Procedure::Incident,
    article: "第18条, 様式第3, 図2-1, 図3",
    letter: "I",
    purpose: "システムの異常や情報漏えいに、第18条の順で対応し、様式第3で市に報告します。証拠保全と暫定措置が済むまで、復旧はできません。",
    asks: &[Party::SystemAdmin, Party::Operator],
    papers: None,
    ways: &[],
    readers: &[Party::OperationsManager, Party::Council, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: None,
    first: State::Detected,
    by_system: Some(State::Suspected),
    due: Due::Promptly,
    dues: &[
        (State::Contacted, Due::Promptly),
        (State::Recovered, Due::Days(7)),
        (State::Reported, Due::Days(7)),
        (State::InCouncil, Due::Days(60)),
    ],
    yearly: None,
    steps: &[
        by_admin(
            Act::TakeOn,
            &[State::Suspected],
            State::Detected,
            &[
                field("kind", "確認した種類", "", FieldKind::OneOf(KINDS), 10),
                field("state", "確認した状況", "", FieldKind::Lines, 1000),
            ],
        ),
        by_admin(
            Act::Dismiss,
            &[State::Suspected],
            State::Withdrawn,
            &[field(
                "reason",
                "異常ではないと判断した理由",
                "どう確認したかも書きます。",
                FieldKind::Lines,
                500,
            )],
        ),
        by_admin(
            Act::Contact,
            &[State::Detected],
            State::Contacted,
            &[
                TOLD_AT,
                TOLD_BY,
                field("whom", "市の相手", "", FieldKind::Line, 60),
                field("state", "確認した状況", "", FieldKind::Lines, 1000),
            ],
        ),
        Step {
            effect: Some(Effect::FreezeEvidence),
            ..by_admin(
                Act::Preserve,
                &[State::Contacted],
                State::Preserved,
                &[
                    field("from_at", "保存するアクセス記録の始め", "", FieldKind::PastMoment, 16),
                    field(
                        "to_at",
                        "保存するアクセス記録の終わり",
                        "31日分までです。",
                        FieldKind::PastMoment,
                        16,
                    ),
                    optional(field(
                        "also",
                        "ほかに保存したもの",
                        "ログ、画面の写しなど",
                        FieldKind::Lines,
                        500,
                    )),
                ],
            )
        },
        by_admin(
            Act::Analyse,
            &[State::Preserved],
            State::Analysed,
            &[
                field("cause", "原因", "", FieldKind::Lines, 1000),
                field(
                    "related",
                    "連係した関係箇所",
                    "メーカー、ベンダーなど。なければ「なし」",
                    FieldKind::Line,
                    200,
                ),
                field(
                    "plan",
                    "今後の対処予定",
                    "情報漏えいのときは、被害の規模も書きます。",
                    FieldKind::Lines,
                    1000,
                ),
                PEOPLE,
                WRONGFUL,
                optional(field(
                    "data_items",
                    "漏えいした情報の項目",
                    "情報漏えいのとき。",
                    FieldKind::Lines,
                    500,
                )),
                optional(field(
                    "secondary",
                    "二次被害またはそのおそれ",
                    "情報漏えいのとき。",
                    FieldKind::Lines,
                    500,
                )),
            ],
        ),
        Step {
            by: Party::Operator,
            effect: Some(Effect::PublishNotice),
            ..by_admin(
                Act::Inform,
                &[State::Analysed],
                State::Informed,
                &[
                    field(
                        "affected",
                        "利用への影響",
                        "",
                        FieldKind::OneOf(&[("yes", "ある"), ("no", "ない")]),
                        3,
                    ),
                    TOLD_BY,
                    field(
                        "words",
                        "周知した内容（影響がないときは、その理由）",
                        "影響があるときは、このままポータルに載ります。",
                        FieldKind::Lines,
                        1000,
                    ),
                ],
            )
        },
        by_admin(
            Act::Secure,
            &[State::Informed],
            State::Secured,
            &[
                field("secured", "保全した証拠", "", FieldKind::Lines, 1000),
                field("measure_plan", "再発防止の暫定処置の検討結果", "", FieldKind::Lines, 1000),
            ],
        ),
        by_admin(
            Act::Mitigate,
            &[State::Secured],
            State::Mitigated,
            &[
                field("measure", "講じた暫定措置", "", FieldKind::Lines, 1000),
                field("measured_at", "措置を講じた日時", "", FieldKind::PastMoment, 16),
            ],
        ),
        Step {
            effect: Some(Effect::ResumeService),
            ..by_admin(
                Act::Recover,
                &[State::Mitigated],
                State::Recovered,
                &[
                    field("recovered_at", "復旧・対応日時", "", FieldKind::PastMoment, 16),
                    field("how", "復旧の方法と確認", "", FieldKind::Lines, 1000),
                ],
            )
        },
        by_admin(
            Act::Submit,
            &[State::Recovered],
            State::Reported,
            &[
                field("action", "処置", "", FieldKind::Lines, 1000),
                field(
                    "lasting",
                    "システム管理業務で対応できない再発防止策",
                    "なければ「なし」",
                    FieldKind::Lines,
                    1000,
                ),
                optional(field("remark", "備考", "", FieldKind::Lines, 500)),
                optional(field("attachments", "添付資料", "資料の名前", FieldKind::Lines, 300)),
            ],
        ),
        Step {
            act: Act::ReceiveReport,
            from: &[State::Reported],
            to: Some(State::Done),
            by: Party::City,
            decides: true,
            fields: &[field("judgement", "協議会に報告しない理由", "", FieldKind::Lines, 500)],
            effect: None,
        },
        Step {
            act: Act::ReferToCouncil,
            from: &[State::Reported],
            to: Some(State::InCouncil),
            by: Party::City,
            decides: true,
            fields: &[field("judgement", "協議会に報告する理由", "", FieldKind::Lines, 500)],
            effect: None,
        },
        Step {
            act: Act::Deliberate,
            from: &[State::InCouncil],
            to: Some(State::Done),
            // The council has no desk of its own: the city keeps its minutes.
            by: Party::City,
            decides: false,
            fields: &[
                field("held_on", "協議した日", "", FieldKind::PastDay, 10),
                field("prevention", "事故防止の対策", "", FieldKind::Lines, 1000),
            ],
            effect: None,
        },
        Step {
            effect: Some(Effect::CutService),
            ..beside(Act::Cut, UNDER_WAY, Party::SystemAdmin, &[REASON])
        },
        Step {
            effect: Some(Effect::HaltService),
            ..beside(
                Act::Halt,
                UNDER_WAY,
                Party::SystemAdmin,
                &[
                    field(
                        "mode",
                        "止め方",
                        "",
                        FieldKind::OneOf(&[("read_only", "閲覧だけにする"), ("closed", "すべて止める")]),
                        10,
                    ),
                    REASON,
                ],
            )
        },
        beside(Act::Log, OPEN, Party::SystemAdmin, LOG),
        beside(Act::Call, OPEN, Party::SystemAdmin, CALL),
        beside(Act::CallUsers, OPEN, Party::Operator, CALL),
        beside(
            Act::Notify,
            OPEN,
            Party::SystemAdmin,
            &[
                field(
                    "report",
                    "報告・通知",
                    "",
                    FieldKind::OneOf(&[
                        ("prompt", "個人情報保護委員会への速報"),
                        ("final", "個人情報保護委員会への確報"),
                        ("persons", "本人への通知"),
                        ("publication", "公表"),
                    ]),
                    20,
                ),
                field("done_on", "した日", "", FieldKind::PastDay, 10),
                field("words", "内容", "", FieldKind::Lines, 500),
            ],
        ),
    ],
    course: &[
        State::Detected,
        State::Contacted,
        State::Preserved,
        State::Analysed,
        State::Informed,
        State::Secured,
        State::Mitigated,
        State::Recovered,
        State::Reported,
        State::Done,
    ],
};
