//! The erasure job as a Lambda function: takes no input, goes on with what a person began, and opens cases of what falls due
//! (Arts. 22 and 23(1)). It never begins an erasure: that is a person's. Because it may read keys and starts every minute, it
//! also looks at the key ring for monitoring (Art. 24(2)).

use functions::{app::App, evidence::monitor::ring, http::lambda, procedure::disposal};
use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

/// It is started every minute for those who wait; whether a day fell due is looked for once an hour.
const LOOK_EVERY_MS: i64 = 3600 * 1000;
/// How often a run that takes longer looks whether the ring's slot has its record: a slot of five minutes has five tries.
const RING_EVERY: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let looked = AtomicI64::new(0);
    lambda::job(lambda::app().await?, async |app| {
        let (done, ring) = ring::beside(app, RING_EVERY, Box::pin(erase(app, &looked))).await;
        let done = done?;
        ring?;
        Ok(done)
    })
    .await
}

/// Goes on with erasures, and now and then looks for what falls due; how many ended or fell due.
async fn erase(app: &App, looked: &AtomicI64) -> Result<usize, &'static str> {
    let now = app.clock.now().ms();
    if now - looked.load(Ordering::Relaxed) < LOOK_EVERY_MS {
        return disposal::run_begun(app).await.map_err(|error| error.code.wire());
    }
    let due = disposal::run_due(app).await.map_err(|error| error.code.wire())?.len();
    looked.store(now, Ordering::Relaxed);
    tracing::info!(due, "looked for what falls due");
    Ok(due)
}
