//! はじめてのサインイン: the own password, a second factor, recovery codes. Nothing else opens before
//! (requirements §2, 3).

use super::enrol::{PasskeyForm, RecoveryCodes, TotpForm};
use crate::{
    components::{Button, ButtonKind, TextField},
    passkey,
    shell::SignOutButton,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::people::ChoosePassword,
    people::{Enrolled, Me, NewPassword, PASSWORD_MIN, SessionStage, weak_password},
};

/// The way from the letter to the first page.
#[component]
pub fn SetUp(
    /// The session, as far as it has come.
    me: Me,
    /// The session is complete.
    done: Callback<Me>,
) -> impl IntoView {
    let now = RwSignal::new(me.clone());
    let codes = RwSignal::new(None::<Vec<String>>);
    let enrolled = Callback::new(move |enrolled: Enrolled| {
        now.set(enrolled.me);
        codes.set(Some(enrolled.recovery));
    });
    let chosen = Callback::new(move |me: Me| now.set(me));
    let step = move || match (now.with(|me| me.stage), codes.with(Option::is_some)) {
        (_, true) => 3,
        (SessionStage::PasswordChange, _) => 1,
        _ => 2,
    };
    let steps = [
        (1, "1. パスワードを決める"),
        (2, "2. もうひとつの確認方法を登録する"),
        (3, "3. 回復コードを控える"),
    ];
    document().set_title("はじめてのサインイン｜つながる連絡帳");
    view! {
        <main class="page page-alone">
            <h1>"はじめてのサインイン"</h1>
            <p>{me.actor.name.clone()} "さん（" {me.actor.facility_name.clone()} "）"</p>
            <ol class="steps">
                {steps
                    .into_iter()
                    .map(|(number, words)| {
                        view! { <li aria-current=move || (step() == number).then_some("step")>{words}</li> }
                    })
                    .collect_view()}
            </ol>
            {move || match (step(), codes.get()) {
                (1, _) => view! { <OwnPassword me=me.clone() done=chosen /> }.into_any(),
                (_, Some(list)) => {
                    view! {
                        <h2>"回復コードを控える"</h2>
                        <RecoveryCodes codes=list />
                        <div class="actions">
                            <Button kind=ButtonKind::Primary on_press=move || done.run(now.get_untracked())>
                                "控えました。連絡帳を始める"
                            </Button>
                        </div>
                    }
                        .into_any()
                }
                _ => view! { <SecondFactor done=enrolled /> }.into_any(),
            }}
            <div class="actions"><SignOutButton /></div>
        </main>
    }
}

/// The own password, checked while it is typed by the very rules of the server.
#[component]
fn OwnPassword(
    /// Whose.
    me: Me,
    /// It is chosen.
    done: Callback<Me>,
) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let sending = Submission::new();
    let tried = RwSignal::new(false);
    let own = [me.actor.name, me.actor.facility_name];
    let why_not = Memo::new(move |_| {
        let known: Vec<&str> = own.iter().map(String::as_str).collect();
        weak_password(&password.get(), &known)
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if sending.busy.get_untracked() || why_not.with_untracked(Option::is_some) {
            return;
        }
        let new = NewPassword { current: String::new(), password: password.get_untracked() };
        sending.send::<ChoosePassword>((), new, move |me| done.run(me));
    };
    let wrong = sending.wrong("password");
    let error = Signal::derive(move || wrong.get().or_else(|| why_not.get().filter(|_| tried.get())));
    let shown = RwSignal::new(false);
    view! {
        <form class="stack" on:submit=send>
            <h2>"パスワードを決める"</h2>
            <p>
                "封書のパスワードの代わりに、あなただけが知っているパスワードを決めてください。"
                {PASSWORD_MIN}
                "文字以上で、英字・数字・記号を混ぜます。関係のない言葉をいくつか並べると、覚えやすく推測されにくくなります（例の言葉は使わないでください: kaeru-27-mizu-oto）。"
            </p>
            <SendFailure sending=sending />
            {move || {
                view! {
                    <TextField
                        label="新しいパスワード"
                        kind=if shown.get() { "text" } else { "password" }
                        value=password
                        autocomplete="new-password"
                        required=true
                        error=error
                    />
                }
            }}
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"このパスワードにする"</Button>
                <Button kind=ButtonKind::Plain on_press=move || shown.update(|shown| *shown = !*shown)>
                    {move || if shown.get() { "文字を隠す" } else { "文字を表示する" }}
                </Button>
            </div>
        </form>
    }
}

/// The second factor: a passkey where the browser has them, an authenticator app everywhere.
#[component]
fn SecondFactor(
    /// It is enrolled.
    done: Callback<Enrolled>,
) -> impl IntoView {
    let none = RwSignal::new(String::new());
    view! {
        <h2>"もうひとつの確認方法を登録する"</h2>
        <p>
            "パスワードだけではサインインできないようにします。どちらか一方を登録してください。あとから「私の設定」で追加できます。"
        </p>
        {passkey::supported()
            .then(|| {
                view! {
                    <section class="stack">
                        <h3>"パスキー（この端末の指紋・顔・PIN）"</h3>
                        <p>"次からは、この端末ならパスワードを入力せずにサインインできます。共用のパソコンでは、認証アプリを使ってください。"</p>
                        <PasskeyForm password=none done=done />
                    </section>
                }
            })}
        <section class="stack">
            <h3>"認証アプリ（スマートフォン）"</h3>
            <TotpForm password=none done=done />
        </section>
    }
}
