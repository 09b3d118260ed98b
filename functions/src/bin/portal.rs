//! Writing of the portal's files as a Lambda function: takes no input, writes what is published (Art. 14(2)).

use functions::{http::lambda, portal::publish};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let files = publish::run_due(app).await?;
        tracing::info!(files, "the portal's files are as published");
        Ok(files)
    })
    .await
}
