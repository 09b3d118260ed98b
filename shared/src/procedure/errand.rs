//! Errands 後処理: what follows a step and can be no write of its transaction. Each is recorded with the step, done
//! afterwards, tried again until it is done, and seen when it is stuck.

use super::{Act, Case};
use crate::{
    calendar::Timestamp,
    id::{AccountId, CaseId, EventId, FacilityId},
    label::labelled,
};
use serde::{Deserialize, Serialize};

/// From so many tries in vain on, an errand is stuck: somebody should look.
pub const STUCK_TRIES: u32 = 5;
/// The longest pause between two tries, in minutes.
const LONGEST_PAUSE: i64 = 60;

labelled! {
    /// What kind of errand.
    pub enum ErrandKind {
        StepMail = "step_mail" "お知らせメールを送る",
        AddressCode = "address_code" "メールアドレスの確認コードを送る",
        PortalFiles = "portal_files" "ポータルのファイルを書き出す",
        NameCopies = "name_copies" "支援チームに写した氏名・職種を直す",
        FacilityCopies = "facility_copies" "利用者と支援チームに写した施設の名称を直す",
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// Tells those concerned that a case moved.
    StepMail {
        /// Which case.
        case: CaseId,
        /// Its number.
        number: String,
        /// The version that the step made.
        version: u32,
    },
    /// Sends a code to an address that somebody says is theirs.
    AddressCode {
        /// Whose.
        account: AccountId,
    },
    /// Writes the portal's files as published.
    PortalFiles {
        /// For which case's step.
        case: CaseId,
        /// Its number.
        number: String,
    },
    /// Takes changed details into the care teams' lists.
    NameCopies {
        /// Whose.
        account: AccountId,
        /// For which case's step.
        number: String,
    },
    /// Takes a facility's name to its people and into their care teams' lists.
    FacilityCopies {
        /// Whose.
        facility: FacilityId,
        /// For which case's step.
        number: String,
    },
}

impl Task {
    /// Of which kind it is.
    pub const fn kind(&self) -> ErrandKind {
        match self {
            Self::StepMail { .. } => ErrandKind::StepMail,
            Self::AddressCode { .. } => ErrandKind::AddressCode,
            Self::PortalFiles { .. } => ErrandKind::PortalFiles,
            Self::NameCopies { .. } => ErrandKind::NameCopies,
            Self::FacilityCopies { .. } => ErrandKind::FacilityCopies,
        }
    }

    /// The number of the case that it follows from.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::StepMail { number, .. }
            | Self::PortalFiles { number, .. }
            | Self::NameCopies { number, .. }
            | Self::FacilityCopies { number, .. } => Some(number),
            Self::AddressCode { .. } => None,
        }
    }
}

/// An errand with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Errand {
    /// Identifier.
    pub id: EventId,
    /// What is to be done.
    pub task: Task,
    /// Since when.
    pub made_at: Timestamp,
    /// How often it was tried in vain.
    #[serde(default)]
    pub tries: u32,
    /// Not tried again before.
    pub next_at: Timestamp,
    /// Why the last try was in vain: never an address or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// Whom a mail has reached already: a repetition leaves them out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<AccountId>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

impl Errand {
    /// One to be done at once.
    pub const fn new(id: EventId, task: Task, now: Timestamp) -> Self {
        Self {
            id,
            task,
            made_at: now,
            tries: 0,
            next_at: now,
            trouble: None,
            told: Vec::new(),
            done_at: None,
        }
    }

    /// Whether somebody should look.
    pub const fn is_stuck(&self) -> bool {
        self.done_at.is_none() && self.tries >= STUCK_TRIES
    }

    /// It is done.
    #[must_use]
    pub fn done(mut self, now: Timestamp) -> Self {
        self.done_at = Some(now);
        self.trouble = None;
        self
    }

    /// It was tried in vain: tried again after a pause that doubles.
    #[must_use]
    pub fn failed(mut self, why: &str, now: Timestamp) -> Self {
        let pause = (1_i64 << self.tries.min(10)).min(LONGEST_PAUSE);
        self.tries += 1;
        self.next_at = now.plus_seconds(pause * 60);
        self.trouble = Some(why.chars().take(200).collect());
        self
    }
}

/// What follows the last step of a case.
pub fn follows(case: &Case) -> Vec<Task> {
    let Some(last) = case.taken.last() else { return Vec::new() };
    let (id, number) = (case.id, || case.number.clone());
    let mut tasks = vec![Task::StepMail { case: id, number: number(), version: case.version }];
    match last.act {
        Act::Publish
        | Act::RegisterFacility
        | Act::LeaveFacility
        | Act::PublishFaq
        | Act::Inform
        | Act::Cut
        | Act::Halt
        | Act::Recover
        | Act::DecideTimes
        | Act::AnnounceStop
        | Act::ProlongStop
        | Act::CancelStop
        | Act::Resume => {
            tasks.push(Task::PortalFiles { case: id, number: number() });
        }
        Act::ChangeFacility => {
            tasks.push(Task::PortalFiles { case: id, number: number() });
            tasks.push(Task::FacilityCopies { facility: case.facility, number: number() });
        }
        Act::ChangeDetail => {
            tasks.extend(case.account.map(|account| Task::NameCopies { account, number: number() }));
        }
        // Nobody but its writers knows of a draft; a comment and an errand's own record call nobody.
        Act::EditDraft => tasks.clear(),
        _ => {}
    }
    if case.state == super::State::Draft {
        tasks.clear();
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn errand() -> Errand {
        let account = AccountId::from_parts(1, 2);
        Errand::new(EventId::from_parts(1, 1), Task::AddressCode { account }, Timestamp::from_ms(0))
    }

    #[test]
    fn pauses_double_up_to_an_hour_and_the_fifth_failure_is_stuck() {
        let mut errand = errand();
        for (tries, minutes) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60)] {
            let now = errand.next_at;
            errand = errand.failed("応答がありません", now);
            assert_eq!((errand.tries, errand.next_at.ms() - now.ms()), (tries, minutes * 60_000));
            assert_eq!(errand.is_stuck(), tries >= STUCK_TRIES);
        }
        assert!(!errand.done(Timestamp::from_ms(9)).is_stuck());
    }

    proptest! {
        #[test]
        fn an_open_errand_is_always_tried_again_within_an_hour(tries in 0_u32..1000, now in 0_i64..4_000_000_000_000) {
            let mut errand = errand();
            errand.tries = tries;
            let next = errand.failed("x", Timestamp::from_ms(now));
            prop_assert!(next.done_at.is_none());
            prop_assert!((60_000..=3_600_000).contains(&(next.next_at.ms() - now)));
        }
    }
}
