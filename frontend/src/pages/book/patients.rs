//! 患者一覧: my patients, unread first, found by name or reading.

use super::{PatientCards, find};
use crate::{
    components::{Empty, Faces, Field, FieldIds, LinkButton, PageHeading, Shape},
    load::{load, refresh},
    route::Place,
    session,
};
use leptos::{ev, prelude::*};
use shared::{
    api::{Empty as Nothing, book::ListPatients},
    authority::Action,
    book::PatientRow,
};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// How often the list looks for something new.
const EVERY: Duration = Duration::from_secs(60);

/// The list.
#[component]
pub fn Patients() -> impl IntoView {
    let list = load::<ListPatients>(|| ((), Nothing {}));
    refresh(EVERY, move || list.again());
    let wanted = RwSignal::new(String::new());
    let meant = Memo::new(move |_| {
        list.shown.with(|shown| {
            shown.as_ref().map(|patients| {
                let meant = |row: &&PatientRow| wanted.with(|wanted| find::is_meant(&row.patient, wanted));
                patients.rows.iter().filter(meant).cloned().collect::<Vec<_>>()
            })
        })
    });
    let cards = Signal::derive(move || meant.get().unwrap_or_default());
    let any = move || meant.with(|rows| rows.as_ref().is_some_and(|rows| !rows.is_empty()));
    let none = move || {
        let none = meant.with(|rows| rows.as_ref().is_some_and(Vec::is_empty));
        none.then(|| {
            let (words, more) = if wanted.with(String::is_empty) {
                (
                    "担当する患者はまだいません",
                    "患者の支援チームに加わると、ここに表示されます。心当たりがあるときは、施設管理者に確かめてください。",
                )
            } else {
                ("見つかりません", "名前かよみがなを、ひらがなで短く入れてみてください。")
            };
            view! { <Empty words=words more=more icon=Shape::People /> }
        })
    };
    view! {
        <div class="page">
            <PageHeading title="患者一覧" lead="あなたが支援チームに入っている患者（ご本人）です。未読のある順に並びます。" />
            <Search wanted=wanted />
            {session::may_ever(Action::RegisterPatient)
                .then(|| {
                    view! {
                        <div class="actions no-print">
                            <LinkButton href=Place::Register.path()>"患者を登録"</LinkButton>
                        </div>
                    }
                })}
            <p role="status">{move || how_many(list.shown.with(|s| s.as_ref().map(|p| p.rows.len())), meant.with(|m| m.as_ref().map(Vec::len)))}</p>
            <Faces load=list what="患者一覧を読み込めませんでした。" rows=6 />
            {none}
            <Show when=any><PatientCards rows=cards /></Show>
        </div>
    }
}

/// 「12人」「12人のうち3人」.
fn how_many(all: Option<usize>, meant: Option<usize>) -> String {
    match (all, meant) {
        (Some(all), Some(meant)) if all != meant => format!("{all}人のうち{meant}人"),
        (Some(all @ 1..), _) => format!("{all}人"),
        _ => String::new(),
    }
}

#[component]
fn Search(wanted: RwSignal<String>) -> impl IntoView {
    let search = move |event: ev::Event| {
        let composing = event.dyn_ref::<web_sys::InputEvent>().is_some_and(web_sys::InputEvent::is_composing);
        wanted.set(find::typed_so_far(&event_target_value(&event), composing));
    };
    let control = move |ids: FieldIds| {
        view! {
            <input
                class="input"
                type="search"
                id=ids.input
                autocomplete="off"
                aria-describedby=ids.described_by
                on:input=search
                on:compositionend=move |event| wanted.set(find::typed_so_far(&event_target_value(&event), false))
            />
        }
        .into_any()
    };
    view! {
        <div class="search no-print">
            <Field label="名前・よみがなで探す" hint="1文字から探せます（例: や）" control=control />
        </div>
    }
}
