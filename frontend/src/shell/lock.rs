//! The screen locks when nobody touches it, or when somebody leaves the seat and says so (Art. 4(3); requirements §2,
//! 5). Locked, it is blank; drafts stay where they are.

use crate::{
    client::{self, Failure, alerts},
    clock,
    components::{Button, ButtonKind, Dialog, Icon, Shape, TextField},
    idle, passkey,
    session::{self, use_me},
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    api::{
        Empty,
        people::{AskPasskey, LockScreen, SignInByPasskey, UnlockScreen},
    },
    people::{Me, PasskeyAnswer, Unlock},
};
use std::time::Duration;

/// Seconds before the lock at which the screen says so.
const WARNING: u32 = 60;
/// The session is told at least so often, in seconds, that somebody works without asking anything.
const KEEP_ALIVE: u32 = 120;

/// Blanks the screen and tells the server. If the server cannot be told now, the screen is blank all the same, and the
/// session locks by itself.
pub fn lock_now() {
    alerts().locked.set(true);
    spawn_local(async {
        let _ = client::call::<LockScreen>(&(), &Empty {}).await;
    });
}

/// Watches, warns, locks.
#[component]
pub fn Lock() -> impl IntoView {
    let limit = use_me().lock_seconds;
    let left = RwSignal::new(None::<u32>);
    let locked = alerts().locked.clone();
    let watched = locked.clone();
    let told = StoredValue::new(0_u32);
    let watch = set_interval_with_handle(
        move || {
            let quiet = idle::seconds();
            if watched.get_untracked() {
                left.set(None);
                return;
            }
            if quiet >= limit {
                lock_now();
            }
            let warn = quiet + WARNING >= limit;
            left.set(warn.then(|| limit.saturating_sub(quiet)));
            told.update_value(|seconds| *seconds += 1);
            if told.get_value() >= KEEP_ALIVE && quiet < KEEP_ALIVE {
                told.set_value(0);
                spawn_local(async {
                    let _ = session::read().await;
                });
            }
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(watch) = watch {
            watch.clear();
        }
    });
    let open = RwSignal::new(false);
    let raised = locked;
    whenever(move || open.set(raised.get()));
    let me = use_me();
    let same = me.actor.account;
    let done = Callback::new(move |me: Me| {
        if me.actor.account != same {
            crate::browser::leave_to("/");
            return;
        }
        clock::set(me.now);
        idle::touch();
        alerts().resumed.update(|n| *n += 1);
        alerts().locked.set(false);
    });
    let name = me.actor.name;
    view! {
        <div class="lock-warning" aria-live="polite">
            {move || {
                left.get()
                    .map(|seconds| {
                        view! {
                            <div class="notice notice-warning">
                                <Icon shape=Shape::Alert />
                                <p>"操作がないため、あと" {seconds} "秒で画面をロックします。続けるには画面に触れてください。"</p>
                            </div>
                        }
                    })
            }}
        </div>
        <Dialog title="画面をロックしています" open=open insistent=true curtain=true>
            <Unlocking name=name.clone() done=done />
        </Dialog>
    }
}

/// The locked screen of a page that was loaded while it was locked.
#[component]
pub fn LockedPage(
    /// Whose session.
    me: Me,
    /// It is open again.
    done: Callback<Me>,
) -> impl IntoView {
    view! {
        <main class="page page-alone">
            <h1>"画面をロックしています"</h1>
            <Unlocking name=me.actor.name done=done />
        </main>
    }
}

/// The ways to open it: password, passkey, another person.
#[component]
fn Unlocking(
    /// Whose session.
    #[prop(into)]
    name: String,
    /// It is open again.
    done: Callback<Me>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let sending = Submission::new();
    let settle = move |answer: Result<Me, Failure>| match answer {
        Ok(me) => {
            sending.end(None);
            password.try_set(String::new());
            done.run(me);
        }
        Err(why) => {
            if session::is_absent(&why) {
                session::go_and_sign_in();
            }
            sending.end(Some(why));
        }
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if sending.begin() {
            let given = Unlock { password: password.get_untracked() };
            spawn_local(async move { settle(client::call::<UnlockScreen>(&(), &given).await) });
        }
    };
    let by_passkey = move || {
        if !sending.begin() {
            return;
        }
        spawn_local(async move {
            let asked = client::call::<AskPasskey>(&(), &Empty {}).await;
            let answer = match asked {
                Err(why) => Err(why),
                Ok(asked) => match passkey::get(&asked.options).await {
                    None => return sending.end(None),
                    Some(credential) => {
                        let answer = PasskeyAnswer { challenge: asked.challenge, credential };
                        client::call::<SignInByPasskey>(&(), &answer).await
                    }
                },
            };
            settle(answer);
        });
    };
    let wrong = sending.wrong("password");
    let leave = move || {
        spawn_local(async {
            if session::sign_out().await.is_err() {
                crate::browser::leave_to("/signin");
            }
        });
    };
    view! {
        <form class="stack" on:submit=send>
            <p>{name} "さんの画面です。入力した内容は残っています。"</p>
            <SendFailure sending=sending />
            <TextField
                label="パスワード"
                kind="password"
                value=password
                autocomplete="current-password"
                required=true
                error=wrong
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"ロックを解く"</Button>
                {passkey::supported()
                    .then(|| view! { <Button busy=sending.busy on_press=by_passkey>"パスキーで解く"</Button> })}
                <Button kind=ButtonKind::Plain on_press=leave>"別の人がサインインする"</Button>
            </div>
        </form>
    }
}
