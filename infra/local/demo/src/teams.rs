//! Who cares for whom: teams of four to nine people from three to six facilities.

use crate::{Person, chance::Chance, facilities::Place, named, voice::Voice};
use shared::people::{FacilityKind as K, Role};

/// Somebody in a team.
#[derive(Clone, Copy)]
pub(crate) struct Carer {
    /// Index among the city's people.
    pub(crate) person: usize,
    /// Index among the city's facilities.
    pub(crate) place: usize,
    pub(crate) voice: Voice,
}

/// Everybody who can be in a team.
pub(crate) fn carers(people: &[Person], places: &[Place]) -> Vec<Carer> {
    people
        .iter()
        .enumerate()
        .filter(|(_, person)| person.account.roles.contains(&Role::Member))
        .filter_map(|(index, person)| {
            let place = places.iter().position(|place| place.facility.id == person.account.facility)?;
            let voice = Voice::of(person.account.profession, places[place].facility.kind)?;
            Some(Carer { person: index, place, voice })
        })
        .collect()
}

/// How many of the first patients are nurse hinata-n01's.
pub(crate) fn of_named_nurse(patients: usize) -> usize {
    (patients * 5).div_ceil(8).min(12)
}

/// The team of the `index`-th patient; nobody from day care for a patient who is in bed.
pub(crate) fn make(
    index: usize,
    patients: usize,
    in_bed: bool,
    carers: &[Carer],
    people: &[Person],
    places: &[Place],
    chance: &mut Chance,
) -> Vec<Carer> {
    let mut team = Choice { carers, places, team: Vec::new() };
    let named =
        |user_id: &str| carers.iter().copied().find(|carer| people[carer.person].account.user_id == user_id);
    let hers = index < of_named_nurse(patients);
    if hers {
        team.add(named(named::NURSE));
        if index.is_multiple_of(3) {
            team.add(named(named::COLLEAGUE));
        }
        if index % 6 != 5 {
            team.add(named(named::DOCTOR));
        }
    }
    if index == 0 {
        for user_id in [named::PHARMACIST, named::CARE_MANAGER, named::HELPER] {
            team.add(named(user_id));
        }
    }
    if !hers {
        team.nurses(index, people, chance);
    }
    team.any(Voice::Doctor, &[K::Clinic], 1000, chance);
    team.any(Voice::CareManager, &[K::CarePlanOffice, K::CommunitySupportCentre, K::CareHome], 970, chance);
    team.any(Voice::Pharmacist, &[K::Pharmacy], 800, chance);
    team.any(Voice::Helper, &[K::HomeHelp], 760, chance);
    if team.has(Voice::Helper) && chance.permille(450) {
        team.another(Voice::Helper, None, chance);
    }
    team.any(Voice::Day, &[K::DayCare, K::CareHome], if in_bed { 0 } else { 470 }, chance);
    team.any(Voice::Rehab, &[K::VisitingNurseStation], 330, chance);
    team.any(Voice::Dental, &[K::DentalClinic], 200, chance);
    team.any(Voice::Speech, &[K::VisitingNurseStation, K::Hospital], 90, chance);
    team.any(Voice::Diet, &[K::Hospital], if in_bed { 0 } else { 80 }, chance);
    team.any(Voice::Social, &[K::Hospital, K::CommunitySupportCentre], 200, chance);
    if !hers && chance.permille(400) {
        team.another(Voice::Nurse, named(named::NURSE), chance);
    }
    for (voice, kind) in [(Voice::Pharmacist, K::Pharmacy), (Voice::Helper, K::HomeHelp)] {
        if team.team.len() < 4 {
            team.any(voice, &[kind], 1000, chance);
        }
    }
    team.team
}

struct Choice<'a> {
    carers: &'a [Carer],
    places: &'a [Place],
    team: Vec<Carer>,
}

impl Choice<'_> {
    /// Adds somebody, unless there already or the team is full.
    fn add(&mut self, carer: Option<Carer>) {
        let Some(carer) = carer else { return };
        let mut places: Vec<usize> = self.team.iter().map(|member| member.place).collect();
        places.push(carer.place);
        places.sort_unstable();
        places.dedup();
        let there = self.team.iter().any(|member| member.person == carer.person);
        if !there && self.team.len() < 9 && places.len() <= 6 {
            self.team.push(carer);
        }
    }

    fn has(&self, voice: Voice) -> bool {
        self.team.iter().any(|member| member.voice == voice)
    }

    /// With so much chance, somebody with this voice from a facility of these kinds, if nobody is there yet.
    fn any(&mut self, voice: Voice, kinds: &[K], permille: u32, chance: &mut Chance) {
        // Therapists come from the station that already visits, where it has them.
        let mine = self.team.first().map(|member| member.place);
        let mut able: Vec<Carer> = self
            .carers
            .iter()
            .copied()
            .filter(|c| c.voice == voice && kinds.contains(&self.places[c.place].facility.kind))
            .collect();
        if voice == Voice::Rehab || voice == Voice::Speech {
            able.retain(|c| {
                Some(c.place) == mine || self.places[c.place].facility.kind != K::VisitingNurseStation
            });
        }
        if !self.has(voice) && chance.permille(permille) {
            let chosen = chance.pick(&able).copied();
            self.add(chosen);
        }
    }

    /// A colleague of somebody who is there, but not this one.
    fn another(&mut self, voice: Voice, not: Option<Carer>, chance: &mut Chance) {
        let Some(place) = self.team.iter().find(|member| member.voice == voice).map(|member| member.place)
        else {
            return;
        };
        let able: Vec<Carer> = self
            .carers
            .iter()
            .copied()
            .filter(|c| c.voice == voice && c.place == place)
            .filter(|c| !self.team.iter().chain(&not).any(|member| member.person == c.person))
            .collect();
        let chosen = chance.pick(&able).copied();
        self.add(chosen);
    }

    /// A nurse, not the named one: the stations take turns.
    fn nurses(&mut self, index: usize, people: &[Person], chance: &mut Chance) {
        let mut stations: Vec<usize> =
            self.carers.iter().filter(|c| c.voice == Voice::Nurse).map(|c| c.place).collect();
        stations.dedup();
        let Some(station) = stations.get((index + 1) % stations.len().max(1)) else { return };
        let able: Vec<Carer> = self
            .carers
            .iter()
            .copied()
            .filter(|c| c.voice == Voice::Nurse && c.place == *station)
            .filter(|c| people[c.person].account.user_id != named::NURSE)
            .collect();
        let chosen = chance.pick(&able).copied();
        self.add(chosen);
    }
}
