//! The erasure job as a Lambda function: takes no input, opens cases of what falls due and finishes what was cut off
//! (Arts. 22 and 23(1)). It never begins an erasure: that is a person's.

use functions::{app::App, http::lambda, procedure::disposal};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let due = disposal::run_due(&app).await.map_err(|error| error.code.wire())?.len();
            tracing::info!(due, "looked for what falls due");
            Ok::<_, lambda_http::Error>(due)
        }
    }))
    .await
}
