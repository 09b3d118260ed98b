//! What a procedure is, as data.

use super::{Act, Field, Procedure, State};

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The facility manager of the facility that asks.
    Facility,
    /// The city.
    City,
}

impl Party {
    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Facility => "施設管理者（依頼した施設）",
            Self::City => "市",
        }
    }
}

/// What a step does beyond the case, in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Registers the person under the decided user id (Art. 13(1)).
    RegisterAccount,
    /// Removes the account; every session is void (Art. 13(2)).
    RemoveAccount,
    /// Changes the person's details (Art. 13(4)).
    ChangeDetail,
    /// Makes the letter's password: the account's earlier factors and sessions end.
    IssueLetter,
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// In which states.
    pub from: &'static [State],
    /// What the case is then.
    pub to: State,
    /// By whom.
    pub by: Party,
    /// Whether whoever asked may not take it: requester and decider differ.
    pub decides: bool,
    /// What the step asks.
    pub fields: &'static [Field],
    /// What it does beyond the case.
    pub effect: Option<Effect>,
}

/// A procedure.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// Which.
    pub procedure: Procedure,
    /// The article that it follows.
    pub article: &'static str,
    /// The letter before its case numbers.
    pub letter: char,
    /// What it is for, to the facility manager.
    pub purpose: &'static str,
    /// What is asked.
    pub fields: &'static [Field],
    /// Its steps after the request.
    pub steps: &'static [Step],
    /// The states of its straight course, in order: the line on the screen.
    pub course: &'static [State],
}

impl Declaration {
    /// The step of an act.
    pub fn step(&self, act: Act) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.act == act)
    }
}
