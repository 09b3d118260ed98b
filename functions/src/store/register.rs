//! Registering patients, correcting them, and finding that somebody is registered already.

use super::{
    Store,
    access::Access,
    blob::sha256_hex,
    error::StoreError,
    item::Item,
    keys::{self, READING_COUNT},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    book::{Joined, NoteNumber, Patient, TeamMember, reading},
    calendar::Timestamp,
    id::{AccountId, PatientId},
};

/// Who has one reading and day of birth, as found.
#[derive(Clone, Debug)]
pub struct SameReading {
    hash: String,
    /// Those who are registered.
    pub patients: Vec<PatientId>,
    count: u32,
}

/// Who a patient was said to be, until when.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Earlier {
    patient: Patient,
    until: Timestamp,
    by: AccountId,
}

fn hash(patient: &Patient) -> String {
    sha256_hex(reading(&patient.kana, patient.born).as_bytes())
}

impl Store {
    /// The item by which a patient is found by reading and day of birth.
    pub fn reading_item(patient: &Patient) -> Result<Item, StoreError> {
        Item::new(&keys::reading(&hash(patient), patient.id), &patient.id)
    }

    /// The keys by which a patient is found, as they are said to be and as they were said to be before.
    pub(super) fn reading_keys(items: &[Item]) -> Result<Vec<keys::Key>, StoreError> {
        let mut found = Vec::new();
        for item in items {
            let sk = item.sk()?;
            if sk == keys::PATIENT {
                let patient: Patient = item.doc()?;
                found.push(keys::reading(&hash(&patient), patient.id));
            } else if sk.starts_with(keys::EARLIER) {
                let earlier: Earlier = item.doc()?;
                found.push(keys::reading(&hash(&earlier.patient), earlier.patient.id));
            }
        }
        found.sort_by(|one, other| one.pk.cmp(&other.pk));
        found.dedup();
        Ok(found)
    }

    /// Who has this patient's reading and day of birth, this patient left out.
    pub async fn same_reading(&self, patient: &Patient) -> Result<SameReading, StoreError> {
        let hash = hash(patient);
        let mut found = SameReading { hash, patients: Vec::new(), count: 0 };
        for item in self.query(&keys::same_reading(&found.hash)).run().await? {
            if item.sk()? == READING_COUNT {
                found.count = item.get_number("n")?;
            } else {
                found.patients.push(item.doc()?);
            }
        }
        found.patients.retain(|id| *id != patient.id);
        Ok(found)
    }

    /// Takes a place among those of one reading: who registers at the same moment is told that it is busy, looks
    /// again, and then sees this one.
    fn take_reading(
        &self,
        tx: &mut Tx<Code>,
        seen: &SameReading,
        patient: &Patient,
    ) -> Result<(), StoreError> {
        tx.create(self, Self::reading_item(patient)?, Code::Busy)?;
        let count =
            Change::of(keys::reading_count(&seen.hash), "SET n = :next").number(":next", seen.count + 1);
        let count = if seen.count == 0 {
            count.only_if("attribute_not_exists(pk)")
        } else {
            count.only_if("n = :was").number(":was", seen.count)
        };
        tx.update(self, count, Some(Code::Busy))
    }

    /// Writes a new patient, with the person who registers them as the whole team.
    pub fn register(
        &self,
        tx: &mut Tx<Code>,
        seen: &SameReading,
        patient: &Patient,
        (first, joined): (&TeamMember, Joined),
    ) -> Result<(), StoreError> {
        tx.create(self, Self::patient_item(patient, &[], 0)?, Code::Busy)?;
        let member = Self::member_item_since(patient.id, first, NoteNumber(0), Some(joined))?;
        tx.create(self, member, Code::Busy)?;
        self.take_reading(tx, seen, patient)
    }

    /// Writes a corrected patient; what was written before stays beside it. `seen` is there if the reading or the
    /// day of birth changed.
    pub fn correct(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        (patient, seen): (&Patient, Option<&SameReading>),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.turn(tx, &access.head, patient)?;
        let was = &access.head.patient;
        let earlier = Earlier { patient: was.clone(), until: now, by: access.actor };
        let key = keys::earlier(patient.id, access.head.circle + 1);
        tx.create(self, Item::new(&key, &earlier)?, Code::Busy)?;
        if let Some(seen) = seen {
            tx.remove(self, &keys::reading(&hash(was), was.id))?;
            self.take_reading(tx, seen, patient)?;
        }
        Ok(())
    }
}
