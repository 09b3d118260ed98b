//! What backups read: everything of one day, and the directory, page by page.

use super::{Store, error::StoreError, item::Item, keys, query::Cursor, schema::INDEX_SK};
use shared::{
    calendar::{Day, Timestamp},
    id::{CaseId, PatientId},
    procedure::Case,
};

/// Hours of a day.
const HOURS: i64 = 24;
/// Cases asked for at once.
const CASES_AT_ONCE: usize = 100;

/// A page of patients with everything around each, and where the next one begins.
pub struct PatientsPage {
    /// Each patient's lines: team, consents, invitations, former members, the patient.
    pub patients: Vec<(PatientId, Vec<String>)>,
    next: Option<Cursor>,
}

impl Store {
    /// Whether anything was sent, recorded, read or decided on a day.
    pub async fn is_used(&self, day: Day) -> Result<bool, StoreError> {
        let sent = self.query(&keys::journal(day)).limit(1).run().await?;
        if !sent.is_empty() || !self.query(&keys::receipts(day)).limit(1).run().await?.is_empty() {
            return Ok(true);
        }
        if !self.query(&keys::cases_changed(day)).limit(1).run().await?.is_empty() {
            return Ok(true);
        }
        Ok(!self.query(&keys::recorded_on(day)).by_index().limit(1).run().await?.is_empty())
    }

    /// How far each person had read by the end of a day, as lines, by patient.
    pub async fn receipt_lines(&self, day: Day) -> Result<Vec<(PatientId, String)>, StoreError> {
        let items = self.query(&keys::receipts(day)).run().await?;
        let line = |item: &Item| {
            let patient = item.sk()?.split('#').next().and_then(|id| id.parse().ok());
            Ok((patient.ok_or(StoreError::Shape("patient id"))?, item.to_line()?))
        };
        items.iter().map(line).collect()
    }

    /// The cases that took a step on a day, as lines: as they stand now, with that step and all others.
    pub async fn case_lines(&self, day: Day) -> Result<Vec<String>, StoreError> {
        let mut lines = Vec::new();
        let marks = self.query(&keys::cases_changed(day)).run().await?;
        let ids = marks.iter().map(|mark| mark.sk()?.parse().map_err(|_| StoreError::Shape("case id")));
        let wanted = ids.map(|id: Result<CaseId, _>| id.map(keys::case)).collect::<Result<Vec<_>, _>>()?;
        for some in wanted.chunks(CASES_AT_ONCE) {
            for item in self.get_all(some).await? {
                lines.push(item.to_line()?);
            }
        }
        Ok(lines)
    }

    /// A page of all cases, each with the day of its last step.
    pub(crate) async fn cases_page(
        &self,
        after: Option<Cursor>,
    ) -> Result<(Vec<(Day, String)>, Option<Cursor>), StoreError> {
        let query = self.query(keys::CASES).by_index().beginning_with(keys::CASE_AMONG_ALL);
        let (items, next) = query.page(after).await?;
        let line = |item: &Item| {
            let case: Case = item.doc()?;
            let at = case.taken.last().map_or(case.asked_at, |taken| taken.at);
            Ok((at.day(), item.to_line()?))
        };
        Ok((items.iter().map(line).collect::<Result<_, StoreError>>()?, next))
    }

    /// The audit log of one hour of a day (0 to 23), as lines.
    pub async fn event_lines(&self, day: Day, hour: u8) -> Result<Vec<String>, StoreError> {
        let at: Timestamp = day.start().plus_seconds(i64::from(hour) * 3600);
        self.query(&keys::audit_hour(at)).run().await?.iter().map(Item::to_line).collect()
    }

    /// The hours of a day.
    pub fn hours() -> impl Iterator<Item = u8> {
        (0..HOURS).filter_map(|hour| u8::try_from(hour).ok())
    }

    /// What a directory holds of no single patient: facilities, people, logins, reviews, the portal, the counters of case
    /// numbers, which keys were destroyed, the asset ledger, how far the service is open with its announced stops and the
    /// approved times of backups.
    pub async fn directory_lines(&self) -> Result<Vec<String>, StoreError> {
        self.directory_items().await?.iter().map(Item::to_line).collect()
    }

    /// The same as items.
    pub(crate) async fn directory_items(&self) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        for list in keys::DIRECTORY {
            items.extend(self.query(list).by_index().run().await?);
        }
        let (first, last) = keys::BESIDE_CASES;
        items.extend(self.query(keys::CASES).by_index().between(first, last).run().await?);
        for key in [keys::ledger(), keys::service()] {
            items.extend(self.get(&key).await?);
        }
        Ok(items)
    }

    /// So many patients, in the order of their identifiers: the first ones, or those after another.
    pub(crate) async fn patients_after(
        &self,
        after: Option<PatientId>,
        most: usize,
    ) -> Result<Vec<PatientId>, StoreError> {
        let query = self.query(keys::PATIENTS).by_index().limit(most);
        let query = match after {
            Some(after) => query.between(format!("{after}!"), "~"),
            None => query,
        };
        let id = |item: &Item| item.get_text(INDEX_SK)?.parse().map_err(|_| StoreError::Shape("patient id"));
        query.run().await?.iter().map(id).collect()
    }

    /// So many cases, in the order of their identifiers: the first ones, or those after another.
    pub(crate) async fn cases_after(
        &self,
        after: Option<CaseId>,
        most: usize,
    ) -> Result<Vec<Case>, StoreError> {
        let first =
            after.map_or_else(|| keys::CASE_AMONG_ALL.to_owned(), |id| keys::case_among_all(id) + "!");
        let query = self.query(keys::CASES).by_index().between(first, format!("{}~", keys::CASE_AMONG_ALL));
        query.limit(most).run().await?.iter().map(Item::doc).collect()
    }

    /// A page of patients: the first one, or that after another.
    pub async fn patients_page(
        &self,
        after: Option<&PatientsPage>,
    ) -> Result<Option<PatientsPage>, StoreError> {
        let after = match after {
            None => None,
            Some(PatientsPage { next: None, .. }) => return Ok(None),
            Some(PatientsPage { next, .. }) => next.clone(),
        };
        let (items, next) = self.query(keys::PATIENTS).by_index().page(after).await?;
        let mut patients = Vec::with_capacity(items.len());
        for item in items {
            let patient: PatientId =
                item.get_text(INDEX_SK)?.parse().map_err(|_| StoreError::Shape("patient id"))?;
            patients.push((patient, self.patient_lines(patient, &item).await?));
        }
        Ok(Some(PatientsPage { patients, next }))
    }

    async fn patient_lines(&self, patient: PatientId, head: &Item) -> Result<Vec<String>, StoreError> {
        let partition = keys::patient_partition(patient);
        let (first, last) = keys::CIRCLE;
        let team = self.query(&partition).beginning_with(keys::MEMBER).run();
        let circle = self.query(&partition).between(first, last).run();
        let (team, circle) = futures::try_join!(team, circle)?;
        team.iter().chain(&circle).chain([head]).map(Item::to_line).collect()
    }
}
