//! Signing in and being signed in (Arts. 4(3), 12(1), 13; requirements §2, 1–5).

use super::{Actor, FactorKind};
use crate::{authority::Action, calendar::Timestamp, label::labelled};
use serde::{Deserialize, Serialize};

/// What somebody types to sign in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Credentials {
    /// ユーザーID.
    pub user_id: String,
    /// パスワード.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    // A password must not reach a log, not even by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

labelled! {
    /// How far a session has come. Nothing opens before it is complete (requirements §2, 1 and 3).
    pub enum SessionStage {
        /// The password was right and the second factor is still missing.
        FactorMissing = "factor_missing" "二要素目の確認待ち",
        /// Signed in with the letter's password: an own one must be chosen first (Art. 13(1)).
        PasswordChange = "password_change" "初回のパスワード変更待ち",
        /// The own password is chosen; a second factor must be enrolled.
        FactorEnrolment = "factor_enrolment" "二要素目の登録待ち",
        /// Left alone: the screen is blank until the person shows who they are (Art. 4(3)).
        Locked = "locked" "画面ロック中",
        /// Everything asked for was shown.
        Complete = "complete" "サインイン済み",
    }
}

impl SessionStage {
    /// Whether a session that has come so far may do this at all; the authority table decides the rest.
    pub const fn opens(self, action: Action) -> bool {
        let always = matches!(
            action,
            Action::SignIn | Action::AskPasskey | Action::SignOut | Action::ReadSelf | Action::ReadContract
        );
        let next = match self {
            Self::FactorMissing => matches!(action, Action::ProveFactor),
            Self::PasswordChange => matches!(action, Action::ChoosePassword),
            Self::FactorEnrolment => matches!(action, Action::EnrolFactor),
            Self::Locked => matches!(action, Action::Unlock | Action::LockScreen),
            Self::Complete => true,
        };
        always || next
    }
}

/// The person's own session, as their browser knows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Me {
    /// Who is signed in.
    pub actor: Actor,
    /// How far.
    pub stage: SessionStage,
    /// With what the second factor can be shown; empty unless it is asked for.
    #[serde(default)]
    pub factors: Vec<FactorKind>,
    /// The server's time when it answered: the screen counts from it, not from the device's clock.
    pub now: Timestamp,
    /// When the session ends at the latest.
    pub ends_at: Timestamp,
    /// The screen locks after so many seconds without input.
    #[serde(default = "ten_minutes")]
    pub lock_seconds: u32,
    /// The name of the city's network, for the top bar.
    pub network: String,
    /// 32 bytes in hex: seals this person's drafts on a shared PC. Only the person's own complete session gets it;
    /// empty before.
    pub draft_key: String,
}

const fn ten_minutes() -> u32 {
    600
}

impl std::fmt::Debug for Me {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Me({:?}, {:?})", self.actor.account, self.stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_a_session_is_complete_only_the_next_step_opens() {
        let free =
            [Action::SignIn, Action::AskPasskey, Action::SignOut, Action::ReadSelf, Action::ReadContract];
        for stage in SessionStage::ALL {
            let next: &[Action] = match stage {
                SessionStage::FactorMissing => &[Action::ProveFactor],
                SessionStage::PasswordChange => &[Action::ChoosePassword],
                SessionStage::FactorEnrolment => &[Action::EnrolFactor],
                SessionStage::Locked => &[Action::Unlock, Action::LockScreen],
                SessionStage::Complete => Action::ALL,
            };
            for action in Action::ALL {
                let expected = free.contains(action) || next.contains(action);
                assert_eq!(stage.opens(*action), expected, "{stage} {action}");
            }
        }
    }
}
