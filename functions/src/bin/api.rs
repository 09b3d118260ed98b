//! The API as a Lambda function behind API Gateway v2 or a function URL.

use functions::http::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::serve(lambda::app().await?).await
}
