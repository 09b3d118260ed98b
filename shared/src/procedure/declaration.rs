//! What a procedure is, as data.

use super::{Act, CannotStep, Case, Channel, Field, Form, Procedure, State};
use crate::{
    api::error::FieldError,
    calendar::Timestamp,
    id::{AccountId, FacilityId},
    label::labelled,
    people::{Actor, Role},
};

labelled! {
    /// As what somebody stands to a case.
    pub enum Party {
        /// Whoever asked.
        Asker = "asker" "依頼した本人",
        /// The facility that asks: its manager; for the contractor, the operations manager.
        Facility = "facility" "施設管理者（依頼した施設）",
        City = "city" "市",
        Operator = "operator" "システム運用者",
        SystemAdmin = "system_admin" "システム管理者",
        OperationsManager = "operations_manager" "運用管理責任者",
        KeyKeeper = "key_keeper" "鍵管理者",
        Council = "council" "協議会",
        Auditor = "auditor" "監査者",
        /// Nobody: the system opens a case, adds to it, and ends by itself what a person let it begin; it decides nothing.
        System = "system" "システム（自動）",
    }
}

impl Party {
    /// The role that makes somebody this party, for parties that are no matter of the single case.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::Asker | Self::Facility | Self::System => None,
            Self::City => Some(Role::City),
            Self::Operator => Some(Role::Operator),
            Self::SystemAdmin => Some(Role::SystemAdmin),
            Self::OperationsManager => Some(Role::OperationsManager),
            Self::KeyKeeper => Some(Role::KeyKeeper),
            Self::Council => Some(Role::Council),
            Self::Auditor => Some(Role::Auditor),
        }
    }

    /// Whether somebody is this party to a case of a facility, asked by somebody.
    pub fn is(self, actor: &Actor, facility: FacilityId, asked_by: AccountId) -> bool {
        let manages =
            actor.roles.contains(&Role::FacilityManager) || actor.roles.contains(&Role::OperationsManager);
        match self {
            Self::Asker => actor.account == asked_by,
            Self::Facility => manages && actor.facility == facility,
            other => other.role().is_some_and(|role| actor.roles.contains(&role)),
        }
    }
}

/// What a step does beyond the case, in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Registers the person under the decided user id (Art. 13(1)).
    RegisterAccount,
    /// Registers the facility: it takes part from now on (Art. 2).
    RegisterFacility,
    /// Changes name, address and ways to reach the facility: letters, portal and 連絡先 have them at once.
    ChangeFacility,
    /// The facility takes part no more: it is listed nowhere, and every account of it is removed.
    LeaveFacility,
    /// Removes the account; every session is void (Art. 13(2)).
    RemoveAccount,
    /// Removes the account and registers the new one: both or neither (Art. 13(3)).
    ReplaceAccount,
    /// Changes the person's details (Art. 13(4)).
    ChangeDetail,
    /// Holds the account: nobody signs in with it, every session is void.
    StopAccount,
    /// Lets the account in again.
    ResumeAccount,
    /// Makes the letter's password: the account's earlier factors and sessions end.
    IssueLetter,
    /// The appointment, or its end, is in force from its day on (Art. 3).
    Appoint,
    /// Keeps that the month's audit log was reviewed, with what its seals held then (requirements §2, 7).
    RecordReview,
    /// Opens an incident with everything that the inquiry holds (F2-1).
    OpenIncident,
    /// Shows the answered question among those on the portal.
    PublishFaq,
    /// Copies the audit log and the present state into the locked bucket under a legal hold (Art. 18(4)).
    FreezeEvidence,
    /// Ends every session and lets no user in (Art. 18(2)).
    CutService,
    /// Lets nobody write, or nobody in (Art. 18(3)).
    HaltService,
    /// Opens the service again (Art. 18(9)).
    ResumeService,
    /// Puts what users must know onto the portal (Art. 18(6)).
    PublishNotice,
    /// Publishes the saved proposal: the page's new version and the notice with its mark (Art. 14(2)(3)).
    PublishPortal,
    /// The approved times of backups are published and in force from their day on (Art. 23(2)).
    SetBackupTimes,
    /// The stop is published, and holds from its time on (Art. 23(3)).
    AnnounceStop,
    /// The stop lasts longer, and the portal says so.
    ProlongStop,
    /// The service goes on now.
    EndStop,
    /// The announced stop does not take place, and the portal says so.
    CancelStop,
    /// Makes an output of de-identified data (Art. 15(3)); by its own endpoint only.
    MakeOutput,
    /// Gives an output to whoever was granted it; by its own endpoint only.
    ProvideOutput,
    /// Keeps that a runbook was read through or carried out (Art. 24(3)).
    RecordRunbook,
    /// Lets the system destroy a key, and with it what every generation holds under it (Art. 22).
    EraseData,
    /// Names the newest verified backup of the system data (Arts. 20(4) and 21(3)(4)).
    NameSystemData,
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What is done.
    pub act: Act,
    /// In which states.
    pub from: &'static [State],
    /// What the case is then; `None` where it stays as it is, and waits for nothing of the kind.
    pub to: Option<State>,
    /// By whom.
    pub by: Party,
    /// Whether whoever asked, and whom the case is about, may not take it: requester and decider differ.
    pub decides: bool,
    /// What the step asks.
    pub fields: &'static [Field],
    /// What it does beyond the case.
    pub effect: Option<Effect>,
}

impl Step {
    /// Whether a case does not wait for it: it is possible, and nothing is late without it.
    pub const fn is_aside(&self) -> bool {
        self.to.is_none() || matches!(self.act, Act::Withdraw | Act::EditDraft)
    }

    /// Whether it approves what stands in a file: without one the record would not say what was approved, and no hash would
    /// hold it (Arts. 6 and 7).
    pub const fn needs_file(&self) -> bool {
        matches!(self.act, Act::Approve)
    }
}

/// Where a step leads instead of to its own state, while the record of the case asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Detour {
    /// Which step.
    pub act: Act,
    /// Where it leads.
    pub to: State,
    /// Whether it does, for a case before the step.
    pub when: fn(&Case) -> bool,
    /// When, in words that 「とき」 follows.
    pub words: &'static str,
}

/// How soon a case should be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// 速やかに: within the hours of the setting.
    Promptly,
    /// Within so many days.
    Days(i64),
    /// By the end of the day that this field names.
    EndOf(&'static str),
    /// By the end of the day on which the planned stop ends, prolonged or not: [`stop_span`](super::stop_span).
    EndOfStop,
    /// Within the help desk's answering time, counted in its hours only (Art. 16).
    AnswerTime,
    /// By the end of the last day for the final report on a leak: [`incident::leak`](super::incident::leak).
    LeakReport,
}

/// Whether a step may be taken after what came before in its case.
pub type Follows = fn(&Case, Act, &Form, &Actor, Timestamp) -> Result<(), CannotStep>;

/// What is wrong with the fields of a request together.
pub type Check = fn(&Form, &Actor, Timestamp) -> Vec<FieldError>;

/// A procedure.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// Which.
    pub procedure: Procedure,
    /// The article that it follows.
    pub article: &'static str,
    /// What stands before the year in its case numbers.
    pub letter: &'static str,
    /// What it is for, to whoever asks.
    pub purpose: &'static str,
    /// Who begins it online.
    pub asks: &'static [Party],
    /// Who enters what came on paper or by FAX, for those who ask.
    pub papers: Option<Party>,
    /// By which ways it comes that are not online.
    pub ways: &'static [Channel],
    /// Who may read along without a step of their own.
    pub readers: &'static [Party],
    /// What is asked.
    pub fields: &'static [Field],
    /// What the fields must be together, in a case that was first asked at this time.
    pub check: Option<Check>,
    /// What a step must be beyond state, party and fields: what came before in the case.
    pub follows: Option<Follows>,
    /// The state in which a case begins.
    pub first: State,
    /// The state in which a case begins that the system opens by itself; `None`: it never does.
    pub by_system: Option<State>,
    /// How soon it should be done.
    pub due: Due,
    /// States with a time of their own, counted from the step that leads there.
    pub dues: &'static [(State, Due)],
    /// Whether it must be done once a year by whoever asks it (by each facility, where facilities ask), and from how many
    /// days before the year is over they are told.
    pub yearly: Option<i64>,
    /// Its steps after the request. The first one from a state that is not aside is what the case waits for.
    pub steps: &'static [Step],
    /// The states of its straight course, in order: the line on the screen.
    pub course: &'static [State],
}

impl Declaration {
    /// The time of a state that has one of its own.
    pub fn due_in(&self, state: State) -> Option<Due> {
        self.dues.iter().find(|(of, _)| *of == state).map(|(_, due)| *due)
    }

    /// The step of an act in a state.
    pub fn step(&self, act: Act, state: State) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.act == act && step.from.contains(&state))
    }

    /// What an act asks, in whichever state it was taken.
    pub fn asked_by(&self, act: Act) -> &'static [Field] {
        self.steps.iter().find(|step| step.act == act).map_or(&[], |step| step.fields)
    }

    /// The step that a case in this state waits for.
    pub fn waits_for(&self, state: State) -> Option<&'static Step> {
        if state.is_resting() {
            return None;
        }
        self.steps.iter().find(|step| step.from.contains(&state) && !step.is_aside())
    }

    /// Everybody who has to do with such cases, each once.
    pub fn parties(&self) -> Vec<Party> {
        let mut all: Vec<Party> = self.asks.to_vec();
        all.extend(self.papers.iter().chain(self.readers).copied());
        all.extend(self.steps.iter().map(|step| step.by));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Those who write a draft that came this way.
    pub fn drafters(&self, channel: Channel) -> Vec<Party> {
        let papers = self.papers.filter(|_| channel.is_entered());
        self.asks.iter().copied().chain(papers).collect()
    }

    /// A state in words for one of the parties.
    pub fn words(&self, state: State, reader: Party) -> String {
        match self.waits_for(state) {
            Some(step) if step.by == reader => {
                format!("あなたの操作を待っています: {}", step.act.label())
            }
            Some(step) if step.by == Party::System => {
                format!("{}。終わると次に進みます", state.label())
            }
            Some(step) => format!("{}の操作を待っています: {}", step.by.label(), step.act.label()),
            None if state.is_closed() => format!("終わった手続きです（{}）", state.label()),
            None => format!("{}。期限はありません", state.label()),
        }
    }
}
