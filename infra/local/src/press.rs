//! The press for official sheets, where its fonts are there.

use functions::app::App;
use std::{path::PathBuf, sync::Arc};

/// Names the folder with the fonts; `cargo xtask` sets it.
const VARIABLE: &str = "TSUNAGARU_FONTS";

/// Gives the environment a press. Without fonts PDFs are refused with a sentence, and everything else goes on.
pub fn give(app: &App) {
    let Some(folder) = std::env::var_os(VARIABLE).map(PathBuf::from) else {
        tracing::warn!("{VARIABLE} is not set: no official sheets as PDF");
        return;
    };
    match sheet::Press::new(&folder) {
        Ok(press) => {
            let _ = app.press.set(Arc::new(press));
        }
        Err(error) => tracing::warn!(%error, "no official sheets as PDF"),
    }
}
