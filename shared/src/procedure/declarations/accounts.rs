//! Accounts 利用者 (Art. 13): joining, leaving, being replaced, stopping, details, a lost device.

use super::{
    super::{Act, Channel, Declaration, Due, Effect, Field, FieldKind, Party, Procedure, State, Step},
    ACCOUNT, REASON, field, optional,
};

/// How somebody was recognised (本人確認).
const HOW: &[(&str, &str)] = &[
    ("face", "面談（職員証・身分証の提示）"),
    ("known", "面識のある施設管理者が対面で確認"),
    ("call_back", "施設の登録番号へ電話をかけ直して確認"),
];

const NAME: Field = field("name", "氏名", "姓と名の間に空白を入れてください。", FieldKind::Line, 40);
const KANA: Field = field("kana", "氏名のよみ", "ひらがなで入力してください。", FieldKind::Kana, 60);
const PROFESSION: Field = field("profession", "職種", "", FieldKind::Profession, 30);
const CONTACT: Field =
    field("contact", "連絡先", "本人確認のときに使う電話番号などです。", FieldKind::Line, 60);
const USER_ID: Field =
    field("user_id", "ユーザーID", "施設の略称と番号の組み合わせにします。", FieldKind::UserId, 32);
const CHECKED_HOW: Field = field("checked_how", "本人確認の方法", "", FieldKind::OneOf(HOW), 20);
const CHECKED_ON: Field = field("checked_on", "本人確認をした日", "", FieldKind::PastDay, 10);

const fn decision(act: Act, to: State, fields: &'static [Field], effect: Option<Effect>) -> Step {
    Step { act, from: &[State::Asked], to: Some(to), by: Party::City, decides: true, fields, effect }
}

/// What all procedures of accounts have in common: facilities ask, the city decides and enters papers.
const fn of_accounts(
    procedure: Procedure,
    article: &'static str,
    letter: &'static str,
    purpose: &'static str,
    fields: &'static [Field],
    steps: &'static [Step],
    course: &'static [State],
) -> Declaration {
    Declaration {
        procedure,
        article,
        letter,
        purpose,
        asks: &[Party::Facility],
        papers: Some(Party::City),
        ways: &[Channel::Paper, Channel::Fax],
        readers: &[],
        fields,
        check: None,
        follows: None,
        first: State::Asked,
        by_system: None,
        due: Due::Promptly,
        dues: &[],
        yearly: None,
        steps,
        course,
    }
}

const RETURN: Step = decision(Act::Return, State::Returned, &[REASON], None);
const REFUSE: Step = decision(Act::Refuse, State::Refused, &[REASON], None);
const WITHDRAW: Step = Step {
    act: Act::Withdraw,
    from: &[State::Asked, State::Returned],
    to: Some(State::Withdrawn),
    by: Party::Facility,
    decides: false,
    fields: &[],
    effect: None,
};

const fn again(fields: &'static [Field]) -> Step {
    Step {
        act: Act::AskAgain,
        from: &[State::Returned],
        to: Some(State::Asked),
        by: Party::Facility,
        decides: false,
        fields,
        effect: None,
    }
}

const PRINT: Step = Step {
    act: Act::Print,
    // Printing again makes a new password: a letter that was lost is worth nothing.
    from: &[State::Registered, State::Printed, State::Posted],
    to: Some(State::Printed),
    by: Party::City,
    decides: false,
    fields: &[],
    effect: Some(Effect::IssueLetter),
};
const POST: Step = Step {
    act: Act::Post,
    from: &[State::Printed],
    to: Some(State::Posted),
    by: Party::City,
    decides: false,
    fields: &[field("posted_on", "発送した日", "", FieldKind::PastDay, 10)],
    effect: None,
};
const RECEIVE: Step = Step {
    act: Act::Receive,
    from: &[State::Posted],
    to: Some(State::Done),
    by: Party::Facility,
    decides: false,
    fields: &[],
    effect: None,
};

const ADD_FIELDS: &[Field] = &[
    NAME,
    KANA,
    PROFESSION,
    field("role", "登録する役割", "", FieldKind::RegisteredAs, 30),
    CONTACT,
    REASON,
];
const DETAIL_FIELDS: &[Field] = &[ACCOUNT, NAME, KANA, PROFESSION, CONTACT, REASON];

const LETTER_COURSE: &[State] =
    &[State::Asked, State::Registered, State::Printed, State::Posted, State::Done];

pub(super) const ADD: Declaration = of_accounts(
    Procedure::AccountAdd,
    "第13条(1)",
    "A",
    "新しい職員が連絡帳を使えるようにします。ユーザーIDと初回のパスワードは、市から施設管理者あての封書で届きます。",
    ADD_FIELDS,
    &[
        decision(Act::Register, State::Registered, &[USER_ID], Some(Effect::RegisterAccount)),
        RETURN,
        REFUSE,
        again(ADD_FIELDS),
        WITHDRAW,
        PRINT,
        POST,
        RECEIVE,
    ],
    LETTER_COURSE,
);

const REPLACE_FIELDS: &[Field] = &[
    ACCOUNT,
    field("name", "新しい利用者の氏名", "姓と名の間に空白を入れてください。", FieldKind::Line, 40),
    KANA,
    PROFESSION,
    field("role", "登録する役割", "", FieldKind::RegisteredAs, 30),
    CONTACT,
    REASON,
];

pub(super) const REPLACE: Declaration = of_accounts(
    Procedure::AccountChange,
    "第13条(3)",
    "C",
    "利用者が交代するときに使います。今の利用者の削除と、新しい利用者の追加を、ひとつの案件で同時に行います。",
    REPLACE_FIELDS,
    &[
        decision(Act::Register, State::Registered, &[USER_ID], Some(Effect::ReplaceAccount)),
        RETURN,
        REFUSE,
        again(REPLACE_FIELDS),
        WITHDRAW,
        PRINT,
        POST,
        RECEIVE,
    ],
    LETTER_COURSE,
);

const STOP_FIELDS: &[Field] = &[ACCOUNT, REASON];

pub(super) const STOP: Declaration = of_accounts(
    Procedure::AccountStop,
    "第13条, 第5条",
    "S",
    "休職などの間、サインインを止めます。再開を依頼するまで止まったままです。パスワードと確認方法はそのまま残ります。",
    STOP_FIELDS,
    &[
        decision(Act::Stop, State::Stopped, &[], Some(Effect::StopAccount)),
        RETURN,
        REFUSE,
        again(STOP_FIELDS),
        WITHDRAW,
        Step {
            act: Act::AskResume,
            from: &[State::Stopped],
            to: Some(State::ResumeAsked),
            by: Party::Facility,
            decides: false,
            fields: &[REASON],
            effect: None,
        },
        Step {
            act: Act::Resume,
            from: &[State::ResumeAsked],
            to: Some(State::Done),
            by: Party::City,
            decides: true,
            fields: &[CHECKED_HOW, CHECKED_ON],
            effect: Some(Effect::ResumeAccount),
        },
    ],
    &[State::Asked, State::Stopped, State::ResumeAsked, State::Done],
);

pub(super) const REMOVE: Declaration = of_accounts(
    Procedure::AccountRemove,
    "第13条(2)",
    "R",
    "退職などで使わなくなった職員を削除します。削除すると、すぐにサインインできなくなります。書いた連絡は残ります。",
    &[ACCOUNT, REASON],
    &[
        decision(Act::Remove, State::Done, &[], Some(Effect::RemoveAccount)),
        RETURN,
        REFUSE,
        again(&[ACCOUNT, REASON]),
        WITHDRAW,
    ],
    &[State::Asked, State::Done],
);

pub(super) const DETAIL: Declaration = of_accounts(
    Procedure::AccountDetail,
    "第13条(4)",
    "D",
    "氏名・職種・連絡先などを変更します。市が本人確認を記録してから変更します。",
    DETAIL_FIELDS,
    &[
        decision(Act::ChangeDetail, State::Done, &[CHECKED_HOW, CHECKED_ON], Some(Effect::ChangeDetail)),
        RETURN,
        REFUSE,
        again(DETAIL_FIELDS),
        WITHDRAW,
    ],
    &[State::Asked, State::Done],
);

const RESET_FIELDS: &[Field] = &[
    ACCOUNT,
    field(
        "what",
        "起きたこと",
        "",
        FieldKind::OneOf(&[
            ("forgotten", "パスワードを忘れた"),
            ("lost", "確認コードを出す端末をなくした"),
            ("both", "両方"),
        ]),
        20,
    ),
    field("checked_how", "施設での本人確認の方法", "", FieldKind::OneOf(HOW), 20),
    field("checked_on", "施設で本人確認をした日", "", FieldKind::PastDay, 10),
    optional(field("remark", "備考", "端末をなくした日時や場所など", FieldKind::Lines, 500)),
];

pub(super) const RESET: Declaration = of_accounts(
    Procedure::AccountReset,
    "第13条(4), 要件3",
    "P",
    "新しい封書でサインインし直せるようにします。封書を印刷した時から、今までのパスワード・認証アプリ・パスキーは使えなくなります。",
    RESET_FIELDS,
    &[
        decision(Act::AcceptReset, State::Registered, &[CHECKED_HOW, CHECKED_ON], None),
        RETURN,
        REFUSE,
        again(RESET_FIELDS),
        WITHDRAW,
        PRINT,
        POST,
        RECEIVE,
    ],
    LETTER_COURSE,
);
