//! Procedures 手続き: what is asked, decided and done. Each is one declaration; [`step`] serves all of them, and the
//! screens, the checks and the documents follow from the declarations.

mod case;
#[cfg(test)]
mod cast;
mod closing;
mod declaration;
mod declarations;
mod errand;
mod field;
mod grant;
mod halt;
pub mod incident;
mod leaving;
pub mod notice_mail;
mod output;
mod service;
mod sheets;
mod step;
mod system;

pub use case::{
    Asked, CASE_FILES_MAX, Case, CaseBrief, CaseRow, Channel, FORM_MAX, Link, Opened, STEPS_MAX, TakeStep,
    Taken,
};
pub use closing::IncidentStop;
pub use declaration::{Declaration, Detour, Due, Effect, Party, Step};
pub use declarations::data_use::{MEASURES, MEDIA, USE_REMINDER_DAYS};
pub use declarations::disposal::OF_A_DAY;
pub use declarations::{APPOINTABLE, UNFIT, articles, declaration, diagram, in_words, stop_span};
pub use errand::{Errand, ErrandKind, STUCK_TRIES, Task, follows};
pub use field::{Field, FieldKind, Form, check_form, moment_of, moment_text, month_of, roles_of};
pub use grant::{DataGrant, is_recipient, next_notice_number, use_time_left, wanted_of};
pub use halt::Halt;
pub use leaving::{LEAVING_MAX, Leaving};
pub use output::{NewOutput, OUTPUTS_MAX, Output, OutputLink, Outputs};
pub use service::{PlannedStop, Service, ServiceMode, Stop, StopConfirmation};
pub use sheets::{SheetKind, sheet_of, sheets_of};
pub use step::{Ask, COMMENT, CannotStep, Ways, attach, can_ask, open, party_to, step, steps_for};
pub use system::{note_by_system, open_by_system, step_by_system};

use crate::{book::may_be_invited, label::labelled, people::FacilityKind};

labelled! {
    /// Every procedure.
    pub enum Procedure {
        AccountAdd = "account_add" "利用者の追加",
        AccountRemove = "account_remove" "利用者の削除",
        AccountChange = "account_change" "利用者の変更（交代）",
        AccountStop = "account_stop" "利用の一時停止",
        AccountDetail = "account_detail" "付随情報の変更",
        AccountReset = "account_reset" "パスワード忘れ・機器の紛失",
        Appointment = "appointment" "管理体制の届出",
        AuditReview = "audit_review" "操作記録の月次点検",
        FacilityAdd = "facility_add" "利用施設の登録",
        FacilityChange = "facility_change" "施設の変更",
        FacilityLeave = "facility_leave" "施設の脱退",
        Inquiry = "inquiry" "問い合わせ",
        Incident = "incident" "障害・情報漏えい",
        PortalChange = "portal_change" "ポータルの変更",
        DataUse = "data_use" "データの臨時使用",
        BackupSchedule = "backup_schedule" "バックアップの日時",
        PlannedStop = "planned_stop" "計画停止",
        RunbookReview = "runbook_review" "手順書の見直し・訓練",
        Disposal = "disposal" "データの処分",
        Training = "training" "教育・訓練",
        Regulation = "regulation" "管理規程・手順の承認",
        Compliance = "compliance" "準拠度チェックリスト",
        AreaEntry = "area_entry" "設置室への入室",
        KeyLoan = "key_loan" "鍵の貸出",
        PowerInspection = "power_inspection" "電源設備の点検",
        Acceptance = "acceptance" "システムの受け入れ",
        Maintenance = "maintenance" "維持管理の作業",
        SiteCheck = "site_check" "設置場所の点検",
        FacilityCheck = "facility_check" "施設の点検",
    }
}

impl Procedure {
    /// What stands after the name of whom or what a case is about: 「さん」 for people.
    pub const fn title_of_subject(self) -> &'static str {
        match self {
            Self::AccountAdd
            | Self::AccountRemove
            | Self::AccountChange
            | Self::AccountStop
            | Self::AccountDetail
            | Self::AccountReset
            | Self::Appointment => "さん",
            _ => "",
        }
    }

    /// Whether what somebody enters for others can come from a facility of this kind: what nobody there could ask, or be given
    /// in the end, cannot.
    pub const fn comes_from(self, kind: FacilityKind) -> bool {
        match self {
            // Only the contractor's people are appointed (Art. 3).
            Self::Appointment => matches!(kind, FacilityKind::Contractor),
            // A facility answers for what it created (Art. 5), and leaves; the offices do neither.
            Self::FacilityCheck | Self::FacilityLeave => may_be_invited(kind),
            // An output is fetched by a manager of the applicant's people (Art. 15(3)); the city's office has none.
            Self::DataUse => !matches!(kind, FacilityKind::CityOffice),
            _ => true,
        }
    }

    /// Whether whoever typed in what came on paper does not decide it either: letters with passwords go to the address of a
    /// facility, and its end ends all its people.
    pub const fn needs_two_officials(self) -> bool {
        matches!(self, Self::FacilityChange | Self::FacilityLeave)
    }
}

labelled! {
    /// Where a case stands.
    pub enum State {
        Draft = "draft" "下書き（届出前）",
        Asked = "asked" "市の審査待ち",
        Returned = "returned" "差戻し（施設で修正中）",
        Registered = "registered" "登録済み（封書の印刷待ち）",
        Printed = "printed" "封書を印刷済み（発送待ち）",
        Posted = "posted" "封書を発送済み（受領待ち）",
        Stopped = "stopped" "停止中",
        ResumeAsked = "resume_asked" "再開の審査待ち",
        Filed = "filed" "届出済み（市の受領待ち）",
        Signed = "signed" "署名済み（市の確認待ち）",
        AwaitingAnswer = "awaiting_answer" "回答待ち",
        Answered = "answered" "回答済み（依頼した人の確認待ち）",
        HandedOver = "handed_over" "障害として対応中",
        Detected = "detected" "検知（市への連絡待ち）",
        Contacted = "contacted" "市へ連絡済み（記録と現状の保存待ち）",
        Preserved = "preserved" "保存済み（原因の分析中）",
        Analysed = "analysed" "分析済み（利用者への周知待ち）",
        Informed = "informed" "周知済み（証拠保全の完了待ち）",
        Secured = "secured" "証拠保全の完了（暫定措置待ち）",
        Mitigated = "mitigated" "暫定措置済み（復旧待ち）",
        Recovered = "recovered" "復旧済み（報告書の提出待ち）",
        Reported = "reported" "報告書を提出済み（市の受領待ち）",
        InCouncil = "in_council" "協議会で協議中",
        Notifying = "notifying" "受領済み（漏えいの報告・通知の記録待ち）",
        Done = "done" "完了",
        Refused = "refused" "却下",
        Withdrawn = "withdrawn" "取下げ",
        DesignTalk = "design_talk" "設計協議中（運用者の設計案待ち）",
        DesignProposed = "design_proposed" "設計協議中（市の合意待ち）",
        Editing = "editing" "反映の準備中（運用者が編集）",
        Submitted = "submitted" "提出済み（市の受理待ち）",
        Accepted = "accepted" "受理済み（審査中）",
        Granted = "granted" "許可決定（通知書の提示待ち）",
        Presented = "presented" "提示済み（加工・出力待ち）",
        Produced = "produced" "出力済み（受取り待ち）",
        Provided = "provided" "提供済み（使用中）",
        Measured = "measured" "使用後の措置を報告済み（市の確認待ち）",
        TimesProposed = "times_proposed" "運用管理責任者の承認待ち",
        TimesApproved = "times_approved" "市の承認待ち",
        StopAsked = "stop_asked" "運用管理責任者の許可待ち",
        StopPermitted = "stop_permitted" "許可済み（ポータルでの公開待ち）",
        StopAnnounced = "stop_announced" "公開済み（停止・再開待ち）",
        Suspected = "suspected" "自動検知（システム管理者の確認待ち）",
        WorkRecorded = "work_recorded" "記録済み（運用管理責任者の確認待ち）",
        DueForDisposal = "due_for_disposal" "処分の許可待ち",
        DisposalPermitted = "disposal_permitted" "処分を許可済み（消去待ち）",
        Erased = "erased" "消去済み（消去証明の受領待ち）",
        Erasing = "erasing" "消去中（システムが実行）",
        TrainingHeld = "training_held" "実施を記録済み（受講の確認待ち）",
        Offered = "offered" "提示済み（市の承認待ち）",
        OfferReturned = "offer_returned" "差戻し（提示し直し待ち）",
        EntryAsked = "entry_asked" "入室の許可待ち",
        EntryPermitted = "entry_permitted" "入室を許可済み（入室待ち）",
        Inside = "inside" "入室中（退室の記録待ち）",
        KeyAsked = "key_asked" "鍵の貸出の許可待ち",
        KeyLent = "key_lent" "鍵を貸出中（返却待ち）",
        InspectionAsked = "inspection_asked" "日程の協議中（市の合意待ち）",
        InspectionReturned = "inspection_returned" "日程の調整中（日程の出し直し待ち）",
        InspectionAgreed = "inspection_agreed" "日程に合意済み（点検の実施待ち）",
        AcceptanceAsked = "acceptance_asked" "受け入れの確認中（4項目の記録待ち）",
        AcceptanceChecked = "acceptance_checked" "確認を記録済み（運用管理責任者の許可待ち）",
        WorkAsked = "work_asked" "作業の許可待ち",
        WorkPermitted = "work_permitted" "作業を許可済み（作業の記録待ち）",
    }
}

impl State {
    /// Whether nothing more happens.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Withdrawn)
    }

    /// Whether the system is at work on it, so that it moves without anybody's doing.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Erasing)
    }

    /// Whether it may stay so for as long as it likes: nobody is late.
    pub const fn is_resting(self) -> bool {
        matches!(self, Self::Stopped)
    }
}

labelled! {
    /// Everything that can be done with a case, in the words of its button.
    pub enum Act {
        Ask = "ask" "依頼する",
        AskAgain = "ask_again" "直して依頼し直す",
        Withdraw = "withdraw" "取り下げる",
        Return = "return" "差し戻す",
        Refuse = "refuse" "却下する",
        Register = "register" "決定して登録する",
        Remove = "remove" "削除する",
        Stop = "stop" "停止する",
        AskResume = "ask_resume" "再開を依頼する",
        Resume = "resume" "再開する",
        ChangeDetail = "change_detail" "本人確認を記録して変更する",
        AcceptReset = "accept_reset" "本人確認を記録して再発行する",
        Print = "print" "封書を印刷する",
        Post = "post" "発送を記録する",
        Receive = "receive" "受領を確認する",
        EditDraft = "edit_draft" "下書きを直す",
        File = "file" "市に届け出る",
        ReceiveFiling = "receive_filing" "届出を受領する",
        Sign = "sign" "点検結果に署名する",
        Note = "note" "確認したことを記録する",
        Answer = "answer" "回答する",
        AskFurther = "ask_further" "さらに質問する",
        Settle = "settle" "解決した",
        CloseInquiry = "close_inquiry" "対応を終える",
        HandOver = "hand_over" "障害として引き継ぐ",
        ProposeFaq = "propose_faq" "よくある質問の案を作る",
        PublishFaq = "publish_faq" "よくある質問として公開する",
        Contact = "contact" "市への連絡を記録する",
        Preserve = "preserve" "アクセス記録と現状を保存する",
        Analyse = "analyse" "原因と対処予定を記録する",
        Inform = "inform" "利用者への周知を記録する",
        Secure = "secure" "証拠保全の完了を記録する",
        Mitigate = "mitigate" "暫定措置を記録する",
        Recover = "recover" "復旧する",
        Submit = "submit" "報告書（様式第3）を提出する",
        ReceiveReport = "receive_report" "報告書を受領する",
        ReferToCouncil = "refer_to_council" "受領して協議会に報告する",
        Deliberate = "deliberate" "協議の結果を記録する",
        Cut = "cut" "ネットワークを切断する",
        Halt = "halt" "システムを停止する",
        Log = "log" "経過を記録する",
        Call = "call" "連絡を記録する",
        CallUsers = "call_users" "利用者への連絡を記録する",
        Notify = "notify" "委員会への報告・本人への通知を記録する",
        NotifyAsCity = "notify_as_city" "市の報告・通知を記録する",
        EndNotices = "end_notices" "報告・通知が済んだことを確かめて終える",
        AcceptContent = "accept_content" "承認する（内容の変更）",
        AcceptDesign = "accept_design" "承認し、設計協議に進める",
        OfferDesign = "offer_design" "設計案を示す",
        AgreeDesign = "agree_design" "設計に合意する",
        AnswerDesign = "answer_design" "設計案に意見を返す",
        TalkDesign = "talk_design" "設計協議に戻して設計案を示す",
        Publish = "publish" "公開する",
        Accept = "accept" "受理する",
        Grant = "grant" "使用を許可する",
        Present = "present" "通知書の提示を記録する",
        Produce = "produce" "加工して出力する",
        Provide = "provide" "データを受け取る",
        Measure = "measure" "使用後の措置を報告する",
        ConfirmMeasure = "confirm_measure" "措置を確認して終える",
        Remind = "remind" "督促を記録する",
        RegisterFacility = "register_facility" "決定して施設を登録する",
        ChangeFacility = "change_facility" "決定して施設の情報を変更する",
        LeaveFacility = "leave_facility" "決定して施設を脱退させる",
        Comment = "comment" "コメントする",
        Attach = "attach" "ファイルを添付する",
        ApproveTimes = "approve_times" "日時を承認する",
        DecideTimes = "decide_times" "承認して公開する",
        RefuseTimes = "refuse_times" "承認しない",
        PermitStop = "permit_stop" "停止を許可する",
        AnnounceStop = "announce_stop" "ポータルに公開する",
        ProlongStop = "prolong_stop" "停止を延長する",
        CancelStop = "cancel_stop" "停止を取りやめる",
        TakeOn = "take_on" "確認し、障害として対応を始める",
        Dismiss = "dismiss" "異常ではないと記録して終える",
        ConfirmWork = "confirm_work" "記録を確かめる",
        PermitDisposal = "permit_disposal" "処分を許可する",
        Erase = "erase" "消去する",
        ReceiveCertificate = "receive_certificate" "消去証明を受け取る",
        EndErasure = "end_erasure" "消去を終え、消去証明を作る",
        GiveUpErasure = "give_up_erasure" "消去せずに戻す",
        ConfirmTraining = "confirm_training" "受講を確かめる",
        Approve = "approve" "承認する",
        PermitEntry = "permit_entry" "入室を許可する",
        RecordEntry = "record_entry" "入室を記録する",
        RecordExit = "record_exit" "退室を記録する",
        LendKey = "lend_key" "許可して鍵を渡す",
        TakeKeyBack = "take_key_back" "返却を確かめる",
        AgreeDate = "agree_date" "日程に合意する",
        RecordInspection = "record_inspection" "点検の結果を記録する",
        CheckAcceptance = "check_acceptance" "確認4項目を記録する",
        PermitAcceptance = "permit_acceptance" "受け入れを許可する",
        PermitWork = "permit_work" "作業を許可する",
        RecordWork = "record_work" "作業の結果を記録する",
    }
}

impl Act {
    /// Whether it fills in the whole form again: whoever takes it has written what is decided on.
    pub const fn refills(self) -> bool {
        matches!(self, Self::AskAgain | Self::EditDraft)
    }
}
