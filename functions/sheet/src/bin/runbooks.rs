//! The runbooks (手順書) in the locked archive as a Lambda function: takes no input, keeps what is not there yet, as text and
//! as PDF (Arts. 21(4), 24(3)).

use functions::{evidence::runbooks, http::lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(sheet::start::app().await?, async |app| {
        let kept = runbooks::keep_due(app).await?;
        tracing::info!(kept, "runbooks in the archive checked");
        Ok(kept)
    })
    .await
}
