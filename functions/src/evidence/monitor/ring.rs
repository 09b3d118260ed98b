//! The look at the key ring. Monitoring itself stands outside the network, where no key may go; so a function looks that may
//! read keys for its own work, beside that work and however long that takes.

use super::{Found, MonitorError, run_slot, settle};
use crate::{
    app::App,
    evidence::ring::{Ring, Standing},
    store::{error::StoreError, probe::Bucket, ring::KeyCopy},
};
use futures::future;
use shared::evidence::{KeyName, monitor::Cadence};
use std::time::Duration;
use tokio::{sync::Notify, time::timeout};

/// Looks in the slot of now unless it has its record, and takes on what it found; whether it did. Takes no input and is safe
/// to repeat.
///
/// # Errors
/// If table or incident cannot be written.
pub async fn run_due(app: &App) -> Result<bool, MonitorError> {
    if app.store.monitored_since().await?.is_none() || !run_slot(app, Cadence::Ring, app.clock.now()).await? {
        return Ok(false);
    }
    settle::run_due(app).await?;
    Ok(true)
}

/// Does other work, and meanwhile looks in every slot that comes, trying `every` so often. What the work gave, and how the
/// last look went: the work is done to its end in any case.
pub async fn beside<T>(
    app: &App,
    every: Duration,
    work: impl Future<Output = T>,
) -> (T, Result<(), MonitorError>) {
    let over = Notify::new();
    let working = async {
        let done = work.await;
        over.notify_one();
        done
    };
    let looking = async {
        loop {
            // On the heap: what follows from a look is deep, and the work it stands beside is, too.
            let looked = Box::pin(run_due(app)).await;
            if timeout(every, over.notified()).await.is_ok() {
                return looked.map(drop);
            }
        }
    };
    future::join(working, looking).await
}

/// Whether the newest key can be read and unwrapped from both copies; where there is none yet, whether both places answer.
pub(super) async fn look(app: &App) -> Result<Found, StoreError> {
    let Some(day) = app.store.last_day_kept().await? else { return places(app).await };
    let name = KeyName::Day(day);
    let standing = Ring::open(app)?.standing(name).await?;
    Ok(match standing {
        Standing::Whole => Found::good(format!("鍵 {name} を両方の写しから取り出せました")),
        Standing::OneCopy(lost) => {
            Found::bad(format!("鍵 {name} を{}の写しから取り出せません", lost.label()))
        }
        Standing::Lost => Found::bad(format!("鍵 {name} をどちらの写しからも取り出せません")),
        Standing::Another => Found::bad(format!("鍵 {name} が、使っている鍵と違います")),
        Standing::Destroyed => return places(app).await,
    })
}

async fn places(app: &App) -> Result<Found, StoreError> {
    for copy in KeyCopy::ALL {
        app.store.blobs.answers(Bucket::Keys(copy)).await?;
    }
    Ok(Found::good("使っている鍵はありません。両方の場所から応答あり"))
}
