//! The session has ended: sign in again right here. What was typed stays where it is, and nobody who passes by
//! the PC sees a patient.

use crate::{
    client::{self, alerts},
    clock,
    components::{Button, ButtonKind, Dialog, TextField},
    idle,
    session::{self, use_me},
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use shared::{
    api::people::{ProveFactor, SignIn},
    people::{Credentials, FactorProof, Me, SessionStage},
};

/// Shown only when needed.
#[component]
pub fn SignedOut() -> impl IntoView {
    let open = RwSignal::new(false);
    let ended = alerts().session_ended.clone();
    whenever(move || open.set(ended.get()));
    view! {
        <Dialog title="もう一度サインイン" open=open insistent=true curtain=true>
            <Again />
        </Dialog>
    }
}

#[component]
fn Again() -> impl IntoView {
    let name = use_me().actor.name;
    let user_id = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let sending = Submission::new();
    let second = RwSignal::new(false);
    let code = RwSignal::new(String::new());
    let same = use_me().actor.account;
    let done = move |me: Me| {
        if me.actor.account != same {
            // Somebody else at the same PC: nothing of the person before may stay on the screen.
            crate::browser::leave_to("/");
        } else if me.stage == SessionStage::FactorMissing {
            second.set(true);
        } else if session::is_complete(&me) {
            clock::set(me.now);
            idle::touch();
            alerts().locked.set(false);
            alerts().resumed.update(|n| *n += 1);
            alerts().session_ended.set(false);
        } else {
            session::go_and_sign_in();
        }
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if second.get_untracked() {
            if !sending.begin() {
                return;
            }
            let proof = FactorProof { code: code.get_untracked() };
            spawn_local(async move {
                let answer = client::call::<ProveFactor>(&(), &proof).await;
                let absent = answer.as_ref().is_err_and(session::is_absent);
                sending.end(answer.map(done).err());
                if absent {
                    second.set(false);
                }
            });
            return;
        }
        let credentials = Credentials {
            user_id: user_id.get_untracked().trim().to_owned(),
            password: password.get_untracked(),
        };
        sending.send::<SignIn>((), credentials, done);
    };
    view! {
        <form class="stack" on:submit=send>
            <p>{name} "さん、サインインの有効時間が終わりました。入力した内容は残っています。"</p>
            <SendFailure sending=sending />
            {move || {
                if second.get() {
                    view! {
                        <TextField
                            label="確認コード"
                            hint="認証アプリの6桁の数字か、回復コード"
                            value=code
                            autocomplete="one-time-code"
                            required=true
                        />
                    }
                        .into_any()
                } else {
                    view! {
            <TextField
                label="ユーザーID"
                value=user_id
                autocomplete="username"
                required=true
                error=sending.wrong("user_id")
            />
            <TextField
                label="パスワード"
                kind="password"
                value=password
                autocomplete="current-password"
                required=true
                error=sending.wrong("password")
            />
                    }
                        .into_any()
                }
            }}
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"サインイン"</Button>
                <a class="button button-plain" href="/signin" rel="external">"別の人がサインインする"</a>
            </div>
        </form>
    }
}
