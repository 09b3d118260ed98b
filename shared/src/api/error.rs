//! What can go wrong, as a closed list: a code for programs, a status for HTTP, a Japanese sentence for people.
//! On the wire: problem details (RFC 9457).

use crate::{authority::Refusal, label::labelled, procedure::Halt};
use serde::{Deserialize, Serialize};

labelled! {
    /// Why a request was not done. The word is the sentence shown when nothing more exact is known.
    pub enum Code {
        MalformedBody = "malformed_body" "送られた内容を読み取れませんでした。",
        MalformedQuery = "malformed_query" "アドレスの条件を読み取れませんでした。",
        Invalid = "invalid" "入力に直すところがあります。",
        BodyHash = "body_hash" "送信の途中で内容が変わりました。もう一度送ってください。",
        WrongOrigin = "wrong_origin" "別のサイトからの操作は受け付けません。",
        SignInFirst = "sign_in_first" "サインインしてください。",
        SessionEnded = "session_ended" "サインインの有効時間が終わりました。もう一度サインインしてください。入力した内容は残っています。",
        WrongCredentials = "wrong_credentials" "ユーザーIDまたはパスワードが違います。",
        WrongCode = "wrong_code" "コードが違います。認証アプリに今表示されている6桁か、まだ使っていない回復コードを入力してください。",
        CodeUsed = "code_used" "このコードはもう使われています。認証アプリの次のコードを待って入力してください。",
        PasskeyRefused = "passkey_refused" "パスキーを確認できませんでした。もう一度試すか、ユーザーIDとパスワードでサインインしてください。",
        FactorFirst = "factor_first" "二要素目の確認をしてください。",
        SetUpFirst = "set_up_first" "先に、はじめてのサインインの手順（パスワードの変更と二要素目の登録）を終えてください。",
        ScreenLocked = "screen_locked" "画面がロックされています。ロックを解いてから操作してください。入力した内容は残っています。",
        LetterEnded = "letter_ended" "封書のパスワードの期限が過ぎています。施設管理者に、封書の再発行を申し出てください。",
        NoFactor = "no_factor" "二要素目の登録がありません。施設管理者に、封書の再発行を申し出てください。",
        NoLetter = "no_letter" "このアカウントには今、封書を発行できません。一時停止中なら再開してから、もうサインインしている人なら再発行の依頼を受けてから発行してください。",
        LastFactor = "last_factor" "最後の二要素目は外せません。先に別の二要素目を登録してください。",
        TooManyAttempts = "too_many_attempts" "続けて間違えたため、少し待ってからもう一度お試しください。",
        Forbidden = "forbidden" "この操作はあなたの役割ではできません。",
        NotFound = "not_found" "見つかりません。削除されたか、担当でない可能性があります。",
        MethodNotAllowed = "method_not_allowed" "この操作はできません。",
        OwnRequest = "own_request" "自分で依頼した案件は、自分では決定できません。ほかの担当者に頼んでください。",
        NoFile = "no_file" "承認するもののファイルが、まだ添付されていません。添付されてから承認してください。",
        UserIdTaken = "user_id_taken" "このユーザーIDはすでに使われています。別のIDにしてください。",
        Stale = "stale" "ほかの人が先に更新しました。最新の内容を確かめてから、もう一度操作してください。",
        Retracted = "retracted" "この連絡は取り消されています。",
        ConsentMissing = "consent_missing" "患者（ご本人）の同意が記録されていないか撤回されているため、連絡帳を開けません。「同意」の画面で確かめてください。入力した内容は残っています。",
        DuplicatePatient = "duplicate_patient" "よみがなと生年月日が同じ患者が、すでに登録されています。二重に登録せず、ご本人・ご家族に担当の施設を確かめ、その施設に支援チームへの招待を頼んでください。",
        CommandReused = "command_reused" "同じ番号で違う内容が送られました。画面を再読み込みしてください。",
        ClientOutdated = "client_outdated" "新しい版があります。画面を再読み込みしてください。入力した内容は残ります。",
        TooLarge = "too_large" "送る内容が大きすぎます。",
        UploadMissing = "upload_missing" "ファイルがまだ届いていません。もう一度添付してください。",
        UploadMismatch = "upload_mismatch" "届いたファイルが選んだファイルと違います。もう一度添付してください。",
        UploadType = "upload_type" "この種類のファイルは添付できません。JPEG・PNG・PDF・テキスト・Word・Excel・PowerPointを選んでください。",
        NoPress = "no_press" "ここでは公式様式のPDFを作れません。画面の「印刷する」をお使いください。",
        Maintenance = "maintenance" "ただいまサービスを止めています。再開の見込みは、ポータルのお知らせで確かめてください。入力した内容は残っています。",
        ReadOnly = "read_only" "ただいま閲覧だけできます。書き込みは、再開してからもう一度操作してください。入力した内容は残っています。",
        OutsideUsePeriod = "outside_use_period" "データを受け取れるのは、データ提供日から使用期間の最終日までです。続けて使うときは、新しく申請してください。",
        Busy = "busy" "混み合っています。少し待ってからもう一度お試しください。入力した内容は残っています。",
        Internal = "internal" "システムで問題が起きました。入力した内容は残っています。",
    }
}

impl Code {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedBody | Self::MalformedQuery | Self::BodyHash => 400,
            Self::SignInFirst
            | Self::SessionEnded
            | Self::WrongCredentials
            | Self::WrongCode
            | Self::CodeUsed
            | Self::PasskeyRefused
            | Self::FactorFirst
            | Self::SetUpFirst
            | Self::ScreenLocked
            | Self::LetterEnded
            | Self::NoFactor => 401,
            Self::WrongOrigin | Self::Forbidden | Self::OwnRequest => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::UserIdTaken
            | Self::NoLetter
            | Self::NoFile
            | Self::LastFactor
            | Self::Stale
            | Self::Retracted
            | Self::ConsentMissing
            | Self::DuplicatePatient
            | Self::CommandReused
            | Self::ClientOutdated
            | Self::UploadMissing
            | Self::OutsideUsePeriod => 409,
            Self::TooLarge => 413,
            Self::UploadType => 415,
            Self::Invalid | Self::UploadMismatch => 422,
            Self::TooManyAttempts => 429,
            Self::Internal => 500,
            Self::NoPress => 501,
            Self::Maintenance | Self::ReadOnly | Self::Busy => 503,
        }
    }

    /// Whether sending the very same thing again can help without anybody changing anything.
    pub const fn may_retry(self) -> bool {
        matches!(self, Self::Maintenance | Self::ReadOnly | Self::Busy | Self::Internal | Self::BodyHash)
    }
}

impl From<Refusal> for Code {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::SignInFirst => Self::SignInFirst,
            Refusal::Role => Self::Forbidden,
            Refusal::Relation => Self::NotFound,
        }
    }
}

/// One field in error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// The field's name in the message.
    pub field: String,
    /// What to do, in Japanese.
    pub message: String,
}

impl FieldError {
    /// A field and its sentence.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

impl std::fmt::Display for FieldError {
    /// For logs and the command line: the field and its sentence.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

/// Problem details (RFC 9457), `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// `urn:tsunagaru:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code.
    pub code: Code,
    /// The HTTP status.
    pub status: u16,
    /// The Japanese sentence.
    pub title: String,
    /// Fields in error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds to wait before trying again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// Until when the service is stopped, where that is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halt: Option<Box<Halt>>,
    /// The request's number, for the help desk.
    pub instance: String,
}

impl Problem {
    /// A problem of this code in this request.
    pub fn new(code: Code, instance: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:tsunagaru:problem:{}", code.wire()),
            code,
            status: code.status(),
            title: code.label().to_owned(),
            fields: Vec::new(),
            retry_after: None,
            halt: None,
            instance: instance.into(),
        }
    }
}
