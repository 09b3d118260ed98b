//! Temporary use of data (Art. 15): the facts that outputs are made of, and the outputs.
//!
//! This is the one way to patients' data beside [`super::access::Access`]: it asks for a [`DataGrant`], which only a case
//! with a granted and presented notice gives, and it answers facts without names or text.

use super::{
    Store,
    book::team_member,
    error::StoreError,
    item::Item,
    keys::{self, MEMBER},
    tx::{Change, Tx},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use shared::{
    api::error::Code,
    book::{Act, ConsentState, NoteNumber, Patient, TeamMember},
    calendar::{Day, Timestamp},
    evidence::deidentify::{Dataset, NoteFact, PERIOD_DAYS_MAX, PatientFact, Source, Wanted},
    id::{AccountId, CaseId, FacilityId, OutputId, PatientId},
    people::FacilityKind,
    procedure::{DataGrant, OUTPUTS_MAX, Output},
};
use std::collections::{BTreeSet, HashMap};

/// Most patients that one output reads.
pub const PATIENTS_READ_MAX: usize = 10_000;
/// Most notes that one output reads.
pub const NOTES_READ_MAX: usize = 200_000;
/// Queries on their way at the same time.
const AT_ONCE: usize = 8;

/// A patient's team as outputs need it: how many facilities, and who has read what.
struct Team {
    facilities: u32,
    members: Vec<TeamMember>,
}

/// Of a note's item nothing but its time is read.
#[derive(Deserialize)]
struct Sent {
    sent_at: Timestamp,
}

impl Store {
    /// The facts for an output: patients whose consent is in force, and for notes those of the period that were not
    /// retracted. `None` if there are more than one output may read.
    pub async fn facts(
        &self,
        _proof: &DataGrant,
        wanted: &Wanted,
        today: Day,
    ) -> Result<Option<Source>, StoreError> {
        let query = self.query(keys::PATIENTS).by_index().limit(PATIENTS_READ_MAX + 1);
        let heads = query.run().await?;
        if heads.len() > PATIENTS_READ_MAX {
            return Ok(None);
        }
        let mut patients = heads.iter().map(Item::doc).collect::<Result<Vec<Patient>, _>>()?;
        drop(heads);
        patients.retain(|patient| patient.consent() == ConsentState::Given);
        let ids: Vec<PatientId> = patients.iter().map(|patient| patient.id).collect();
        let teams = stream::iter(
            ids.iter()
                .copied()
                .map(|id| async move { Ok::<_, StoreError>((id, self.team_facts(id).await?)) }),
        );
        let teams: HashMap<PatientId, Team> =
            teams.buffer_unordered(AT_ONCE).try_collect::<Vec<_>>().await?.into_iter().collect();
        let Some(notes) = self.note_facts(wanted, today, &teams).await? else { return Ok(None) };
        let begun = match wanted.dataset {
            Dataset::Patients => self.first_notes(&ids).await?,
            Dataset::Notes => HashMap::new(),
        };
        let patients = patients.iter().map(|patient| PatientFact {
            patient: patient.id,
            born: patient.born,
            sex: patient.sex,
            care_level: patient.care_level,
            facilities: teams.get(&patient.id).map_or(0, |team| team.facilities),
            first_note_on: begun.get(&patient.id).copied(),
        });
        Ok(Some(Source { patients: patients.collect(), notes }))
    }

    async fn team_facts(&self, patient: PatientId) -> Result<Team, StoreError> {
        let items = self.query(&keys::patient_partition(patient)).beginning_with(MEMBER).run().await?;
        let members = items.iter().map(team_member).collect::<Result<Vec<_>, _>>()?;
        let facilities: BTreeSet<_> = members.iter().map(|member| &member.facility_name).collect();
        let facilities = u32::try_from(facilities.len()).unwrap_or(u32::MAX);
        Ok(Team { facilities, members })
    }

    /// When the first note of each of these patients was sent.
    async fn first_notes(&self, patients: &[PatientId]) -> Result<HashMap<PatientId, Day>, StoreError> {
        let wanted: Vec<_> = patients.iter().map(|id| keys::note(*id, NoteNumber(1))).collect();
        let by_partition: HashMap<String, PatientId> =
            patients.iter().map(|id| (keys::patient_partition(*id), *id)).collect();
        let mut found = HashMap::new();
        for item in self.get_all(&wanted).await? {
            if let Some(id) = by_partition.get(&item.key()?.pk) {
                found.insert(*id, item.doc::<Sent>()?.sent_at.day());
            }
        }
        Ok(found)
    }

    /// The notes of a period, from the sent journal of its days; retractions and 了解 are looked for until today, or
    /// for a year after the period.
    async fn note_facts(
        &self,
        wanted: &Wanted,
        today: Day,
        teams: &HashMap<PatientId, Team>,
    ) -> Result<Option<Vec<NoteFact>>, StoreError> {
        let kinds: HashMap<FacilityId, FacilityKind> =
            self.facilities_ever().await?.into_iter().map(|facility| (facility.id, facility.kind)).collect();
        let last = today.min(wanted.to.plus_days(PERIOD_DAYS_MAX));
        let days = (0..).map(|n| wanted.from.plus_days(n)).take_while(move |day| *day <= last);
        let days = days.map(|day| async move { Ok::<_, StoreError>((day, self.journal(day).await?)) });
        let mut days = stream::iter(days).buffered(AT_ONCE);
        let mut notes: HashMap<(PatientId, NoteNumber), NoteFact> = HashMap::new();
        let mut acknowledged: HashMap<(PatientId, NoteNumber), BTreeSet<AccountId>> = HashMap::new();
        while let Some((day, entries)) = days.try_next().await? {
            for (_, entry) in entries {
                let Some(team) = teams.get(&entry.patient) else { continue };
                let which = (entry.patient, entry.number);
                match entry.act {
                    Act::Sent { note } if day <= wanted.to => {
                        let readers = team.members.iter().filter(|who| who.has_read(entry.number)).count();
                        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                        let fact = NoteFact {
                            patient: entry.patient,
                            author: note.author.account,
                            sent_on: day,
                            facility_kind: kinds.get(&note.author.facility).copied(),
                            profession: note.author.profession,
                            kind: note.kind,
                            importance: note.importance,
                            attachments: count(note.attachments.len()),
                            read_by: count(readers),
                            acknowledged: 0,
                        };
                        notes.insert(which, fact);
                        if notes.len() > NOTES_READ_MAX {
                            return Ok(None);
                        }
                    }
                    Act::Retracted { .. } => {
                        notes.remove(&which);
                    }
                    Act::Acknowledged if notes.contains_key(&which) => {
                        acknowledged.entry(which).or_default().insert(entry.by);
                    }
                    Act::Sent { .. } | Act::Revised { .. } | Act::Acknowledged => {}
                }
            }
        }
        for (which, by) in acknowledged {
            if let Some(note) = notes.get_mut(&which) {
                note.acknowledged = u32::try_from(by.len()).unwrap_or(u32::MAX);
            }
        }
        Ok(Some(notes.into_values().collect()))
    }

    /// The outputs of a case, oldest first.
    pub async fn outputs(&self, case: CaseId) -> Result<Vec<Output>, StoreError> {
        let query =
            self.query(&keys::case_partition(case)).beginning_with(keys::OUTPUT).limit(OUTPUTS_MAX + 1);
        query.run().await?.iter().map(output).collect()
    }

    /// An output of a case.
    pub async fn output(&self, case: CaseId, id: OutputId) -> Result<Option<Output>, StoreError> {
        self.get(&keys::output(case, id)).await?.as_ref().map(output).transpose()
    }

    /// The write of a new output.
    pub fn create_output(&self, tx: &mut Tx<Code>, made: &Output) -> Result<(), StoreError> {
        let item = Item::new(&keys::output(made.case, made.id), made)?.number("downloads", 0);
        tx.create(self, item.listed(keys::outputs_ending(made.last_day), made.id.to_string()), Code::Busy)
    }

    /// The write that counts a download; somebody who fetched at the same moment goes first.
    pub fn count_download(&self, tx: &mut Tx<Code>, made: &Output) -> Result<(), StoreError> {
        let change = Change::of(keys::output(made.case, made.id), "SET downloads = :next")
            .only_if("downloads = :seen")
            .number(":seen", made.downloads)
            .number(":next", i128::from(made.downloads) + 1);
        tx.update(self, change, Some(Code::Stale))
    }

    /// The outputs whose use period ended with a day.
    pub async fn outputs_ending(&self, day: Day) -> Result<Vec<Output>, StoreError> {
        self.query(&keys::outputs_ending(day)).by_index().run().await?.iter().map(output).collect()
    }
}

fn output(item: &Item) -> Result<Output, StoreError> {
    Ok(Output { downloads: item.get_number("downloads")?, ..item.doc()? })
}
