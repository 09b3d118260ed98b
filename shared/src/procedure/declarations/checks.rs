//! Yearly checks: of the place of the machines (Arts. 9 and 10) by the system administrator, and of each facility's own
//! handling of information (Art. 5) by its manager, who answers for what its people write.

use super::{
    super::{Act, Channel, Declaration, Due, Field, FieldKind, Form, Party, Procedure, State},
    REASON, REMARK, deciding, field, optional, step,
};
use crate::{api::error::FieldError, calendar::Timestamp, people::Actor};

/// What does not hold, of an item of a check.
pub const UNFIT: &str = "unfit";

/// 適合, 代替証跡 or 不適合: at a public cloud the provider's reports stand in for one's own look.
const fn verdict(name: &'static str, label: &'static str) -> Field {
    let verdicts = &[("fit", "適合"), ("evidence", "代替の証跡で適合"), (UNFIT, "不適合")];
    field(name, label, "", FieldKind::OneOf(verdicts), 8)
}

const SITE_FIELDS: &[Field] = &[
    field("subject", "設置場所", "例: クラウド事業者の東京リージョン", FieldKind::Line, 80),
    field("on", "点検した日", "", FieldKind::PastDay, 10),
    verdict("apart", "第9条(1) 一般的な事務室との共用・隣接を避けている"),
    verdict("hazards", "第9条(2) 地階・1階でなく、危険物・火気・水道設備などから離れている"),
    verdict("signs", "第9条(3) 設置場所の表示は最小限である"),
    verdict("door", "第9条(4) 出入り口は原則1か所で、施錠設備がある"),
    verdict("windows", "第9条(5) 窓がないか、強化ガラスなどの対策がある"),
    verdict("guard", "第9条(6) 防犯カメラ、侵入報知器などの防犯設備がある"),
    verdict("copiers", "第9条(7) コピー機、FAXなど複写・送信の設備がない"),
    verdict("others", "第9条(8) 他組織の機器から隔離し、施錠できる"),
    verdict("fire", "第9条(9) 機器や記録媒体に影響を与えない消防用設備がある"),
    verdict("locked", "第10条(1) 不在のときは施錠している"),
    verdict("entrants", "第10条(2) 入室を、認証装置などで特定の人に制限している"),
    verdict("things", "第10条(6) 必要なもの以外を置いていない"),
    field(
        "evidence",
        "証跡",
        "自分で見た記録か、事業者の報告書・第三者の監査報告の名前、版、対象期間、所在を書きます。ファイルは、この案件の画面で添付できます。",
        FieldKind::Lines,
        2000,
    ),
    optional(field(
        "unfit",
        "不適合の項目と、その対応",
        "いつまでに何をするかを書きます。",
        FieldKind::Lines,
        2000,
    )),
];

/// What a yes or no leaves open is told.
fn told(form: &Form, answer: &str, field: &str, words: &str) -> Vec<FieldError> {
    let open = form.values().any(|value| value == answer) && !form.contains_key(field);
    if open { vec![FieldError::new(field, words)] } else { Vec::new() }
}

fn check_site(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    told(form, UNFIT, "unfit", "不適合の項目と、その対応を入力してください。")
}

const RECORDED: &[State] = &[State::WorkRecorded];

pub(super) const SITE: Declaration = Declaration {
    procedure: Procedure::SiteCheck,
    article: "第9条, 第10条(1)(2)(6)",
    letter: "O",
    purpose: "クラウド設備の設置場所が、第9条と第10条の条件を満たすことを1項目ずつ確かめて記録します。1年に1回、設置場所が変わったときにも行います。運用管理責任者が確かめます。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::KeyKeeper, Party::Auditor],
    fields: SITE_FIELDS,
    check: Some(check_site),
    follows: None,
    first: State::WorkRecorded,
    by_system: None,
    due: Due::Days(14),
    dues: &[],
    yearly: Some(30),
    steps: &[
        deciding(step(Act::ConfirmWork, RECORDED, State::Done, Party::OperationsManager, &[REMARK])),
        deciding(step(Act::Refuse, RECORDED, State::Refused, Party::OperationsManager, &[REASON])),
        step(Act::AskAgain, RECORDED, State::WorkRecorded, Party::Asker, SITE_FIELDS),
        step(Act::Withdraw, RECORDED, State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::WorkRecorded, State::Done],
};

const IMPROVE: &str = "improve";

const fn kept(name: &'static str, label: &'static str) -> Field {
    let answers = &[("kept", "守られている"), (IMPROVE, "改める点がある")];
    field(name, label, "", FieldKind::OneOf(answers), 7)
}

const FACILITY_FIELDS: &[Field] = &[
    field("on", "点検した日", "", FieldKind::PastDay, 10),
    kept("copying", "第5条2(1) 利用目的に反する複製や、送付・送信をしていない"),
    kept("needless", "第5条2(2) 業務上必要のない情報を作成していない"),
    kept("loss", "第5条2(3) 紛失や流出を防いでいる（画面のロック、パスワード、印刷した紙の保管）"),
    kept("misuse", "第5条2(4) 業務以外の目的に利用していない"),
    field(
        "accounts",
        "利用者の一覧",
        "「利用者」の画面で、施設の利用者を確かめます。",
        FieldKind::OneOf(&[
            ("right", "いま業務で使う人だけが登録されている"),
            ("asked", "退職・異動した人の削除や変更を依頼した"),
        ]),
        5,
    ),
    optional(field("improve", "改める点", "いつまでに何をするかを書きます。", FieldKind::Lines, 2000)),
    optional(field("remark", "備考", "職員への周知の方法など", FieldKind::Lines, 500)),
];

fn check_facility(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    told(form, IMPROVE, "improve", "改める点と、いつまでに何をするかを入力してください。")
}

pub(super) const FACILITY: Declaration = Declaration {
    procedure: Procedure::FacilityCheck,
    article: "第5条",
    letter: "FC",
    purpose: "施設で作成した情報の取扱いと、利用者の一覧を、施設管理者が1年に1回点検し、結果を市に届け出ます。",
    asks: &[Party::Facility],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::Auditor],
    fields: FACILITY_FIELDS,
    check: Some(check_facility),
    follows: None,
    first: State::Filed,
    by_system: None,
    due: Due::Days(14),
    dues: &[(State::Returned, Due::Days(14))],
    yearly: Some(30),
    steps: &[
        deciding(step(Act::ReceiveFiling, &[State::Filed], State::Done, Party::City, &[REMARK])),
        deciding(step(Act::Return, &[State::Filed], State::Returned, Party::City, &[REASON])),
        step(Act::AskAgain, &[State::Filed, State::Returned], State::Filed, Party::Facility, FACILITY_FIELDS),
        step(Act::Withdraw, &[State::Filed, State::Returned], State::Withdrawn, Party::Facility, &[]),
    ],
    course: &[State::Filed, State::Done],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        people::Role,
        procedure::{CannotStep, cast, check_form},
    };

    fn all(fields: &[Field], value: &str) -> Form {
        let choices = fields.iter().filter(|field| field.choices().iter().any(|(wire, _)| wire == value));
        let mut form: Form = choices.map(|field| (field.name.to_owned(), value.to_owned())).collect();
        form.insert("on".into(), "2026-11-20".into());
        form
    }

    fn wrong(declared: &Declaration, form: &Form) -> Vec<String> {
        let now = "2026-11-26T09:00:00+09:00".parse().unwrap();
        let actor = cast::actor(1, 1, Role::Member);
        let fields = |errors: Vec<FieldError>| errors.into_iter().map(|error| error.field).collect();
        match check_form(declared.fields, form, now).map_err(CannotStep::Fields) {
            Err(CannotStep::Fields(errors)) => fields(errors),
            Err(_) => Vec::new(),
            Ok(form) => fields(declared.check.unwrap()(&form, &actor, now)),
        }
    }

    #[test]
    fn what_is_unfit_or_to_be_mended_is_told() {
        let mut site = all(SITE_FIELDS, "fit");
        site.insert("subject".into(), "東京リージョン".into());
        site.insert("evidence".into(), "報告書 2026年版".into());
        assert!(wrong(&SITE, &site).is_empty());
        site.insert("door".into(), UNFIT.into());
        assert_eq!(wrong(&SITE, &site), ["unfit"]);
        site.insert("unfit".into(), "2027年1月までに錠を付ける".into());
        assert!(wrong(&SITE, &site).is_empty());
        site.remove("fire");
        assert_eq!(wrong(&SITE, &site), ["fire"]);

        let mut facility = all(FACILITY_FIELDS, "kept");
        facility.insert("accounts".into(), "right".into());
        assert!(wrong(&FACILITY, &facility).is_empty());
        facility.insert("loss".into(), IMPROVE.into());
        assert_eq!(wrong(&FACILITY, &facility), ["improve"]);
    }
}
