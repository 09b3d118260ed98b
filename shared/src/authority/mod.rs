//! 権限表: who may do what. One constant table; the server enforces it, the screen reads it, a city official
//! can read its golden text (`tests/golden/authority.txt`).

use crate::{label::labelled, people::Role};

labelled! {
    /// Everything that somebody can try.
    pub enum Action {
        SignIn = "sign_in" "サインインする",
        AskPasskey = "ask_passkey" "パスキーの確認を始める",
        ProveFactor = "prove_factor" "二要素目を確認する",
        SignOut = "sign_out" "サインアウトする",
        LockScreen = "lock_screen" "画面をロックする",
        Unlock = "unlock" "画面のロックを解く",
        ReadSelf = "read_self" "自分のサインイン状態を見る",
        ReadAccount = "read_account" "自分の設定を見る",
        ChoosePassword = "choose_password" "自分のパスワードを決める",
        EnrolFactor = "enrol_factor" "自分の二要素目を登録する",
        RemoveFactor = "remove_factor" "自分の二要素目を外す・回復コードを作り直す",
        EndSession = "end_session" "自分のほかのサインインを終わらせる",
        ListPatients = "list_patients" "担当する患者の一覧を見る",
        ReadThread = "read_thread" "患者の連絡帳を開く",
        ReadPulse = "read_pulse" "連絡帳に新着があるかを確かめる",
        ReadHistory = "read_history" "訂正前の文を見る",
        MarkRead = "mark_read" "既読にする",
        WriteNote = "write_note" "連絡を送る",
        Acknowledge = "acknowledge" "了解を押す",
        ReviseNote = "revise_note" "連絡を訂正する",
        RetractNote = "retract_note" "連絡を取り消す",
        AttachFile = "attach_file" "ファイルを添付する",
        OpenFile = "open_file" "添付ファイルを開く",
        ListCases = "list_cases" "案件の一覧を見る",
        ReadCase = "read_case" "案件を見る",
        OpenCase = "open_case" "手続きを始める（できる人は手続きごとに決まる）",
        TakeStep = "take_step" "案件を進める（できることは手続きごとに決まる）",
        PrintLetter = "print_letter" "封書を印刷する",
        ListPeople = "list_people" "利用者の一覧を見る",
        ReadDesk = "read_desk" "ヘルプデスクの受付時間と、サービスの状態を見る",
        ReadStructure = "read_structure" "管理体制を見る",
        MakeOutput = "make_output" "許可されたデータを加工して出力する（提示の後に限る）",
        ListOutputs = "list_outputs" "データの出力の記録を見る（データそのものは含まない）",
        DownloadOutput = "download_output" "許可されたデータを受け取る",
        RegisterPatient = "register_patient" "患者を登録する",
        EditPatient = "edit_patient" "患者の登録内容を直す",
        RecordConsent = "record_consent" "患者の同意を記録する",
        WithdrawConsent = "withdraw_consent" "患者の同意の撤回を記録する",
        OpenConsentDocument = "open_consent_document" "同意の書面を開く",
        ReadTeam = "read_team" "支援チームと同意の記録を見る",
        ListFacilities = "list_facilities" "参加している施設の一覧を見る",
        ListSenders = "list_senders" "紙・FAX・電話などで届いた依頼の、依頼元の一覧を見る",
        InviteFacility = "invite_facility" "施設を支援チームに招待する",
        CancelInvitation = "cancel_invitation" "施設への招待を取りやめる",
        ListInvitations = "list_invitations" "自分の施設への招待を見る",
        AnswerInvitation = "answer_invitation" "招待に答え、自分の施設から参加する人を選ぶ",
        LeaveTeam = "leave_team" "支援チームから抜ける",
        RemoveFromTeam = "remove_from_team" "支援チームから人を外す",
        ReadAccess = "read_access" "患者の連絡帳を開いた人の記録を見る",
        ListAudit = "list_audit" "操作記録を見る",
        VerifyAudit = "verify_audit" "操作記録を検証する",
        ListBackups = "list_backups" "バックアップの世代を見る",
        RunBackup = "run_backup" "バックアップを手動で実行する",
        VerifyBackup = "verify_backup" "バックアップを検証する",
        ListPortalPages = "list_portal_pages" "ポータルのページの一覧を見る",
        ReadPortal = "read_portal" "ポータルに公開したすべての版を見る",
        ReadPortalDraft = "read_portal_draft" "ポータルの変更案を見る",
        EditPortal = "edit_portal" "承認された依頼について、ポータルの変更案を書く",
        AttachToCase = "attach_to_case" "案件にファイルを添付する",
        OpenCaseFile = "open_case_file" "案件の添付ファイルを開く",
        ChangeMail = "change_mail" "自分へのお知らせメールの宛先を決める",
        ReadContacts = "read_contacts" "連絡先を見る",
        ReadOutbox = "read_outbox" "送信と後処理の記録を見る（宛先と内容は含まない）",
        TryErrand = "try_errand" "送信・後処理をやり直す",
        ReadContract = "read_contract" "機械向けの仕様書（OpenAPI）を見る",
        AskHealth = "ask_health" "応答するかを確かめる（監視）",
        ReadMonitoring = "read_monitoring" "監視の記録を見る",
        ListRunbooks = "list_runbooks" "手順書の一覧と、見直し・訓練の記録を見る",
        ReadEvidence = "read_evidence" "規程の条・号ごとの証跡を見る、証跡一式を受け取る",
        MakeBundle = "make_bundle" "証跡一式を作る",
        ConfirmStop = "confirm_stop" "計画停止のお知らせを確認したことを記録する",
        ReadConfirmations = "read_confirmations" "計画停止を確認した施設と、まだの施設を見る",
        KeepLedger = "keep_ledger" "資産台帳を登録する",
    }
}

impl Action {
    /// Whether the first thing that an attempt names is a patient: so says the address of its endpoint.
    pub fn is_about_patient(self) -> bool {
        let mut endpoints = crate::api::all().filter(|info| info.action == self);
        endpoints.any(|info| info.path.starts_with("/api/patients/{patient}"))
    }
}

labelled! {
    /// How somebody stands to a thing.
    pub enum Relation {
        CareTeam = "care_team" "患者の支援チームの一員",
        Author = "author" "書いた本人",
        CreatorsFacility = "creators_facility" "書いた施設に属する",
        Party = "party" "その手続きに関わる人（「手続き」の表による）",
        Consented = "consented" "同意が記録されている患者",
        KeyWorker = "key_worker" "世話役（患者を登録した人と、支援チームの介護支援専門員・看護師・保健師）",
        Invited = "invited" "招待された施設に属する人",
        Recipient = "recipient" "そのデータの使用を申請した本人（紙・FAXのときは、申請した施設の施設管理者）",
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What is allowed.
    pub action: Action,
    /// To whom.
    pub to: Who,
    /// If all of these hold.
    pub if_all: &'static [Relation],
    /// The article or requirement that says so.
    pub source: &'static str,
}

/// To whom a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody who is signed in.
    SignedIn,
    /// Holders of a role.
    Holder(Role),
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in.
    SignInFirst,
    /// No role of this person ever may.
    Role,
    /// The role may, but not with this thing: answered as if the thing did not exist.
    Relation,
}

impl Refusal {
    /// Why a button is disabled, for the person in front of it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SignInFirst => "サインインが必要です",
            Self::Role => "この操作はあなたの役割ではできません",
            Self::Relation => "この操作は担当する人だけができます",
        }
    }
}

use {
    Relation::{Author, CareTeam, Consented, CreatorsFacility, Invited, KeyWorker, Party, Recipient},
    Role::{Auditor, City, FacilityManager, KeyKeeper, Member, OperationsManager, Operator, SystemAdmin},
    Who::{Anyone, Holder, SignedIn},
};

const fn rule(action: Action, to: Who, if_all: &'static [Relation], source: &'static str) -> Rule {
    Rule { action, to, if_all, source }
}

/// The table. What is not here is refused.
pub const RULES: &[Rule] = &[
    rule(Action::SignIn, Anyone, &[], "第12条(1)"),
    rule(Action::AskPasskey, Anyone, &[], "第12条(1), 要件1"),
    rule(Action::ReadContract, Anyone, &[], "—"),
    rule(Action::SignOut, SignedIn, &[], "第4条(3)"),
    rule(Action::ReadSelf, SignedIn, &[], "第12条(1)"),
    rule(Action::ProveFactor, SignedIn, &[], "要件1"),
    rule(Action::LockScreen, SignedIn, &[], "第4条(3), 要件5"),
    rule(Action::Unlock, SignedIn, &[], "第4条(3), 要件5"),
    rule(Action::ReadAccount, SignedIn, &[], "第13条"),
    rule(Action::ChoosePassword, SignedIn, &[], "第13条(1), 要件3"),
    rule(Action::EnrolFactor, SignedIn, &[], "要件1"),
    rule(Action::RemoveFactor, SignedIn, &[], "要件1"),
    rule(Action::EndSession, SignedIn, &[], "第4条(3)"),
    rule(Action::ChangeMail, SignedIn, &[], "図3"),
    rule(Action::ListPatients, Holder(Member), &[], "第5条"),
    rule(Action::ListCases, SignedIn, &[], "図1-1〜図2-5"),
    rule(Action::ReadCase, SignedIn, &[Party], "図1-1〜図2-5"),
    rule(Action::OpenCase, SignedIn, &[Party], "図1-1〜図2-5（紙・FAXを含む）"),
    rule(Action::TakeStep, SignedIn, &[Party], "図1-1〜図2-5"),
    rule(Action::AttachToCase, SignedIn, &[Party], "様式第1・第3（添付資料）"),
    rule(Action::OpenCaseFile, SignedIn, &[Party], "様式第1・第3（添付資料）"),
    rule(Action::PrintLetter, Holder(City), &[], "第13条(1)"),
    rule(Action::ListPeople, Holder(FacilityManager), &[], "第13条"),
    rule(Action::ListPeople, Holder(OperationsManager), &[], "第3条"),
    rule(Action::ListPeople, Holder(City), &[], "第13条"),
    rule(Action::ReadDesk, SignedIn, &[], "第16条"),
    rule(Action::ReadStructure, Holder(City), &[], "第3条"),
    rule(Action::ReadStructure, Holder(OperationsManager), &[], "第3条"),
    rule(Action::ReadStructure, Holder(SystemAdmin), &[], "第3条"),
    rule(Action::ReadStructure, Holder(Operator), &[], "第3条"),
    rule(Action::ReadStructure, Holder(KeyKeeper), &[], "第3条"),
    rule(Action::ReadStructure, Holder(Auditor), &[], "第3条"),
    rule(Action::MakeOutput, Holder(Operator), &[Party], "第15条3(1)(2)"),
    rule(Action::ListOutputs, SignedIn, &[Party], "第15条"),
    rule(Action::DownloadOutput, Holder(FacilityManager), &[Recipient], "第15条3(3)"),
    rule(Action::DownloadOutput, Holder(OperationsManager), &[Recipient], "第15条3(3)"),
    rule(Action::ReadThread, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::ReadPulse, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::ReadHistory, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::MarkRead, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::WriteNote, Holder(Member), &[CareTeam, Consented], "第5条2(2)"),
    rule(Action::Acknowledge, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::ReviseNote, Holder(Member), &[CareTeam, Consented, Author], "第5条"),
    rule(Action::RetractNote, Holder(Member), &[CareTeam, Consented, Author], "第5条"),
    rule(Action::RetractNote, Holder(FacilityManager), &[CareTeam, Consented, CreatorsFacility], "第5条1"),
    rule(Action::AttachFile, Holder(Member), &[CareTeam, Consented], "第5条2(2)"),
    rule(Action::OpenFile, Holder(Member), &[CareTeam, Consented], "第5条, 要件6"),
    rule(Action::RegisterPatient, Holder(Member), &[], "第5条, 要件25"),
    rule(Action::EditPatient, Holder(Member), &[CareTeam, KeyWorker], "第5条"),
    rule(Action::RecordConsent, Holder(Member), &[CareTeam, KeyWorker], "要件25"),
    rule(Action::WithdrawConsent, Holder(Member), &[CareTeam, KeyWorker, Consented], "要件25"),
    rule(Action::OpenConsentDocument, Holder(Member), &[CareTeam], "要件25"),
    rule(Action::ReadTeam, Holder(Member), &[CareTeam], "第5条, 要件25"),
    rule(Action::ListFacilities, SignedIn, &[], "第16条(5)"),
    rule(Action::ListSenders, Holder(City), &[], "図1-1（紙・FAX）"),
    rule(Action::ListSenders, Holder(Operator), &[], "第16条"),
    rule(Action::InviteFacility, Holder(Member), &[CareTeam, KeyWorker, Consented], "第5条, 要件25"),
    rule(Action::CancelInvitation, Holder(Member), &[CareTeam, KeyWorker], "第5条, 要件25"),
    rule(Action::ListInvitations, Holder(FacilityManager), &[], "第5条1"),
    rule(Action::AnswerInvitation, Holder(FacilityManager), &[Invited, Consented], "第5条1"),
    rule(Action::LeaveTeam, Holder(Member), &[CareTeam], "第5条"),
    rule(Action::RemoveFromTeam, Holder(Member), &[CareTeam, KeyWorker], "第5条, 要件25"),
    rule(Action::ReadAccess, Holder(Member), &[CareTeam], "要件7"),
    rule(Action::ListAudit, Holder(City), &[], "要件7"),
    rule(Action::ListAudit, Holder(OperationsManager), &[], "要件7"),
    rule(Action::ListAudit, Holder(Auditor), &[], "要件7"),
    rule(Action::VerifyAudit, Holder(City), &[], "要件8"),
    rule(Action::VerifyAudit, Holder(OperationsManager), &[], "要件8"),
    rule(Action::VerifyAudit, Holder(Auditor), &[], "要件8"),
    rule(Action::ListBackups, Holder(SystemAdmin), &[], "第23条"),
    rule(Action::ListBackups, Holder(OperationsManager), &[], "第23条"),
    rule(Action::ListBackups, Holder(City), &[], "第23条(2)"),
    rule(Action::ListBackups, Holder(Auditor), &[], "要件12"),
    rule(Action::RunBackup, Holder(SystemAdmin), &[], "第23条, 第24条(1)"),
    rule(Action::KeepLedger, Holder(SystemAdmin), &[], "第8条, 第21条(4)"),
    rule(Action::VerifyBackup, Holder(SystemAdmin), &[], "要件12"),
    rule(Action::VerifyBackup, Holder(OperationsManager), &[], "要件12"),
    rule(Action::VerifyBackup, Holder(Auditor), &[], "要件12"),
    rule(Action::ReadContacts, Holder(City), &[], "図3"),
    rule(Action::ReadContacts, Holder(Operator), &[], "図3"),
    rule(Action::ReadContacts, Holder(SystemAdmin), &[], "図3"),
    rule(Action::ReadContacts, Holder(OperationsManager), &[], "図3"),
    rule(Action::ReadContacts, Holder(KeyKeeper), &[], "図3"),
    rule(Action::ReadOutbox, Holder(Operator), &[], "図3"),
    rule(Action::ReadOutbox, Holder(SystemAdmin), &[], "図3, 第24条(2)"),
    rule(Action::ReadOutbox, Holder(OperationsManager), &[], "図3"),
    rule(Action::ReadOutbox, Holder(City), &[], "図3"),
    rule(Action::ReadOutbox, Holder(Auditor), &[], "図3"),
    rule(Action::TryErrand, Holder(SystemAdmin), &[], "第24条(2)"),
    rule(Action::TryErrand, Holder(Operator), &[], "図3"),
    rule(Action::ListPortalPages, SignedIn, &[], "第14条"),
    rule(Action::ReadPortal, Holder(City), &[], "第14条"),
    rule(Action::ReadPortal, Holder(Operator), &[], "第14条"),
    rule(Action::ReadPortal, Holder(OperationsManager), &[], "第14条"),
    rule(Action::ReadPortal, Holder(Auditor), &[], "第14条"),
    rule(Action::ReadPortalDraft, SignedIn, &[Party], "第14条, 図1-2"),
    rule(Action::EditPortal, Holder(Operator), &[Party], "第14条(2)"),
    rule(Action::AskHealth, Anyone, &[], "第24条(2)"),
    rule(Action::ReadMonitoring, Holder(SystemAdmin), &[], "第24条(2)"),
    rule(Action::ReadMonitoring, Holder(OperationsManager), &[], "第24条(2)"),
    rule(Action::ReadMonitoring, Holder(City), &[], "第24条(2)"),
    rule(Action::ReadMonitoring, Holder(Auditor), &[], "第24条(2)"),
    rule(Action::ListRunbooks, Holder(SystemAdmin), &[], "第24条(3)"),
    rule(Action::ListRunbooks, Holder(OperationsManager), &[], "第24条(3)"),
    rule(Action::ListRunbooks, Holder(City), &[], "第24条(3)"),
    rule(Action::ListRunbooks, Holder(Auditor), &[], "第24条(3)"),
    rule(Action::ReadEvidence, Holder(City), &[], "第7条, 第18条"),
    rule(Action::ReadEvidence, Holder(OperationsManager), &[], "第7条"),
    rule(Action::ReadEvidence, Holder(Auditor), &[], "第7条, 要件12"),
    rule(Action::MakeBundle, Holder(City), &[], "第7条, 第18条"),
    rule(Action::MakeBundle, Holder(OperationsManager), &[], "第7条"),
    rule(Action::MakeBundle, Holder(Auditor), &[], "第7条, 要件12"),
    rule(Action::ConfirmStop, SignedIn, &[], "第23条(3), 図2-5"),
    rule(Action::ReadConfirmations, Holder(SystemAdmin), &[], "第23条(3), 図2-5"),
    rule(Action::ReadConfirmations, Holder(OperationsManager), &[], "第23条(3), 図2-5"),
    rule(Action::ReadConfirmations, Holder(Operator), &[], "第23条(3), 図2-5"),
    rule(Action::ReadConfirmations, Holder(City), &[], "第23条(3), 図2-5"),
];

/// Whether somebody may do something with a thing to which they stand in these relations. `roles` is `None`
/// before sign-in.
///
/// # Errors
/// Why not.
pub fn decide(roles: Option<&[Role]>, action: Action, relations: &[Relation]) -> Result<(), Refusal> {
    let speaks = |rule: &&Rule| match (rule.to, roles) {
        (Anyone, _) | (SignedIn, Some(_)) => true,
        (Holder(role), Some(roles)) => roles.contains(&role),
        (SignedIn | Holder(_), None) => false,
    };
    let mut refusal = if roles.is_none() { Refusal::SignInFirst } else { Refusal::Role };
    for rule in RULES.iter().filter(|rule| rule.action == action).filter(speaks) {
        if rule.if_all.iter().all(|needed| relations.contains(needed)) {
            return Ok(());
        }
        refusal = Refusal::Relation;
    }
    Err(refusal)
}

/// Whether some relation exists in which somebody may do this: decides what a screen shows at all.
pub fn may_ever(roles: Option<&[Role]>, action: Action) -> bool {
    !matches!(decide(roles, action, &[]), Err(Refusal::SignInFirst | Refusal::Role))
}

/// The table as a city official reads it.
pub fn in_words() -> String {
    use std::fmt::Write;
    let mut out = String::from("# 権限表 — だれが何をできるか（ここにないことはできません）\n");
    for action in Action::ALL {
        let _ = write!(out, "\n{}\n", action.label());
        for rule in RULES.iter().filter(|rule| rule.action == *action) {
            let who = match rule.to {
                Anyone => "だれでも",
                SignedIn => "サインインした人",
                Holder(role) => role.label(),
            };
            let only = rule.if_all.iter().map(|r| r.label()).collect::<Vec<_>>().join("、かつ");
            let only = if only.is_empty() { String::new() } else { format!("（{only}に限る）") };
            let _ = writeln!(out, "  {who}{only}  [{}]", rule.source);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLINICAL: &[Action] = &[
        Action::ListPatients,
        Action::ReadThread,
        Action::ReadPulse,
        Action::ReadHistory,
        Action::MarkRead,
        Action::WriteNote,
        Action::Acknowledge,
        Action::ReviseNote,
        Action::RetractNote,
        Action::AttachFile,
        Action::OpenFile,
        Action::RegisterPatient,
        Action::EditPatient,
        Action::RecordConsent,
        Action::WithdrawConsent,
        Action::OpenConsentDocument,
        Action::ReadTeam,
        Action::InviteFacility,
        Action::CancelInvitation,
        Action::ListInvitations,
        Action::AnswerInvitation,
        Action::LeaveTeam,
        Action::RemoveFromTeam,
    ];
    /// About no patient that exists already, or about the own facility.
    const WITHOUT_A_PATIENT: &[Action] =
        &[Action::ListPatients, Action::RegisterPatient, Action::ListInvitations];

    #[test]
    fn nobody_but_the_care_team_reads_clinical_text() {
        for action in CLINICAL {
            assert_eq!(decide(None, *action, Relation::ALL), Err(Refusal::SignInFirst), "{action}");
            for role in Role::ALL.iter().filter(|role| !matches!(role, Member | FacilityManager)) {
                assert_eq!(
                    decide(Some(&[*role]), *action, Relation::ALL),
                    Err(Refusal::Role),
                    "{role} {action}"
                );
            }
            if !WITHOUT_A_PATIENT.contains(action) {
                assert_eq!(
                    decide(Some(Role::ALL), *action, &[Author, CreatorsFacility, Consented, KeyWorker]),
                    Err(Refusal::Relation),
                    "{action}"
                );
            }
        }
    }

    #[test]
    fn nothing_of_a_thread_opens_without_consent() {
        let open = [
            Action::ReadThread,
            Action::ReadPulse,
            Action::ReadHistory,
            Action::MarkRead,
            Action::WriteNote,
            Action::Acknowledge,
            Action::ReviseNote,
            Action::RetractNote,
            Action::AttachFile,
            Action::OpenFile,
            Action::InviteFacility,
            Action::AnswerInvitation,
        ];
        let all_but_consent: Vec<_> = Relation::ALL.iter().copied().filter(|r| *r != Consented).collect();
        for action in open {
            assert_eq!(decide(Some(Role::ALL), action, &all_but_consent), Err(Refusal::Relation), "{action}");
            assert_eq!(decide(Some(Role::ALL), action, Relation::ALL), Ok(()), "{action}");
        }
    }

    #[test]
    fn only_key_workers_look_after_consent_and_team() {
        for action in [
            Action::EditPatient,
            Action::RecordConsent,
            Action::WithdrawConsent,
            Action::InviteFacility,
            Action::CancelInvitation,
            Action::RemoveFromTeam,
        ] {
            let roles = [Member, FacilityManager];
            assert_eq!(
                decide(Some(&roles), action, &[CareTeam, Consented]),
                Err(Refusal::Relation),
                "{action}"
            );
            assert_eq!(decide(Some(&roles), action, &[CareTeam, Consented, KeyWorker]), Ok(()), "{action}");
        }
    }

    #[test]
    fn a_note_is_corrected_by_its_author_only() {
        assert_eq!(decide(Some(&[Member]), Action::ReviseNote, &[CareTeam, Consented, Author]), Ok(()));
        assert_eq!(
            decide(Some(&[Member]), Action::ReviseNote, &[CareTeam, Consented, CreatorsFacility]),
            Err(Refusal::Relation)
        );
        assert_eq!(
            decide(Some(&[FacilityManager]), Action::RetractNote, &[CareTeam, Consented, CreatorsFacility]),
            Ok(())
        );
    }

    #[test]
    fn every_action_has_a_rule() {
        for action in Action::ALL {
            assert!(RULES.iter().any(|rule| rule.action == *action), "{action}");
        }
    }
}
