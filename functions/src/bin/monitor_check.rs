//! The check of monitoring as a Lambda function of its own: takes no input, takes on what monitoring found, finds the slots in
//! which nobody looked, counts days that are over and locks their records away.

use functions::{evidence::monitor::check, http::lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let done = check::run_due(app).await?;
        tracing::info!(done, "monitoring was checked");
        Ok(usize::from(done))
    })
    .await
}
