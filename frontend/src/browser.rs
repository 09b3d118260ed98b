//! The few things asked of the browser directly. Each answers quietly where the browser refuses (a closed
//! storage, a missing element): nothing of this may stop somebody from reading or writing.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, FocusOptions, HtmlElement, Storage};

/// Milliseconds since the page was opened, by a clock that nobody can set.
pub fn since_start_ms() -> f64 {
    window().performance().map_or(0.0, |p| p.now())
}

/// What this browser keeps for this site, if it keeps anything.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The present path and query.
pub fn here() -> String {
    let location = window().location();
    let part = |part: Result<String, JsValue>| part.unwrap_or_default();
    part(location.pathname()) + &part(location.search())
}

/// Goes to another page of the site, leaving this one out of the history.
pub fn leave_to(path: &str) {
    // A browser that refuses to navigate leaves the page as it is: there is nothing better to do.
    let _ = window().location().replace(path);
}

/// Loads the page anew, with the newest program.
pub fn reload() {
    let _ = window().location().reload();
}

/// Whether somebody can see this page now.
pub fn visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Moves the focus to an element; the browser brings it into view.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Moves the focus to the first field that is wrong, once that is drawn: on a phone it may be screens above the button, and
/// whoever hears the page would look for it. An open dialog is all there is.
pub fn lead_to_wrong_field() {
    request_animation_frame(|| {
        let whole = || document().document_element();
        let within = document().query_selector("dialog[open]").ok().flatten().or_else(whole);
        let fields = within.and_then(|all| all.query_selector_all(WRONG_FIELDS).ok());
        let Some(fields) = fields else { return };
        let mut fields = (0..fields.length()).filter_map(|n| fields.get(n)?.dyn_into::<HtmlElement>().ok());
        if let Some(first) = fields.find(|field| field.offset_width() > 0) {
            focus(&first);
        }
    });
}

/// What can be filled in where the components mark a field or a group as wrong.
const WRONG_FIELDS: &str = ".field-wrong :is(input, select, textarea)";

/// Moves the focus to an element, leaving the page where it is.
pub fn focus_in_place(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Gives the person a file of this name.
///
/// # Errors
/// The browser's reason.
pub fn save(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    give(name, &web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
}

fn give(name: &str, file: &web_sys::Blob) -> Result<(), JsValue> {
    let address = web_sys::Url::create_object_url_with_blob(file)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The download has begun long before.
    set_timeout(
        move || {
            let _ = web_sys::Url::revoke_object_url(&address);
        },
        Duration::from_secs(60),
    );
    Ok(())
}

/// The bytes of a text in base64; `None` if it is none.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    // The browser answers with a text of one letter for each byte.
    window().atob(text).ok()?.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}

/// Waits.
pub async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    // A timer's promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Fetches a file of the store and gives it to the person under its name: the store's address does not have it. What the
/// browser cannot take into its memory comes under the store's own name for it.
pub async fn download_as(url: &str, name: &str) {
    if fetch_as(url, name).await.is_err() {
        download(url);
    }
}

async fn fetch_as(url: &str, name: &str) -> Result<(), JsValue> {
    let answer: web_sys::Response = JsFuture::from(window().fetch_with_str(url)).await?.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    give(name, &JsFuture::from(answer.blob()?).await?.dyn_into()?)
}

/// Fetches a file that the store answers as a download, so the page stays.
pub fn download(url: &str) {
    let link =
        document().create_element("a").ok().and_then(|a| a.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(url);
        link.set_download("");
        link.set_rel("noopener");
        link.click();
    }
}
