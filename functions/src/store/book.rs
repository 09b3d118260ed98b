//! Threads: notes, receipts, attachments. Everything about one patient is reached through [`Access`]; see
//! [`super::access`].

use super::{
    Store,
    error::StoreError,
    item::Item,
    keys::{self, MEMBER, NOTE, PATIENT},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::{book::PATIENTS_MAX, error::Code},
    authority::{Action, Relation},
    book::{
        Attachment, AttachmentDraft, ConsentState, Entry, Joined, LastNote, Note, NoteKind, NoteNumber, PAGE,
        Patient, Revision, TeamMember, Thread,
    },
    calendar::{Day, Timestamp},
    id::{AccountId, AttachmentId, EventId, PatientId},
    people::Actor,
};

pub use super::access::{Access, Closed, Head, MemberDoc};

/// An attachment as stored, from declaration on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentDoc {
    /// For which patient.
    pub patient: PatientId,
    /// By whom.
    pub by: AccountId,
    /// As declared.
    pub declared: AttachmentDraft,
    /// As checked and cleaned; `None` until then.
    pub stored: Option<Attachment>,
}

impl AttachmentDoc {
    /// Of a file that is known to be checked: for loading and restoring.
    pub fn of(patient: PatientId, by: AccountId, file: &Attachment) -> Self {
        let declared = AttachmentDraft {
            name: file.name.clone(),
            file_type: file.file_type,
            bytes: file.bytes,
            sha256: file.sha256.clone(),
        };
        Self { patient, by, declared, stored: Some(file.clone()) }
    }
}

/// An attachment with its state.
#[derive(Clone, Debug)]
pub struct AttachmentRow {
    /// What is known.
    pub doc: AttachmentDoc,
    /// The note that it hangs on; 0 while it hangs on none.
    pub note: NoteNumber,
    /// The consent whose document it is; 0 while it is none's.
    pub consent: u32,
}

/// The attribute that a patient's item has while its page is closed: no consent yet, or a withdrawn one. Items of
/// earlier versions, whose patients had all consented, do not have it.
pub(super) const CLOSED: &str = "closed";
/// The condition of every write into a thread: a withdrawal at the same moment wins.
const OPEN: &str = "attribute_not_exists(closed)";

/// People in a team that one query of the newest page has room for. The query asks for no more than it shows;
/// a larger team costs a second query.
const USUAL_TEAM: usize = 12;

pub(super) fn team_member(item: &Item) -> Result<TeamMember, StoreError> {
    let doc: MemberDoc = item.doc()?;
    let read_at: i64 = item.get_number("read_at")?;
    Ok(TeamMember {
        account: doc.account,
        name: doc.name,
        profession: doc.profession,
        facility_name: doc.facility_name,
        read_to: NoteNumber(item.get_number("read_to")?),
        read_at: (read_at > 0).then(|| Timestamp::from_ms(read_at)),
        history: NoteNumber(item.get_number("history")?),
    })
}

impl Store {
    /// A patient's item, for loading and restoring.
    pub fn patient_item(patient: &Patient, notes: &[Note], changes: u64) -> Result<Item, StoreError> {
        let id = patient.id.to_string();
        let mut item = Item::new(&keys::patient(patient.id), patient)?.listed(keys::PATIENTS, id);
        if patient.consent() != ConsentState::Given {
            item = item.number(CLOSED, 1);
        }
        item = item.number("changes", changes).number("last_no", notes.last().map_or(0, |n| n.number.0));
        if let Some(urgent) = notes.iter().rev().find(|note| note.kind == NoteKind::Urgent) {
            item = item.number("urgent", urgent.number.0);
        }
        match notes.last() {
            Some(note) => Ok(item.text("newest", serde_json::to_string(&newest(note))?)),
            None => Ok(item),
        }
    }

    /// A team member's item, for loading.
    pub fn member_item(
        patient: PatientId,
        member: &TeamMember,
        addressed: NoteNumber,
    ) -> Result<Item, StoreError> {
        Self::member_item_since(patient, member, addressed, None)
    }

    /// A team member's item, with since when and why they are in the team.
    pub fn member_item_since(
        patient: PatientId,
        member: &TeamMember,
        addressed: NoteNumber,
        joined: Option<Joined>,
    ) -> Result<Item, StoreError> {
        let doc = MemberDoc {
            account: member.account,
            name: member.name.clone(),
            profession: member.profession,
            facility_name: member.facility_name.clone(),
            joined,
        };
        let item = Item::new(&keys::member(patient, member.account), &doc)?
            .listed(keys::of_account(member.account), format!("P#{patient}"))
            .number("read_to", member.read_to.0)
            .number("history", member.history.0)
            .number("addressed", addressed.0);
        Ok(match member.read_at {
            Some(at) => item.number("read_at", at.ms()),
            None => item,
        })
    }

    /// A note's item.
    pub fn note_item(patient: PatientId, note: &Note) -> Result<Item, StoreError> {
        let item = Item::new(&keys::note(patient, note.number), note)?;
        Ok(item.number("stamp", note_stamp(note)))
    }

    /// An earlier text's item.
    pub fn history_item(
        patient: PatientId,
        number: NoteNumber,
        earlier: &Revision,
    ) -> Result<Item, StoreError> {
        Item::new(&keys::history(patient, number, earlier.revision), earlier)
    }

    /// An entry of the sent journal, under the day on which it was sent.
    pub fn journal_item(id: EventId, entry: &Entry) -> Result<Item, StoreError> {
        Item::new(&keys::journal_entry(entry.at.day(), id), entry)
    }

    /// An attachment's item.
    pub fn attachment_item(
        id: AttachmentId,
        doc: &AttachmentDoc,
        note: NoteNumber,
    ) -> Result<Item, StoreError> {
        Ok(Item::new(&keys::attachment(id), doc)?.number("note", note.0))
    }

    /// A page of a thread with the team: one query for the newest page, two side by side for older ones.
    ///
    /// # Errors
    /// As [`Self::enter`].
    pub async fn open_thread(
        &self,
        actor: &Actor,
        id: PatientId,
        before: Option<NoteNumber>,
    ) -> Result<Thread, Closed> {
        let partition = keys::patient_partition(id);
        let (mut above, below) = match before {
            None => {
                let query =
                    self.query(&partition).between(NOTE, PATIENT).newest_first().limit(PAGE + 2 + USUAL_TEAM);
                let mut items = query.run().await?;
                let whole = items.len() < PAGE + 2 + USUAL_TEAM;
                let first_note = items.iter().position(|item| item.sk().is_ok_and(|sk| sk.starts_with(NOTE)));
                let mut notes = items.split_off(first_note.unwrap_or(items.len()));
                // A large team took the place of notes: the rest of the page is a query of its own.
                if !whole && notes.len() <= PAGE {
                    let below = match notes.last() {
                        Some(note) => note.doc::<Note>()?.number.0.saturating_sub(1),
                        None => u32::MAX,
                    };
                    let rest = self.query(&partition).between(NOTE, keys::note(id, NoteNumber(below)).sk);
                    notes.extend(rest.newest_first().limit(PAGE + 1 - notes.len()).run().await?);
                }
                (items, notes)
            }
            Some(before) => {
                let top = self.query(&partition).between(MEMBER, PATIENT).newest_first().run();
                let highest = keys::note(id, NoteNumber(before.0.saturating_sub(1))).sk;
                let page = self.query(&partition).between(NOTE, highest).newest_first().limit(PAGE + 1).run();
                futures::try_join!(top, page)?
            }
        };
        let mine = keys::member(id, actor.account).sk;
        let head = above.iter().find(|item| item.sk().is_ok_and(|sk| sk == PATIENT));
        let me = above.iter().find(|item| item.sk().is_ok_and(|sk| sk == mine));
        let access = Self::admit(actor, Action::ReadThread, head, me)?;
        above.retain(|item| item.sk().is_ok_and(|sk| sk.starts_with(MEMBER)));
        let more = below.len() > PAGE;
        let mut notes = below.iter().take(PAGE).map(Item::doc).collect::<Result<Vec<Note>, _>>()?;
        notes.reverse();
        let mut team = above.iter().map(team_member).collect::<Result<Vec<_>, _>>()?;
        team.sort_by_key(|member| (member.facility_name.clone(), member.account));
        Ok(Thread {
            before: notes.first().map(|note| note.number).filter(|_| more),
            patient: access.head.patient,
            team,
            notes,
            last: access.head.last,
            changes: access.head.changes,
        })
    }

    /// The team of an open patient, with how far each has read, in one query.
    pub async fn team(&self, access: &Access) -> Result<Vec<TeamMember>, StoreError> {
        let partition = keys::patient_partition(access.patient());
        let items = self.query(&partition).beginning_with(MEMBER).run().await?;
        items.iter().map(team_member).collect()
    }

    /// My patients: one query over the index, then their heads in batches.
    pub async fn my_patients(&self, actor: &Actor) -> Result<Vec<(Access, Option<LastNote>)>, StoreError> {
        let mine = keys::of_account(actor.account);
        let memberships = self.query(&mine).by_index().beginning_with("P#").limit(PATIENTS_MAX).run().await?;
        let wanted = memberships
            .iter()
            .map(|item| item.key().map(|key| keys::Key { pk: key.pk, sk: PATIENT.to_owned() }))
            .collect::<Result<Vec<_>, _>>()?;
        let heads = self.get_all(&wanted).await?;
        let mut rows = Vec::with_capacity(heads.len());
        for head in &heads {
            let pk = head.key()?.pk;
            let me = memberships.iter().find(|item| item.key().is_ok_and(|key| key.pk == pk));
            match Self::admit(actor, Action::ListPatients, Some(head), me) {
                Ok(access) => {
                    let newest = access.head.newest.clone();
                    rows.push((access, newest));
                }
                Err(Closed::Store(error)) => return Err(error),
                Err(Closed::Refused(_) | Closed::ConsentMissing) => {}
            }
        }
        Ok(rows)
    }

    /// A note of an open patient.
    pub async fn note(&self, access: &Access, number: NoteNumber) -> Result<Option<Note>, StoreError> {
        self.get(&keys::note(access.patient(), number)).await?.map(|item| item.doc()).transpose()
    }

    /// The earlier texts of a note of an open patient.
    pub async fn history(&self, access: &Access, number: NoteNumber) -> Result<Vec<Revision>, StoreError> {
        let partition = keys::patient_partition(access.patient());
        let items = self.query(&partition).beginning_with(&keys::history_of(number)).run().await?;
        items.iter().map(Item::doc).collect()
    }

    /// Moves a receipt on, never back; `false` if it was there already.
    pub fn receipt(access: &Access, number: NoteNumber, now: Timestamp) -> Option<Change> {
        let to = number.min(access.head.last);
        (to > access.read_to).then(|| {
            Change::of(keys::member(access.patient(), access.actor), "SET read_to = :to, read_at = :now")
                .only_if("attribute_exists(pk) AND read_to < :to")
                .number(":to", to.0)
                .number(":now", now.ms())
        })
    }

    /// What a moved receipt leaves for the backup of its day: how far this person had read by the day's end.
    pub fn receipt_of_day(access: &Access, to: NoteNumber, now: Timestamp) -> Change {
        let key = keys::receipt(now.day(), access.patient(), access.actor);
        let change = Change::of(key, "SET read_to = :to, read_at = :now");
        change.number(":to", to.0).number(":now", now.ms())
    }

    /// Writes a new note: the note, its journal entry, the thread's head, the addressees, the attachments.
    /// The author has read what they wrote under, if they had read everything before it.
    pub fn send(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        id: EventId,
        entry: &Entry,
        note: &Note,
    ) -> Result<(), StoreError> {
        let patient = access.patient();
        tx.create(self, Self::note_item(patient, note)?, Code::Busy)?;
        tx.create(self, Self::journal_item(id, entry)?, Code::Busy)?;
        let urgent = if note.kind == NoteKind::Urgent { ", urgent = :next" } else { "" };
        let head =
            Change::of(keys::patient(patient), &format!("SET last_no = :next, newest = :newest{urgent}"))
                .only_if(&format!("last_no = :last AND {OPEN}"))
                .number(":next", note.number.0)
                .number(":last", access.head.last.0)
                .text(":newest", serde_json::to_string(&newest(note))?);
        tx.update(self, head, Some(Code::Busy))?;
        if access.read_to != access.head.last {
            // Somebody taken out of the team at this moment writes no more; below, the receipt asks the same.
            tx.require(self, &keys::member(patient, access.actor), "attribute_exists(pk)", Code::Busy)?;
        }
        for addressee in note.addressees.iter().filter(|a| **a != access.actor) {
            let to = Change::of(keys::member(patient, *addressee), "SET addressed = :n")
                .only_if("attribute_exists(pk)")
                .number(":n", note.number.0);
            tx.update(self, to, Some(Code::Invalid))?;
        }
        if access.read_to == access.head.last {
            let mine = Change::of(keys::member(patient, access.actor), "SET read_to = :n, read_at = :now")
                .only_if("attribute_exists(pk)")
                .number(":n", note.number.0)
                .number(":now", entry.at.ms());
            tx.update(self, mine, Some(Code::Busy))?;
            tx.update(self, Self::receipt_of_day(access, note.number, entry.at), None)?;
        }
        for attachment in &note.attachments {
            let hang = Change::of(keys::attachment(attachment.id), "SET note = :n")
                .only_if("attribute_exists(pk) AND note = :none AND attribute_not_exists(consent)")
                .number(":n", note.number.0)
                .number(":none", 0);
            tx.update(self, hang, Some(Code::UploadMissing))?;
        }
        Ok(())
    }

    /// Writes what an entry made of an existing note, guarded by the note as it was read.
    pub fn amend(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        (id, entry): (EventId, &Entry),
        (was, is): (&Note, &Note),
        earlier: Option<&Revision>,
    ) -> Result<(), StoreError> {
        let patient = access.patient();
        let note = Change::of(keys::note(patient, is.number), "SET doc = :doc, stamp = :stamp")
            .only_if("stamp = :was")
            .text(":doc", serde_json::to_string(is)?)
            .number(":stamp", note_stamp(is))
            .number(":was", note_stamp(was));
        tx.update(self, note, Some(Code::Stale))?;
        tx.create(self, Self::journal_item(id, entry)?, Code::Busy)?;
        let head = Change::of(keys::patient(patient), "ADD changes :one").only_if(OPEN).number(":one", 1);
        tx.update(self, head, Some(Code::Busy))?;
        tx.require(self, &keys::member(patient, access.actor), "attribute_exists(pk)", Code::Busy)?;
        if let Some(earlier) = earlier {
            tx.create(self, Self::history_item(patient, is.number, earlier)?, Code::Stale)?;
        }
        Ok(())
    }

    /// An attachment of an open patient; `None` for an unknown one and for another patient's alike.
    pub async fn attachment(
        &self,
        access: &Access,
        id: AttachmentId,
    ) -> Result<Option<AttachmentRow>, StoreError> {
        let found = self.get(&keys::attachment(id)).await?;
        let Some(item) = found else { return Ok(None) };
        let row = attachment_row(&item)?;
        Ok((row.doc.patient == access.patient()).then_some(row))
    }

    /// Several attachments of an open patient, in the order asked; `None` if one is missing or foreign.
    pub async fn attachments(
        &self,
        access: &Access,
        ids: &[AttachmentId],
    ) -> Result<Option<Vec<AttachmentRow>>, StoreError> {
        if ids.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let wanted: Vec<_> = ids.iter().map(|id| keys::attachment(*id)).collect();
        let items = self.get_all(&wanted).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for key in &wanted {
            let Some(item) = items.iter().find(|item| item.sk().is_ok_and(|sk| sk == key.sk)) else {
                return Ok(None);
            };
            let row = attachment_row(item)?;
            if row.doc.patient != access.patient() {
                return Ok(None);
            }
            rows.push(row);
        }
        Ok(Some(rows))
    }

    /// Declares an attachment.
    pub fn declare_attachment(
        &self,
        tx: &mut Tx<Code>,
        id: AttachmentId,
        doc: &AttachmentDoc,
    ) -> Result<(), StoreError> {
        tx.create(self, Self::attachment_item(id, doc, NoteNumber(0))?, Code::Busy)
    }

    /// Notes what an attachment was found to be.
    pub fn confirm_attachment(
        &self,
        tx: &mut Tx<Code>,
        id: AttachmentId,
        doc: &AttachmentDoc,
    ) -> Result<(), StoreError> {
        let change = Change::of(keys::attachment(id), "SET doc = :doc")
            .only_if("attribute_exists(pk) AND note = :none")
            .text(":doc", serde_json::to_string(doc)?)
            .number(":none", 0);
        tx.update(self, change, Some(Code::Stale))
    }

    /// Attachments that were declared on a day and hang on no note.
    pub async fn loose_attachments(
        &self,
        day: Day,
    ) -> Result<Vec<(AttachmentId, AttachmentDoc)>, StoreError> {
        let mut loose = Vec::new();
        for item in self.query(&keys::attachments_of(day)).run().await? {
            let row = attachment_row(&item)?;
            if row.note.0 == 0 {
                loose.push((item.sk()?.parse().map_err(|_| StoreError::Shape("attachment id"))?, row.doc));
            }
        }
        Ok(loose)
    }
}

fn attachment_row(item: &Item) -> Result<AttachmentRow, StoreError> {
    Ok(AttachmentRow {
        doc: item.doc()?,
        note: NoteNumber(item.get_number("note")?),
        consent: item.get_number("consent")?,
    })
}

fn newest(note: &Note) -> LastNote {
    LastNote {
        at: note.sent_at,
        kind: note.kind,
        author: note.author.name.clone(),
        profession: note.author.profession,
    }
}

/// Grows with every change that a note can take; what an amendment expects.
fn note_stamp(note: &Note) -> u32 {
    let acks = u32::try_from(note.acknowledged.len()).unwrap_or(u32::MAX);
    note.revision
        .saturating_mul(1000)
        .saturating_add(acks.saturating_mul(2))
        .saturating_add(u32::from(note.retraction.is_some()))
}

/// One row of a person's list, from what the store knows. Of a closed page it tells nothing that was written.
pub fn patient_row(access: &Access, last: Option<LastNote>) -> shared::book::PatientRow {
    if !access.has(Relation::Consented) {
        let patient = access.head.patient.clone();
        return shared::book::PatientRow { patient, unread: 0, urgent: false, addressed: false, last: None };
    }
    shared::book::PatientRow {
        patient: access.head.patient.clone(),
        unread: access.head.last.0.saturating_sub(access.read_to.0),
        urgent: access.head.urgent > access.read_to,
        addressed: access.addressed > access.read_to,
        last,
    }
}
