//! The outbox as a Lambda function: takes no input, carries out what follows steps (figure 3).

use aws_config::BehaviorVersion;
use functions::{http::lambda, patience, post::Ses, procedure::outbox};
use std::sync::Arc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = lambda::app().await?;
    if let Some(from) = &app.settings.mail_from {
        let config = aws_config::defaults(BehaviorVersion::latest());
        let config = config.timeout_config(patience::of_blobs()).retry_config(patience::tries()).load().await;
        let _ = app.post.set(Arc::new(Ses::new(aws_sdk_sesv2::Client::new(&config), from)));
    }
    lambda::job(app, async |app| {
        let done = outbox::run_due(app).await?;
        tracing::info!(done, "errands carried out");
        Ok(done)
    })
    .await
}
