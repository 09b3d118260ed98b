//! データの臨時使用: the operator's desk, where an output is made without a row of it being seen, and the applicant's, where
//! it is fetched and its time is watched.

use crate::{
    browser, clock,
    components::{
        Badge, Button, ButtonKind, CheckGroup, DayText, Empty as Nothing, Loaded, Notice, NoticeKind,
        RadioGroup, Shape, TextField, TimeText, Tone,
    },
    load::{Load, load},
    session::use_me,
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        procedure::{DownloadOutput, ListOutputs, MakeOutput},
    },
    evidence::deidentify::{Column, Wanted},
    id::CaseId,
    people::Role,
    procedure::{
        Act, Case, NewOutput, Opened, Output, Outputs, State, USE_REMINDER_DAYS, declaration, use_time_left,
        wanted_of,
    },
};
use std::time::Duration;

/// Making an output reads up to a year of the journal.
const MAKING: Duration = Duration::from_secs(60);

/// What is special about a case of data use, from the presentation on.
#[component]
pub fn DataDesk(
    /// The case.
    case: StoredValue<Case>,
    /// Looked at again afterwards.
    opened: Load<Opened>,
) -> impl IntoView {
    let case = case.get_value();
    let id = case.id;
    let outputs = load::<ListOutputs>(move || (id, Empty {}));
    let may_make = declaration(case.procedure).step(Act::Produce, case.state).is_some()
        && use_me().actor.roles.contains(&Role::Operator);
    let time = time_words(&case);
    let version = case.version;
    let making = wanted_of(&case.form).filter(|_| may_make).map(
        |granted| view! { <Making id=id version=version granted=granted opened=opened outputs=outputs /> },
    );
    view! {
        <section class="stack">
            <h2>"データの出力"</h2>
            {time.map(|(kind, words)| view! { <Notice kind=kind><p>{words}</p></Notice> })}
            {making}
            <Loaded load=outputs what="出力の記録を読み込めませんでした。" rows=2 let:shown>
                {
                    let may_fetch = shown.may_fetch;
                    let none = shown.rows.is_empty();
                    let row = move |output| view! { <Shown output=output may_fetch=may_fetch opened=opened /> };
                    view! {
                        {none.then(|| view! { <Nothing words="出力はまだありません" /> })}
                        {shown.rows.into_iter().map(row).collect_view()}
                    }
                }
            </Loaded>
        </section>
    }
}

/// How the use period stands: who is near its end, or past it, is told what to do.
pub fn time_words(case: &Case) -> Option<(NoticeKind, String)> {
    let left = use_time_left(case, clock::now().day())?;
    let what = "使用後の措置（返却・消去など）を済ませ、「使用後の措置を報告する」から報告してください。";
    if left < 0 {
        Some((NoticeKind::Error, format!("使用期間が{}日過ぎています。すぐに{what}", -left)))
    } else if left == 0 {
        Some((NoticeKind::Warning, format!("使用期間は今日までです。{what}")))
    } else if left <= USE_REMINDER_DAYS {
        Some((NoticeKind::Warning, format!("使用期間は、あと{left}日です。終わりの日までに、{what}")))
    } else if case.state == State::Provided {
        Some((
            NoticeKind::Info,
            format!("使用期間は、あと{left}日です。終わりの日までに、使用後の措置の報告が必要です。"),
        ))
    } else {
        None
    }
}

/// What is asked of the data, and the button. Nobody sees a row here.
#[component]
fn Making(
    id: CaseId,
    version: u32,
    granted: Wanted,
    opened: Load<Opened>,
    outputs: Load<Outputs>,
) -> impl IntoView {
    let from = RwSignal::new(granted.from.to_string());
    let to = RwSignal::new(granted.to.to_string());
    let rows_granted = granted.by.is_empty();
    let shape = RwSignal::new(if rows_granted { "rows" } else { "counts" }.to_owned());
    let by = RwSignal::new(granted.by.iter().map(|column| column.wire()).collect::<Vec<_>>().join(","));
    let offered: Vec<Column> =
        if rows_granted { granted.dataset.columns().to_vec() } else { granted.by.clone() };
    let offered: Vec<_> =
        offered.iter().map(|column| (column.wire().to_owned(), column.label().to_owned())).collect();
    let shapes =
        vec![("rows".to_owned(), "1行ずつ".to_owned()), ("counts".to_owned(), "集計した表".to_owned())];
    let least = Signal::derive(move || outputs.shown.with(|shown| shown.as_ref().map(|shown| shown.least)));
    let sending = Submission::new();
    let wrong = move |name: &'static str| sending.wrong(name);
    let words = granted.in_words();
    let question = StoredValue::new(granted);
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        let granted = question.get_value();
        let counts = shape.with_untracked(|shape| shape == "counts");
        let chosen = by.with_untracked(|by| by.split(',').filter_map(Column::from_wire).collect());
        let wanted = Wanted {
            by: if counts { chosen } else { Vec::new() },
            from: from.get_untracked().parse().unwrap_or(granted.from),
            to: to.get_untracked().parse().unwrap_or(granted.to),
            ..granted
        };
        let new = NewOutput { command: sending.command(&(version, &wanted)), version, wanted };
        sending.send_within::<MakeOutput>(MAKING, id, new, move |_| opened.again());
    };
    view! {
        <form class="stack" on:submit=make>
            <p>
                "許可された内容: " {words} "。"
                "この範囲の中で出力します。画面には件数だけが表示され、データの行は表示されません。"
            </p>
            {move || {
                least
                    .get()
                    .map(|least| view! { <p class="hint">{least} "人に満たない組合せの行や升目は、自動的に除かれるか伏せられます。"</p> })
            }}
            <TextField label="期間の初日" kind="date" value=from required=true error=wrong("from") />
            <TextField
                label="期間の最終日"
                hint="昨日までの日にします。"
                kind="date"
                value=to
                required=true
                error=wrong("to")
            />
            {rows_granted.then(|| view! { <RadioGroup legend="データの形" options=shapes value=shape inline=true /> })}
            <Show when=move || shape.with(|shape| shape == "counts")>
                <CheckGroup legend="集計する項目（2つまで）" options=offered.clone() value=by error=wrong("by") />
            </Show>
            <SendFailure sending=sending />
            <div class="actions">
                <Button kind=ButtonKind::Primary submit=true busy=sending.busy>"加工して出力する"</Button>
            </div>
        </form>
    }
}

/// What was made: counts, method and hash; for the applicant, the button that fetches it.
#[component]
fn Shown(output: Output, may_fetch: bool, opened: Load<Opened>) -> impl IntoView {
    let sending = Submission::new();
    let (case, id): (CaseId, _) = (output.case, output.id);
    let fetch = move || {
        sending.send::<DownloadOutput>((case, id), Empty {}, move |link| {
            browser::download(&link.url);
            opened.again();
        });
    };
    let over = clock::now().day() > output.last_day;
    let method = output.method.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    view! {
        <article class="stack">
            <h3>{output.wanted.in_words()}</h3>
            <dl class="facts">
                <dt>"通知書の番号"</dt>
                <dd>{output.notice_number}</dd>
                <dt>"出力した人"</dt>
                <dd>{output.made_by_name} "　" <TimeText at=output.made_at /></dd>
                <dt>"行の数"</dt>
                <dd>{output.rows} "行"</dd>
                <dt>"除いた行"</dt>
                <dd>{output.dropped} "行（" {output.least} "人に満たない組合せなど）"</dd>
                <dt>"伏せた値・升目"</dt>
                <dd>{output.hidden} "個"</dd>
                <dt>"ファイル"</dt>
                <dd>{output.file_name} "（" {output.bytes} "バイト）"</dd>
                <dt>"SHA-256"</dt>
                <dd><code class="secret">{output.sha256}</code></dd>
                <dt>"受け取った回数"</dt>
                <dd>{output.downloads} "回"</dd>
                <dt>"使用期間の最終日"</dt>
                <dd>
                    <DayText day=output.last_day />
                    {over.then(|| view! { " " <Badge tone=Tone::Neutral>"終了"</Badge> })}
                </dd>
            </dl>
            <details>
                <summary>"加工の方法"</summary>
                <ul>{method}</ul>
            </details>
            {may_fetch
                .then(|| {
                    view! {
                        <div class="actions">
                            <Button icon=Shape::Download busy=sending.busy on_press=fetch>"このデータを受け取る"</Button>
                        </div>
                    }
                })}
            <SendFailure sending=sending />
        </article>
    }
}
