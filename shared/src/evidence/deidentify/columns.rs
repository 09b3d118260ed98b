//! The columns of an output, how coarse each can become, and the values that can occur in it.

use super::{HIDDEN, NoteFact, PatientFact, Source, Wanted};
use crate::{
    book::{CareLevel, Importance, NoteKind, Sex},
    calendar::Day,
    id::{AccountId, PatientId},
    label::labelled,
    people::{FacilityKind, Profession},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

labelled! {
    /// About what.
    pub enum Dataset {
        Notes = "notes" "連絡（1件ごと。本文は含まない）",
        Patients = "patients" "患者（1人ごと）",
    }
}

labelled! {
    /// What a row says.
    pub enum Column {
        Sent = "sent" "送信の時期",
        FacilityKind = "facility_kind" "施設の種類",
        Profession = "profession" "職種",
        NoteKind = "note_kind" "種別",
        Importance = "importance" "重要度",
        Age = "age" "年齢",
        Sex = "sex" "性別",
        CareLevel = "care_level" "要介護度",
        Attachments = "attachments" "添付の数",
        ReadBy = "read_by" "既読の人数",
        Acknowledged = "acknowledged" "了解の人数",
        Notes = "notes" "連絡の件数",
        Facilities = "facilities" "支援チームの施設数",
        Months = "months" "最初の連絡からの月数",
    }
}

labelled! {
    /// Ages in steps of.
    pub enum AgeStep {
        Five = "5" "5歳ごと",
        Ten = "10" "10歳ごと",
    }
}

labelled! {
    /// Times in steps of.
    pub enum Grain {
        Week = "week" "週ごと",
        Month = "month" "月ごと",
    }
}

impl Dataset {
    /// Its columns, in order.
    pub const fn columns(self) -> &'static [Column] {
        use Column::{
            Acknowledged, Age, Attachments, CareLevel, Facilities, FacilityKind, Importance, Months,
            NoteKind, Notes, Profession, ReadBy, Sent, Sex,
        };
        match self {
            Self::Notes => &[
                Sent,
                FacilityKind,
                Profession,
                NoteKind,
                Importance,
                Age,
                Sex,
                CareLevel,
                Attachments,
                ReadBy,
                Acknowledged,
            ],
            Self::Patients => &[Age, Sex, CareLevel, Notes, Facilities, Months],
        }
    }
}

impl Column {
    /// Whether somebody who knows a person may know this of them: what a class is made of.
    pub const fn tells_who(self) -> bool {
        match self {
            Self::Sent
            | Self::FacilityKind
            | Self::Profession
            | Self::Age
            | Self::Sex
            | Self::CareLevel
            | Self::Notes
            | Self::Facilities
            | Self::Months => true,
            Self::NoteKind | Self::Importance | Self::Attachments | Self::ReadBy | Self::Acknowledged => {
                false
            }
        }
    }

    /// Whether it is about who wrote.
    pub const fn tells_author(self) -> bool {
        matches!(self, Self::FacilityKind | Self::Profession)
    }

    /// The coarsest level, at which nothing is told any more.
    pub const fn coarsest(self) -> usize {
        match self {
            Self::Sent => 4,
            Self::Age => 3,
            Self::FacilityKind
            | Self::Profession
            | Self::CareLevel
            | Self::Notes
            | Self::Facilities
            | Self::Months => 2,
            Self::Sex => 1,
            // Never made coarser: rare values are hidden one by one.
            Self::NoteKind | Self::Importance | Self::Attachments | Self::ReadBy | Self::Acknowledged => 1,
        }
    }

    /// The level that was asked for.
    pub fn finest(self, wanted: &Wanted) -> usize {
        match self {
            Self::Sent => usize::from(wanted.grain == Grain::Month),
            Self::Age => usize::from(wanted.age == AgeStep::Ten),
            _ => 0,
        }
    }

    /// What was done to come to a level coarser than was asked, for the method; `None` for the finest.
    pub const fn in_words(self, level: usize) -> Option<&'static str> {
        Some(match (self, level) {
            (Self::Sent, 1) => "送信の時期は月ごと",
            (Self::Sent, 2) => "送信の時期は四半期まで",
            (Self::Sent, 3) => "送信の時期は年まで",
            (Self::Sent, 4) => "送信の時期は出力しない",
            (Self::Age, 1) => "年齢は10歳ごと",
            (Self::Age, 2) => "年齢は65歳・75歳・85歳を境とする4区分",
            (Self::Age, 3) => "年齢は出力しない",
            (Self::Sex, 1) => "性別は出力しない",
            (Self::CareLevel, 1) => "要介護度は4区分",
            (Self::CareLevel, 2) => "要介護度は出力しない",
            (Self::FacilityKind, 1) => "施設の種類は医療・介護など3区分",
            (Self::FacilityKind, 2) => "施設の種類は出力しない",
            (Self::Profession, 1) => "職種は医療・介護など3区分",
            (Self::Profession, 2) => "職種は出力しない",
            (Self::Notes, 1) => "連絡の件数は3区分",
            (Self::Notes, 2) => "連絡の件数は出力しない",
            (Self::Facilities, 1) => "施設数は2区分",
            (Self::Facilities, 2) => "施設数は出力しない",
            (Self::Months, 1) => "月数は3区分",
            (Self::Months, 2) => "月数は出力しない",
            _ => return None,
        })
    }

    /// Every value that can occur at the level asked for, whether or not it does.
    pub(super) fn domain(self, wanted: &Wanted) -> Vec<String> {
        let level = self.finest(wanted);
        let of = |all: &mut dyn Iterator<Item = String>| {
            let mut seen = Vec::new();
            for value in all {
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            seen
        };
        let numbers = |words: fn(u32, usize) -> String| of(&mut (0..=150).map(|n| words(n, level)));
        match self {
            Self::Sent => {
                let days = (0..).map(|n| wanted.from.plus_days(n)).take_while(|day| *day <= wanted.to);
                of(&mut days.map(|day| time_words(day, level)))
            }
            Self::FacilityKind => {
                let kinds = FacilityKind::ALL.iter().copied().map(Some).chain([None]);
                of(&mut kinds.map(|kind| facility_words(kind, level)))
            }
            Self::Profession => of(&mut Profession::ALL.iter().map(|p| profession_words(*p, level))),
            Self::NoteKind => of(&mut NoteKind::ALL.iter().map(|kind| kind.label().to_owned())),
            Self::Importance => of(&mut Importance::ALL.iter().map(|i| i.label().to_owned())),
            Self::Sex => of(&mut Sex::ALL.iter().map(|sex| sex_words(*sex, level))),
            Self::CareLevel => of(&mut CareLevel::ALL.iter().map(|care| care_words(*care, level))),
            Self::Age => numbers(age_words),
            Self::Attachments => numbers(attachments_words),
            Self::ReadBy => numbers(read_words),
            Self::Acknowledged => numbers(acknowledged_words),
            Self::Notes => numbers(notes_words),
            Self::Facilities => numbers(facilities_words),
            Self::Months => {
                let months = (0..=60).map(Some).chain([None]);
                of(&mut months.map(|months| months_words(months, level)))
            }
        }
    }
}

/// A row's facts: a note with its patient, or a patient.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact<'a> {
    pub patient: &'a PatientFact,
    pub note: Option<&'a NoteFact>,
    /// Notes of the patient in the period.
    pub notes: u32,
    as_of: Day,
}

/// The facts of an output.
pub(super) fn facts<'a>(source: &'a Source, wanted: &Wanted) -> Vec<Fact<'a>> {
    let known: HashMap<PatientId, &PatientFact> = source.patients.iter().map(|p| (p.patient, p)).collect();
    let period = wanted.from..=wanted.to;
    let mut counted: BTreeMap<PatientId, u32> = BTreeMap::new();
    let within: Vec<_> = source
        .notes
        .iter()
        .filter(|note| period.contains(&note.sent_on))
        .filter_map(|note| known.get(&note.patient).map(|patient| (note, *patient)))
        .inspect(|(note, _)| *counted.entry(note.patient).or_default() += 1)
        .collect();
    let as_of = wanted.to;
    match wanted.dataset {
        Dataset::Notes => within
            .into_iter()
            .map(|(note, patient)| Fact { patient, note: Some(note), notes: 0, as_of })
            .collect(),
        Dataset::Patients => {
            let notes = |id| counted.get(id).copied().unwrap_or(0);
            let all = source.patients.iter();
            all.map(|patient| Fact { patient, note: None, notes: notes(&patient.patient), as_of }).collect()
        }
    }
}

impl Fact<'_> {
    pub fn author(&self) -> Option<AccountId> {
        self.note.map(|note| note.author)
    }

    /// What a column says at a level.
    pub fn value(&self, column: Column, level: usize) -> String {
        let patient = self.patient;
        let of_note =
            |words: &dyn Fn(&NoteFact) -> String| self.note.map_or_else(|| HIDDEN.to_owned(), words);
        match column {
            Column::Sent => of_note(&|note| time_words(note.sent_on, level)),
            Column::FacilityKind => of_note(&|note| facility_words(note.facility_kind, level)),
            Column::Profession => of_note(&|note| profession_words(note.profession, level)),
            Column::NoteKind => of_note(&|note| note.kind.label().to_owned()),
            Column::Importance => of_note(&|note| note.importance.label().to_owned()),
            Column::Attachments => of_note(&|note| attachments_words(note.attachments, level)),
            Column::ReadBy => of_note(&|note| read_words(note.read_by, level)),
            Column::Acknowledged => of_note(&|note| acknowledged_words(note.acknowledged, level)),
            Column::Age => age_words(patient.born.age_on(self.as_of), level),
            Column::Sex => sex_words(patient.sex, level),
            Column::CareLevel => care_words(patient.care_level, level),
            Column::Notes => notes_words(self.notes, level),
            Column::Facilities => facilities_words(patient.facilities, level),
            Column::Months => {
                let first = patient.first_note_on.filter(|first| *first <= self.as_of);
                months_words(first.map(|first| months_between(first, self.as_of)), level)
            }
        }
    }
}

/// How many different people are behind some facts.
pub(super) fn people<'a>(facts: impl Iterator<Item = &'a Fact<'a>>) -> usize {
    facts.map(|fact| fact.patient.patient).collect::<BTreeSet<_>>().len()
}

fn months_between(first: Day, last: Day) -> u32 {
    let ((y, m, d), (ly, lm, ld)) = (first.ymd(), last.ymd());
    let months = (ly - y) * 12 + i32::from(lm) - i32::from(m) - i32::from(ld < d);
    u32::try_from(months).unwrap_or(0)
}

fn time_words(day: Day, level: usize) -> String {
    let (year, month, _) = day.ymd();
    match level {
        0 => {
            let back =
                ["月", "火", "水", "木", "金", "土", "日"].iter().position(|word| *word == day.weekday());
            let monday = day.plus_days(-i64::try_from(back.unwrap_or(0)).unwrap_or(0));
            format!("{monday}からの週")
        }
        1 => format!("{year:04}-{month:02}"),
        2 => {
            let first = (month - 1) / 3 * 3 + 1;
            format!("{year}年{first}〜{}月", first + 2)
        }
        3 => format!("{year}年"),
        _ => HIDDEN.to_owned(),
    }
}

fn age_words(age: u32, level: usize) -> String {
    match (level, age) {
        (0 | 1, 90..) => "90歳以上".to_owned(),
        (0 | 1, 0..40) => "40歳未満".to_owned(),
        (0 | 1, age) => {
            let step = if level == 0 { 5 } else { 10 };
            let low = age / step * step;
            format!("{low}〜{}歳", low + step - 1)
        }
        (2, 0..65) => "65歳未満".to_owned(),
        (2, 65..75) => "65〜74歳".to_owned(),
        (2, 75..85) => "75〜84歳".to_owned(),
        (2, 85..) => "85歳以上".to_owned(),
        _ => HIDDEN.to_owned(),
    }
}

fn sex_words(sex: Sex, level: usize) -> String {
    if level == 0 { sex.label() } else { HIDDEN }.to_owned()
}

fn care_words(care: CareLevel, level: usize) -> String {
    match (level, care) {
        (0, care) => care.label(),
        (1, CareLevel::None) => "認定なし",
        (1, CareLevel::Support1 | CareLevel::Support2) => "要支援",
        (1, CareLevel::Care1 | CareLevel::Care2) => "要介護1・2",
        (1, CareLevel::Care3 | CareLevel::Care4 | CareLevel::Care5) => "要介護3以上",
        _ => HIDDEN,
    }
    .to_owned()
}

fn facility_words(kind: Option<FacilityKind>, level: usize) -> String {
    use FacilityKind as K;
    match (level, kind) {
        (0, Some(kind)) => kind.label(),
        (0, None) => "登録なし",
        (1, Some(K::Hospital | K::Clinic | K::DentalClinic | K::Pharmacy | K::VisitingNurseStation)) => {
            "医療"
        }
        (1, Some(K::CarePlanOffice | K::CommunitySupportCentre | K::DayCare | K::HomeHelp | K::CareHome)) => {
            "介護・福祉"
        }
        (1, Some(K::CityOffice | K::Contractor) | None) => "その他",
        _ => HIDDEN,
    }
    .to_owned()
}

fn profession_words(profession: Profession, level: usize) -> String {
    use Profession as P;
    match (level, profession) {
        (0, profession) => profession.label(),
        (
            1,
            P::Physician
            | P::Dentist
            | P::Pharmacist
            | P::Nurse
            | P::PublicHealthNurse
            | P::DentalHygienist
            | P::PhysicalTherapist
            | P::OccupationalTherapist
            | P::SpeechTherapist
            | P::Dietitian,
        ) => "医療",
        (1, P::CareManager | P::CareWorker | P::HomeHelper | P::SocialWorker | P::MedicalSocialWorker) => {
            "介護・福祉"
        }
        (1, P::Clerk | P::Official | P::Engineer) => "その他",
        _ => HIDDEN,
    }
    .to_owned()
}

fn attachments_words(n: u32, _: usize) -> String {
    match n {
        0 => "なし",
        1 => "1個",
        2.. => "2個以上",
    }
    .to_owned()
}

fn read_words(n: u32, _: usize) -> String {
    match n {
        0 => "0人",
        1..4 => "1〜3人",
        4..8 => "4〜7人",
        8.. => "8人以上",
    }
    .to_owned()
}

fn acknowledged_words(n: u32, _: usize) -> String {
    match n {
        0 => "0人",
        1..3 => "1・2人",
        3.. => "3人以上",
    }
    .to_owned()
}

fn notes_words(n: u32, level: usize) -> String {
    match (level, n) {
        (0 | 1, 0) => "0件",
        (0, 1..10) => "1〜9件",
        (0, 10..50) => "10〜49件",
        (0, 50..100) => "50〜99件",
        (0, 100..) => "100件以上",
        (1, 1..50) => "1〜49件",
        (1, 50..) => "50件以上",
        _ => HIDDEN,
    }
    .to_owned()
}

fn facilities_words(n: u32, level: usize) -> String {
    match (level, n) {
        (0, 0..2) => "1か所以下",
        (0, 2) => "2か所",
        (0, 3) => "3か所",
        (0, 4) => "4か所",
        (0, 5..) => "5か所以上",
        (1, 0..4) => "3か所以下",
        (1, 4..) => "4か所以上",
        _ => HIDDEN,
    }
    .to_owned()
}

fn months_words(months: Option<u32>, level: usize) -> String {
    match (level, months) {
        (0 | 1, None) => "連絡なし",
        (0, Some(0..6)) => "6か月未満",
        (0, Some(6..12)) => "6〜11か月",
        (0, Some(12..24)) => "12〜23か月",
        (0, Some(24..)) => "24か月以上",
        (1, Some(0..12)) => "12か月未満",
        (1, Some(12..)) => "12か月以上",
        _ => HIDDEN,
    }
    .to_owned()
}
