//! How far the service is open (Art. 18(2)(3)): what an incident closes, and only its recovery opens again.

use crate::{
    api::AuditClass,
    authority::Action,
    calendar::Timestamp,
    id::{AccountId, CaseId},
    label::labelled,
    people::Role,
};
use serde::{Deserialize, Serialize};

labelled! {
    /// How far the service is open.
    pub enum ServiceMode {
        Open = "open" "稼働中",
        ReadOnly = "read_only" "閲覧だけできます",
        Closed = "closed" "停止中",
        /// As [`Self::Closed`], and whoever was signed in at the cut is signed out.
        Cut = "cut" "切断中",
    }
}

/// The service as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Service {
    /// How far it is open.
    pub mode: ServiceMode,
    /// Since when.
    pub since: Timestamp,
    /// By which case; `None` while nothing was ever closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
    /// The last cut: sessions that began before are void, but for those of whoever cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_at: Option<Timestamp>,
}

impl Service {
    /// A service that was never closed.
    pub const fn open(since: Timestamp) -> Self {
        Self { mode: ServiceMode::Open, since, case: None, by: None, cut_at: None }
    }

    /// Whether somebody's session that began then has ended by a cut.
    pub fn voids(&self, account: AccountId, began: Timestamp) -> bool {
        self.by != Some(account) && self.cut_at.is_some_and(|cut| began <= cut)
    }

    /// Whether somebody may do something while it stands so. Whoever has to bring the service back is let in: the city
    /// and the contractor. `roles` is `None` before sign-in.
    pub fn admits(&self, roles: Option<&[Role]>, action: Action, audit: AuditClass) -> bool {
        let user = |role: &Role| matches!(role, Role::Member | Role::FacilityManager);
        let office = roles.is_some_and(|roles| !roles.is_empty() && !roles.iter().all(user));
        let changes = matches!(audit, AuditClass::Change) && !of_own_session(action);
        match self.mode {
            ServiceMode::Open => true,
            ServiceMode::ReadOnly => office || roles.is_none() || !changes,
            // Before sign-in nobody's role is known: who it is, is asked first.
            ServiceMode::Closed | ServiceMode::Cut => {
                office || roles.is_none() || matches!(action, Action::SignOut | Action::ReadContract)
            }
        }
    }
}

/// Coming in, going out and locking change nothing but the own session.
const fn of_own_session(action: Action) -> bool {
    matches!(
        action,
        Action::SignIn
            | Action::AskPasskey
            | Action::ProveFactor
            | Action::SignOut
            | Action::LockScreen
            | Action::Unlock
            | Action::EndSession
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use AuditClass::{Change, Read};

    fn at(mode: ServiceMode) -> Service {
        Service { mode, ..Service::open(Timestamp::from_ms(0)) }
    }

    #[test]
    fn what_each_mode_lets_through() {
        let (member, manager) = ([Role::Member], [Role::Member, Role::FacilityManager]);
        let (admin, city) = ([Role::SystemAdmin], [Role::City]);
        for (mode, roles, action, audit, admitted) in [
            (ServiceMode::Open, &member[..], Action::WriteNote, Change, true),
            (ServiceMode::ReadOnly, &member, Action::ReadThread, Read, true),
            (ServiceMode::ReadOnly, &member, Action::WriteNote, Change, false),
            (ServiceMode::ReadOnly, &manager, Action::OpenCase, Change, false),
            (ServiceMode::ReadOnly, &member, Action::ProveFactor, Change, true),
            (ServiceMode::ReadOnly, &city, Action::TakeStep, Change, true),
            (ServiceMode::Closed, &member, Action::ReadThread, Read, false),
            (ServiceMode::Closed, &member, Action::ProveFactor, Change, false),
            (ServiceMode::Closed, &member, Action::SignOut, Change, true),
            (ServiceMode::Closed, &admin, Action::TakeStep, Change, true),
            (ServiceMode::Cut, &manager, Action::ListPeople, Read, false),
            (ServiceMode::Cut, &admin, Action::TakeStep, Change, true),
        ] {
            assert_eq!(at(mode).admits(Some(roles), action, audit), admitted, "{mode} {roles:?} {action}");
        }
        // Somebody whose appointments are all over is nobody's office.
        assert!(!at(ServiceMode::Cut).admits(Some(&[]), Action::ReadAccount, Read));
        assert!(at(ServiceMode::Cut).admits(None, Action::SignIn, Change));
    }
}
