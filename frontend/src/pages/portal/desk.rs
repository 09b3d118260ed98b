//! The desk in a case of ポータル変更: text, comparison with what is published, preview, publication. Whoever may not edit
//! sees what is prepared.

use super::{diff::diff, frame::Frame, kept};
use crate::{
    client::{self, Failure},
    components::{Button, ButtonKind, Loaded, Notice, NoticeKind, TextField, TimeText},
    load::{Load, load},
    session::use_me,
    submission::Submission,
    whenever::whenever,
};
use leptos::{prelude::*, task::spawn_local};
use shared::{
    api::{
        Empty,
        portal::{PortalDraft, PreviewPortal, ReadPortalDraft, SavePortalDraft},
        procedure::StepCase,
    },
    id::CaseId,
    portal::{Draft, PageText, Proposal, SaveProposal, Wanted},
    procedure::{Act, Case, Form, Opened, State, TakeStep},
};

/// The desk.
#[component]
pub fn PortalDesk(
    /// Which case.
    case: Case,
    /// Whether this person edits and publishes.
    may: bool,
    /// Looked at again afterwards.
    opened: Load<Opened>,
) -> impl IntoView {
    let id = case.id;
    // Before it was accepted there is nothing to show; afterwards the versions show it.
    let shows = case.state == State::Editing;
    let case = StoredValue::new(case);
    shows.then(|| {
        let read = load::<ReadPortalDraft>(move || (id, Empty {}));
        view! {
            <Loaded load=read what="変更案を読み込めませんでした。" rows=3 let:found>
                {if may {
                    view! { <Editor case=case.get_value() found=found opened=opened /> }.into_any()
                } else if found.draft.version > 0 {
                    view! { <Prepared id=id draft=found.draft /> }.into_any()
                } else {
                    view! { <p>"変更案は、まだ保存されていません。"</p> }.into_any()
                }}
            </Loaded>
        }
    })
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    title: RwSignal<String>,
    body: RwSignal<String>,
    notice_title: RwSignal<String>,
    notice_body: RwSignal<String>,
    until: RwSignal<String>,
}

impl Typed {
    fn of(proposal: &Proposal) -> Self {
        Self {
            name: RwSignal::new(proposal.name.clone()),
            title: RwSignal::new(proposal.text.title.clone()),
            body: RwSignal::new(proposal.text.body.clone()),
            notice_title: RwSignal::new(proposal.notice_title.clone()),
            notice_body: RwSignal::new(proposal.notice_body.clone()),
            until: RwSignal::new(proposal.until.map(|day| day.to_string()).unwrap_or_default()),
        }
    }

    fn proposal(self) -> Proposal {
        Proposal {
            name: self.name.get().trim().to_owned(),
            text: PageText { title: self.title.get(), body: self.body.get() },
            notice_title: self.notice_title.get(),
            notice_body: self.notice_body.get(),
            until: self.until.get().parse().ok(),
        }
    }
}

#[component]
fn Editor(case: Case, found: PortalDraft, opened: Load<Opened>) -> impl IntoView {
    let wanted = Wanted::of(&case).unwrap_or(Wanted::Notice);
    let (id, case_version) = (case.id, case.version);
    let me = use_me().actor.account;
    let unsaved = kept::typed(me, id);
    // On which saving this text stands: somebody else may have saved since, and must not be overwritten unseen.
    let on = RwSignal::new(unsaved.as_ref().map_or(found.draft.version, |(on, _)| *on));
    let typed = Typed::of(unsaved.as_ref().map_or(&found.draft.proposal, |(_, proposal)| proposal));
    // What was saved last, and on which published version it stands. Both move on without losing what is typed.
    let draft = RwSignal::new(found.draft.clone());
    let base = RwSignal::new((found.number, found.published));
    let looked = RwSignal::new(0_u32);
    let sending = Submission::new();
    let error = move |name: &'static str| {
        Signal::derive(move || sending.failure.get().and_then(|why: Failure| why.field(name)))
    };
    let changed = Memo::new(move |_| {
        let proposal = typed.proposal();
        draft.with(|draft| draft.version == 0 || draft.proposal != proposal)
    });
    whenever(move || {
        let proposal = typed.proposal();
        if draft.with(|draft| draft.proposal != proposal) {
            kept::keep(me, id, on.get(), &proposal);
        } else {
            kept::forget(me, id);
        }
    });
    let save = move || {
        let (version, based_on) = (on.get_untracked(), base.with_untracked(|(number, _)| *number));
        let proposal = untrack(|| typed.proposal());
        let command = sending.command(&(version, based_on, &proposal));
        let save = SaveProposal { command, version, based_on, proposal };
        sending.send::<SavePortalDraft>(id, save, move |saved| {
            // What the server cleaned is what is compared from now on.
            typed.name.try_set(saved.proposal.name.clone());
            typed.title.try_set(saved.proposal.text.title.clone());
            typed.body.try_set(saved.proposal.text.body.clone());
            typed.notice_title.try_set(saved.proposal.notice_title.clone());
            typed.notice_body.try_set(saved.proposal.notice_body.clone());
            on.try_set(saved.version);
            draft.try_set(saved);
        });
    };
    // Somebody else saved or published: what they wrote becomes the ground, what is typed here stays.
    let look_again = move || {
        spawn_local(async move {
            match client::call::<ReadPortalDraft>(&id, &Empty {}).await {
                Ok(newest) => {
                    on.try_set(newest.draft.version);
                    draft.try_set(newest.draft);
                    base.try_set((newest.number, newest.published));
                    sending.failure.try_set(None);
                }
                Err(why) => {
                    sending.failure.try_set(Some(why));
                }
            }
        });
    };
    let publish = move || {
        let number = draft.with_untracked(|draft| draft.version.to_string());
        let form: Form = [("draft".to_owned(), number)].into();
        let command = sending.command(&(case_version, &form));
        let take = TakeStep { command, act: Act::Publish, version: case_version, form };
        sending.send::<StepCase>(id, take, move |_| opened.again());
    };
    let why_not = Signal::derive(move || {
        if changed.get() {
            Some("先に案を保存し、見え方を確かめてください。".to_owned())
        } else if looked.get() != draft.with(|draft| draft.version) {
            Some("先に、保存した案の見え方を確かめてください。".to_owned())
        } else {
            None
        }
    });
    let page = wanted != Wanted::Notice;
    view! {
        <section class="stack portal-desk">
            <h3>"変更案"</h3>
            {move || {
                sending.failure
                    .get()
                    .map(|why| {
                        view! {
                            <Notice kind=NoticeKind::Error>
                                <p>{why.sentence()}</p>
                                <p>"入力した内容は、この画面に残っています。"</p>
                                <Button on_press=look_again>"最新の案と公開内容を読み込む"</Button>
                            </Notice>
                        }
                    })
            }}
            {page
                .then(|| {
                    view! {
                        {(wanted == Wanted::NewPage)
                            .then(|| {
                                view! {
                                    <TextField
                                        label="ページの名前（アドレス）"
                                        hint="半角の英小文字・数字・ハイフンです。公開した後は変えられません。"
                                        value=typed.name
                                        error=error("name")
                                        required=true
                                    />
                                }
                            })}
                        <TextField label="ページの題名" value=typed.title error=error("title") required=true />
                        <TextField
                            label="本文"
                            hint="見出しは「# 見出し」、箇条書きは「- 項目」、太字は「**太字**」、リンクは「[言葉](https://…)」と書きます。HTMLは使えません。"
                            value=typed.body
                            error=error("body")
                            required=true
                            lines=16
                        />
                    }
                })}
            <TextField
                label="トップページのお知らせ（見出し）"
                hint="公開と同時に、「新規」か「更新」の印を付けて表示します（第14条(3)）。"
                value=typed.notice_title
                error=error("notice_title")
                required=true
            />
            <TextField label="お知らせの本文" value=typed.notice_body error=error("notice_body") lines=4 />
            <TextField
                label="お知らせを載せる最後の日"
                hint="決めないときは、空のままにします。"
                kind="date"
                value=typed.until
                error=error("until")
            />
            <div class="actions">
                <Button busy=sending.busy on_press=save>"案を保存して見え方を確かめる"</Button>
            </div>
            {move || {
                draft
                    .with(|draft| draft.saved_at)
                    .map(|at| {
                        let by = draft.with(|draft| draft.saved_by.clone());
                        let number = draft.with(|draft| draft.version);
                        view! { <p class="hint">{format!("保存済みの案 {number}　{by}　")} <TimeText at=at /></p> }
                    })
            }}
            {page
                .then(|| {
                    view! {
                        <h3>"公開中の内容との違い"</h3>
                        {move || {
                            let before = base.with(|(_, published)| published.clone().unwrap_or_default());
                            let after = PageText { title: typed.title.get(), body: typed.body.get() };
                            diff(&before.as_hashed(), &after.as_hashed())
                        }}
                    }
                })}
            {move || {
                let number = draft.with(|draft| draft.version);
                (number > 0).then(|| view! { <Preview id=id number=number looked=looked /> })
            }}
            <div class="actions">
                <Button kind=ButtonKind::Primary busy=sending.busy reason=why_not on_press=publish>"公開する"</Button>
            </div>
        </section>
    }
}

/// The saved proposal as it will be seen, beside what is published.
#[component]
fn Preview(
    id: CaseId,
    /// Which saving.
    number: u32,
    /// The saving that was looked at, for whoever publishes.
    looked: RwSignal<u32>,
) -> impl IntoView {
    let read = load::<PreviewPortal>(move || (id, Empty {}));
    whenever(move || {
        if let Some(shown) = read.shown.with(|shown| shown.as_ref().map(|shown| shown.version))
            && shown == number
        {
            looked.set(number);
        }
    });
    view! {
        <Loaded load=read what="見え方を読み込めませんでした。" rows=3 let:shown>
            <h3>"見え方（公開する前の案です）"</h3>
            <div class="portal-beside">
                {shown
                    .page
                    .map(|page| {
                        let page = StoredValue::new(page);
                        view! { <Frame title="ページの見え方" html=Signal::derive(move || page.get_value()) /> }
                    })}
                {
                    let top = StoredValue::new(shown.top);
                    view! { <Frame title="トップページの見え方" html=Signal::derive(move || top.get_value()) /> }
                }
            </div>
        </Loaded>
    }
}

/// What is prepared, for those who wait for it.
#[component]
fn Prepared(id: CaseId, draft: Draft) -> impl IntoView {
    let looked = RwSignal::new(0_u32);
    let number = draft.version;
    view! {
        <section class="stack">
            <p>
                "システム運用者が準備している案です。" {draft.saved_by}
                {draft.saved_at.map(|at| view! { "　" <TimeText at=at /> })}
            </p>
            <Preview id=id number=number looked=looked />
        </section>
    }
}
