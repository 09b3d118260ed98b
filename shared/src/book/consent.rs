//! The patient's consent 同意: on record before a page opens to a team, withdrawn when the patient says so
//! (requirements §2, 25; Art. 5). Nothing is overwritten: a withdrawal stands beside its consent, and a new consent
//! after it is a new record.

use super::Attachment;
use crate::{
    api::error::FieldError,
    calendar::{Day, Timestamp},
    id::{AccountId, AttachmentId, CommandId},
    label::labelled,
    text,
};
use serde::{Deserialize, Serialize};

/// Most consents of one patient, withdrawn ones included.
pub const CONSENTS_MAX: u32 = 50;

labelled! {
    /// Whether a page may be open to its team.
    pub enum ConsentState {
        /// Registered, and nothing on record yet.
        Missing = "missing" "同意待ち",
        /// On record and not withdrawn.
        Given = "given" "同意あり",
        /// Withdrawn, with no newer consent.
        Withdrawn = "withdrawn" "同意撤回",
    }
}

labelled! {
    /// Who gave or withdrew a consent.
    pub enum ConsentBy {
        Patient = "patient" "本人",
        Family = "family" "家族",
        Representative = "representative" "代理人（成年後見人など）",
    }
}

labelled! {
    /// The form in which a consent was given.
    pub enum ConsentForm {
        Signed = "signed" "本人が署名した書面",
        SignedFor = "signed_for" "家族・代理人が署名した書面",
        Witnessed = "witnessed" "口頭の同意を立会人が記録した書面",
    }
}

/// A consent on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Consent {
    /// 1, 2, 3 … for each patient.
    pub number: u32,
    /// The day on the document.
    pub given_on: Day,
    /// By whom it was given.
    pub given_by: ConsentBy,
    /// How that person is related to the patient; empty for the patient.
    #[serde(default)]
    pub relationship: String,
    /// In which form.
    pub form: ConsentForm,
    /// The document, as checked and stored.
    pub document: Attachment,
    /// When it was put on record.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: AccountId,
    /// By name.
    pub recorded_by_name: String,
    /// If it was withdrawn. Stored beside the consent, never in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<ConsentWithdrawal>,
}

/// A consent's withdrawal 撤回: the page closes at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentWithdrawal {
    /// The day on which the patient said so.
    pub withdrawn_on: Day,
    /// Who said so.
    pub withdrawn_by: ConsentBy,
    /// Why, as far as it was said.
    pub reason: String,
    /// A document, if there is one.
    #[serde(default)]
    pub document: Option<Attachment>,
    /// When it was put on record.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: AccountId,
    /// By name.
    pub recorded_by_name: String,
}

/// Puts a consent on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewConsent {
    /// Made by the client.
    pub command: CommandId,
    /// The day on the document, not after today.
    pub given_on: Day,
    /// By whom it was given.
    pub given_by: ConsentBy,
    /// How that person is related to the patient: needed unless it is the patient, 1 to
    /// [`text::RELATIONSHIP_MAX`] characters.
    #[serde(default)]
    pub relationship: String,
    /// In which form.
    pub form: ConsentForm,
    /// The document: uploaded and confirmed before, by this person for this patient.
    pub document: AttachmentId,
}

impl NewConsent {
    /// The record cleaned, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self, today: Day) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.given_on > today {
            errors.push(FieldError::new("given_on", "同意した日は今日までの日を選んでください。"));
        }
        if self.given_by == ConsentBy::Patient {
            self.relationship.clear();
        } else {
            match text::required("relationship", "本人との関係", &self.relationship, text::RELATIONSHIP_MAX)
            {
                Ok(clean) => self.relationship = clean,
                Err(error) => errors.push(error),
            }
        }
        if self.given_by == ConsentBy::Patient && self.form == ConsentForm::SignedFor {
            errors.push(FieldError::new("form", "本人の同意のときは、ほかの書面の形を選んでください。"));
        }
        if self.given_by != ConsentBy::Patient && self.form == ConsentForm::Signed {
            errors.push(FieldError::new(
                "form",
                "家族・代理人の同意のときは、ほかの書面の形を選んでください。",
            ));
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }
}

/// Withdraws the consent that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Withdraw {
    /// Made by the client.
    pub command: CommandId,
    /// The consent that was on the screen: a withdrawal of another one is refused.
    pub number: u32,
    /// The day on which the patient said so: from the consent's day to today.
    pub withdrawn_on: Day,
    /// Who said so.
    pub withdrawn_by: ConsentBy,
    /// Why, 1 to [`text::REASON_MAX`] characters.
    pub reason: String,
    /// A document, uploaded and confirmed before.
    #[serde(default)]
    pub document: Option<AttachmentId>,
}

impl Withdraw {
    /// The withdrawal cleaned, or everything that is wrong with it.
    ///
    /// # Errors
    /// Every field in error, with its Japanese sentence.
    pub fn check(mut self, today: Day) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.withdrawn_on > today {
            errors.push(FieldError::new("withdrawn_on", "撤回の日は今日までの日を選んでください。"));
        }
        match text::required("reason", "撤回の理由", &self.reason, text::REASON_MAX) {
            Ok(clean) => self.reason = clean,
            Err(error) => errors.push(error),
        }
        if errors.is_empty() { Ok(self) } else { Err(errors) }
    }

    /// Whether the day goes with the consent that is withdrawn.
    ///
    /// # Errors
    /// The field in error.
    pub fn follows(&self, consent: &Consent) -> Result<(), FieldError> {
        if self.withdrawn_on < consent.given_on {
            return Err(FieldError::new("withdrawn_on", "撤回の日は同意した日より前にできません。"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn given(given_on: &str, given_by: ConsentBy, relationship: &str, form: ConsentForm) -> NewConsent {
        NewConsent {
            command: CommandId::from_parts(1, 1),
            given_on: day(given_on),
            given_by,
            relationship: relationship.into(),
            form,
            document: AttachmentId::from_parts(1, 1),
        }
    }

    #[test]
    fn each_wrong_field_is_named() {
        use {ConsentBy as B, ConsentForm as F};
        let today = day("2026-11-20");
        let table: &[(NewConsent, &[&str])] = &[
            (given("2026-11-20", B::Patient, "", F::Signed), &[]),
            (given("2026-11-20", B::Patient, "", F::Witnessed), &[]),
            (given("2026-11-20", B::Family, "長女", F::SignedFor), &[]),
            (given("2026-11-21", B::Patient, "", F::Signed), &["given_on"]),
            (given("2026-11-20", B::Family, " ", F::SignedFor), &["relationship"]),
            (given("2026-11-20", B::Representative, "成年後見人", F::Signed), &["form"]),
            (given("2026-11-20", B::Patient, "", F::SignedFor), &["form"]),
            (
                given("2027-01-01", B::Family, &"長".repeat(41), F::Signed),
                &["given_on", "relationship", "form"],
            ),
        ];
        for (new, wrong) in table {
            let fields: Vec<_> = new.clone().check(today).err().unwrap_or_default();
            assert_eq!(fields.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), *wrong, "{new:?}");
        }
    }

    #[test]
    fn the_patient_has_no_relationship_to_themselves() {
        let new = given("2026-11-20", ConsentBy::Patient, "長女", ConsentForm::Signed);
        assert_eq!(new.check(day("2026-11-20")).unwrap().relationship, "");
    }

    #[test]
    fn a_withdrawal_needs_a_reason_and_a_day_that_fits() {
        let withdraw = |on: &str, reason: &str| Withdraw {
            command: CommandId::from_parts(1, 1),
            number: 1,
            withdrawn_on: day(on),
            withdrawn_by: ConsentBy::Patient,
            reason: reason.into(),
            document: None,
        };
        let today = day("2026-11-20");
        assert!(withdraw("2026-11-20", "本人の希望").check(today).is_ok());
        assert_eq!(withdraw("2026-11-21", "本人の希望").check(today).unwrap_err()[0].field, "withdrawn_on");
        assert_eq!(withdraw("2026-11-20", "\n").check(today).unwrap_err()[0].field, "reason");
    }
}
