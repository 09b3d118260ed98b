//! People and facilities 人と施設: who uses the system, in which role, for which facility (Arts. 2, 3, 5, 12, 13).

use crate::{calendar::Day, id::FacilityId, label::labelled};
use serde::{Deserialize, Serialize};

mod account;
mod code;
mod device;
mod factor;
mod mine;
mod session;
mod times;
pub use account::{Account, AccountState, Actor, Appointed};
pub use code::{PASSWORD_MAX, PASSWORD_MIN, USER_ID_MAX, USER_ID_MIN, is_user_id, weak_password};
pub use device::device_label;
pub use factor::{
    Enrolled, FactorKind, FactorProof, NewPasskey, NewPassword, PASSKEY_NAME_MAX, PASSKEYS_MAX,
    PasskeyAnswer, PasskeyChallenge, QrCode, RECOVERY_CODES, Reauth, TotpOffer, Unlock,
};
pub use mine::{
    MailCode, MyAccount, MyMail, NewMail, PasskeyRow, SESSIONS_MAX, SIGN_INS_SHOWN, SessionRow, SignInRow,
};
pub use session::{Credentials, Me, SessionStage};
pub use times::{IDLE_SECONDS_MAX, LOCK_SECONDS_MAX, SESSION_SECONDS_MAX, SessionTimes};

labelled! {
    /// What a person may be appointed or registered as. One person may hold several.
    pub enum Role {
        /// A person of a facility who uses the contact book (Art. 2).
        Member = "member" "利用者",
        /// Answers for what the facility created and asks for its accounts (Arts. 5, 13).
        FacilityManager = "facility_manager" "施設管理者",
        /// The city: decides and approves; sees no clinical text.
        City = "city" "市",
        /// Runs the use: portal, data provision, inquiries (Art. 12).
        Operator = "operator" "システム運用者",
        /// Runs the system: incidents, maintenance, backups (Art. 17).
        SystemAdmin = "system_admin" "システム管理者",
        /// Responsible for both operations; permits (Art. 3).
        OperationsManager = "operations_manager" "運用管理責任者",
        /// Keeps the keys of racks and rooms (Art. 19).
        KeyKeeper = "key_keeper" "鍵管理者",
        /// Deliberates on prevention (Art. 18).
        Council = "council" "協議会",
        /// Reads evidence, changes nothing.
        Auditor = "auditor" "監査者",
    }
}

labelled! {
    /// What a person is by profession (職種).
    pub enum Profession {
        Physician = "physician" "医師",
        Dentist = "dentist" "歯科医師",
        Pharmacist = "pharmacist" "薬剤師",
        Nurse = "nurse" "看護師",
        PublicHealthNurse = "public_health_nurse" "保健師",
        DentalHygienist = "dental_hygienist" "歯科衛生士",
        PhysicalTherapist = "physical_therapist" "理学療法士",
        OccupationalTherapist = "occupational_therapist" "作業療法士",
        SpeechTherapist = "speech_therapist" "言語聴覚士",
        Dietitian = "dietitian" "管理栄養士",
        CareManager = "care_manager" "介護支援専門員",
        CareWorker = "care_worker" "介護福祉士",
        HomeHelper = "home_helper" "訪問介護員",
        SocialWorker = "social_worker" "社会福祉士",
        MedicalSocialWorker = "medical_social_worker" "医療ソーシャルワーカー",
        Clerk = "clerk" "事務",
        Official = "official" "行政",
        Engineer = "engineer" "技術者",
    }
}

labelled! {
    /// What kind of facility takes part (利用施設).
    pub enum FacilityKind {
        Hospital = "hospital" "病院",
        Clinic = "clinic" "診療所",
        DentalClinic = "dental_clinic" "歯科診療所",
        Pharmacy = "pharmacy" "薬局",
        VisitingNurseStation = "visiting_nurse_station" "訪問看護ステーション",
        CarePlanOffice = "care_plan_office" "居宅介護支援事業所",
        CommunitySupportCentre = "community_support_centre" "地域包括支援センター",
        DayCare = "day_care" "通所介護事業所",
        HomeHelp = "home_help" "訪問介護事業所",
        CareHome = "care_home" "介護施設",
        CityOffice = "city_office" "市役所",
        Contractor = "contractor" "契約事業者",
    }
}

/// A facility as everybody who is signed in may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facility {
    /// Its identifier.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: FacilityKind,
    /// 郵便番号と所在地: where letters go; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal: String,
    /// Telephone; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// FAX, for whatever happens outside office hours (figure 3); empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fax: String,
    /// E-mail, as FAX.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail: String,
    /// The day on which it left (脱退); `None` while it takes part. It stays on record, because notes and cases name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_on: Option<Day>,
}

impl Facility {
    /// Whether it takes part: people and requests can be registered for it.
    pub const fn takes_part(&self) -> bool {
        self.left_on.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_stored_before_any_could_leave_takes_part() {
        let old = r#"{"id":"01J00000000000000000000000","name":"f","kind":"clinic"}"#;
        let facility: Facility = serde_json::from_str(old).unwrap();
        assert!(facility.takes_part());
        assert_eq!(serde_json::to_string(&facility).unwrap(), old);
        let left = Facility { left_on: Some("2026-11-20".parse().unwrap()), ..facility };
        assert!(!left.takes_part());
    }
}
