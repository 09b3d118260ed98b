//! 案件: what is asked, where it stands, what was done, and my next steps.

use super::{
    consequence::consequence,
    data_use::DataDesk,
    files::CaseFiles,
    form::{Fields, Filled, Values},
    incident::IncidentDesk,
    letter::LetterDesk,
    stop_confirmed::StopConfirmed,
};
use crate::pages::portal::PortalDesk;
use crate::{
    clock,
    components::{
        Badge, Button, ButtonKind, Dialog, Faces, Icon, LinkButton, Notice, NoticeKind, PageHeading, Shape,
        TimeText, Tone,
    },
    load::{Load, load, refresh},
    route::Place,
    session::{may_ever, use_me},
    submission::{SendFailure, Submission},
};
use leptos::{ev::SubmitEvent, prelude::*};
use shared::{
    api::{
        Empty,
        error::Code,
        procedure::{ReadCase, StepCase},
    },
    authority::Action,
    id::CaseId,
    procedure::{
        Act, COMMENT, CannotStep, Case, Declaration, Field, FieldKind, Form, Opened, Party, Procedure, State,
        Step, TakeStep, Taken, declaration, incident, moment_text, party_to, sheets_of, steps_for,
    },
};
use std::time::Duration;

/// How often it looks again.
const EVERY: Duration = Duration::from_secs(60);

/// The same while the system is at work on it.
const SOON: Duration = Duration::from_secs(10);

/// The page.
#[component]
pub fn CasePage(
    /// Which case.
    id: CaseId,
) -> impl IntoView {
    let opened = load::<ReadCase>(move || (id, Empty {}));
    refresh(EVERY, move || opened.again());
    // What the system is at work on moves without anybody's doing.
    let under_way = move |shown: &Opened| shown.case.state.is_under_way();
    refresh(SOON, move || {
        if opened.shown.with_untracked(|shown| shown.as_ref().is_some_and(under_way)) {
            opened.again();
        }
    });
    let title = Signal::derive(move || {
        opened.shown.with(|shown| match shown {
            Some(shown) => format!("{}（{}）", shown.case.procedure.label(), shown.case.number),
            None => "案件".to_owned(),
        })
    });
    // Steps and letter keep what is typed while the case is looked at again.
    let version =
        Memo::new(move |_| opened.shown.with(|shown| shown.as_ref().map(|shown| shown.case.version)));
    view! {
        <div class="page">
            <PageHeading title=title />
            <Faces load=opened what="案件を読み込めませんでした。" />
            {move || {
                version.get()?;
                opened.shown.with_untracked(Clone::clone).map(|shown| view! { <Shown shown=shown opened=opened /> })
            }}
        </div>
    }
}

#[component]
fn Shown(shown: Opened, opened: Load<Opened>) -> impl IntoView {
    let case = shown.case.clone();
    let declared = declaration(case.procedure);
    let user = case.account_words.clone().unwrap_or_default();
    let me = use_me().actor;
    let words = party_to(&case, &me).map(|party| declared.words(case.state, party));
    let overdue = case.is_overdue(clock::now());
    let answered = incident::first_answer(&case);
    let begins = case.procedure == Procedure::Incident;
    let stands = incident::as_it_stands(&case);
    let paper = case.channel.is_entered();
    let from_presentation = declared.course.iter().position(|state| *state == State::Presented);
    let at = declared.course.iter().position(|state| *state == case.state);
    let desk = (case.procedure == Procedure::DataUse && at >= from_presentation)
        .then(|| view! { <DataDesk case=StoredValue::new(case.clone()) opened=opened /> });
    view! {
        <Course declared=declared state=case.state />
        {words.map(|words| view! { <p class="case-words">{words}</p> })}
        {case.state.is_under_way().then(|| view! { <Erasing opened=opened /> })}
        {desk}
        <Steps shown=shown opened=opened />
        {(case.procedure == Procedure::PlannedStop && has_been_announced(&case) && may_ever(Action::ReadConfirmations))
            .then(|| view! { <StopConfirmed case=case.id /> })}
        {(case.procedure == Procedure::Incident).then(|| view! { <IncidentDesk case=StoredValue::new(case.clone()) /> })}
        <section class="stack">
            <h2>"内容"</h2>
            <dl class="facts">
                <dt>"施設"</dt>
                <dd>{case.facility_name.clone()}</dd>
                <dt>{if paper { "入力した人" } else if begins { "起票した人" } else { "依頼した人" }}</dt>
                <dd>{case.asked_by_name.clone()}</dd>
                <dt>"届いた方法"</dt>
                <dd>{case.channel.label()} {case.received_on.map(|day| format!("（{day}）"))}</dd>
                <dt>{if begins { "起票した時刻" } else { "依頼した時刻" }}</dt>
                <dd><TimeText at=case.asked_at /></dd>
                <dt>"期限"</dt>
                <dd>
                    <TimeText at=case.due_at />
                    {overdue.then(|| view! { " " <Badge tone=Tone::Alarm>"期限超過"</Badge> })}
                    {case.closed_at.map(|at| view! { "　終了: " <TimeText at=at /> })}
                </dd>
                {answered.map(|at| view! { <dt>"最初の回答"</dt><dd><TimeText at=at /></dd> })}
                {(!case.links.is_empty())
                    .then(|| {
                        let links = case.links.iter().map(|link| {
                            view! { <a href=Place::Case(link.case).path()>{link.procedure.label()} " " {link.number.clone()}</a> }
                        });
                        view! { <dt>"つながる案件"</dt><dd>{links.collect_view()}</dd> }
                    })}
            </dl>
            <Filled fields=declared.fields form=stands account=user />
        </section>
        <CaseFiles case=StoredValue::new(case.clone()) opened=opened />
        <section class="stack">
            <h2>"経過"</h2>
            <ol class="timeline">
                {case.taken.into_iter().map(|taken| view! { <Entry taken=taken declared=declared /> }).collect_view()}
            </ol>
        </section>
    }
}

/// Whether users were told of a stop.
fn has_been_announced(case: &Case) -> bool {
    case.taken.iter().any(|taken| taken.act == Act::AnnounceStop)
}

/// How far the system is with an erasure, and what remains.
#[component]
fn Erasing(opened: Load<Opened>) -> impl IntoView {
    let is =
        Memo::new(move |_| opened.shown.with(|shown| shown.as_ref().and_then(|shown| shown.erasure.clone())));
    let words = move || match is.get() {
        Some(is) => is.in_words(),
        None => "実行を待っています。まもなく始まります。".to_owned(),
    };
    let part = move || is.get().filter(|is| is.of > 0).map(|is| (is.done, is.of));
    let in_vain = move || is.get().is_some_and(|is| is.in_vain);
    view! {
        <section class="stack">
            <h2>"消去中"</h2>
            <p role="status">{words}</p>
            {move || part().map(|(done, of)| view! { <progress class="erasing" max=of value=done aria-label="この段階の進み具合"></progress> })}
            {move || is.get().map(|is| view! { <p class="hint">"確認した時刻: " <TimeText at=is.at /></p> })}
            {move || {
                in_vain()
                    .then(|| {
                        view! {
                            <Notice kind=NoticeKind::Warning>
                                <p>"前回の実行は途中で止まりました。システムが続きから自動でやり直します。続くときは、監視のページと手順書7を確かめてください。"</p>
                            </Notice>
                        }
                    })
            }}
            <p>"このページを閉じても進みます。終わると消去証明ができ、実行した人とシステム運用者に知らせます。"</p>
        </section>
    }
}

/// Where it stands, as a line of steps.
#[component]
fn Course(declared: &'static Declaration, state: State) -> impl IntoView {
    let at = declared.course.iter().position(|step| *step == state);
    let steps = declared.course.iter().enumerate().map(|(index, step)| {
        let done = at.is_some_and(|at| index < at || state == State::Done);
        let here = at == Some(index);
        view! {
            <li class:course-done=done aria-current=here.then_some("step")>
                {done.then(|| view! { <Icon shape=Shape::Check /> })}
                <span>{step.label()}</span>
                {done.then(|| view! { <span class="visually-hidden">"（済）"</span> })}
            </li>
        }
    });
    let aside =
        at.is_none().then(|| view! { <p>"現在: " <Badge tone=Tone::Warning>{state.label()}</Badge></p> });
    view! {
        <ol class="course">{steps.collect_view()}</ol>
        {aside}
    }
}

#[component]
fn Entry(taken: Taken, declared: &'static Declaration) -> impl IntoView {
    // Details that changed show what they were before.
    let fields: &'static [Field] = match taken.act {
        // The form stands above.
        Act::Ask | Act::AskAgain | Act::EditDraft => &[],
        Act::Comment => COMMENT,
        act => declared.asked_by(act),
    };
    let kept: Vec<_> = KEPT
        .iter()
        .filter_map(|(name, label)| {
            let value = taken.form.get(*name)?.clone();
            Some(view! { <dt>{*label}</dt><dd><code class="secret">{value}</code></dd> })
        })
        .collect();
    let before: Vec<_> = declared
        .fields
        .iter()
        // What the step itself asks says so beside it.
        .filter(|field| fields.iter().all(|asked| asked.name != field.name))
        .filter_map(|field| {
            let before = taken.form.get(&format!("before_{}", field.name))?;
            Some(view! { <dt>{field.label} "（変更前）"</dt><dd>{field.in_words(before)}</dd> })
        })
        .collect();
    let party = taken.party.label();
    // The system's name is what it stands as.
    let who = if taken.by_name == party { taken.by_name } else { format!("{party} {}", taken.by_name) };
    view! {
        <li>
            <p>
                <strong>{taken.act.label()}</strong> "　" {who} "　"
                <TimeText at=taken.at />
            </p>
            <Filled fields=fields form=taken.form />
            {(!before.is_empty()).then(|| view! { <dl class="facts">{before}</dl> })}
            {(!kept.is_empty()).then(|| view! { <dl class="facts">{kept}</dl> })}
        </li>
    }
}

/// What a step's effect keeps, and its words.
const KEPT: &[(&str, &str)] = &[
    ("file", "ファイル"),
    ("kept_entries", "点検した月の記録の件数"),
    ("kept_seals", "封印の番号"),
    ("kept_head", "最後の封印の値"),
    ("kept_manifest", "保存した場所"),
    ("kept_copied", "保存した記録の件数"),
    ("kept_hash", "目録のハッシュ値（SHA-256）"),
    ("kept_service", "サービスの状態"),
    ("kept_page", "公開したページ"),
    ("kept_version", "版"),
    ("kept_generation", "システムデータの控えの番号"),
    ("kept_sha256", "SHA-256"),
    ("kept_data", "出力した内容"),
    ("kept_rows", "行の数"),
    ("kept_dropped", "除いた行の数"),
    ("kept_hidden", "伏せた値・升目の数"),
    ("kept_certificate", "消去証明の保存場所"),
    ("kept_method", "消去の方法"),
    ("kept_live", "消した件数"),
    ("kept_boxes", "読めないことを確かめたもの"),
    ("kept_downloads", "受け取った回数（この出力で）"),
    ("kept_removed", "サインインできなくなった人"),
];

/// My next steps as buttons; one that cannot be taken says why.
#[component]
fn Steps(shown: Opened, opened: Load<Opened>) -> impl IntoView {
    let actor = use_me().actor;
    let steps = steps_for(&shown.case, &actor);
    let chosen = RwSignal::new(None::<&'static Step>);
    let open = RwSignal::new(false);
    let print = steps.iter().any(|(step, why)| step.act == Act::Print && why.is_none());
    let publish = steps.iter().any(|(step, why)| step.act == Act::Publish && why.is_none());
    let closed = shown.case.state.is_closed();
    let button = move |step: &'static Step, why: Option<&CannotStep>, kind: ButtonKind| {
        let reason = why.map(in_words);
        view! {
            <Button
                kind=kind
                reason=Signal::derive(move || reason.clone())
                on_press=move || {
                    chosen.set(Some(step));
                    open.set(true);
                }
            >
                {step.act.label()}
            </Button>
        }
    };
    // A letter that waits to be printed is the one thing to do.
    let letter_first = print && shown.case.state == State::Registered;
    let (beside, next): (Vec<_>, Vec<_>) =
        steps.iter().filter(|(step, _)| !has_panel(step.act)).partition(|(step, _)| {
            // Changing what was asked sends it back to its review: nobody waits for that.
            step.is_aside() || step.act == Act::AskAgain && shown.case.state != State::Returned
        });
    // Taking a request back is possible, and not what the case waits for.
    let next_is_empty = next.is_empty();
    let none = next_is_empty && !steps.iter().any(|(step, why)| has_panel(step.act) && why.is_none());
    let next = next.into_iter().enumerate().map(|(index, (step, why))| {
        let first = index == 0 && !letter_first && !publish;
        button(step, why.as_ref(), if first { ButtonKind::Primary } else { ButtonKind::Secondary })
    });
    let next = next.collect_view();
    let beside = beside.into_iter().map(|(step, why)| {
        let danger = matches!(step.act, Act::Cut | Act::Halt | Act::CancelStop);
        button(step, why.as_ref(), if danger { ButtonKind::Danger } else { ButtonKind::Secondary })
    });
    let beside = beside.collect_view();
    let case = StoredValue::new(shown.case.clone());
    let proposed = StoredValue::new(shown.proposed.clone());
    let elsewhere = next_is_empty && !none && !print && shown.case.procedure != Procedure::PortalChange;
    view! {
        // What a panel of its own offers needs no heading here.
        <section class="stack" hidden=elsewhere>
            <h2>"次にできること"</h2>
            {none
                .then(|| {
                    let words = if closed {
                        "この案件は終わっています。"
                    } else {
                        "今は、あなたの操作はありません。相手の操作を待っています。"
                    };
                    view! { <p>{words}</p> }
                })}
            {print.then(|| view! { <LetterDesk id=shown.case.id version=shown.case.version again=shown.case.state != State::Registered opened=opened /> })}
            {(shown.case.procedure == Procedure::PortalChange)
                .then(|| view! { <PortalDesk case=shown.case.clone() may=publish opened=opened /> })}
            <div class="actions">{next}</div>
        </section>
        <section class="stack">
            <h2>"そのほかにできること"</h2>
            <div class="actions">
                {beside}
                {(!closed)
                    .then(|| {
                        view! {
                            <Button on_press=move || {
                                chosen.set(Some(&COMMENTING));
                                open.set(true);
                            }>{Act::Comment.label()}</Button>
                        }
                    })}
                {sheets_of(&shown.case)
                    .into_iter()
                    .map(|kind| {
                        view! { <LinkButton href=Place::Sheet(shown.case.id, kind).path()>{kind.label()}</LinkButton> }
                    })
                    .collect_view()}
                <Button on_press=|| {
                    let _ = window().print();
                }>"この案件を印刷する"</Button>
            </div>
        </section>
        {move || {
            chosen
                .get()
                .map(|step| {
                    view! {
                        <Dialog title=step.act.label() open=open>
                            <TakeForm
                                step=step
                                case=case.get_value()
                                proposed=proposed.get_value()
                                opened=opened
                                open=open
                            />
                        </Dialog>
                    }
                })
        }}
    }
}

/// Whether an act stands in a panel of its own instead of among the buttons.
const fn has_panel(act: Act) -> bool {
    matches!(act, Act::Print | Act::Publish | Act::Produce | Act::Provide)
}

fn in_words(why: &CannotStep) -> String {
    match why {
        CannotStep::OwnRequest => "自分で依頼した案件は、自分では決定できません。",
        CannotStep::NoFile => Code::NoFile.label(),
        CannotStep::NotYours => "あなたの役割ではできません。",
        CannotStep::NotNow | CannotStep::Changed => "今の状態ではできません。",
        CannotStep::Fields(_) => "入力に直すところがあります。",
    }
    .to_owned()
}

/// A comment as a step, for its dialog: it moves nothing.
static COMMENTING: Step = Step {
    act: Act::Comment,
    from: &[],
    to: None,
    by: Party::Asker,
    decides: false,
    fields: COMMENT,
    effect: None,
};

/// What a step asks, and the button that takes it.
#[component]
fn TakeForm(
    step: &'static Step,
    case: Case,
    proposed: Form,
    opened: Load<Opened>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let refills = step.act.refills();
    let mut known = if refills { case.form.clone() } else { proposed };
    let now = clock::now();
    if step.act == Act::Preserve {
        // From when it may have begun.
        let began = incident::latest(&case, "occurred_at").or_else(|| incident::latest(&case, "found_at"));
        known.extend(began.map(|at| ("from_at".to_owned(), at.to_owned())));
    }
    if matches!(step.act, Act::Analyse | Act::Submit) {
        known.extend(incident::known(&case, step.fields));
    }
    // What may be left open is not guessed.
    for field in step.fields.iter().filter(|field| field.required) {
        let proposed = match field.kind {
            FieldKind::PastDay => now.day().to_string(),
            FieldKind::PastMoment => moment_text(now),
            _ => continue,
        };
        known.entry(field.name.to_owned()).or_insert(proposed);
    }
    let values = Values::of(step.fields, &known);
    let people = vec![(
        case.account.map(|id| id.to_string()).unwrap_or_default(),
        case.account_words.clone().unwrap_or_default(),
    )];
    let sending = Submission::new();
    let id = case.id;
    let version = case.version;
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let form = values.form();
        let take = TakeStep { command: sending.command(&(version, &form)), act: step.act, version, form };
        sending.send::<StepCase>(id, take, move |_| {
            open.try_set(false);
            opened.again();
        });
    };
    let danger = matches!(
        step.act,
        Act::Remove
            | Act::LeaveFacility
            | Act::Refuse
            | Act::RefuseTimes
            | Act::Cut
            | Act::Halt
            | Act::CancelStop
    );
    view! {
        <form class="stack" on:submit=send>
            {consequence(step.act, &case).map(|words| view! { <p>{words}</p> })}
            <Fields fields=step.fields values=values sending=sending people=Signal::derive(move || people.clone()) />
            <SendFailure sending=sending />
            <Button kind=if danger { ButtonKind::Danger } else { ButtonKind::Primary } submit=true busy=sending.busy>
                {step.act.label()}
            </Button>
        </form>
    }
}
