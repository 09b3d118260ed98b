//! Sealing of the audit log as a Lambda function: takes no input, seals what has settled (requirements §2, 8).

use functions::{app::App, evidence::seal, http::lambda};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let made = seal::run_due(&app).await?;
            tracing::info!(seals = made, "audit log sealed");
            Ok::<_, lambda_http::Error>(made)
        }
    }))
    .await
}
