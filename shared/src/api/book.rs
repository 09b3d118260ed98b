//! Endpoints of the contact book.

use super::{Command, Empty, endpoints};
use crate::{
    book::{
        Attachment, AttachmentDraft, AttachmentLink, NewNote, Note, NoteNumber, PatientRow, Pulse, Retract,
        Revise, Revision, Thread, UploadTicket,
    },
    id::{AttachmentId, PatientId},
};
use serde::{Deserialize, Serialize};

/// Most patients in one person's list.
pub const PATIENTS_MAX: usize = 500;

/// My patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Patients {
    /// Those with unread notes first, then by newest note.
    pub rows: Vec<PatientRow>,
}

/// Which page of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThreadPage {
    /// Notes older than this number; without it, the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<NoteNumber>,
}

/// How far somebody has read: shown on the screen, not only loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadTo {
    /// Up to this number.
    pub number: NoteNumber,
}

/// The earlier texts of a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct History {
    /// From the first text on, without the present one.
    pub revisions: Vec<Revision>,
}

endpoints! {
    /// My patients with unread counts: what waits for me.
    ListPatients = Get "/api/patients" (()) ListPatients Read Empty => Patients;
    /// One page of a patient's thread.
    ReadThread = Get "/api/patients/{patient}/notes" (PatientId) ReadThread Read ThreadPage => Thread;
    /// Whether anything is new in a thread.
    ReadPulse = Get "/api/patients/{patient}/pulse" (PatientId) ReadPulse Quiet Empty => Pulse;
    /// Sends a note (発信).
    CreateNote = Post "/api/patients/{patient}/notes" (PatientId) WriteNote Change NewNote => Note;
    /// Moves my receipt on (既読).
    MarkRead = Put "/api/patients/{patient}/receipt" (PatientId) MarkRead Change ReadTo => Empty;
    /// Presses 了解 on a note.
    Acknowledge = Post "/api/patients/{patient}/notes/{number}/acknowledgement" ((PatientId, NoteNumber)) Acknowledge Change Command => Note;
    /// Corrects a note (訂正).
    ReviseNote = Post "/api/patients/{patient}/notes/{number}/revision" ((PatientId, NoteNumber)) ReviseNote Change Revise => Note;
    /// Retracts a note (取消).
    RetractNote = Post "/api/patients/{patient}/notes/{number}/retraction" ((PatientId, NoteNumber)) RetractNote Change Retract => Note;
    /// The earlier texts of a corrected note.
    ReadHistory = Get "/api/patients/{patient}/notes/{number}/history" ((PatientId, NoteNumber)) ReadHistory Read Empty => History;
    /// Asks where to put a file.
    CreateAttachment = Post "/api/patients/{patient}/attachments" (PatientId) AttachFile Change AttachmentDraft => UploadTicket;
    /// Says that the file is there: it is checked and cleaned.
    ConfirmAttachment = Post "/api/patients/{patient}/attachments/{attachment}/confirmation" ((PatientId, AttachmentId)) AttachFile Change Empty => Attachment;
    /// A short-lived address to download a file.
    OpenAttachment = Get "/api/patients/{patient}/attachments/{attachment}" ((PatientId, AttachmentId)) OpenFile Read Empty => AttachmentLink;
}
