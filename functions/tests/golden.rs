//! The messages of the contract, as outside tools read them: a change must be made on purpose, because a browser
//! may hold last week's application. `cargo xtask golden` writes the file anew.
#![allow(clippy::unwrap_used, reason = "a golden file that cannot be written is a failed test")]

use serde_json::Value;

/// Keys in order, whether or not some dependency asks serde_json to keep the order of insertion.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<_> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[test]
fn openapi() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/openapi.json");
    let text = serde_json::to_string_pretty(&sorted(functions::http::openapi::document())).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "openapi.json differs from what the code says; `cargo xtask golden` writes it anew"
    );
}
