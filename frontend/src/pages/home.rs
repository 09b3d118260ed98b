//! ホーム「私を待っているもの」: for each role what waits for it. Each program has one, and a person begins in one of them
//! ([`Place::home_of`]).

use super::{
    book::{Waiting, circle::InvitedCard},
    evidence::{BackupState, LateReviews},
    procedure::WaitingCases,
};
use crate::{
    components::{LinkButton, PageHeading},
    route::Place,
    session::{may_ever, use_me},
};
use leptos::prelude::*;
use shared::authority::Action;

/// What waits for those who care for patients, and for those who answer for a facility.
#[component]
pub fn Home() -> impl IntoView {
    let book = may_ever(Action::ListPatients);
    let invited = may_ever(Action::ListInvitations);
    let offices = may_ever(Action::ListBackups);
    view! {
        <div class="page">
            <Heading />
            // Whoever cares for patients reads of them first.
            {book.then(|| view! { <Waiting /> })}
            {invited.then(|| view! { <InvitedCard /> })}
            <WaitingCases />
            {offices
                .then(|| view! { <LinkButton href=Place::Office.path()>"バックアップと点検の状態を見る"</LinkButton> })}
        </div>
    }
}

/// What waits for the city, the contractor and auditors.
#[component]
pub fn Office() -> impl IntoView {
    let backups = may_ever(Action::ListBackups);
    view! {
        <div class="page">
            <Heading />
            <WaitingCases />
            <LateReviews />
            {backups.then(|| view! { <BackupState /> })}
        </div>
    }
}

#[component]
fn Heading() -> impl IntoView {
    view! { <PageHeading title="ホーム" lead=format!("{}さんを待っているもの", use_me().actor.name) /> }
}
