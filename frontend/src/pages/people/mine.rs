//! 私の設定: my factors, my sessions, my sign-ins.

use super::{
    enrol::{PasskeyForm, RecoveryCodes, TotpForm},
    mail::MailSection,
};
use crate::{
    components::{
        Badge, Button, ButtonKind, Dialog, Loaded, Notice, NoticeKind, PageHeading, TextField, TimeText, Tone,
    },
    load::{Load, load},
    passkey,
    submission::{SendFailure, Submission},
    whenever::whenever,
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        people::{ChoosePassword, EndSession, ReadAccount, RemovePasskey, RenewRecovery},
    },
    id::FactorId,
    people::{Enrolled, MyAccount, NewPassword, PasskeyRow, Reauth, SessionRow, SignInRow},
};

/// What the open dialog is about.
#[derive(Clone, PartialEq)]
enum Task {
    Password,
    Passkey,
    Totp,
    Recovery,
    Remove(FactorId, String),
}

impl Task {
    fn title(&self) -> String {
        match self {
            Self::Password => "パスワードを変える".into(),
            Self::Passkey => "パスキーを追加する".into(),
            Self::Totp => "認証アプリを登録する".into(),
            Self::Recovery => "回復コードを作り直す".into(),
            Self::Remove(_, name) => format!("パスキー「{name}」を外す"),
        }
    }
}

/// The page.
#[component]
pub fn Mine() -> impl IntoView {
    let mine = load::<ReadAccount>(|| ((), Empty {}));
    let task = RwSignal::new(None::<Task>);
    let said = RwSignal::new(None::<&'static str>);
    view! {
        <div class="page">
            <PageHeading title="私の設定" lead="サインインの方法と、サインイン中の端末" />
            {move || said.get().map(|words| view! { <Notice kind=NoticeKind::Done><p>{words}</p></Notice> })}
            <Loaded load=mine what="設定を読み込めませんでした。" let:account>
                <Shown mine=mine account=account task=task said=said />
            </Loaded>
            <Tasks task=task mine=mine said=said />
        </div>
    }
}

#[component]
fn Shown(
    mine: Load<MyAccount>,
    account: MyAccount,
    task: RwSignal<Option<Task>>,
    said: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let open = move |wanted: Task| {
        said.set(None);
        task.set(Some(wanted));
    };
    let recovery = account.recovery_left;
    view! {
        <section class="stack">
            <h2>"登録されている内容"</h2>
            <dl class="facts">
                <dt>"氏名"</dt>
                <dd>{account.account.name.clone()} "（" {account.account.profession.label()} "）"</dd>
                <dt>"ユーザーID"</dt>
                <dd>{account.account.user_id.clone()}</dd>
                <dt>"施設"</dt>
                <dd>{account.account.facility_name.clone()}</dd>
            </dl>
            <p class="hint">"内容を変えるには、あなたの施設の施設管理者に申し出てください。"</p>
        </section>
        <section class="stack">
            <h2>"サインインの方法"</h2>
            <ul class="settings-list">
                <li>
                    <span class="settings-what"><strong>"パスワード"</strong></span>
                    <Button on_press=move || open(Task::Password)>"変える"</Button>
                </li>
                {account.passkeys.into_iter().map(|key| view! { <Key key=key task=task /> }).collect_view()}
                {passkey::supported()
                    .then(|| {
                        view! {
                            <li>
                                <span class="settings-what">
                                    <strong>"パスキー"</strong>
                                    <span class="hint">"この端末の指紋・顔・PINでサインインします"</span>
                                </span>
                                <Button on_press=move || open(Task::Passkey)>"追加する"</Button>
                            </li>
                        }
                    })}
                <li>
                    <span class="settings-what">
                        <strong>"認証アプリ"</strong>
                        <span class="hint">{if account.totp { "登録済み" } else { "未登録" }}</span>
                    </span>
                    <Button on_press=move || open(Task::Totp)>
                        {if account.totp { "登録し直す" } else { "登録する" }}
                    </Button>
                </li>
                <li>
                    <span class="settings-what">
                        <strong>"回復コード"</strong>
                        <span class="hint">{format!("残り{recovery}個")}</span>
                    </span>
                    <Button on_press=move || open(Task::Recovery)>"作り直す"</Button>
                </li>
            </ul>
        </section>
        {account.mails.then(|| view! { <MailSection mail=account.mail mine=mine said=said /> })}
        <section class="stack">
            <h2>"サインイン中の端末"</h2>
            <ul class="settings-list">
                {account
                    .sessions
                    .into_iter()
                    .map(|row| view! { <OneSession row=row mine=mine said=said /> })
                    .collect_view()}
            </ul>
        </section>
        <section class="stack">
            <h2>"最近のサインイン"</h2>
            <p class="hint">"覚えのないものがあるときは、パスワードを変え、すぐに施設管理者に知らせてください。"</p>
            <SignIns rows=account.sign_ins />
        </section>
    }
}

#[component]
fn Key(key: PasskeyRow, task: RwSignal<Option<Task>>) -> impl IntoView {
    let (id, name) = (key.id, key.name.clone());
    view! {
        <li>
            <span class="settings-what">
                <strong>"パスキー「" {key.name} "」"</strong>
                <span class="hint">
                    "登録: " <TimeText at=key.added_at />
                    {key.used_at.map(|at| view! { "　最後に使用: " <TimeText at=at /> })}
                </span>
            </span>
            <Button on_press=move || task.set(Some(Task::Remove(id, name.clone())))>"外す"</Button>
        </li>
    }
}

#[component]
fn OneSession(row: SessionRow, mine: Load<MyAccount>, said: RwSignal<Option<&'static str>>) -> impl IntoView {
    let id = row.id.clone();
    let sending = Submission::new();
    let end = move || {
        sending.send::<EndSession>(id.clone(), Empty {}, move |_| {
            said.try_set(Some("サインインを終わらせました。"));
            mine.again();
        });
    };
    view! {
        <li>
            <span class="settings-what">
                <strong>{row.device} {row.this.then(|| view! { " " <Badge tone=Tone::Good>"この端末"</Badge> })}</strong>
                <span class="hint">
                    {row.stage.label()} "　開始: " <TimeText at=row.since /> "　最後の操作: " <TimeText at=row.used />
                    "　接続元: " {row.source}
                </span>
                <SendFailure sending=sending what="終わらせられませんでした。" />
            </span>
            {(!row.this).then(|| view! { <Button busy=sending.busy on_press=end>"終わらせる"</Button> })}
        </li>
    }
}

#[component]
fn SignIns(rows: Vec<SignInRow>) -> impl IntoView {
    view! {
        <ul class="settings-list">
            {rows
                .into_iter()
                .map(|row| {
                    view! {
                        <li>
                            <span class="settings-what">
                                <strong><TimeText at=row.at /></strong>
                                <span class="hint">
                                    {row.device} "　" {row.factor.label()} "　接続元: " {row.source}
                                </span>
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// The dialogs of the page: each asks for the present password first.
#[component]
fn Tasks(
    task: RwSignal<Option<Task>>,
    mine: Load<MyAccount>,
    said: RwSignal<Option<&'static str>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    // Each follows the other, and only where they differ: a signal that is set tells everybody, changed or not.
    whenever(move || {
        let wanted = task.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    whenever(move || {
        if !open.get() && task.with_untracked(Option::is_some) {
            task.set(None);
        }
    });
    let finish = Callback::new(move |words: &'static str| {
        said.set(Some(words));
        task.set(None);
        mine.again();
    });
    move || {
        let now = task.get();
        let title = now.as_ref().map(Task::title).unwrap_or_default();
        view! {
            <Dialog title=title open=open>
                {now.clone().map(|task| view! { <OneTask task=task finish=finish mine=mine /> })}
            </Dialog>
        }
    }
}

#[component]
fn OneTask(task: Task, finish: Callback<&'static str>, mine: Load<MyAccount>) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let enrolled = Callback::new(move |_: Enrolled| finish.run("登録しました。"));
    let form = match task {
        Task::Password => view! { <PasswordForm current=password finish=finish /> }.into_any(),
        Task::Passkey => view! { <PasskeyForm password=password done=enrolled /> }.into_any(),
        Task::Totp => view! { <TotpForm password=password done=enrolled /> }.into_any(),
        Task::Recovery => view! { <RecoveryForm password=password mine=mine /> }.into_any(),
        Task::Remove(id, _) => view! { <RemoveForm id=id password=password finish=finish /> }.into_any(),
    };
    view! {
        <div class="stack">
            <TextField
                label="今のパスワード"
                hint="本人であることを確かめるために入力してください。"
                kind="password"
                value=password
                autocomplete="current-password"
                required=true
            />
            {form}
        </div>
    }
}

#[component]
fn PasswordForm(current: RwSignal<String>, finish: Callback<&'static str>) -> impl IntoView {
    let new = RwSignal::new(String::new());
    let sending = Submission::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let given = NewPassword { current: current.get_untracked(), password: new.get_untracked() };
        sending.send::<ChoosePassword>((), given, move |_| {
            finish.run("パスワードを変えました。ほかの端末のサインインは終わりました。")
        });
    };
    let wrong = sending.wrong("password");
    view! {
        <form class="stack" on:submit=send>
            <SendFailure sending=sending />
            <TextField
                label="新しいパスワード"
                kind="password"
                value=new
                autocomplete="new-password"
                required=true
                error=wrong
            />
            <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"パスワードを変える"</Button>
        </form>
    }
}

#[component]
fn RecoveryForm(password: RwSignal<String>, mine: Load<MyAccount>) -> impl IntoView {
    let codes = RwSignal::new(None::<Vec<String>>);
    let sending = Submission::new();
    let renew = move || {
        let given = Reauth { password: password.get_untracked() };
        sending.send::<RenewRecovery>((), given, move |enrolled| {
            codes.try_set(Some(enrolled.recovery));
            mine.again();
        });
    };
    view! {
        <div class="stack">
            <SendFailure sending=sending />
            {move || match codes.get() {
                Some(list) => view! { <RecoveryCodes codes=list /> }.into_any(),
                None => {
                    view! {
                        <p>"今までの回復コードは使えなくなります。"</p>
                        <Button kind=ButtonKind::Primary busy=sending.busy on_press=renew>"新しい回復コードを作る"</Button>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn RemoveForm(id: FactorId, password: RwSignal<String>, finish: Callback<&'static str>) -> impl IntoView {
    let sending = Submission::new();
    let remove = move || {
        let given = Reauth { password: password.get_untracked() };
        sending.send::<RemovePasskey>(id, given, move |_| finish.run("パスキーを外しました。"));
    };
    view! {
        <div class="stack">
            <SendFailure sending=sending />
            <p>"この端末からは、パスキーでサインインできなくなります。"</p>
            <Button kind=ButtonKind::Danger busy=sending.busy on_press=remove>"外す"</Button>
        </div>
    }
}
