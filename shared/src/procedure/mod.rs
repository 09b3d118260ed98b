//! Procedures 手続き: what is asked, decided and done. Each is one declaration; [`step`] serves all of them, and the
//! screens, the checks and the documents follow from the declarations.

mod case;
mod declaration;
mod declarations;
mod field;
mod output;
mod step;

pub use case::{Asked, Case, CaseBrief, CaseRow, Channel, FORM_MAX, Opened, STEPS_MAX, TakeStep, Taken};
pub use declaration::{Declaration, Due, Effect, Party, Step};
pub use declarations::data_use::{
    DataGrant, MEASURES, MEDIA, USE_REMINDER_DAYS, is_recipient, next_notice_number, use_time_left, wanted_of,
};
pub use declarations::{APPOINTABLE, Deadline, deadline, declaration, diagram, in_words};
pub use field::{Field, FieldKind, Form, check_form, month_of, roles_of};
pub use output::{NewOutput, OUTPUTS_MAX, Output, OutputLink, Outputs};
pub use step::{Ask, COMMENT, CannotStep, can_ask, open, party_to, step, steps_for};

use crate::label::labelled;

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
        DataUse = "data_use" "データの臨時使用",
    }
}

impl Procedure {
    /// What stands after the name of whom or what a case is about: 「さん」 for people.
    pub const fn title_of_subject(self) -> &'static str {
        match self {
            Self::AuditReview | Self::DataUse => "",
            _ => "さん",
        }
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
        Done = "done" "完了",
        Refused = "refused" "却下",
        Withdrawn = "withdrawn" "取下げ",
        Submitted = "submitted" "提出済み（市の受理待ち）",
        Accepted = "accepted" "受理済み（審査中）",
        Granted = "granted" "許可決定（通知書の提示待ち）",
        Presented = "presented" "提示済み（加工・出力待ち）",
        Produced = "produced" "出力済み（受取り待ち）",
        Provided = "provided" "提供済み（使用中）",
        Measured = "measured" "使用後の措置を報告済み（市の確認待ち）",
    }
}

impl State {
    /// Whether nothing more happens.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Withdrawn)
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
        Accept = "accept" "受理する",
        Grant = "grant" "使用を許可する",
        Present = "present" "通知書の提示を記録する",
        Produce = "produce" "加工して出力する",
        Provide = "provide" "データを受け取る",
        Measure = "measure" "使用後の措置を報告する",
        ConfirmMeasure = "confirm_measure" "措置を確認して終える",
        Remind = "remind" "督促を記録する",
        Comment = "comment" "コメントする",
    }
}

impl Act {
    /// Whether a case does not wait for it: it is possible, and nothing is late without it.
    pub const fn is_aside(self) -> bool {
        matches!(self, Self::Withdraw | Self::EditDraft | Self::Remind | Self::Comment)
    }
}
