//! The backup job as a Lambda function: takes no input, compares what is with what should be (Art. 23(1)).

use functions::{
    evidence::{asked, backup, monthly, pause::Pause, system},
    http::lambda,
};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let pauses = (Pause::default(), Pause::default());
    lambda::job(lambda::app().await?, async |app| {
        // Each is tried, whatever became of the one before; the first that failed is the news.
        let asked = asked::run_due(app).await;
        let made = pauses.0.around(Instant::now(), backup::run_due(app)).await;
        let monthly = pauses.1.around(Instant::now(), monthly::run_due(app)).await;
        let system = system::run_due(app).await;
        let (asked, made, monthly, system) = (asked?, made?, monthly?, system?);
        let made = made.len() + usize::from(monthly.is_some()) + usize::from(system.is_some());
        tracing::info!(by_hand = asked, generations = made, "backups checked");
        Ok(asked + made)
    })
    .await
}
