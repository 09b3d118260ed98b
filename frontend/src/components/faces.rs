//! The faces of a view before there is something to show, and when there is nothing.

use super::{Button, ButtonKind, Icon, Shape};
use crate::client::Failure;
use leptos::prelude::*;

/// Loading: grey lines of about the size of what comes, so that nothing jumps.
#[component]
pub fn Skeleton(
    /// How many lines or cards.
    #[prop(default = 4)]
    rows: usize,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">"読み込んでいます"</span>
            {(0..rows).map(|_| view! { <div class="skeleton-row" aria-hidden="true"></div> }).collect_view()}
        </div>
    }
}

/// Empty: says that there is nothing, and means it.
#[component]
pub fn Empty(
    /// That there is nothing.
    #[prop(into)]
    words: String,
    /// What that means, or what to do.
    #[prop(optional, into)]
    more: String,
    /// Drawn above.
    #[prop(default = Shape::Check)]
    icon: Shape,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon shape=icon />
            <p class="empty-words">{words}</p>
            <p>{more}</p>
        </div>
    }
}

/// Failed: what happened, what is kept, and a way to try again.
#[component]
pub fn Failed(
    /// What was wanted, as in 「患者一覧を読み込めませんでした」.
    #[prop(into)]
    what: String,
    /// What went wrong.
    failure: Failure,
    /// Tries again.
    #[prop(into)]
    again: Callback<()>,
    /// While trying.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let (words, number) = failure.into_words();
    view! {
        <div class="failed" role="alert">
            <Icon shape=Shape::Alert />
            <div>
                <p class="failed-what">{what}</p>
                <p>{words}</p>
                {number.map(|n| view! { <p class="hint">"お問い合わせ番号: " <code>{n}</code></p> })}
                <Button kind=ButtonKind::Secondary icon=Shape::Reload busy=busy on_press=again>"もう一度読み込む"</Button>
            </div>
        </div>
    }
}

/// What is shown is not the newest: the last try failed.
#[component]
pub fn Stale(
    /// Why.
    failure: Failure,
    /// Tries again.
    #[prop(into)]
    again: Callback<()>,
) -> impl IntoView {
    let (words, _) = failure.into_words();
    view! {
        <div class="notice notice-warning" role="status">
            <Icon shape=Shape::Alert />
            <div class="notice-body">
                <p>"表示しているのは前回読み込んだ内容です。" {words}</p>
                <Button icon=Shape::Reload on_press=again>"もう一度読み込む"</Button>
            </div>
        </div>
    }
}
