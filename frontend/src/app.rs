//! The application's start: who is signed in, then the frame with the page of the address.

use crate::{
    client::{self, Failure, alerts},
    clock,
    components::{Failed, Skeleton},
    crossing, idle, load,
    outgoing::provide_outgoing,
    pages,
    programs::Program,
    route::Place,
    scroll::Positions,
    session,
    shell::{Shell, halted::Halted, lock::LockedPage},
    whenever::whenever,
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

/// What a program has of its own.
#[derive(Clone, Copy)]
pub struct Own {
    /// Which it is.
    pub program: Program,
    /// Its pages.
    pub pages: fn(Place) -> Option<AnyView>,
}

/// The start: takes the place of the skeleton that the page was served with.
pub fn start(own: Own) {
    crossing::watch(own.program);
    clock::start();
    idle::start();
    let Some(root) = document().get_element_by_id("app").and_then(|e| e.dyn_into().ok()) else { return };
    let root: web_sys::HtmlElement = root;
    root.set_text_content(None);
    mount_to(root, move || view! { <App own=own /> }).forget();
}

#[component]
fn App(own: Own) -> impl IntoView {
    let me = RwSignal::new(None::<Me>);
    let failure = RwSignal::new(None::<Failure>);
    let busy = RwSignal::new(true);
    let begin = move |answer: Me| {
        client::belong_to(answer.actor.account);
        failure.set(None);
        me.set(Some(answer));
    };
    let ask = move || {
        busy.set(true);
        spawn_local(async move {
            match session::read().await {
                Ok(answer) if answer.stage == SessionStage::FactorMissing => session::go_and_prove(),
                Ok(answer) => begin(answer),
                Err(why) if session::is_absent(&why) => session::go_and_sign_in(),
                Err(why) => failure.set(Some(why)),
            }
            busy.set(false);
        });
    };
    let resumed = alerts().resumed.clone();
    // Now, and when a service goes on that was stopped before anything could begin.
    whenever(move || {
        resumed.track();
        if me.with_untracked(Option::is_none) {
            failure.set(None);
            ask();
        }
    });
    let go_on = Callback::new(move |answer: Me| {
        clock::set(answer.now);
        begin(answer);
    });
    let begun = move || {
        me.get().map(|answer| match answer.stage {
            SessionStage::Complete => view! { <SignedIn me=answer own=own /> }.into_any(),
            SessionStage::Locked => view! { <LockedPage me=answer done=go_on /> }.into_any(),
            SessionStage::PasswordChange | SessionStage::FactorEnrolment | SessionStage::FactorMissing => {
                view! { <pages::people::SetUp me=answer done=go_on /> }.into_any()
            }
        })
    };
    let beginning = move || match failure.get() {
        // The curtain says it.
        Some(Failure::Problem(problem)) if problem.halt.is_some() => ().into_any(),
        Some(why) => view! {
            <Failed what="画面を準備できませんでした。" failure=why again=ask busy=busy />
        }
        .into_any(),
        None => view! { <Skeleton /> }.into_any(),
    };
    let page = move || {
        begun().unwrap_or_else(|| {
            view! { <main class="page page-alone"><h1>"つながる連絡帳"</h1>{beginning}</main> }.into_any()
        })
    };
    view! {
        {page}
        <Halted me=me />
    }
}

/// Everything that needs a session.
#[component]
fn SignedIn(me: Me, own: Own) -> impl IntoView {
    session::provide_me(me);
    provide_outgoing();
    // Before the router, so that going back is known before the router acts on it.
    provide_context(Positions::watch());
    // A laptop that slept has lost count of the time; on a shared PC another person may have signed in in another tab, and
    // then nothing of this one may stay in sight. A failure is nobody's wish that failed: an ended session raises its own
    // alert, and so does one that is another person's now.
    load::refresh(Duration::from_secs(600), || {
        spawn_local(async {
            let _ = session::read().await;
        });
    });
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=WildcardSegment("place") view=move || view! { <Framed own=own /> } />
            </FlatRoutes>
        </Router>
    }
}

/// The frame stays while the page in it changes: addresses are read by [`Place`] alone.
#[component]
fn Framed(own: Own) -> impl IntoView {
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
        let Some(place) = place else { return pages::NotFound().into_any() };
        let me = session::use_me().actor;
        let home = Place::home_of(&me.roles);
        if place == Place::Home && home != place {
            // The site's address is everybody's; whoever has no patients begins in the other program.
            crossing::leave(home);
            return view! { <Skeleton /> }.into_any();
        }
        if !place.open_to(&me.roles) {
            return pages::NotFound().into_any();
        }
        (own.pages)(place).unwrap_or_else(|| {
            // Served with a page of this program: loading it once more would go on for ever.
            if !arrival.by_navigation() {
                return pages::NotFound().into_any();
            }
            crossing::leave(place);
            view! { <Skeleton /> }.into_any()
        })
    };
    view! { <Shell place=place>{page}</Shell> }
}
