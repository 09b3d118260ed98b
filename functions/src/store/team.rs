//! Care teams: who is in them, who was, which facilities are asked. Every change also turns the count on the
//! patient's item ([`Store::turn`]), so that two changes of one team never pass each other.

use super::{
    Store,
    access::{Access, Closed, Head, Invited, MemberDoc},
    book::team_member,
    error::StoreError,
    item::Item,
    keys::{self, FORMER, INVITATION, MEMBER, PATIENT},
    schema::{INDEX_PK, INDEX_SK},
    tx::{Change, Tx},
};
use serde::{Deserialize, Serialize};
use shared::{
    api::{book::INVITED_MAX, error::Code},
    book::{
        CIRCLE_HISTORY_MAX, Circle, Colleague, Invitation, InvitationState, Joined, Left, Membership,
        NoteNumber, PAGE, TeamMember,
    },
    id::{AccountId, EventId, FacilityId, InvitationId, PatientId},
    people::{Account, Actor, Role},
};

/// Somebody who was in a team, as they were when they left.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct FormerDoc {
    member: MemberDoc,
    left: Left,
    read_to: NoteNumber,
    #[serde(default)]
    history: NoteNumber,
}

fn membership(member: MemberDoc, left: Option<Left>) -> Membership {
    let key_worker = member.is_key_worker();
    let MemberDoc { account, name, profession, facility_name, joined } = member;
    Membership { account, name, profession, facility_name, key_worker, joined, left }
}

impl Store {
    /// Who has and had access to an open patient, invitations, consents.
    pub async fn circle(&self, access: &Access) -> Result<Circle, StoreError> {
        let partition = keys::patient_partition(access.patient());
        let newest = |kind: &str| {
            self.query(&partition).beginning_with(kind).newest_first().limit(CIRCLE_HISTORY_MAX).run()
        };
        let (members, former, invitations, mut consents) = futures::try_join!(
            self.members(access.patient()),
            newest(FORMER),
            newest(INVITATION),
            self.consents(access),
        )?;
        consents.reverse();
        let mut members: Vec<_> = members.into_iter().map(|member| membership(member, None)).collect();
        members.sort_by_key(|member| (member.facility_name.clone(), member.account));
        let former = former.iter().map(Item::doc::<FormerDoc>).collect::<Result<Vec<_>, _>>()?;
        Ok(Circle {
            patient: access.head.patient.clone(),
            version: access.head.circle,
            members,
            former: former.into_iter().map(|was| membership(was.member, Some(was.left))).collect(),
            invitations: invitations.iter().map(Item::doc).collect::<Result<_, _>>()?,
            consents,
        })
    }

    async fn members(&self, patient: PatientId) -> Result<Vec<MemberDoc>, StoreError> {
        let items = self.query(&keys::patient_partition(patient)).beginning_with(MEMBER).run().await?;
        items.iter().map(Item::doc).collect()
    }

    /// Who is in the team of an open patient.
    pub async fn team_of(&self, access: &Access) -> Result<Vec<MemberDoc>, StoreError> {
        self.members(access.patient()).await
    }

    /// Who is in the team that a facility is invited to.
    pub async fn team_to_join(&self, invited: &Invited) -> Result<Vec<MemberDoc>, StoreError> {
        self.members(invited.head.patient.id).await
    }

    /// Takes somebody out of the team: no access from this moment on, and a place in the history.
    pub async fn depart(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        account: AccountId,
        (id, left): (EventId, Left),
    ) -> Result<(), StoreError> {
        let patient = access.patient();
        let key = keys::member(patient, account);
        let Some(item) = self.get(&key).await? else { return Err(StoreError::Busy("member".into())) };
        let TeamMember { read_to, history, .. } = team_member(&item)?;
        let was = FormerDoc { member: item.doc()?, left, read_to, history };
        self.turn(tx, &access.head, &access.head.patient)?;
        tx.create(self, Item::new(&keys::former(patient, id), &was)?, Code::Busy)?;
        tx.remove(self, &key)
    }

    /// The people of a facility who use the contact book.
    pub async fn colleagues(&self, facility: FacilityId) -> Result<Vec<Account>, StoreError> {
        let accounts = self.accounts(Some(facility)).await?.into_iter().map(|row| row.account);
        let able = |account: &Account| account.state.may_sign_in() && account.roles.contains(&Role::Member);
        Ok(accounts.filter(able).take(INVITED_MAX).collect())
    }

    /// An invitation of an open patient.
    pub async fn invitation(
        &self,
        access: &Access,
        id: InvitationId,
    ) -> Result<Option<Invitation>, StoreError> {
        self.get(&keys::invitation(access.patient(), id)).await?.map(|item| item.doc()).transpose()
    }

    /// The open invitations of an open patient.
    pub async fn open_invitations(&self, access: &Access) -> Result<Vec<Invitation>, StoreError> {
        let partition = keys::patient_partition(access.patient());
        let items = self.query(&partition).beginning_with(INVITATION).run().await?;
        let all = items.iter().map(Item::doc).collect::<Result<Vec<Invitation>, _>>()?;
        Ok(all.into_iter().filter(|invitation| invitation.state == InvitationState::Open).collect())
    }

    /// Writes an invitation.
    pub fn invite(
        &self,
        tx: &mut Tx<Code>,
        access: &Access,
        invitation: &Invitation,
    ) -> Result<(), StoreError> {
        self.turn(tx, &access.head, &access.head.patient)?;
        self.require_taking_part(tx, invitation.facility)?;
        let item = Item::new(&keys::invitation(access.patient(), invitation.id), invitation)?;
        let waiting = item.listed(keys::invitations_of(invitation.facility), invitation.id.to_string());
        tx.create(self, waiting, Code::Busy)
    }

    /// Writes that an invitation was taken back.
    pub fn cancel(&self, tx: &mut Tx<Code>, access: &Access, ended: &Invitation) -> Result<(), StoreError> {
        self.turn(tx, &access.head, &access.head.patient)?;
        self.end_invitation(tx, access.patient(), ended)
    }

    fn end_invitation(
        &self,
        tx: &mut Tx<Code>,
        patient: PatientId,
        ended: &Invitation,
    ) -> Result<(), StoreError> {
        let expression = format!("SET doc = :doc REMOVE {INDEX_PK}, {INDEX_SK}");
        let change = Change::of(keys::invitation(patient, ended.id), &expression)
            .only_if(&format!("attribute_exists({INDEX_PK})"))
            .text(":doc", serde_json::to_string(ended)?);
        tx.update(self, change, Some(Code::Stale))
    }

    /// The open invitations of a manager's own facility, oldest first. Those to a patient without consent wait
    /// unseen.
    pub async fn invitations(&self, actor: &Actor) -> Result<Vec<Invited>, Closed> {
        let waiting = keys::invitations_of(actor.facility);
        let items = self.query(&waiting).by_index().limit(INVITED_MAX).run().await?;
        let mut wanted = Vec::with_capacity(items.len());
        for item in &items {
            wanted.push(keys::Key { pk: item.key()?.pk, sk: PATIENT.to_owned() });
        }
        wanted.sort_unstable_by(|a, b| a.pk.cmp(&b.pk));
        wanted.dedup();
        let heads = self.get_all(&wanted).await?;
        let mut rows = Vec::with_capacity(items.len());
        for item in &items {
            let pk = item.key()?.pk;
            let Some(head) = heads.iter().find(|head| head.key().is_ok_and(|key| key.pk == pk)) else {
                continue;
            };
            match Self::admit_invited(actor, Head::read(head)?, item.doc()?) {
                Ok(invited) => rows.push(invited),
                Err(Closed::Store(error)) => return Err(Closed::Store(error)),
                Err(Closed::Refused(_) | Closed::ConsentMissing) => {}
            }
        }
        Ok(rows)
    }

    /// Writes the answer to an invitation, and who joins, each at their [`beginning`].
    pub async fn answer(
        &self,
        tx: &mut Tx<Code>,
        invited: &Invited,
        answered: &Invitation,
        joining: &[(Account, Joined)],
    ) -> Result<(), StoreError> {
        let patient = invited.head.patient.id;
        self.turn(tx, &invited.head, &invited.head.patient)?;
        self.end_invitation(tx, patient, answered)?;
        let former = self.query(&keys::patient_partition(patient)).beginning_with(FORMER).run().await?;
        let former = former.iter().map(Item::doc::<FormerDoc>).collect::<Result<Vec<_>, _>>()?;
        for (account, joined) in joining {
            let before = former.iter().filter(|was| was.member.account == account.id);
            let (read_to, history) = beginning(before, invited.head.last);
            let member = TeamMember {
                account: account.id,
                name: account.name.clone(),
                profession: account.profession,
                facility_name: account.facility_name.clone(),
                read_to,
                read_at: None,
                history,
            };
            let item = Self::member_item_since(patient, &member, NoteNumber(0), Some(joined.clone()))?;
            tx.create(self, item, Code::Busy)?;
        }
        Ok(())
    }
}

/// How far somebody who joins has read, and what is history to them. The newest page is theirs to read, and what is older
/// is history: nobody has to work through years to be rid of an unread mark, and nobody says that they did. Who was in
/// the team before and has read some of that page goes on there: a receipt never goes back.
fn beginning<'a>(before: impl Iterator<Item = &'a FormerDoc>, last: NoteNumber) -> (NoteNumber, NoteNumber) {
    let history = NoteNumber(last.0.saturating_sub(PAGE as u32));
    let newest = before.map(|was| (was.read_to.min(last), was.history)).max();
    newest.filter(|(read_to, _)| *read_to > history).unwrap_or((history, history))
}

/// One of a facility's people, for choosing.
pub fn colleague(account: &Account) -> Colleague {
    Colleague { account: account.id, name: account.name.clone(), profession: account.profession }
}
