//! Files on their way to a note: the button, drag and drop over the whole page, paste, and a row for each.

use super::desk::Desk;
use crate::{
    components::{Button, ButtonKind, Icon, Shape},
    upload::{ACCEPT, State, Upload, is_picture},
    words,
};
use leptos::{ev, prelude::*};
use web_sys::{DataTransfer, File, FileList, HtmlInputElement};

fn chosen(files: Option<FileList>) -> Vec<File> {
    files.map_or_else(Vec::new, |files| (0..files.length()).filter_map(|at| files.get(at)).collect())
}

fn carries_files(data: &DataTransfer) -> bool {
    data.types().iter().any(|kind| kind == "Files")
}

/// The button that opens the file dialog. The input itself takes focus and keys; its label is what one sees.
#[component]
pub fn AttachButton(desk: Desk) -> impl IntoView {
    let picked = move |event: ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        desk.attach(chosen(input.files()));
        // So that the same file can be chosen again after it was taken off.
        input.set_value("");
    };
    view! {
        <span class="attach">
            <input
                type="file"
                id="composer-files"
                class="visually-hidden"
                multiple
                accept=ACCEPT
                disabled=move || !desk.open()
                on:change=picked
            />
            <label for="composer-files" class="button"><Icon shape=Shape::Clip /><span>"添付"</span></label>
        </span>
    }
}

/// Drop and paste, anywhere on the page.
#[component]
pub fn DropAnywhere(desk: Desk) -> impl IntoView {
    let over = RwSignal::new(false);
    let dragged = window_event_listener(ev::dragover, move |event| {
        if event.data_transfer().is_some_and(|data| carries_files(&data)) {
            // Without this the browser would leave the page and show the file.
            event.prevent_default();
            over.set(true);
        }
    });
    let left = window_event_listener(ev::dragleave, move |event| {
        // Only leaving the window has nowhere to go to.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    let dropped = window_event_listener(ev::drop, move |event| {
        over.set(false);
        if let Some(data) = event.data_transfer().filter(carries_files) {
            event.prevent_default();
            desk.attach(chosen(data.files()));
        }
    });
    let pasted = window_event_listener(ev::paste, move |event| {
        let Some(data) = event.clipboard_data() else { return };
        // A table copied from Excel carries a picture of itself beside its text: the text is meant.
        let has_text = data.types().iter().any(|kind| kind == "text/plain");
        if carries_files(&data) && !has_text {
            event.prevent_default();
            desk.attach(chosen(data.files()));
        }
    });
    on_cleanup(move || {
        dragged.remove();
        left.remove();
        dropped.remove();
        pasted.remove();
    });
    move || {
        over.get().then(
            || view! { <div class="drop-here" aria-hidden="true"><p>"ここで離すと添付します"</p></div> },
        )
    }
}

/// A row for each file.
#[component]
pub fn FileRows(desk: Desk) -> impl IntoView {
    let cut_off = move || {
        desk.unfinished.with(|names| {
            (!names.is_empty()).then(|| {
                let names = names.join("」「");
                view! {
                    <li class="file-row">
                        <span class="file-body error">"「"{names}"」は途中で止まりました。もう一度添付してください。"</span>
                        <button
                            type="button"
                            class="button button-plain"
                            on:click=move |_| desk.unfinished.set(Vec::new())
                        >
                            "消す"
                        </button>
                    </li>
                }
            })
        })
    };
    // Only numbers: a file itself belongs to the browser and cannot be compared.
    let keys = move || desk.files.with(|files| files.iter().map(|upload| upload.key).collect::<Vec<_>>());
    let row = move |key: u32| {
        let upload = desk.files.with_untracked(|files| files.iter().find(|file| file.key == key).cloned());
        upload.map(|upload| view! { <FileRow desk=desk upload=upload /> })
    };
    let any = move || desk.files.with(|f| !f.is_empty()) || desk.unfinished.with(|names| !names.is_empty());
    view! {
        <Show when=any>
            <ul class="file-rows" aria-label="添付するファイル">
                {cut_off}
                <For each=keys key=|key| *key children=row />
            </ul>
        </Show>
    }
}

#[component]
fn FileRow(desk: Desk, upload: Upload) -> impl IntoView {
    let state = RwSignal::from(upload.state.clone());
    let preview = Memo::new(move |_| {
        state.with(|state| match state {
            State::Ready { preview, file } if is_picture(file) => preview.clone(),
            _ => None,
        })
    });
    let (key, name) = (upload.key, upload.name.clone());
    let label = format!("「{name}」");
    let progress = move |doing: &'static str, percent: u8| {
        view! {
            <span class="file-state">{doing}" "{percent}"%"</span>
            <progress max="100" value=percent.to_string() aria-label=doing></progress>
        }
        .into_any()
    };
    let again = StoredValue::new_local(upload.clone());
    let where_it_stands = move || match state.get() {
        State::Checking(percent) => progress("確認中", percent),
        State::Sending(percent) => progress("送信中", percent),
        State::Confirming => view! { <span class="file-state">"仕上げ中…"</span> }.into_any(),
        State::Ready { .. } => {
            view! { <span class="file-state"><Icon shape=Shape::Check />"添付しました"</span> }.into_any()
        }
        State::Failed { sentence, retry } => {
            let press = Callback::new(move |()| desk.run(again.get_value()));
            view! {
                <span class="error" role="alert"><Icon shape=Shape::Alert /><span>{sentence}</span></span>
                {retry.then(|| view! { <Button kind=ButtonKind::Plain icon=Shape::Reload on_press=press>"もう一度"</Button> })}
            }
            .into_any()
        }
    };
    view! {
        <li class="file-row">
            {move || preview.get().map(|url| view! { <img class="file-preview" src=url alt="" width="56" height="56" /> })}
            <span class="file-body">
                <span class="file-name">{name} <small>"（"{words::size(upload.bytes)}"）"</small></span>
                <span class="file-progress">{where_it_stands}</span>
            </span>
            <button
                type="button"
                class="button button-plain button-icon"
                aria-label=format!("{label}を外す")
                disabled=move || !desk.open()
                on:click=move |_| desk.detach(key)
            >
                <Icon shape=Shape::Close />
            </button>
        </li>
    }
}
