//! A restore as a Lambda function (Arts. 18(9), 23(1)): whoever restores calls it again and again, with the same plan, until it
//! says that it is done. It reads the archive of another environment and fills this one, which is empty.

use functions::{
    evidence::restore::{Plan, Progress, Restoring},
    http::lambda,
};
use serde::{Deserialize, Serialize};
use std::time::Instant;

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    plan: Plan,
    /// Reads and counts, and writes nothing: for what can be read in one call.
    #[serde(default)]
    dry_run: bool,
}

/// How far it is.
#[derive(Serialize)]
struct Answer {
    done: bool,
    progress: Progress,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let into = lambda::app().await?;
    let from = into.beside(into.settings.restored_from()?);
    lambda::called(into, async |into, Asked { plan, dry_run }| {
        let target = if dry_run { None } else { Some(&**into) };
        let mut restoring = Restoring::begin(&from, target, plan).await?;
        let done = restoring.work(Some(Instant::now() + lambda::WORK), |_| ()).await?;
        tracing::info!(done, generations = restoring.progress().restored.generations, "restored");
        Ok(Answer { done, progress: restoring.progress().clone() })
    })
    .await
}
