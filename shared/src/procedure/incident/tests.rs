use super::*;
use crate::{
    calendar::Day,
    id::{AccountId, CaseId, FacilityId},
    procedure::{Channel, Party, SheetKind, State, cast::form, sheet_of},
    sheet::{IncidentReport, Sheet},
};

fn taken(act: Act, pairs: &[(&str, &str)]) -> Taken {
    Taken {
        act,
        party: Party::SystemAdmin,
        by: AccountId::from_parts(1, 1),
        by_name: "人".into(),
        at: "2026-11-20T10:00:00+09:00".parse().unwrap(),
        form: form(pairs),
    }
}

fn incident(kind: &str) -> Case {
    Case {
        id: CaseId::from_parts(1, 1),
        number: "I-2026-0001".into(),
        procedure: Procedure::Incident,
        state: State::Detected,
        facility: FacilityId::from_parts(1, 1),
        facility_name: "運営".into(),
        asked_by: AccountId::from_parts(1, 1),
        asked_by_name: "人".into(),
        channel: Channel::Online,
        received_on: None,
        asked_at: Timestamp::from_ms(0),
        due_at: Timestamp::from_ms(0),
        closed_at: None,
        form: form(&[
            ("kind", kind),
            ("found_at", "2026-11-20T09:30"),
            ("content", "誤送信"),
            ("people", "1"),
        ]),
        account: None,
        user_id: None,
        account_words: None,
        about: String::new(),
        links: Vec::new(),
        files: Vec::new(),
        taken: Vec::new(),
        version: 1,
    }
}

#[test]
fn clocks_run_for_leaks_from_the_day_they_were_known() {
    assert_eq!(leak(&incident("fault")), None);
    let mut case = incident("leak");
    assert_eq!(leak(&case).unwrap(), leak_clocks(Day::new(2026, 11, 20).unwrap(), false));
    case.taken.push(taken(Act::Analyse, &[("wrongful", "yes"), ("cause", "宛先の誤り"), ("people", "12")]));
    assert_eq!(leak(&case).unwrap(), leak_clocks(Day::new(2026, 11, 20).unwrap(), true));
}

#[test]
fn nine_items_say_what_the_record_says_and_what_is_missing() {
    let mut case = incident("leak");
    let said = |case: &Case| report_items(case).iter().filter(|(_, words)| words.is_some()).count();
    assert_eq!((report_items(&case).len(), said(&case)), (9, 2));
    case.taken.push(taken(Act::Analyse, &[("cause", "宛先の誤り"), ("people", "12")]));
    case.taken.push(taken(Act::Notify, &[("report", "persons"), ("words", "電話で謝罪")]));
    assert_eq!((said(&case), report_items(&case)[2].1.as_deref()), (4, Some("12人")));
    assert_eq!(reported(&case), ["persons"]);
}

#[test]
fn the_course_is_told_by_the_times_that_were_written_down() {
    let mut case = incident("fault");
    case.taken.push(taken(Act::Contact, &[("told_at", "2026-11-20T09:45"), ("state", "応答なし")]));
    case.taken.push(taken(Act::Halt, &[("mode", "read_only"), ("reason", "書き込みの\n失敗")]));
    case.taken.push(taken(Act::Comment, &[("comment", "内輪の話")]));
    case.taken.push(taken(Act::Submit, &[("content", "報告書に書いた内容")]));
    case.taken.push(taken(Act::Return, &[("reason", "範囲がない")]));
    assert_eq!(
        course(&case),
        [
            "2026/11/20 9:45 市への連絡 応答なし",
            "2026/11/20 10:00 システムを停止（閲覧だけにする） 書き込みの 失敗",
            "2026/11/20 10:00 報告書（様式第3）を提出",
            "2026/11/20 10:00 報告書の差戻し 範囲がない",
        ]
    );
}

#[test]
fn the_telephone_is_for_the_help_desks_hours() {
    let hours = Hours::default();
    assert_eq!(way_now(&hours, "2026-11-20T10:00:00+09:00".parse().unwrap()), "電話");
    assert_eq!(way_now(&hours, "2026-11-21T10:00:00+09:00".parse().unwrap()), "FAXまたはE-mail");
}

#[test]
fn what_is_said_in_a_call_is_not_said_of_the_incident() {
    let mut case = incident("leak");
    let call = [("whom", "ひなた訪問看護"), ("content", "留守電に残した")];
    for act in [Act::Call, Act::CallUsers] {
        case.taken.push(taken(act, &call));
    }
    let says = |case: &Case| (report(case).content, report_items(case)[0].1.clone().unwrap());
    assert_eq!(says(&case), ("誤送信".into(), "誤送信".into()));
    // The course tells of the call all the same.
    assert!(report(&case).course.contains("留守電に残した"));
    case.taken.push(taken(Act::Submit, &[("content", "1通の誤送信")]));
    case.taken.push(taken(Act::Call, &call));
    assert_eq!(says(&case), ("1通の誤送信".into(), "1通の誤送信".into()));
}

fn report(case: &Case) -> IncidentReport {
    match sheet_of(case, SheetKind::IncidentReport, "小牧市") {
        Some(Sheet::IncidentReport(report)) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn form_3_says_what_is_known_in_the_end() {
    let mut case = incident("fault");
    case.form.insert("scope".into(), "確認中".into());
    let first = report(&case);
    assert_eq!((first.affected.as_str(), first.occurred_at.words.as_str()), ("確認中", "不明"));
    let analysed = taken(Act::Analyse, &[("scope", "1施設"), ("occurred_at", "2026-11-20T09:10")]);
    case.taken.push(analysed);
    let then = report(&case);
    assert_eq!((then.affected.as_str(), then.occurred_at.at), ("1施設", moment_of("2026-11-20T09:10")));
    case.taken.push(taken(Act::Submit, &[("scope", "2施設")]));
    let last = report(&case);
    assert_eq!((last.affected.as_str(), last.date), ("2施設", Day::new(2026, 11, 20)));
    // What the city gave back is no submitted report.
    case.taken.push(taken(Act::Return, &[("reason", "原因がない")]));
    assert_eq!(report(&case).date, None);
}

#[test]
fn a_report_is_by_whoever_submits_it_also_where_the_system_found_it() {
    let by = |party, name: &str, mut one: Taken| {
        (one.party, one.by_name) = (party, name.to_owned());
        one
    };
    let opened = by(Party::Operator, "運用 花子", taken(Act::Ask, &[]));
    let own = Case { taken: vec![opened], ..incident("fault") };
    assert_eq!(report(&own).reporter, "運営\nシステム運用者　運用 花子");

    let found = by(Party::System, Party::System.label(), taken(Act::Ask, &[]));
    let system = Party::System.label().to_owned();
    let mut case = Case { channel: Channel::System, facility_name: system, ..own };
    case.taken = vec![found];
    assert_eq!(report(&case).reporter, "");
    case.taken.push(by(Party::SystemAdmin, "管理 次郎", taken(Act::TakeOn, &[])));
    assert_eq!(report(&case).reporter, "システム管理者　管理 次郎");
    let submitted = taken(Act::Submit, &[("kept_office", "運営の会社")]);
    case.taken.push(by(Party::SystemAdmin, "管理 三郎", submitted));
    assert_eq!(report(&case).reporter, "運営の会社\nシステム管理者　管理 三郎");
}

#[test]
fn what_the_page_begins_with_is_what_is_known() {
    let mut case = incident("leak");
    case.taken.push(taken(Act::Analyse, &[("people", "12"), ("cause", "宛先の誤り")]));
    let stands = as_it_stands(&case);
    assert_eq!((stands["people"].as_str(), stands["content"].as_str()), ("12", "誤送信"));
    assert!(!stands.contains_key("cause") && !stands.contains_key("scope"));
}
