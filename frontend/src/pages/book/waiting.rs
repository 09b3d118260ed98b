//! What waits for a member: urgent notes, then what is addressed to them, then everything unread.

use super::PatientItem;
use crate::{
    components::{Empty, Faces, LinkButton},
    load::{load, refresh},
    route::Place,
    words,
};
use leptos::prelude::*;
use shared::{
    api::{Empty as Nothing, book::ListPatients},
    book::PatientRow,
};
use std::time::Duration;

/// How often it looks for something new.
const EVERY: Duration = Duration::from_secs(60);

/// The patients with something unread, each once, under the most pressing reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Pressing {
    urgent: Vec<PatientRow>,
    addressed: Vec<PatientRow>,
    unread: Vec<PatientRow>,
}

impl Pressing {
    fn of(rows: &[PatientRow]) -> Self {
        let mut pressing = Self::default();
        for row in rows.iter().filter(|row| row.unread > 0) {
            match (row.urgent, row.addressed) {
                (true, _) => pressing.urgent.push(row.clone()),
                (false, true) => pressing.addressed.push(row.clone()),
                (false, false) => pressing.unread.push(row.clone()),
            }
        }
        pressing
    }

    fn notes(&self) -> u64 {
        [&self.urgent, &self.addressed, &self.unread]
            .into_iter()
            .flatten()
            .map(|row| u64::from(row.unread))
            .sum()
    }

    const fn patients(&self) -> usize {
        self.urgent.len() + self.addressed.len() + self.unread.len()
    }
}

/// What waits.
#[component]
pub fn Waiting() -> impl IntoView {
    let list = load::<ListPatients>(|| ((), Nothing {}));
    refresh(EVERY, move || list.again());
    let pressing = Memo::new(move |_| {
        list.shown.with(|shown| shown.as_ref().map(|patients| Pressing::of(&patients.rows)))
    });
    view! {
        <Faces load=list what="未読の連絡を読み込めませんでした。" />
        {move || pressing.get().map(|pressing| view! { <Shown pressing=pressing /> })}
    }
}

#[component]
fn Shown(pressing: Pressing) -> impl IntoView {
    if pressing.patients() == 0 {
        return view! {
            <Empty words="ありません" more="あなたを待っている連絡はありません。すべて読み終えています。" />
            <LinkButton href=Place::Patients.path()>"患者一覧を開く"</LinkButton>
        }
        .into_any();
    }
    let sum = format!("未読 {}件（患者 {}人）", words::count(pressing.notes()), pressing.patients());
    view! {
        <p role="status">{sum}</p>
        <Group title="緊急の連絡" rows=pressing.urgent />
        <Group title="あなた宛ての連絡" rows=pressing.addressed />
        <Group title="未読の連絡" rows=pressing.unread />
        <LinkButton href=Place::Patients.path()>"患者一覧を開く"</LinkButton>
    }
    .into_any()
}

#[component]
fn Group(title: &'static str, rows: Vec<PatientRow>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{title} "（" {rows.len()} "人）"</h2>
                <ul class="patients">{rows.into_iter().map(|row| view! { <PatientItem row=row /> }).collect_view()}</ul>
            </section>
        }
    })
}
