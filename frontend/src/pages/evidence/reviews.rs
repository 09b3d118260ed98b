//! 月次点検: which months of the audit log somebody reviewed and signed for.

use crate::{
    components::{Badge, LinkButton, Loaded, TimeText, Tone},
    load::load,
    route::Place,
    session::use_me,
};
use leptos::prelude::*;
use shared::{
    api::{
        Empty,
        audit::{ListReviews, MonthReview},
    },
    people::Role,
    procedure::{Procedure, can_ask, month_of},
};

/// The list, with the way to the next review for whoever signs.
#[component]
pub fn Reviews() -> impl IntoView {
    let list = load::<ListReviews>(|| ((), Empty {}));
    let signs = can_ask(Procedure::AuditReview, &use_me().actor).online;
    view! {
        <section class="stack">
            <h2>"月次点検"</h2>
            <p>"運用管理責任者が、ひと月ごとに記録を点検して署名します。翌月10日を過ぎると「期限超過」になります。"</p>
            <Loaded load=list what="月次点検の一覧を読み込めませんでした。" rows=2 let:shown>
                {if shown.months.is_empty() {
                    view! { <p>"終わった月の記録は、まだありません。"</p> }.into_any()
                } else {
                    let months = shown.months.into_iter().map(|month| view! { <Month month=month /> });
                    view! { <ul class="settings-list">{months.collect_view()}</ul> }.into_any()
                }}
            </Loaded>
            {signs
                .then(|| {
                    view! {
                        <div class="actions">
                            <LinkButton href=Place::Ask(Procedure::AuditReview, None).path()>
                                "点検して署名する"
                            </LinkButton>
                        </div>
                    }
                })}
        </section>
    }
}

#[component]
fn Month(month: MonthReview) -> impl IntoView {
    let name = month_of(&month.month).map_or(month.month, |first| {
        let (year, month, _) = first.ymd();
        format!("{year}年{month}月")
    });
    let (tone, words) = match (&month.review, month.overdue) {
        (Some(_), _) => (Tone::Good, "署名済み"),
        (None, true) => (Tone::Alarm, "期限超過"),
        (None, false) => (Tone::New, "点検待ち"),
    };
    view! {
        <li>
            <span class="settings-what">
                <strong>{name}</strong>
                {month
                    .review
                    .map(|review| {
                        view! {
                            <span class="hint">
                                {review.by_name} "　" <TimeText at=review.at /> "　" {review.entries} "件　封印 " {review.seal}
                            </span>
                            <span class="hint">"封印の値: " <code class="secret">{review.head}</code></span>
                            <a href=Place::Case(review.case).path()>{review.number}</a>
                        }
                    })}
            </span>
            <Badge tone=tone>{words}</Badge>
        </li>
    }
}

/// On the home page of whoever signs: months that are late.
#[component]
pub fn LateReviews() -> impl IntoView {
    let signs = use_me().actor.roles.contains(&Role::OperationsManager);
    signs.then(|| {
        let list = load::<ListReviews>(|| ((), Empty {}));
        move || {
            let late = list.shown.with(|shown| {
                shown.iter().flat_map(|shown| &shown.months).filter(|month| month.overdue).count()
            });
            (late > 0).then(|| {
                view! {
                    <section class="section">
                        <h2>"操作記録の月次点検"</h2>
                        <p><Badge tone=Tone::Alarm>"期限超過"</Badge> " " {late} "か月分の点検が済んでいません。"</p>
                        <LinkButton href=Place::Audit.path()>"操作記録を開く"</LinkButton>
                    </section>
                }
            })
        }
    })
}
