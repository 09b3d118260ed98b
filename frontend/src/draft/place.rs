//! Where a draft lies on the device: sealed under its writer's key, bound to its writer and its patient.

use super::Draft;
use crate::browser::storage;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};
use shared::id::{AccountId, PatientId};

const NONCE: usize = 12;

/// Whose draft, for whom, under which key.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    account: AccountId,
    patient: PatientId,
    key: [u8; 32],
}

impl Place {
    /// `None` if the key is not 32 bytes in hex: then nothing is stored, which is better than storing it open.
    pub fn new(account: AccountId, patient: PatientId, key_hex: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(key_hex, &mut key).ok()?;
        Some(Self { account, patient, key })
    }

    /// Every draft of a person that opens, with its patient.
    pub fn all(account: AccountId, key_hex: &str) -> Vec<(PatientId, Draft)> {
        let Some(storage) = storage() else { return Vec::new() };
        let names = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
        let patients = names.filter_map(|name| patient_of(&name, account));
        patients
            .filter_map(|patient| Some((patient, Self::new(account, patient, key_hex)?.load()?)))
            .collect()
    }

    fn name(&self) -> String {
        format!("{}{}", names_of(self.account), self.patient)
    }

    /// Ties a sealed draft to its writer and patient: moved under another name it does not open.
    fn bound_to(&self) -> String {
        format!("{}/{}", self.account, self.patient)
    }

    fn seal(&self, draft: &Draft, nonce: [u8; NONCE]) -> Option<String> {
        let plain = serde_json::to_vec(draft).ok()?;
        let cipher = ChaCha20Poly1305::new_from_slice(&self.key).ok()?;
        let bound = self.bound_to();
        let payload = Payload { msg: &plain, aad: bound.as_bytes() };
        let sealed = cipher.encrypt(&nonce.into(), payload).ok()?;
        Some(BASE64.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, sealed: &str) -> Option<Draft> {
        let bytes = BASE64.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let cipher = ChaCha20Poly1305::new_from_slice(&self.key).ok()?;
        let bound = self.bound_to();
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let plain = cipher.decrypt(&(*nonce).into(), payload).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// The draft kept here, if there is one and it opens.
    pub fn load(&self) -> Option<Draft> {
        self.open(&storage()?.get_item(&self.name()).ok()??)
    }

    /// Keeps a draft, or forgets it when nothing is left in it; whether it is really kept (storage may be full or switched
    /// off).
    pub fn save(&self, draft: &Draft) -> bool {
        if draft.is_empty() {
            self.remove();
            return true;
        }
        let kept = || {
            let storage = storage()?;
            let mut nonce = [0; NONCE];
            getrandom::fill(&mut nonce).ok()?;
            let sealed = self.seal(draft, nonce)?;
            self.set_aside(&storage);
            storage.set_item(&self.name(), &sealed).ok()
        };
        kept().is_some()
    }

    fn remove(&self) {
        if let Some(storage) = storage() {
            self.set_aside(&storage);
            let _ = storage.remove_item(&self.name());
        }
    }

    /// What lies here and does not open (an older key) is moved away rather than overwritten.
    fn set_aside(&self, storage: &web_sys::Storage) {
        let name = self.name();
        if let Ok(Some(there)) = storage.get_item(&name)
            && self.open(&there).is_none()
        {
            let _ = storage.set_item(&format!("{name}.sealed"), &there);
        }
    }
}

/// How the names of all drafts of a person begin; each ends with its patient.
fn names_of(account: AccountId) -> String {
    format!("tsunagaru.draft.{account}.")
}

/// For whom the draft is that this person keeps under this name.
fn patient_of(name: &str, account: AccountId) -> Option<PatientId> {
    name.strip_prefix(&names_of(account))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::KeptFile;
    use shared::{
        book::{FileType, NoteKind},
        id::{AttachmentId, CommandId},
    };

    fn place(account: u128, patient: u128, key: u8) -> Place {
        let key = hex::encode([key; 32]);
        Place::new(AccountId::from_parts(1, account), PatientId::from_parts(1, patient), &key).unwrap()
    }

    fn draft() -> Draft {
        Draft {
            kind: NoteKind::Urgent,
            text: "血圧 180/100。\n主治医に連絡してください。".into(),
            command: Some(CommandId::from_parts(7, 9)),
            files: vec![KeptFile {
                id: AttachmentId::from_parts(1, 3),
                name: "褥瘡.jpg".into(),
                file_type: FileType::Jpeg,
                bytes: 12,
            }],
            pending: true,
            ..Draft::default()
        }
    }

    #[test]
    fn the_writer_gets_it_back() {
        let sealed = place(1, 1, 5).seal(&draft(), [3; NONCE]).unwrap();
        assert_eq!(place(1, 1, 5).open(&sealed), Some(draft()));
        assert!(!sealed.contains("180"));
    }

    #[test]
    fn nobody_else_does() {
        let sealed = place(1, 1, 5).seal(&draft(), [3; NONCE]).unwrap();
        for other in [place(1, 1, 6), place(2, 1, 5), place(1, 2, 5)] {
            assert_eq!(other.open(&sealed), None);
        }
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let sealed = place(1, 1, 5).seal(&draft(), [3; NONCE]).unwrap();
        let bytes = BASE64.decode(&sealed).unwrap();
        for at in [0, NONCE, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(place(1, 1, 5).open(&BASE64.encode(changed)), None);
        }
        for bad in ["", "!!", "AAAA", "はい"] {
            assert_eq!(place(1, 1, 5).open(bad), None);
        }
    }

    #[test]
    fn keys_are_32_bytes() {
        for bad in ["", "00", &"0".repeat(63), &"x".repeat(64)] {
            assert!(Place::new(AccountId::from_parts(1, 1), PatientId::from_parts(1, 1), bad).is_none());
        }
    }

    #[test]
    fn drafts_are_found_by_their_names_and_only_ones_own() {
        let (nurse, patient) = (place(1, 1, 5), PatientId::from_parts(1, 1));
        assert_eq!(patient_of(&nurse.name(), nurse.account), Some(patient));
        assert_eq!(patient_of(&place(2, 1, 5).name(), nurse.account), None);
        for other in [format!("{}.sealed", nurse.name()), "tsunagaru.text-size".into()] {
            assert_eq!(patient_of(&other, nurse.account), None);
        }
    }
}
