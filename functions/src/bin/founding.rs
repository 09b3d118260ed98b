//! The founding of an empty environment as a Lambda function (Art. 13): whoever deploys calls it once, by hand, with the first
//! offices and people. The answer alone has the passwords of their letters.

use functions::{
    http::lambda,
    people::founding::{self, Founding},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::called(lambda::app().await?, async |app, founding: Founding| {
        let letters = founding::run(app, &founding).await?;
        tracing::info!(people = letters.len(), "the environment is founded");
        Ok(letters)
    })
    .await
}
