//! 文字の大きさ: 100 to 200 %, kept in this browser. `static/early.js` sets it before the first paint.

use crate::browser;
use leptos::prelude::*;

/// Where the browser keeps it; `static/early.js` reads the same name.
pub const KEY: &str = "tsunagaru.text-size";
/// The choices, in percent.
pub const SIZES: &[u16] = &[100, 125, 150, 200];

/// The size in use.
pub fn current() -> u16 {
    let kept = browser::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.and_then(|size| size.parse().ok()).filter(|size| SIZES.contains(size)).unwrap_or(100)
}

/// Uses a size from now on.
pub fn set(size: u16) {
    if let Some(root) = document().document_element() {
        let classes = root.class_list();
        for other in SIZES {
            // The class list refuses only blanks in names, and these have none.
            let _ = classes.toggle_with_force(&format!("text-{other}"), *other == size);
        }
    }
    if let Some(storage) = browser::storage() {
        // A full or closed storage only means that the choice lasts until the page is closed.
        let _ = storage.set_item(KEY, &size.to_string());
    }
}
