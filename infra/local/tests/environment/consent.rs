//! No page without consent: registering, consenting, inviting, joining, withdrawing, leaving.

use crate::support::{Bench, Person, as_note, at, command, new_note, request};
use functions::evidence::{backup, restore};
use sha2::{Digest, Sha256};
use shared::{
    api::{self, Empty, Method, book as b, error::Problem},
    authority::Action,
    book::{
        AttachmentDraft, Circle, Consent, ConsentBy, ConsentForm, ConsentState, EndWithReason, FileType,
        Invitation, InvitationAnswer, InvitationState, NewConsent, NewInvitation, NewPatient, Patient,
        PatientDetails, PatientEdit, TEAM_MAX, Withdraw,
    },
    evidence::Outcome,
    id::{AccountId, AttachmentId, PatientId},
};

const TODAY: &str = "2026-11-20";

fn details(kana: &str) -> PatientDetails {
    serde_json::from_value(serde_json::json!({
        "name": "汐見 はる", "kana": kana, "born": "1938-05-06", "sex": "female", "care_level": "care2", "area": "浜町",
    }))
    .unwrap()
}

fn new_patient(kana: &str) -> NewPatient {
    NewPatient { command: command(), details: details(kana), another_person: false }
}

/// Brings a document for a patient; confirmed.
async fn document(person: &mut Person, patient: PatientId) -> AttachmentId {
    let bytes = b"%PDF-1.4\n% consent\n%%EOF\n".to_vec();
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let draft = AttachmentDraft {
        name: "同意書.pdf".into(),
        file_type: FileType::Pdf,
        bytes: bytes.len() as u64,
        sha256,
    };
    let ticket = person.ok::<b::CreateConsentDocument>(&patient, &draft).await;
    let url: http::Uri = ticket.url.parse().unwrap();
    let headers: Vec<_> = ticket.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let target = url.path_and_query().unwrap().as_str();
    assert_eq!(request(url.authority().unwrap().as_str(), "PUT", target, &headers, bytes).await.status, 200);
    person.ok::<b::ConfirmConsentDocument>(&(patient, ticket.id), &Empty {}).await.id
}

fn new_consent(document: AttachmentId) -> NewConsent {
    NewConsent {
        command: command(),
        given_on: TODAY.parse().unwrap(),
        given_by: ConsentBy::Family,
        relationship: "長女".into(),
        form: ConsentForm::SignedFor,
        document,
    }
}

pub async fn consent(person: &mut Person, patient: PatientId) -> Consent {
    let document = document(person, patient).await;
    person.ok::<b::RecordConsent>(&patient, &new_consent(document)).await
}

fn withdrawal(number: u32) -> Withdraw {
    Withdraw {
        command: command(),
        number,
        withdrawn_on: TODAY.parse().unwrap(),
        withdrawn_by: ConsentBy::Patient,
        reason: "ご本人の希望".into(),
        document: None,
    }
}

fn ending(reason: &str) -> EndWithReason {
    EndWithReason { command: command(), reason: reason.into() }
}

pub async fn registered(person: &mut Person, kana: &str) -> Patient {
    person.ok::<b::RegisterPatient>(&(), &new_patient(kana)).await
}

async fn circle(person: &mut Person, patient: PatientId) -> Circle {
    person.ok::<b::ReadTeam>(&patient, &Empty {}).await
}

async fn invite(person: &mut Person, patient: PatientId, whose: &Person) -> Invitation {
    let facility = whose.me.as_ref().unwrap().actor.facility;
    let new = NewInvitation { command: command(), facility, reason: "お薬の管理のため".into() };
    person.ok::<b::InviteFacility>(&patient, &new).await
}

fn account(person: &Person) -> AccountId {
    person.me.as_ref().unwrap().actor.account
}

/// Invites the facility of a manager, who then joins.
pub async fn join(host: &mut Person, patient: PatientId, guest: &mut Person) {
    let invitation = invite(host, patient, guest).await;
    let answer = InvitationAnswer { command: command(), join: vec![account(guest)], reason: String::new() };
    guest.ok::<b::AnswerInvitation>(&(patient, invitation.id), &answer).await;
}

/// Every endpoint about notes and files, as this person meets it.
async fn knock_at_the_thread(
    person: &Person,
    patient: PatientId,
) -> Vec<(&'static str, u16, String, serde_json::Value)> {
    const CIRCLE: &[Action] = &[
        Action::EditPatient,
        Action::RecordConsent,
        Action::WithdrawConsent,
        Action::OpenConsentDocument,
        Action::ReadTeam,
        // Who opened a book is no clinical text, and after a withdrawal its team still answers for it.
        Action::ReadAccess,
        Action::InviteFacility,
        Action::CancelInvitation,
        Action::AnswerInvitation,
        Action::LeaveTeam,
        Action::RemoveFromTeam,
    ];
    let about_notes =
        |info: &&api::EndpointInfo| info.path.contains("{patient}") && !CIRCLE.contains(&info.action);
    let mut answers = Vec::new();
    for info in api::all().filter(about_notes) {
        let path = info.path.replace("{patient}", &patient.to_string()).replace("{number}", "1");
        let path = path.replace("{attachment}", &AttachmentId::from_parts(1, 1).to_string());
        let body = serde_json::json!({
            "command": command(), "kind": "report", "importance": "normal", "text": "本文", "revision": 1,
            "reason": "理由", "number": 1, "name": "a.pdf", "file_type": "application/pdf", "bytes": 3,
            "sha256": "0".repeat(64),
        });
        let body = (info.method != Method::Get).then_some(body);
        let answer = person.send(info.method.as_str(), &path, body).await;
        let mut json = answer.json();
        json["instance"] = "".into();
        answers.push((info.name, answer.status, answer.code(), json));
    }
    assert!(answers.len() >= 11, "{answers:?}");
    answers
}

async fn closed_to_members_and_unknown_to_others(member: &Person, stranger: &Person, patient: PatientId) {
    for (name, status, code, _) in knock_at_the_thread(member, patient).await {
        assert_eq!((status, code.as_str()), (409, "consent_missing"), "{name}");
    }
    let unknown = PatientId::from_parts(1, 1);
    let (here, nowhere) =
        (knock_at_the_thread(stranger, patient).await, knock_at_the_thread(stranger, unknown).await);
    for (one, other) in here.iter().zip(&nowhere) {
        assert_eq!((one.1, &one.3), (404, &other.3), "{}", one.0);
    }
}

#[tokio::test]
async fn a_page_opens_with_the_consent_and_closes_with_its_withdrawal() {
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("hinata-n01").await, bench.sign_in("sumire-p01").await);
    let stranger = bench.sign_in("kaede-n01").await;
    let patient = registered(&mut host, "しおみ はる").await;
    assert_eq!(patient.consent(), ConsentState::Missing);
    let patient = patient.id;
    closed_to_members_and_unknown_to_others(&host, &stranger, patient).await;
    let row = |list: b::Patients| list.rows.into_iter().find(|row| row.patient.id == patient);
    let waiting = row(host.ok::<b::ListPatients>(&(), &Empty {}).await).unwrap();
    assert_eq!(waiting.patient.consent(), ConsentState::Missing);

    // The document first: without one there is no consent.
    let nothing = new_consent(AttachmentId::from_parts(1, 1));
    assert_eq!(host.refused::<b::RecordConsent>(&patient, &nothing).await.code.wire(), "upload_missing");
    let given = consent(&mut host, patient).await;
    assert_eq!((given.number, given.relationship.as_str()), (1, "長女"));
    host.ok::<b::CreateNote>(&patient, &as_note(new_note("はじめまして"))).await;

    join(&mut host, patient, &mut guest).await;
    guest.ok::<b::CreateNote>(&patient, &as_note(new_note("薬を整理しました"))).await;
    let link = guest.ok::<b::OpenConsentDocument>(&(patient, given.document.id), &Empty {}).await;
    assert!(link.url.contains(&given.document.id.to_string()));

    // The guest is no key worker: cannot withdraw, invite or remove, as if it were not there.
    assert_eq!(guest.refused::<b::WithdrawConsent>(&patient, &withdrawal(1)).await.status, 404);
    assert_eq!(host.refused::<b::WithdrawConsent>(&patient, &withdrawal(2)).await.code.wire(), "stale");
    let acknowledge = api::Command { command: command() };
    guest.ok::<b::Acknowledge>(&(patient, shared::book::NoteNumber(1)), &acknowledge).await;
    let last = as_note(new_note("最後の連絡"));
    guest.ok::<b::CreateNote>(&patient, &last).await;
    host.ok::<b::WithdrawConsent>(&patient, &withdrawal(1)).await;
    closed_to_members_and_unknown_to_others(&host, &stranger, patient).await;
    closed_to_members_and_unknown_to_others(&guest, &stranger, patient).await;
    // Not even by repeating what was answered before.
    let again = guest.refused::<b::Acknowledge>(&(patient, shared::book::NoteNumber(1)), &acknowledge).await;
    assert_eq!(again.code.wire(), "consent_missing");
    assert_eq!(guest.refused::<b::CreateNote>(&patient, &last).await.code.wire(), "consent_missing");
    let closed = row(guest.ok::<b::ListPatients>(&(), &Empty {}).await).unwrap();
    assert_eq!((closed.patient.consent(), closed.unread, closed.last), (ConsentState::Withdrawn, 0, None));
    let events = bench.events().await;
    let withdrawn =
        events.iter().filter(|e| e.action == Action::WithdrawConsent && e.outcome == Outcome::Done);
    assert_eq!(withdrawn.count(), 1);
    let log = serde_json::to_string(&events).unwrap();
    assert!(
        !log.contains("しおみ") && !log.contains("汐見") && !log.contains("希望") && !log.contains("長女")
    );

    // A new consent is a new record; the first one and its withdrawal stay.
    let second = consent(&mut host, patient).await;
    assert_eq!(second.number, 2);
    let around = circle(&mut guest, patient).await;
    assert_eq!(around.consents.iter().map(|c| c.withdrawal.is_some()).collect::<Vec<_>>(), [false, true]);
    let thread = guest.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(thread.notes.len(), 3);
}

#[tokio::test]
async fn no_note_slips_through_a_withdrawal() {
    let bench = Bench::start().await;
    let mut host = bench.sign_in("hinata-n01").await;
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    let writers: Vec<_> = (0..10)
        .map(|n| {
            let mut writer = host.clone();
            tokio::spawn(async move {
                let mut sent = 0_u32;
                loop {
                    let new = as_note(new_note(&format!("{n}: {sent}")));
                    match writer.call::<b::CreateNote>(&patient, &new).await {
                        Ok(_) => sent += 1,
                        Err(problem) if problem.code.wire() == "busy" => {}
                        Err(problem) => return (sent, problem.code.wire()),
                    }
                }
            })
        })
        .collect();
    // Others write all the time: being told that it is busy, one sends the very same again.
    let request = withdrawal(1);
    while let Err(problem) = host.call::<b::WithdrawConsent>(&patient, &request).await {
        assert_eq!(problem.code.wire(), "busy");
    }
    let last = async || {
        let actor = host.me.as_ref().unwrap().actor.clone();
        bench.app.store.enter(&actor, patient, Action::ReadTeam).await.unwrap().head().last.0
    };
    let at_withdrawal = last().await;
    let mut sent = 0;
    for writer in writers {
        let (notes, code) = writer.await.unwrap();
        assert_eq!(code, "consent_missing");
        sent += notes;
    }
    assert_eq!(last().await, at_withdrawal);
    consent(&mut host, patient).await;
    let thread = host.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(thread.last.0, sent);
}

/// What a request does that was let in a moment before the page closed: its writes with the proof it still holds.
#[tokio::test]
async fn who_was_let_in_before_the_withdrawal_writes_nothing_after_it() {
    use functions::store::tx::{Conflict, Tx};
    use shared::{
        book::{Act, Entry, Note, NoteNumber},
        id::EventId,
    };
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("hinata-n01").await, bench.sign_in("sumire-p01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    join(&mut host, patient, &mut guest).await;
    let first = host.ok::<b::CreateNote>(&patient, &as_note(new_note("一件目"))).await;
    let store = &bench.app.store;
    let actor = guest.me.as_ref().unwrap().actor.clone();
    let write = store.enter(&actor, patient, Action::WriteNote).await.unwrap();
    let press = store.enter(&actor, patient, Action::Acknowledge).await.unwrap();
    let entry =
        |number, act| Entry { at: at("2026-11-20T10:00:00+09:00"), patient, number, by: actor.account, act };
    let second = Note { number: NoteNumber(2), author: (&actor).into(), ..first.clone() };
    let sent = entry(NoteNumber(2), Act::Sent { note: Box::new(second.clone()) });
    let pressed = entry(NoteNumber(1), Act::Acknowledged);
    let acknowledged = pressed.apply(Some(first.clone())).unwrap().0;
    let attempt = async |n: u128| {
        let mut send = Tx::default();
        store.send(&mut send, &write, EventId::from_parts(1, n), &sent, &second).unwrap();
        let mut amend = Tx::default();
        let by = (EventId::from_parts(2, n), &pressed);
        store.amend(&mut amend, &press, by, (&first, &acknowledged), None).unwrap();
        [send.commit(store).await, amend.commit(store).await]
    };
    host.ok::<b::WithdrawConsent>(&patient, &withdrawal(1)).await;
    for result in attempt(1).await {
        assert!(matches!(result, Err(Conflict::Condition(_))), "{result:?}");
    }
    consent(&mut host, patient).await;
    host.ok::<b::RemoveFromTeam>(&(patient, actor.account), &ending("担当の変更")).await;
    for result in attempt(2).await {
        assert!(matches!(result, Err(Conflict::Condition(_))), "{result:?}");
    }
    let thread = host.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!((thread.last.0, thread.notes[0].acknowledged.len()), (1, 0));
    // The same writes go through for somebody who is still in the team.
    join(&mut host, patient, &mut guest).await;
    for result in attempt(3).await {
        result.unwrap();
    }
}

#[tokio::test]
async fn only_the_invited_facility_sees_an_invitation_and_only_its_people_join() {
    let bench = Bench::start().await;
    let mut host = bench.sign_in("hinata-n01").await;
    let (mut invited, mut foreign) = (bench.sign_in("sumire-p01").await, bench.sign_in("kaede-m01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    let facilities = host.ok::<b::ListFacilities>(&(), &Empty {}).await.facilities;
    let (city, pharmacy) = (bench.sign_in("city-01").await, invited.me.as_ref().unwrap().actor.facility);
    assert!(facilities.iter().any(|facility| facility.id == pharmacy));
    let office = city.me.as_ref().unwrap().actor.facility;
    assert!(facilities.iter().all(|facility| facility.id != office));
    let new =
        |facility| NewInvitation { command: command(), facility, reason: "お薬の管理のため".into() };
    let early = host.refused::<b::InviteFacility>(&patient, &new(pharmacy)).await;
    assert_eq!(early.code.wire(), "consent_missing");
    consent(&mut host, patient).await;
    assert_eq!(host.refused::<b::InviteFacility>(&patient, &new(office)).await.fields[0].field, "facility");
    let invitation = host.ok::<b::InviteFacility>(&patient, &new(pharmacy)).await;
    assert_eq!(host.refused::<b::InviteFacility>(&patient, &new(pharmacy)).await.fields[0].field, "facility");

    assert_eq!(foreign.ok::<b::ListInvitations>(&(), &Empty {}).await.rows, []);
    let list = invited.ok::<b::ListInvitations>(&(), &Empty {}).await;
    assert_eq!((list.rows.len(), list.rows[0].name.as_str()), (1, "汐見 はる"));
    assert_eq!(list.rows[0].invitation.reason, "お薬の管理のため");
    assert!(list.people.iter().any(|one| one.account == account(&invited)));
    let path = (patient, invitation.id);
    let answer = |join: Vec<AccountId>, reason: &str| InvitationAnswer {
        command: command(),
        join,
        reason: reason.into(),
    };
    // Before anybody joined the facility sees nothing of the page, and another one not even the invitation.
    assert_eq!(invited.refused::<b::ReadTeam>(&patient, &Empty {}).await.status, 404);
    let nobodys = (patient, shared::id::InvitationId::from_parts(1, 1));
    let bytes = |mut problem: Problem| {
        problem.instance = String::new();
        serde_json::to_string(&problem).unwrap()
    };
    let there = foreign.refused::<b::AnswerInvitation>(&path, &answer(vec![account(&foreign)], "")).await;
    let not = foreign.refused::<b::AnswerInvitation>(&nobodys, &answer(vec![account(&foreign)], "")).await;
    assert_eq!(bytes(there), bytes(not));
    let wrong = invited.refused::<b::AnswerInvitation>(&path, &answer(vec![account(&foreign)], "")).await;
    assert_eq!(wrong.fields[0].field, "join");

    let accepted = invited.ok::<b::AnswerInvitation>(&path, &answer(vec![account(&invited)], "")).await;
    assert_eq!(accepted.state, InvitationState::Accepted);
    let late = invited.refused::<b::AnswerInvitation>(&path, &answer(vec![], "できません")).await;
    assert_eq!(late.code.wire(), "stale");
    let around = circle(&mut invited, patient).await;
    let joined =
        around.members.iter().find(|m| m.account == account(&invited)).unwrap().joined.clone().unwrap();
    assert_eq!((joined.reason.as_str(), joined.by), ("お薬の管理のため", account(&invited)));
    assert_eq!(invited.ok::<b::ListInvitations>(&(), &Empty {}).await.rows, []);

    // Declined and taken back: nobody joins, and the history says so.
    let second = invite(&mut host, patient, &foreign).await;
    let declined =
        foreign.ok::<b::AnswerInvitation>(&(patient, second.id), &answer(vec![], "空きがありません")).await;
    assert_eq!(
        (declined.state, declined.answer.as_deref()),
        (InvitationState::Declined, Some("空きがありません"))
    );
    let third = invite(&mut host, patient, &foreign).await;
    host.ok::<b::CancelInvitation>(&(patient, third.id), &ending("施設の選び間違い")).await;
    assert_eq!(foreign.ok::<b::ListInvitations>(&(), &Empty {}).await.rows, []);
    // While there is no consent an invitation waits unseen.
    let fourth = invite(&mut host, patient, &foreign).await;
    host.ok::<b::WithdrawConsent>(&patient, &withdrawal(1)).await;
    assert_eq!(foreign.ok::<b::ListInvitations>(&(), &Empty {}).await.rows, []);
    let closed = foreign
        .refused::<b::AnswerInvitation>(&(patient, fourth.id), &answer(vec![account(&foreign)], ""))
        .await;
    assert_eq!(closed.status, 404);
}

#[tokio::test]
async fn who_leaves_has_no_access_and_stays_in_the_history() {
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("tsubame-c01").await, bench.sign_in("sumire-p01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    // Somebody must remain who looks after consent and team.
    let alone = host.refused::<b::LeaveTeam>(&patient, &ending("異動")).await;
    assert_eq!(alone.fields[0].field, "reason");
    join(&mut host, patient, &mut guest).await;
    assert_eq!(host.refused::<b::LeaveTeam>(&patient, &ending("異動")).await.fields[0].field, "reason");
    host.ok::<b::CreateNote>(&patient, &as_note(new_note("一件目"))).await;
    guest.ok::<b::MarkRead>(&patient, &b::ReadTo { number: shared::book::NoteNumber(1) }).await;
    // Not a key worker: cannot take out others, but leaves.
    let other = (patient, account(&host));
    assert_eq!(guest.refused::<b::RemoveFromTeam>(&other, &ending("間違い")).await.status, 404);
    assert_eq!(guest.refused::<b::LeaveTeam>(&patient, &ending(" ")).await.fields[0].field, "reason");
    let leave = ending("担当の終了");
    guest.ok::<b::LeaveTeam>(&patient, &leave).await;
    guest.ok::<b::LeaveTeam>(&patient, &leave).await;
    for (name, status, ..) in knock_at_the_thread(&guest, patient).await {
        assert_eq!(status, 404, "{name}");
    }
    let stranger = (patient, AccountId::from_parts(1, 1));
    assert_eq!(host.refused::<b::RemoveFromTeam>(&stranger, &ending("間違い")).await.status, 404);
    let around = circle(&mut host, patient).await;
    assert_eq!((around.members.len(), around.former.len()), (1, 1));
    let left = around.former[0].left.clone().unwrap();
    assert_eq!((around.former[0].account, left.reason.as_str()), (account(&guest), "担当の終了"));

    // Back again: what was read before stays read.
    join(&mut host, patient, &mut guest).await;
    let thread = guest.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(thread.team.iter().find(|m| m.account == account(&guest)).unwrap().read_to.0, 1);
    host.ok::<b::RemoveFromTeam>(&(patient, account(&guest)), &ending("担当の変更")).await;
    let new = as_note(new_note("外された後"));
    assert_eq!(guest.refused::<b::CreateNote>(&patient, &new).await.status, 404);
    assert_eq!(circle(&mut host, patient).await.former.len(), 2);
}

#[tokio::test]
async fn who_joins_a_long_book_begins_at_its_newest_page() {
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("tsubame-c01").await, bench.sign_in("sumire-p01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    for n in 1..=60 {
        let mut new = new_note(&format!("{n}件目"));
        if n == 1 {
            new["kind"] = "urgent".into();
        }
        host.ok::<b::CreateNote>(&patient, &as_note(new)).await;
    }
    join(&mut host, patient, &mut guest).await;
    let (me, last) = (account(&guest), shared::book::NoteNumber(60));
    assert_eq!(waiting(&mut guest, patient).await, (50, false), "what is urgent in it was urgent long ago");
    let thread = guest.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let member = thread.team.iter().find(|member| member.account == me).unwrap();
    assert_eq!((member.read_to.0, member.history.0), (10, 10));
    assert_eq!(thread.notes[0].number.0, 11, "the page that opens is all that waits");
    guest.ok::<b::MarkRead>(&patient, &b::ReadTo { number: last }).await;
    assert_eq!(waiting(&mut guest, patient).await, (0, false));

    // Back again, soon and late: a receipt goes on while it reaches the newest page.
    for (missed, begins_at) in [(3, (60, 10)), (57, (70, 70))] {
        guest.ok::<b::LeaveTeam>(&patient, &ending("担当の終了")).await;
        for _ in 0..missed {
            host.ok::<b::CreateNote>(&patient, &as_note(new_note("留守の間"))).await;
        }
        join(&mut host, patient, &mut guest).await;
        let thread = guest.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
        let member = thread.team.iter().find(|member| member.account == me).unwrap();
        assert_eq!((member.read_to.0, member.history.0), begins_at);
    }
    assert_eq!(waiting(&mut guest, patient).await, (50, false));
}

/// How much waits for somebody in a book, and whether something urgent is in it.
async fn waiting(person: &mut Person, patient: PatientId) -> (u32, bool) {
    let rows = person.ok::<b::ListPatients>(&(), &Empty {}).await.rows;
    rows.iter().find(|row| row.patient.id == patient).map(|row| (row.unread, row.urgent)).unwrap()
}

#[tokio::test]
async fn a_full_team_takes_nobody() {
    use functions::store::Store;
    use shared::{
        book::{NoteNumber, TeamMember},
        people::Profession,
    };
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("hinata-n01").await, bench.sign_in("sumire-p01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    let further = (1..TEAM_MAX as u128).map(|n| TeamMember {
        account: AccountId::from_parts(1, n),
        name: "増員".into(),
        profession: Profession::HomeHelper,
        facility_name: "ゆず".into(),
        read_to: NoteNumber(0),
        read_at: None,
        history: NoteNumber(0),
    });
    let items = further.map(|member| Store::member_item(patient, &member, NoteNumber(0)).unwrap()).collect();
    bench.app.store.put_all(items).await.unwrap();
    let invitation = invite(&mut host, patient, &guest).await;
    let answer = InvitationAnswer { command: command(), join: vec![account(&guest)], reason: String::new() };
    let full = guest.refused::<b::AnswerInvitation>(&(patient, invitation.id), &answer).await;
    assert_eq!(full.fields[0].field, "join");
}

#[tokio::test]
async fn a_second_book_for_one_person_is_noticed_and_tells_nothing_else() {
    let bench = Bench::start().await;
    let (mut host, mut other) = (bench.sign_in("hinata-n01").await, bench.sign_in("kaede-n01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    let twice = other.refused::<b::RegisterPatient>(&(), &new_patient("シオミ　ハル")).await;
    assert_eq!((twice.status, twice.code.wire()), (409, "duplicate_patient"));
    let said = serde_json::to_string(&twice).unwrap();
    assert!(!said.contains(&patient.to_string()) && !said.contains("汐見") && !said.contains("ひなた"));
    let events = bench.events().await;
    let told = events.iter().rfind(|e| e.action == Action::RegisterPatient).unwrap();
    assert_eq!(told.thing, [patient.to_string()]);
    // Who has made sure that it is another person registers.
    let namesake = NewPatient { another_person: true, ..new_patient("しおみ はる") };
    let second = other.ok::<b::RegisterPatient>(&(), &namesake).await;
    assert_ne!(second.id, patient);
    assert_eq!(other.ok::<b::RegisterPatient>(&(), &namesake).await, second);

    // Nobody tries out whom the city knows: so many answers a day.
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(other.refused::<b::RegisterPatient>(&(), &new_patient("しおみ はる")).await.code.wire());
    }
    assert_eq!(codes.iter().filter(|code| **code == "duplicate_patient").count(), 9);
    assert_eq!(codes.last(), Some(&"too_many_attempts"));
    bench.clock.set(at("2026-11-21T08:00:00+09:00"));
    let mut other = bench.sign_in("kaede-n01").await;
    let next_day = other.refused::<b::RegisterPatient>(&(), &new_patient("しおみ はる")).await;
    assert_eq!(next_day.code.wire(), "duplicate_patient");
}

#[tokio::test]
async fn registered_at_the_same_moment_it_is_one_book() {
    let bench = Bench::start().await;
    let mut registrations = Vec::new();
    for user in ["hinata-n01", "kaede-n01", "tsubame-c01", "aoba-d01"] {
        let mut person = bench.sign_in(user).await;
        registrations.push(tokio::spawn(async move {
            let new = new_patient("しおみ はる");
            loop {
                match person.call::<b::RegisterPatient>(&(), &new).await {
                    Err(problem) if problem.code.wire() == "busy" => {}
                    answer => return answer.map_err(|problem| problem.code.wire()),
                }
            }
        }));
    }
    let mut made = 0;
    for registration in registrations {
        match registration.await.unwrap() {
            Ok(_) => made += 1,
            Err(code) => assert_eq!(code, "duplicate_patient"),
        }
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn what_was_registered_can_be_corrected_by_who_saw_it() {
    let bench = Bench::start().await;
    let mut host = bench.sign_in("hinata-n01").await;
    let patient = registered(&mut host, "しおみ はる").await.id;
    let edit = |version, details| PatientEdit { command: command(), version, details, another_person: false };
    let wrong = host.refused::<b::EditPatient>(&patient, &edit(0, details("haru"))).await;
    assert_eq!(wrong.fields[0].field, "kana");
    let corrected = host.ok::<b::EditPatient>(&patient, &edit(0, details("しおみ はるこ"))).await;
    assert_eq!((corrected.kana.as_str(), corrected.consent()), ("しおみ はるこ", ConsentState::Missing));
    assert_eq!(
        host.refused::<b::EditPatient>(&patient, &edit(0, details("ほか"))).await.code.wire(),
        "stale"
    );
    // The old reading is free again, the new one is taken.
    let again = host.refused::<b::RegisterPatient>(&(), &new_patient("しおみ はるこ")).await;
    assert_eq!(again.code.wire(), "duplicate_patient");
    host.ok::<b::RegisterPatient>(&(), &new_patient("しおみ はる")).await;
}

#[tokio::test]
async fn a_document_is_one_consents_of_one_patient_by_who_brought_it() {
    let bench = Bench::start().await;
    let (mut host, mut colleague) = (bench.sign_in("hinata-n01").await, bench.sign_in("hinata-m01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    let paper = document(&mut host, patient).await;
    let elsewhere = registered(&mut host, "しおみ なつ").await.id;
    assert_eq!(
        host.refused::<b::RecordConsent>(&elsewhere, &new_consent(paper)).await.code.wire(),
        "upload_missing"
    );
    // Before it is on record nobody opens it.
    assert_eq!(host.refused::<b::OpenConsentDocument>(&(patient, paper), &Empty {}).await.status, 404);
    let first = new_consent(paper);
    let recorded = host.ok::<b::RecordConsent>(&patient, &first).await;
    assert_eq!(host.ok::<b::RecordConsent>(&patient, &first).await, recorded);
    assert_eq!(
        host.refused::<b::RecordConsent>(&patient, &new_consent(paper)).await.code.wire(),
        "upload_missing"
    );
    let mut note = new_note("同意書を添付");
    note["attachments"] = serde_json::json!([paper]);
    assert_eq!(host.refused::<b::CreateNote>(&patient, &as_note(note)).await.code.wire(), "upload_missing");
    join(&mut host, patient, &mut colleague).await;
    colleague.ok::<b::OpenConsentDocument>(&(patient, paper), &Empty {}).await;
    let foreign = (elsewhere, paper);
    assert_eq!(host.refused::<b::OpenConsentDocument>(&foreign, &Empty {}).await.status, 404);
    // A file of a note is no document of a consent.
    let tomorrow = NewConsent { given_on: "2026-11-21".parse().unwrap(), ..new_consent(paper) };
    assert_eq!(host.refused::<b::RecordConsent>(&patient, &tomorrow).await.fields[0].field, "given_on");
}

#[tokio::test]
async fn a_restore_brings_consents_teams_and_invitations_back() {
    let bench = Bench::start().await;
    let (mut host, mut guest) = (bench.sign_in("hinata-n01").await, bench.sign_in("sumire-p01").await);
    let patient = registered(&mut host, "しおみ はる").await.id;
    consent(&mut host, patient).await;
    join(&mut host, patient, &mut guest).await;
    host.ok::<b::CreateNote>(&patient, &as_note(new_note("一件目"))).await;
    let with_paper = Withdraw { document: Some(document(&mut host, patient).await), ..withdrawal(1) };
    host.ok::<b::WithdrawConsent>(&patient, &with_paper).await;
    let second = consent(&mut host, patient).await;
    guest.ok::<b::LeaveTeam>(&patient, &ending("担当の終了")).await;
    let waiting = bench.sign_in("kaede-m01").await;
    invite(&mut host, patient, &waiting).await;
    let closed = registered(&mut host, "しおみ なつ").await.id;
    let before = circle(&mut host, patient).await;
    assert_eq!((before.consents.len(), before.former.len(), before.invitations.len()), (2, 1, 2));

    bench.clock.set(at("2026-11-21T02:00:00+09:00"));
    backup::run_due(&bench.app).await.unwrap();
    let other = Bench::empty().await;
    restore::run(&bench.app, &other.app).await.unwrap();
    other.clock.set(at("2026-11-21T03:00:00+09:00"));
    let (mut host, mut waiting) = (other.sign_in("hinata-n01").await, other.sign_in("kaede-m01").await);
    assert_eq!(circle(&mut host, patient).await, before);
    for id in
        [second.document.id, before.consents[1].withdrawal.as_ref().unwrap().document.as_ref().unwrap().id]
    {
        let link = host.ok::<b::OpenConsentDocument>(&(patient, id), &Empty {}).await;
        let url: http::Uri = link.url.parse().unwrap();
        let target = url.path_and_query().unwrap().as_str();
        let file = request(url.authority().unwrap().as_str(), "GET", target, &[], "").await;
        assert_eq!(
            (file.status, hex::encode(Sha256::digest(&file.body))),
            (200, second.document.sha256.clone())
        );
    }
    assert_eq!(waiting.ok::<b::ListInvitations>(&(), &Empty {}).await.rows.len(), 1);
    let still = host.refused::<b::ReadThread>(&closed, &b::ThreadPage::default()).await;
    assert_eq!(still.code.wire(), "consent_missing");
    let twice = host.refused::<b::RegisterPatient>(&(), &new_patient("しおみ はる")).await;
    assert_eq!(twice.code.wire(), "duplicate_patient");
    host.ok::<b::CreateNote>(&patient, &as_note(new_note("復元の後"))).await;
}

#[tokio::test]
async fn the_demo_city_has_a_patient_who_waits_and_one_who_withdrew() {
    let bench = Bench::start().await;
    let mut manager = bench.sign_in("tsubame-c01").await;
    let rows = manager.ok::<b::ListPatients>(&(), &Empty {}).await.rows;
    for state in [ConsentState::Missing, ConsentState::Withdrawn] {
        let of_state: Vec<_> = rows.iter().filter(|row| row.patient.consent() == state).collect();
        assert_eq!(of_state.len(), 1, "{state}");
        let around = circle(&mut manager, of_state[0].patient.id).await;
        assert_eq!(around.consents.len(), usize::from(state == ConsentState::Withdrawn));
    }
    let open = rows.iter().find(|row| row.patient.consent() == ConsentState::Given).unwrap().patient.id;
    let around = circle(&mut manager, open).await;
    assert_eq!(around.consents.len(), 1);
    assert!(around.members.iter().all(|member| member.joined.is_some()));
    manager.ok::<b::OpenConsentDocument>(&(open, around.consents[0].document.id), &Empty {}).await;
}
