//! An event of the audit log as a sentence.

use crate::components::{Badge, TimeText, Tone};
use leptos::prelude::*;
use shared::{
    api::audit::{AuditRow, patient_number},
    evidence::{COMMAND_LINE_SOURCE, Outcome, SYSTEM_SOURCE},
};

/// An event in words.
pub struct Sentence {
    /// Who.
    pub who: String,
    /// About which patient, by number.
    pub patient: Option<String>,
    /// How it ended.
    pub result: String,
    tone: Tone,
}

/// The words of an event.
pub fn sentence(row: &AuditRow) -> Sentence {
    let who = match (&row.facility_name, &row.name, row.profession) {
        (facility, Some(name), profession) => format!(
            "{} {name}{}が",
            facility.as_deref().unwrap_or_default(),
            profession.map(|p| format!("（{}）", p.label())).unwrap_or_default(),
        ),
        _ if row.event.source == COMMAND_LINE_SOURCE => "サーバーの前の人が".to_owned(),
        _ if row.event.source == SYSTEM_SOURCE => "システム（自動）が".to_owned(),
        _ => "サインイン前の人が".to_owned(),
    };
    let event = &row.event;
    let patient = event.thing.first().filter(|_| event.action.is_about_patient());
    let patient = patient.map(|id| format!("患者 {} について", patient_number(id)));
    let (tone, result) = match event.outcome {
        Outcome::Done => (Tone::Good, "実行".to_owned()),
        Outcome::Repeated => (Tone::Neutral, "同じ操作の再送".to_owned()),
        Outcome::Refused(code) => (Tone::Warning, format!("拒否: {}", code.label())),
    };
    Sentence { who, patient, result, tone }
}

/// Where it came from, in words. Who is named on a command line did not sign in for it.
fn source_in_words(source: &str) -> String {
    if source == COMMAND_LINE_SOURCE {
        "コマンドライン（サインインなし。名前は実行した人の申告）".to_owned()
    } else {
        source.to_owned()
    }
}

/// Events, newest first.
#[component]
pub fn AuditRows(
    /// The events.
    rows: Vec<AuditRow>,
) -> impl IntoView {
    let rows = rows.into_iter().map(|row| {
        let Sentence { who, patient, result, tone } = sentence(&row);
        let event = row.event;
        view! {
            <li>
                <span class="settings-what">
                    <span><TimeText at=event.at /> "　" {who} {patient} "「" {event.action.label()} "」"</span>
                    <span class="hint">"接続元 " {source_in_words(&event.source)} "　記録番号 " {event.id.to_string()}</span>
                </span>
                <Badge tone=tone>{result}</Badge>
            </li>
        }
    });
    view! { <ul class="settings-list">{rows.collect_view()}</ul> }
}
