//! The declarations.

use super::{Act, Declaration, Effect, Field, FieldKind, Party, Procedure, State, declaration::Step};

/// How somebody was recognised (本人確認).
const HOW: &[(&str, &str)] = &[
    ("face", "面談（職員証・身分証の提示）"),
    ("known", "面識のある施設管理者が対面で確認"),
    ("call_back", "施設の登録番号へ電話をかけ直して確認"),
];

const fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: FieldKind,
    max: usize,
) -> Field {
    Field { name, label, hint, kind, required: true, max }
}

const fn optional(field: Field) -> Field {
    Field { required: false, ..field }
}

const REASON: Field = field("reason", "理由", "", FieldKind::Lines, 500);
const ACCOUNT: Field = field("account", "対象の利用者", "", FieldKind::Account, 26);
const NAME: Field = field("name", "氏名", "姓と名の間に空白を入れてください。", FieldKind::Line, 40);
const KANA: Field = field("kana", "氏名のよみ", "ひらがなで入力してください。", FieldKind::Kana, 60);
const PROFESSION: Field = field("profession", "職種", "", FieldKind::Profession, 30);
const CONTACT: Field =
    field("contact", "連絡先", "本人確認のときに使う電話番号などです。", FieldKind::Line, 60);
const CHECKED_HOW: Field = field("checked_how", "本人確認の方法", "", FieldKind::OneOf(HOW), 20);
const CHECKED_ON: Field = field("checked_on", "本人確認をした日", "", FieldKind::PastDay, 10);

const fn decision(act: Act, to: State, fields: &'static [Field], effect: Option<Effect>) -> Step {
    Step { act, from: &[State::Asked], to, by: Party::City, decides: true, fields, effect }
}

const RETURN: Step = decision(Act::Return, State::Returned, &[REASON], None);
const REFUSE: Step = decision(Act::Refuse, State::Refused, &[REASON], None);
const WITHDRAW: Step = Step {
    act: Act::Withdraw,
    from: &[State::Asked, State::Returned],
    to: State::Withdrawn,
    by: Party::Facility,
    decides: false,
    fields: &[],
    effect: None,
};

const fn again(fields: &'static [Field]) -> Step {
    Step {
        act: Act::AskAgain,
        from: &[State::Returned],
        to: State::Asked,
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
    to: State::Printed,
    by: Party::City,
    decides: false,
    fields: &[],
    effect: Some(Effect::IssueLetter),
};
const POST: Step = Step {
    act: Act::Post,
    from: &[State::Printed],
    to: State::Posted,
    by: Party::City,
    decides: false,
    fields: &[field("posted_on", "発送した日", "", FieldKind::PastDay, 10)],
    effect: None,
};
const RECEIVE: Step = Step {
    act: Act::Receive,
    from: &[State::Posted],
    to: State::Done,
    by: Party::Facility,
    decides: false,
    fields: &[],
    effect: None,
};

const ADD_FIELDS: &[Field] = &[
    NAME,
    KANA,
    PROFESSION,
    field("role", "登録する役割", "", FieldKind::FacilityRole, 30),
    CONTACT,
    REASON,
];
const DETAIL_FIELDS: &[Field] = &[ACCOUNT, NAME, KANA, PROFESSION, CONTACT, REASON];

const LETTER_COURSE: &[State] =
    &[State::Asked, State::Registered, State::Printed, State::Posted, State::Done];

const ADD: Declaration = Declaration {
    procedure: Procedure::AccountAdd,
    article: "第13条(1)",
    letter: 'A',
    purpose: "新しい職員が連絡帳を使えるようにします。ユーザーIDと初回のパスワードは、市から施設管理者あての封書で届きます。",
    fields: ADD_FIELDS,
    steps: &[
        decision(
            Act::Register,
            State::Registered,
            &[field(
                "user_id",
                "ユーザーID",
                "施設の略称と番号の組み合わせにします。",
                FieldKind::UserId,
                32,
            )],
            Some(Effect::RegisterAccount),
        ),
        RETURN,
        REFUSE,
        again(ADD_FIELDS),
        WITHDRAW,
        PRINT,
        POST,
        RECEIVE,
    ],
    course: LETTER_COURSE,
};

const REMOVE: Declaration = Declaration {
    procedure: Procedure::AccountRemove,
    article: "第13条(2)",
    letter: 'R',
    purpose: "退職などで使わなくなった職員を削除します。削除すると、すぐにサインインできなくなります。書いた連絡は残ります。",
    fields: &[ACCOUNT, REASON],
    steps: &[
        decision(Act::Remove, State::Done, &[], Some(Effect::RemoveAccount)),
        RETURN,
        REFUSE,
        again(&[ACCOUNT, REASON]),
        WITHDRAW,
    ],
    course: &[State::Asked, State::Done],
};

const DETAIL: Declaration = Declaration {
    procedure: Procedure::AccountDetail,
    article: "第13条(4)",
    letter: 'D',
    purpose: "氏名・職種・連絡先などを変更します。市が本人確認を記録してから変更します。",
    fields: DETAIL_FIELDS,
    steps: &[
        decision(Act::ChangeDetail, State::Done, &[CHECKED_HOW, CHECKED_ON], Some(Effect::ChangeDetail)),
        RETURN,
        REFUSE,
        again(DETAIL_FIELDS),
        WITHDRAW,
    ],
    course: &[State::Asked, State::Done],
};

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

const RESET: Declaration = Declaration {
    procedure: Procedure::AccountReset,
    article: "第13条(4), 要件3",
    letter: 'P',
    purpose: "新しい封書でサインインし直せるようにします。封書を印刷した時から、今までのパスワード・認証アプリ・パスキーは使えなくなります。",
    fields: RESET_FIELDS,
    steps: &[
        decision(Act::AcceptReset, State::Registered, &[CHECKED_HOW, CHECKED_ON], None),
        RETURN,
        REFUSE,
        again(RESET_FIELDS),
        WITHDRAW,
        PRINT,
        POST,
        RECEIVE,
    ],
    course: LETTER_COURSE,
};

/// The declaration of a procedure.
pub const fn declaration(procedure: Procedure) -> &'static Declaration {
    match procedure {
        Procedure::AccountAdd => &ADD,
        Procedure::AccountRemove => &REMOVE,
        Procedure::AccountDetail => &DETAIL,
        Procedure::AccountReset => &RESET,
    }
}

/// The procedures as a city official reads them (`tests/golden/procedures.txt`).
pub fn in_words() -> String {
    use std::fmt::Write;
    let mut out = String::from("# 手続き — だれが、どの状態で、何をするか\n");
    for procedure in Procedure::ALL {
        let d = declaration(*procedure);
        let _ = writeln!(out, "\n## {}（{}）\n{}", procedure.label(), d.article, d.purpose);
        let names = |fields: &[Field]| {
            let name =
                |f: &Field| if f.required { f.label.to_owned() } else { format!("{}（任意）", f.label) };
            fields.iter().map(name).collect::<Vec<_>>().join("、")
        };
        let _ = writeln!(
            out,
            "  依頼する: {} → {}\n    記入: {}",
            Party::Facility.label(),
            State::Asked,
            names(d.fields)
        );
        for step in d.steps {
            let from = step.from.iter().map(|s| s.label()).collect::<Vec<_>>().join("・");
            let decides = if step.decides { "（依頼した本人を除く）" } else { "" };
            let _ = writeln!(out, "  {}: {from} → {}: {}{decides}", step.act, step.to, step.by.label());
            if !step.fields.is_empty() {
                let _ = writeln!(out, "    記入: {}", names(step.fields));
            }
        }
    }
    out
}
