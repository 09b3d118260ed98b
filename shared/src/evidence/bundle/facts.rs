//! What is known of a period, without a person's name or anybody's text: it goes into the bundle as it stands.

use super::super::{BackupKind, monitor::MonitorDay, runbook::Standing, schedule::BackupTimes};
use crate::{
    calendar::{Day, Timestamp},
    id::{AccountId, CaseId, FacilityId, GenerationId},
    people::Role,
    procedure::{Act, Form, Party, Procedure, State},
};
use serde::{Deserialize, Serialize};

/// A generation of backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationFact {
    /// Which.
    pub id: GenerationId,
    /// Of which run.
    pub kind: BackupKind,
    /// Its day.
    pub day: Day,
    /// When its manifest was written.
    pub finished_at: Timestamp,
    /// The manifest's key in the locked bucket.
    pub manifest_key: String,
    /// The version that the lock holds.
    pub manifest_version: String,
    /// The manifest's SHA-256 in hex, as catalogued.
    pub manifest_sha256: String,
    /// Whether the manifest was there, with that hash, when the bundle was made.
    pub manifest_found: bool,
    /// The lock found on it.
    pub locked_until: Option<Timestamp>,
    /// The lock that it must have at least.
    pub must_be_locked_until: Timestamp,
    /// Whether its last verification found everything as written.
    pub verified: bool,
    /// When that was.
    pub verified_at: Option<Timestamp>,
}

/// A run by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualFact {
    /// What was made.
    pub generation: GenerationId,
    /// Of which day.
    pub day: Day,
}

/// A step of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFact {
    /// What was done.
    pub act: Act,
    /// By which party.
    pub party: Party,
    /// By which account; `None` where the system itself did it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// A case that was open at some time of the period; of a yearly procedure also one that ended within a year before it, and
/// every one by which the city approved what holds until it approves something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseFact {
    /// Which.
    pub id: CaseId,
    /// 受付番号.
    pub number: String,
    /// Of which procedure.
    pub procedure: Procedure,
    /// For which facility.
    pub facility: FacilityId,
    /// Where it stands.
    pub state: State,
    /// What was chosen in its form among what its declaration offers, by field: never anybody's own words.
    pub choices: Form,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it should be, or should have been, done.
    pub due_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whether it was refused or withdrawn.
    pub came_to_nothing: bool,
    /// Whether it is open and past its time.
    pub overdue: bool,
    /// What was done.
    pub steps: Vec<StepFact>,
    /// SHA-256 of each file that hangs on it, in hex: of a rule or a checklist, what the city approved.
    pub files_sha256: Vec<String>,
    /// SHA-256 of the whole record as stored, in hex: the texts themselves stay where they are.
    pub record_sha256: String,
}

/// A facility whose people use the network, as it stands when the facts are gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityFact {
    /// Which.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// The day on which it was registered.
    pub since: Day,
    /// People who may sign in.
    pub people: u32,
    /// Of them the facility's managers.
    pub managers: u32,
}

/// An appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostFact {
    /// Who.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// From this day on.
    pub from: Day,
    /// Through this day.
    pub to: Option<Day>,
    /// The number of its filing with the city, if the city has received it.
    pub filing: Option<String>,
}

/// The newest seal of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The seal's number.
    pub number: u64,
    /// It covers events before this instant.
    pub to: Timestamp,
    /// Entries of the log up to its end.
    pub entries: u64,
    /// The head of the seal before.
    pub previous: String,
    /// Its head.
    pub head: String,
    /// Its key in the locked bucket.
    pub key: String,
    /// The version that the lock holds.
    pub version: String,
}

/// A month of the period that is over, and whether its audit log was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFact {
    /// 「2026-10」.
    pub month: String,
    /// The number of the case in which somebody signed.
    pub review: Option<String>,
    /// Whether it is missing and late.
    pub overdue: bool,
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunbookFact {
    /// Its number.
    pub number: u32,
    /// What it is for.
    pub title: String,
    /// The version of its text.
    pub version: u32,
    /// Whether it was looked at in time.
    pub standing: Standing,
    /// The key of its newest copy in the locked bucket.
    pub copy: Option<String>,
}

/// The asset ledger as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerFact {
    /// The number of its newest version.
    pub number: u32,
    /// Assets in it.
    pub rows: u32,
    /// SHA-256 of its text, in hex.
    pub sha256: String,
    /// When it was registered.
    pub at: Timestamp,
    /// The key of the manifest of the system data that keeps it, once there is one that was read back.
    pub kept_in: Option<String>,
}

/// Everything that clauses are judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The period's first day.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// When the facts were gathered.
    pub now: Timestamp,
    /// The first day of use: on which a facility took part and there was a generation, monitoring or a seal; `None` while
    /// nothing of that was.
    pub first_day: Option<Day>,
    /// The last day whose daily generation is due by now.
    pub last_due_day: Day,
    /// Generations of days of the period; monthly ones of all of its first month; of system data at least the newest one
    /// of its last day or before.
    pub generations: Vec<GenerationFact>,
    /// Runs by hand among them that have their reason.
    pub manual: Vec<ManualFact>,
    /// Times that the city approved, by which backups of the period ran.
    pub times: Vec<BackupTimes>,
    /// Cases that were open in the period, and earlier ones that still say something of it.
    pub cases: Vec<CaseFact>,
    /// 受付番号 of the period that were given and whose record is not there, with the procedure.
    pub lost_numbers: Vec<(Procedure, String)>,
    /// The facilities that provide care.
    pub facilities: Vec<FacilityFact>,
    /// Appointments that held in the period.
    pub posts: Vec<PostFact>,
    /// For each day of the period its newest seal.
    pub checkpoints: Vec<Checkpoint>,
    /// Numbers of seals of the period that are not where they must be.
    pub lost_seals: Vec<u64>,
    /// The instant up to which the log is sealed.
    pub sealed_until: Option<Timestamp>,
    /// Months of the period that are over.
    pub months: Vec<MonthFact>,
    /// The runbooks.
    pub runbooks: Vec<RunbookFact>,
    /// The asset ledger, if one was registered.
    pub ledger: Option<LedgerFact>,
    /// The days of monitoring in numbers, of those days of the period that are over; what was recorded and is not there any
    /// more is not counted.
    pub watched: Vec<MonitorDay>,
    /// Restores that were tried in isolation, from a week before the period on.
    pub drills: Vec<DrillFact>,
}

/// A restore that was tried in isolation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillFact {
    /// When.
    pub at: Timestamp,
    /// Whether everything came back as it is in use.
    pub good: bool,
    /// The newest day that came back.
    pub newest_day: Option<Day>,
}
