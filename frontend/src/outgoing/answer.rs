//! What an answer means for a note: that it has arrived, that it waits, or that the server will never take it as it is.

use crate::client::Failure;
use shared::{api::error::Code, book::Note, id::CommandId};

/// The last word on a note, for the thread that lies open.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number under which it was sent.
    pub command: CommandId,
    /// The note as the server has it, or why it does not take it.
    pub outcome: Result<Note, Failure>,
}

/// Why a note waits after such a failure; `None` if sending the same again cannot help. Not the failure's own sentence:
/// nobody has to try again by hand here.
pub fn why_it_waits(failure: &Failure) -> Option<&'static str> {
    Some(match failure.code() {
        None => "サーバーにつながりません。",
        Some(Code::Busy) => "混み合っています。",
        Some(Code::Maintenance) => "サービスを止めています。",
        Some(Code::ReadOnly) => "今は閲覧だけできます。",
        Some(Code::ScreenLocked) => "画面がロックされています。",
        // Whoever signs in again finds the note waiting.
        Some(Code::SessionEnded | Code::SignInFirst | Code::FactorFirst) => {
            "サインインの有効時間が終わりました。"
        }
        Some(code) if code.may_retry() => "システムで問題が起きています。",
        Some(_) => return None,
    })
}

/// Why the server does not take a note, in words that stay with it.
pub fn refusal(failure: &Failure) -> String {
    if failure.code() == Some(Code::CommandReused) {
        return "先に送った内容は届いています。上の連絡を確かめて、直すところがあれば訂正してください。\
                これは別の連絡として送れます。"
            .into();
    }
    let fields: Vec<_> = failure.fields().iter().map(|field| field.message.as_str()).collect();
    let why = if fields.is_empty() { failure.sentence() } else { fields.join(" ") };
    format!("送信できませんでした。{why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::error::{FieldError, Problem};

    fn problem(code: Code) -> Failure {
        Failure::Problem(Problem::new(code, "01J"))
    }

    #[test]
    fn what_is_nobodys_fault_waits_and_what_the_server_will_not_take_does_not() {
        for code in [Code::Busy, Code::Maintenance, Code::ReadOnly, Code::Internal, Code::BodyHash] {
            assert!(why_it_waits(&problem(code)).is_some(), "{code:?}");
        }
        for code in [Code::SessionEnded, Code::SignInFirst, Code::FactorFirst, Code::ScreenLocked] {
            assert!(why_it_waits(&problem(code)).is_some(), "{code:?}: the same person comes back");
        }
        assert!(why_it_waits(&Failure::Offline).is_some());
        assert!(why_it_waits(&Failure::Unreadable).is_some(), "something else than our server answered");
        let refusals =
            [Code::Invalid, Code::NotFound, Code::ConsentMissing, Code::CommandReused, Code::TooLarge];
        for code in refusals {
            assert_eq!(why_it_waits(&problem(code)), None, "{code:?}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_mend() {
        let mut invalid = Problem::new(Code::Invalid, "01J");
        invalid.fields = [("text", "本文は長すぎます。"), ("reply_to", "返信先がありません。")]
            .map(|(field, words)| FieldError::new(field, words))
            .into();
        let words = refusal(&Failure::Problem(invalid));
        assert_eq!(words, "送信できませんでした。本文は長すぎます。 返信先がありません。");
        assert!(refusal(&problem(Code::NotFound)).ends_with(Code::NotFound.label()));
        assert!(!refusal(&problem(Code::CommandReused)).contains("送信できませんでした"));
    }
}
