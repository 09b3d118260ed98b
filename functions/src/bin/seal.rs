//! Sealing of the audit log as a Lambda function: takes no input, seals what has settled (requirements §2, 8).

use functions::{evidence::seal, http::lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let made = seal::run_due(app).await?;
        tracing::info!(seals = made, "audit log sealed");
        Ok(made)
    })
    .await
}
