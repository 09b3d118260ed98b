//! Drafts 下書き: what somebody typed and did not send yet, kept on the device until the server confirmed it.
//!
//! Shared PCs are the rule in facilities, so a draft is sealed under a key that only its writer's own session
//! receives ([`shared::people::Me::draft_key`]): the next person at the PC can neither read nor use it, and it
//! outlives reload, sign-out and a lost connection. A draft that does not open is left where it is.

use crate::browser::storage;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};
use shared::{
    book::{FileType, Importance, NoteKind, NoteNumber},
    id::{AccountId, AttachmentId, CommandId, PatientId},
};

const NONCE: usize = 12;

/// A file that the server has confirmed, waiting for its note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its identifier.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub file_type: FileType,
    /// Its size.
    pub bytes: u64,
}

/// What is being done to a note that was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 訂正.
    Correction,
    /// 取消.
    Retraction,
}

/// A correction or a retraction under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDraft {
    /// Which of the two.
    pub kind: ChangeKind,
    /// Of which note.
    pub number: NoteNumber,
    /// The revision that was on the screen.
    pub revision: u32,
    /// The new text, or the reason.
    pub text: String,
    /// Made once, so that a second try after a lost answer has no second effect.
    pub command: CommandId,
}

/// Everything that a person has under way for one patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Why it is written.
    pub kind: NoteKind,
    /// How soon to read it.
    pub importance: Importance,
    /// To whom in particular.
    pub addressees: Vec<AccountId>,
    /// The note that it answers.
    pub reply_to: Option<NoteNumber>,
    /// The text as typed.
    pub text: String,
    /// Made once, when the note was begun.
    pub command: Option<CommandId>,
    /// Files that have arrived.
    pub files: Vec<KeptFile>,
    /// Names of files that were still on their way: they have to be chosen again.
    pub unfinished: Vec<String>,
    /// 送信 was pressed and no answer has come yet.
    pub pending: bool,
    /// A correction or retraction under way.
    pub change: Option<ChangeDraft>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kind: NoteKind::Contact,
            importance: Importance::Normal,
            addressees: Vec::new(),
            reply_to: None,
            text: String::new(),
            command: None,
            files: Vec::new(),
            unfinished: Vec::new(),
            pending: false,
            change: None,
        }
    }
}

impl Draft {
    /// Whether there is anything that somebody would miss.
    pub fn is_empty(&self) -> bool {
        Self { command: None, pending: false, ..self.clone() } == Self::default()
    }
}

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

    fn name(&self) -> String {
        format!("tsunagaru.draft.{}.{}", self.account, self.patient)
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

    /// Keeps a draft; whether it is really kept (storage may be full or switched off).
    pub fn save(&self, draft: &Draft) -> bool {
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

    /// Forgets the draft, after the server has confirmed what was in it or the person threw it away.
    pub fn remove(&self) {
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_draft_of_an_older_screen_still_opens() {
        let old: Draft = serde_json::from_str(r#"{"text":"途中","kind":"report"}"#).unwrap();
        assert_eq!((old.text.as_str(), old.kind), ("途中", NoteKind::Report));
        assert!(!old.is_empty());
        assert!(Draft { command: Some(CommandId::from_parts(1, 1)), ..Draft::default() }.is_empty());
    }
}
