//! Registering a patient, and correcting what was registered.
//!
//! **What somebody who registers is told about patients they do not know.** A second book for the same person is a
//! risk to the patient: half of what the carers know is in the other one. That a person is registered at all is
//! personal data. We decided: who types exactly the reading and the day of birth of somebody who is registered is
//! told that such a person is registered, and nothing else, neither name nor facility nor whether there is consent.
//! Whoever asks must know both already; only people who use the contact book can ask; each answer leaves an audit
//! event that names the patients it was about; and a person gets at most [`DUPLICATES_A_DAY`] such answers a day.
//! Two people can share both: who has made sure says so, and registers.

use crate::{
    daily::Today,
    http::{context::Cx, error::ApiError},
    random,
    store::{register::SameReading, tx::Tx},
};
use shared::{
    api::error::Code,
    authority::Action,
    book::{Joined, JoinedBy, NewPatient, NoteNumber, Patient, PatientDetails, PatientEdit, TeamMember},
    id::PatientId,
};
use std::sync::{Arc, Once};

/// How often a day one person is told that somebody is registered already.
pub const DUPLICATES_A_DAY: u32 = 10;

/// Registers a patient. The person who registers is the team; the page opens when a consent is on record.
///
/// # Errors
/// Fields in error; [`Code::DuplicatePatient`]; [`Code::TooManyAttempts`] after too many of those.
pub async fn register(cx: Arc<Cx>, (): (), new: NewPatient) -> Result<Patient, ApiError> {
    let new = NewPatient { details: new.details.check(cx.now.day())?, ..new };
    let id = random::id(cx.now, PatientId::from_parts);
    let named = Once::new();
    cx.once(new.command, || register_once(&cx, id, &new, &named)).await
}

async fn register_once(cx: &Cx, id: PatientId, new: &NewPatient, named: &Once) -> Result<Patient, ApiError> {
    let actor = cx.actor()?;
    let PatientDetails { name, kana, born, sex, care_level, area } = new.details.clone();
    let patient =
        Patient { id, name, kana, born, sex, care_level, area, consented_on: None, withdrawn_on: None };
    let seen = alone(cx, &patient, new.another_person).await?;
    let first = TeamMember {
        account: actor.account,
        name: actor.name.clone(),
        profession: actor.profession,
        facility_name: actor.facility_name.clone(),
        read_to: NoteNumber(0),
        read_at: None,
        history: NoteNumber(0),
    };
    let joined = Joined {
        at: cx.now,
        how: JoinedBy::Registered,
        by: actor.account,
        by_name: actor.name.clone(),
        reason: String::new(),
    };
    let mut tx = Tx::default();
    cx.app.store.register(&mut tx, &seen, &patient, (&first, joined))?;
    named.call_once(|| cx.about(id));
    cx.commit_command(tx, new.command, patient).await
}

/// Corrects what was registered; what stood there before is kept.
///
/// # Errors
/// As [`register`]; [`Code::Stale`] if patient, team or consent changed meanwhile.
pub async fn edit(cx: Arc<Cx>, patient: PatientId, edit: PatientEdit) -> Result<Patient, ApiError> {
    let edit = PatientEdit { details: edit.details.check(cx.now.day())?, ..edit };
    cx.once(edit.command, || edit_once(&cx, patient, &edit)).await
}

async fn edit_once(cx: &Cx, patient: PatientId, edit: &PatientEdit) -> Result<Patient, ApiError> {
    let store = &cx.app.store;
    let access = store.enter(cx.actor()?, patient, Action::EditPatient).await?;
    if access.head().circle != edit.version {
        return Err(Code::Stale.into());
    }
    let was = &access.head().patient;
    let PatientDetails { name, kana, born, sex, care_level, area } = edit.details.clone();
    let is = Patient { name, kana, born, sex, care_level, area, ..was.clone() };
    let seen = if edit.details.reading() == shared::book::reading(&was.kana, was.born) {
        None
    } else {
        Some(alone(cx, &is, edit.another_person).await?)
    };
    let mut tx = Tx::default();
    store.correct(&mut tx, &access, (&is, seen.as_ref()), cx.now)?;
    cx.commit_command(tx, edit.command, is).await
}

/// Who has the same reading and day of birth; refused if somebody has and the person has not made sure.
async fn alone(cx: &Cx, patient: &Patient, another_person: bool) -> Result<SameReading, ApiError> {
    let told = Today::of(cx, "register").await?;
    if told.has_reached(DUPLICATES_A_DAY) && !another_person {
        let left = cx.now.day().plus_days(1).start().seconds() - cx.now.seconds();
        return Err(ApiError::from(Code::TooManyAttempts).after(u32::try_from(left).unwrap_or(u32::MAX)));
    }
    let seen = cx.app.store.same_reading(patient).await?;
    if seen.patients.is_empty() || another_person {
        return Ok(seen);
    }
    told.count(cx).await?;
    for id in &seen.patients {
        cx.about(id);
    }
    Err(Code::DuplicatePatient.into())
}
