//! The care team 支援チーム: who has access, since when and why; who had it; which facilities are asked to join
//! (requirements §2, 25; Art. 5).

use super::{Consent, Patient};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{AccountId, CommandId, FacilityId, InvitationId, PatientId},
    label::labelled,
    people::{FacilityKind, Profession},
    text,
};
use serde::{Deserialize, Serialize};

/// Most invitations of one patient that wait for an answer at the same time.
pub const INVITATIONS_MAX: usize = 20;
/// Most entries of a patient's history (consents, departures, answered invitations, earlier details) that one answer
/// carries; the newest of each kind come first.
pub const CIRCLE_HISTORY_MAX: usize = 200;
/// Most people who join by one answer to an invitation.
pub const JOIN_MAX: usize = 10;

labelled! {
    /// How somebody came into a team.
    pub enum JoinedBy {
        Registered = "registered" "患者を登録した",
        Invited = "invited" "施設への招待により参加",
    }
}

/// Since when, by whom and why somebody has access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Joined {
    /// Since when.
    pub at: Timestamp,
    /// How.
    pub how: JoinedBy,
    /// Who made them a member: the person themselves, or the manager of their facility.
    pub by: AccountId,
    /// By name.
    pub by_name: String,
    /// Why: the reason of the invitation.
    #[serde(default)]
    pub reason: String,
}

/// Until when somebody had access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Left {
    /// Until when.
    pub at: Timestamp,
    /// Who ended it: the person themselves, or a key worker.
    pub by: AccountId,
    /// By name.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// Somebody who has, or had, access to a patient's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// Facility by name.
    pub facility_name: String,
    /// Whether they may put consents on record, invite and remove: see [`is_key_worker`].
    pub key_worker: bool,
    /// Since when and why; `None` for teams older than this record.
    pub joined: Option<Joined>,
    /// Until when, for those who left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<Left>,
}

/// Who looks after team and consent: whoever registered the patient, and the care managers and nurses of the team.
pub fn is_key_worker(profession: Profession, joined: Option<&Joined>) -> bool {
    matches!(profession, Profession::CareManager | Profession::Nurse | Profession::PublicHealthNurse)
        || joined.is_some_and(|joined| joined.how == JoinedBy::Registered)
}

/// Whether a facility of this kind can be asked into a team: all that care, and neither the city nor the contractor.
pub const fn may_be_invited(kind: FacilityKind) -> bool {
    !matches!(kind, FacilityKind::CityOffice | FacilityKind::Contractor)
}

labelled! {
    /// What became of an invitation.
    pub enum InvitationState {
        Open = "open" "回答待ち",
        Accepted = "accepted" "参加",
        Declined = "declined" "辞退",
        Cancelled = "cancelled" "取りやめ",
    }
}

/// A facility asked to send people into a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// Its identifier.
    pub id: InvitationId,
    /// Which facility.
    pub facility: FacilityId,
    /// By name.
    pub facility_name: String,
    /// Why these people need access; shown to the facility and on the team's page.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub by: AccountId,
    /// By name.
    pub by_name: String,
    /// By which facility, by name.
    pub by_facility_name: String,
    /// What became of it.
    pub state: InvitationState,
    /// When it was answered or cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// By whom, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by_name: Option<String>,
    /// Why it was declined or cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// An invitation as the facility's manager sees it: who the patient is, and not what is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationRow {
    /// Whose team.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The reading of the name.
    pub kana: String,
    /// The part of the city.
    pub area: String,
    /// The invitation.
    pub invitation: Invitation,
}

/// Somebody of the own facility who can join a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Colleague {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
}

/// A patient with everybody who has or had access, and the consents: no clinical text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Circle {
    /// Around whom.
    pub patient: Patient,
    /// Grows with each change of patient, team and consent; what a change expects.
    pub version: u64,
    /// Who has access, by facility.
    pub members: Vec<Membership>,
    /// Who had access, newest departure first.
    pub former: Vec<Membership>,
    /// Invitations, newest first.
    pub invitations: Vec<Invitation>,
    /// Consents, newest first.
    pub consents: Vec<Consent>,
}

/// Invites a facility.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewInvitation {
    /// Made by the client.
    pub command: CommandId,
    /// Which.
    pub facility: FacilityId,
    /// Why these people need access, 1 to [`text::REASON_MAX`] characters.
    pub reason: String,
}

/// The facility's answer: who joins, or why nobody does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitationAnswer {
    /// Made by the client.
    pub command: CommandId,
    /// People of the own facility who join, at most [`JOIN_MAX`]; empty: the facility declines.
    #[serde(default)]
    pub join: Vec<AccountId>,
    /// Why the facility declines, 1 to [`text::REASON_MAX`] characters; nothing when people join.
    #[serde(default)]
    pub reason: String,
}

impl InvitationAnswer {
    /// The answer cleaned, or what is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self) -> Result<Self, Vec<FieldError>> {
        self.join.sort_unstable();
        self.join.dedup();
        if self.join.len() > JOIN_MAX {
            return Err(vec![FieldError::new("join", format!("一度に参加できるのは{JOIN_MAX}人までです。"))]);
        }
        if !self.join.is_empty() {
            self.reason.clear();
            return Ok(self);
        }
        self.reason = text::required("reason", "辞退の理由", &self.reason, text::REASON_MAX)
            .map_err(|error| vec![error])?;
        Ok(self)
    }
}

/// Ends something with a reason: a membership, an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndWithReason {
    /// Made by the client.
    pub command: CommandId,
    /// Why, 1 to [`text::REASON_MAX`] characters.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_looks_after_the_team() {
        let joined = |how| Joined {
            at: Timestamp::from_ms(1),
            how,
            by: AccountId::from_parts(1, 1),
            by_name: "佐藤".into(),
            reason: String::new(),
        };
        assert!(is_key_worker(Profession::Nurse, None));
        assert!(is_key_worker(Profession::HomeHelper, Some(&joined(JoinedBy::Registered))));
        assert!(!is_key_worker(Profession::HomeHelper, Some(&joined(JoinedBy::Invited))));
        assert!(!is_key_worker(Profession::Physician, None));
    }

    #[test]
    fn an_answer_is_people_or_a_reason() {
        let answer = |join: Vec<u128>, reason: &str| InvitationAnswer {
            command: CommandId::from_parts(1, 1),
            join: join.into_iter().map(|n| AccountId::from_parts(1, n)).collect(),
            reason: reason.into(),
        };
        let one = answer(vec![2, 1, 2], "余分な理由").check().unwrap();
        assert_eq!((one.join.len(), one.reason.as_str()), (2, ""));
        assert_eq!(answer(vec![], " ").check().unwrap_err()[0].field, "reason");
        assert_eq!(answer((0..11).collect(), "").check().unwrap_err()[0].field, "join");
        assert!(answer(vec![], "担当できる者がいません").check().is_ok());
    }
}
