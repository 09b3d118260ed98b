//! The founding of an empty environment as a Lambda function (Art. 13): whoever deploys calls it once, by hand, with the first
//! offices and people. The answer alone has the passwords of their letters.

use functions::{
    app::App,
    http::lambda,
    people::founding::{self, Founding},
};
use lambda_http::lambda_runtime::{LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_to_cloud();
    let app = App::from_env().await?;
    run(service_fn(|event: LambdaEvent<Founding>| {
        let app = app.clone();
        async move {
            let letters = founding::run(&app, &event.payload).await?;
            tracing::info!(people = letters.len(), "the environment is founded");
            Ok::<_, lambda_http::Error>(letters)
        }
    }))
    .await
}
