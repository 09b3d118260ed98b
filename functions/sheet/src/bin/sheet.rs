//! The function that prints official sheets: the same dispatcher as the API's, with a press. The edge sends it the
//! addresses of what is printed (`/api/cases/*/sheet` and others).

use functions::http::lambda;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::serve(sheet::start::app().await?).await
}
