//! 案件一覧: what waits for me first, and of that the overdue first.

use crate::{
    clock,
    components::{
        Badge, Button, DayText, Empty, LinkButton, Loaded, PageHeading, RadioGroup, TextField, TimeText, Tone,
    },
    load::{load, refresh},
    route::Place,
    session::use_me,
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::procedure::{CasesQuery, ListCases, Yearly},
    people::Role,
    procedure::{CaseRow, Channel, Procedure, State, USE_REMINDER_DAYS, Ways, can_ask, declaration},
};
use std::time::Duration;

/// How often the list looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The page.
#[component]
pub fn Cases() -> impl IntoView {
    let which = RwSignal::new("open".to_owned());
    let number = RwSignal::new(String::new());
    let wanted = RwSignal::new(None::<String>);
    let list = load::<ListCases>(move || {
        let closed = which.with(|which| which == "closed");
        ((), CasesQuery { closed, number: wanted.get() })
    });
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = number.with_untracked(|typed| as_number(typed));
        wanted.set(Some(typed).filter(|typed| !typed.is_empty()));
    };
    refresh(EVERY, move || list.again());
    let options =
        vec![("open".to_owned(), "進行中".to_owned()), ("closed".to_owned(), "終わったもの".to_owned())];
    let me = use_me().actor;
    let mine = |which: fn(Ways) -> bool| -> Vec<Procedure> {
        Procedure::ALL.iter().copied().filter(|one| which(can_ask(*one, &me))).collect()
    };
    let (online, papers) = (mine(|ways| ways.online), mine(|ways| ways.papers));
    view! {
        <div class="page">
            <PageHeading title="案件一覧" lead="依頼された手続きと、その進み具合" />
            <section class="stack">
                <h2>"案件"</h2>
                <div class="case-filter">
                    <RadioGroup legend="表示する案件" options=options value=which inline=true />
                    <form class="case-find" role="search" on:submit=find>
                        <TextField label="受付番号で探す" hint="例: A-2026-0012" value=number kind="search" />
                        <Button submit=true busy=list.busy>"探す"</Button>
                    </form>
                </div>
                <Loaded load=list what="案件一覧を読み込めませんでした。" let:shown>
                    <Rows rows=shown.rows />
                </Loaded>
            </section>
            <Begin heading="手続きを始める" mine=online />
            <Begin heading="電話・紙・FAXなどで届いたものを入力する" mine=papers />
        </div>
    }
}

/// What somebody types as a number, as numbers are written: 「ａ 2026 12」 is A-2026-0012.
fn as_number(typed: &str) -> String {
    let plain: String = typed
        .trim()
        .chars()
        .map(|c| match c {
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' => {
                char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c).to_ascii_uppercase()
            }
            'ー' | '－' | '‐' | '−' | ' ' | '　' => '-',
            other => other.to_ascii_uppercase(),
        })
        .collect();
    match plain.split('-').collect::<Vec<_>>()[..] {
        [letter, year, number] => match number.parse::<u32>() {
            Ok(number) => format!("{letter}-{year}-{number:04}"),
            Err(_) => plain,
        },
        _ => plain,
    }
}

/// What somebody can begin.
#[component]
fn Begin(heading: &'static str, mine: Vec<Procedure>) -> impl IntoView {
    let empty = mine.is_empty();
    let links = mine.into_iter().map(|procedure| {
        view! {
            <li>
                <LinkButton href=Place::Ask(procedure, None).path()>{procedure.label()}</LinkButton>
                <span class="hint">{declaration(procedure).purpose}</span>
            </li>
        }
    });
    let links = links.collect_view();
    (!empty).then(
        || view! { <section class="stack"><h2>{heading}</h2><ul class="ask-list">{links}</ul></section> },
    )
}

/// The cases that wait for a step of mine, on the home page.
#[component]
pub fn WaitingCases() -> impl IntoView {
    let list = load::<ListCases>(|| ((), CasesQuery::default()));
    // Data that somebody keeps beyond its time is the city's matter too.
    let city = use_me().actor.roles.contains(&Role::City);
    refresh(EVERY, move || list.again());
    view! {
        <section class="section">
            <h2>"手続き"</h2>
            <Loaded load=list what="案件を読み込めませんでした。" rows=2 let:shown>
                {
                    let concerns = |row: &CaseRow| row.waits_for_me || (city && kept_too_long(row));
                    let mine: Vec<CaseRow> = shown.rows.into_iter().filter(concerns).collect();
                    let waiting = if mine.is_empty() {
                        view! { <p>"あなたの操作を待っている案件はありません。"</p> }.into_any()
                    } else {
                        view! { <Rows rows=mine /> }.into_any()
                    };
                    view! {
                        {waiting}
                        {shown.yearly.into_iter().map(|yearly| view! { <TimeFor yearly=yearly /> }).collect_view()}
                    }
                }
            </Loaded>
            <LinkButton href=Place::Cases.path()>"案件一覧を開く"</LinkButton>
        </section>
    }
}

/// A yearly procedure that it is time for.
#[component]
fn TimeFor(yearly: Yearly) -> impl IntoView {
    let late = yearly.due().is_some_and(|due| due < clock::now().day());
    let when = yearly.due().map(|due| view! { "前回から1年になる " <DayText day=due /> " までに行います。" });
    view! {
        <div class="case-due">
            <p>
                <strong>{yearly.procedure.label()} "（年に1回）"</strong>
                {late.then(|| view! { <Badge tone=Tone::Alarm>"期限超過"</Badge> })}
            </p>
            <p class="hint">
                {match when {
                    Some(words) => words.into_any(),
                    None => "この1年に終わったものがありません。".into_any(),
                }}
            </p>
            <LinkButton href=Place::Ask(yearly.procedure, None).path()>{yearly.procedure.label()} "を始める"</LinkButton>
        </div>
    }
}

#[component]
fn Rows(rows: Vec<CaseRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Empty words="案件はありません" /> }.into_any();
    }
    let rows = rows.into_iter().map(|row| {
        let ends = ends_soon(&row);
        view! {
            <li>
                <a class="case-row" href=Place::Case(row.id).path()>
                    <span class="case-what">
                        <strong>{row.procedure.label()} "　" {row.about} {row.procedure.title_of_subject()}</strong>
                        <span class="hint">{row.number} "　" {row.facility_name}</span>
                    </span>
                    <span class="patient-marks">
                        {ends.map(|words| view! { <Badge tone=Tone::Warning>{words}</Badge> })}
                        {row.overdue.then(|| view! { <Badge tone=Tone::Alarm>"期限超過"</Badge> })}
                        {row.waits_for_me.then(|| view! { <Badge tone=Tone::New>"あなたの番"</Badge> })}
                        {(row.channel != Channel::Online)
                            .then(|| view! { <Badge tone=Tone::Neutral>{row.channel.label()}</Badge> })}
                        <Badge tone=Tone::Neutral>{row.state.label()}</Badge>
                    </span>
                    <span class="hint">
                        "依頼: " <TimeText at=row.asked_at />
                        {(!row.state.is_closed()).then(|| view! { "　期限: " <TimeText at=row.due_at /> })}
                    </span>
                </a>
            </li>
        }
    });
    view! { <ul class="case-list">{rows.collect_view()}</ul> }.into_any()
}

fn in_use(row: &CaseRow) -> bool {
    row.procedure == Procedure::DataUse && matches!(row.state, State::Produced | State::Provided)
}

fn kept_too_long(row: &CaseRow) -> bool {
    in_use(row) && row.overdue
}

/// Data in use whose time is nearly over: said beside the case before it is late.
fn ends_soon(row: &CaseRow) -> Option<String> {
    if !in_use(row) || row.overdue {
        return None;
    }
    let days = (row.due_at.seconds() - clock::now().seconds()).div_euclid(24 * 3600);
    (days <= USE_REMINDER_DAYS).then(|| {
        if days == 0 {
            "使用期間は今日まで".to_owned()
        } else {
            format!("使用期間 あと{days}日")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::as_number;

    #[test]
    fn numbers_as_people_type_them() {
        for typed in ["A-2026-0012", " a-2026-12 ", "Ａ－２０２６－１２", "a 2026 12"] {
            assert_eq!(as_number(typed), "A-2026-0012", "{typed}");
        }
        assert_eq!(as_number(""), "");
        assert_eq!(as_number("山田"), "山田");
    }
}
