//! What an incident's record says (Art. 18, Form 3; requirements §2, 17 and 18): clocks, report items, the course.

use super::{Act, Case, Procedure, declaration, moment_of};
use crate::calendar::{Hours, LeakClocks, Timestamp, leak_clocks};

/// What the record holds under a field's name: the newest word counts.
pub fn latest<'c>(case: &'c Case, name: &str) -> Option<&'c str> {
    let taken = case.taken.iter().rev().find_map(|taken| taken.form.get(name));
    taken.or_else(|| case.form.get(name)).map(String::as_str)
}

/// The last days of the reports on a leak; `None` for what is none. They run from when it was known: found, not
/// occurred.
pub fn leak(case: &Case) -> Option<LeakClocks> {
    if case.procedure != Procedure::Incident || latest(case, "kind") != Some("leak") {
        return None;
    }
    let known = case.form.get("found_at").and_then(|text| moment_of(text))?;
    Some(leak_clocks(known.day(), latest(case, "wrongful") == Some("yes")))
}

/// Which reports on a leak were made: wire names of 「報告・通知」.
pub fn reported(case: &Case) -> Vec<&str> {
    let notified = case.taken.iter().filter(|taken| taken.act == Act::Notify);
    notified.filter_map(|taken| taken.form.get("report").map(String::as_str)).collect()
}

/// The nine items of a report on a leak (規則8条), each with what the record says; `None` where it says nothing yet.
pub fn report_items(case: &Case) -> Vec<(&'static str, Option<String>)> {
    let say = |name: &str| latest(case, name).map(str::to_owned);
    let told = |wire: &str| {
        let notified = case.taken.iter().rev().filter(|taken| taken.act == Act::Notify);
        let mut of_kind =
            notified.filter(|taken| taken.form.get("report").is_some_and(|report| report == wire));
        of_kind.next().and_then(|taken| taken.form.get("words").cloned())
    };
    vec![
        ("概要", say("content")),
        ("漏えいした個人データの項目", say("data_items")),
        ("本人の数", say("people").map(|people| format!("{people}人"))),
        ("原因", say("cause")),
        ("二次被害またはそのおそれ", say("secondary")),
        ("本人への対応", told("persons")),
        ("公表", told("publication")),
        ("再発防止の措置", say("measure").or_else(|| say("measure_plan"))),
        ("その他", say("remark")),
    ]
}

/// The course (経過) as Form 3 tells it: a line for each step and record, oldest first.
pub fn course(case: &Case) -> Vec<String> {
    let declared = declaration(case.procedure);
    let line = |taken: &super::Taken| {
        let fields = declared.asked_by(taken.act);
        let at =
            ["told_at", "at", "measured_at", "recovered_at"].iter().find_map(|name| taken.form.get(*name));
        let at = at.and_then(|text| moment_of(text)).unwrap_or(taken.at);
        let words = ["course", "content", "state", "reason"].iter().find_map(|name| taken.form.get(*name));
        let words = words.map(|words| format!(" {}", words.replace('\n', " "))).unwrap_or_default();
        let mode = fields.iter().find(|field| field.name == "mode");
        let mode = mode.and_then(|field| taken.form.get("mode").map(|value| field.in_words(value)));
        let mode = mode.map(|mode| format!("（{mode}）")).unwrap_or_default();
        let ((year, month, day), (hour, minute)) = (at.day().ymd(), at.wall_clock());
        format!("{year}/{month}/{day} {hour}:{minute:02} {}{mode}{words}", done(taken.act))
    };
    case.taken.iter().filter(|taken| taken.act != Act::Comment).map(line).collect()
}

/// An act as a report tells it: 「市への連絡」, not 「市への連絡を記録する」.
fn done(act: Act) -> &'static str {
    let label = if act == Act::Ask { "検知" } else { act.label() };
    let noun = label.strip_suffix("を記録する").or_else(|| label.strip_suffix("する"));
    noun.unwrap_or(label)
}

/// When an inquiry was answered first.
pub fn first_answer(case: &Case) -> Option<Timestamp> {
    case.taken.iter().find(|taken| taken.act == Act::Answer).map(|taken| taken.at)
}

/// By which way somebody is told now (figure 3): by telephone in the help desk's hours, otherwise by FAX or e-mail.
pub fn way_now(hours: &Hours, now: Timestamp) -> &'static str {
    if hours.is_open(now) { "電話" } else { "FAXまたはE-mail" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calendar::Day,
        id::{AccountId, CaseId, FacilityId},
        procedure::{Channel, Form, Party, State, Taken},
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

    fn form(pairs: &[(&str, &str)]) -> Form {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
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
        case.taken
            .push(taken(Act::Analyse, &[("wrongful", "yes"), ("cause", "宛先の誤り"), ("people", "12")]));
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
        assert_eq!(
            course(&case),
            [
                "2026/11/20 9:45 市への連絡 応答なし",
                "2026/11/20 10:00 システムを停止（閲覧だけにする） 書き込みの 失敗",
            ]
        );
    }

    #[test]
    fn the_telephone_is_for_the_help_desks_hours() {
        let hours = Hours::default();
        assert_eq!(way_now(&hours, "2026-11-20T10:00:00+09:00".parse().unwrap()), "電話");
        assert_eq!(way_now(&hours, "2026-11-21T10:00:00+09:00".parse().unwrap()), "FAXまたはE-mail");
    }
}
