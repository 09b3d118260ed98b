//! The drill as a Lambda function (requirements §2, 12): takes no input, reads generations back, restores in isolation and
//! proves it.

use functions::{evidence::drill, http::lambda};
use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::job(lambda::app().await?, async |app| {
        let ran = drill::run_due(app, Some(Instant::now() + lambda::WORK)).await?;
        let read = ran.as_ref().map_or(0, |ran| ran.read);
        let proven = ran.is_some_and(|ran| ran.proof.is_some());
        tracing::info!(read, proven, "generations were read back");
        Ok(read)
    })
    .await
}
