//! The contact book 連絡帳: patients, the people around them, and what is written (Arts. 5, 23).

mod attachment;
mod consent;
mod entry;
mod erasure;
mod note;
mod patient;
mod register;
mod team;

pub use attachment::{
    ATTACHMENTS_MAX, Attachment, AttachmentDraft, AttachmentKind, AttachmentLink, FILE_BYTES_MAX, FileType,
    UploadTicket,
};
pub use consent::{
    CONSENTS_MAX, Consent, ConsentBy, ConsentForm, ConsentState, ConsentWithdrawal, NewConsent, Withdraw,
};
pub use entry::{Act, Entry, OutOfOrder};
pub use note::{
    Acknowledgement, Author, Importance, NewNote, Note, NoteKind, NoteNumber, REVISIONS_MAX, Retract,
    Retraction, Revise, Revision,
};
pub use patient::{CareLevel, LastNote, PAGE, Patient, PatientRow, Pulse, Sex, TEAM_MAX, TeamMember, Thread};
pub use register::{
    AGE_MAX, AREA_MAX, NewPatient, PATIENT_KANA_MAX, PATIENT_NAME_MAX, PatientDetails, PatientEdit, reading,
};
pub use team::{
    CIRCLE_HISTORY_MAX, Circle, Colleague, EndWithReason, INVITATIONS_MAX, Invitation, InvitationAnswer,
    InvitationRow, InvitationState, JOIN_MAX, Joined, JoinedBy, Left, Membership, NewInvitation,
    is_key_worker, may_be_invited,
};
