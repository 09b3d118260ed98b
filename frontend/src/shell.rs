//! The frame around every page: top bar, the places of the person's roles, and what concerns every page: an ended
//! session, an outdated program, notes that have not gone out.

mod account;
pub mod halted;
pub mod lock;
mod outdated;
mod signed_out;
mod stops;
mod unsent;

use crate::{
    browser,
    components::{Button, ButtonKind, Icon, Shape},
    route::Place,
    session::use_me,
};
use account::AccountDialog;
pub use account::SignOutButton;
use leptos::{ev::MouseEvent, prelude::*};
use outdated::Outdated;
use signed_out::SignedOut;
use stops::StopBanner;
pub use unsent::UnsentLine;

/// The frame.
#[component]
pub fn Shell(
    /// Where the person is.
    place: Memo<Option<Place>>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let skip = |event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = document().get_element_by_id("main") {
            browser::focus(&main);
        }
    };
    view! {
        // The router takes links within the page for navigation and would leave the focus here.
        <a class="skip button" href="#main" on:click=skip>"本文へ移動"</a>
        <TopBar />
        <div class="frame">
            <nav class="rail" aria-label="メニュー"><Menu place=place most=usize::MAX /></nav>
            <div>
                <Outdated />
                <StopBanner />
                <UnsentLine />
                <main id="main" tabindex="-1">{children()}</main>
            </div>
        </div>
        <nav class="bottombar" aria-label="メニュー（画面の下）"><Menu place=place most=Place::ON_PHONE /></nav>
        <lock::Lock />
        <SignedOut />
    }
}

/// The places that the person's roles have.
#[component]
fn Menu(
    /// Where the person is.
    place: Memo<Option<Place>>,
    /// How many there is room for.
    most: usize,
) -> impl IntoView {
    let links = Place::menu(&use_me().actor.roles).into_iter().take(most).map(|entry| {
        let here = move || place.get().is_some_and(|place| place.in_menu() == entry).then_some("page");
        view! {
            <li>
                <a class="nav-link" href=entry.path() aria-current=here>
                    <Icon shape=shape(entry) />
                    <span>{entry.label()}</span>
                </a>
            </li>
        }
    });
    view! { <ul>{links.collect_view()}</ul> }
}

const fn shape(place: Place) -> Shape {
    match place {
        Place::Home | Place::Office => Shape::Home,
        Place::Patients | Place::Team(_) | Place::Invitations => Shape::People,
        Place::Thread(_) => Shape::Book,
        Place::Register | Place::Edit(_) => Shape::Edit,
        Place::Consent(_) => Shape::Check,
        Place::Backups => Shape::Archive,
        Place::Cases | Place::Case(_) | Place::Sheet(..) | Place::Ask(..) => Shape::Inbox,
        Place::People | Place::Structure => Shape::People,
        Place::Audit | Place::Access(_) | Place::Monitoring => Shape::Eye,
        Place::Portal | Place::PortalPage(_) | Place::PortalVersion(..) => Shape::Book,
        Place::Authority => Shape::Table,
        Place::Contacts => Shape::People,
        Place::Outbox => Shape::Send,
        Place::Mine => Shape::Person,
        Place::Runbooks => Shape::Book,
        Place::Evidence => Shape::Archive,
    }
}

/// Whose network, who is signed in, and the way out.
#[component]
fn TopBar() -> impl IntoView {
    let me = use_me();
    let open = RwSignal::new(false);
    view! {
        <header class="topbar">
            <a class="brand" href=Place::home_of(&me.actor.roles).path()>
                <Icon shape=Shape::Book />
                <span>{me.network}</span>
            </a>
            <div class="topbar-side">
                <button type="button" class="person" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                    <Icon shape=Shape::Person />
                    <span class="person-words">
                        <span class="person-name">{me.actor.name}</span>
                        <span class="person-facility">{me.actor.facility_name}</span>
                    </span>
                </button>
                // With large text there is no room: it stands in the dialog behind the name, too.
                <div class="wide-only lock-now">
                    <Button kind=ButtonKind::Plain icon=Shape::Lock on_press=lock::lock_now>"画面ロック"</Button>
                </div>
                <div class="wide-only"><SignOutButton /></div>
            </div>
        </header>
        <AccountDialog open=open />
    }
}

/// 「利用者・施設管理者」.
fn roles_in_words() -> String {
    use_me().actor.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("・")
}
