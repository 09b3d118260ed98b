//! Endpoints of the portal's management. The portal itself is files and asks none of them.

use super::{Empty, endpoints};
use crate::{
    calendar::Timestamp,
    id::CaseId,
    portal::{Draft, Notice, PageName, PageRow, PageText, SaveProposal, ServiceStatus, Version, VersionRow},
};
use serde::{Deserialize, Serialize};

/// The pages of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalPages {
    /// In the order of the portal.
    pub pages: Vec<PageRow>,
}

/// What the portal shows, and whether its files show it already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalOverview {
    /// In the order of the portal.
    pub pages: Vec<PageRow>,
    /// Newest first.
    pub notices: Vec<Notice>,
    /// Whether the service is running.
    pub status: ServiceStatus,
    /// Grows with everything that is published.
    pub revision: u64,
    /// The revision that the files show; less while they are being written.
    pub rendered: u64,
    /// When they were written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendered_at: Option<Timestamp>,
}

/// A page with everything that was published as it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalPage {
    /// What is published now.
    pub current: Version,
    /// Every version, newest first.
    pub versions: Vec<VersionRow>,
}

/// A version as it was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalVersion {
    /// What was published.
    pub version: Version,
    /// Until when it was shown; `None`: it still is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Whether title and text still have the hash that was kept with them.
    pub intact: bool,
    /// The page as a document of its own, for a frame without rights.
    pub html: String,
}

/// The proposal of a case, and what is published beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalDraft {
    /// What is proposed; version 0 before the first saving.
    pub draft: Draft,
    /// The text that is published now, if the page exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<PageText>,
    /// The number of that version; 0 where there is none. Another one than the draft's base: look at it again.
    pub number: u32,
}

/// A saved proposal as it will be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortalPreview {
    /// Which saved version this is.
    pub version: u32,
    /// The page, as a document of its own; `None` where only a notice is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The top page with the notice and its mark.
    pub top: String,
}

endpoints! {
    /// The pages of the portal, by title.
    ListPortalPages = Get "/api/portal/pages" (()) ListPortalPages Quiet Empty => PortalPages;
    /// What the portal shows, and whether its files show it already.
    ReadPortal = Get "/api/portal" (()) ReadPortal Read Empty => PortalOverview;
    /// A page with its versions.
    ReadPortalPage = Get "/api/portal/pages/{page}" (PageName) ReadPortal Read Empty => PortalPage;
    /// A version of a page, as it was shown.
    ReadPortalVersion = Get "/api/portal/pages/{page}/versions/{version}" ((PageName, u32)) ReadPortal Read Empty => PortalVersion;
    /// The proposal that was prepared for a case.
    ReadPortalDraft = Get "/api/cases/{case}/portal" (CaseId) ReadPortalDraft Read Empty => PortalDraft;
    /// Saves the proposal of a case that was accepted.
    SavePortalDraft = Put "/api/cases/{case}/portal" (CaseId) EditPortal Change SaveProposal => Draft;
    /// The saved proposal as it will be seen.
    PreviewPortal = Get "/api/cases/{case}/portal/preview" (CaseId) ReadPortalDraft Read Empty => PortalPreview;
}
