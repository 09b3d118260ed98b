//! The table: every article and item of the policy, and what proves it. Procedures and kinds of backups are named by their
//! wire names, so that a clause is judged from the day on which the software knows the procedure; until then it is 未対応.

use super::super::monitor::Cadence;
use crate::people::Role;

/// What proves a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It defines words or lists work: nothing to record.
    Definition,
    /// Only paper or somebody else can prove it; where.
    Elsewhere(&'static str),
    /// On every day of the period somebody holds each of these roles.
    Held(&'static [Role]),
    /// Every appointment of the period was filed, and the city has received it.
    Filed,
    /// Cases of a procedure: each is in time, and its numbers have no gap.
    Cases(&'static str),
    /// In every case of a procedure one of these steps was taken, once it is closed.
    Steps(&'static str, &'static [&'static str]),
    /// One of these steps, where it was needed.
    StepsIfAny(&'static str, &'static [&'static str]),
    /// Cases about a topic.
    Topic(&'static str, &'static str),
    /// Cases about a topic that did not come to nothing: each is in time.
    Covered(&'static str, &'static str),
    /// A version of the asset ledger was registered by the period's end, and is kept as system data.
    Ledger,
    /// A verified generation of this kind for every day.
    EveryDay(&'static str),
    /// A verified generation of this kind in every month that is over.
    EveryMonth(&'static str),
    /// A verified generation of this kind, at the latest by the period's end.
    AtLeastOne(&'static str),
    /// Every manifest is under the lock that its day asks for.
    Locked,
    /// Every run by hand has its reason.
    ManualReasons,
    /// The audit log is sealed without a gap.
    Sealed,
    /// Every month of the audit log was reviewed and signed for.
    Reviewed,
    /// Every slot of this length has its record, on every day.
    Watched(Cadence),
    /// A restore was proven within a week before the period's end, and none failed.
    Restored,
    /// Every runbook was read through in time and lies in the locked bucket.
    Runbooks,
}

/// A clause of the policy.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// Article and item.
    pub at: &'static str,
    /// What it asks.
    pub words: &'static str,
    /// What proves it.
    pub proof: Proof,
}

const fn clause(at: &'static str, words: &'static str, proof: Proof) -> Clause {
    Clause { at, words, proof }
}

use Proof::{
    AtLeastOne, Cases, Covered, Definition, Elsewhere, EveryDay, EveryMonth, Filed, Held, Ledger, Locked,
    ManualReasons, Restored, Reviewed, Runbooks, Sealed, Steps, StepsIfAny, Topic, Watched,
};

const PLACE: &str = "設置場所の事業者の報告書による（docs/isolation.md）";
const CLINICAL: &str = "連絡の1件ごとに作成者・施設が残るが、連絡を開かない一式には入れない";
const INCIDENT: &str = "incident";
const INQUIRY: &str = "inquiry";
const DATA_USE: &str = "data_use";
const TRAINING: &str = "training";
const COMPLIANCE: &str = "compliance";
const MAINTENANCE: &str = "maintenance";

/// Every article and item, in order. A test holds their numbers against the policy's.
pub const CLAUSES: &[Clause] = &[
    clause("第1条", "目的", Definition),
    clause("第2条", "適用範囲", Definition),
    clause("第3条1", "運用管理責任者の選任", Held(&[Role::OperationsManager])),
    clause(
        "第3条2",
        "システム管理者・システム運用者・鍵管理者の任命",
        Held(&[Role::SystemAdmin, Role::Operator, Role::KeyKeeper]),
    ),
    clause("第3条3", "管理体制の届出", Filed),
    clause("第4条(1)", "教育: 業務目的以外のアクセス禁止", Covered(TRAINING, "purpose")),
    clause("第4条(2)", "教育: パスワードの秘密保持", Covered(TRAINING, "password")),
    clause("第4条(3)", "教育: 離席時の措置", Covered(TRAINING, "away")),
    clause("第4条(4)", "教育: 離任後の秘匿", Covered(TRAINING, "leaving")),
    clause("第4条(5)", "教育: 障害・事故の速やかな報告", Covered(TRAINING, "report")),
    clause("第5条1", "作成した施設の管理責任", Elsewhere(CLINICAL)),
    clause("第5条2(1)", "目的外の複製・送信の禁止", Elsewhere(CLINICAL)),
    clause("第5条2(2)", "必要のない情報を作らない", Elsewhere(CLINICAL)),
    clause("第5条2(3)", "紛失・流出の防止", Elsewhere(CLINICAL)),
    clause("第5条2(4)", "目的外利用の禁止", Elsewhere(CLINICAL)),
    clause("第6条", "管理規程・手順の提示と承認", Cases("regulation")),
    clause("第7条1(1)", "準拠: 市の情報セキュリティポリシー", Covered(COMPLIANCE, "city_policy")),
    clause("第7条1(2)", "準拠: 個人情報保護法", Covered(COMPLIANCE, "privacy_act")),
    clause("第7条1(3)", "準拠: ASP・SaaS医療情報ガイドライン", Covered(COMPLIANCE, "medical_saas")),
    clause("第7条1(4)", "準拠: ASP・SaaSセキュリティ対策ガイドライン", Covered(COMPLIANCE, "saas_security")),
    clause("第7条1(5)", "準拠: 医療情報受託管理ガイドライン", Covered(COMPLIANCE, "medical_processing")),
    clause("第7条1(6)", "準拠: クラウド利用ガイドライン", Covered(COMPLIANCE, "cloud_use")),
    clause("第7条2(1)", "準拠: 個人情報の適切な取扱いガイドライン", Covered(COMPLIANCE, "care_privacy")),
    clause("第7条2(2)", "準拠: 医療情報システム安全管理ガイドライン", Covered(COMPLIANCE, "medical_systems")),
    clause("第8条", "資産台帳の整備・管理", Ledger),
    clause("第9条(1)", "一般的な事務室との共用・隣接を避ける", Elsewhere(PLACE)),
    clause("第9条(2)", "地階・1階、危険物・火気・水道設備から離す", Elsewhere(PLACE)),
    clause("第9条(3)", "設置場所の表示は最小限", Elsewhere(PLACE)),
    clause("第9条(4)", "出入り口は原則1か所、施錠", Elsewhere(PLACE)),
    clause("第9条(5)", "窓を避ける", Elsewhere(PLACE)),
    clause("第9条(6)", "防犯設備", Elsewhere(PLACE)),
    clause("第9条(7)", "複写・送信の設備を置かない", Elsewhere(PLACE)),
    clause("第9条(8)", "他組織の機器から隔離、施錠", Elsewhere(PLACE)),
    clause("第9条(9)", "機器に影響しない消防用設備", Elsewhere(PLACE)),
    clause("第10条(1)", "不在時の施錠", Elsewhere(PLACE)),
    clause("第10条(2)", "認証による入室の制限", Elsewhere(PLACE)),
    clause("第10条(3)", "入室の許可と同伴", Cases("area_entry")),
    clause("第10条(4)", "入退室履歴", Steps("area_entry", &["record_entry"])),
    clause("第10条(5)", "許可のない撮影・録音の禁止", Steps("area_entry", &["permit_entry"])),
    clause("第10条(6)", "必要のないものを置かない", Elsewhere(PLACE)),
    clause("第10条(7)", "鍵管理者による鍵の管理", Cases("key_loan")),
    clause("第11条", "電源設備の点検（3か月前までの協議）", Cases("power_inspection")),
    clause("第12条(1)", "ユーザー管理（業務の定め）", Definition),
    clause("第12条(2)", "ポータル管理（業務の定め）", Definition),
    clause("第12条(3)", "本番データの臨時使用（業務の定め）", Definition),
    clause("第12条(4)", "問い合わせ対応（業務の定め）", Definition),
    clause("第12条(5)", "その他（業務の定め）", Definition),
    clause("第13条(1)", "利用者の追加と封書", Cases("account_add")),
    clause("第13条(2)", "利用者の削除", Cases("account_remove")),
    clause("第13条(3)", "利用者の変更", Cases("account_change")),
    clause("第13条(4)", "付随情報の変更（本人確認）", Cases("account_detail")),
    clause("第14条(1)", "画面設計の協議", StepsIfAny("portal_change", &["offer_design", "agree_design"])),
    clause("第14条(2)", "内容変更への速やかな対応", Cases("portal_change")),
    clause("第14条(3)", "新規・更新の明記", Steps("portal_change", &["publish"])),
    clause("第15条1", "データ使用許可申請書（様式第1）", Cases(DATA_USE)),
    clause("第15条2", "審査と決定・却下通知書（様式第2）", Steps(DATA_USE, &["grant", "refuse"])),
    clause("第15条3(1)", "個人を特定できない加工", StepsIfAny(DATA_USE, &["produce"])),
    clause("第15条3(2)", "集計などの処理", StepsIfAny(DATA_USE, &["produce"])),
    clause("第15条3(3)", "申請者への提供", StepsIfAny(DATA_USE, &["provide"])),
    clause("第16条 記録", "問い合わせと対応の記録", Cases(INQUIRY)),
    clause("第16条(1)", "利用開始時の問い合わせ", Topic(INQUIRY, "start")),
    clause("第16条(2)", "システム仕様の問い合わせ", Topic(INQUIRY, "specification")),
    clause("第16条(3)", "システム概要の問い合わせ", Topic(INQUIRY, "outline")),
    clause("第16条(4)", "システム利用の問い合わせ", Topic(INQUIRY, "use")),
    clause("第16条(5)", "参加医療施設等の案内", Topic(INQUIRY, "facilities")),
    clause("第16条(6)", "ユーザー情報の問い合わせ", Topic(INQUIRY, "user")),
    clause("第16条(7)", "障害対応・復旧時間の問い合わせ", Topic(INQUIRY, "fault")),
    clause("第17条(1)", "トラブル対応（業務の定め）", Definition),
    clause("第17条(2)", "セキュリティ区画の管理（業務の定め）", Definition),
    clause("第17条(3)", "受け入れ（業務の定め）", Definition),
    clause("第17条(4)", "維持管理（業務の定め）", Definition),
    clause("第17条(5)", "データ・バックアップ（業務の定め）", Definition),
    clause("第17条(6)", "運転監視（業務の定め）", Definition),
    clause("第17条(7)", "その他（業務の定め）", Definition),
    clause("第18条 記録", "障害・情報漏えいの案件", Cases(INCIDENT)),
    clause("第18条(1)", "状況の確認と市への連絡", Steps(INCIDENT, &["contact"])),
    clause("第18条(2)", "ネットワークの切断", StepsIfAny(INCIDENT, &["cut"])),
    clause("第18条(3)", "情報システムの停止", StepsIfAny(INCIDENT, &["halt"])),
    clause("第18条(4)", "アクセス記録と現状の保存", Steps(INCIDENT, &["preserve"])),
    clause("第18条(5)", "原因の分析と対処予定", Steps(INCIDENT, &["analyse"])),
    clause("第18条(6)", "利用者への周知", Steps(INCIDENT, &["inform"])),
    clause("第18条(7)", "経過の記録", StepsIfAny(INCIDENT, &["log", "call", "call_users"])),
    clause("第18条(8)", "証拠保全の完了", Steps(INCIDENT, &["secure"])),
    clause("第18条(9)", "暫定措置の後の復旧", Steps(INCIDENT, &["recover"])),
    clause("第18条(10)", "再発防止策の市への報告", Steps(INCIDENT, &["submit"])),
    clause(
        "第18条 様式第3",
        "事故報告書の提出と受領",
        Steps(INCIDENT, &["receive_report", "refer_to_council"]),
    ),
    clause(
        "第18条 協議会",
        "協議会への報告と協議",
        StepsIfAny(INCIDENT, &["refer_to_council", "deliberate"]),
    ),
    clause("第19条(1)", "入退管理ルールの遵守", Steps("area_entry", &["record_exit"])),
    clause("第19条(2)", "ラックの施錠と鍵の貸出許可", Steps("key_loan", &["lend_key"])),
    clause("第19条(3)", "鍵管理者による鍵の管理", Steps("key_loan", &["take_key_back"])),
    clause("第20条(1)", "受け入れ: 実施方法の確認", Cases("acceptance")),
    clause("第20条(2)", "受け入れ: 仕様どおりの稼働", Steps("acceptance", &["check_acceptance"])),
    clause("第20条(3)", "受け入れ: 資産台帳", Steps("acceptance", &["check_acceptance"])),
    clause("第20条(4)", "受け入れ: システムファイルの控え", Steps("acceptance", &["check_acceptance"])),
    clause("第21条(1)", "ハードウェアの維持管理", Covered(MAINTENANCE, "hardware")),
    clause("第21条(2)", "ソフトウェアの維持管理", Covered(MAINTENANCE, "software")),
    clause("第21条(3)", "維持管理の後のシステムファイルの控え", Steps(MAINTENANCE, &["record_work"])),
    clause("第21条(4)", "システムデータの控え（5年）", AtLeastOne("system")),
    clause("第22条", "データの処分と消去証明", Cases("disposal")),
    clause("第23条(1) 毎日", "毎日の自動バックアップ", EveryDay("daily")),
    clause("第23条(1) 毎月", "毎月の自動バックアップ", EveryMonth("monthly")),
    clause("第23条(1) 5年", "発信した日から5年の保管", Locked),
    clause("第23条(2)", "バックアップ日時の承認と公開", Cases("backup_schedule")),
    clause("第23条(3)", "停止を伴う作業の事前の公開", Cases("planned_stop")),
    clause("第24条(1)", "手動運転の理由", ManualReasons),
    clause("第24条(2) 5分", "5分ごとの生死監視", Watched(Cadence::Live)),
    clause("第24条(2) 15分", "15分ごとの応答監視", Watched(Cadence::Answer)),
    clause("第24条(2) 記録", "ファイア・ウォールのアクセス・ログの確認", Watched(Cadence::Daily)),
    clause("第24条(3)", "運転手順書の常備", Runbooks),
    clause("要件7", "操作記録の月次点検", Reviewed),
    clause("要件8", "操作記録の封印", Sealed),
    clause("要件12", "復元の証明", Restored),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::{Act, FieldKind, Procedure, declaration};
    use std::collections::BTreeSet;

    /// How many items each article has, counted in the policy: paragraphs and numbered items that stand alone.
    const ITEMS: &[(u32, usize)] = &[
        (1, 1),
        (2, 1),
        (3, 3),
        (4, 5),
        (5, 5),
        (6, 1),
        (7, 8),
        (8, 1),
        (9, 9),
        (10, 7),
        (11, 1),
        (12, 5),
        (13, 4),
        (14, 3),
        (15, 5),
        (16, 8),
        (17, 7),
        (18, 13),
        (19, 3),
        (20, 4),
        (21, 4),
        (22, 1),
        (23, 5),
        (24, 5),
    ];

    #[test]
    fn no_item_of_the_policy_is_left_out() {
        for (article, items) in ITEMS {
            let head = format!("第{article}条");
            let found = CLAUSES.iter().filter(|clause| clause.at.starts_with(&head));
            assert_eq!(found.count(), *items, "{head}");
        }
        let names: BTreeSet<&str> = CLAUSES.iter().map(|clause| clause.at).collect();
        assert_eq!(names.len(), CLAUSES.len());
    }

    /// A clause that names a procedure which does not exist would stay 未対応 without anybody's noticing.
    #[test]
    fn every_procedure_named_exists() {
        for clause in CLAUSES {
            let (Cases(name) | Steps(name, _) | StepsIfAny(name, _) | Topic(name, _) | Covered(name, _)) =
                clause.proof
            else {
                continue;
            };
            assert!(Procedure::from_wire(name).is_some(), "{} {name}", clause.at);
        }
    }

    #[test]
    fn steps_and_topics_are_those_of_the_procedures() {
        for clause in CLAUSES {
            let (procedure, acts) = match clause.proof {
                Steps(procedure, acts) | StepsIfAny(procedure, acts) => (procedure, acts),
                Topic(procedure, topic) | Covered(procedure, topic) => {
                    let declared = declaration(Procedure::from_wire(procedure).unwrap());
                    let field = declared.fields.iter().find(|field| field.name == "topic").unwrap();
                    let (FieldKind::OneOf(topics) | FieldKind::ManyOf(topics)) = field.kind else {
                        panic!("{}", clause.at)
                    };
                    assert!(topics.iter().any(|(wire, _)| *wire == topic), "{} {topic}", clause.at);
                    continue;
                }
                _ => continue,
            };
            let declared = declaration(Procedure::from_wire(procedure).unwrap());
            for act in acts {
                let act = Act::from_wire(act).unwrap_or_else(|| panic!("{} {act}", clause.at));
                assert!(declared.steps.iter().any(|step| step.act == act), "{} {act}", clause.at);
            }
        }
    }
}
