//! The help desk (Art. 16): when it answers, how it is reached, and how far the service is open.

use crate::http::{context::Cx, error::ApiError};
use shared::api::{Empty, procedure::Desk};
use std::sync::Arc;

/// What everybody who is signed in may know of it.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<Desk, ApiError> {
    let settings = &cx.app.settings;
    let service = cx.app.store.service().await?;
    let confirmed = match &service {
        Some(service) if !service.stops.is_empty() => cx.app.store.confirmed_by(service, cx.actor()?).await?,
        _ => Vec::new(),
    };
    Ok(Desk {
        hours: settings.hours.clone(),
        contact: settings.help_desk.clone(),
        city: settings.city.clone(),
        service,
        confirmed,
    })
}
