//! Nothing here for this person: the same words whether the thing exists or not.

use crate::{
    components::{ButtonKind, LinkButton, PageHeading},
    route::Place,
    session::use_me,
};
use leptos::prelude::*;

/// The page for addresses that lead nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    let home = Place::home_of(&use_me().actor.roles).path();
    view! {
        <div class="page">
            <PageHeading title="ページが見つかりません" />
            <p>"アドレスが変わったか、表示できる範囲にないページです。"</p>
            <p>"リンクから来た場合は、送った人に確かめてください。"</p>
            <LinkButton href=home kind=ButtonKind::Primary>"ホームへ戻る"</LinkButton>
        </div>
    }
}
