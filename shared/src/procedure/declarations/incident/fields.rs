//! What an incident asks, and each of its steps.

use super::super::{field, optional};
use crate::procedure::{Field, FieldKind, incident::NOTICES};

/// What happened.
const KINDS: &[(&str, &str)] = &[("fault", "システム障害"), ("leak", "情報漏えい")];

/// By which way somebody was told (figure 3).
const WAYS: &[(&str, &str)] =
    &[("phone", "電話"), ("fax", "FAX"), ("mail", "E-mail"), ("portal", "ポータル"), ("face", "対面")];

const KIND: Field = field("kind", "種類", "", FieldKind::OneOf(KINDS), 10);
const OCCURRED_AT: Field =
    optional(field("occurred_at", "発生日時", "わからないときは空けておきます。", FieldKind::PastMoment, 16));
const CONTENT: Field =
    field("content", "内容", "患者の氏名や病状は書かないでください。", FieldKind::Lines, 2000);
const SCOPE: Field = field("scope", "影響範囲", "", FieldKind::Lines, 1000);

/// The first entry's words, to be mended: where nothing is given, they stay as they are.
const KIND_MENDED: Field = Field {
    hint: "情報漏えいとわかったときは、選び直します。報告の期限は、発見した日から数えます。",
    ..optional(KIND)
};
const OCCURRED_AT_MENDED: Field =
    Field { hint: "わかったとき、違っていたときに書きます。", ..OCCURRED_AT };
const CONTENT_MENDED: Field = optional(CONTENT);
const SCOPE_MENDED: Field = Field { hint: "わかったところまで書きます。", ..optional(SCOPE) };

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
const TOLD_AT: Field = field("told_at", "連絡した日時", "", FieldKind::PastMoment, 16);
const TOLD_BY: Field = field(
    "told_by",
    "方法",
    "受付時間内は電話、それ以外はFAXかE-mailです（図3）。",
    FieldKind::ManyOf(WAYS),
    60,
);
const STATE: Field = field("state", "確認した状況", "", FieldKind::Lines, 1000);
const REASON: Field = field("reason", "やむを得ない理由", "", FieldKind::Lines, 500);

pub(super) const ASKED: &[Field] = &[
    KIND,
    field("subject", "件名", "", FieldKind::Line, 60),
    field("found_at", "発見日時", "", FieldKind::PastMoment, 16),
    field("found_where", "発見箇所", "", FieldKind::Line, 100),
    OCCURRED_AT,
    CONTENT,
    SCOPE,
    PEOPLE,
    WRONGFUL,
];

pub(super) const TAKEN_ON: &[Field] = &[Field { label: "確認した種類", ..KIND }, STATE];

pub(super) const DISMISSAL: &[Field] =
    &[field("reason", "異常ではないと判断した理由", "どう確認したかも書きます。", FieldKind::Lines, 500)];

pub(super) const CONTACT: &[Field] =
    &[TOLD_AT, TOLD_BY, field("whom", "市の相手", "", FieldKind::Line, 60), STATE];

pub(super) const PRESERVATION: &[Field] = &[
    field("from_at", "保存するアクセス記録の始め", "", FieldKind::PastMoment, 16),
    field(
        "to_at",
        "保存するアクセス記録の終わり",
        "31日分までです。長いときは、分けて何度でも保存できます。",
        FieldKind::PastMoment,
        16,
    ),
    optional(field("also", "ほかに保存したもの", "ログ、画面の写しなど", FieldKind::Lines, 500)),
];

pub(super) const ANALYSIS: &[Field] = &[
    field("cause", "原因", "", FieldKind::Lines, 1000),
    field("related", "連係した関係箇所", "メーカー、ベンダーなど。なければ「なし」", FieldKind::Line, 200),
    field("plan", "今後の対処予定", "情報漏えいのときは、被害の規模も書きます。", FieldKind::Lines, 1000),
    KIND_MENDED,
    OCCURRED_AT_MENDED,
    SCOPE_MENDED,
    PEOPLE,
    WRONGFUL,
    optional(field("data_items", "漏えいした情報の項目", "情報漏えいのとき。", FieldKind::Lines, 500)),
    optional(field("secondary", "二次被害またはそのおそれ", "情報漏えいのとき。", FieldKind::Lines, 500)),
];

pub(super) const INFORMATION: &[Field] = &[
    field("affected", "利用への影響", "", FieldKind::OneOf(&[("yes", "ある"), ("no", "ない")]), 3),
    TOLD_BY,
    field(
        "words",
        "周知した内容（影響がないときは、その理由）",
        "影響があるときは、このままポータルに載ります。",
        FieldKind::Lines,
        1000,
    ),
];

pub(super) const EVIDENCE: &[Field] = &[
    field("secured", "保全した証拠", "", FieldKind::Lines, 1000),
    field("measure_plan", "再発防止の暫定処置の検討結果", "", FieldKind::Lines, 1000),
];

pub(super) const MEASURE: &[Field] = &[
    field("measure", "講じた暫定措置", "", FieldKind::Lines, 1000),
    field("measured_at", "措置を講じた日時", "", FieldKind::PastMoment, 16),
];

pub(super) const RECOVERY: &[Field] = &[
    field("recovered_at", "復旧・対応日時", "", FieldKind::PastMoment, 16),
    field("how", "復旧の方法と確認", "", FieldKind::Lines, 1000),
];

pub(super) const REPORT: &[Field] = &[
    field("action", "処置", "", FieldKind::Lines, 1000),
    field("lasting", "システム管理業務で対応できない再発防止策", "なければ「なし」", FieldKind::Lines, 1000),
    KIND_MENDED,
    OCCURRED_AT_MENDED,
    CONTENT_MENDED,
    SCOPE_MENDED,
    optional(field("remark", "備考", "", FieldKind::Lines, 500)),
    optional(field("attachments", "添付資料", "資料の名前", FieldKind::Lines, 300)),
];

pub(super) const NO_COUNCIL: &[Field] =
    &[field("judgement", "協議会に報告しない理由", "", FieldKind::Lines, 500)];

pub(super) const TO_COUNCIL: &[Field] =
    &[field("judgement", "協議会に報告する理由", "", FieldKind::Lines, 500)];

pub(super) const DELIBERATION: &[Field] = &[
    field("held_on", "協議した日", "", FieldKind::PastDay, 10),
    field("prevention", "事故防止の対策", "", FieldKind::Lines, 1000),
];

/// Where it is said what a leak still owes.
pub(super) const CONFIRMED: &str = "confirmed";
pub(super) const NOTICES_MADE: &[Field] = &[field(
    CONFIRMED,
    "確かめたこと",
    "速報・確報・本人への通知の、記録と控えを確かめます。",
    FieldKind::Lines,
    500,
)];

pub(super) const CUT: &[Field] = &[REASON];

pub(super) const HALT: &[Field] = &[
    field(
        "mode",
        "止め方",
        "",
        FieldKind::OneOf(&[("read_only", "閲覧だけにする"), ("closed", "すべて止める")]),
        10,
    ),
    REASON,
];

pub(super) const LOG: &[Field] = &[
    field("at", "日時", "", FieldKind::PastMoment, 16),
    field("course", "経過", "", FieldKind::Lines, 1000),
];

pub(super) const CALL: &[Field] = &[
    TOLD_AT,
    field("whom", "相手", "利用者・施設管理者、システム運用者、市、メーカーなど", FieldKind::Line, 100),
    TOLD_BY,
    field("content", "内容", "", FieldKind::Lines, 500),
    field("reached", "つながったか", "", FieldKind::OneOf(&[("yes", "はい"), ("no", "いいえ")]), 3),
];

pub(super) const NOTICE: &[Field] = &[
    field(
        "report",
        "報告・通知",
        "報告の対象でないと判断したとき、本人に通知できず公表などで代えたときも、当てはまるものを選び、内容に理由を書きます。",
        FieldKind::OneOf(NOTICES),
        20,
    ),
    field("done_on", "した日", "", FieldKind::PastDay, 10),
    field("words", "内容", "", FieldKind::Lines, 500),
];
