//! Endpoints of the contact book.

use super::{Command, Empty, endpoints};
use crate::{
    book::{
        Attachment, AttachmentDraft, AttachmentLink, Circle, Colleague, Consent, EndWithReason, Invitation,
        InvitationAnswer, InvitationRow, NewConsent, NewInvitation, NewNote, NewPatient, Note, NoteNumber,
        Patient, PatientEdit, PatientRow, Pulse, Retract, Revise, Revision, Thread, UploadTicket, Withdraw,
    },
    id::{AccountId, AttachmentId, InvitationId, PatientId},
    people::Facility,
};
use serde::{Deserialize, Serialize};

/// Most patients in one person's list.
pub const PATIENTS_MAX: usize = 500;

/// Most facilities in the list that invitations choose from.
pub const FACILITIES_MAX: usize = 500;
/// Most invitations in a facility's list, and most people of it to choose from.
pub const INVITED_MAX: usize = 200;

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

/// Facilities that take part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Facilities {
    /// By name, at most [`FACILITIES_MAX`].
    pub facilities: Vec<Facility>,
}

/// What waits for a facility's manager.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitations {
    /// Open invitations of the own facility, oldest first, at most [`INVITED_MAX`].
    pub rows: Vec<InvitationRow>,
    /// Who of the own facility can join, at most [`INVITED_MAX`]; empty when nothing waits.
    pub people: Vec<Colleague>,
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
    /// Registers a patient; the page stays closed until a consent is on record.
    RegisterPatient = Post "/api/patients" (()) RegisterPatient Change NewPatient => Patient;
    /// Corrects what was registered.
    EditPatient = Put "/api/patients/{patient}" (PatientId) EditPatient Change PatientEdit => Patient;
    /// Who has and had access, invitations, consents: no clinical text.
    ReadTeam = Get "/api/patients/{patient}/team" (PatientId) ReadTeam Read Empty => Circle;
    /// Asks where to put the document of a consent or a withdrawal.
    CreateConsentDocument = Post "/api/patients/{patient}/consent-documents" (PatientId) RecordConsent Change AttachmentDraft => UploadTicket;
    /// Says that the document is there: it is checked and cleaned.
    ConfirmConsentDocument = Post "/api/patients/{patient}/consent-documents/{attachment}/confirmation" ((PatientId, AttachmentId)) RecordConsent Change Empty => Attachment;
    /// A short-lived address to download the document of a consent or a withdrawal.
    OpenConsentDocument = Get "/api/patients/{patient}/consent-documents/{attachment}" ((PatientId, AttachmentId)) OpenConsentDocument Read Empty => AttachmentLink;
    /// Puts a consent on record: the page opens (同意).
    RecordConsent = Post "/api/patients/{patient}/consents" (PatientId) RecordConsent Change NewConsent => Consent;
    /// Withdraws the consent that holds: the page closes at once (撤回).
    WithdrawConsent = Post "/api/patients/{patient}/consents/withdrawal" (PatientId) WithdrawConsent Change Withdraw => Empty;
    /// The facilities that take part: whom one can invite.
    ListFacilities = Get "/api/facilities" (()) ListFacilities Quiet Empty => Facilities;
    /// Invites a facility into a patient's team (招待).
    InviteFacility = Post "/api/patients/{patient}/invitations" (PatientId) InviteFacility Change NewInvitation => Invitation;
    /// Takes an invitation back that was not answered.
    CancelInvitation = Post "/api/patients/{patient}/invitations/{invitation}/cancellation" ((PatientId, InvitationId)) CancelInvitation Change EndWithReason => Invitation;
    /// Invitations of my facility that wait for an answer.
    ListInvitations = Get "/api/invitations" (()) ListInvitations Read Empty => Invitations;
    /// Answers an invitation: who of my facility joins, or why nobody does.
    AnswerInvitation = Post "/api/patients/{patient}/invitations/{invitation}/answer" ((PatientId, InvitationId)) AnswerInvitation Change InvitationAnswer => Invitation;
    /// Leaves a team; the history keeps that I was in it.
    LeaveTeam = Post "/api/patients/{patient}/team/departure" (PatientId) LeaveTeam Change EndWithReason => Empty;
    /// Takes somebody out of a team; the history keeps that they were in it.
    RemoveFromTeam = Post "/api/patients/{patient}/team/{account}/departure" ((PatientId, AccountId)) RemoveFromTeam Change EndWithReason => Empty;
}
