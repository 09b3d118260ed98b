//! What a step will do, said before it is taken.

use shared::procedure::{Act, Case, Procedure, State, incident};

/// What will happen, in one sentence, where the button alone does not say it.
pub(super) fn consequence(act: Act, case: &Case) -> Option<String> {
    let about = &case.about;
    match act {
        Act::Remove => Some(format!(
            "{about}さんは、すぐにサインインできなくなります。元に戻せません。書いた連絡は残り、ユーザーIDは二度と使われません。"
        )),
        Act::Register if case.procedure == Procedure::AccountChange => Some(format!(
            "{}を削除し、{about}さんを登録します。削除は元に戻せません。次に、封書を印刷してください。",
            case.account_words.clone().unwrap_or_default()
        )),
        Act::Register => Some(format!("{about}さんを登録します。次に、封書を印刷してください。")),
        Act::AcceptReset => {
            Some("封書を印刷した時から、今までのパスワードと確認方法は使えなくなります。".to_owned())
        }
        Act::Receive => Some("封書が届いたことを市に知らせます。".to_owned()),
        Act::Withdraw => Some("この案件を取り下げます。必要なときは、新しく始めてください。".to_owned()),
        Act::Stop => Some(format!("{about}さんは、再開するまでサインインできなくなります。")),
        Act::Resume if case.procedure == Procedure::PlannedStop => {
            Some("サービスを今すぐ再開し、この案件を終えます。".to_owned())
        }
        Act::Resume => {
            Some(format!("{about}さんは、今までのパスワードと確認方法でサインインできるようになります。"))
        }
        Act::File => Some(
            "市に届け出ます。役割は、任命の日から（今日までの日付なら、すぐに）使えるようになります。"
                .to_owned(),
        ),
        Act::ReceiveFiling if case.procedure == Procedure::FacilityCheck => {
            Some("点検の結果を受け取ったことを記録して、この案件を終えます。".to_owned())
        }
        Act::ReceiveFiling => Some("届出が届いたことを記録します。承認ではありません（第3条）。".to_owned()),
        Act::Sign => {
            Some("署名すると、この月の記録の件数と最後の封印の値が残ります。取り消せません。".to_owned())
        }
        Act::Cut => Some(
            "すべての利用者のサインインを終わらせ、入れないようにします。市と契約事業者の担当者は入れます。元に戻せるのは「復旧する」だけです。"
                .to_owned(),
        ),
        Act::Halt => Some(
            "利用者は、選んだとおりに、見るだけになるか、何もできなくなります。すでにもっと厳しく止めているときは、そのままです。元に戻せるのは「復旧する」だけです。"
                .to_owned(),
        ),
        Act::Preserve => Some(
            "選んだ間のアクセス記録と今の状態を、消せない保管場所に写します。記録の多い日は、数十秒かかります。".to_owned(),
        ),
        Act::Recover => Some(
            "この案件で止めたサービスを再開します。ほかの案件も止めているときは、その案件の復旧まで開きません。".to_owned(),
        ),
        Act::ReceiveReport if !incident::owed(case).is_empty() => Some(format!(
            "受領を記録します。まだ記録のない「{}」がそろうまで、案件は終わりません。",
            incident::owed(case).join("」「")
        )),
        Act::Return if case.procedure == Procedure::Incident => {
            Some("システム管理者が記録を直し、報告書をもう一度提出します。".to_owned())
        }
        Act::EndNotices => Some("報告と通知の記録がそろったことを確かめて、この案件を終えます。".to_owned()),
        Act::HandOver => {
            Some("この問い合わせの内容で、障害・情報漏えいの案件を作ります。互いに番号が残ります。".to_owned())
        }
        Act::RegisterFacility => Some(format!(
            "{about}を利用施設として登録します。ポータルの利用施設にも載ります。次に、施設管理者の追加を、紙の依頼として入力してください。"
        )),
        Act::ChangeFacility => Some(
            "封書の宛先、連絡先、ポータルの一覧、利用者の画面の施設名が、すぐに変わります。今までの連絡と案件には、そのときの名称が残ります。"
                .to_owned(),
        ),
        Act::LeaveFacility => Some(format!(
            "{about}の人は全員、すぐにサインインできなくなり、施設はポータルと招待の一覧からなくなります。元に戻せません。書いた連絡は残ります。この施設の人にはお知らせメールが届かなくなるため、終わったことを電話などで知らせてください。"
        )),
        Act::PublishFaq => Some("案のとおりに、ポータルの「よくある質問」に載せます。".to_owned()),
        Act::Submit => Some("ここまでの記録から作られる様式第3を、市に提出します。".to_owned()),
        Act::AskAgain if case.procedure == Procedure::PortalChange && case.state != State::Returned => {
            Some("依頼を直すと、市の審査からやり直します。今までの承認はなくなります。".to_owned())
        }
        Act::AcceptContent => {
            Some("システム運用者が、内容を編集して公開します。画面の設計は変わりません。".to_owned())
        }
        Act::AcceptDesign => Some(
            "画面の設計が変わるため、システム運用者と協議してから編集に進みます（第14条(1)）。".to_owned(),
        ),
        Act::AgreeDesign => Some("この設計案に合意し、編集に進みます。".to_owned()),
        Act::Accept => Some("申請を受理し、審査を始めます。許可ではありません。".to_owned()),
        Act::Grant => Some(format!(
            "「{about}」を許可します。次に、通知書（様式第2）を申請者に渡してください。運用者は、提示された番号が一致したときだけ出力できます。"
        )),
        Act::Present => Some(
            "通知書を見ながら入力してください。番号が一致すると、加工・出力ができるようになります。"
                .to_owned(),
        ),
        Act::Measure => Some("報告すると、データは受け取れなくなります。市が確認して終わります。".to_owned()),
        Act::ConfirmMeasure => Some("使用後の措置を確認して、この案件を終えます。".to_owned()),
        Act::AskAgain if case.procedure == Procedure::DataUse => {
            Some("直すと、受理と決定は取り消され、審査からやり直しになります。".to_owned())
        }
        Act::DecideTimes => Some(
            "承認すると、すぐにポータルに公開され、選んだ日から有効になります。".to_owned(),
        ),
        Act::AnnounceStop => Some(
            "ポータルと画面の上に予告が出ます。開始の時刻に自動で止まり、再開の予定の時刻に自動で再開します。"
                .to_owned(),
        ),
        Act::CancelStop => Some("停止は行われません。ポータルにも、取りやめたことを載せます。".to_owned()),
        Act::TakeOn => Some("障害・情報漏えいの対応を、第18条の順に始めます。次に、市へ連絡してください。".to_owned()),
        Act::Dismiss => Some("異常ではなかったと記録して終えます。理由と名前が残り、市も見ます。".to_owned()),
        Act::ConfirmWork if case.procedure == Procedure::SiteCheck => {
            Some("点検の記録を確かめて終えます。次は1年以内です。".to_owned())
        }
        Act::ConfirmWork => {
            Some("確かめると、手順書の一覧の「最後の見直し」「最後の訓練」が新しくなります。".to_owned())
        }
        Act::PermitDisposal => Some("処分を許可します。消去は、システム管理者が手動で行います。".to_owned()),
        Act::Erase => Some(
            "すべてのバックアップ世代から読めなくなり、元に戻せません。対象を確かめてから実行してください。消去はシステムがこの後すぐに始めます。終わると、消去証明を作って知らせます。"
                .to_owned(),
        ),
        Act::ReceiveCertificate => Some("消去証明書を受け取ったことを記録して、この案件を終えます。".to_owned()),
        Act::ConfirmTraining => Some("受講した人と内容に誤りがないことを確かめて、記録を終えます。".to_owned()),
        Act::Approve => Some("承認します。改めるときは、新しく提示されます。".to_owned()),
        Act::PermitEntry => Some(format!("「{about}」の入室を許可します。入室できる人の同伴が必要です。")),
        Act::RecordEntry => Some("入室を記録します。退室したら、すぐに「退室を記録する」を行ってください。".to_owned()),
        Act::RecordExit => Some("退室と施錠を記録して、この案件を終えます。".to_owned()),
        Act::LendKey => Some(format!("「{about}」の貸出を許可し、鍵を渡したことを記録します。")),
        Act::TakeKeyBack => Some("鍵が返され、ラックが施錠されていることを記録して、この案件を終えます。".to_owned()),
        Act::AgreeDate => {
            Some("この日の点検に合意します。サービスが止まるときは、「計画停止」で前もって利用者に知らせます。".to_owned())
        }
        Act::CheckAcceptance => Some("4つの項目を確かめたことを記録し、運用管理責任者の許可を求めます。".to_owned()),
        Act::PermitAcceptance => Some(format!("「{about}」の受け入れを許可します。")),
        Act::PermitWork => Some(format!("「{about}」の作業を許可します。")),
        Act::Ask
        | Act::Answer
        | Act::AskFurther
        | Act::Settle
        | Act::CloseInquiry
        | Act::ProposeFaq
        | Act::Contact
        | Act::Analyse
        | Act::Inform
        | Act::Secure
        | Act::Mitigate
        | Act::ReceiveReport
        | Act::ReferToCouncil
        | Act::Deliberate
        | Act::Log
        | Act::Call
        | Act::CallUsers
        | Act::Notify
        | Act::NotifyAsCity
        | Act::AskAgain
        | Act::OfferDesign
        | Act::AnswerDesign
        | Act::TalkDesign
        | Act::Publish
        | Act::Produce
        | Act::Provide
        | Act::Remind
        | Act::Return
        | Act::Refuse
        | Act::ChangeDetail
        | Act::Print
        | Act::Post
        | Act::AskResume
        | Act::EditDraft
        | Act::Note
        | Act::Comment
        | Act::Attach
        | Act::ApproveTimes
        | Act::RefuseTimes
        | Act::PermitStop
        | Act::ProlongStop
        | Act::EndErasure
        | Act::GiveUpErasure
        | Act::RecordInspection
        | Act::RecordWork => None,
    }
}
