//! Consents and their withdrawals. Each is an item of its own, written once.

use super::{
    Store,
    access::Access,
    book::AttachmentDoc,
    error::StoreError,
    item::Item,
    keys::{self, CONSENT, WITHDRAWAL},
    tx::{Change, Tx},
};
use shared::{
    api::error::Code,
    book::{Attachment, CONSENTS_MAX, Consent, ConsentWithdrawal, NoteNumber, Patient},
    calendar::Day,
    id::{AttachmentId, PatientId},
};

impl Store {
    /// The items of a consent: itself, its withdrawal, their documents. For loading.
    pub fn consent_items(patient: PatientId, consent: &Consent) -> Result<Vec<Item>, StoreError> {
        let bare = Consent { withdrawal: None, ..consent.clone() };
        let mut items = vec![Self::consent_item(patient, &bare)?];
        items.push(Self::document_item(patient, consent.number, (consent.recorded_by, &consent.document))?);
        if let Some(withdrawal) = &consent.withdrawal {
            items.push(Self::withdrawal_item(patient, consent.number, withdrawal)?);
            if let Some(document) = &withdrawal.document {
                items.push(Self::document_item(patient, consent.number, (withdrawal.recorded_by, document))?);
            }
        }
        Ok(items)
    }

    /// The document of a consent or withdrawal as an attachment, for a restore; `None` for another item.
    pub fn document_of(patient: PatientId, item: &Item) -> Result<Option<Item>, StoreError> {
        let sk = item.sk()?;
        let Some(rest) = sk.strip_prefix(CONSENT) else { return Ok(None) };
        let number =
            rest.trim_end_matches(WITHDRAWAL).parse().map_err(|_| StoreError::Shape("consent number"))?;
        if sk.ends_with(WITHDRAWAL) {
            let doc: ConsentWithdrawal = item.doc()?;
            let document = doc.document.as_ref();
            return document
                .map(|file| Self::document_item(patient, number, (doc.recorded_by, file)))
                .transpose();
        }
        let doc: Consent = item.doc()?;
        Self::document_item(patient, number, (doc.recorded_by, &doc.document)).map(Some)
    }

    fn consent_item(patient: PatientId, consent: &Consent) -> Result<Item, StoreError> {
        let item = Item::new(&keys::consent(patient, consent.number), consent)?;
        let day = consent.recorded_at.day();
        Ok(item.listed(keys::recorded_on(day), format!("{patient}#{}", consent.number)))
    }

    fn withdrawal_item(
        patient: PatientId,
        number: u32,
        withdrawal: &ConsentWithdrawal,
    ) -> Result<Item, StoreError> {
        let item = Item::new(&keys::withdrawal(patient, number), withdrawal)?;
        let day = withdrawal.recorded_at.day();
        Ok(item.listed(keys::recorded_on(day), format!("{patient}#{number}{WITHDRAWAL}")))
    }

    fn document_item(
        patient: PatientId,
        number: u32,
        (by, file): (shared::id::AccountId, &Attachment),
    ) -> Result<Item, StoreError> {
        let doc = AttachmentDoc::of(patient, by, file);
        Ok(Self::attachment_item(file.id, &doc, NoteNumber(0))?.number("consent", number))
    }

    /// The consents of an open patient, oldest first, with their withdrawals.
    pub async fn consents(&self, access: &Access) -> Result<Vec<Consent>, StoreError> {
        let partition = keys::patient_partition(access.patient());
        let most = usize::try_from(CONSENTS_MAX).unwrap_or(usize::MAX).saturating_mul(2);
        let items = self.query(&partition).beginning_with(CONSENT).limit(most).run().await?;
        let mut consents: Vec<Consent> = Vec::new();
        for item in &items {
            if item.sk()?.ends_with(WITHDRAWAL) {
                // Its key follows directly on the consent's.
                if let Some(consent) = consents.last_mut() {
                    consent.withdrawal = Some(item.doc()?);
                }
            } else {
                consents.push(item.doc()?);
            }
        }
        Ok(consents)
    }

    /// The withdrawals recorded on a day: of whom, of which consent, and the day of the withdrawal itself.
    pub async fn withdrawn_on(&self, day: Day) -> Result<Vec<(PatientId, u32, Day)>, StoreError> {
        let mut withdrawn = Vec::new();
        for item in self.query(&keys::recorded_on(day)).by_index().run().await? {
            let key = item.key()?;
            let Some(number) = key.sk.strip_suffix(WITHDRAWAL).and_then(|sk| sk.strip_prefix(CONSENT)) else {
                continue;
            };
            let number = number.parse().map_err(|_| StoreError::Shape("number of a consent"))?;
            let patient = keys::patient_of(&key.pk).ok_or(StoreError::Shape("patient id"))?;
            withdrawn.push((patient, number, item.doc::<ConsentWithdrawal>()?.withdrawn_on));
        }
        Ok(withdrawn)
    }

    /// The documents recorded on a day, for its backup.
    pub async fn consent_documents(&self, day: Day) -> Result<Vec<(PatientId, Attachment)>, StoreError> {
        let mut documents = Vec::new();
        for item in self.query(&keys::recorded_on(day)).by_index().run().await? {
            let patient = keys::patient_of(&item.key()?.pk).ok_or(StoreError::Shape("patient id"))?;
            let document = if item.sk()?.ends_with(WITHDRAWAL) {
                item.doc::<ConsentWithdrawal>()?.document
            } else {
                Some(item.doc::<Consent>()?.document)
            };
            documents.extend(document.map(|document| (patient, document)));
        }
        Ok(documents)
    }

    /// Writes a consent: the record, its document, the patient whose page opens.
    pub fn record_consent(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        consent: &Consent,
    ) -> Result<(), StoreError> {
        let patient = Patient {
            consented_on: Some(consent.given_on),
            withdrawn_on: None,
            ..access.head.patient.clone()
        };
        self.turn(tx, &access.head, &patient)?;
        tx.create(self, Self::consent_item(patient.id, consent)?, Code::Busy)?;
        self.hang_document(tx, consent.document.id, consent.number)
    }

    /// Writes a withdrawal: the record, its document if there is one, the patient whose page closes. A note being
    /// sent at this moment asks the same item: it was before, or it is refused.
    pub fn withdraw_consent(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        number: u32,
        withdrawal: &ConsentWithdrawal,
    ) -> Result<(), StoreError> {
        let patient = Patient { withdrawn_on: Some(withdrawal.withdrawn_on), ..access.head.patient.clone() };
        self.turn(tx, &access.head, &patient)?;
        tx.create(self, Self::withdrawal_item(patient.id, number, withdrawal)?, Code::Stale)?;
        match &withdrawal.document {
            Some(document) => self.hang_document(tx, document.id, number),
            None => Ok(()),
        }
    }

    fn hang_document(&self, tx: &mut Tx<Code>, id: AttachmentId, number: u32) -> Result<(), StoreError> {
        let hang = Change::of(keys::attachment(id), "SET consent = :n")
            .only_if("attribute_exists(pk) AND note = :none AND attribute_not_exists(consent)")
            .number(":n", number)
            .number(":none", 0);
        tx.update(self, hang, Some(Code::UploadMissing))
    }
}
