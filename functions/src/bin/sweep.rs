//! The sweep of orphaned uploads and of outputs past their use as a Lambda function: takes no input, safe to repeat.

use functions::{book::sweep, http::lambda, procedure::data_use};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let removed = sweep::run(app).await?;
        let ended = data_use::sweep(app).await?;
        tracing::info!(removed, ended, "orphaned uploads and ended outputs swept");
        Ok(removed)
    })
    .await
}
