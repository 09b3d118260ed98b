//! 管理体制 (Art. 3): who is appointed as what, today, later and before.

use crate::{
    clock,
    components::{Badge, DayText, Empty as Nobody, LinkButton, Loaded, PageHeading, Tone},
    load::load,
    route::Place,
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        procedure::{Post, ReadStructure},
    },
    calendar::Day,
    people::Role,
    procedure::{APPOINTABLE, Procedure, State, can_ask},
};

/// The page.
#[component]
pub fn Structure() -> impl IntoView {
    let read = load::<ReadStructure>(|| ((), Empty {}));
    let may = can_ask(Procedure::Appointment, &use_me().actor).online;
    view! {
        <div class="page">
            <PageHeading
                title="管理体制"
                lead="運用管理責任者と、その下のシステム管理者・システム運用者・鍵管理者（第3条）"
            />
            {may
                .then(|| {
                    view! {
                        <div class="actions">
                            <LinkButton href=Place::Ask(Procedure::Appointment, None).path()>
                                "任命・解任を届け出る"
                            </LinkButton>
                        </div>
                    }
                })}
            <Loaded load=read what="管理体制を読み込めませんでした。" let:shown>
                {APPOINTABLE.iter().map(|role| view! { <Posts role=*role all=shown.posts.clone() /> }).collect_view()}
            </Loaded>
        </div>
    }
}

/// Where an appointment stands on a day: words, tone, place in the list.
fn standing(post: &Post, today: Day) -> (&'static str, Tone, u8) {
    if post.appointed.holds_on(today) {
        ("現職", Tone::Good, 0)
    } else if post.appointed.from > today {
        ("これから", Tone::New, 1)
    } else {
        ("終了", Tone::Neutral, 2)
    }
}

#[component]
fn Posts(role: Role, all: Vec<Post>) -> impl IntoView {
    let today = clock::now().day();
    let mut posts: Vec<Post> = all.into_iter().filter(|post| post.appointed.role == role).collect();
    posts.sort_by_key(|post| (standing(post, today).2, std::cmp::Reverse(post.appointed.from)));
    let vacant = !posts.iter().any(|post| post.appointed.holds_on(today));
    let rows = posts.into_iter().map(move |post| {
        let (words, tone, _) = standing(&post, today);
        let link = post.filing.map(|(id, number, state)| {
            let waits = (state != State::Done).then_some("（市の受領待ち）");
            view! { <a href=Place::Case(id).path()>"届出 " {number} {waits}</a> }
        });
        view! {
            <li>
                <span class="settings-what">
                    <strong>{post.name}</strong>
                    <span class="hint">{post.facility_name}</span>
                    <span>
                        <DayText day=post.appointed.from /> " から "
                        {match post.appointed.to {
                            Some(last) => view! { <DayText day=last /> " まで" }.into_any(),
                            None => "（終わりは決まっていません）".into_any(),
                        }}
                    </span>
                </span>
                <span class="patient-marks">
                    <Badge tone=tone>{words}</Badge>
                    {link}
                </span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="stack">
            <h2>{role.label()}</h2>
            {vacant.then(|| view! { <Nobody words="今日、この役割の人はいません" /> })}
            <ul class="settings-list">{rows}</ul>
        </section>
    }
}
