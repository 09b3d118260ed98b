//! バックアップと復元: the generations, what locks them, and what can be done with them.

use super::{
    asked::{AskedNotices, Runs},
    generation_row::GenerationRow,
    ledger::LedgerSection,
    proofs::Proofs,
    run::RunForm,
    state::MissingWarning,
};
use crate::{
    components::{Button, ButtonKind, Dialog, Empty, Faces, Notice, NoticeKind, PageHeading, Shape},
    load::{Load, load, refresh},
    session::may_ever,
    submission::Submission,
};
use leptos::prelude::*;
use shared::{
    api::evidence::{Generations, GenerationsPage, ListBackups},
    authority::Action,
    calendar::Day,
    evidence::{BackupKind, Generation},
};
use std::time::Duration;

/// How often the newest page looks again.
const EVERY: Duration = Duration::from_secs(300);

/// The page.
#[component]
pub fn Backups() -> impl IntoView {
    let runs = Runs::load();
    let newest = load::<ListBackups>(move || {
        runs.follow_ends();
        ((), GenerationsPage::default())
    });
    refresh(EVERY, move || newest.again());
    let open = RwSignal::new(false);
    let done = Callback::new(move |()| {
        open.set(false);
        runs.again();
    });
    view! {
        <div class="page">
            <PageHeading
                title="バックアップと復元"
                lead="その日に送られた連絡と添付を、毎日ひとつの世代として保管します。"
            />
            <Notice kind=NoticeKind::Info>
                <p>
                    "保管中の世代はロックされています。保管期限（送られた日を含めて5年）までは、システム管理者を含めだれも、削除したり期限を縮めたりできません（第23条）。"
                </p>
                <p>{move || newest.shown.with(|shown| shown.as_ref().map(|list| {
                    let (hour, minute) = list.daily_at;
                    format!("毎日 {hour}:{minute:02} に、前日に送られた分を自動で実行します。")
                }))}</p>
            </Notice>
            <MissingWarning list=newest />
            {may_ever(Action::RunBackup)
                .then(|| {
                    view! {
                        <div class="actions no-print">
                            <Button kind=ButtonKind::Primary on_press=move || open.set(true)>"手動で実行"</Button>
                        </div>
                        <Dialog title="バックアップを手動で実行" open=open>
                            <RunForm done=done />
                        </Dialog>
                    }
                })}
            <AskedNotices runs=runs />
            <Faces load=newest what="バックアップの一覧を読み込めませんでした。" rows=5 />
            <List newest=newest kind=BackupKind::Daily runs=runs />
            <Others runs=runs kind=BackupKind::Monthly lead="月に一度、保管しているものすべてを写した世代です。中身の消える日は、日次の世代と同じです。" />
            <Others runs=runs kind=BackupKind::System lead="設定・様式・プログラム・資産台帳の記録です。受け入れたときと、変わるたびに保管します（第21条(4)）。" />
            <LedgerSection />
            <Proofs />
        </div>
    }
}

/// The generations of another kind, under a heading of their own.
#[component]
fn Others(runs: Runs, kind: BackupKind, lead: &'static str) -> impl IntoView {
    let newest = load::<ListBackups>(move || ((), GenerationsPage { kind: Some(kind), before: None }));
    refresh(EVERY, move || newest.again());
    view! {
        <section class="section">
            <h2>{format!("{}の世代", kind.label())}</h2>
            <p>{lead}</p>
            {(kind == BackupKind::Monthly)
                .then_some(
                    move || newest.shown.with(|shown| shown.as_ref().and_then(|list| list.monthly_at)).map(|(day, hour, minute)| {
                        view! { <p>{format!("毎月 {day}日 {hour}:{minute:02} に、自動で実行します。")}</p> }
                    }),
                )}
            <Faces load=newest what="世代の一覧を読み込めませんでした。" rows=2 />
            <List newest=newest kind=kind runs=runs />
        </section>
    }
}

/// The newest page, and older ones as they are asked for.
#[component]
fn List(newest: Load<Generations>, kind: BackupKind, runs: Runs) -> impl IntoView {
    let table_label = match kind {
        BackupKind::Daily => "バックアップの世代（新しい順）".to_owned(),
        other => format!("{}の世代（新しい順）", other.label()),
    };
    let day_label = if kind == BackupKind::Daily { "対象日" } else { "作成日" };
    let older = RwSignal::new(Vec::<Generation>::new());
    // `None` until an older page was loaded: then the newest page says where to go on.
    let before = RwSignal::new(None::<Option<Day>>);
    let sending = Submission::new();
    let next = move || {
        before.get().unwrap_or_else(|| newest.shown.with(|shown| shown.as_ref().and_then(|list| list.before)))
    };
    let more = move || {
        let page = GenerationsPage { before: untrack(next), kind: Some(kind) };
        sending.send::<ListBackups>((), page, move |list| {
            older.try_update(|all| all.extend(list.generations));
            before.try_set(Some(list.before));
        });
    };
    let all = Memo::new(move |_| {
        let first = newest.shown.with(|shown| shown.as_ref().map(|list| list.generations.clone()))?;
        // A generation that the refreshed first page has too is shown once.
        let rest = older
            .get()
            .into_iter()
            .filter(|old| first.iter().all(|new| new.id != old.id))
            .collect::<Vec<_>>();
        Some([first, rest].concat())
    });
    let count = Memo::new(move |_| all.with(|all| all.as_ref().map(Vec::len)));
    view! {
        {move || match count.get() {
            None => ().into_any(),
            Some(0) => {
                view! {
                    <Empty
                        words="まだ世代はありません"
                        more="最初の自動実行のあとに、ここに表示されます。"
                        icon=Shape::Archive
                    />
                }
                    .into_any()
            }
            Some(_) => {
                view! {
                    <div class="room">
                        <table class="table table-cards" role="table" aria-label=table_label.clone()>
                            <thead role="rowgroup">
                                <tr role="row">
                                    <th role="columnheader" scope="col">{day_label}</th>
                                    <th role="columnheader" scope="col">"件数"</th>
                                    <th role="columnheader" scope="col">"大きさ"</th>
                                    <th role="columnheader" scope="col">"保管期限"</th>
                                    <th role="columnheader" scope="col">"検証"</th>
                                    <th role="columnheader" scope="col" class="no-print">"操作"</th>
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                <For
                                    each=move || all.get().unwrap_or_default()
                                    key=|generation| generation.id
                                    let:generation
                                >
                                    <GenerationRow generation=generation all=all runs=runs />
                                </For>
                            </tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }
        }}
        {move || {
            sending.failure
                .get()
                .map(|why| {
                    view! { <Notice kind=NoticeKind::Error><p>"前の世代を読み込めませんでした。" {why.sentence()}</p></Notice> }
                })
        }}
        {move || {
            next()
                .map(|_| {
                    view! {
                        <Button kind=ButtonKind::Secondary busy=sending.busy on_press=more>"さらに前の世代を表示"</Button>
                    }
                })
        }}
    }
}
