//! What waits for a member: what they have not got out themselves, urgent notes, then what is addressed to them, then
//! everything unread.

use super::PatientCards;
use crate::{
    components::{Empty, Faces, LinkButton},
    load::{load, refresh},
    outgoing::use_outgoing,
    route::Place,
    words,
};
use leptos::prelude::*;
use shared::{
    api::{Empty as Nothing, book::ListPatients},
    book::PatientRow,
    id::PatientId,
};
use std::time::Duration;

/// How often it looks for something new.
const EVERY: Duration = Duration::from_secs(60);

/// The patients with something unread or unsent, each once, under the most pressing reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Pressing {
    unsent: Vec<PatientRow>,
    urgent: Vec<PatientRow>,
    addressed: Vec<PatientRow>,
    unread: Vec<PatientRow>,
}

impl Pressing {
    /// `unsent`: for whom a note has not gone out. Whoever has something unread, too, bears that mark there.
    fn of(rows: &[PatientRow], unsent: impl Fn(PatientId) -> bool) -> Self {
        let mut pressing = Self::default();
        for row in rows {
            match (row.unread, row.urgent, row.addressed) {
                (0, ..) if unsent(row.patient.id) => pressing.unsent.push(row.clone()),
                (0, ..) => {}
                (_, true, _) => pressing.urgent.push(row.clone()),
                (_, false, true) => pressing.addressed.push(row.clone()),
                (_, false, false) => pressing.unread.push(row.clone()),
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
    let loaded = move || list.shown.with(Option::is_some);
    let outgoing = use_outgoing();
    let unsent = move |patient| outgoing.mark(patient).is_some();
    let pressing = Memo::new(move |_| {
        list.shown.with(|shown| {
            shown.as_ref().map(|patients| Pressing::of(&patients.rows, unsent)).unwrap_or_default()
        })
    });
    let anybody = move || pressing.with(|pressing| pressing.patients() > 0);
    view! {
        <Faces load=list what="未読の連絡を読み込めませんでした。" />
        <Group title="送信できていない連絡" rows=rows_of(pressing, |pressing| &pressing.unsent) />
        <Show when=anybody><Groups pressing=pressing /></Show>
        <Show when=move || loaded() && !anybody()>
            <Empty words="ありません" more="あなたを待っている連絡はありません。すべて読み終えています。" />
        </Show>
        <Show when=loaded>
            <LinkButton href=Place::Patients.path()>"患者一覧を開く"</LinkButton>
        </Show>
    }
}

#[component]
fn Groups(pressing: Memo<Pressing>) -> impl IntoView {
    let sum = move || {
        pressing.with(|pressing| {
            let (notes, patients) = (words::count(pressing.notes()), pressing.patients());
            format!("未読 {notes}件（患者 {patients}人）")
        })
    };
    view! {
        <p role="status">{sum}</p>
        <Group title="緊急の連絡" rows=rows_of(pressing, |pressing| &pressing.urgent) />
        <Group title="あなた宛ての連絡" rows=rows_of(pressing, |pressing| &pressing.addressed) />
        <Group title="未読の連絡" rows=rows_of(pressing, |pressing| &pressing.unread) />
    }
}

fn rows_of(pressing: Memo<Pressing>, of: fn(&Pressing) -> &Vec<PatientRow>) -> Signal<Vec<PatientRow>> {
    Signal::derive(move || pressing.with(|pressing| of(pressing).clone()))
}

#[component]
fn Group(title: &'static str, rows: Signal<Vec<PatientRow>>) -> impl IntoView {
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <section class="section">
                <h2>{title} "（" {move || rows.with(Vec::len)} "人）"</h2>
                <PatientCards rows=rows />
            </section>
        </Show>
    }
}
