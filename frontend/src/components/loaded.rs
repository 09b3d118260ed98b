//! What is loaded, in its four faces. What was shown stays while it is loaded anew, and when that fails.

use super::{Failed, Skeleton, Stale};
use crate::{client::Failure, load::Load};
use leptos::prelude::*;

/// The faces around what is shown: loading, failed, not the newest.
#[component]
pub fn Faces<T: 'static>(
    /// What is loaded.
    load: Load<T>,
    /// What was wanted, as in 「患者一覧を読み込めませんでした。」.
    what: &'static str,
    /// How many lines or cards of it there may be.
    #[prop(default = 4)]
    rows: usize,
) -> impl IntoView {
    let shown = Signal::derive(move || load.shown.with(Option::is_some));
    faces(shown, load.failure, load.busy, Callback::new(move |()| load.again()), what, rows)
}

/// [`Faces`], and below them what was loaded, drawn by the children.
#[component]
pub fn Loaded<T, F, V>(
    /// What is loaded.
    load: Load<T>,
    /// What was wanted, as in 「患者一覧を読み込めませんでした。」.
    what: &'static str,
    /// How many lines or cards of it there may be.
    #[prop(default = 4)]
    rows: usize,
    /// Draws it.
    children: F,
) -> impl IntoView
where
    T: Clone + 'static,
    F: Fn(T) -> V + Send + 'static,
    V: IntoView + 'static,
{
    view! {
        <Faces load=load what=what rows=rows />
        {move || load.shown.get().map(|shown| children(shown).into_any())}
    }
}

fn faces(
    shown: Signal<bool>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    again: Callback<()>,
    what: &'static str,
    rows: usize,
) -> impl IntoView {
    move || match (shown.get(), failure.get()) {
        (false, Some(why)) => view! { <Failed what=what failure=why again=again busy=busy /> }.into_any(),
        (false, None) => view! { <Skeleton rows=rows /> }.into_any(),
        (true, Some(why)) => view! { <Stale failure=why again=again /> }.into_any(),
        (true, None) => ().into_any(),
    }
}
