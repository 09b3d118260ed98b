//! The desk: what the person is writing for this patient, in signals, and its draft on the device.

use super::open::OpenBook;
use crate::{
    browser, clock,
    draft::{ChangeDraft, Draft, Place},
    outgoing::{Outgoing, use_outgoing},
    session,
    upload::{For, State, Upload},
    whenever::whenever,
};
use leptos::prelude::*;
use shared::{
    book::{ATTACHMENTS_MAX, Attachment, Importance, NewNote, NoteKind, NoteNumber},
    id::{AccountId, CommandId},
};
use web_sys::File;

/// The id of the text field.
pub const TEXT_ID: &str = "composer-text";
const TWICE_MS: f64 = 1500.0;

/// How sending stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Being written.
    Writing,
    /// 送信 was pressed; files are still on their way.
    Files,
    /// Awaiting the answer.
    Sending,
    /// 送信待ち: no answer came; tried again by itself. With the reason.
    Waiting(String),
}

/// What lies open over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The correction or retraction under way.
    Change,
    /// The earlier texts of a note.
    History(NoteNumber),
    /// A picture in full.
    Picture(Box<Attachment>),
}

/// The desk. Copy it freely within the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The open book.
    pub book: OpenBook,
    /// Who sends, and knows how the note stands once it is sent.
    pub outgoing: Outgoing,
    /// 種別.
    pub kind: RwSignal<NoteKind>,
    /// 重要度.
    pub importance: RwSignal<Importance>,
    /// 宛先.
    pub addressees: RwSignal<Vec<AccountId>>,
    /// Whether somebody was taken off the addressees who has left the team, until the person chooses anew or sends.
    pub taken_off: RwSignal<bool>,
    /// 返信先.
    pub reply_to: RwSignal<Option<NoteNumber>>,
    /// 本文.
    pub text: RwSignal<String>,
    /// 添付.
    pub files: RwSignal<Vec<Upload>, LocalStorage>,
    /// Files that a reload cut off.
    pub unfinished: RwSignal<Vec<String>>,
    /// How sending stands.
    pub phase: RwSignal<Phase>,
    /// What is wrong, by field; the empty field is the note as a whole.
    pub errors: RwSignal<Vec<(String, String)>>,
    /// A correction or retraction under way.
    pub change: RwSignal<Option<ChangeDraft>>,
    /// Whether another one was asked for meanwhile: the one under way comes first.
    pub other_first: RwSignal<bool>,
    /// What lies open over the page.
    pub panel: RwSignal<Option<Panel>>,
    /// Whether all fields are shown, not only the text.
    pub wide: RwSignal<bool>,
    /// Counts the notes sent: what was unfolded for one folds again.
    pub sent: RwSignal<u32>,
    /// Whether the draft could not be kept on the device.
    pub unkept: RwSignal<bool>,
    /// Whether an old unanswered note was found: the person decides.
    pub left_over: RwSignal<bool>,
    /// Why the server did not take the note, if it did not: the person decides.
    pub refused: RwSignal<Option<String>>,
    sent_at: StoredValue<f64>,
    pub(super) command: StoredValue<Option<CommandId>>,
    pub(super) place: StoredValue<Option<Place>>,
    pub(super) kept: StoredValue<Draft>,
    next_key: StoredValue<u32>,
    pub(super) timer: StoredValue<Option<TimeoutHandle>>,
}

impl Desk {
    /// With the draft that lies on the device, if one does. To be made in the page's body.
    pub fn new(book: OpenBook) -> Self {
        let me = session::use_me();
        let place = Place::new(me.actor.account, book.id, &me.draft_key);
        let outgoing = use_outgoing();
        let draft = outgoing.draft(book.id).unwrap_or_default();
        let keys = (0_u32..).zip(draft.files.clone());
        let files: Vec<_> = keys.map(|(key, file)| Upload::of_draft(key, file)).collect();
        let desk = Self {
            book,
            outgoing,
            kind: RwSignal::new(draft.kind),
            importance: RwSignal::new(draft.importance),
            addressees: RwSignal::new(draft.addressees.clone()),
            taken_off: RwSignal::new(false),
            reply_to: RwSignal::new(draft.reply_to),
            text: RwSignal::new(draft.text.clone()),
            next_key: StoredValue::new(u32::try_from(files.len()).unwrap_or(0)),
            files: RwSignal::new_local(files),
            unfinished: RwSignal::new(draft.unfinished.clone()),
            phase: RwSignal::new(Phase::Writing),
            errors: RwSignal::new(Vec::new()),
            change: RwSignal::new(draft.change.clone()),
            other_first: RwSignal::new(false),
            panel: RwSignal::new(None),
            wide: RwSignal::new(false),
            sent: RwSignal::new(0),
            unkept: RwSignal::new(place.is_none()),
            left_over: RwSignal::new(false),
            refused: RwSignal::new(draft.refused.clone()),
            sent_at: StoredValue::new(f64::NEG_INFINITY),
            command: StoredValue::new(draft.command),
            place: StoredValue::new(place),
            kept: StoredValue::new(draft),
            timer: StoredValue::new(None),
        };
        desk.keep_draft();
        desk
    }

    /// The number of the note being written: made once, so that sending twice is one note.
    fn command(self) -> CommandId {
        if let Some(command) = self.command.get_value() {
            return command;
        }
        let command = clock::new_command();
        self.command.set_value(Some(command));
        command
    }

    /// What would be sent now.
    pub fn note(self) -> NewNote {
        NewNote {
            command: self.command(),
            kind: self.kind.get_untracked(),
            importance: self.importance.get_untracked(),
            text: self.text.get_untracked(),
            addressees: self.addressees.get_untracked(),
            reply_to: self.reply_to.get_untracked(),
            attachments: untrack(|| {
                self.files.with(|files| files.iter().filter_map(Upload::ready).map(|file| file.id).collect())
            }),
        }
    }

    /// A clean desk after the server has confirmed the note.
    pub fn clear(self) {
        self.kind.set(NoteKind::Contact);
        self.importance.set(Importance::Normal);
        self.addressees.set(Vec::new());
        self.taken_off.set(false);
        self.reply_to.set(None);
        self.text.set(String::new());
        self.files.set(Vec::new());
        self.unfinished.set(Vec::new());
        self.errors.set(Vec::new());
        self.left_over.set(false);
        self.refused.set(None);
        self.phase.set(Phase::Writing);
        self.command.set_value(None);
        self.sent_at.set_value(browser::since_start_ms());
        self.sent.update(|n| *n = n.wrapping_add(1));
        self.save();
    }

    /// Whether 送信 was pressed twice where once was meant: the first has sent everything.
    pub fn pressed_twice(self) -> bool {
        let nothing = self.text.with_untracked(String::is_empty) && self.files.with_untracked(Vec::is_empty);
        nothing && browser::since_start_ms() - self.sent_at.get_value() < TWICE_MS
    }

    /// Whether the fields may be changed now.
    pub fn open(self) -> bool {
        self.phase.with(|phase| *phase == Phase::Writing)
    }

    /// What is wrong with a field.
    pub fn error(self, field: &str) -> Option<String> {
        self.errors
            .with(|errors| errors.iter().find(|(name, _)| name == field).map(|(_, words)| words.clone()))
    }

    /// Forgets what was wrong with a field: it is being mended.
    pub fn mend(self, field: &str) {
        if untrack(|| self.error(field)).is_some() {
            self.errors.update(|errors| errors.retain(|(name, _)| name != field));
        }
    }

    /// Adds files and sends them on their way.
    pub fn attach(self, files: Vec<File>) {
        if files.is_empty() || !untrack(|| self.open()) {
            return;
        }
        self.wide.set(true);
        self.mend("attachments");
        for file in files {
            if self.files.with_untracked(Vec::len) >= ATTACHMENTS_MAX {
                let words = format!("添付は{ATTACHMENTS_MAX}件までです。残りは次の連絡で送ってください。");
                self.errors.update(|errors| errors.push(("attachments".into(), words)));
                break;
            }
            let key = self.next_key.get_value();
            self.next_key.set_value(key.wrapping_add(1));
            let name = file.name();
            self.unfinished.update(|names| names.retain(|known| *known != name));
            let upload = Upload::of_file(key, file);
            self.files.update(|files| files.push(upload.clone()));
            self.run(upload);
        }
    }

    /// Brings a file to the server, for the first time or again.
    pub fn run(self, upload: Upload) {
        let patient = self.book.id;
        self.book.spawn(upload.run(For::Note(patient)));
    }

    /// Brings again every file whose connection broke.
    pub fn run_broken(self) {
        let broken = untrack(|| {
            self.files.with(|files| files.iter().filter(|file| file.may_retry()).cloned().collect::<Vec<_>>())
        });
        broken.into_iter().for_each(|upload| self.run(upload));
    }

    /// Takes a file off the note.
    pub fn detach(self, key: u32) {
        self.files.update(|files| {
            files.iter().filter(|file| file.key == key).for_each(Upload::cancel);
            files.retain(|file| file.key != key);
        });
        self.mend("attachments");
    }

    /// Whether a file failed that was meant to go along.
    pub fn has_failed_file(self) -> bool {
        self.files.with(|files| files.iter().any(|f| f.state.with(|s| matches!(s, State::Failed { .. }))))
    }

    /// Answers a note: the text field is next.
    pub fn reply(self, number: NoteNumber) {
        if untrack(|| self.open()) {
            self.reply_to.set(Some(number));
            self.wide.set(true);
        }
        self.go_to_text();
    }

    /// The text field is next.
    pub fn go_to_text(self) {
        if let Some(text) = document().get_element_by_id(TEXT_ID) {
            browser::focus(&text);
        }
    }

    /// Whether such a panel is open, in both directions, for a dialog.
    pub fn panel_open(self, such: fn(&Panel) -> bool) -> RwSignal<bool> {
        let open = RwSignal::new(false);
        whenever(move || open.set(self.panel.with(|panel| panel.as_ref().is_some_and(such))));
        whenever(move || {
            if !open.get() && self.panel.with_untracked(|panel| panel.as_ref().is_some_and(such)) {
                self.panel.set(None);
            }
        });
        open
    }
}
