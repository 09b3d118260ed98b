//! Writing of the portal's files as a Lambda function: takes no input, writes what is published (Art. 14(2)).

use functions::{app::App, http::lambda, portal::publish};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let files = publish::run_due(&app).await?;
            tracing::info!(files, "the portal's files are as published");
            Ok::<_, lambda_http::Error>(files)
        }
    }))
    .await
}
