//! Monitoring as a Lambda function (Art. 24(2)): takes no input, looks in every slot of now that has no record yet.
//! Started every minute: a slot of five minutes has then five tries.

use functions::{app::App, evidence::monitor, http::lambda};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let made = monitor::run_due(&app).await?;
            tracing::info!(records = made, "looked");
            Ok::<_, lambda_http::Error>(made)
        }
    }))
    .await
}
