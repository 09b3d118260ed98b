//! 電源設備の点検 (Art. 11): once a year, for one day; the city is consulted at least three months before.

use super::{
    super::{Act, CannotStep, Case, Declaration, Due, Field, FieldKind, Form, Party, Procedure, State},
    REASON, REMARK, deciding, field, step,
};
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp, months_after},
    people::Actor,
};

/// So many months before the inspection the city is consulted.
const MONTHS_BEFORE: u32 = 3;
/// So many days before a year is over it is time to consult: three months and a month to find a day.
const NOTICE_DAYS: i64 = 122;

const FIELDS: &[Field] = &[
    field("subject", "点検の名前", "", FieldKind::Line, 60),
    field(
        "planned_on",
        "点検したい日",
        "市との協議は、点検の3か月前までに始めます。年に1回、1日（24時間）です。",
        FieldKind::Day,
        10,
    ),
    field("content", "点検の内容", "", FieldKind::Lines, 1000),
    field(
        "stops",
        "サービスへの影響",
        "止まるときは、合意の後に「計画停止」も申請します。",
        FieldKind::OneOf(&[("no", "止まらない（商用電源で動かす）"), ("yes", "一部か全部が止まる")]),
        3,
    ),
];

/// The first day that is so many months away, if the city is asked on this day.
fn earliest(asked: Day) -> Day {
    months_after(asked, MONTHS_BEFORE).plus_days(1)
}

/// The consultation begins when it is first asked: a later proposal of another day counts from then.
fn check(form: &Form, _: &Actor, asked_at: Timestamp) -> Vec<FieldError> {
    let Some(planned) = form.get("planned_on").and_then(|text| text.parse::<Day>().ok()) else {
        return Vec::new();
    };
    let earliest = earliest(asked_at.day());
    if planned >= earliest {
        return Vec::new();
    }
    let words = format!(
        "協議は点検の{MONTHS_BEFORE}か月前までに始めます（第11条）。{}以降の日にしてください。",
        earliest.in_full()
    );
    vec![FieldError::new("planned_on", words)]
}

/// It was carried out on a day on which the city had agreed to it.
fn follows(case: &Case, act: Act, form: &Form, _: &Actor, _: Timestamp) -> Result<(), CannotStep> {
    let agreed =
        case.taken.iter().rev().find(|taken| taken.act == Act::AgreeDate).map(|taken| taken.at.day());
    let done = form.get("on").and_then(|text| text.parse::<Day>().ok());
    match (act, agreed, done) {
        (Act::RecordInspection, Some(agreed), Some(done)) if done < agreed => {
            Err(CannotStep::Fields(vec![FieldError::new("on", "市が合意した日より後にしてください。")]))
        }
        _ => Ok(()),
    }
}

const OPEN: &[State] = &[State::InspectionAsked, State::InspectionReturned];

pub(super) const POWER_INSPECTION: Declaration = Declaration {
    procedure: Procedure::PowerInspection,
    article: "第11条",
    letter: "V",
    purpose: "電源設備の点検（年1回、1日）の日程を、点検の3か月前までに市と協議し、合意した日に行って、結果を記録します。",
    asks: &[Party::SystemAdmin],
    papers: None,
    ways: &[],
    readers: &[Party::OperationsManager, Party::Operator, Party::Auditor],
    fields: FIELDS,
    check: Some(check),
    follows: Some(follows),
    first: State::InspectionAsked,
    by_system: None,
    due: Due::Days(14),
    dues: &[(State::InspectionReturned, Due::Days(14)), (State::InspectionAgreed, Due::EndOf("planned_on"))],
    yearly: Some(NOTICE_DAYS),
    steps: &[
        deciding(step(
            Act::AgreeDate,
            &[State::InspectionAsked],
            State::InspectionAgreed,
            Party::City,
            &[REMARK],
        )),
        deciding(step(
            Act::Return,
            &[State::InspectionAsked],
            State::InspectionReturned,
            Party::City,
            &[REASON],
        )),
        step(
            Act::RecordInspection,
            &[State::InspectionAgreed],
            State::Done,
            Party::SystemAdmin,
            &[
                field("on", "点検した日", "", FieldKind::PastDay, 10),
                field("hours", "商用電源だけで動かした時間（時間）", "", FieldKind::Count, 3),
                field("result", "点検の結果", "", FieldKind::Lines, 2000),
            ],
        ),
        step(Act::AskAgain, OPEN, State::InspectionAsked, Party::Asker, FIELDS),
        step(
            Act::Withdraw,
            &[State::InspectionAsked, State::InspectionReturned, State::InspectionAgreed],
            State::Withdrawn,
            Party::Asker,
            &[REASON],
        ),
    ],
    course: &[State::InspectionAsked, State::InspectionAgreed, State::Done],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::months_before;
    use proptest::prelude::*;

    #[test]
    fn the_city_is_asked_three_months_before() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (asked, first) in [
            ("2026-11-26", "2027-02-26"),
            ("2026-11-30", "2027-03-01"),
            ("2027-02-28", "2027-05-28"),
            ("2027-03-01", "2027-06-01"),
            ("2027-11-29", "2028-02-29"),
        ] {
            assert_eq!(earliest(day(asked)), day(first), "{asked}");
        }
        // The requirements' own example.
        assert!(earliest(day("2027-02-28")) <= day("2027-05-31"));
        assert!(earliest(day("2027-03-01")) > day("2027-05-31"));
    }

    proptest! {
        /// The same rule, counted back from the inspection.
        #[test]
        fn counted_forwards_and_backwards(asked in 20_000..30_000_i64, ahead in 0..200_i64) {
            let asked = Timestamp::from_ms(asked * 86_400_000).day();
            let planned = asked.plus_days(ahead);
            prop_assert_eq!(planned >= earliest(asked), months_before(planned, MONTHS_BEFORE) >= asked);
        }
    }
}
