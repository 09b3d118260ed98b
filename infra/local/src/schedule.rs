//! The schedules: what EventBridge starts in the cloud starts here, by the environment's clock.

use crate::door::Door;
use functions::{
    app::App,
    book::sweep,
    evidence::{
        asked, backup, drill,
        monitor::{self, check, ring},
        monthly,
        pause::Pause,
        runbooks, seal, system,
    },
    portal::publish,
    procedure::{data_use, disposal, outbox},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How often the jobs look whether something is due. They take no input and are safe to repeat.
const EVERY: Duration = Duration::from_secs(20);

/// The pause after a failed drill: each try may leave locked objects behind.
const AFTER_FAILURE: Duration = Duration::from_secs(600);

/// Rounds of monitoring for one object of the door's log: a firewall in the cloud writes one in five minutes, too.
const DOOR_ROUNDS: u32 = 15;

/// Looks at every part in its slot, for as long as the process: by a task of its own, so that nothing keeps it waiting.
pub async fn monitor(app: Arc<App>, door: Door) {
    let mut every = tokio::time::interval(EVERY);
    for round in 1_u32.. {
        every.tick().await;
        if (round.is_multiple_of(DOOR_ROUNDS) || door.is_crowded())
            && let Err(error) = door.write(&app).await
        {
            tracing::error!(%error, "the door's log was not written; it is tried again");
        }
        if let Err(error) = monitor::run_due(&app).await {
            tracing::error!(%error, "nobody looked; it is tried again");
        }
    }
}

/// Looks at the key ring, for as long as the process: as in the cloud, not by monitoring.
pub async fn look_at_ring(app: Arc<App>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        if let Err(error) = ring::run_due(&app).await {
            tracing::error!(%error, "nobody looked at the key ring; it is tried again");
        }
    }
}

/// Checks that it was looked, for as long as the process: by another task.
pub async fn check_monitoring(app: Arc<App>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        if let Err(error) = check::run_due(&app).await {
            tracing::error!(%error, "monitoring was not checked; it is tried again");
        }
    }
}

/// Reads generations back and restores in isolation, for as long as the process.
pub async fn drill(app: Arc<App>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        if let Err(error) = drill::run_due(&app, None).await {
            tracing::error!(%error, "the drill failed; it is tried again in ten minutes");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}

/// Opens cases of what falls due and erases what a person began, for as long as the process: by a task of its own, and at once
/// when somebody began.
pub async fn erase(app: Arc<App>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = app.erasure_begun.notified() => {}
        }
        if let Err(error) = disposal::run_due(&app).await {
            tracing::error!(code = error.code.wire(), "the erasure job failed; it is tried again");
        }
    }
}

/// Carries out what somebody asked for by hand, for as long as the process: by a task of its own, and at once when somebody
/// asked.
pub async fn by_hand(app: Arc<App>) {
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = app.run_asked.notified() => {}
        }
        if let Err(error) = asked::run_due(&app).await {
            tracing::error!(%error, "what was asked for by hand is not done; it is tried again");
        }
    }
}

/// Runs for as long as the process.
pub async fn run(app: Arc<App>) {
    let (daily, every_month) = (Pause::default(), Pause::default());
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        if let Err(error) = publish::run_due(&app).await {
            tracing::error!(%error, "the portal's files were not written; it is tried again");
        }
        if let Err(error) = outbox::run_due(&app).await {
            tracing::error!(%error, "errands were not carried out; it is tried again");
        }
        match daily.around(Instant::now(), backup::run_due(&app)).await {
            Ok(made) if !made.is_empty() => {
                tracing::info!(generations = made.len(), "daily backups written and verified");
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "the daily backup failed; it is tried again in ten minutes");
            }
        }
        match every_month.around(Instant::now(), monthly::run_due(&app)).await {
            Ok(Some(_)) => tracing::info!("the monthly backup was written and verified"),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "the monthly backup failed; it is tried again in ten minutes");
            }
        }
        if let Err(error) = system::run_due(&app).await {
            tracing::error!(%error, "the system data was not saved; it is tried again");
        }
        if let Err(error) = seal::run_due(&app).await {
            tracing::error!(%error, "the audit log was not sealed; it is tried again");
        }
        if let Err(error) = sweep::run(&app).await {
            tracing::error!(%error, "orphaned uploads were not swept; it is tried again");
        }
        if let Err(error) = data_use::sweep(&app).await {
            tracing::error!(%error, "outputs past their use period were not removed; it is tried again");
        }
        if let Err(error) = runbooks::keep_due(&app).await {
            tracing::error!(%error, "the runbooks were not kept in the archive; it is tried again");
        }
    }
}
