//! The backup job as a Lambda function: takes no input, compares what is with what should be (Art. 23(1)).

use functions::{
    app::App,
    evidence::{backup, monthly, runbooks, system},
    http::lambda,
};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let made = backup::run_due(&app).await?;
            let monthly = monthly::run_due(&app).await?;
            let system = system::run_due(&app).await?;
            let made = made.len() + usize::from(monthly.is_some()) + usize::from(system.is_some());
            tracing::info!(generations = made, "backups checked");
            let kept = runbooks::keep_due(&app).await?;
            tracing::info!(kept, "runbooks in the archive checked");
            Ok::<_, lambda_http::Error>(made)
        }
    }))
    .await
}
