//! The page of monitoring (監視): each part now, ninety days in numbers, the anomalies.

use crate::http::{context::Cx, error::ApiError};
use shared::{
    CONTRACT,
    api::{
        Empty,
        evidence::{ANOMALIES_SHOWN, Health, Monitoring},
    },
    evidence::monitor::{DAYS_SHOWN, MonitorDay},
};
use std::sync::Arc;

/// What monitoring knows.
///
/// # Errors
/// If the table cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Monitoring, ApiError> {
    let store = &cx.app.store;
    let today = cx.now.day();
    let (begun, watches, mut days, anomalies) = futures::try_join!(
        store.monitored_since(),
        store.watches(),
        store.monitor_days(today.plus_days(1 - DAYS_SHOWN), today),
        store.anomalies(ANOMALIES_SHOWN),
    )?;
    if let Some(begun) = begun {
        // Yesterday is counted a little after its end; until then it is counted here, as today is.
        let counted = days.last().map(|day| day.day);
        for day in [today.plus_days(-1), today] {
            if day >= begun.day() && counted.is_none_or(|last| last < day) {
                let records = store.monitor_records(day, None).await?;
                days.push(MonitorDay::of(day, &records, begun, cx.now));
            }
        }
    }
    Ok(Monitoring { begun, watches, days, anomalies })
}

/// That we answer: the same to everybody.
///
/// # Errors
/// None.
pub async fn health(_: Arc<Cx>, (): (), _: Empty) -> Result<Health, ApiError> {
    Ok(Health { contract: CONTRACT })
}
