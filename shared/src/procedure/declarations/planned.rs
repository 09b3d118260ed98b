//! バックアップの日時 and 計画停止 (Art. 23(2)(3), figure 2-5): proposed by the system administrator, decided by others,
//! published before anything is in force. Stops end by the clock alone.

use super::{
    super::{
        Act, CannotStep, Case, Declaration, Due, Effect, Field, FieldKind, Form, Party, Procedure, State,
        Step, moment_of,
    },
    REASON, deciding, field, optional, step,
};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    evidence::schedule::{MONTHLY_DAY_MAX, STOP_MINUTES},
    people::Actor,
};

const TIMES: &[Field] = &[
    field("daily_at", "毎日の開始時刻", "前の日の分を保存します。", FieldKind::Time, 5),
    field("monthly_day", "毎月の実行日", "1から28までの数字", FieldKind::Count, 2),
    field("monthly_at", "毎月の開始時刻", "", FieldKind::Time, 5),
    field(
        "stop_minutes",
        "毎月の停止の長さ（分）",
        "この間、連絡帳は閲覧だけになります。保存が終われば、すぐに元に戻ります（10から240まで）。",
        FieldKind::Count,
        3,
    ),
    optional(field("wished_on", "始めたい日", "市が承認するときに決まります。", FieldKind::Day, 10)),
    field("reason", "理由", "", FieldKind::Lines, 500),
];

fn check_times(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let number = |name: &str| form.get(name).and_then(|text| text.parse::<u16>().ok()).unwrap_or(0);
    let mut wrong = Vec::new();
    if !(1..=u16::from(MONTHLY_DAY_MAX)).contains(&number("monthly_day")) {
        let words = format!("1から{MONTHLY_DAY_MAX}までの日にしてください（どの月にもある日）。");
        wrong.push(FieldError::new("monthly_day", words));
    }
    if !STOP_MINUTES.contains(&number("stop_minutes")) {
        let words = format!("{}から{}までの分にしてください。", STOP_MINUTES.start(), STOP_MINUTES.end());
        wrong.push(FieldError::new("stop_minutes", words));
    }
    wrong
}

/// Before the last decision.
const PROPOSED: &[State] = &[State::TimesProposed, State::TimesApproved];

pub(super) const SCHEDULE: Declaration = Declaration {
    procedure: Procedure::BackupSchedule,
    article: "第23条1(2)(3), 図2-5",
    letter: "K",
    purpose: "毎日と毎月のバックアップの日時を決めます。運用管理責任者と市が承認し、ポータルに公開してから、決めた日に有効になります。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::Operator, Party::Auditor],
    fields: TIMES,
    check: Some(check_times),
    follows: None,
    first: State::TimesProposed,
    by_system: None,
    due: Due::Days(7),
    dues: &[(State::TimesApproved, Due::Days(7))],
    yearly: None,
    steps: &[
        deciding(step(
            Act::ApproveTimes,
            &[State::TimesProposed],
            State::TimesApproved,
            Party::OperationsManager,
            &[],
        )),
        deciding(Step {
            effect: Some(Effect::SetBackupTimes),
            ..step(
                Act::DecideTimes,
                &[State::TimesApproved],
                State::Done,
                Party::City,
                &[field(
                    "from_on",
                    "有効になる日",
                    "公開してから、決められた日数（通常7日）より後の日にします。",
                    FieldKind::Day,
                    10,
                )],
            )
        }),
        step(Act::AskAgain, PROPOSED, State::TimesProposed, Party::Asker, TIMES),
        deciding(step(
            Act::Refuse,
            &[State::TimesProposed],
            State::Refused,
            Party::OperationsManager,
            &[REASON],
        )),
        deciding(step(Act::RefuseTimes, &[State::TimesApproved], State::Refused, Party::City, &[REASON])),
        step(Act::Withdraw, PROPOSED, State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::TimesProposed, State::TimesApproved, State::Done],
};

const STOP: &[Field] = &[
    field("subject", "作業の名前", "ポータルに載ります。", FieldKind::Line, 60),
    field(
        "content",
        "作業の内容",
        "利用者に伝わる言葉で書いてください。ポータルに載ります。",
        FieldKind::Lines,
        1000,
    ),
    field(
        "mode",
        "止める範囲",
        "",
        FieldKind::OneOf(&[("read_only", "閲覧だけにする"), ("closed", "すべて止める")]),
        10,
    ),
    field("from_at", "停止の開始", "", FieldKind::Moment, 16),
    field("to_at", "再開の予定", "この時刻に、自動で再開します。", FieldKind::Moment, 16),
    field("reason", "止める必要がある理由", "", FieldKind::Lines, 500),
];

/// The longest stop, in hours.
const STOP_HOURS_MAX: i64 = 48;

fn check_stop(form: &Form, _: &Actor, _: Timestamp) -> Vec<FieldError> {
    let at = |name: &str| form.get(name).and_then(|text| moment_of(text));
    let (Some(from), Some(to)) = (at("from_at"), at("to_at")) else { return Vec::new() };
    if to <= from {
        return vec![FieldError::new("to_at", "再開は、停止の開始より後にしてください。")];
    }
    if to > from.plus_seconds(STOP_HOURS_MAX * 3600) {
        let words = format!("1回の停止は{STOP_HOURS_MAX}時間までです。長い作業は、分けて申請してください。");
        return vec![FieldError::new("to_at", words)];
    }
    Vec::new()
}

/// A stop is ended after it began and before it is over, and prolonged to a later time only.
fn follows_stop(case: &Case, act: Act, form: &Form, _: &Actor, now: Timestamp) -> Result<(), CannotStep> {
    let (from, to) = stop_span(case);
    let wrong = |field: &str, words: &str| Err(CannotStep::Fields(vec![FieldError::new(field, words)]));
    match act {
        Act::Resume if from.is_none_or(|from| now < from) => {
            wrong("result", "まだ停止は始まっていません。やめるときは「停止を取りやめる」を選んでください。")
        }
        Act::CancelStop if from.is_none_or(|from| from <= now) => {
            wrong("reason", "停止はもう始まっています。「再開する」を選んでください。")
        }
        Act::ProlongStop => {
            let later = form.get("until_at").and_then(|text| moment_of(text));
            match (later, from, to) {
                (Some(later), Some(from), Some(to)) if later > to && now < to => {
                    if later > from.plus_seconds(STOP_HOURS_MAX * 3600) {
                        return wrong("until_at", "1回の停止は48時間までです。");
                    }
                    Ok(())
                }
                (Some(_), _, Some(to)) if now >= to => {
                    wrong("until_at", "この停止はもう終わっています。新しい停止を申請してください。")
                }
                _ => wrong("until_at", "今の再開の予定より後にしてください。"),
            }
        }
        _ => Ok(()),
    }
}

/// From when until when a stop is, with its prolongations.
pub fn stop_span(case: &Case) -> (Option<Timestamp>, Option<Timestamp>) {
    let at = |form: &Form, name: &str| form.get(name).and_then(|text| moment_of(text));
    let prolonged = case.taken.iter().rev().find_map(|taken| at(&taken.form, "until_at"));
    (at(&case.form, "from_at"), prolonged.or_else(|| at(&case.form, "to_at")))
}

const STOP_OPEN: &[State] = &[State::StopAsked, State::StopPermitted];
const ANNOUNCED: &[State] = &[State::StopAnnounced];

pub(super) const PLANNED_STOP: Declaration = Declaration {
    procedure: Procedure::PlannedStop,
    article: "第23条1(3), 図2-5",
    letter: "T",
    purpose: "サービスの一部か全部を止める作業を、前もって知らせてから行います。運用管理責任者が許可し、ポータルに公開してから、決めた時刻に止まり、決めた時刻に自動で再開します。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::City, Party::Auditor],
    fields: STOP,
    check: Some(check_stop),
    follows: Some(follows_stop),
    first: State::StopAsked,
    by_system: None,
    due: Due::Promptly,
    dues: &[(State::StopPermitted, Due::Promptly), (State::StopAnnounced, Due::EndOfStop)],
    yearly: None,
    steps: &[
        deciding(step(
            Act::PermitStop,
            &[State::StopAsked],
            State::StopPermitted,
            Party::OperationsManager,
            &[],
        )),
        Step {
            effect: Some(Effect::AnnounceStop),
            ..step(
                Act::AnnounceStop,
                &[State::StopPermitted],
                State::StopAnnounced,
                Party::Operator,
                &[optional(field(
                    "words",
                    "利用者に伝えること",
                    "作業の内容に続けて載ります。",
                    FieldKind::Lines,
                    1000,
                ))],
            )
        },
        Step {
            effect: Some(Effect::EndStop),
            ..step(
                Act::Resume,
                ANNOUNCED,
                State::Done,
                Party::SystemAdmin,
                &[field("result", "作業の結果", "", FieldKind::Lines, 1000)],
            )
        },
        Step {
            act: Act::ProlongStop,
            from: ANNOUNCED,
            to: None,
            by: Party::SystemAdmin,
            decides: false,
            fields: &[field("until_at", "新しい再開の予定", "", FieldKind::Moment, 16), REASON],
            effect: Some(Effect::ProlongStop),
        },
        Step {
            effect: Some(Effect::CancelStop),
            ..step(Act::CancelStop, ANNOUNCED, State::Withdrawn, Party::SystemAdmin, &[REASON])
        },
        step(Act::AskAgain, STOP_OPEN, State::StopAsked, Party::Asker, STOP),
        deciding(step(Act::Refuse, STOP_OPEN, State::Refused, Party::OperationsManager, &[REASON])),
        step(Act::Withdraw, STOP_OPEN, State::Withdrawn, Party::Asker, &[]),
    ],
    course: &[State::StopAsked, State::StopPermitted, State::StopAnnounced, State::Done],
};
