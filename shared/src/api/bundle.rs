//! Endpoints of the evidence bundle 証跡一式.

use super::{Empty, endpoints};
use crate::{
    calendar::Day,
    evidence::bundle::{Bundle, Finding, Tally},
    id::{BundleId, CommandId},
};
use serde::{Deserialize, Serialize};

/// Most bundles in the list.
pub const BUNDLES_MAX: usize = 100;

/// Of which period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvidenceQuery {
    /// From this day on; without it, the last 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Through this day; without it, today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

/// How every clause stands in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The period's first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// How many stand how.
    pub tally: Tally,
    /// Every clause, in the order of the policy.
    pub findings: Vec<Finding>,
}

/// The bundles, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bundles {
    /// At most [`BUNDLES_MAX`].
    pub bundles: Vec<Bundle>,
}

/// Asks for a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewBundle {
    /// Made by the client.
    pub command: CommandId,
    /// The period's first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
}

/// An address from which a bundle can be fetched for a few minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BundleLink {
    /// The address.
    pub url: String,
    /// What comes from there.
    pub bundle: Bundle,
}

endpoints! {
    /// Every article and item of the policy with the records that prove it for a period, and how it stands.
    ReadEvidence = Get "/api/evidence" (()) ReadEvidence Read EvidenceQuery => Evidence;
    /// The evidence bundles that were made.
    ListBundles = Get "/api/evidence/bundles" (()) ReadEvidence Read Empty => Bundles;
    /// Makes the evidence bundle of a period, in the locked bucket.
    MakeBundle = Post "/api/evidence/bundles" (()) MakeBundle Change NewBundle => Bundle;
    /// An address to fetch a bundle, for a few minutes.
    DownloadBundle = Get "/api/evidence/bundles/{bundle}" (BundleId) ReadEvidence Read Empty => BundleLink;
}
