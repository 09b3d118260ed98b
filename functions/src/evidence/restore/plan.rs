//! What a restore brings back, how far it is, and why it stops.

use crate::store::error::StoreError;
use serde::{Deserialize, Serialize};
use shared::{
    calendar::{Day, Timestamp, YearMonth},
    evidence::{BackupKind, Holds, KeyName},
    id::PatientId,
};
use std::collections::BTreeSet;

/// From which generations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The newest daily one of each day, replayed in order.
    #[default]
    Daily,
    /// The newest monthly one of a month: everything as it stood when it was made.
    Month(YearMonth),
}

impl Source {
    pub(super) const fn kind(self) -> BackupKind {
        match self {
            Self::Daily => BackupKind::Daily,
            Self::Month(_) => BackupKind::Monthly,
        }
    }
}

/// What of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it.
    #[default]
    Everything,
    /// One patient's page: notes, earlier texts, receipts, files, team, consents; and everybody who may have to sign in to
    /// read it.
    Patient(PatientId),
    /// What was sent and done on one day.
    Day(Day),
}

/// What was asked for. A restore that was cut off goes on only under the same plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// From which generations.
    pub source: Source,
    /// What of them.
    pub part: Part,
    /// Whether what lies under a lost key is left out and counted, instead of stopping the restore.
    pub leave_lost: bool,
}

impl Plan {
    /// Everything of the daily generations.
    pub const EVERYTHING: Self = Self { source: Source::Daily, part: Part::Everything, leave_lost: false };

    /// Whether a generation of this day can hold anything of it.
    pub(super) fn reaches(&self, day: Day) -> bool {
        match (self.source, self.part) {
            (Source::Month(month), _) => day.month() == month,
            (Source::Daily, Part::Day(wanted)) => day == wanted,
            (Source::Daily, _) => true,
        }
    }

    /// Whether something under these keys belongs to it. What is under no patient's key is about nobody alone: of that, one
    /// patient's restore takes the directory.
    pub(super) fn wants(&self, holds: Holds, keys: &[KeyName]) -> bool {
        let of_patient = |name: &KeyName| matches!(name, KeyName::Patient(_));
        match self.part {
            Part::Everything => true,
            Part::Patient(patient) => {
                keys.contains(&KeyName::Patient(patient))
                    || holds == Holds::Directory && !keys.iter().any(of_patient)
            }
            Part::Day(day) => holds == Holds::Directory || keys.contains(&KeyName::Day(day)),
        }
    }
}

/// What a restore brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Generations read.
    pub generations: usize,
    /// Bytes of objects read and compared with their manifests.
    pub bytes: u64,
    /// Entries of the sent journal.
    pub entries: usize,
    /// Notes.
    pub notes: usize,
    /// Attached files.
    pub files: usize,
    /// Cases.
    pub cases: usize,
    /// Events of the audit log.
    pub events: usize,
    /// Boxes that nobody can open any more, because their key was destroyed when its time came.
    pub erased: usize,
    /// Entries about notes that are not here: erased ones, and those of days that are not restored.
    pub orphans: usize,
    /// Keys that are lost in both copies: what lies under them was left out.
    pub lost: BTreeSet<KeyName>,
    /// Days between the first and the last generation that have none: what was sent then is not here.
    pub missing: Vec<Day>,
}

/// The last object whose content is in the target; the next one comes after it in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Whether the directory has begun: it comes last, so that nobody can sign in before everything is there.
    pub directory: bool,
    /// The manifest's key, in order of days.
    pub manifest: String,
    /// The object's place in it; the highest where all of them are done.
    pub object: usize,
    /// Among what a monthly generation left in daily ones, so many are done.
    pub held: usize,
}

/// How far a restore is, kept in the target so that it can go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What was asked for.
    pub plan: Plan,
    /// When it began; generations made later do not count.
    pub begun_at: Timestamp,
    /// When everything was there.
    pub finished_at: Option<Timestamp>,
    /// Generations that there are.
    pub generations: usize,
    /// The day of the generation that is being read.
    pub day: Option<Day>,
    /// What is there so far.
    pub restored: Restored,
    pub(super) mark: Mark,
}

/// Why a restore stopped. Nothing of the target is then fit for use, until the restore has gone on to its end.
#[derive(Debug)]
pub enum RestoreError {
    /// The store of either side.
    Store(StoreError),
    /// An object is missing or is not what its manifest says.
    Damaged(String),
    /// A manifest is of a format that this software does not read.
    Format(String, u32),
    /// A key is lost: what is under it cannot be read.
    Key(KeyName),
    /// The entries do not follow from one another.
    Inconsistent(String),
    /// There is no generation of what was asked for.
    Nothing,
    /// The target already holds people or patients: a restore goes into an empty environment.
    NotEmpty,
    /// The target holds the beginning of another restore.
    OtherPlan(Box<Plan>),
}

impl std::fmt::Display for RestoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Damaged(key) => write!(f, "{key} is missing or differs from its manifest"),
            Self::Format(key, format) => write!(f, "{key} is of the format {format}, which is not read here"),
            Self::Key(name) => write!(f, "the key {name} is lost in both copies"),
            Self::Inconsistent(what) => write!(f, "the entries do not follow: {what}"),
            Self::Nothing => f.write_str("the archive has no generation of what was asked for"),
            Self::NotEmpty => {
                f.write_str("the target is in use: a restore goes into an empty environment only")
            }
            Self::OtherPlan(plan) => write!(f, "the target holds the beginning of another restore: {plan:?}"),
        }
    }
}

impl std::error::Error for RestoreError {}

impl<E: Into<StoreError>> From<E> for RestoreError {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_patients_part_takes_nothing_of_another_patient() {
        let (one, other) = (PatientId::from_parts(1, 1), PatientId::from_parts(1, 2));
        let day: Day = "2026-11-20".parse().unwrap();
        let plan = Plan { part: Part::Patient(one), ..Plan::EVERYTHING };
        let (day, one, other) = (KeyName::Day(day), KeyName::Patient(one), KeyName::Patient(other));
        for holds in Holds::ALL {
            assert!(plan.wants(*holds, &[day, one]), "{holds:?}");
            assert!(!plan.wants(*holds, &[day, other]), "{holds:?}");
            assert_eq!(plan.wants(*holds, &[day]), *holds == Holds::Directory, "{holds:?}");
        }
    }

    #[test]
    fn one_days_part_takes_that_day_and_the_directory_it_needs() {
        let (day, next): (Day, Day) = ("2026-11-20".parse().unwrap(), "2026-11-21".parse().unwrap());
        let plan = Plan { part: Part::Day(day), ..Plan::EVERYTHING };
        assert!(plan.reaches(day) && !plan.reaches(next));
        assert!(plan.wants(Holds::Journal, &[KeyName::Day(day)]));
        assert!(!plan.wants(Holds::Journal, &[KeyName::Day(next)]));
        assert!(plan.wants(Holds::Directory, &[KeyName::Day(next)]));
    }

    #[test]
    fn marks_are_in_the_order_of_the_work() {
        let mark = |directory, manifest: &str, object, held| Mark {
            directory,
            manifest: manifest.into(),
            object,
            held,
        };
        let order = [
            Mark::default(),
            mark(false, "daily/2026-11-20/A/manifest.json", 0, 0),
            mark(false, "daily/2026-11-20/A/manifest.json", 1, 3),
            mark(false, "daily/2026-11-20/A/manifest.json", usize::MAX, 0),
            mark(false, "daily/2026-11-21/A/manifest.json", 0, 0),
            mark(true, "daily/2026-11-21/A/manifest.json", 2, 0),
        ];
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
