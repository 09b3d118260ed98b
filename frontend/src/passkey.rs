//! Passkeys in the browser, by the script that the sign-in page uses too (`static/passkey.js`).

use js_sys::{Function, JSON, Promise, Reflect};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

fn function(name: &str) -> Option<(JsValue, Function)> {
    let script = Reflect::get(&window(), &JsValue::from_str("tsunagaruPasskey")).ok()?;
    let function = Reflect::get(&script, &JsValue::from_str(name)).ok()?.dyn_into().ok()?;
    Some((script, function))
}

/// Whether this browser has passkeys.
pub fn supported() -> bool {
    function("supported")
        .and_then(|(script, supported)| supported.call0(&script).ok())
        .is_some_and(|answer| answer.is_truthy())
}

/// Makes a passkey for these options; `None` if the person closed the question or the device refused.
pub async fn create(options: &Value) -> Option<Value> {
    run("create", options).await
}

/// Lets a passkey sign these options; `None` as in [`create`].
pub async fn get(options: &Value) -> Option<Value> {
    run("get", options).await
}

async fn run(name: &str, options: &Value) -> Option<Value> {
    let (script, run) = function(name)?;
    let promise: Promise =
        run.call1(&script, &JsValue::from_str(&options.to_string())).ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(promise).await.ok()?;
    // A text; anything else would be another script's.
    JSON::parse(&answer.as_string()?).ok()?;
    serde_json::from_str(&answer.as_string()?).ok()
}
