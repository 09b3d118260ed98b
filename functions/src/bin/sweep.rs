//! The sweep of orphaned uploads and of outputs past their use as a Lambda function: takes no input, safe to repeat.

use functions::{app::App, book::sweep, http::lambda, procedure::data_use};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let removed = sweep::run(&app).await?;
            let ended = data_use::sweep(&app).await?;
            tracing::info!(removed, ended, "orphaned uploads and ended outputs swept");
            Ok::<_, lambda_http::Error>(removed)
        }
    }))
    .await
}
