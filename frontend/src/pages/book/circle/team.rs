//! 支援チーム: who has access, from which facility, since when and why; who had it; which facilities are asked.

use super::{
    Around, circle_of,
    invite::InviteForm,
    may,
    people::{Asked, EndDialog, Ending, Former, Member},
};
use crate::{
    components::{Button, Dialog, Faces, LinkButton, PageHeading},
    route::Place,
    session,
};
use leptos::prelude::*;
use shared::{
    authority::Action,
    book::{Circle, ConsentState, InvitationState, TEAM_MAX},
    id::PatientId,
};

/// The page.
#[component]
pub fn TeamPage(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let circle = circle_of(patient);
    let again = Callback::new(move |()| circle.again());
    let title = Signal::derive(move || {
        circle.shown.with(|c| {
            c.as_ref().map_or_else(|| "支援チーム".into(), |c| format!("{}さんの支援チーム", c.patient.name))
        })
    });
    view! {
        <div class="page">
            <PageHeading title=title lead="この患者（ご本人）の連絡帳を開ける人と、その理由です。" />
            <Faces load=circle what="支援チームを読み込めませんでした。" rows=5 />
            {move || circle.shown.get().map(|circle| view! { <Shown circle=circle again=again /> })}
            <Around patient=patient here=Place::Team(patient) />
        </div>
    }
}

#[component]
fn Shown(circle: Circle, again: Callback<()>) -> impl IntoView {
    let patient = circle.patient.id;
    let me = session::use_me().actor.account;
    let (removes, invites) = (may(Action::RemoveFromTeam, &circle), may(Action::InviteFacility, &circle));
    let (cancels, edits) = (may(Action::CancelInvitation, &circle), may(Action::EditPatient, &circle));
    let (inviting, ending) = (RwSignal::new(false), RwSignal::new(None::<Ending>));
    let open = circle.patient.consent() == ConsentState::Given;
    let count = format!("今の支援チーム（{}人・{TEAM_MAX}人まで）", circle.members.len());
    let done = Callback::new(move |()| {
        inviting.set(false);
        ending.set(None);
        again.run(());
    });
    let (waiting, answered): (Vec<_>, Vec<_>) =
        circle.invitations.into_iter().partition(|invitation| invitation.state == InvitationState::Open);
    let none = waiting.is_empty();
    view! {
        {(!open)
            .then(|| view! { <p role="status">"同意が記録されていないため、今は連絡帳を開ける人はいません。"</p> })}
        <section class="section">
            <h2>{count}</h2>
            <ul class="records">
                {circle
                    .members
                    .into_iter()
                    .map(|member| {
                        let mine = member.account == me;
                        let end = match (mine, removes) {
                            (true, _) => Some(Ending::Leave),
                            (false, true) => Some(Ending::Remove(member.account, member.name.clone())),
                            (false, false) => None,
                        };
                        view! { <Member member=member mine=mine end=end ending=ending /> }
                    })
                    .collect_view()}
            </ul>
        </section>
        <section class="section">
            <h2>"招待中の施設"</h2>
            {none.then(|| view! { <p>"回答を待っている招待はありません。"</p> })}
            <ul class="records">
                {waiting
                    .into_iter()
                    .map(|one| {
                        let end = cancels.then(|| Ending::Cancel(one.id, one.facility_name.clone()));
                        view! { <Asked invitation=one end=end ending=ending /> }
                    })
                    .collect_view()}
            </ul>
            {if invites {
                view! { <div class="actions"><Button on_press=move |()| inviting.set(true)>"施設を招待する"</Button></div> }.into_any()
            } else if open {
                view! { <p class="hint">"施設を招待できるのは、世話役（患者を登録した人、支援チームの介護支援専門員・看護師・保健師）です。"</p> }.into_any()
            } else {
                ().into_any()
            }}
        </section>
        {(!circle.former.is_empty())
            .then(|| {
                view! {
                    <section class="section">
                        <h2>"これまでの支援チーム"</h2>
                        <ul class="records">
                            {circle.former.into_iter().map(|member| view! { <Former member=member /> }).collect_view()}
                        </ul>
                    </section>
                }
            })}
        {(!answered.is_empty())
            .then(|| {
                view! {
                    <section class="section">
                        <h2>"これまでの招待"</h2>
                        <ul class="records">
                            {answered
                                .into_iter()
                                .map(|one| view! { <Asked invitation=one end=None ending=ending /> })
                                .collect_view()}
                        </ul>
                    </section>
                }
            })}
        {edits.then(|| view! { <LinkButton href=Place::Edit(patient).path()>"登録内容を直す"</LinkButton> })}
        <Dialog title="施設を招待する" open=inviting>
            <InviteForm patient=patient done=done />
        </Dialog>
        <EndDialog patient=patient ending=ending done=done />
    }
}
