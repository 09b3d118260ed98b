//! The contact book 連絡帳: patients, the people around them, and what is written (Arts. 5, 23).

mod attachment;
mod entry;
mod note;
mod patient;

pub use attachment::{
    ATTACHMENTS_MAX, Attachment, AttachmentDraft, AttachmentKind, AttachmentLink, FILE_BYTES_MAX, FileType,
    UploadTicket,
};
pub use entry::{Act, Entry, OutOfOrder};
pub use note::{
    Acknowledgement, Author, Importance, NewNote, Note, NoteKind, NoteNumber, REVISIONS_MAX, Retract,
    Retraction, Revise, Revision,
};
pub use patient::{CareLevel, LastNote, PAGE, Patient, PatientRow, Pulse, Sex, TEAM_MAX, TeamMember, Thread};
