//! Papers of the offices themselves: the city's people and the contractor's come, change and leave as everybody does, by a
//! request that is entered for their office, and no official decides on what they asked for their own (Arts. 3, 13).

use crate::support::{
    Bench, Person,
    cases::{asking, form, stepped, take},
};
use shared::{
    api::{Empty, book as b, error::Code, people as p, procedure as k},
    id::{AccountId, FacilityId},
    people::{AccountState, FacilityKind, Role},
    procedure::{Act, Asked, Case, Channel, Procedure, State},
};

const SEEN: &[(&str, &str)] = &[("checked_how", "face"), ("checked_on", "2026-11-20")];
const COMES: &[(&str, &str)] =
    &[("kana", "みなと はじめ"), ("profession", "official"), ("contact", "内線 1234"), ("reason", "異動")];

/// What came on paper from an office or a facility, as somebody types it in.
fn paper(bench: &Bench, procedure: Procedure, from: FacilityId, fields: &[(&str, &str)]) -> Asked {
    let (channel, received_on) = (Channel::Paper, Some(bench.clock_day()));
    Asked { channel, received_on, facility: Some(from), ..asking(procedure, fields) }
}

fn facility_of(person: &Person) -> FacilityId {
    person.me.as_ref().unwrap().actor.facility
}

async fn account_of(bench: &Bench, user_id: &str) -> AccountId {
    bench.app.store.login(user_id).await.unwrap().unwrap().account
}

async fn state_of(bench: &Bench, account: AccountId) -> AccountState {
    bench.app.store.account(account).await.unwrap().unwrap().account.state
}

/// Two officials of the demo: one enters papers, the other decides.
struct City {
    bench: Bench,
    one: Person,
    two: Person,
    office: FacilityId,
}

impl City {
    async fn start() -> Self {
        let bench = Bench::start().await;
        let (one, two) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
        let office = facility_of(&one);
        Self { bench, one, two, office }
    }

    /// The own office's paper about somebody, as the first official enters it.
    async fn entered(&mut self, procedure: Procedure, about: AccountId, fields: &[(&str, &str)]) -> Case {
        let mut asked = paper(&self.bench, procedure, self.office, fields);
        asked.form.insert("account".into(), about.to_string());
        self.one.ok::<k::OpenCase>(&(), &asked).await
    }

    /// Whoever asked for the own office does not decide; the colleague does.
    async fn decided(&mut self, case: &Case, act: Act, fields: &[(&str, &str)]) -> Case {
        let own = self.one.refused::<k::StepCase>(&case.id, &take(case, act, fields)).await;
        assert_eq!(own.code, Code::OwnRequest, "{act}");
        stepped(&mut self.two, case, act, fields).await
    }
}

#[tokio::test]
async fn papers_come_from_facilities_and_from_both_offices() {
    let bench = Bench::start().await;
    let offices = [FacilityKind::CityOffice, FacilityKind::Contractor];
    for user_id in ["city-01", "op-01"] {
        let mut person = bench.sign_in(user_id).await;
        let senders = person.ok::<k::ListSenders>(&(), &Empty {}).await.facilities;
        let invited = person.ok::<b::ListFacilities>(&(), &Empty {}).await.facilities;
        assert_eq!(senders.len(), invited.len() + 2, "{user_id}");
        for kind in offices {
            assert!(senders.iter().any(|row| row.kind == kind), "{user_id} {kind}");
        }
        // Nobody invites an office to a patient.
        assert!(!invited.iter().any(|row| offices.contains(&row.kind)), "{user_id}");
    }
    // Nobody but the contractor files who is appointed there.
    let mut city = bench.sign_in("city-01").await;
    let nurse = bench.sign_in("hinata-n01").await;
    let about = nurse.me.as_ref().unwrap().actor.account.to_string();
    let filing = [("what", "appoint"), ("account", &about), ("role", "operator"), ("from_on", "2026-11-20")];
    let wrong = paper(&bench, Procedure::Appointment, facility_of(&nurse), &filing);
    assert_eq!(city.refused::<k::OpenCase>(&(), &wrong).await.fields[0].field, "facility");
}

#[tokio::test]
async fn an_official_an_auditor_and_a_member_of_the_council_are_let_in_by_two_officials() {
    let mut city = City::start().await;
    for (role, user_id, holds) in [
        ("city", "city-03", Role::City),
        ("auditor", "audit-02", Role::Auditor),
        ("council", "council-01", Role::Council),
    ] {
        let mut asked = paper(&city.bench, Procedure::AccountAdd, city.office, COMES);
        asked.form.extend(form(&[("name", "港 一"), ("role", role)]));
        let case = city.one.ok::<k::OpenCase>(&(), &asked).await;
        let case = city.decided(&case, Act::Register, &[("user_id", user_id)]).await;
        let letter = city.one.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
        // An office has no manager: whoever entered the paper hands the letter over.
        assert_eq!(letter.to_whom(), "松本 誠 様");
        let case = stepped(&mut city.one, &letter.case, Act::Post, &[("posted_on", "2026-11-20")]).await;
        assert_eq!(stepped(&mut city.one, &case, Act::Receive, &[]).await.state, State::Done);
        city.bench.later(1);
        let new = city.bench.first_sign_in(user_id, &letter.password).await;
        assert_eq!(new.me.unwrap().actor.roles, [holds]);
    }
    let mut member = paper(&city.bench, Procedure::AccountAdd, city.office, COMES);
    member.form.extend(form(&[("name", "港 一"), ("role", "member")]));
    assert_eq!(city.one.refused::<k::OpenCase>(&(), &member).await.fields[0].field, "role");
}

#[tokio::test]
async fn a_colleague_changes_is_held_comes_back_is_replaced_and_leaves() {
    let mut city = City::start().await;
    let auditor = account_of(&city.bench, "audit-01").await;
    let details = [("name", "山崎 良枝"), ("kana", "やまざき よしえ"), ("profession", "official")];
    let mut asked = details.to_vec();
    asked.extend([("contact", "内線 1234"), ("reason", "改姓")]);
    let case = city.entered(Procedure::AccountDetail, auditor, &asked).await;
    assert_eq!(city.decided(&case, Act::ChangeDetail, SEEN).await.state, State::Done);

    let case = city.entered(Procedure::AccountStop, auditor, &[("reason", "休職")]).await;
    let case = city.decided(&case, Act::Stop, &[]).await;
    assert_eq!(state_of(&city.bench, auditor).await, AccountState::Stopped);
    let case = stepped(&mut city.one, &case, Act::AskResume, &[("reason", "復職")]).await;
    city.decided(&case, Act::Resume, SEEN).await;
    assert_eq!(state_of(&city.bench, auditor).await, AccountState::Active);

    let lost = [("what", "lost"), ("checked_how", "face"), ("checked_on", "2026-11-20")];
    let case = city.entered(Procedure::AccountReset, auditor, &lost).await;
    let case = city.decided(&case, Act::AcceptReset, SEEN).await;
    city.one.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;

    let mut next = COMES.to_vec();
    next.extend([("name", "港 一"), ("role", "auditor")]);
    let case = city.entered(Procedure::AccountChange, auditor, &next).await;
    city.decided(&case, Act::Register, &[("user_id", "audit-02")]).await;
    assert_eq!(state_of(&city.bench, auditor).await, AccountState::Removed);

    let next = account_of(&city.bench, "audit-02").await;
    let case = city.entered(Procedure::AccountRemove, next, &[("reason", "異動")]).await;
    city.decided(&case, Act::Remove, &[]).await;
    assert_eq!(state_of(&city.bench, next).await, AccountState::Removed);

    // Nor does whom it is about decide: of two officials a third one is needed.
    let second = account_of(&city.bench, "city-02").await;
    let case = city.entered(Procedure::AccountRemove, second, &[("reason", "異動")]).await;
    for person in [&mut city.one, &mut city.two] {
        let refused = person.refused::<k::StepCase>(&case.id, &take(&case, Act::Remove, &[])).await;
        assert_eq!(refused.code, Code::OwnRequest);
    }
}

#[tokio::test]
async fn the_only_operations_manager_who_lost_a_device_comes_back_by_paper() {
    let bench = Bench::start().await;
    let (mut city, mut manager) = (bench.sign_in("city-01").await, bench.sign_in("om-01").await);
    let about = account_of(&bench, "om-01").await.to_string();
    let lost =
        [("account", &*about), ("what", "both"), ("checked_how", "face"), ("checked_on", "2026-11-20")];
    let asked = paper(&bench, Procedure::AccountReset, facility_of(&manager), &lost);
    let case = city.ok::<k::OpenCase>(&(), &asked).await;
    // It is another office's request: whoever typed it in may decide.
    let case = stepped(&mut city, &case, Act::AcceptReset, SEEN).await;
    bench.later(1);
    let letter = city.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    assert_eq!(letter.to_whom(), "運用管理責任者　林 文恵 様");
    bench.later(1);
    assert_eq!(manager.refused::<p::ReadSelf>(&(), &Empty {}).await.code, Code::SessionEnded);
    let back = bench.first_sign_in("om-01", &letter.password).await;
    assert_eq!(back.me.unwrap().actor.roles, [Role::OperationsManager]);
}
