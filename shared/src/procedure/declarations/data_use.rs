//! データの臨時使用 (Art. 15, 様式第1, 様式第2): asked on Form 1, decided on Form 2, made only when the notice of the grant
//! was presented, used for a time, and proven to be over.
//!
//! There is no way to an output past the presentation: the declaration has none, [`follows`] holds the number of the
//! notice against the decision that is in force, and what reads data asks for a [`DataGrant`], which only [`DataGrant::of`]
//! gives.

use super::{
    super::{
        Act, CannotStep, Case, Channel, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure,
        State, Step, Taken, case::STEPS_MAX,
    },
    REASON, field, optional,
};
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    evidence::deidentify::{AgeStep, Column, Dataset, Grain, PERIOD_DAYS_MAX, Wanted, wrong_by},
    people::Actor,
};

/// 保存媒体 as Form 1 lists them.
pub const MEDIA: &[(&str, &str)] = &[
    ("cd_r", "CD-R"),
    ("dvd", "DVD"),
    ("usb", "USBメモリ"),
    ("hard_disk", "ハードディスク"),
    ("other", "その他"),
];

/// 使用後の措置 as Form 1 lists them.
pub const MEASURES: &[(&str, &str)] =
    &[("kept", "自動保管"), ("returned", "返却"), ("erased", "消去"), ("other", "その他")];

/// What was done in the end: one of the form's, or nothing was ever used.
const DONE: &[(&str, &str)] = &[
    ("kept", "自動保管"),
    ("returned", "返却"),
    ("erased", "消去"),
    ("other", "その他"),
    ("unused", "使用しなかった（受け取っていないか、開いていない）"),
];

/// Days before the end of the use period from which on the applicant is reminded.
pub const USE_REMINDER_DAYS: i64 = 7;
/// Steps that a case keeps free for its end, however often data is fetched.
const STEPS_FOR_THE_END: usize = 10;

/// Columns that counts may be made by, of both datasets.
const BY: &[(&str, &str)] = &[
    ("sent", "送信の時期"),
    ("facility_kind", "施設の種類"),
    ("profession", "職種"),
    ("note_kind", "種別"),
    ("importance", "重要度"),
    ("age", "年齢"),
    ("sex", "性別"),
    ("care_level", "要介護度"),
    ("attachments", "添付の数"),
    ("read_by", "既読の人数"),
    ("acknowledged", "了解の人数"),
    ("notes", "連絡の件数（患者のデータ）"),
    ("facilities", "支援チームの施設数（患者のデータ）"),
    ("months", "最初の連絡からの月数（患者のデータ）"),
];

const FIELDS: &[Field] = &[
    field("representative", "代表者名", "施設を代表する人の氏名です。", FieldKind::Line, 40),
    optional(field("applicant", "申請者", "代表者と異なる場合だけ書きます。", FieldKind::Line, 40)),
    field("subject", "件名", "患者の氏名などは、どの欄にも書かないでください。", FieldKind::Line, 80),
    field("purpose", "使用目的", "", FieldKind::Lines, 1000),
    field("processing", "処理内容", "受け取ったデータで何をするかを書きます。", FieldKind::Lines, 1000),
    field(
        "medium",
        "保存媒体",
        "データは、この画面からのダウンロードで渡します。保存する媒体を選びます。",
        FieldKind::ManyOf(MEDIA),
        100,
    ),
    optional(field(
        "medium_other",
        "保存媒体（その他）",
        "「その他」を選んだときだけ書きます。",
        FieldKind::Line,
        60,
    )),
    field("after_use", "使用後の措置", "", FieldKind::ManyOf(MEASURES), 100),
    optional(field(
        "after_use_other",
        "使用後の措置（その他）",
        "「その他」を選んだときだけ書きます。",
        FieldKind::Line,
        60,
    )),
    field("from_on", "使用期間の初日", "", FieldKind::Day, 10),
    field(
        "to_on",
        "使用期間の最終日",
        "この日までに、使用後の措置を済ませて報告します。",
        FieldKind::Day,
        10,
    ),
    field("on", "実施日", "", FieldKind::Day, 10),
    optional(field("remark", "備考", "", FieldKind::Lines, 500)),
    optional(field(
        "attachments",
        "添付資料",
        "添える資料の名前です。資料は市に届けてください。",
        FieldKind::Lines,
        500,
    )),
    // Beside the official form: which data.
    field(
        "dataset",
        "希望するデータ",
        "氏名・住所・連絡先・本文などは、どのデータにも含まれません。",
        FieldKind::OneOf(&[("notes", "連絡（1件ごと。本文は含まない）"), ("patients", "患者（1人ごと）")]),
        10,
    ),
    field(
        "shape",
        "データの形",
        "",
        FieldKind::OneOf(&[("rows", "1行ずつ（加工したデータ）"), ("counts", "集計した表（件数）")]),
        10,
    ),
    optional(field(
        "by",
        "集計する項目",
        "集計した表のときに、1つか2つ選びます。",
        FieldKind::ManyOf(BY),
        200,
    )),
    field("age", "年齢の区分", "", FieldKind::OneOf(&[("10", "10歳ごと"), ("5", "5歳ごと")]), 2),
    field("grain", "時期の区分", "", FieldKind::OneOf(&[("month", "月ごと"), ("week", "週ごと")]), 5),
    field("data_from", "データの期間の初日", "いつからの連絡が必要かを選びます。", FieldKind::Day, 10),
    field("data_to", "データの期間の最終日", "366日まで選べます。", FieldKind::Day, 10),
];

/// What Form 2 says of either decision.
const NOTICE_NUMBER: Field =
    field("notice_number", "通知書の番号", "様式第2に書く番号です。", FieldKind::Line, 40);
const DECIDED_ON: Field = field("decided_on", "決定した日", "", FieldKind::PastDay, 10);
const NOTICE_REMARK: Field = optional(field("notice_remark", "備考（通知書）", "", FieldKind::Lines, 500));

const GRANT_FIELDS: &[Field] = &[
    NOTICE_NUMBER,
    DECIDED_ON,
    field(
        "provided_from",
        "データ提供日（この日から）",
        "使用期間の最終日までの日です。",
        FieldKind::Day,
        10,
    ),
    NOTICE_REMARK,
];
const REFUSE_FIELDS: &[Field] = &[
    NOTICE_NUMBER,
    DECIDED_ON,
    field("refusal_reason", "却下理由", "", FieldKind::Lines, 1000),
    NOTICE_REMARK,
];
const PRESENT_FIELDS: &[Field] = &[
    field(
        "notice_number",
        "提示された通知書の番号",
        "通知書を見て、そのとおりに入力してください。",
        FieldKind::Line,
        40,
    ),
    field("presented_by", "提示した人", "氏名を確かめて書きます。", FieldKind::Line, 40),
    field("presented_on", "提示された日", "", FieldKind::PastDay, 10),
];
const MEASURE_FIELDS: &[Field] = &[
    field("measure", "したこと", "", FieldKind::OneOf(DONE), 10),
    field("measured_on", "した日", "", FieldKind::PastDay, 10),
    field(
        "measured_how",
        "方法",
        "例: 保存した媒体を専用ソフトで消去した。控えは残していない。",
        FieldKind::Lines,
        1000,
    ),
    field("measured_by", "した人", "", FieldKind::Line, 40),
];
const REMIND_FIELDS: &[Field] = &[
    field("reminded_on", "督促した日", "", FieldKind::PastDay, 10),
    field("reminded_how", "督促した方法と相手の答え", "", FieldKind::Lines, 500),
];

fn check(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    for (boxes, text) in [("medium", "medium_other"), ("after_use", "after_use_other")] {
        let other = form.get(boxes).is_some_and(|chosen| chosen.split(',').any(|one| one == "other"));
        if other && !form.contains_key(text) {
            wrong.push(FieldError::new(text, "「その他」の内容を書いてください。"));
        }
        if !other && form.contains_key(text) {
            wrong.push(FieldError::new(text, "「その他」を選んでいないときは、空にしてください。"));
        }
    }
    if let (Some(from), Some(to)) = (day(form, "from_on"), day(form, "to_on"))
        && to < from
    {
        wrong.push(FieldError::new("to_on", "使用期間の最終日は、初日以後にしてください。"));
    }
    if let (Some(from), Some(to)) = (day(form, "data_from"), day(form, "data_to")) {
        if to < from {
            wrong.push(FieldError::new("data_to", "データの期間の最終日は、初日以後にしてください。"));
        } else if to > from.plus_days(PERIOD_DAYS_MAX - 1) {
            wrong.push(FieldError::new("data_to", format!("データの期間は{PERIOD_DAYS_MAX}日までです。")));
        }
    }
    if form.get("shape").is_some_and(|shape| shape == "counts") {
        let by = by(form);
        let dataset = form.get("dataset").and_then(|wire| Dataset::from_wire(wire));
        if by.is_empty() {
            wrong.push(FieldError::new("by", "集計する項目を、1つか2つ選んでください。"));
        } else if let Some(words) = dataset.and_then(|dataset| wrong_by(dataset, &by)) {
            wrong.push(FieldError::new("by", words));
        }
    }
    wrong
}

fn day(form: &Form, name: &str) -> Option<Day> {
    form.get(name).and_then(|text| text.parse().ok())
}

fn by(form: &Form) -> Vec<Column> {
    form.get("by").map_or("", String::as_str).split(',').filter_map(Column::from_wire).collect()
}

/// Which output a request asks for.
pub fn wanted_of(form: &Form) -> Option<Wanted> {
    let rows = form.get("shape")? == "rows";
    Some(Wanted {
        dataset: Dataset::from_wire(form.get("dataset")?)?,
        by: if rows { Vec::new() } else { by(form) },
        age: AgeStep::from_wire(form.get("age")?)?,
        grain: Grain::from_wire(form.get("grain")?)?,
        from: day(form, "data_from")?,
        to: day(form, "data_to")?,
    })
}

/// What was done since the request was last written: an edit drops what was decided before it.
fn since_edit(case: &Case) -> &[Taken] {
    let last = case.taken.iter().rposition(|taken| taken.act == Act::AskAgain);
    &case.taken[last.map_or(0, |at| at + 1)..]
}

fn granted(case: &Case) -> Option<(usize, &Taken)> {
    since_edit(case).iter().enumerate().rev().find(|(_, taken)| taken.act == Act::Grant)
}

/// A grant whose notice was presented: what may be made, for whom, until when. There is no other way to have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataGrant {
    notice_number: String,
    wanted: Wanted,
    from: Day,
    last_day: Day,
}

impl DataGrant {
    /// Of a case in whose present course the city granted, and the notice of that very grant was presented.
    pub fn of(case: &Case) -> Option<Self> {
        if case.procedure != Procedure::DataUse
            || !matches!(case.state, State::Presented | State::Produced | State::Provided)
        {
            return None;
        }
        let (at, grant) = granted(case)?;
        let number = grant.form.get("notice_number")?;
        let shown = since_edit(case)[at..].iter().find(|taken| taken.act == Act::Present)?;
        if !same_number(shown.form.get("notice_number")?, number) {
            return None;
        }
        Some(Self {
            notice_number: number.clone(),
            wanted: wanted_of(&case.form)?,
            from: day(&grant.form, "provided_from")?.max(day(&case.form, "from_on")?),
            last_day: day(&case.form, "to_on")?,
        })
    }

    /// The number of the notice.
    pub fn notice_number(&self) -> &str {
        &self.notice_number
    }

    /// What was granted.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The last day of use.
    pub const fn last_day(&self) -> Day {
        self.last_day
    }

    /// Whether data may be made at this moment: until the use period is over.
    pub fn may_make(&self, now: Timestamp) -> bool {
        now.day() <= self.last_day
    }

    /// Whether data may be given at this moment: within the use period, from the day of provision on.
    pub fn may_give(&self, now: Timestamp) -> bool {
        (self.from..=self.last_day).contains(&now.day())
    }
}

/// Whether somebody is who the data of a case goes to: whoever asked, or for a paper the managers of that facility.
pub fn is_recipient(case: &Case, actor: &Actor) -> bool {
    Party::Facility.is(actor, case.facility, case.asked_by)
        && (case.channel != Channel::Online || actor.account == case.asked_by)
}

/// What to propose as the number of the next notice of a case; a dropped decision's number is not used again.
pub fn next_notice_number(case: &Case) -> String {
    let decisions = case.taken.iter().filter(|taken| taken.act == Act::Grant).count();
    format!("{}-{}", case.number, decisions + 1)
}

/// Days left of the use period: 0 on its last day, negative when it is over. `None` while nothing is in use.
pub fn use_time_left(case: &Case, today: Day) -> Option<i64> {
    let last =
        day(&case.form, "to_on").filter(|_| matches!(case.state, State::Produced | State::Provided))?;
    Some((last.start().seconds() - today.start().seconds()).div_euclid(24 * 3600))
}

/// Numbers as people copy them from paper: full-width letters, kinds of hyphens and spaces make no difference.
fn same_number(typed: &str, decided: &str) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            'ー' | '‐' | '−' | '–' | '—' => '-',
            other => other,
        });
        kept.flat_map(char::to_uppercase).collect()
    };
    plain(typed) == plain(decided)
}

/// What a step must be beyond its fields.
fn follows(case: &Case, act: Act, form: &Form, actor: &Actor, now: Timestamp) -> Result<(), CannotStep> {
    let wrong = |name: &str, words: &str| Err(CannotStep::Fields(vec![FieldError::new(name, words)]));
    let last_day = day(&case.form, "to_on");
    match act {
        Act::Grant => {
            let before = &case.taken[..case.taken.len() - since_edit(case).len()];
            let number = form.get("notice_number").map_or("", String::as_str);
            let used =
                |taken: &Taken| taken.form.get("notice_number").is_some_and(|used| same_number(used, number));
            if before.iter().any(|taken| taken.act == Act::Grant && used(taken)) {
                return wrong(
                    "notice_number",
                    "申請が直される前の決定の番号です。新しい番号にしてください。",
                );
            }
            if day(form, "provided_from") > last_day {
                return wrong("provided_from", "使用期間の最終日までの日にしてください。");
            }
            Ok(())
        }
        Act::Present => {
            let Some((_, grant)) = granted(case) else { return Err(CannotStep::NotNow) };
            let number = grant.form.get("notice_number").map_or("", String::as_str);
            if !form.get("notice_number").is_some_and(|typed| same_number(typed, number)) {
                return wrong(
                    "notice_number",
                    "この決定の通知書の番号と違います。通知書を確かめてください。",
                );
            }
            if day(form, "presented_on") < day(&grant.form, "decided_on") {
                return wrong("presented_on", "決定した日以後の日にしてください。");
            }
            if last_day.is_some_and(|last| now.day() > last) {
                return wrong("presented_on", "使用期間が過ぎています。申請し直してもらってください。");
            }
            Ok(())
        }
        Act::Produce if DataGrant::of(case).is_none() => Err(CannotStep::NotNow),
        Act::Provide if !is_recipient(case, actor) => Err(CannotStep::NotYours),
        Act::Provide
            if DataGrant::of(case).is_none() || case.taken.len() + STEPS_FOR_THE_END >= STEPS_MAX =>
        {
            Err(CannotStep::NotNow)
        }
        _ => Ok(()),
    }
}

const fn by_city(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::City, decides: true, fields, effect: None }
}

const fn by_facility(act: Act, from: &'static [State], to: State, fields: &'static [Field]) -> Step {
    Step { act, from, to: Some(to), by: Party::Facility, decides: false, fields, effect: None }
}

const fn produce(from: &'static [State], to: State) -> Step {
    Step {
        act: Act::Produce,
        from,
        to: Some(to),
        by: Party::Operator,
        decides: false,
        fields: &[],
        effect: Some(Effect::MakeOutput),
    }
}

const fn provide(from: &'static [State]) -> Step {
    Step {
        act: Act::Provide,
        from,
        to: Some(State::Provided),
        by: Party::Facility,
        decides: false,
        fields: &[],
        effect: Some(Effect::ProvideOutput),
    }
}

/// Before an output exists: until then the request may be mended or taken back.
const BEFORE: &[State] =
    &[State::Submitted, State::Accepted, State::Returned, State::Granted, State::Presented];

pub(super) const DATA_USE: Declaration = Declaration {
    procedure: Procedure::DataUse,
    article: "第15条, 様式第1, 様式第2",
    letter: 'U',
    purpose: "個人が分からないように加工した連絡帳のデータを、決まった期間だけ使うことを市に申請します。許可の通知書を運用者に提示すると、申請した人だけがデータを受け取れます。",
    asks: &[Party::Facility],
    papers: Some(Party::City),
    ways: &[Channel::Paper, Channel::Fax],
    readers: &[Party::OperationsManager, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: Some(follows),
    first: State::Submitted,
    by_system: None,
    due: Due::Promptly,
    dues: &[
        (State::Submitted, Due::Promptly),
        (State::Accepted, Due::Promptly),
        (State::Granted, Due::EndOf("to_on")),
        (State::Presented, Due::Promptly),
        (State::Produced, Due::EndOf("to_on")),
        (State::Provided, Due::EndOf("to_on")),
        (State::Measured, Due::Promptly),
    ],
    steps: &[
        by_city(Act::Accept, &[State::Submitted], State::Accepted, &[]),
        by_city(Act::Grant, &[State::Accepted], State::Granted, GRANT_FIELDS),
        by_city(Act::Refuse, &[State::Accepted], State::Refused, REFUSE_FIELDS),
        by_city(Act::Return, &[State::Submitted, State::Accepted], State::Returned, &[REASON]),
        Step {
            act: Act::Present,
            from: &[State::Granted],
            to: Some(State::Presented),
            by: Party::Operator,
            decides: false,
            fields: PRESENT_FIELDS,
            effect: None,
        },
        produce(&[State::Presented], State::Produced),
        provide(&[State::Produced]),
        by_facility(Act::Measure, &[State::Produced, State::Provided], State::Measured, MEASURE_FIELDS),
        by_city(Act::ConfirmMeasure, &[State::Measured], State::Done, &[]),
        by_city(Act::Return, &[State::Measured], State::Provided, &[REASON]),
        // Fetched again, and a further output: what is in use stays in use.
        provide(&[State::Provided]),
        produce(&[State::Produced], State::Produced),
        produce(&[State::Provided], State::Provided),
        Step {
            act: Act::Remind,
            from: &[State::Produced, State::Provided],
            to: None,
            by: Party::City,
            decides: false,
            fields: REMIND_FIELDS,
            effect: None,
        },
        by_facility(Act::AskAgain, BEFORE, State::Submitted, FIELDS),
        by_facility(Act::Withdraw, BEFORE, State::Withdrawn, &[]),
    ],
    course: &[
        State::Submitted,
        State::Accepted,
        State::Granted,
        State::Presented,
        State::Produced,
        State::Provided,
        State::Measured,
        State::Done,
    ],
};

#[cfg(test)]
mod tests {
    use super::{
        super::super::{Ask, Asked, TakeStep, can_ask, check_form, open, party_to, step},
        *,
    };
    use crate::{
        id::{AccountId, CaseId, CommandId, FacilityId},
        people::{Profession, Role},
    };
    use proptest::prelude::*;

    fn now() -> Timestamp {
        "2026-11-20T10:00:00+09:00".parse().unwrap()
    }

    fn actor(number: u128, facility: u128, role: Role) -> Actor {
        Actor {
            account: AccountId::from_parts(1, number),
            name: format!("人{number}"),
            profession: Profession::Clerk,
            facility: FacilityId::from_parts(1, facility),
            facility_name: "施設".into(),
            roles: vec![role],
        }
    }

    fn manager() -> Actor {
        actor(1, 1, Role::FacilityManager)
    }

    fn cast() -> [Actor; 6] {
        [
            manager(),
            actor(2, 2, Role::City),
            actor(3, 3, Role::Operator),
            actor(4, 1, Role::FacilityManager),
            actor(5, 3, Role::OperationsManager),
            actor(6, 9, Role::FacilityManager),
        ]
    }

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn request() -> Form {
        form(&[
            ("representative", "伊藤 恵子"),
            ("subject", "訪問の時間帯の調査"),
            ("purpose", "職員の配置を見直す"),
            ("processing", "月ごとの集計"),
            ("medium", "hard_disk"),
            ("after_use", "erased"),
            ("from_on", "2026-11-20"),
            ("to_on", "2026-12-20"),
            ("on", "2026-11-25"),
            ("dataset", "notes"),
            ("shape", "rows"),
            ("age", "10"),
            ("grain", "month"),
            ("data_from", "2026-10-01"),
            ("data_to", "2026-10-31"),
        ])
    }

    fn begin(channel: Channel, by: &Actor) -> Case {
        let asked = Asked {
            command: CommandId::from_parts(1, 1),
            procedure: Procedure::DataUse,
            facility: None,
            channel,
            received_on: (channel != Channel::Online).then(|| now().day()),
            form: request(),
        };
        let ask = Ask {
            id: CaseId::from_parts(1, 1),
            number: "U-2026-0001".into(),
            facility: manager().facility,
            facility_name: "施設".into(),
            due_at: now(),
        };
        open(&asked, by, ask, now()).unwrap()
    }

    fn filled(act: Act, number: &str) -> Form {
        match act {
            Act::AskAgain => request(),
            Act::Grant => form(&[
                ("notice_number", number),
                ("decided_on", "2026-11-20"),
                ("provided_from", "2026-11-20"),
            ]),
            Act::Refuse => form(&[
                ("notice_number", number),
                ("decided_on", "2026-11-20"),
                ("refusal_reason", "目的が定まっていない"),
            ]),
            Act::Present => form(&[
                ("notice_number", number),
                ("presented_by", "伊藤 恵子"),
                ("presented_on", "2026-11-20"),
            ]),
            Act::Measure => form(&[
                ("measure", "erased"),
                ("measured_on", "2026-11-20"),
                ("measured_how", "消去ソフト"),
                ("measured_by", "伊藤 恵子"),
            ]),
            Act::Remind => form(&[("reminded_on", "2026-11-20"), ("reminded_how", "電話")]),
            _ => form(&[("reason", "理由"), ("comment", "確認")]),
        }
    }

    fn take(case: &Case, act: Act, number: &str, by: &Actor) -> Result<Case, CannotStep> {
        let take = TakeStep {
            command: CommandId::from_parts(1, 2),
            act,
            version: case.version,
            form: filled(act, number),
        };
        step(case, &take, by, now()).map(|(next, _)| next)
    }

    /// Straight to a state, by those whose steps they are.
    fn to(state: State) -> Case {
        let [manager, city, operator, ..] = cast();
        let mut case = begin(Channel::Online, &manager);
        for (act, by) in [
            (Act::Accept, &city),
            (Act::Grant, &city),
            (Act::Present, &operator),
            (Act::Produce, &operator),
            (Act::Provide, &manager),
            (Act::Measure, &manager),
            (Act::ConfirmMeasure, &city),
        ] {
            if case.state == state {
                return case;
            }
            case = take(&case, act, "1", by).unwrap();
        }
        assert_eq!(case.state, state);
        case
    }

    fn has_output(state: State) -> bool {
        matches!(state, State::Produced | State::Provided | State::Measured | State::Done)
    }

    #[test]
    fn the_whole_course() {
        assert_eq!(to(State::Done).taken.len(), 8);
    }

    #[test]
    fn the_declaration_has_no_way_to_an_output_past_grant_and_presentation() {
        let reach = |from: State, without: Act| {
            let mut found = vec![from];
            loop {
                let steps = DATA_USE.steps.iter().filter(|step| step.act != without);
                let next = steps
                    .filter(|step| step.from.iter().any(|state| found.contains(state)))
                    .filter_map(|step| step.to)
                    .find(|to| !found.contains(to));
                match next {
                    Some(to) => found.push(to),
                    None => return found,
                }
            }
        };
        for from in [State::Submitted, State::Accepted, State::Returned] {
            assert!(!reach(from, Act::Grant).into_iter().any(has_output), "{from}");
        }
        for from in [State::Submitted, State::Accepted, State::Returned, State::Granted] {
            assert!(!reach(from, Act::Present).into_iter().any(has_output), "{from}");
            assert!(!reach(from, Act::Produce).into_iter().any(has_output), "{from}");
        }
        let after = |act: Act| DATA_USE.steps.iter().filter(move |step| step.act == act);
        assert!(
            after(Act::AskAgain)
                .all(|step| step.to == Some(State::Submitted) && !step.from.iter().any(|s| has_output(*s)))
        );
    }

    #[test]
    fn an_edit_drops_the_decision_and_its_number() {
        let [manager, city, operator, ..] = cast();
        let granted = to(State::Presented);
        assert!(DataGrant::of(&granted).is_some());
        let edited = take(&granted, Act::AskAgain, "", &manager).unwrap();
        assert_eq!(edited.state, State::Submitted);
        let again = take(&edited, Act::Accept, "", &city).unwrap();
        // Even if the case stood there: the grant of before is no grant of this request.
        for state in [State::Presented, State::Produced, State::Provided] {
            assert_eq!(DataGrant::of(&Case { state, ..again.clone() }), None);
        }
        let Err(CannotStep::Fields(wrong)) = take(&again, Act::Grant, "１", &city) else {
            panic!("was let in")
        };
        assert_eq!(wrong[0].field, "notice_number");
        assert_eq!(next_notice_number(&again), "U-2026-0001-2");
        let granted = take(&again, Act::Grant, "2", &city).unwrap();
        let Err(CannotStep::Fields(wrong)) = take(&granted, Act::Present, "1", &operator) else {
            panic!("was let in")
        };
        assert_eq!(wrong[0].field, "notice_number");
        assert!(DataGrant::of(&take(&granted, Act::Present, " ２", &operator).unwrap()).is_some());
    }

    #[test]
    fn data_goes_to_whoever_asked_and_for_a_paper_to_the_managers_of_the_facility() {
        let [manager, city, operator, colleague, om, stranger] = cast();
        let online = to(State::Produced);
        assert!(take(&online, Act::Provide, "", &manager).is_ok());
        for other in [&city, &operator, &colleague, &om, &stranger] {
            assert_eq!(take(&online, Act::Provide, "", other), Err(CannotStep::NotYours), "{}", other.name);
        }
        let paper = Case { channel: Channel::Paper, asked_by: city.account, ..online };
        for (who, may) in [(&manager, true), (&colleague, true), (&city, false), (&stranger, false)] {
            assert_eq!(take(&paper, Act::Provide, "", who).is_ok(), may, "{}", who.name);
        }
        // What the paper's people do on paper, the city enters.
        assert!(take(&paper, Act::Measure, "", &city).is_ok());
    }

    #[test]
    fn time_follows_the_state() {
        for (state, due) in [
            (State::Submitted, Due::Promptly),
            (State::Granted, Due::EndOf("to_on")),
            (State::Presented, Due::Promptly),
            (State::Provided, Due::EndOf("to_on")),
            (State::Measured, Due::Promptly),
        ] {
            assert_eq!(DATA_USE.due_in(state), Some(due), "{state}");
        }
        let case = to(State::Provided);
        let left = |day: &str| use_time_left(&case, day.parse().unwrap());
        assert_eq!(
            (left("2026-12-13"), left("2026-12-20"), left("2026-12-21")),
            (Some(7), Some(0), Some(-1))
        );
        assert_eq!(use_time_left(&to(State::Measured), now().day()), None);
        let grant = DataGrant::of(&case).unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(
            grant.may_give(at("2026-12-20T23:59:59+09:00"))
                && !grant.may_give(at("2026-12-21T00:00:00+09:00"))
        );
        assert!(!grant.may_give(at("2026-11-19T23:59:59+09:00")));
    }

    #[test]
    fn what_waits_for_whom() {
        let waits = |state| DATA_USE.waits_for(state).map(|step| (step.act, step.by));
        assert_eq!(waits(State::Produced), Some((Act::Provide, Party::Facility)));
        assert_eq!(waits(State::Provided), Some((Act::Measure, Party::Facility)));
        assert_eq!(waits(State::Returned), Some((Act::AskAgain, Party::Facility)));
        let [manager, .., stranger] = cast();
        assert!(
            party_to(&to(State::Granted), &stranger).is_none() && can_ask(Procedure::DataUse, &manager).any()
        );
    }

    #[test]
    fn mistakes_in_the_form_name_their_field() {
        let mistake = |changes: &[(&str, &str)]| {
            let mut typed = request();
            typed.extend(form(changes));
            match check_form(FIELDS, &typed, now()) {
                Err(wrong) => wrong[0].field.clone(),
                Ok(form) => {
                    check(&form, &manager(), now()).first().map_or(String::new(), |wrong| wrong.field.clone())
                }
            }
        };
        assert_eq!(mistake(&[]), "");
        assert_eq!(mistake(&[("medium", "usb,other")]), "medium_other");
        assert_eq!(mistake(&[("after_use_other", "保管庫")]), "after_use_other");
        assert_eq!(mistake(&[("medium", "floppy")]), "medium");
        assert_eq!(mistake(&[("to_on", "2026-11-19")]), "to_on");
        assert_eq!(mistake(&[("data_to", "2027-10-02")]), "data_to");
        assert_eq!(mistake(&[("shape", "counts")]), "by");
        assert_eq!(mistake(&[("shape", "counts"), ("by", "age,sex,sent")]), "by");
        assert_eq!(mistake(&[("shape", "counts"), ("by", "months")]), "by");
        assert_eq!(mistake(&[("shape", "counts"), ("by", "age,profession")]), "");
        assert_eq!(mistake(&[("representative", "")]), "representative");
    }

    #[test]
    fn columns_and_datasets_of_the_form_are_those_of_the_data() {
        let names: Vec<_> = BY.iter().map(|(wire, _)| *wire).collect();
        assert_eq!(names, Column::ALL.iter().map(|column| column.wire()).collect::<Vec<_>>());
        for dataset in ["notes", "patients"] {
            assert!(Dataset::from_wire(dataset).is_some());
        }
    }

    proptest! {
        /// From wherever a case stands, however steps are tried and by whomever: what is made was granted and presented
        /// in the course that is in force, by its own number, and what is fetched goes to the applicant.
        #[test]
        fn no_way_around(
            start in 0_usize..7,
            tries in prop::collection::vec((0..Act::ALL.len(), 0_usize..6, 0_usize..3), 0..60),
        ) {
            let states = [
                State::Submitted, State::Accepted, State::Granted, State::Presented, State::Produced, State::Provided,
                State::Measured,
            ];
            let people = cast();
            let mut case = to(states[start]);
            for (act, who, number) in tries {
                let before = case.clone();
                let Ok(next) = take(&case, Act::ALL[act], &number.to_string(), &people[who]) else { continue };
                if matches!(Act::ALL[act], Act::Produce | Act::Provide) {
                    let course = since_edit(&before);
                    let grant = course.iter().position(|t| t.act == Act::Grant);
                    let shown = course.iter().position(|t| t.act == Act::Present);
                    prop_assert!(grant.is_some() && grant < shown);
                    let (grant, shown) = (&course[grant.unwrap()], &course[shown.unwrap()]);
                    prop_assert_eq!(&grant.form["notice_number"], &shown.form["notice_number"]);
                    prop_assert!(DataGrant::of(&before).is_some());
                }
                if Act::ALL[act] == Act::Provide {
                    prop_assert_eq!(people[who].account, before.asked_by);
                }
                case = next;
            }
        }
    }
}
