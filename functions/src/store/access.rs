//! The way to a patient's data: [`Access`], which only [`Store::enter`] and [`Store::open_thread`] give, after asking
//! the authority table; a raw identifier opens nothing. [`Invited`] is the narrow way of a facility's manager to one
//! invitation.

use super::{
    Store,
    book::CLOSED,
    error::StoreError,
    item::Item,
    keys,
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::error::Code,
    authority::{Action, Refusal, Relation, decide},
    book::{ConsentState, Invitation, Joined, LastNote, Note, NoteNumber, Patient, is_key_worker},
    id::{AccountId, FacilityId, InvitationId, PatientId},
    people::{Actor, Profession, Role},
};

/// The attribute that counts changes of patient, team and consent.
const CIRCLE: &str = "circle";

/// Why a patient's page did not open.
#[derive(Debug)]
pub enum Closed {
    /// The authority table says no.
    Refused(Refusal),
    /// It would say yes to this member of the team if a consent were on record.
    ConsentMissing,
    /// The store itself.
    Store(StoreError),
}

impl From<StoreError> for Closed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A team member as stored, without what counters say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MemberDoc {
    /// Who.
    pub account: AccountId,
    /// By name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// Facility by name.
    pub facility_name: String,
    /// Since when and why; nothing in teams older than this record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<Joined>,
}

impl MemberDoc {
    /// Whether they look after team and consent.
    pub fn is_key_worker(&self) -> bool {
        is_key_worker(self.profession, self.joined.as_ref())
    }
}

/// A patient's item: the patient, and the counters of the thread.
#[derive(Clone, Debug)]
pub struct Head {
    /// The patient.
    pub patient: Patient,
    /// The newest number.
    pub last: NoteNumber,
    /// Corrections, retractions and 了解 so far.
    pub changes: u64,
    /// Grows with each change of patient, team and consent.
    pub circle: u64,
    pub(super) urgent: NoteNumber,
    pub(super) newest: Option<LastNote>,
}

impl Head {
    pub(super) fn read(item: &Item) -> Result<Self, StoreError> {
        Ok(Self {
            patient: item.doc()?,
            last: NoteNumber(item.get_number("last_no")?),
            changes: item.get_number("changes")?,
            circle: item.get_number(CIRCLE)?,
            urgent: NoteNumber(item.get_number("urgent")?),
            newest: item.get_text("newest").ok().map(serde_json::from_str).transpose()?,
        })
    }
}

/// What a person may do with one patient, proven: the page is open to them for one action.
#[derive(Debug)]
pub struct Access {
    pub(super) head: Head,
    pub(super) actor: AccountId,
    roles: Vec<Role>,
    facility: FacilityId,
    action: Action,
    relations: Vec<Relation>,
    pub(super) addressed: NoteNumber,
    pub(super) read_to: NoteNumber,
}

impl Access {
    /// The patient and the thread's counters.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Which patient.
    pub const fn patient(&self) -> PatientId {
        self.head.patient.id
    }

    /// How far this person has read.
    pub const fn read_to(&self) -> NoteNumber {
        self.read_to
    }

    /// Whether the person stands in this relation to the patient.
    pub fn has(&self, relation: Relation) -> bool {
        self.relations.contains(&relation)
    }

    /// Whether the action may also be done to this note, which somebody wrote.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(&self, note: &Note) -> Result<(), Refusal> {
        let mut relations = self.relations.clone();
        if note.author.account == self.actor {
            relations.push(Relation::Author);
        }
        if note.author.facility == self.facility {
            relations.push(Relation::CreatorsFacility);
        }
        decide(Some(&self.roles), self.action, &relations)
    }
}

/// An invitation that a facility's manager may answer, proven.
#[derive(Debug)]
pub struct Invited {
    pub(super) head: Head,
    pub(super) invitation: Invitation,
}

impl Invited {
    /// The patient as an invitation shows them.
    pub const fn patient(&self) -> &Patient {
        &self.head.patient
    }

    /// The invitation.
    pub const fn invitation(&self) -> &Invitation {
        &self.invitation
    }
}

impl Store {
    /// Opens a patient for one action: patient and own membership in one request.
    ///
    /// # Errors
    /// [`Closed::Refused`] with the table's reason, the same for an unknown and for a foreign patient;
    /// [`Closed::ConsentMissing`] to the team's own members.
    pub async fn enter(&self, actor: &Actor, patient: PatientId, action: Action) -> Result<Access, Closed> {
        let wanted = [keys::patient(patient), keys::member(patient, actor.account)];
        let items = self.get_all(&wanted).await?;
        let find = |key: &keys::Key| items.iter().find(|item| item.sk().is_ok_and(|sk| sk == key.sk));
        Self::admit(actor, action, find(&wanted[0]), find(&wanted[1]))
    }

    pub(super) fn admit(
        actor: &Actor,
        action: Action,
        head: Option<&Item>,
        me: Option<&Item>,
    ) -> Result<Access, Closed> {
        let (Some(head), Some(me)) = (head, me) else {
            let refused = decide(Some(&actor.roles), action, &[]).err().unwrap_or(Refusal::Relation);
            return Err(Closed::Refused(refused));
        };
        let (head, doc): (Head, MemberDoc) = (Head::read(head)?, me.doc()?);
        let mut relations = vec![Relation::CareTeam];
        if doc.is_key_worker() {
            relations.push(Relation::KeyWorker);
        }
        if head.patient.consent() == ConsentState::Given {
            relations.push(Relation::Consented);
        }
        // What depends on a single note (author, facility) is asked again with the note in hand: `allows`.
        let mut asked = [&relations[..], &[Relation::Author, Relation::CreatorsFacility]].concat();
        if let Err(refusal) = decide(Some(&actor.roles), action, &asked) {
            asked.push(Relation::Consented);
            let only_consent = decide(Some(&actor.roles), action, &asked).is_ok();
            return Err(if only_consent { Closed::ConsentMissing } else { Closed::Refused(refusal) });
        }
        Ok(Access {
            head,
            actor: actor.account,
            roles: actor.roles.clone(),
            facility: actor.facility,
            action,
            relations,
            addressed: NoteNumber(me.get_number("addressed")?),
            read_to: NoteNumber(me.get_number("read_to")?),
        })
    }

    /// Opens one invitation for the manager of the invited facility.
    ///
    /// # Errors
    /// [`Closed::Refused`], the same for an unknown invitation, for another facility's, and while no consent is on
    /// record.
    pub async fn enter_invited(
        &self,
        actor: &Actor,
        patient: PatientId,
        id: InvitationId,
    ) -> Result<Invited, Closed> {
        let wanted = [keys::patient(patient), keys::invitation(patient, id)];
        let items = self.get_all(&wanted).await?;
        let find = |key: &keys::Key| items.iter().find(|item| item.sk().is_ok_and(|sk| sk == key.sk));
        let (Some(head), Some(invitation)) = (find(&wanted[0]), find(&wanted[1])) else {
            return Err(Closed::Refused(Refusal::Relation));
        };
        Self::admit_invited(actor, Head::read(head)?, invitation.doc()?)
    }

    pub(super) fn admit_invited(
        actor: &Actor,
        head: Head,
        invitation: Invitation,
    ) -> Result<Invited, Closed> {
        let mut relations = Vec::new();
        if invitation.facility == actor.facility {
            relations.push(Relation::Invited);
        }
        if head.patient.consent() == ConsentState::Given {
            relations.push(Relation::Consented);
        }
        decide(Some(&actor.roles), Action::AnswerInvitation, &relations).map_err(Closed::Refused)?;
        Ok(Invited { head, invitation })
    }

    /// The write that every change of patient, team or consent makes on the patient's item: such changes come one
    /// after the other, and the patient becomes `patient`, with the page open only if that patient has consented.
    pub(super) fn turn(&self, tx: &mut Tx<Code>, head: &Head, patient: &Patient) -> Result<(), StoreError> {
        let expected = if head.circle == 0 { "attribute_not_exists(circle)" } else { "circle = :was" };
        let open = patient.consent() == ConsentState::Given;
        let ending = if open { format!("REMOVE {CLOSED}") } else { format!(", {CLOSED} = :one") };
        let change =
            Change::of(keys::patient(patient.id), &format!("SET doc = :doc, {CIRCLE} = :next {ending}"));
        let change = change
            .only_if(&format!("attribute_exists(pk) AND {expected}"))
            .text(":doc", serde_json::to_string(patient)?)
            .number(":next", head.circle + 1);
        let change = if open { change } else { change.number(":one", 1) };
        let change = if head.circle == 0 { change } else { change.number(":was", head.circle) };
        tx.update(self, change, Some(Code::Busy))
    }

    /// A patient's item as a restore writes it: with the count of changes that the backup knew.
    pub fn with_circle_of(item: Item, kept: &Item) -> Result<Item, StoreError> {
        let circle: u64 = kept.get_number(CIRCLE)?;
        Ok(if circle > 0 { item.number(CIRCLE, circle) } else { item })
    }
}
