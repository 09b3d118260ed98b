//! The function that prints official sheets: the same dispatcher as the API's, with a press. The edge sends it the
//! addresses `/api/cases/*/sheet`. Its fonts lie beside it, in the folder that `TSUNAGARU_FONTS` names.

use functions::{app::App, http::lambda};
use std::{path::PathBuf, sync::Arc};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    let fonts = std::env::var_os("TSUNAGARU_FONTS").map_or_else(|| PathBuf::from("fonts"), PathBuf::from);
    let _ = app.press.set(Arc::new(sheet::Press::new(&fonts)?));
    lambda::serve(app).await
}
