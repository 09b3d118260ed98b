//! The person's own corner: who is signed in, the size of the text, the way out.

use super::lock;
use crate::{
    components::{Button, ButtonKind, Dialog, LinkButton, RadioGroup, Shape},
    route::Place,
    session::{self, use_me},
    submission::{SendFailure, Submission},
    text_size,
};
use leptos::{prelude::*, task::spawn_local};

/// The dialog behind the person's name.
#[component]
pub fn AccountDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Dialog title="サインイン中の人と表示" open=open>
            <Corner open=open />
        </Dialog>
    }
}

#[component]
fn Corner(open: RwSignal<bool>) -> impl IntoView {
    let actor = use_me().actor;
    // What a phone's bar has no room for.
    let mine = Place::menu(&actor.roles);
    let more = mine.into_iter().skip(Place::ON_PHONE).filter(|place| *place != Place::Authority);
    let more =
        more.map(|place| view! { <LinkButton href=place.path()>{place.label()}</LinkButton> }).collect_view();
    let size = RwSignal::new(text_size::current().to_string());
    Effect::new(move |before: Option<()>| {
        let chosen = size.get();
        // Opening the dialog changes nothing.
        if before.is_some()
            && let Ok(percent) = chosen.parse()
        {
            text_size::set(percent);
        }
    });
    let sizes = text_size::SIZES.iter().map(|s| (s.to_string(), format!("{s}%"))).collect();
    view! {
        <div class="stack">
            <dl class="facts">
                <dt>"氏名"</dt>
                <dd>{actor.name} "（" {actor.profession.label()} "）"</dd>
                <dt>"施設"</dt>
                <dd>{actor.facility_name}</dd>
                <dt>"役割"</dt>
                <dd>{super::roles_in_words()}</dd>
            </dl>
            <div class="actions">
                <LinkButton href=Place::Mine.path()>"私の設定"</LinkButton>
                {more}
                <LinkButton href=Place::Authority.path()>"権限表"</LinkButton>
                <Button icon=Shape::Lock on_press=move || { open.set(false); lock::lock_now(); }>"画面ロック"</Button>
            </div>
            <RadioGroup legend="文字の大きさ" options=sizes value=size inline=true />
            <SignOutButton />
        </div>
    }
}

/// Ends the session. If that fails the person must know: on a shared PC the next one would go on as them.
#[component]
pub fn SignOutButton() -> impl IntoView {
    let sending = Submission::new();
    let press = move || {
        if sending.begin() {
            spawn_local(async move { sending.end(session::sign_out().await.err()) });
        }
    };
    view! {
        <Button kind=ButtonKind::Secondary icon=Shape::Leave busy=sending.busy on_press=press>"サインアウト"</Button>
        <SendFailure sending=sending what="まだサインアウトできていません。" />
    }
}
