//! What a function with a press begins with.

use crate::Press;
use functions::{app::App, http::lambda};
use std::{path::PathBuf, sync::Arc};

/// The log, the services and the press. Its fonts lie beside the function, in the folder that `TSUNAGARU_FONTS` names.
///
/// # Errors
/// If a setting or a font is missing.
pub async fn app() -> Result<Arc<App>, lambda_http::Error> {
    let app = lambda::app().await?;
    let fonts = std::env::var_os("TSUNAGARU_FONTS").map_or_else(|| PathBuf::from("fonts"), PathBuf::from);
    let _ = app.press.set(Arc::new(Press::new(&fonts)?));
    Ok(app)
}
