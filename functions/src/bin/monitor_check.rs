//! The check of monitoring as a Lambda function of its own: takes no input, finds the slots in which nobody looked, counts
//! days that are over and locks their records away.

use functions::{app::App, evidence::monitor::check, http::lambda};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let done = check::run_due(&app).await?;
            tracing::info!(done, "monitoring was checked");
            Ok::<_, lambda_http::Error>(done)
        }
    }))
    .await
}
