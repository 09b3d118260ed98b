//! The backup job as a Lambda function: takes no input, compares what is with what should be (Art. 23(1)).

use functions::{
    app::App,
    evidence::{asked, backup, monthly, pause::Pause, system},
    http::lambda,
};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    let pauses = (Pause::default(), Pause::default());
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let (app, pauses) = (app.clone(), &pauses);
        async move {
            // Each is tried, whatever became of the one before; the first that failed is the news.
            let asked = asked::run_due(&app).await;
            let made = pauses.0.around(Instant::now(), backup::run_due(&app)).await;
            let monthly = pauses.1.around(Instant::now(), monthly::run_due(&app)).await;
            let system = system::run_due(&app).await;
            let (asked, made, monthly, system) = (asked?, made?, monthly?, system?);
            let made = made.len() + usize::from(monthly.is_some()) + usize::from(system.is_some());
            tracing::info!(by_hand = asked, generations = made, "backups checked");
            Ok::<_, lambda_http::Error>(asked + made)
        }
    }))
    .await
}
