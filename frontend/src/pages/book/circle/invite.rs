//! 施設を招待する: a facility, not a person; its manager chooses who joins.

use crate::{
    components::{Button, ButtonKind, Failed, Select, Skeleton, TextField},
    load::load,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        book::{self as api, ListFacilities},
        error::FieldError,
    },
    book::NewInvitation,
    id::{FacilityId, PatientId},
    text::{REASON_MAX, required},
};

/// The form within the dialog.
#[component]
pub fn InviteForm(
    /// Into whose team.
    patient: PatientId,
    /// After the facility is invited.
    done: Callback<()>,
) -> impl IntoView {
    let list = load::<ListFacilities>(|| ((), Empty {}));
    let again = move || list.again();
    let (form, facility, reason) =
        (Submission::new(), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let mut missing = Vec::new();
        let chosen = facility.get_untracked().parse::<FacilityId>();
        if chosen.is_err() {
            missing.push(FieldError::new("facility", "施設を選んでください。"));
        }
        let why = required("reason", "招待の理由", &reason.get_untracked(), REASON_MAX);
        if let Err(error) = &why {
            missing.push(error.clone());
        }
        let (Ok(facility), Ok(reason)) = (chosen, why) else { return form.refuse(missing) };
        let request = NewInvitation { command: form.command(&(facility, &reason)), facility, reason };
        form.send::<api::InviteFacility>(patient, request, move |_| done.run(()));
    };
    let choice = move || {
        list.shown.get().map(|list| {
            let words = |facility: shared::people::Facility| {
                (facility.id.to_string(), format!("{}（{}）", facility.name, facility.kind.label()))
            };
            let options = list.facilities.into_iter().map(words).collect::<Vec<_>>();
            view! { <Select label="施設" options=options value=facility required=true error=form.wrong("facility") /> }
        })
    };
    view! {
        <form class="stack" on:submit=send novalidate>
            <p>"招待した施設の施設管理者が、参加する人を選びます。施設管理者には、患者の名前と地区、招待の理由が見えます。"</p>
            {move || match (list.shown.with(Option::is_some), list.failure.get()) {
                (false, Some(why)) => {
                    view! { <Failed what="施設の一覧を読み込めませんでした。" failure=why again=again busy=list.busy /> }.into_any()
                }
                (false, None) => view! { <Skeleton rows=1 /> }.into_any(),
                (true, _) => ().into_any(),
            }}
            {choice}
            <TextField
                label="招待の理由"
                value=reason
                lines=2
                required=true
                hint="なぜこの施設の人が連絡帳を読む必要があるか。相手の施設と支援チームに表示されます。"
                error=form.wrong("reason")
            />
            <SendFailure sending=form what="招待できませんでした。" />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>"招待する"</Button>
            </div>
        </form>
    }
}
