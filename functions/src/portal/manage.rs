//! ポータル管理: what is published, in every version.

use super::{publish, render};
use crate::{
    http::{context::Cx, error::ApiError},
    store::blob::sha256_hex,
};
use shared::{
    api::{
        Empty,
        error::Code,
        portal::{PortalOverview, PortalPage, PortalPages, PortalVersion},
    },
    portal::{PageName, Version},
};
use std::sync::Arc;

/// Notices that the page of the portal's management shows.
const NOTICES: usize = 50;

/// The pages of the portal.
///
/// # Errors
/// If the store cannot be reached.
pub async fn list(cx: Arc<Cx>, (): (), _: Empty) -> Result<PortalPages, ApiError> {
    Ok(PortalPages { pages: cx.app.store.portal_pages().await? })
}

/// What the portal shows, and whether its files show it already.
///
/// # Errors
/// If the store cannot be reached.
pub async fn read(cx: Arc<Cx>, (): (), _: Empty) -> Result<PortalOverview, ApiError> {
    let store = &cx.app.store;
    let mut shown = store.portal().await?;
    let (written, service) = tokio::try_join!(store.portal_written(), store.service())?;
    shown.notices.truncate(NOTICES);
    let status = match &service {
        Some(service) => shown.status.at(service, cx.now),
        None => shown.status,
    };
    Ok(PortalOverview {
        pages: shown.pages,
        notices: shown.notices,
        status,
        revision: shown.revision,
        rendered: written.revision,
        rendered_at: written.at,
    })
}

async fn versions(cx: &Cx, page: PageName) -> Result<Vec<Version>, ApiError> {
    Ok(cx.app.store.portal_versions(page).await?)
}

/// A page with its versions.
///
/// # Errors
/// [`Code::NotFound`] for a page that was never published.
pub async fn page(cx: Arc<Cx>, page: PageName, _: Empty) -> Result<PortalPage, ApiError> {
    let all = versions(&cx, page).await?;
    let rows = all.iter().rev().map(Version::row).collect();
    let current = all.into_iter().next_back().ok_or(Code::NotFound)?;
    Ok(PortalPage { current, versions: rows })
}

/// A version, as it was shown.
///
/// # Errors
/// [`Code::NotFound`] for a number that was never published.
pub async fn version(
    cx: Arc<Cx>,
    (page, number): (PageName, u32),
    _: Empty,
) -> Result<PortalVersion, ApiError> {
    let version = cx.app.store.portal_version(page, number).await?.ok_or(Code::NotFound)?;
    let next = cx.app.store.portal_version(page, number.saturating_add(1)).await?;
    let data = publish::site_data(&cx.app, cx.app.store.portal().await?).await?;
    Ok(PortalVersion {
        until: next.map(|next| next.at),
        intact: sha256_hex(version.text.as_hashed().as_bytes()) == version.sha256,
        html: render::past(&data, &version),
        version,
    })
}
