//! 同意: where it stands, what is on record, and for key workers the record and the withdrawal.

use super::{Around, circle_of, document::Recorded, may, record::RecordForm, withdraw::WithdrawForm};
use crate::{
    components::{
        Badge, Button, ButtonKind, DayText, Dialog, Empty, Faces, PageHeading, Shape, TimeText, Tone,
    },
    route::Place,
};
use leptos::prelude::*;
use shared::{
    authority::Action,
    book::{Circle, Consent, ConsentBy, ConsentState},
    id::PatientId,
};

/// How a state is marked in lists and heads.
pub const fn tone(state: ConsentState) -> Tone {
    match state {
        ConsentState::Missing => Tone::Warning,
        ConsentState::Given => Tone::Good,
        ConsentState::Withdrawn => Tone::Neutral,
    }
}

/// 「家族（長女）」.
pub fn by_whom(by: ConsentBy, relationship: &str) -> String {
    if relationship.is_empty() {
        by.label().to_owned()
    } else {
        format!("{}（{relationship}）", by.label())
    }
}

/// The page.
#[component]
pub fn ConsentPage(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    let circle = circle_of(patient);
    let again = Callback::new(move |()| circle.again());
    let title = Signal::derive(move || {
        circle
            .shown
            .with(|c| c.as_ref().map_or_else(|| "同意".into(), |c| format!("{}さんの同意", c.patient.name)))
    });
    view! {
        <div class="page">
            <PageHeading title=title lead="同意が記録されている間だけ、支援チームに連絡帳が開きます。" />
            <Faces load=circle what="同意の記録を読み込めませんでした。" rows=3 />
            {move || circle.shown.get().map(|circle| view! { <Shown circle=circle again=again /> })}
            <Around patient=patient here=Place::Consent(patient) />
        </div>
    }
}

#[component]
fn Shown(circle: Circle, again: Callback<()>) -> impl IntoView {
    let (patient, state) = (circle.patient.id, circle.patient.consent());
    let withdrawing = RwSignal::new(false);
    let records = may(Action::RecordConsent, &circle);
    let withdraws = may(Action::WithdrawConsent, &circle);
    let (number, given_on) =
        circle.consents.first().map_or((0, None), |newest| (newest.number, Some(newest.given_on)));
    let sentence = match state {
        ConsentState::Missing => "まだ同意が記録されていません。連絡帳は閉じています。",
        ConsentState::Given => "同意が記録されています。連絡帳は支援チームに開いています。",
        ConsentState::Withdrawn => {
            "同意は撤回されました。連絡帳は閉じています。書かれた内容は消えず、だれにも表示されません。"
        }
    };
    let done = Callback::new(move |()| {
        withdrawing.set(false);
        again.run(());
    });
    view! {
        <p role="status"><Badge tone=tone(state)>{state.label()}</Badge> " " {sentence}</p>
        {(records && state != ConsentState::Given)
            .then(|| view! { <section class="section"><h2>"同意を記録する"</h2><RecordForm patient=patient done=again /></section> })}
        {(!records && state != ConsentState::Given)
            .then(|| view! { <p>"同意を記録できるのは、世話役（患者を登録した人、支援チームの介護支援専門員・看護師・保健師）です。"</p> })}
        <section class="section">
            <h2>"記録"</h2>
            {if circle.consents.is_empty() {
                let more = match given_on.or(circle.patient.consented_on) {
                    Some(_) => "この患者の同意は、以前の仕組みで記録されました。書面は登録した施設が保管しています。",
                    None => "",
                };
                view! { <Empty words="同意の記録はまだありません" more=more icon=Shape::Info /> }.into_any()
            } else {
                view! {
                    <ul class="records">
                        {circle.consents.into_iter().map(|consent| view! { <Entry patient=patient consent=consent /> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
        {withdraws
            .then(|| {
                view! {
                    <div class="actions">
                        <Button kind=ButtonKind::Danger on_press=move |()| withdrawing.set(true)>"同意の撤回を記録する"</Button>
                    </div>
                    <Dialog title="同意の撤回を記録する" open=withdrawing>
                        <WithdrawForm patient=patient number=number done=done />
                    </Dialog>
                }
            })}
    }
}

#[component]
fn Entry(patient: PatientId, consent: Consent) -> impl IntoView {
    let by = by_whom(consent.given_by, &consent.relationship);
    view! {
        <li class="record">
            <dl class="facts">
                <dt>"同意した日"</dt>
                <dd><DayText day=consent.given_on /></dd>
                <dt>"同意した人"</dt>
                <dd>{by}</dd>
                <dt>"書面"</dt>
                <dd>{consent.form.label()} <Recorded patient=patient file=consent.document /></dd>
                <dt>"記録"</dt>
                <dd><TimeText at=consent.recorded_at /> " " {consent.recorded_by_name}</dd>
                {consent
                    .withdrawal
                    .map(|withdrawal| {
                        view! {
                            <dt>"撤回"</dt>
                            <dd>
                                <DayText day=withdrawal.withdrawn_on /> " " {withdrawal.withdrawn_by.label()}
                                <p class="typed">{withdrawal.reason}</p>
                                {withdrawal.document.map(|file| view! { <Recorded patient=patient file=file /> })}
                                <p class="hint"><TimeText at=withdrawal.recorded_at /> " " {withdrawal.recorded_by_name} " が記録"</p>
                            </dd>
                        }
                    })}
            </dl>
        </li>
    }
}
