//! 障害・事案: what an incident's desk shows beside the steps: how far the service is open, whom to tell by which way now,
//! the clocks of a leak and its nine report items.

use crate::{
    clock,
    components::{Badge, DayText, TimeText, Tone},
    load::{Load, load},
    route::Place,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{Desk, ReadDesk},
    },
    calendar::Day,
    id::CaseId,
    procedure::{Case, IncidentStop, ServiceMode, incident},
};

/// The panel.
#[component]
pub fn IncidentDesk(
    /// Which.
    case: StoredValue<Case>,
) -> impl IntoView {
    let desk = load::<ReadDesk>(|| ((), Empty {}));
    let (id, leak) = case.with_value(|case| (case.id, leak_desk(case)));
    view! {
        <section class="stack">
            <h2>"事案の状況"</h2>
            <Now id=id desk=desk />
            {leak}
        </section>
    }
}

/// The clocks of a leak and its nine items; nothing for what is none.
fn leak_desk(case: &Case) -> Option<impl IntoView + use<>> {
    let clocks = incident::leak(case)?;
    let (today, over) = (clock::now().day(), case.state.is_closed());
    let reported = incident::reported(case);
    let prompt = Clock {
        label: "個人情報保護委員会への速報",
        last: clocks.prompt_until,
        done: reported.contains(&"prompt"),
    };
    let final_one = Clock {
        label: "個人情報保護委員会への確報",
        last: clocks.final_until,
        done: reported.contains(&"final"),
    };
    Some(view! {
        <h3>"情報漏えいの期限"</h3>
        <ul class="settings-list">{[prompt, final_one].map(|clock| clock.row(today, over)).into_iter().collect_view()}</ul>
        <h3>"報告する9項目"</h3>
        <dl class="facts">
            {incident::report_items(case)
                .into_iter()
                .map(|(label, words)| {
                    let missing = words.is_none();
                    view! {
                        <dt>{label}</dt>
                        <dd class="pre">
                            {words} {missing.then(|| view! { <Badge tone=Tone::Warning>"まだ記録がありません"</Badge> })}
                        </dd>
                    }
                })
                .collect_view()}
        </dl>
    })
}

/// A last day.
struct Clock {
    label: &'static str,
    last: Day,
    done: bool,
}

impl Clock {
    /// Where nothing can be recorded any more, nothing is late any more either.
    fn row(self, today: Day, over: bool) -> impl IntoView {
        let (tone, words) = match (self.done, over, self.last < today) {
            (true, ..) => (Tone::Good, "報告済み"),
            (false, true, _) => (Tone::Warning, "記録なし"),
            (false, false, true) => (Tone::Alarm, "期限超過"),
            (false, false, false) => (Tone::New, "報告待ち"),
        };
        view! {
            <li>
                <span class="settings-what">
                    <strong>{self.label}</strong>
                    <span><DayText day=self.last /> "まで"</span>
                </span>
                <Badge tone=tone>{words}</Badge>
            </li>
        }
    }
}

/// How far the service is open, and by which way people are told now.
#[component]
fn Now(id: CaseId, desk: Load<Desk>) -> impl IntoView {
    move || {
        desk.shown.with(Clone::clone).map(|desk| {
            let (tone, words, since) = match &desk.service {
                Some(service) => {
                    let mode = service.mode_at(clock::now());
                    let tone = if mode == ServiceMode::Open { Tone::Good } else { Tone::Alarm };
                    let since = service.stop_at(clock::now()).map_or(service.since, |stop| stop.from);
                    (tone, mode.label(), Some(since))
                }
                None => (Tone::Good, ServiceMode::Open.label(), None),
            };
            let stops = desk.service.map(|service| service.incident_stops()).unwrap_or_default();
            let others: Vec<_> = stops.into_iter().filter(|stop| stop.case != id).collect();
            let way = incident::way_now(&desk.hours, clock::now());
            view! {
                <dl class="facts">
                    <dt>"サービスの状態"</dt>
                    <dd>
                        <Badge tone=tone>{words}</Badge>
                        {since.map(|at| view! { " " <TimeText at=at /> "から" })}
                    </dd>
                    {(!others.is_empty()).then(|| view! { <Others stops=others /> })}
                    <dt>"今の連絡方法（図3）"</dt>
                    <dd>{way} " " <a href=Place::Contacts.path()>"連絡先"</a></dd>
                </dl>
            }
        })
    }
}

/// What other incidents close: it opens with their own recovery only.
#[component]
fn Others(stops: Vec<IncidentStop>) -> impl IntoView {
    let links = stops.into_iter().map(|stop| {
        view! { <a href=Place::Case(stop.case).path()>"案件（" {stop.mode.label()} "）"</a> " " }
    });
    view! {
        <dt>"ほかに止めている案件"</dt>
        <dd>{links.collect_view()}</dd>
    }
}
