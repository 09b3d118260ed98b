//! Endpoints of the audit log.

use super::{Empty, endpoints};
use crate::{
    authority::Action,
    calendar::{Day, Timestamp},
    evidence::{
        AuditEvent,
        seal::{Seal, Stored},
    },
    id::{CaseId, EventId, FacilityId, PatientId},
    people::Profession,
};
use serde::{Deserialize, Serialize};

/// Most days that one question covers.
pub const AUDIT_DAYS_MAX: i64 = 31;
/// Most events on one page.
pub const AUDIT_PAGE: usize = 100;

/// Which events. All conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditQuery {
    /// From this day on; today, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Through this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// By the person with this user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// By people who acted for this facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityId>,
    /// About this patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    /// What was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Only what was refused or failed.
    #[serde(default)]
    pub refused: bool,
    /// Events before this one: the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EventId>,
}

/// An event with the names that its identifiers stand for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditRow {
    /// The event.
    pub event: AuditEvent,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The person's profession.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// The facility's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility_name: Option<String>,
}

/// Events, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditPage {
    /// One page; it may be short, or empty, and still not be the last.
    pub rows: Vec<AuditRow>,
    /// Ask for the events before this one for the next page; `None` at the end.
    pub before: Option<EventId>,
}

/// Which page of who opened a patient's book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessQuery {
    /// Events before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<EventId>,
}

/// Which seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealQuery {
    /// Its number, from 1.
    #[serde(default)]
    pub number: u64,
}

/// A seal from the locked bucket with the entries that the log has in its window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sealed {
    /// The seal; `None` if there is none of this number.
    pub seal: Option<Seal>,
    /// The entries as stored, in order.
    pub entries: Vec<Stored>,
    /// The newest seal's number; 0 while there is none.
    pub last: u64,
    /// What is newer than this has not settled yet.
    pub settled: Timestamp,
}

/// A month of the audit log and its review (requirements §2, 7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthReview {
    /// 「2026-10」.
    pub month: String,
    /// The signed review; `None` while it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// Whether it is missing and late: the tenth of the following month has passed.
    pub overdue: bool,
}

/// A signed review: what the sealed log held when somebody signed for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Review {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Who signed.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
    /// How many entries the seals of the month hold.
    pub entries: u64,
    /// The last of these seals.
    pub seal: u64,
    /// That seal's head, in hex: whatever is changed before it no longer matches.
    pub head: String,
}

/// The months that can be reviewed, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MonthReviews {
    /// One for each month that is over and has entries; 14 at most.
    pub months: Vec<MonthReview>,
}

endpoints! {
    /// The audit log (操作記録).
    ListAudit = Get "/api/audit" (()) ListAudit Read AuditQuery => AuditPage;
    /// Which months of the audit log were reviewed and signed for.
    ListReviews = Get "/api/audit/reviews" (()) ListAudit Read Empty => MonthReviews;
    /// A seal and its entries: the browser verifies them itself.
    ReadSeal = Get "/api/audit/seal" (()) VerifyAudit Read SealQuery => Sealed;
    /// Who opened a patient's book, and what they did there.
    ReadAccess = Get "/api/patients/{patient}/access" (PatientId) ReadAccess Read AccessQuery => AuditPage;
}

/// The patient's number on screens of people who must not see names: 「P-4F7K2M」.
pub fn patient_number(patient: &str) -> String {
    format!("P-{}", patient.get(patient.len().saturating_sub(6)..).unwrap_or_default())
}
