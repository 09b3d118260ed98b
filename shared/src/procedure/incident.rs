//! What an incident's record says (Art. 18, Form 3; requirements §2, 17 and 18): what was found and mended, clocks, report items,
//! the course.

use super::{Act, Case, Field, Form, Procedure, Taken, declaration, moment_of};
use crate::{
    calendar::{Hours, LeakClocks, Timestamp, leak_clocks},
    people::Actor,
};

/// What a leak owes before it is over: 速報, 確報, and the notice to the persons (requirements §2, 17).
const OWED: [(&str, &str); 3] = [
    ("prompt", "個人情報保護委員会への速報"),
    ("final", "個人情報保護委員会への確報"),
    ("persons", "本人への通知"),
];
/// What is told of a leak, and to whom: wire names and words.
pub(super) const NOTICES: &[(&str, &str)] = &[OWED[0], OWED[1], OWED[2], ("publication", "公表")];

/// The office of whoever submitted the report, in its step: an incident that monitoring opened is no office's.
pub(super) const OFFICE: &str = "kept_office";

/// What the record holds under a field's name: the newest word counts. A call has fields of the same names, and what was said
/// in it is not said of the incident.
pub fn latest<'c>(case: &'c Case, name: &str) -> Option<&'c str> {
    let of_itself = |taken: &&Taken| !matches!(taken.act, Act::Call | Act::CallUsers);
    let taken = case.taken.iter().rev().filter(of_itself).find_map(|taken| taken.form.get(name));
    taken.or_else(|| case.form.get(name)).map(String::as_str)
}

/// What the record holds for some fields.
pub fn known(case: &Case, fields: &[Field]) -> Form {
    let newest = |field: &Field| Some((field.name.to_owned(), latest(case, field.name)?.to_owned()));
    fields.iter().filter_map(newest).collect()
}

/// What was asked, as it stands now: of an incident with what was mended since.
pub fn as_it_stands(case: &Case) -> Form {
    match case.procedure {
        Procedure::Incident => known(case, declaration(case.procedure).fields),
        _ => case.form.clone(),
    }
}

/// Whether a step may say anew what the first entry said.
const fn mends(act: Act) -> bool {
    matches!(act, Act::TakeOn | Act::Analyse | Act::Submit)
}

/// What the record keeps of a step beside its fields: what stood there before it was mended, and the office of whoever submits.
pub(super) fn kept(case: &Case, act: Act, form: &Form, actor: &Actor) -> Form {
    if !mends(act) {
        return Form::new();
    }
    let mended = declaration(case.procedure).fields.iter().filter_map(|field| {
        let (before, now) = (latest(case, field.name)?, form.get(field.name)?);
        (before != now.as_str()).then(|| (format!("before_{}", field.name), before.to_owned()))
    });
    let office = (act == Act::Submit).then(|| (OFFICE.to_owned(), actor.facility_name.clone()));
    mended.chain(office).collect()
}

/// The step that submitted the report; `None` before, and while the city has given it back.
pub fn submitted(case: &Case) -> Option<&Taken> {
    let last = case.taken.iter().rev().find(|taken| matches!(taken.act, Act::Submit | Act::Return));
    last.filter(|taken| taken.act == Act::Submit)
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

/// Whether a step records what was told of a leak: the administrator's, or the city's own.
const fn tells(taken: &&Taken) -> bool {
    matches!(taken.act, Act::Notify | Act::NotifyAsCity)
}

/// Which reports on a leak were made: wire names of 「報告・通知」.
pub fn reported(case: &Case) -> Vec<&str> {
    let notified = case.taken.iter().filter(tells);
    notified.filter_map(|taken| taken.form.get("report").map(String::as_str)).collect()
}

/// What a leak still owes, in words; nothing for what is none.
pub fn owed(case: &Case) -> Vec<&'static str> {
    if leak(case).is_none() {
        return Vec::new();
    }
    let made = reported(case);
    OWED.iter().filter(|(wire, _)| !made.contains(wire)).map(|(_, words)| *words).collect()
}

/// The nine items of a report on a leak (規則8条), each with what the record says; `None` where it says nothing yet.
pub fn report_items(case: &Case) -> Vec<(&'static str, Option<String>)> {
    let say = |name: &str| latest(case, name).map(str::to_owned);
    let told = |wire: &str| {
        let notified = case.taken.iter().rev().filter(tells);
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
    let line = |taken: &Taken| {
        let fields = declared.asked_by(taken.act);
        let at =
            ["told_at", "at", "measured_at", "recovered_at"].iter().find_map(|name| taken.form.get(*name));
        let at = at.and_then(|text| moment_of(text)).unwrap_or(taken.at);
        let words = told(taken).map(|words| format!(" {}", words.replace('\n', " "))).unwrap_or_default();
        let mode = fields.iter().find(|field| field.name == "mode");
        let mode = mode.and_then(|field| taken.form.get("mode").map(|value| field.in_words(value)));
        let mode = mode.map(|mode| format!("（{mode}）")).unwrap_or_default();
        let ((year, month, day), (hour, minute)) = (at.day().ymd(), at.wall_clock());
        format!("{year}/{month}/{day} {hour}:{minute:02} {}{mode}{words}", done(taken.act))
    };
    case.taken.iter().filter(|taken| taken.act != Act::Comment).map(line).collect()
}

/// What a step tells of the course. What a report says of the incident stands in its other boxes.
fn told(taken: &Taken) -> Option<&String> {
    if taken.act == Act::Submit {
        return None;
    }
    ["course", "content", "state", "reason"].iter().find_map(|name| taken.form.get(*name))
}

/// An act as a report tells it: 「市への連絡」, not 「市への連絡を記録する」.
fn done(act: Act) -> &'static str {
    let label = match act {
        Act::Ask => "検知",
        Act::Return => "報告書の差戻し",
        other => other.label(),
    };
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
mod tests;
