//! Around a patient: registering, consent, the care team, invitations.

mod answer;
mod consent;
mod details;
mod document;
mod invitations;
mod invite;
mod people;
mod record;
mod register;
mod team;
mod withdraw;

pub use consent::{ConsentPage, tone};
pub use invitations::{Invitations, InvitedCard};
pub use register::{EditPage, Register};
pub use team::TeamPage;

use crate::{
    components::{LinkButton, PageHeading},
    load::{Load, load},
    route::Place,
    session,
};
use leptos::prelude::*;
use shared::{
    api::{Empty, book::ReadTeam},
    authority::{Action, Relation},
    book::{Circle, ConsentState},
    id::PatientId,
};

/// The circle of a patient, from the server.
fn circle_of(patient: PatientId) -> Load<Circle> {
    load::<ReadTeam>(move || (patient, Empty {}))
}

/// Whether the person may do something around this patient, as the server will decide.
fn may(action: Action, circle: &Circle) -> bool {
    let me = session::use_me().actor.account;
    let mut relations = vec![Relation::CareTeam];
    if circle.members.iter().any(|member| member.account == me && member.key_worker) {
        relations.push(Relation::KeyWorker);
    }
    if circle.patient.consent() == ConsentState::Given {
        relations.push(Relation::Consented);
    }
    session::may(action, &relations).is_ok()
}

/// The links between the pages of one patient.
#[component]
pub fn Around(
    /// Whose.
    patient: PatientId,
    /// The page one is on: no link to itself.
    here: Place,
) -> impl IntoView {
    let places = [
        (Place::Thread(patient), "連絡帳"),
        (Place::Team(patient), "支援チーム"),
        (Place::Access(patient), "開いた人の記録"),
        (Place::Consent(patient), "同意"),
    ];
    let links = places.into_iter().filter(|(place, _)| *place != here).map(|(place, words)| {
        view! { <LinkButton href=place.path()>{words}</LinkButton> }
    });
    view! { <nav class="actions no-print" aria-label="この患者のページ">{links.collect_view()}</nav> }
}

/// The face of a closed page: why it is closed, and where to go. Also for a page that closed while it was read.
#[component]
pub fn ClosedPage(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    view! {
        <div class="page">
            <PageHeading title=Signal::stored(String::from("患者の連絡帳")) />
            <p>"患者（ご本人）の同意が記録されていないか撤回されているため、連絡帳は閉じています。"</p>
            <p>"書きかけの連絡はこの端末に残っています。同意が記録されると、また開けます。"</p>
            <Around patient=patient here=Place::Thread(patient) />
        </div>
    }
}
