//! ホーム「私を待っているもの」: for each role what waits for it.

use super::{
    book::{Waiting, circle::InvitedCard},
    evidence::{BackupState, LateReviews},
    procedure::WaitingCases,
};
use crate::{
    components::{LinkButton, Notice, NoticeKind, PageHeading},
    route::Place,
    session::{may_ever, use_me},
};
use leptos::prelude::*;
use shared::authority::Action;

/// What waits for me.
#[component]
pub fn Home() -> impl IntoView {
    let (book, backups) = (may_ever(Action::ListPatients), may_ever(Action::ListBackups));
    let cases = may_ever(Action::ListCases);
    let invited = may_ever(Action::ListInvitations);
    let name = use_me().actor.name;
    view! {
        <div class="page">
            <PageHeading title="ホーム" lead=format!("{name}さんを待っているもの") />
            // Whoever cares for patients reads of them first.
            {book.then(|| view! { <Waiting /> })}
            {invited.then(|| view! { <InvitedCard /> })}
            {cases.then(|| view! { <WaitingCases /> })}
            <LateReviews />
            {backups.then(|| view! { <BackupState /> })}
            {(!book && !invited && !backups && !cases)
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Info>
                            <p>"あなたの役割を待っているものは、今はありません。"</p>
                            <LinkButton href=Place::Authority.path()>"できることを見る（権限表）"</LinkButton>
                        </Notice>
                    }
                })}
        </div>
    }
}
