//! The API as a Lambda function behind API Gateway v2 or a function URL.

use functions::{app::App, http::lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    lambda::serve(App::from_env().await?).await
}
