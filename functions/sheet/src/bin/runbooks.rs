//! The runbooks (手順書) in the locked archive as a Lambda function: takes no input, keeps what is not there yet, as text and
//! as PDF (Arts. 21(4), 24(3)).

use functions::evidence::runbooks;
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = sheet::start::app().await?;
    run(service_fn(|_: LambdaEvent<serde_json::Value>| {
        let app = app.clone();
        async move {
            let kept = runbooks::keep_due(&app).await?;
            tracing::info!(kept, "runbooks in the archive checked");
            Ok::<_, lambda_http::Error>(kept)
        }
    }))
    .await
}
