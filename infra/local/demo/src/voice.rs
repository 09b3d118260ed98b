//! How somebody writes: by profession, and a little by where they work.

use shared::people::{FacilityKind, Profession};

/// A manner of writing; each has its own file in `words/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Voice {
    Nurse,
    Doctor,
    Pharmacist,
    CareManager,
    Helper,
    Day,
    Rehab,
    Speech,
    Dental,
    Diet,
    Social,
}

impl Voice {
    /// Everybody who writes, with the name that scripts use and the words.
    pub(crate) const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Nurse, "nurse", include_str!("words/nurse.txt")),
        (Self::Doctor, "doctor", include_str!("words/doctor.txt")),
        (Self::Pharmacist, "pharm", include_str!("words/pharmacist.txt")),
        (Self::CareManager, "cm", include_str!("words/care_manager.txt")),
        (Self::Helper, "helper", include_str!("words/helper.txt")),
        (Self::Day, "day", include_str!("words/day_care.txt")),
        (Self::Rehab, "rehab", include_str!("words/rehab.txt")),
        (Self::Speech, "st", include_str!("words/speech.txt")),
        (Self::Dental, "dental", include_str!("words/dental.txt")),
        (Self::Diet, "diet", include_str!("words/dietitian.txt")),
        (Self::Social, "social", include_str!("words/social.txt")),
    ];

    /// The voice of somebody who can be in a care team.
    pub(crate) fn of(profession: Profession, kind: FacilityKind) -> Option<Self> {
        Some(match (profession, kind) {
            // Nurses of clinics and hospitals are reached through their doctors and social workers.
            (Profession::Nurse, FacilityKind::Clinic | FacilityKind::Hospital) => return None,
            (Profession::Nurse | Profession::Dietitian, FacilityKind::DayCare | FacilityKind::CareHome)
            | (Profession::PhysicalTherapist | Profession::OccupationalTherapist, FacilityKind::DayCare)
            | (Profession::CareWorker, _) => Self::Day,
            (Profession::Physician, _) => Self::Doctor,
            (Profession::Dentist | Profession::DentalHygienist, _) => Self::Dental,
            (Profession::Pharmacist, _) => Self::Pharmacist,
            (Profession::Nurse, _) => Self::Nurse,
            (Profession::PhysicalTherapist | Profession::OccupationalTherapist, _) => Self::Rehab,
            (Profession::SpeechTherapist, _) => Self::Speech,
            (Profession::Dietitian, _) => Self::Diet,
            (Profession::CareManager, _) => Self::CareManager,
            (Profession::HomeHelper, _) => Self::Helper,
            (
                Profession::PublicHealthNurse | Profession::SocialWorker | Profession::MedicalSocialWorker,
                _,
            ) => Self::Social,
            (Profession::Clerk | Profession::Official | Profession::Engineer, _) => return None,
        })
    }

    /// The voice of a name in a script.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(voice, ..)| *voice)
    }

    /// Visits a week that are written about, in tenths.
    pub(crate) fn weekly(self) -> u32 {
        match self {
            Self::Helper => 32,
            Self::Nurse => 22,
            Self::Day => 20,
            Self::Rehab => 11,
            Self::Doctor | Self::Pharmacist | Self::Speech => 6,
            Self::CareManager | Self::Dental | Self::Social => 4,
            Self::Diet => 3,
        }
    }

    /// First and last hour at which a visit is usually written down.
    pub(crate) fn hours(self) -> (i64, i64) {
        match self {
            Self::Nurse => (9, 17),
            Self::Doctor => (12, 18),
            Self::Pharmacist => (13, 18),
            Self::CareManager => (9, 17),
            Self::Helper => (8, 18),
            Self::Day => (15, 16),
            Self::Rehab | Self::Speech => (9, 16),
            Self::Dental => (13, 17),
            Self::Diet | Self::Social => (10, 17),
        }
    }

    /// Whether Sundays are days of work.
    pub(crate) fn on_sundays(self) -> bool {
        matches!(self, Self::Nurse | Self::Helper)
    }
}
