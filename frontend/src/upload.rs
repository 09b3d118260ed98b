//! A file on its way to a note: looked at, hashed, declared, sent and confirmed, with every step on the screen.

mod check;
mod put;
mod read;
mod row;

pub use row::UploadRow;

use crate::{
    browser,
    client::{Failure, call},
    draft::KeptFile,
};
use leptos::prelude::*;
use put::Ended;
use shared::{
    api::{
        Empty, book as api,
        procedure::{ConfirmCaseFile, CreateCaseFile},
    },
    book::{Attachment, AttachmentDraft, AttachmentKind, FILE_BYTES_MAX, UploadTicket},
    id::{AttachmentId, CaseId, PatientId},
};
use std::{cell::RefCell, rc::Rc};
use web_sys::{File, XmlHttpRequest};

/// What the file dialog offers. Without HEIC in the list iPhones convert their photos to JPEG by themselves.
pub const ACCEPT: &str = ".jpg,.jpeg,.png,.pdf,.txt,.docx,.xlsx,.pptx,image/jpeg,image/png,application/pdf";
/// How often a broken PUT is tried in all.
const TRIES: i32 = 3;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// A note about a patient.
    Note(PatientId),
    /// The document of a patient's consent or its withdrawal.
    Consent(PatientId),
    /// A case; it hangs there as soon as it has arrived.
    Case(CaseId),
}

impl For {
    async fn declare(self, draft: &AttachmentDraft) -> Result<UploadTicket, Failure> {
        match self {
            Self::Note(patient) => call::<api::CreateAttachment>(&patient, draft).await,
            Self::Consent(patient) => call::<api::CreateConsentDocument>(&patient, draft).await,
            Self::Case(case) => call::<CreateCaseFile>(&case, draft).await,
        }
    }

    /// What the server made of it; `None` if it has no such file after all.
    async fn confirm(self, id: AttachmentId) -> Result<Option<Attachment>, Failure> {
        match self {
            Self::Note(patient) => call::<api::ConfirmAttachment>(&(patient, id), &Empty {}).await.map(Some),
            Self::Consent(patient) => {
                call::<api::ConfirmConsentDocument>(&(patient, id), &Empty {}).await.map(Some)
            }
            Self::Case(case) => {
                let case = call::<ConfirmCaseFile>(&(case, id), &Empty {}).await?;
                Ok(case.files.into_iter().find(|file| file.id == id))
            }
        }
    }
}

/// Where a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// 確認中: being read, in percent.
    Checking(u8),
    /// 送信中: in percent.
    Sending(u8),
    /// The server looks at what arrived.
    Confirming,
    /// Ready for its note.
    Ready {
        /// What is kept of it.
        file: KeptFile,
        /// A short-lived address of a small picture.
        preview: Option<String>,
    },
    /// Not attached.
    Failed {
        /// Why, in Japanese.
        sentence: String,
        /// Whether trying again can help.
        retry: bool,
    },
}

/// One file of a note being written.
#[derive(Clone)]
pub struct Upload {
    /// Tells it from the others of the note.
    pub key: u32,
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Where it stands.
    pub state: ArcRwSignal<State>,
    file: Option<File>,
    transfer: Rc<RefCell<Option<XmlHttpRequest>>>,
    cancelled: Rc<RefCell<bool>>,
}

impl Upload {
    /// A file that somebody chose, dropped or pasted.
    pub fn of_file(key: u32, file: File) -> Self {
        Self {
            key,
            name: file.name(),
            bytes: read::size(&file),
            state: ArcRwSignal::new(State::Checking(0)),
            file: Some(file),
            transfer: Rc::default(),
            cancelled: Rc::default(),
        }
    }

    /// A file that a draft remembers.
    pub fn of_draft(key: u32, file: KeptFile) -> Self {
        Self {
            key,
            name: file.name.clone(),
            bytes: file.bytes,
            state: ArcRwSignal::new(State::Ready { file, preview: None }),
            file: None,
            transfer: Rc::default(),
            cancelled: Rc::default(),
        }
    }

    /// What the note will carry, once it is ready.
    pub fn ready(&self) -> Option<KeptFile> {
        self.state.with(|state| match state {
            State::Ready { file, .. } => Some(file.clone()),
            _ => None,
        })
    }

    /// Whether it is still on its way.
    pub fn under_way(&self) -> bool {
        self.state.with(|s| matches!(s, State::Checking(_) | State::Sending(_) | State::Confirming))
    }

    /// Whether it failed and trying again can help.
    pub fn may_retry(&self) -> bool {
        self.file.is_some() && self.state.with(|s| matches!(s, State::Failed { retry: true, .. }))
    }

    /// Stops it.
    pub fn cancel(&self) {
        self.cancelled.replace(true);
        if let Some(transfer) = self.transfer.take() {
            let _ = transfer.abort();
        }
    }

    /// Brings the file to the server, for one purpose. To be spawned with the page, so that leaving it ends the work.
    pub async fn run(self, purpose: For) {
        let Some(file) = self.file.clone() else { return };
        self.state.set(State::Checking(0));
        let end = match self.bring(&file, purpose).await {
            Ok(attachment) => State::Ready {
                preview: attachment.preview.clone(),
                file: KeptFile {
                    id: attachment.id,
                    name: attachment.name,
                    file_type: attachment.file_type,
                    bytes: attachment.bytes,
                },
            },
            Err(failed) => failed,
        };
        if !*self.cancelled.borrow() {
            self.state.set(end);
        }
    }

    async fn bring(&self, file: &File, purpose: For) -> Result<Attachment, State> {
        if self.bytes > FILE_BYTES_MAX {
            // Said before a large film is read to its end for nothing.
            let too_large =
                check::declare(&self.name, shared::book::FileType::Pdf, self.bytes, "0".repeat(64));
            return Err(refused(too_large.err().unwrap_or_default()));
        }
        let file_type = read::file_type(file).await.map_err(refused)?;
        let reading = self.state.clone();
        let sha256 = read::sha256(file, move |percent| reading.set(State::Checking(percent))).await;
        let draft =
            check::declare(&self.name, file_type, self.bytes, sha256.map_err(refused)?).map_err(refused)?;
        for round in 1..=TRIES {
            if *self.cancelled.borrow() {
                break;
            }
            // A new ticket each time: the old one may have been used or be out of date.
            let ticket = purpose.declare(&draft).await.map_err(|failure| failed(&failure))?;
            self.state.set(State::Sending(0));
            let sending = self.state.clone();
            let keep = |transfer| {
                self.transfer.replace(Some(transfer));
            };
            let ended =
                put::put(&ticket, file, keep, move |percent| sending.set(State::Sending(percent))).await;
            self.transfer.take();
            match ended {
                Ended::Stored => {
                    self.state.set(State::Confirming);
                    let confirmed = purpose.confirm(ticket.id).await.map_err(|failure| failed(&failure))?;
                    return confirmed
                        .ok_or_else(|| refused("添付できませんでした。もう一度選んでください。"));
                }
                Ended::Refused { retry: false } => {
                    return Err(refused("このファイルは届けられませんでした。もう一度選んでください。"));
                }
                Ended::Refused { retry: true } | Ended::Lost => browser::sleep(round * 1500).await,
            }
        }
        Err(State::Failed {
            sentence: "通信が切れて、ファイルを送れませんでした。".into(), retry: true
        })
    }
}

fn refused(sentence: impl Into<String>) -> State {
    State::Failed { sentence: sentence.into(), retry: false }
}

fn failed(failure: &Failure) -> State {
    State::Failed { retry: failure.may_retry(), sentence: failure.sentence() }
}

/// Whether a kept file is a picture.
pub fn is_picture(file: &KeptFile) -> bool {
    file.file_type.kind() == AttachmentKind::Picture
}
