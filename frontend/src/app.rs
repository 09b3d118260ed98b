//! The application's start: who is signed in, then the frame with the page of the address.

use crate::{
    browser, clock,
    components::{Failed, Skeleton},
    idle, load, pages,
    route::Place,
    scroll::Positions,
    session,
    shell::{Shell, lock::LockedPage},
};
use leptos::{mount::mount_to, prelude::*, task::spawn_local};
use leptos_router::{
    WildcardSegment,
    components::{FlatRoutes, Route, Router},
    hooks::use_location,
};
use shared::people::{Me, SessionStage};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// Whether somebody came to the present page from another page of the application.
#[derive(Clone, Copy)]
pub struct Arrival(StoredValue<u32>);

impl Arrival {
    /// True from the second page on.
    pub fn by_navigation(self) -> bool {
        self.0.get_value() > 1
    }
}

/// The start: takes the place of the skeleton that the page was served with.
pub fn start() {
    clock::start();
    idle::start();
    let Some(root) = document().get_element_by_id("app").and_then(|e| e.dyn_into().ok()) else { return };
    let root: web_sys::HtmlElement = root;
    root.set_text_content(None);
    mount_to(root, App).forget();
}

#[component]
fn App() -> impl IntoView {
    let me = RwSignal::new(None::<Me>);
    let failure = RwSignal::new(None);
    let busy = RwSignal::new(true);
    let ask = move || {
        busy.set(true);
        spawn_local(async move {
            match session::read().await {
                Ok(answer) if answer.stage == SessionStage::FactorMissing => session::go_and_prove(),
                Ok(answer) => {
                    failure.set(None);
                    me.set(Some(answer));
                }
                Err(why) if session::is_absent(&why) => session::go_and_sign_in(),
                Err(why) => failure.set(Some(why)),
            }
            busy.set(false);
        });
    };
    ask();
    let go_on = Callback::new(move |answer: Me| {
        clock::set(answer.now);
        me.set(Some(answer));
    });
    move || match (me.get(), failure.get()) {
        (Some(answer), _) => match answer.stage {
            SessionStage::Complete => view! { <SignedIn me=answer /> }.into_any(),
            SessionStage::Locked => view! { <LockedPage me=answer done=go_on /> }.into_any(),
            SessionStage::PasswordChange | SessionStage::FactorEnrolment | SessionStage::FactorMissing => {
                view! { <pages::people::SetUp me=answer done=go_on /> }.into_any()
            }
        },
        (None, Some(why)) => view! {
            <main class="page page-alone">
                <h1>"つながる連絡帳"</h1>
                <Failed what="画面を準備できませんでした。" failure=why again=ask busy=busy />
            </main>
        }
        .into_any(),
        (None, None) => view! {
            <main class="page page-alone">
                <h1>"つながる連絡帳"</h1>
                <Skeleton />
            </main>
        }
        .into_any(),
    }
}

/// Everything that needs a session.
#[component]
fn SignedIn(me: Me) -> impl IntoView {
    let account = me.actor.account;
    session::provide_me(me);
    // Before the router, so that going back is known before the router acts on it.
    provide_context(Positions::watch());
    // A laptop that slept has lost count of the time; on a shared PC another person may have signed in in another
    // tab, and then nothing of this one may stay. A failure is nobody's wish that failed: an ended session raises
    // its own alert.
    load::refresh(Duration::from_secs(600), move || {
        spawn_local(async move {
            if session::read().await.is_ok_and(|me| me.actor.account != account) {
                browser::leave_to(&Place::Home.path());
            }
        });
    });
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=WildcardSegment("place") view=Framed />
            </FlatRoutes>
        </Router>
    }
}

/// The frame stays while the page in it changes: addresses are read by [`Place`] alone.
#[component]
fn Framed() -> impl IntoView {
    let pathname = use_location().pathname;
    let place = Memo::new(move |_| Place::from_path(&pathname.get()));
    let arrival = Arrival(StoredValue::new(0));
    provide_context(arrival);
    let positions = expect_context::<Positions>();
    let left = StoredValue::new(None::<Option<Place>>);
    let page = move || {
        let place = place.get();
        if arrival.0.get_value() > 0 {
            positions.go(left.get_value().flatten(), place);
        }
        left.set_value(Some(place));
        arrival.0.update_value(|n| *n += 1);
        match place {
            Some(place) if !place.open_to(&session::use_me().actor.roles) => pages::NotFound().into_any(),
            Some(Place::Home) => pages::Home().into_any(),
            Some(Place::Patients) => pages::book::Patients().into_any(),
            Some(Place::Thread(patient)) => {
                view! { <pages::book::thread::ThreadPage patient=patient /> }.into_any()
            }
            Some(Place::Register) => pages::book::circle::Register().into_any(),
            Some(Place::Edit(patient)) => {
                view! { <pages::book::circle::EditPage patient=patient /> }.into_any()
            }
            Some(Place::Consent(patient)) => {
                view! { <pages::book::circle::ConsentPage patient=patient /> }.into_any()
            }
            Some(Place::Team(patient)) => {
                view! { <pages::book::circle::TeamPage patient=patient /> }.into_any()
            }
            Some(Place::Invitations) => pages::book::circle::Invitations().into_any(),
            Some(Place::Backups) => pages::evidence::Backups().into_any(),
            Some(Place::Cases) => pages::procedure::Cases().into_any(),
            Some(Place::Case(case)) => view! { <pages::procedure::CasePage id=case /> }.into_any(),
            Some(Place::Sheet(case, kind)) => {
                view! { <pages::procedure::SheetPage id=case kind=kind /> }.into_any()
            }
            Some(Place::Ask(procedure, account)) => {
                view! { <pages::procedure::Ask procedure=procedure account=account /> }.into_any()
            }
            Some(Place::People) => pages::procedure::People().into_any(),
            Some(Place::Structure) => pages::procedure::Structure().into_any(),
            Some(Place::Portal) => pages::portal::Portal().into_any(),
            Some(Place::PortalPage(page)) => view! { <pages::portal::PortalPage page=page /> }.into_any(),
            Some(Place::PortalVersion(page, number)) => {
                view! { <pages::portal::PortalVersion page=page number=number /> }.into_any()
            }
            Some(Place::Audit) => pages::evidence::Audit().into_any(),
            Some(Place::Access(patient)) => {
                view! { <pages::evidence::AccessLog patient=patient /> }.into_any()
            }
            Some(Place::Mine) => pages::people::Mine().into_any(),
            Some(Place::Authority) => pages::people::Authority().into_any(),
            Some(Place::Runbooks) => pages::evidence::Runbooks().into_any(),
            Some(Place::Evidence) => pages::evidence::EvidenceBundle().into_any(),
            None => pages::NotFound().into_any(),
        }
    };
    view! { <Shell place=place>{page}</Shell> }
}
