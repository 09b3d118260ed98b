//! 患者を登録, and correcting what was registered. A second book for one person is noticed: among one's own patients
//! while typing, among all others by the server.

use super::{
    Around, circle_of,
    details::{DetailFields, Typed},
    may,
};
use crate::{
    components::{Button, ButtonKind, Failed, Notice, NoticeKind, PageHeading, Skeleton},
    load::load,
    route::Place,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;
use shared::{
    api::{
        Empty,
        book::{self as api, ListPatients},
        error::Code,
    },
    authority::Action,
    book::{Circle, NewPatient, PatientEdit, reading},
    calendar::Day,
    id::PatientId,
};

/// Registers a patient.
#[component]
pub fn Register() -> impl IntoView {
    let (typed, form, another) = (Typed::of(None), Submission::new(), RwSignal::new(false));
    let navigate = use_navigate();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let details = match typed.check() {
            Ok(details) => details,
            Err(errors) => return form.refuse(errors),
        };
        let another_person = another.get_untracked();
        let command = form.command(&(&details, another_person));
        let navigate = navigate.clone();
        form.send::<api::RegisterPatient>(
            (),
            NewPatient { command, details, another_person },
            move |patient| {
                navigate(&Place::Consent(patient.id).path(), Default::default());
            },
        );
    };
    view! {
        <div class="page">
            <PageHeading
                title=Signal::stored(String::from("患者を登録"))
                lead="登録の次に、同意の書面を記録します。同意が記録されるまで、連絡帳は開きません。"
            />
            <form class="stack circle-form" on:submit=send novalidate>
                <DetailFields typed=typed form=form />
                <Mine typed=typed />
                <AnotherPerson form=form another=another />
                <SendFailure sending=form what="登録できませんでした。" />
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy>"登録して同意の記録へ進む"</Button>
                </div>
            </form>
        </div>
    }
}

/// Somebody among my own patients who has what was typed.
#[component]
fn Mine(typed: Typed) -> impl IntoView {
    let list = load::<ListPatients>(|| ((), Empty {}));
    move || {
        let born = typed.born.get().parse::<Day>().ok()?;
        let wanted = reading(&typed.kana.get(), born);
        let found = list.shown.with(|shown| {
            let rows = &shown.as_ref()?.rows;
            let same =
                |row: &&shared::book::PatientRow| reading(&row.patient.kana, row.patient.born) == wanted;
            rows.iter().find(same).map(|row| row.patient.clone())
        })?;
        Some(view! {
            <Notice kind=NoticeKind::Warning>
                <p>"よみがなと生年月日が同じ患者を、すでに担当しています。"</p>
                <p><a href=Place::Team(found.id).path()>{found.name} " さん（" {found.area} "）"</a></p>
            </Notice>
        })
    }
}

/// Asked only after the server said that somebody is registered already.
#[component]
fn AnotherPerson(form: Submission, another: RwSignal<bool>) -> impl IntoView {
    let asked = Memo::new(move |before: Option<&bool>| {
        before.copied().unwrap_or(false) || form.failed_with(Code::DuplicatePatient)
    });
    move || {
        asked.get().then(|| {
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || another.get()
                        on:change=move |event| another.set(event_target_checked(&event))
                    />
                    <span>"ご本人・ご家族に確かめました。よみがなと生年月日が同じ別の方として登録します。"</span>
                </label>
            }
        })
    }
}

/// Corrects what was registered.
#[component]
pub fn EditPage(
    /// Of whom.
    patient: PatientId,
) -> impl IntoView {
    let circle = circle_of(patient);
    let again = move || circle.again();
    // Made once: a refresh must not take away what was typed.
    let first = Memo::new(move |before: Option<&Option<Circle>>| {
        before.cloned().flatten().or_else(|| circle.shown.get())
    });
    view! {
        <div class="page">
            <PageHeading title=Signal::stored(String::from("登録内容を直す")) />
            {move || match (first.get(), circle.failure.get()) {
                (Some(circle), _) if may(Action::EditPatient, &circle) => view! { <Edit circle=circle /> }.into_any(),
                (Some(_), _) => view! { <p>"登録内容を直せるのは、世話役（患者を登録した人、介護支援専門員、看護師、保健師）です。"</p> }.into_any(),
                (None, Some(why)) => {
                    view! { <Failed what="登録内容を読み込めませんでした。" failure=why again=again busy=circle.busy /> }.into_any()
                }
                (None, None) => view! { <Skeleton rows=4 /> }.into_any(),
            }}
            <Around patient=patient here=Place::Edit(patient) />
        </div>
    }
}

#[component]
fn Edit(circle: Circle) -> impl IntoView {
    let (id, version) = (circle.patient.id, circle.version);
    let (typed, form, another) = (Typed::of(Some(&circle.patient)), Submission::new(), RwSignal::new(false));
    let navigate = use_navigate();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let details = match typed.check() {
            Ok(details) => details,
            Err(errors) => return form.refuse(errors),
        };
        let another_person = another.get_untracked();
        let command = form.command(&(&details, another_person));
        let edit = PatientEdit { command, version, details, another_person };
        let navigate = navigate.clone();
        form.send::<api::EditPatient>(id, edit, move |_| {
            navigate(&Place::Team(id).path(), Default::default())
        });
    };
    view! {
        <form class="stack circle-form" on:submit=send novalidate>
            <DetailFields typed=typed form=form />
            <AnotherPerson form=form another=another />
            <SendFailure sending=form what="直せませんでした。" />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=form.busy>"この内容に直す"</Button>
            </div>
        </form>
    }
}
