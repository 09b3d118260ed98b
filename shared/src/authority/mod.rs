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
        OpenCase = "open_case" "手続きを依頼する",
        TakeStep = "take_step" "案件を進める（できることは手続きごとに決まる）",
        PrintLetter = "print_letter" "封書を印刷する",
        ListPeople = "list_people" "利用者の一覧を見る",
        ListFacilities = "list_facilities" "施設の一覧を見る",
        ListBackups = "list_backups" "バックアップの世代を見る",
        RunBackup = "run_backup" "バックアップを手動で実行する",
        VerifyBackup = "verify_backup" "バックアップを検証する",
        ReadContract = "read_contract" "機械向けの仕様書（OpenAPI）を見る",
    }
}

labelled! {
    /// How somebody stands to a thing.
    pub enum Relation {
        CareTeam = "care_team" "患者の支援チームの一員",
        Author = "author" "書いた本人",
        CreatorsFacility = "creators_facility" "書いた施設に属する",
        OwnFacility = "own_facility" "自分の施設のもの",
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
    Relation::{Author, CareTeam, CreatorsFacility, OwnFacility},
    Role::{Auditor, City, FacilityManager, Member, OperationsManager, SystemAdmin},
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
    rule(Action::ListPatients, Holder(Member), &[], "第5条"),
    rule(Action::ReadThread, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::ReadPulse, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::ReadHistory, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::MarkRead, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::WriteNote, Holder(Member), &[CareTeam], "第5条2(2)"),
    rule(Action::Acknowledge, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::ReviseNote, Holder(Member), &[CareTeam, Author], "第5条"),
    rule(Action::RetractNote, Holder(Member), &[CareTeam, Author], "第5条"),
    rule(Action::RetractNote, Holder(FacilityManager), &[CareTeam, CreatorsFacility], "第5条1"),
    rule(Action::AttachFile, Holder(Member), &[CareTeam], "第5条2(2)"),
    rule(Action::OpenFile, Holder(Member), &[CareTeam], "第5条, 要件6"),
    rule(Action::ListCases, Holder(FacilityManager), &[], "第13条, 図1-1"),
    rule(Action::ListCases, Holder(City), &[], "第13条, 図1-1"),
    rule(Action::ReadCase, Holder(FacilityManager), &[OwnFacility], "第13条"),
    rule(Action::ReadCase, Holder(City), &[], "第13条"),
    rule(Action::OpenCase, Holder(FacilityManager), &[], "第13条"),
    rule(Action::OpenCase, Holder(City), &[], "図1-1（紙・FAX）"),
    rule(Action::TakeStep, Holder(FacilityManager), &[OwnFacility], "第13条"),
    rule(Action::TakeStep, Holder(City), &[], "第13条"),
    rule(Action::PrintLetter, Holder(City), &[], "第13条(1)"),
    rule(Action::ListPeople, Holder(FacilityManager), &[], "第13条"),
    rule(Action::ListPeople, Holder(City), &[], "第13条"),
    rule(Action::ListFacilities, Holder(FacilityManager), &[], "第13条"),
    rule(Action::ListFacilities, Holder(City), &[], "第13条"),
    rule(Action::ListBackups, Holder(SystemAdmin), &[], "第23条"),
    rule(Action::ListBackups, Holder(OperationsManager), &[], "第23条"),
    rule(Action::ListBackups, Holder(City), &[], "第23条(2)"),
    rule(Action::ListBackups, Holder(Auditor), &[], "要件12"),
    rule(Action::RunBackup, Holder(SystemAdmin), &[], "第23条, 第24条(1)"),
    rule(Action::VerifyBackup, Holder(SystemAdmin), &[], "要件12"),
    rule(Action::VerifyBackup, Holder(OperationsManager), &[], "要件12"),
    rule(Action::VerifyBackup, Holder(Auditor), &[], "要件12"),
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
    ];

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
            if *action != Action::ListPatients {
                assert_eq!(
                    decide(Some(Role::ALL), *action, &[Author, CreatorsFacility]),
                    Err(Refusal::Relation),
                    "{action}"
                );
            }
        }
    }

    #[test]
    fn a_note_is_corrected_by_its_author_only() {
        assert_eq!(decide(Some(&[Member]), Action::ReviseNote, &[CareTeam, Author]), Ok(()));
        assert_eq!(
            decide(Some(&[Member]), Action::ReviseNote, &[CareTeam, CreatorsFacility]),
            Err(Refusal::Relation)
        );
        assert_eq!(
            decide(Some(&[FacilityManager]), Action::RetractNote, &[CareTeam, CreatorsFacility]),
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
