//! The audit log 操作記録: one event for each attempt, allowed or refused. Identifiers only, never texts or names.

use crate::{
    api::error::Code,
    authority::Action,
    calendar::Timestamp,
    id::{AccountId, EventId, FacilityId, RequestId},
    people::{Actor, Role},
};
use serde::{Deserialize, Serialize};

/// What stands for the network address where the system acted by itself, or carried out what somebody had asked for: no
/// address is spelled so.
pub const SYSTEM_SOURCE: &str = "system";

/// What stands there where somebody worked on the machine itself: whom they named did not sign in for it.
pub const COMMAND_LINE_SOURCE: &str = "command-line";

/// Who tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Who {
    /// The account.
    pub account: AccountId,
    /// For which facility, at that time.
    pub facility: FacilityId,
    /// In which roles, at that time.
    pub roles: Vec<Role>,
}

impl From<&Actor> for Who {
    fn from(actor: &Actor) -> Self {
        Self { account: actor.account, facility: actor.facility, roles: actor.roles.clone() }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "result", content = "code", rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Done,
    /// The same command came again; the first answer was given once more.
    Repeated,
    /// Refused or failed, with the code that the caller saw.
    Refused(Code),
}

/// One entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuditEvent {
    /// Identifier; its time orders the log.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Which request.
    pub request: RequestId,
    /// What was tried.
    pub action: Action,
    /// Who tried; `None` before sign-in, and where the system acted by itself ([`SYSTEM_SOURCE`]) or a
    /// command line named nobody ([`COMMAND_LINE_SOURCE`]).
    pub who: Option<Who>,
    /// On which thing: path identifiers in the order of the address.
    pub thing: Vec<String>,
    /// From which network address.
    pub source: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
}
