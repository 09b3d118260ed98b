//! The document of a consent: one file on its way, and one on record.

use crate::{
    components::{Button, Icon, Shape},
    submission::{SendFailure, Submission},
    upload::{ACCEPT, For, Upload, UploadRow},
};
use leptos::{ev, prelude::*, task::spawn_local};
use shared::{
    api::book as api,
    book::Attachment,
    id::{AttachmentId, PatientId},
};
use web_sys::HtmlInputElement;

/// The chosen file.
pub type Chosen = RwSignal<Option<Upload>, LocalStorage>;

/// The identifier of the chosen file, once the server has it.
pub fn arrived(chosen: Chosen) -> Option<AttachmentId> {
    chosen.with(|upload| upload.as_ref().and_then(Upload::ready)).map(|file| file.id)
}

/// Chooses one file and brings it to the server at once.
#[component]
pub fn DocumentField(
    /// Whose document.
    patient: PatientId,
    /// What is asked.
    label: &'static str,
    /// An id that nothing else on the page has.
    id: &'static str,
    /// The chosen file.
    chosen: Chosen,
    /// What is wrong.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let run = move |upload: Upload| spawn_local(upload.run(For::Consent(patient)));
    let picked = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            if let Some(before) = chosen.get_untracked() {
                before.cancel();
            }
            let upload = Upload::of_file(0, file);
            chosen.set(Some(upload.clone()));
            run(upload);
        }
        // So that the same file can be chosen again.
        input.set_value("");
    };
    let described = format!("{id}-error");
    view! {
        <div class="field" class:field-wrong=move || error.with(Option::is_some)>
            <p class="label">{label}</p>
            <p class="hint">"紙の書面は写真かPDFにして添付します（50MBまで）。"</p>
            <span class="attach">
                <input type="file" id=id class="visually-hidden" accept=ACCEPT aria-describedby=described.clone() on:change=picked />
                <label for=id class="button"><Icon shape=Shape::Clip /><span>"書面を選ぶ"</span></label>
            </span>
            {move || chosen.get().map(|upload| view! { <UploadRow upload=upload run=Callback::new(move |()| {
                if let Some(upload) = chosen.get_untracked() {
                    run(upload);
                }
            }) /> })}
            <div class="error" id=described aria-live="polite">
                {move || error.get().map(|words| view! { <Icon shape=Shape::Alert /><span>{words}</span> })}
            </div>
        </div>
    }
}

/// A document on record, to download.
#[component]
pub fn Recorded(
    /// Whose.
    patient: PatientId,
    /// Which.
    file: Attachment,
) -> impl IntoView {
    let sending = Submission::new();
    let (id, name) = (file.id, file.name.clone());
    let open = move || sending.fetch_file::<api::OpenConsentDocument>((patient, id), name.clone());
    view! {
        <div class="document">
            <Button icon=Shape::Download busy=sending.busy on_press=open>{file.name}</Button>
            <SendFailure sending=sending what="開けませんでした。" />
        </div>
    }
}
