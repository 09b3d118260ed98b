//! Consents of the demo patients, and two patients whose page is closed: one awaits consent, one withdrew it.

use crate::{Member, PatientPage, Person, Size, chance::Chance, files::Cabinet, named, patients};
use shared::{
    book::{Consent, ConsentBy, ConsentForm, ConsentWithdrawal, NoteNumber, Patient},
    calendar::{Day, Timestamp},
    id::PatientId,
    people::{Account, Profession},
};

const HOUR: i64 = 3_600_000;

/// Why a facility was asked into a team, by the profession of whoever joined.
pub fn why_invited(profession: Profession) -> &'static str {
    match profession {
        Profession::Physician => "訪問診療の主治医として、病状の共有が必要なため",
        Profession::Dentist | Profession::DentalHygienist => "口腔ケアの方針を共有するため",
        Profession::Pharmacist => "お薬の管理と飲み合わせの確認のため",
        Profession::Nurse | Profession::PublicHealthNurse => "訪問看護で毎週うかがうため",
        Profession::CareManager => "ケアプランを作成し、サービスを調整するため",
        Profession::HomeHelper | Profession::CareWorker => "日々の介護で気づいたことを共有するため",
        Profession::PhysicalTherapist | Profession::OccupationalTherapist | Profession::SpeechTherapist => {
            "リハビリの目標と様子を共有するため"
        }
        _ => "在宅での生活を支えるため",
    }
}

/// When the consent of a patient of the book was put on record: early on its first day, before anybody wrote.
pub(crate) fn recorded_at(first: Day) -> Timestamp {
    Timestamp::from_ms(first.start().ms() + HOUR / 2)
}

/// The consent of the `index`-th patient, with its document.
pub(crate) fn given(
    index: usize,
    patient: &Patient,
    relative: &str,
    (at, by): (Timestamp, &Account),
    cabinet: &mut Cabinet,
) -> Option<(Consent, crate::DemoFile)> {
    let given_on = patient.consented_on?;
    let mut chance = Chance::new(7, index);
    let (document, file) = cabinet.take("consent", at.ms(), given_on, &mut chance)?;
    let by_family = index % 5 == 3;
    let consent = Consent {
        number: 1,
        given_on,
        given_by: if by_family { ConsentBy::Family } else { ConsentBy::Patient },
        relationship: if by_family { relative.to_owned() } else { String::new() },
        form: if by_family { ConsentForm::SignedFor } else { ConsentForm::Signed },
        document,
        recorded_at: at,
        recorded_by: by.id,
        recorded_by_name: by.name.clone(),
        withdrawal: None,
    };
    Some((consent, file))
}

/// A patient who was registered yesterday and awaits consent, and one who withdrew it the day before. Both are the
/// named care manager's; the named helper was in the second team.
pub(crate) fn closed(size: Size, until: Day, people: &[Person], cabinet: &mut Cabinet) -> Vec<PatientPage> {
    let first = until.plus_days(-i64::try_from(size.days).unwrap_or(90));
    let account = |user_id: &str| people.iter().map(|p| &p.account).find(|a| a.user_id == user_id);
    let (Some(manager), Some(helper)) = (account(named::CARE_MANAGER), account(named::HELPER)) else {
        return Vec::new();
    };
    let at = |day: Day, hour: i64| Timestamp::from_ms(day.start().ms() + hour * HOUR);
    let make = |index: usize, registered_at: Timestamp, team: &[&Account]| {
        let mut chance = Chance::new(8, index);
        let life = patients::make(size.patients + index, first, &mut chance);
        let id = PatientId::from_parts(registered_at.ms().unsigned_abs(), chance.bits());
        let member = |account: &&Account| Member {
            account: account.id,
            joined_at: registered_at,
            read_to: NoteNumber(0),
            read_at: None,
        };
        let team = team.iter().map(member).collect();
        let patient = Patient { id, consented_on: None, withdrawn_on: None, ..life.patient };
        PatientPage {
            patient,
            registered_at,
            team,
            entries: Vec::new(),
            files: Vec::new(),
            consents: Vec::new(),
            documents: Vec::new(),
        }
    };
    let awaiting = make(0, at(until.plus_days(-1), 16), &[manager]);
    let begun = first.plus_days(1);
    let mut withdrew = make(1, at(begun, 9), &[manager, helper]);
    withdrew.patient.consented_on = Some(begun);
    let recorded = (at(begun, 10), manager);
    if let Some((mut consent, file)) = given(size.patients + 1, &withdrew.patient, "長女", recorded, cabinet)
    {
        let day = until.plus_days(-2);
        withdrew.patient.withdrawn_on = Some(day);
        consent.withdrawal = Some(ConsentWithdrawal {
            withdrawn_on: day,
            withdrawn_by: ConsentBy::Patient,
            reason: "施設へ入所するため、在宅チームでの共有を終えたいとの申し出".to_owned(),
            document: None,
            recorded_at: at(day, 15),
            recorded_by: manager.id,
            recorded_by_name: manager.name.clone(),
        });
        withdrew.consents.push(consent);
        withdrew.documents.push(file);
    }
    vec![awaiting, withdrew]
}
