//! Rows of the team's page, and the dialog that ends something with a reason.

use crate::{
    components::{Badge, Button, ButtonKind, Dialog, TextField, TimeText, Tone},
    route::Place,
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use shared::{
    api::book as api,
    book::{EndWithReason, Invitation, InvitationState, JoinedBy, Membership},
    id::{AccountId, InvitationId, PatientId},
    text::{REASON_MAX, required},
};

/// What is to be ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// My own membership.
    Leave,
    /// Somebody else's, by name.
    Remove(AccountId, String),
    /// An invitation of a facility, by name.
    Cancel(InvitationId, String),
}

/// Somebody who has access.
#[component]
pub fn Member(
    member: Membership,
    mine: bool,
    end: Option<Ending>,
    ending: RwSignal<Option<Ending>>,
) -> impl IntoView {
    let words = if mine { "抜ける" } else { "外す" };
    let name = member.name.clone();
    view! {
        <li class="record">
            <p>
                <strong>{member.name.clone()} {mine.then_some("（自分）")}</strong> " " {member.profession.label()} "・"
                {member.facility_name.clone()} " " {member.key_worker.then(|| view! { <Badge tone=Tone::Neutral>"世話役"</Badge> })}
            </p>
            <Why member=member />
            {end.map(|end| view! {
                <Button kind=ButtonKind::Plain on_press=move |()| ending.set(Some(end.clone()))>
                    {words} <span class="visually-hidden">"（"{name.clone()}"）"</span>
                </Button>
            })}
        </li>
    }
}

/// Since when and why.
#[component]
fn Why(member: Membership) -> impl IntoView {
    match member.joined {
        None => view! { <p class="hint">"記録を始める前から参加"</p> }.into_any(),
        Some(joined) => {
            let by = (joined.how == JoinedBy::Invited && joined.by != member.account)
                .then(|| format!("（選んだ人: {}）", joined.by_name));
            view! {
                <p class="hint"><TimeText at=joined.at /> "から・" {joined.how.label()} {by}</p>
                {(!joined.reason.is_empty()).then(|| view! { <p class="typed">"理由: " {joined.reason}</p> })}
            }
            .into_any()
        }
    }
}

/// Somebody who had access.
#[component]
pub fn Former(member: Membership) -> impl IntoView {
    let left = member.left.clone();
    view! {
        <li class="record">
            <p><strong>{member.name.clone()}</strong> " " {member.profession.label()} "・" {member.facility_name.clone()}</p>
            <Why member=member />
            {left.map(|left| view! {
                <p class="hint"><TimeText at=left.at /> "まで（" {left.by_name} "が記録）"</p>
                <p class="typed">"理由: " {left.reason}</p>
            })}
        </li>
    }
}

/// An invitation.
#[component]
pub fn Asked(invitation: Invitation, end: Option<Ending>, ending: RwSignal<Option<Ending>>) -> impl IntoView {
    let tone = match invitation.state {
        InvitationState::Open => Tone::Warning,
        InvitationState::Accepted => Tone::Good,
        InvitationState::Declined | InvitationState::Cancelled => Tone::Neutral,
    };
    let name = invitation.facility_name.clone();
    view! {
        <li class="record">
            <p><strong>{invitation.facility_name}</strong> " " <Badge tone=tone>{invitation.state.label()}</Badge></p>
            <p class="hint"><TimeText at=invitation.at /> " " {invitation.by_name} "（" {invitation.by_facility_name} "）が招待"</p>
            <p class="typed">"理由: " {invitation.reason}</p>
            {invitation.answered_at.map(|at| view! {
                <p class="hint"><TimeText at=at /> " " {invitation.answered_by_name} " " {invitation.answer}</p>
            })}
            {end.map(|end| view! {
                <Button kind=ButtonKind::Plain on_press=move |()| ending.set(Some(end.clone()))>
                    "招待を取りやめる" <span class="visually-hidden">"（"{name.clone()}"）"</span>
                </Button>
            })}
        </li>
    }
}

/// Asks for the reason and ends it.
#[component]
pub fn EndDialog(patient: PatientId, ending: RwSignal<Option<Ending>>, done: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    whenever(move || open.set(ending.with(Option::is_some)));
    whenever(move || {
        // Only a change is told on: the two would call each other for ever.
        if !open.get() && ending.with_untracked(Option::is_some) {
            ending.set(None);
        }
    });
    view! {
        <Dialog title="理由を記録する" open=open>
            {move || ending.get_untracked().map(|what| view! { <EndForm patient=patient what=what done=done /> })}
        </Dialog>
    }
}

#[component]
fn EndForm(patient: PatientId, what: Ending, done: Callback<()>) -> impl IntoView {
    let (form, reason) = (Submission::new(), RwSignal::new(String::new()));
    let (sentence, words) = match &what {
        Ending::Leave => ("支援チームから抜けると、この連絡帳をすぐに開けなくなります。", "抜ける"),
        Ending::Remove(..) => {
            ("外した人は、この連絡帳をすぐに開けなくなります。書いた連絡は残ります。", "外す")
        }
        Ending::Cancel(..) => {
            ("取りやめると、招待先の施設からこの患者の名前が見えなくなります。", "招待を取りやめる")
        }
    };
    let who = match &what {
        Ending::Leave => None,
        Ending::Remove(_, name) => Some(format!("{name}さん")),
        Ending::Cancel(_, name) => Some(name.clone()),
    };
    let navigate = use_navigate();
    let press = Callback::new(move |()| {
        let reason = match required("reason", "理由", &reason.get_untracked(), REASON_MAX) {
            Ok(reason) => reason,
            Err(error) => return form.refuse(vec![error]),
        };
        let request = EndWithReason { command: form.command(&reason), reason };
        match what {
            Ending::Leave => {
                let navigate = navigate.clone();
                form.send::<api::LeaveTeam>(patient, request, move |_| {
                    navigate(&Place::Patients.path(), Default::default());
                });
            }
            Ending::Remove(account, _) => {
                form.send::<api::RemoveFromTeam>((patient, account), request, move |_| done.run(()));
            }
            Ending::Cancel(id, _) => {
                form.send::<api::CancelInvitation>((patient, id), request, move |_| done.run(()));
            }
        }
    });
    view! {
        <div class="stack">
            {who.map(|who| view! { <p><strong>{who}</strong></p> })}
            <p>{sentence}</p>
            <TextField
                label="理由"
                value=reason
                lines=2
                required=true
                hint=format!("{REASON_MAX}文字まで。記録として残ります。")
                error=form.wrong("reason")
            />
            <SendFailure sending=form what="できませんでした。" />
            <div class="actions">
                <Button kind=ButtonKind::Danger busy=form.busy on_press=press>{words}</Button>
            </div>
        </div>
    }
}
