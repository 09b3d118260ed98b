//! The table: every article and item of the policy, and what proves it. None is left to another way of proof.

use super::super::{BackupKind, monitor::Cadence};
use crate::{
    people::Role,
    procedure::{Act, Procedure},
};

/// What proves a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It defines words or lists work: nothing to record.
    Definition,
    /// On every day of the period somebody holds each of these roles.
    Held(&'static [Role]),
    /// Every appointment of the period was filed, and the city has received it.
    Filed,
    /// Every facility whose people use the network has a manager.
    Managed,
    /// Cases of a procedure: each is in time, and its numbers have no gap; of a yearly one there is one of the last year.
    Cases(Procedure),
    /// In every case of a procedure one of these steps was taken, once it is closed.
    Steps(Procedure, &'static [Act]),
    /// One of these steps, where it was needed.
    StepsIfAny(Procedure, &'static [Act]),
    /// Cases about a topic.
    Topic(Procedure, &'static str),
    /// Cases about a topic that did not come to nothing: each is in time.
    Covered(Procedure, &'static str),
    /// As [`Self::Cases`]; and one by which the city approved what is attached to it, whenever before the period's end that was.
    Approved(Procedure),
    /// As [`Self::Covered`]; and one about the topic by which the city approved what is attached to it, likewise.
    ApprovedOn(Procedure, &'static str),
    /// The last check of a yearly procedure was within a year, and this field of it does not say 不適合.
    Judged(Procedure, &'static str),
    /// Each facility whose people use the network looked at this within a year, from its first year on.
    EachFacility(Procedure, &'static str),
    /// A version of the asset ledger was registered by the period's end, and is kept as system data.
    Ledger,
    /// A verified generation of this kind for every day.
    EveryDay(BackupKind),
    /// A verified generation of this kind in every month that is over.
    EveryMonth(BackupKind),
    /// A verified generation of this kind, at the latest by the period's end.
    AtLeastOne(BackupKind),
    /// Every manifest is under the lock that its day asks for.
    Locked,
    /// Every run by hand has its reason.
    ManualReasons,
    /// The city approved the times by which the backup of each day ran; the cases of it are in time.
    Scheduled,
    /// The audit log is sealed without a gap.
    Sealed,
    /// Every month of the audit log was reviewed and signed for.
    Reviewed,
    /// Every slot of these has its record, on every day.
    Watched(&'static [Cadence]),
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

use Act::{
    AgreeDesign, Analyse, Call, CallUsers, CheckAcceptance, Contact, Cut, Deliberate, Grant, Halt, Inform,
    LendKey, Log, OfferDesign, PermitEntry, Preserve, Produce, Provide, Publish, ReceiveReport, RecordEntry,
    RecordExit, RecordWork, Recover, ReferToCouncil, Refuse, Secure, Submit, TakeKeyBack,
};
use Procedure::{
    Acceptance, AccountAdd, AccountChange, AccountDetail, AccountRemove, AreaEntry, Compliance, DataUse,
    Disposal, FacilityCheck, Incident, Inquiry, KeyLoan, Maintenance, PlannedStop, PortalChange,
    PowerInspection, Regulation, SiteCheck, Training,
};
use Proof::{
    Approved, ApprovedOn, AtLeastOne, Cases, Covered, Definition, EachFacility, EveryDay, EveryMonth, Filed,
    Held, Judged, Ledger, Locked, Managed, ManualReasons, Restored, Reviewed, Runbooks, Scheduled, Sealed,
    Steps, StepsIfAny, Topic, Watched,
};

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
    clause("第4条(1)", "教育: 業務目的以外のアクセス禁止", Covered(Training, "purpose")),
    clause("第4条(2)", "教育: パスワードの秘密保持", Covered(Training, "password")),
    clause("第4条(3)", "教育: 離席時の措置", Covered(Training, "away")),
    clause("第4条(4)", "教育: 離任後の秘匿", Covered(Training, "leaving")),
    clause("第4条(5)", "教育: 障害・事故の速やかな報告", Covered(Training, "report")),
    clause("第5条1", "作成した施設の管理責任", Managed),
    clause("第5条2(1)", "目的外の複製・送信の禁止", EachFacility(FacilityCheck, "copying")),
    clause("第5条2(2)", "必要のない情報を作らない", EachFacility(FacilityCheck, "needless")),
    clause("第5条2(3)", "紛失・流出の防止", EachFacility(FacilityCheck, "loss")),
    clause("第5条2(4)", "目的外利用の禁止", EachFacility(FacilityCheck, "misuse")),
    clause("第6条", "管理規程・手順の提示と承認", Approved(Regulation)),
    clause("第7条1(1)", "準拠: 市の情報セキュリティポリシー", ApprovedOn(Compliance, "city_policy")),
    clause("第7条1(2)", "準拠: 個人情報保護法", ApprovedOn(Compliance, "privacy_act")),
    clause("第7条1(3)", "準拠: ASP・SaaS医療情報ガイドライン", ApprovedOn(Compliance, "medical_saas")),
    clause(
        "第7条1(4)",
        "準拠: ASP・SaaSセキュリティ対策ガイドライン",
        ApprovedOn(Compliance, "saas_security"),
    ),
    clause("第7条1(5)", "準拠: 医療情報受託管理ガイドライン", ApprovedOn(Compliance, "medical_processing")),
    clause("第7条1(6)", "準拠: クラウド利用ガイドライン", ApprovedOn(Compliance, "cloud_use")),
    clause("第7条2(1)", "準拠: 個人情報の適切な取扱いガイドライン", ApprovedOn(Compliance, "care_privacy")),
    clause(
        "第7条2(2)",
        "準拠: 医療情報システム安全管理ガイドライン",
        ApprovedOn(Compliance, "medical_systems"),
    ),
    clause("第8条", "資産台帳の整備・管理", Ledger),
    clause("第9条(1)", "一般的な事務室との共用・隣接を避ける", Judged(SiteCheck, "apart")),
    clause("第9条(2)", "地階・1階、危険物・火気・水道設備から離す", Judged(SiteCheck, "hazards")),
    clause("第9条(3)", "設置場所の表示は最小限", Judged(SiteCheck, "signs")),
    clause("第9条(4)", "出入り口は原則1か所、施錠", Judged(SiteCheck, "door")),
    clause("第9条(5)", "窓を避ける", Judged(SiteCheck, "windows")),
    clause("第9条(6)", "防犯設備", Judged(SiteCheck, "guard")),
    clause("第9条(7)", "複写・送信の設備を置かない", Judged(SiteCheck, "copiers")),
    clause("第9条(8)", "他組織の機器から隔離、施錠", Judged(SiteCheck, "others")),
    clause("第9条(9)", "機器に影響しない消防用設備", Judged(SiteCheck, "fire")),
    clause("第10条(1)", "不在時の施錠", Judged(SiteCheck, "locked")),
    clause("第10条(2)", "認証による入室の制限", Judged(SiteCheck, "entrants")),
    clause("第10条(3)", "入室の許可と同伴", Cases(AreaEntry)),
    clause("第10条(4)", "入退室履歴", Steps(AreaEntry, &[RecordEntry])),
    clause("第10条(5)", "許可のない撮影・録音の禁止", Steps(AreaEntry, &[PermitEntry])),
    clause("第10条(6)", "必要のないものを置かない", Judged(SiteCheck, "things")),
    clause("第10条(7)", "鍵管理者による鍵の管理", Cases(KeyLoan)),
    clause("第11条", "電源設備の点検（3か月前までの協議）", Cases(PowerInspection)),
    clause("第12条(1)", "ユーザー管理（業務の定め）", Definition),
    clause("第12条(2)", "ポータル管理（業務の定め）", Definition),
    clause("第12条(3)", "本番データの臨時使用（業務の定め）", Definition),
    clause("第12条(4)", "問い合わせ対応（業務の定め）", Definition),
    clause("第12条(5)", "その他（業務の定め）", Definition),
    clause("第13条(1)", "利用者の追加と封書", Cases(AccountAdd)),
    clause("第13条(2)", "利用者の削除", Cases(AccountRemove)),
    clause("第13条(3)", "利用者の変更", Cases(AccountChange)),
    clause("第13条(4)", "付随情報の変更（本人確認）", Cases(AccountDetail)),
    clause("第14条(1)", "画面設計の協議", StepsIfAny(PortalChange, &[OfferDesign, AgreeDesign])),
    clause("第14条(2)", "内容変更への速やかな対応", Cases(PortalChange)),
    clause("第14条(3)", "新規・更新の明記", Steps(PortalChange, &[Publish])),
    clause("第15条1", "データ使用許可申請書（様式第1）", Cases(DataUse)),
    clause("第15条2", "審査と決定・却下通知書（様式第2）", Steps(DataUse, &[Grant, Refuse])),
    clause("第15条3(1)", "個人を特定できない加工", StepsIfAny(DataUse, &[Produce])),
    clause("第15条3(2)", "集計などの処理", StepsIfAny(DataUse, &[Produce])),
    clause("第15条3(3)", "申請者への提供", StepsIfAny(DataUse, &[Provide])),
    clause("第16条 記録", "問い合わせと対応の記録", Cases(Inquiry)),
    clause("第16条(1)", "利用開始時の問い合わせ", Topic(Inquiry, "start")),
    clause("第16条(2)", "システム仕様の問い合わせ", Topic(Inquiry, "specification")),
    clause("第16条(3)", "システム概要の問い合わせ", Topic(Inquiry, "outline")),
    clause("第16条(4)", "システム利用の問い合わせ", Topic(Inquiry, "use")),
    clause("第16条(5)", "参加医療施設等の案内", Topic(Inquiry, "facilities")),
    clause("第16条(6)", "ユーザー情報の問い合わせ", Topic(Inquiry, "user")),
    clause("第16条(7)", "障害対応・復旧時間の問い合わせ", Topic(Inquiry, "fault")),
    clause("第17条(1)", "トラブル対応（業務の定め）", Definition),
    clause("第17条(2)", "セキュリティ区画の管理（業務の定め）", Definition),
    clause("第17条(3)", "受け入れ（業務の定め）", Definition),
    clause("第17条(4)", "維持管理（業務の定め）", Definition),
    clause("第17条(5)", "データ・バックアップ（業務の定め）", Definition),
    clause("第17条(6)", "運転監視（業務の定め）", Definition),
    clause("第17条(7)", "その他（業務の定め）", Definition),
    clause("第18条 記録", "障害・情報漏えいの案件", Cases(Incident)),
    clause("第18条(1)", "状況の確認と市への連絡", Steps(Incident, &[Contact])),
    clause("第18条(2)", "ネットワークの切断", StepsIfAny(Incident, &[Cut])),
    clause("第18条(3)", "情報システムの停止", StepsIfAny(Incident, &[Halt])),
    clause("第18条(4)", "アクセス記録と現状の保存", Steps(Incident, &[Preserve])),
    clause("第18条(5)", "原因の分析と対処予定", Steps(Incident, &[Analyse])),
    clause("第18条(6)", "利用者への周知", Steps(Incident, &[Inform])),
    clause("第18条(7)", "経過の記録", StepsIfAny(Incident, &[Log, Call, CallUsers])),
    clause("第18条(8)", "証拠保全の完了", Steps(Incident, &[Secure])),
    clause("第18条(9)", "暫定措置の後の復旧", Steps(Incident, &[Recover])),
    clause("第18条(10)", "再発防止策の市への報告", Steps(Incident, &[Submit])),
    clause("第18条 様式第3", "事故報告書の提出と受領", Steps(Incident, &[ReceiveReport, ReferToCouncil])),
    clause("第18条 協議会", "協議会への報告と協議", StepsIfAny(Incident, &[ReferToCouncil, Deliberate])),
    clause("第19条(1)", "入退管理ルールの遵守", Steps(AreaEntry, &[RecordExit])),
    clause("第19条(2)", "ラックの施錠と鍵の貸出許可", Steps(KeyLoan, &[LendKey])),
    clause("第19条(3)", "鍵管理者による鍵の管理", Steps(KeyLoan, &[TakeKeyBack])),
    clause("第20条(1)", "受け入れ: 実施方法の確認", Cases(Acceptance)),
    clause("第20条(2)", "受け入れ: 仕様どおりの稼働", Steps(Acceptance, &[CheckAcceptance])),
    clause("第20条(3)", "受け入れ: 資産台帳", Steps(Acceptance, &[CheckAcceptance])),
    clause("第20条(4)", "受け入れ: システムファイルの控え", Steps(Acceptance, &[CheckAcceptance])),
    clause("第21条(1)", "ハードウェアの維持管理", Covered(Maintenance, "hardware")),
    clause("第21条(2)", "ソフトウェアの維持管理", Covered(Maintenance, "software")),
    clause("第21条(3)", "維持管理の後のシステムファイルの控え", Steps(Maintenance, &[RecordWork])),
    clause("第21条(4)", "システムデータの控え（5年）", AtLeastOne(BackupKind::System)),
    clause("第22条", "データの処分と消去証明", Cases(Disposal)),
    clause("第23条(1) 毎日", "毎日の自動バックアップ", EveryDay(BackupKind::Daily)),
    clause("第23条(1) 毎月", "毎月の自動バックアップ", EveryMonth(BackupKind::Monthly)),
    clause("第23条(1) 5年", "発信した日から5年の保管", Locked),
    clause("第23条(2)", "バックアップ日時の承認と公開", Scheduled),
    clause("第23条(3)", "停止を伴う作業の事前の公開", Cases(PlannedStop)),
    clause("第24条(1)", "手動運転の理由", ManualReasons),
    clause("第24条(2) 5分", "5分ごとの生死監視", Watched(&[Cadence::Live, Cadence::Ring])),
    clause("第24条(2) 15分", "15分ごとの応答監視", Watched(&[Cadence::Answer])),
    clause("第24条(2) 記録", "ファイア・ウォールのアクセス・ログの確認", Watched(&[Cadence::Daily])),
    clause("第24条(3)", "運転手順書の常備", Runbooks),
    clause("要件7", "操作記録の月次点検", Reviewed),
    clause("要件8", "操作記録の封印", Sealed),
    clause("要件12", "復元の証明", Restored),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::{FieldKind, declaration};
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

    #[test]
    fn steps_topics_and_fields_are_those_of_the_procedures() {
        for clause in CLAUSES {
            let asks = |procedure: Procedure, name: &str| {
                let field = declaration(procedure).fields.iter().find(|field| field.name == name);
                field.unwrap_or_else(|| panic!("{} {name}", clause.at)).kind
            };
            match clause.proof {
                Steps(procedure, acts) | StepsIfAny(procedure, acts) => {
                    let declared = declaration(procedure).steps;
                    for act in acts {
                        assert!(declared.iter().any(|step| step.act == *act), "{} {act}", clause.at);
                    }
                }
                Topic(procedure, topic) | Covered(procedure, topic) | ApprovedOn(procedure, topic) => {
                    let kind = asks(procedure, "topic");
                    let (FieldKind::OneOf(topics) | FieldKind::ManyOf(topics)) = kind else {
                        panic!("{}", clause.at)
                    };
                    assert!(topics.iter().any(|(wire, _)| *wire == topic), "{} {topic}", clause.at);
                }
                Judged(procedure, field) | EachFacility(procedure, field) => {
                    assert!(matches!(asks(procedure, field), FieldKind::OneOf(_)), "{}", clause.at);
                    assert!(declaration(procedure).yearly.is_some(), "{}", clause.at);
                }
                _ => {}
            }
        }
    }
}
