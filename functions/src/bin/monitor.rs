//! Monitoring as a Lambda function (Art. 24(2)): takes no input, looks in every slot of now that has no record yet.
//! Started every minute: a slot of five minutes has then five tries. It stands outside the network; what follows from what it
//! wrote down, `monitor_check` does inside.

use functions::{evidence::monitor, http::lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let made = monitor::look_due(app).await?;
        tracing::info!(records = made, "looked");
        Ok(made)
    })
    .await
}
