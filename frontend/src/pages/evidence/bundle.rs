//! 証跡一式: every article and item of the policy with what proves it in a period, and the archive of all of it.

use crate::{
    browser, clock,
    components::{
        Badge, Button, ButtonKind, DayText, Failed, Notice, NoticeKind, PageHeading, Skeleton, TextField,
        TimeText, Tone,
    },
    load::{Load, load},
    session::may_ever,
    submission::{SendFailure, Submission},
    words,
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        bundle::{
            Bundles, DownloadBundle, Evidence, EvidenceQuery, ListBundles, MakeBundle, NewBundle,
            ReadEvidence,
        },
        error::FieldError,
    },
    authority::Action,
    calendar::Day,
    evidence::bundle::{Bundle, ClauseState, Finding},
};
use std::time::Duration;

/// Reading every manifest of a year may take a minute.
const LIMIT: Duration = Duration::from_secs(120);
/// Days that are judged at first.
const USUAL_DAYS: i64 = 30;

/// The page.
#[component]
pub fn EvidenceBundle() -> impl IntoView {
    let today = clock::now().day();
    let from = RwSignal::new(today.plus_days(1 - USUAL_DAYS).to_string());
    let to = RwSignal::new(today.to_string());
    let shown = RwSignal::new(None::<Evidence>);
    let sending = Submission::new();
    let look = move || {
        let period = match (from.get_untracked().parse::<Day>(), to.get_untracked().parse::<Day>()) {
            (Ok(from), Ok(to)) => EvidenceQuery { from: Some(from), to: Some(to) },
            (first, _) => {
                let field = if first.is_err() { "from" } else { "to" };
                return sending.refuse(vec![FieldError::new(field, "日付を入力してください。")]);
            }
        };
        // What stands there is of another period, or older.
        shown.set(None);
        sending.send_within::<ReadEvidence>(LIMIT, (), period, move |evidence| {
            shown.try_set(Some(evidence));
        });
    };
    look();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        look();
    };
    view! {
        <div class="page">
            <PageHeading
                title="証跡一式"
                lead="期間を選ぶと、規程の条・号ごとに、証明する記録があるかを判定します。書庫にまとめて保管・提出できます。"
            />
            <form class="stack no-print" on:submit=submit novalidate>
                <TextField label="始め" kind="date" value=from required=true error=sending.wrong("from") />
                <TextField label="終わり" kind="date" value=to required=true max=today.to_string() error=sending.wrong("to") />
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"判定する"</Button>
                </div>
            </form>
            {move || match (shown.get(), sending.failure.get()) {
                (_, Some(why)) => {
                    view! { <Failed what="判定できませんでした。" failure=why again=look busy=sending.busy /> }.into_any()
                }
                (None, None) => view! { <Skeleton rows=6 /> }.into_any(),
                (Some(evidence), None) => view! { <Judged evidence=evidence /> }.into_any(),
            }}
        </div>
    }
}

const fn tone(state: ClauseState) -> Tone {
    match state {
        ClauseState::Met => Tone::Good,
        ClauseState::Missing | ClauseState::Late | ClauseState::Unfit => Tone::Alarm,
        ClauseState::Idle => Tone::Neutral,
    }
}

/// The findings, what is red first, and the archives.
#[component]
fn Judged(evidence: Evidence) -> impl IntoView {
    let bundles = load::<ListBundles>(|| ((), Empty {}));
    let red = |finding: &&Finding| tone(finding.state) == Tone::Alarm;
    let wrong: Vec<Finding> = evidence.findings.iter().filter(red).cloned().collect();
    let (from, to) = (evidence.from, evidence.to);
    view! {
        <section class="section" aria-live="polite">
            <h2><DayText day=from /> "から" <DayText day=to /> "まで"</h2>
            <p><strong>{evidence.tally.in_words()}</strong></p>
            {(!wrong.is_empty())
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warning>
                            <p>"足りない記録、期限超過、不適合があります。"</p>
                            <ul>
                                {together(wrong)
                                    .into_iter()
                                    .map(|(clauses, why)| view! { <li>{clauses} ": " {why}</li> })
                                    .collect_view()}
                            </ul>
                        </Notice>
                    }
                })}
        </section>
        {may_ever(Action::MakeBundle).then(|| view! { <Make from=from to=to bundles=bundles /> })}
        <Made bundles=bundles />
        <section class="section">
            <h2>"条・号ごとの判定"</h2>
            <div class="room">
                <table class="table table-cards" role="table" aria-label="条・号ごとの判定">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col" class="number">"条・号"</th>
                            <th role="columnheader" scope="col">"内容"</th>
                            <th role="columnheader" scope="col">"判定"</th>
                            <th role="columnheader" scope="col" class="number">"記録"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {evidence.findings.into_iter().map(|finding| view! { <Row finding=finding /> }).collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// Clauses that are red for the same reason, one after the other, with that reason.
fn together(wrong: Vec<Finding>) -> Vec<(String, String)> {
    let mut found: Vec<(Vec<Finding>, String)> = Vec::new();
    for finding in wrong {
        match found.last_mut() {
            Some((clauses, why)) if *why == finding.why => clauses.push(finding),
            _ => {
                let why = finding.why.clone();
                found.push((vec![finding], why));
            }
        }
    }
    let named = |clauses: Vec<Finding>| match clauses.as_slice() {
        [one] => format!("{} {}", one.at, one.words),
        many => many.iter().map(|finding| finding.at.as_str()).collect::<Vec<_>>().join("、"),
    };
    found.into_iter().map(|(clauses, why)| (named(clauses), why)).collect()
}

#[component]
fn Row(finding: Finding) -> impl IntoView {
    let why = (!finding.why.is_empty()).then_some(finding.why);
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="number">{finding.at}</th>
            <td role="cell" class="clause-words">{finding.words}</td>
            <td role="cell">
                <Badge tone=tone(finding.state)>{finding.state.label()}</Badge>
                {why.map(|why| view! { <p class="hint">{why}</p> })}
            </td>
            <td role="cell" class="number">{(finding.count > 0).then(|| format!("{}件", words::count(finding.count)))}</td>
        </tr>
    }
}

/// Makes the archive of the period that is on the screen.
#[component]
fn Make(from: Day, to: Day, bundles: Load<Bundles>) -> impl IntoView {
    let sending = Submission::new();
    let made = RwSignal::new(None::<Bundle>);
    let make = move || {
        let request = NewBundle { command: sending.command(&(from, to)), from, to };
        sending.send_within::<MakeBundle>(LIMIT, (), request, move |bundle| {
            made.try_set(Some(bundle));
            bundles.again();
        });
    };
    view! {
        <section class="section no-print">
            <h2>"書庫にまとめる"</h2>
            <p>
                "判定、世代の目録、操作記録の封印、案件の記録を1つの書庫（zip）にまとめ、消せない保管庫に5年間置きます。患者の氏名・連絡の文・担当者の氏名は入りません。"
            </p>
            <div class="actions">
                <Button kind=ButtonKind::Secondary busy=sending.busy on_press=make>"この期間の証跡一式を作る"</Button>
            </div>
            <SendFailure sending=sending />
            {move || {
                made.get()
                    .map(|bundle| {
                        view! {
                            <Notice kind=NoticeKind::Done>
                                <p>"証跡一式を作り、ロックしました（" {bundle.files} "ファイル、" {words::size(bundle.bytes)} "）。"</p>
                            </Notice>
                        }
                    })
            }}
        </section>
    }
}

/// The archives that were made.
#[component]
fn Made(bundles: Load<Bundles>) -> impl IntoView {
    view! {
        <section class="section">
            <h2>"作られた証跡一式"</h2>
            {move || match (bundles.shown.get(), bundles.failure.get()) {
                (None, Some(why)) => {
                    view! {
                        <Failed
                            what="証跡一式の一覧を読み込めませんでした。"
                            failure=why
                            again=move || bundles.again()
                            busy=bundles.busy
                        />
                    }
                        .into_any()
                }
                (None, None) => view! { <Skeleton rows=2 /> }.into_any(),
                (Some(shown), _) if shown.bundles.is_empty() => {
                    view! { <p>"まだありません。"</p> }.into_any()
                }
                (Some(shown), _) => {
                    view! {
                        <ul class="settings-list">
                            {shown.bundles.into_iter().map(|bundle| view! { <OneBundle bundle=bundle /> }).collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

#[component]
fn OneBundle(bundle: Bundle) -> impl IntoView {
    let sending = Submission::new();
    let id = bundle.id;
    let fetch = move || {
        sending.send::<DownloadBundle>(id, Empty {}, move |link| browser::download(&link.url));
    };
    let label = format!("{}〜{} の証跡一式を受け取る", bundle.from, bundle.to);
    view! {
        <li>
            <span class="settings-what">
                <strong><DayText day=bundle.from /> "から" <DayText day=bundle.to /> "まで"</strong>
                <span class="hint">{bundle.tally.in_words()}</span>
                <span class="hint">
                    "作成 " <TimeText at=bundle.made_at /> "　" {bundle.by_name} "　" {words::size(bundle.bytes)} "　"
                    <DayText day=bundle.last_kept_day /> "まで保管"
                </span>
                <span class="hint">"SHA-256 " <code class="secret">{bundle.sha256}</code></span>
                {(!bundle.signed_by.is_empty())
                    .then(|| {
                        view! { <span class="hint">"署名した鍵の指紋 " <code class="secret">{bundle.signed_by}</code></span> }
                    })}
                <span class="hint">"保管庫 " <code class="secret">{bundle.key}</code></span>
                <SendFailure sending=sending />
            </span>
            <Button kind=ButtonKind::Secondary busy=sending.busy on_press=fetch>{label}</Button>
        </li>
    }
}
