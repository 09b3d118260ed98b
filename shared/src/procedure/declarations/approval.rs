//! 管理規程の承認 (Art. 6) and 準拠度チェックリスト (Art. 7): the operations manager presents, the city approves.

use super::{
    super::{Act, Declaration, Due, Field, FieldKind, Form, Party, Procedure, State, Step},
    REASON, REMARK, deciding, field, optional, step,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

/// What Art. 7 names, in its order: paragraph 1 (1) to (6), paragraph 2 (1) and (2).
pub const GUIDELINES: &[(&str, &str)] = &[
    ("city_policy", "小牧市情報セキュリティポリシー"),
    ("privacy_act", "個人情報の保護に関する法律"),
    ("medical_saas", "ASP・SaaS事業者が医療情報を取り扱う際の安全管理に関するガイドライン（総務省）"),
    ("saas_security", "ASP・SaaSにおける情報セキュリティ対策ガイドライン（総務省）"),
    ("medical_processing", "医療情報を受託管理する情報処理事業者向けガイドライン（経済産業省）"),
    ("cloud_use", "クラウドサービス利用のための情報セキュリティマネジメントガイドライン（経済産業省）"),
    ("care_privacy", "医療・介護関係事業者における個人情報の適切な取扱いのためのガイドライン（厚生労働省）"),
    ("medical_systems", "医療情報システムの安全管理に関するガイドライン（厚生労働省）"),
];

const WAITING: &[State] = &[State::Offered];

/// What is presented to the city waits for its approval, with the file that is approved, and comes again until the city approves
/// it.
const fn steps(fields: &'static [Field]) -> [Step; 4] {
    [
        deciding(step(Act::Approve, WAITING, State::Done, Party::City, &[REMARK])),
        deciding(step(Act::Return, WAITING, State::OfferReturned, Party::City, &[REASON])),
        step(Act::AskAgain, &[State::Offered, State::OfferReturned], State::Offered, Party::Asker, fields),
        step(Act::Withdraw, &[State::Offered, State::OfferReturned], State::Withdrawn, Party::Asker, &[]),
    ]
}

const COURSE: &[State] = &[State::Offered, State::Done];
const DUES: &[(State, Due)] = &[(State::OfferReturned, Due::Days(30))];

const RULES: &[Field] = &[
    field("subject", "規程・手順の名前", "", FieldKind::Line, 80),
    field("version", "版", "例: 第3版（2026年11月20日）", FieldKind::Line, 60),
    field("kind", "種類", "", FieldKind::OneOf(&[("rule", "社内管理規程"), ("manual", "手順")]), 10),
    field("change", "内容（変わった点）", "", FieldKind::Lines, 2000),
    field(
        "place",
        "本文の所在",
        "提示した後、この案件の画面で本文のファイルを添付してください。添付がないと、市は承認できません。",
        FieldKind::Lines,
        500,
    ),
    field("from_on", "適用する日", "", FieldKind::Day, 10),
];

const RULES_STEPS: &[Step] = &steps(RULES);

pub(super) const REGULATION: Declaration = Declaration {
    procedure: Procedure::Regulation,
    article: "第6条",
    letter: "N",
    purpose: "システム管理業務・システム運用業務に関係する社内管理規程や手順を市に提示し、承認を得ます。改めたときも提示します。",
    asks: &[Party::OperationsManager],
    papers: None,
    ways: &[],
    readers: &[Party::SystemAdmin, Party::Operator, Party::KeyKeeper, Party::Auditor],
    fields: RULES,
    check: None,
    follows: None,
    first: State::Offered,
    by_system: None,
    due: Due::Days(14),
    dues: DUES,
    yearly: None,
    steps: RULES_STEPS,
    course: COURSE,
};

const CHECKLIST: &[Field] = &[
    field("subject", "チェックリストの名前", "", FieldKind::Line, 80),
    field("topic", "確かめた法令・ガイドライン", "", FieldKind::ManyOf(GUIDELINES), 200),
    field(
        "versions",
        "それぞれの版",
        "改定されて名前の変わったものは、今の名前と版を書きます。",
        FieldKind::Lines,
        1000,
    ),
    field("on", "確かめた日", "", FieldKind::PastDay, 10),
    field("items", "項目の数", "", FieldKind::Count, 5),
    field("met", "適合した項目の数", "", FieldKind::Count, 5),
    optional(field(
        "unmet",
        "適合しない項目と、その対応",
        "項目の番号、理由、代わりの措置、いつまでに直すかを書きます。",
        FieldKind::Lines,
        4000,
    )),
    field(
        "place",
        "根拠の所在",
        "提示した後、この案件の画面でチェックリストのファイルを添付してください。添付がないと、市は承認できません。",
        FieldKind::Lines,
        1000,
    ),
];

/// What is not met is told: by how many items, and which.
fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let count = |name: &str| form.get(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let (items, met) = (count("items"), count("met"));
    if items == 0 {
        return vec![FieldError::new("items", "項目の数は1からです。")];
    }
    if met > items {
        return vec![FieldError::new("met", "適合した項目の数は、項目の数までです。")];
    }
    if met < items && !form.contains_key("unmet") {
        let words = format!("適合しない{}項目と、その対応を入力してください。", items - met);
        return vec![FieldError::new("unmet", words)];
    }
    Vec::new()
}

const CHECKLIST_STEPS: &[Step] = &steps(CHECKLIST);

pub(super) const COMPLIANCE: Declaration = Declaration {
    procedure: Procedure::Compliance,
    article: "第7条",
    letter: "J",
    purpose: "法令・ガイドラインの準拠度チェックリストを市に提示し、承認を得ます。ガイドラインが改定されたときは、改めて提示します。",
    asks: &[Party::OperationsManager],
    papers: None,
    ways: &[],
    readers: &[Party::SystemAdmin, Party::Operator, Party::Auditor],
    fields: CHECKLIST,
    check: Some(check),
    follows: None,
    first: State::Offered,
    by_system: None,
    due: Due::Days(14),
    dues: DUES,
    yearly: None,
    steps: CHECKLIST_STEPS,
    course: COURSE,
};
