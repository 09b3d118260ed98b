//! Procedures 手続き: what is asked, decided and done. Each is one declaration; [`step`] serves all of them, and the
//! screens, the checks and the documents follow from the declarations.

mod case;
mod declaration;
mod declarations;
mod field;
mod step;

pub use case::{Asked, Case, CaseRow, Channel, FORM_MAX, Opened, STEPS_MAX, TakeStep, Taken};
pub use declaration::{Declaration, Effect, Party, Step};
pub use declarations::{declaration, in_words};
pub use field::{Field, FieldKind, Form, check_form};
pub use step::{Ask, CannotStep, open, step, steps_for};

use crate::label::labelled;

labelled! {
    /// Every procedure.
    pub enum Procedure {
        AccountAdd = "account_add" "利用者の追加",
        AccountRemove = "account_remove" "利用者の削除",
        AccountDetail = "account_detail" "付随情報の変更",
        AccountReset = "account_reset" "パスワード忘れ・機器の紛失",
    }
}

labelled! {
    /// Where a case stands.
    pub enum State {
        Asked = "asked" "市の審査待ち",
        Returned = "returned" "差戻し（施設で修正中）",
        Registered = "registered" "登録済み（封書の印刷待ち）",
        Printed = "printed" "封書を印刷済み（発送待ち）",
        Posted = "posted" "封書を発送済み（受領待ち）",
        Done = "done" "完了",
        Refused = "refused" "却下",
        Withdrawn = "withdrawn" "取下げ",
    }
}

impl State {
    /// Whether nothing more happens.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Withdrawn)
    }
}

labelled! {
    /// Everything that can be done with a case, in the words of its button.
    pub enum Act {
        Ask = "ask" "依頼する",
        AskAgain = "ask_again" "直して依頼し直す",
        Withdraw = "withdraw" "依頼を取り下げる",
        Return = "return" "差し戻す",
        Refuse = "refuse" "却下する",
        Register = "register" "決定して登録する",
        Remove = "remove" "削除する",
        ChangeDetail = "change_detail" "本人確認を記録して変更する",
        AcceptReset = "accept_reset" "本人確認を記録して再発行する",
        Print = "print" "封書を印刷する",
        Post = "post" "発送を記録する",
        Receive = "receive" "受領を確認する",
    }
}
