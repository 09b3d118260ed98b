//! Facilities over HTTP: one moves, one leaves with its people; who decides, what stands in the way, what is left.

use crate::{
    consent,
    support::{
        Answer, Bench, Person, at,
        cases::{asking, stepped, take},
        command, credentials, request,
    },
};
use functions::{
    procedure::outbox,
    store::tx::{Conflict, Tx},
};
use shared::{
    api::{Empty, book as b, error::Code, people as p, procedure as k},
    authority::Action,
    book::NewInvitation,
    id::FacilityId,
    people::{AccountState, Facility},
    procedure::{Act, Asked, Case, Channel, ErrandKind, Procedure, State},
};

const CHECKED: [(&str, &str); 2] = [("checked_how", "call_back"), ("checked_on", "2026-11-20")];
const NEW_NAME: &str = "浜町しおじ訪問看護";
const NEW_POSTAL: &str = "〒485-0088 みなと野市浜町8丁目8番地";

fn home(person: &Person) -> FacilityId {
    person.me.as_ref().unwrap().actor.facility
}

fn moving(name: &str, phone: &str) -> Asked {
    asking(
        Procedure::FacilityChange,
        &[
            ("name", name),
            ("postal", NEW_POSTAL),
            ("phone", phone),
            ("fax", "0568-00-8888"),
            ("reason", "移転のため"),
        ],
    )
}

fn leaving(day: &str) -> Asked {
    let fields = [("leaves_on", day), ("handed_over", "done"), ("reason", "閉鎖のため")];
    asking(Procedure::FacilityLeave, &fields)
}

fn joining() -> Asked {
    asking(
        Procedure::AccountAdd,
        &[
            ("name", "新田 葵"),
            ("kana", "にった あおい"),
            ("profession", "pharmacist"),
            ("role", "member"),
            ("contact", "0568-00-1234"),
            ("reason", "採用"),
        ],
    )
}

fn on_paper(bench: &Bench, asked: Asked, from: FacilityId) -> Asked {
    Asked { facility: Some(from), channel: Channel::Paper, received_on: Some(bench.clock_day()), ..asked }
}

async fn portal(bench: &Bench) -> String {
    let answer: Answer = request(&bench.address, "GET", "/portal/facilities.html", &[], "").await;
    String::from_utf8(answer.body.to_vec()).unwrap()
}

async fn registered(person: &mut Person, of: FacilityId) -> Facility {
    person.ok::<k::ReadFacility>(&(), &k::FacilityQuery { facility: Some(of) }).await
}

#[tokio::test]
async fn a_station_that_moves_is_reached_at_its_new_place_at_once() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut nurse = bench.sign_in("hinata-n01").await;
    let own = home(&manager);
    let was = manager.ok::<k::ReadFacility>(&(), &k::FacilityQuery::default()).await;
    assert_eq!((was.id, was.mail.is_empty()), (own, false));
    let letter_case = manager.ok::<k::OpenCase>(&(), &joining()).await;

    let taken = manager.refused::<k::OpenCase>(&(), &moving("あおば内科クリニック", "0")).await;
    assert_eq!(taken.fields[0].field, "name");
    let case = manager.ok::<k::OpenCase>(&(), &moving(NEW_NAME, &was.phone)).await;
    assert_eq!((case.number.as_str(), case.about.as_str()), ("FH-2026-0001", NEW_NAME));
    // Whoever decides sees what is registered beside what is asked.
    assert_eq!((&case.form["before_postal"], case.form.get("before_phone")), (&was.postal, None));
    let unchecked = city.refused::<k::StepCase>(&case.id, &take(&case, Act::ChangeFacility, &[])).await;
    assert_eq!(unchecked.fields[0].field, "checked_how");
    assert_eq!(registered(&mut city, own).await, was);
    let case = stepped(&mut city, &case, Act::ChangeFacility, &CHECKED).await;
    assert_eq!(case.state, State::Done);

    // What is registered, and what was before: what did not change has none.
    let is = registered(&mut city, own).await;
    let new = Facility {
        name: NEW_NAME.into(),
        postal: NEW_POSTAL.into(),
        fax: "0568-00-8888".into(),
        mail: String::new(),
        ..was.clone()
    };
    assert_eq!(is, new);
    let kept = &case.taken.last().unwrap().form;
    let before = [("before_name", &was.name), ("before_postal", &was.postal), ("before_fax", &was.fax)];
    for (name, value) in before {
        assert_eq!(&kept[name], value);
    }
    assert_eq!((kept.get("before_mail"), kept.get("before_phone")), (Some(&was.mail), None));

    // 連絡先, portal, the person's own screen, the care team; what was written keeps the name of its day.
    let contacts = city.ok::<k::ReadContacts>(&(), &Empty {}).await.facilities;
    let reached = contacts.iter().find(|contact| contact.name == NEW_NAME).unwrap();
    assert_eq!((reached.fax.as_str(), reached.mail.as_str()), ("0568-00-8888", ""));
    let page = portal(&bench).await;
    assert!(page.contains(NEW_NAME) && !page.contains(&was.name));
    let me = nurse.ok::<p::ReadSelf>(&(), &Empty {}).await.actor;
    assert_eq!(me.facility_name, NEW_NAME);
    let patient = nurse.first_patient().await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &Default::default()).await;
    assert_eq!(
        thread.team.iter().find(|member| member.account == me.account).unwrap().facility_name,
        NEW_NAME
    );
    let mine: Vec<_> = thread.notes.iter().filter(|note| note.author.facility == own).collect();
    assert!(!mine.is_empty() && mine.iter().all(|note| note.author.facility_name == was.name));

    // Somebody who was asked for before: registered under the name of today, with a letter to the address of today.
    let letter_case = stepped(&mut city, &letter_case, Act::Register, &[("user_id", "hinata-n77")]).await;
    let print = take(&letter_case, Act::Print, &[]);
    let letter = city.ok::<k::PrintLetter>(&letter_case.id, &print).await;
    assert_eq!((letter.facility.as_str(), letter.postal.as_str()), (NEW_NAME, NEW_POSTAL));
    let account = bench.app.store.login("hinata-n77").await.unwrap().unwrap().account;
    let account = bench.app.store.account(account).await.unwrap().unwrap().account;
    assert_eq!(account.facility_name, NEW_NAME);

    // The copies are an errand, too, for the case that the program stopped in between; the log names the facility.
    outbox::run_due(&bench.app).await.unwrap();
    let mut operator = bench.sign_in("op-01").await;
    let record = operator.ok::<k::ReadOutbox>(&(), &Empty {}).await;
    assert!(record.done.iter().any(|errand| errand.task.kind() == ErrandKind::FacilityCopies));
    let events = bench.events().await;
    let about = |thing: &Vec<String>| thing.contains(&own.to_string());
    assert!(events.iter().any(|event| event.action == Action::TakeStep && about(&event.thing)));
}

#[tokio::test]
async fn copies_of_a_name_that_were_left_are_written_by_the_errand() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let store = &bench.app.store;
    let row = store.facility_row(home(&nurse)).await.unwrap().unwrap();
    let renamed = Facility { name: NEW_NAME.into(), ..row.facility.clone() };
    let mut tx = Tx::default();
    store.change_facility(&mut tx, &row, &renamed).unwrap();
    tx.commit(store).await.unwrap();
    for _ in 0..2 {
        store.refresh_people_of(&renamed).await.unwrap();
        let people = store.accounts(Some(renamed.id)).await.unwrap();
        assert!(people.iter().all(|row| row.account.facility_name == NEW_NAME));
    }
    // Nobody was signed out by it.
    assert_eq!(nurse.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.facility_name, NEW_NAME);
}

#[tokio::test]
async fn two_officials_move_a_facility_by_paper_and_offices_move_too() {
    let bench = Bench::start().await;
    let (mut one, mut two) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
    let station = home(&bench.sign_in("hinata-m01").await);
    let paper = on_paper(&bench, moving(NEW_NAME, "0568-00-7777"), station);
    let case = one.ok::<k::OpenCase>(&(), &paper).await;
    let step = take(&case, Act::ChangeFacility, &CHECKED);
    assert_eq!(one.refused::<k::StepCase>(&case.id, &step).await.code, Code::OwnRequest);
    stepped(&mut two, &case, Act::ChangeFacility, &CHECKED).await;
    assert_eq!(registered(&mut one, station).await.phone, "0568-00-7777");

    // The contractor asks online, the city's own office by paper.
    let mut head = bench.sign_in("om-01").await;
    let case = head.ok::<k::OpenCase>(&(), &moving("契約事業者 新事務所", "0568-00-6666")).await;
    stepped(&mut one, &case, Act::ChangeFacility, &CHECKED).await;
    assert_eq!(registered(&mut one, home(&head)).await.phone, "0568-00-6666");
    let office = on_paper(&bench, moving("市役所 新庁舎", "0568-00-5555"), home(&two));
    let case = two.ok::<k::OpenCase>(&(), &office).await;
    stepped(&mut one, &case, Act::ChangeFacility, &CHECKED).await;
    assert_eq!(registered(&mut two, home(&one)).await.name, "市役所 新庁舎");

    // A stranger asks for nobody else.
    let mut stranger = bench.sign_in("sumire-p01").await;
    let foreign = Asked { facility: Some(station), ..moving("別の名称", "0") };
    assert_eq!(stranger.refused::<k::OpenCase>(&(), &foreign).await.code, Code::NotFound);
}

#[tokio::test]
async fn a_facility_leaves_when_its_patients_and_cases_are_handed_over() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("sumire-p01").await, bench.sign_in("city-01").await);
    let own = home(&manager);
    let name = registered(&mut city, own).await.name;
    // A patient whom nobody else looks after, and a request that waits for the city.
    let patient = consent::registered(&mut manager, "しおみ はる").await.id;
    consent::consent(&mut manager, patient).await;
    let waits = manager.ok::<k::OpenCase>(&(), &joining()).await;

    let case = manager.ok::<k::OpenCase>(&(), &leaving("2026-11-21")).await;
    assert_eq!(
        (case.number.as_str(), case.about.as_str(), case.due_at),
        ("FL-2026-0001", name.as_str(), at("2026-11-22T00:00:00+09:00"))
    );
    let leave = |case: &Case| take(case, Act::LeaveFacility, &CHECKED);
    let early = city.refused::<k::StepCase>(&case.id, &leave(&case)).await;
    assert_eq!(early.fields[0].field, "leaves_on");

    bench.later(24 * 3600);
    let (mut manager, mut city) = (bench.sign_in("sumire-p01").await, bench.sign_in("city-01").await);
    let refused = city.refused::<k::StepCase>(&case.id, &leave(&case)).await;
    let fields: Vec<_> = refused.fields.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["team", "cases"]);
    let me = manager.me.clone().unwrap().actor;
    assert!(refused.fields[0].message.contains(&format!("{}さん（患者1人）", me.name)), "{refused:?}");
    assert!(refused.fields[1].message.contains(&waits.number), "{refused:?}");
    // The city learns who, and not which patient.
    assert!(!refused.fields[0].message.contains("汐見"));
    manager.ok::<p::ReadSelf>(&(), &Empty {}).await;

    let mut host = bench.sign_in("hinata-m01").await;
    consent::join(&mut manager, patient, &mut host).await;
    stepped(&mut city, &waits, Act::Refuse, &[("reason", "脱退のため")]).await;
    let case = stepped(&mut city, &case, Act::LeaveFacility, &CHECKED).await;
    assert_eq!(case.state, State::Done);
    assert!(case.taken.last().unwrap().form["kept_removed"].contains("sumire-p01"));

    // Its people are out at once, and their ids are not free.
    assert_eq!(manager.refused::<p::ReadSelf>(&(), &Empty {}).await.code, Code::SessionEnded);
    let again = credentials("sumire-p01", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &again).await.code, Code::WrongCredentials);
    let people = bench.app.store.accounts(Some(own)).await.unwrap();
    assert!(people.iter().all(|row| row.account.state == AccountState::Removed));

    // It is listed nowhere, nobody invites it, nothing is asked for it; what was recorded still names it.
    let listed = city.ok::<b::ListFacilities>(&(), &Empty {}).await.facilities;
    assert!(listed.iter().all(|facility| facility.id != own));
    let contacts = city.ok::<k::ReadContacts>(&(), &Empty {}).await.facilities;
    assert!(contacts.iter().all(|contact| contact.name != name));
    assert!(!portal(&bench).await.contains(&name));
    let invitation =
        NewInvitation { command: command(), facility: own, reason: "お薬の管理のため".into() };
    assert_eq!(host.refused::<b::InviteFacility>(&patient, &invitation).await.fields[0].field, "facility");
    let asked = on_paper(&bench, joining(), own);
    assert_eq!(city.refused::<k::OpenCase>(&(), &asked).await.fields[0].field, "facility");
    let ever = bench.app.store.facilities_ever().await.unwrap();
    let left = ever.iter().find(|facility| facility.id == own).unwrap();
    assert_eq!((left.name.as_str(), left.left_on), (name.as_str(), Some(bench.clock_day())));
}

#[tokio::test]
async fn offices_do_not_leave_and_one_official_alone_lets_nobody_leave() {
    let bench = Bench::start().await;
    let (mut one, mut two) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
    let mut head = bench.sign_in("om-01").await;
    let today = bench.clock_day().to_string();
    assert_eq!(head.refused::<k::OpenCase>(&(), &leaving(&today)).await.fields[0].field, "facility");
    for office in [home(&head), home(&one)] {
        let paper = on_paper(&bench, leaving(&today), office);
        assert_eq!(one.refused::<k::OpenCase>(&(), &paper).await.fields[0].field, "facility");
    }
    let station = home(&bench.sign_in("sumire-p01").await);
    let case = one.ok::<k::OpenCase>(&(), &on_paper(&bench, leaving(&today), station)).await;
    let leave = take(&case, Act::LeaveFacility, &CHECKED);
    assert_eq!(one.refused::<k::StepCase>(&case.id, &leave).await.code, Code::OwnRequest);
    assert_eq!(stepped(&mut two, &case, Act::LeaveFacility, &CHECKED).await.state, State::Done);
}

#[tokio::test]
async fn nobody_joins_a_facility_that_leaves_at_the_same_moment() {
    let bench = Bench::start().await;
    let store = &bench.app.store;
    let station = home(&bench.sign_in("sumire-p01").await);
    let row = store.facility_row(station).await.unwrap().unwrap();
    let gone = Facility { left_on: Some(bench.clock_day()), ..row.facility.clone() };
    let attempt = |facility: &Facility| {
        let mut tx = Tx::<Code>::default();
        store.turn_facility(&mut tx, &row, facility).unwrap();
        tx
    };
    let (joins, leaves) = (attempt(&row.facility), attempt(&gone));
    leaves.commit(store).await.unwrap();
    let refused = |result| assert!(matches!(result, Err(Conflict::Condition(Code::Busy))), "{result:?}");
    refused(joins.commit(store).await);
    let mut asks = Tx::default();
    store.require_taking_part(&mut asks, station).unwrap();
    refused(asks.commit(store).await);
}
