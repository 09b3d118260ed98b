//! The drill as a Lambda function (requirements §2, 12): takes no input, reads generations back, restores in isolation and
//! proves it.

use functions::{app::App, evidence::drill, http::lambda};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let ran = drill::run_due(&app, Some(Instant::now() + lambda::WORK)).await?;
            let read = ran.as_ref().map_or(0, |ran| ran.read);
            tracing::info!(
                read,
                proven = ran.is_some_and(|ran| ran.proof.is_some()),
                "generations were read back"
            );
            Ok::<_, lambda_http::Error>(read)
        }
    }))
    .await
}
