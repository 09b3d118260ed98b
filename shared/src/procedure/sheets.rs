//! Which official sheets a case can be printed as, and what of its record stands where.

use super::{Act, Case, Channel, Form, Party, Procedure, Taken, incident, moment_of};
use crate::{
    calendar::{Day, Timestamp},
    label::labelled,
    sheet::{
        AfterUse, DataUseApplication, DataUseNotice, Decision, ErasureCertificate, IncidentReport, Medium,
        Moment, Sheet,
    },
};
use std::collections::BTreeSet;

labelled! {
    /// An official sheet of the policy.
    pub enum SheetKind {
        DataUseApplication = "data_use_application" "様式第１（データ使用許可申請書）",
        DataUseNotice = "data_use_notice" "様式第２（決定・却下通知書）",
        IncidentReport = "incident_report" "様式第３（事故報告書）",
        ErasureCertificate = "erasure_certificate" "消去証明書",
    }
}

/// The sheets of a case, in order.
pub fn sheets_of(case: &Case) -> Vec<SheetKind> {
    match case.procedure {
        Procedure::Incident => vec![SheetKind::IncidentReport],
        Procedure::DataUse if decision(case).is_some() => {
            vec![SheetKind::DataUseApplication, SheetKind::DataUseNotice]
        }
        Procedure::DataUse => vec![SheetKind::DataUseApplication],
        Procedure::Disposal if case.taken.iter().any(|taken| taken.act == Act::EndErasure) => {
            vec![SheetKind::ErasureCertificate]
        }
        _ => Vec::new(),
    }
}

/// A case as one of its sheets; `None` where it is none of them. Before it is submitted a sheet bears no date.
pub fn sheet_of(case: &Case, kind: SheetKind, city: &str) -> Option<Sheet> {
    if !sheets_of(case).contains(&kind) {
        return None;
    }
    match kind {
        SheetKind::IncidentReport => Some(Sheet::IncidentReport(incident_report(case, city))),
        SheetKind::DataUseApplication => Some(Sheet::DataUseApplication(application(case, city))),
        SheetKind::DataUseNotice => notice(case, city).map(Sheet::DataUseNotice),
        SheetKind::ErasureCertificate => certificate(case).map(Sheet::ErasureCertificate),
    }
}

/// The day of a step, if it was taken.
fn day_of(case: &Case, act: Act) -> Option<Day> {
    case.taken.iter().rev().find(|taken| taken.act == act).map(|taken| taken.at.day())
}

fn incident_report(case: &Case, city: &str) -> IncidentReport {
    let text = |name: &str| incident::latest(case, name).unwrap_or_default().to_owned();
    let moment = |name: &str| Moment { at: moment_of(&text(name)), words: String::new() };
    let known = incident::latest(case, "occurred_at").is_some();
    let lasting = Some(text("lasting")).filter(|words| !words.is_empty() && words != "なし");
    let lasting = lasting.map(|words| format!("システム管理業務で対応できない再発防止策: {words}"));
    let remarks: Vec<String> =
        [text("remark")].into_iter().chain(lasting).filter(|words| !words.is_empty()).collect();
    IncidentReport {
        number: case.number.clone(),
        date: incident::submitted(case).map(|taken| taken.at.day()),
        city: city.to_owned(),
        reporter: reporter(case),
        found_at: moment("found_at"),
        found_where: text("found_where"),
        occurred_at: if known { moment("occurred_at") } else { Moment { at: None, words: "不明".into() } },
        content: text("content"),
        affected: text("scope"),
        recovered_at: moment("recovered_at"),
        course: incident::course(case).join("\n"),
        cause: text("cause"),
        measures: [text("measure"), text("action")].join("\n").trim().to_owned(),
        remarks: remarks.join("\n"),
        attached: text("attachments"),
    }
}

/// Who reports, and for which office: whoever submitted the report; before, whoever took the incident on or opened it. What the
/// system found, somebody reports.
fn reporter(case: &Case) -> String {
    let person = |taken: &&Taken| taken.party != Party::System && matches!(taken.act, Act::Ask | Act::TakeOn);
    let by = incident::submitted(case).or_else(|| case.taken.iter().rev().find(person));
    let of_case = Some(&case.facility_name).filter(|_| case.channel != Channel::System);
    let office = by.and_then(|taken| taken.form.get(incident::OFFICE)).or(of_case);
    let who = by.map(|taken| format!("{}　{}", taken.party.label(), taken.by_name));
    office.cloned().into_iter().chain(who).collect::<Vec<_>>().join("\n")
}

fn certificate(case: &Case) -> Option<ErasureCertificate> {
    let of = |act| case.taken.iter().rev().find(|taken| taken.act == act);
    let erased = of(Act::Erase)?;
    let ended = of(Act::EndErasure)?;
    let kept = |name: &str| ended.form.get(name).cloned().unwrap_or_default();
    let moment = |name: &str| moment_of(&kept(name)).map(Timestamp::in_full).unwrap_or_default();
    let who = |taken: &Taken| format!("{}　{}　{}", taken.at.in_full(), taken.party.label(), taken.by_name);
    let target = asked(case, "target");
    let object = match target.parse::<Day>() {
        Ok(day) => format!("{}に送られたデータ", day.in_full()),
        Err(_) => format!("同意が撤回された患者（番号 {target}）のデータ"),
    };
    Some(ErasureCertificate {
        number: case.number.clone(),
        date: Some(ended.at.day()),
        addressee: format!("{}（ヘルプデスク）", Party::Operator.label()),
        issuer: format!("{}　{}", erased.party.label(), erased.by_name),
        object,
        ground: asked(case, "ground"),
        method: kept("kept_method"),
        permitted: of(Act::PermitDisposal).map(who).unwrap_or_default(),
        erased: format!("鍵の破棄　{}\n{}", moment("kept_erased_at"), who(erased)),
        live: kept("kept_live"),
        checked: format!("{}　{}", moment("kept_checked_at"), kept("kept_boxes")),
        reached: kept("kept_reached"),
        kept: format!(
            "{}\n版 {}\nSHA-256 {}",
            kept("kept_certificate"),
            kept("kept_version"),
            kept("kept_hash")
        ),
        remarks: "再送に備えた控えは7日、データベースの復旧用の履歴は35日で消えます。".to_owned(),
    })
}

/// What stands in a request.
fn asked(case: &Case, name: &str) -> String {
    case.form.get(name).cloned().unwrap_or_default()
}

fn day(form: &Form, name: &str) -> Option<Day> {
    form.get(name).and_then(|text| text.parse().ok())
}

/// When the request was written as it stands: on the paper's day, or when it was sent or sent again.
fn applied_on(case: &Case) -> Day {
    case.received_on.unwrap_or_else(|| day_of(case, Act::AskAgain).unwrap_or_else(|| case.asked_at.day()))
}

/// Of a list of boxes those that are ticked; the sheet writes hyphens where the form has low lines.
fn ticked<T: Ord>(case: &Case, name: &str, of: impl Fn(&str) -> Option<T>) -> BTreeSet<T> {
    asked(case, name).split(',').filter_map(|wire| of(&wire.replace('_', "-"))).collect()
}

fn application(case: &Case, city: &str) -> DataUseApplication {
    DataUseApplication {
        number: case.number.clone(),
        date: Some(applied_on(case)),
        city: city.to_owned(),
        facility: case.facility_name.clone(),
        representative: asked(case, "representative"),
        applicant: case.form.get("applicant").cloned(),
        subject: asked(case, "subject"),
        purpose: asked(case, "purpose"),
        processing: asked(case, "processing"),
        media: ticked(case, "medium", Medium::from_wire),
        other_medium: asked(case, "medium_other"),
        after_use: ticked(case, "after_use", AfterUse::from_wire),
        other_measure: asked(case, "after_use_other"),
        from: day(&case.form, "from_on"),
        to: day(&case.form, "to_on"),
        done_on: day(&case.form, "on"),
        remarks: asked(case, "remark"),
        attached: asked(case, "attachments"),
    }
}

/// The decision in force: what was decided before the request was written anew does not count.
fn decision(case: &Case) -> Option<&Taken> {
    let last = case.taken.iter().rposition(|taken| taken.act == Act::AskAgain).map_or(0, |at| at + 1);
    let since = case.taken.get(last..).unwrap_or_default();
    since.iter().rev().find(|taken| matches!(taken.act, Act::Grant | Act::Refuse))
}

fn notice(case: &Case, city: &str) -> Option<DataUseNotice> {
    let decided = decision(case)?;
    let said = |name: &str| decided.form.get(name).cloned().unwrap_or_default();
    let granted = decided.act == Act::Grant;
    let applicant = case.form.get("applicant").or_else(|| case.form.get("representative"));
    let applicant = applicant.cloned().unwrap_or_default();
    Some(DataUseNotice {
        number: said("notice_number"),
        date: day(&decided.form, "decided_on"),
        addressee: format!("{}\n{}", case.facility_name, asked(case, "representative")),
        city: city.to_owned(),
        applied_on: Some(applied_on(case)),
        decision: Some(if granted { Decision::Granted } else { Decision::Refused }),
        applicant: format!("{}\n{applicant}", case.facility_name),
        supplied_from: day(&decided.form, "provided_from"),
        reason: said("refusal_reason"),
        remarks: said("notice_remark"),
    })
}
