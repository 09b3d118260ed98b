//! A case 案件: one running procedure.

use super::{Act, Form, Party, Procedure, State, declaration};
use crate::{
    book::Attachment,
    calendar::{Day, Timestamp},
    evidence::ErasureProgress,
    id::{AccountId, CaseId, CommandId, FacilityId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

/// Most steps of one case.
pub const STEPS_MAX: usize = 100;
/// Most files of one case.
pub const CASE_FILES_MAX: usize = 20;
/// Most fields in one message.
pub const FORM_MAX: usize = 40;

labelled! {
    /// By which way a request came (F1-1).
    pub enum Channel {
        Online = "online" "オンライン",
        Paper = "paper" "紙",
        Fax = "fax" "FAX",
        Phone = "phone" "電話",
        Mail = "mail" "E-mail",
        System = "system" "自動",
    }
}

impl Channel {
    /// Whether somebody typed in what came by another way from somebody else: neither online nor by the system itself.
    pub const fn is_entered(self) -> bool {
        !matches!(self, Self::Online | Self::System)
    }
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Taken {
    /// What was done.
    pub act: Act,
    /// As which party.
    pub party: Party,
    /// By whom.
    pub by: AccountId,
    /// By name, at that time.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
    /// What was filled in, such as a reason or how somebody was recognised.
    #[serde(default, skip_serializing_if = "Form::is_empty")]
    pub form: Form,
}

/// Another case that this one came from, or led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Link {
    /// Which.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Of which procedure.
    pub procedure: Procedure,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Case {
    /// Identifier.
    pub id: CaseId,
    /// 受付番号, for the telephone: 「A-2026-0012」.
    pub number: String,
    /// Which procedure.
    pub procedure: Procedure,
    /// Where it stands.
    pub state: State,
    /// For which facility.
    pub facility: FacilityId,
    /// The facility's name, at that time.
    pub facility_name: String,
    /// Who asked: the facility manager, or whoever of the city entered a paper.
    pub asked_by: AccountId,
    /// By name, at that time.
    pub asked_by_name: String,
    /// By which way.
    pub channel: Channel,
    /// The day on which a paper or FAX arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Day>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it should be done: 速やかに, in the hours of the setting.
    pub due_at: Timestamp,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// What is asked.
    pub form: Form,
    /// The account that it is about, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The account's user id, once decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The account that the form names, in words, at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_words: Option<String>,
    /// Whom or what lists show.
    pub about: String,
    /// Cases that it came from, or led to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// What was attached, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Attachment>,
    /// What was done, in order.
    pub taken: Vec<Taken>,
    /// Grows with each step: what a step is guarded by.
    pub version: u32,
}

impl Case {
    /// Whether it is open and past its time.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.state.is_closed() && !self.state.is_resting() && self.due_at < now
    }

    /// Who last filled in the form again; `None` while it is as it was asked.
    pub fn refilled_by(&self) -> Option<AccountId> {
        self.taken.iter().rev().find(|taken| taken.act.refills()).map(|taken| taken.by)
    }

    /// As it stands in lists.
    pub fn brief(&self) -> CaseBrief {
        CaseBrief {
            id: self.id,
            number: self.number.clone(),
            procedure: self.procedure,
            state: self.state,
            facility: self.facility,
            facility_name: self.facility_name.clone(),
            about: self.about.clone(),
            account: self.account,
            channel: self.channel,
            asked_by: self.asked_by,
            asked_at: self.asked_at,
            due_at: self.due_at,
            closed_at: self.closed_at,
            waits_for: declaration(self.procedure).waits_for(self.state).map(|step| step.by),
        }
    }
}

/// A case as the lists keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseBrief {
    /// Identifier.
    pub id: CaseId,
    /// 受付番号.
    pub number: String,
    /// Which procedure.
    pub procedure: Procedure,
    /// Where it stands.
    pub state: State,
    /// For which facility.
    pub facility: FacilityId,
    /// The facility's name, at that time.
    pub facility_name: String,
    /// About whom or what.
    pub about: String,
    /// The account that it is about, once there is one.
    pub account: Option<AccountId>,
    /// By which way it came.
    pub channel: Channel,
    /// Who asked.
    pub asked_by: AccountId,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it should be done.
    pub due_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// For whose step it waits; `None` when it is closed or rests.
    pub waits_for: Option<Party>,
}

impl CaseBrief {
    /// Whether somebody is late.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.waits_for.is_some() && self.due_at < now
    }
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseRow {
    /// Identifier.
    pub id: CaseId,
    /// 受付番号.
    pub number: String,
    /// Which procedure.
    pub procedure: Procedure,
    /// Where it stands.
    pub state: State,
    /// The facility's name.
    pub facility_name: String,
    /// About whom.
    pub about: String,
    /// By which way it came.
    pub channel: Channel,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it should be done.
    pub due_at: Timestamp,
    /// Whether it is past its time.
    pub overdue: bool,
    /// Whether a step of mine is next.
    pub waits_for_me: bool,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// Made by the client.
    pub command: CommandId,
    /// Which procedure.
    pub procedure: Procedure,
    /// For which facility, when the city enters a paper; otherwise the own one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<FacilityId>,
    /// By which way.
    #[serde(default = "online")]
    pub channel: Channel,
    /// The day on which a paper or FAX arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Day>,
    /// What is asked.
    pub form: Form,
}

const fn online() -> Channel {
    Channel::Online
}

/// A step to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TakeStep {
    /// Made by the client.
    pub command: CommandId,
    /// What is done.
    pub act: Act,
    /// The version that the person saw: a decision names what it decided on.
    pub version: u32,
    /// What the step asks.
    #[serde(default)]
    pub form: Form,
}

/// A case with what the person can do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Opened {
    /// The case.
    pub case: Case,
    /// What to propose in fields that somebody decides, such as a user id.
    #[serde(default)]
    pub proposed: Form,
    /// How far the system is with an erasure that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erasure: Option<ErasureProgress>,
}
