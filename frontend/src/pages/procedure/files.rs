//! 添付ファイル: what hangs on a case, and the way to hang something on it.

use crate::{
    components::{Button, Icon, Shape},
    load::Load,
    session::use_me,
    submission::{SendFailure, Submission},
    upload::{ACCEPT, For, State, Upload, UploadRow},
    words,
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    api::procedure::OpenCaseFile,
    book::Attachment,
    id::CaseId,
    procedure::{CASE_FILES_MAX, Case, Opened, party_to},
};
use web_sys::HtmlInputElement;

/// The files of a case. One that is chosen is brought to the server at once and hangs on the case then.
#[component]
pub fn CaseFiles(
    /// The case.
    case: StoredValue<Case>,
    /// Loads it again.
    opened: Load<Opened>,
) -> impl IntoView {
    let (id, files) = case.with_value(|case| (case.id, case.files.clone()));
    let may = case.with_value(|case| !case.state.is_closed() && party_to(case, &use_me().actor).is_some());
    let more = may && files.len() < CASE_FILES_MAX;
    let none = files.is_empty();
    let chosen = RwSignal::new_local(None::<Upload>);
    let bring = move |upload: Upload| {
        spawn_local(async move {
            let state = upload.state.clone();
            upload.run(For::Case(id)).await;
            if matches!(state.get_untracked(), State::Ready { .. }) {
                opened.again();
            }
        });
    };
    let picked = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            let upload = Upload::of_file(0, file);
            chosen.set(Some(upload.clone()));
            bring(upload);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    };
    let again = Callback::new(move |()| {
        if let Some(upload) = chosen.get_untracked() {
            bring(upload);
        }
    });
    view! {
        <section class="stack" hidden=none && !more>
            <h2>"添付ファイル"</h2>
            {none.then(|| view! { <p>"ありません。"</p> })}
            <ul class="settings-list">
                {files.into_iter().map(|file| view! { <OneFile case=id file=file /> }).collect_view()}
            </ul>
            {more
                .then(|| {
                    view! {
                        <p class="hint">
                            "この案件に関わる人が開けます。患者の情報が写ったものは添付しないでください（50MBまで）。"
                        </p>
                        <span class="attach">
                            <input type="file" id="case-file" class="visually-hidden" accept=ACCEPT on:change=picked />
                            <label for="case-file" class="button">
                                <Icon shape=Shape::Clip />
                                <span>"ファイルを添付する"</span>
                            </label>
                        </span>
                    }
                })}
            {move || chosen.get().map(|upload| view! { <UploadRow upload=upload run=again /> })}
        </section>
    }
}

#[component]
fn OneFile(case: CaseId, file: Attachment) -> impl IntoView {
    let sending = Submission::new();
    let (id, name) = (file.id, file.name.clone());
    let open = move || sending.fetch_file::<OpenCaseFile>((case, id), name.clone());
    view! {
        <li>
            <span class="settings-what">
                <strong>{file.name.clone()}</strong>
                <span class="hint">{file.file_type.label()} "　" {words::size(file.bytes)}</span>
            </span>
            <Button icon=Shape::Download busy=sending.busy on_press=open>
                "開く" <span class="visually-hidden">{file.name}</span>
            </Button>
            <SendFailure sending=sending what="開けませんでした。" />
        </li>
    }
}
