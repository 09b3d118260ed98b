//! One patient in a list: the whole card is one link, its marks are words.

use super::circle::tone;
use crate::{
    clock,
    components::{Badge, Icon, Shape, TimeText, Tone},
    outgoing::use_outgoing,
    route::Place,
};
use leptos::prelude::*;
use shared::book::{ConsentState, PatientRow};

/// The card.
#[component]
pub fn PatientItem(
    /// Whose.
    row: PatientRow,
) -> impl IntoView {
    let PatientRow { patient, unread, urgent, addressed, last } = row;
    let class = match (urgent, unread) {
        (true, _) => "patient patient-urgent",
        (false, 1..) => "patient patient-unread",
        (false, 0) => "patient",
    };
    let consent = patient.consent();
    let closed = consent != ConsentState::Given;
    // A closed page has nothing to read: the way leads to what can be done about it.
    let place = if closed { Place::Consent(patient.id) } else { Place::Thread(patient.id) };
    let (outgoing, id) = (use_outgoing(), patient.id);
    let unsent =
        move || outgoing.mark(id).map(|mark| view! { <Badge tone=Tone::Warning>{mark.label()}</Badge> });
    let age = move || patient.born.age_on(clock::now_and_on().day());
    view! {
        <li>
            <a class=class href=place.path()>
                <div>
                    <span class="patient-kana">{patient.kana}</span>
                    <span class="patient-name">{patient.name} " さん"</span>
                    <span class="patient-facts">
                        <span>{age} "歳"</span>
                        <span>{patient.care_level.label()}</span>
                        <span>{patient.area}</span>
                    </span>
                </div>
                <div class="patient-last">
                    {match last {
                        Some(last) => {
                            view! {
                                <span>"最新: " <TimeText at=last.at /> "・" {last.kind.label()}</span>
                                <span>{last.profession.label()} " " {last.author}</span>
                            }
                                .into_any()
                        }
                        None if closed => view! { <span>"連絡帳は閉じています"</span> }.into_any(),
                        None => view! { <span>"まだ連絡はありません"</span> }.into_any(),
                    }}
                </div>
                <div class="patient-marks">
                    {unsent}
                    {closed.then(|| view! { <Badge tone=tone(consent)>{consent.label()}</Badge> })}
                    {urgent
                        .then(|| view! { <Badge tone=Tone::Alarm><Icon shape=Shape::Urgent />"緊急"</Badge> })}
                    {addressed.then(|| view! { <Badge tone=Tone::Warning>"あなた宛て"</Badge> })}
                    {(unread > 0).then(|| view! { <Badge tone=Tone::New>"未読 " {unread} "件"</Badge> })}
                </div>
            </a>
        </li>
    }
}

/// Cards under each other. A card is made anew only when something on it changes: the others keep the keyboard's focus.
#[component]
pub fn PatientCards(
    /// Whose, in this order.
    #[prop(into)]
    rows: Signal<Vec<PatientRow>>,
) -> impl IntoView {
    view! {
        <ul class="patients">
            <For each=move || rows.get() key=PatientRow::clone let(row)>
                <PatientItem row=row />
            </For>
        </ul>
    }
}
