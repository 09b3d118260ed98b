//! Procedures over HTTP: a person joins, is removed, changes details, loses a device; who may do what; the letter's secret.

use crate::support::{
    Bench,
    cases::{asking, form, stepped, take},
    command, credentials,
};
use aws_sdk_dynamodb::types::AttributeValue;
use shared::{
    api::{Empty, people as p, procedure as k},
    id::{AccountId, CaseId},
    people::{AccountState, SessionStage},
    procedure::{Act, Asked, Channel, Procedure, State, TakeStep},
};

fn joining(name: &str) -> Asked {
    asking(
        Procedure::AccountAdd,
        &[
            ("name", name),
            ("kana", "にった あおい"),
            ("profession", "nurse"),
            ("role", "member"),
            ("contact", "0568-00-1234"),
            ("reason", "12月1日採用"),
        ],
    )
}

fn asking_about(procedure: Procedure, account: AccountId, more: &[(&str, &str)]) -> Asked {
    let mut asked = joining("");
    asked.procedure = procedure;
    asked.form = form(more);
    asked.form.insert("account".into(), account.to_string());
    asked
}

async fn account_of(bench: &Bench, user_id: &str) -> AccountId {
    bench.app.store.login(user_id).await.unwrap().unwrap().account
}

#[tokio::test]
async fn a_person_joins_from_the_request_to_the_first_page() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let case = manager.ok::<k::OpenCase>(&(), &joining("新田 葵")).await;
    assert_eq!(
        (case.state, case.number.as_str(), case.about.as_str()),
        (State::Asked, "A-2026-0001", "新田 葵")
    );
    let waiting = city.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows;
    assert!(waiting.iter().any(|row| row.id == case.id && row.waits_for_me && !row.overdue));

    // The city sends it back, the facility mends it, the city decides with the proposed user id.
    let case = stepped(&mut city, &case, Act::Return, &[("reason", "よみを確かめてください")]).await;
    assert!(manager.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows[0].waits_for_me);
    let mut mended = joining("新田 葵衣").form;
    mended.insert("kana".into(), "ニッタ　アオイ".into());
    let again = TakeStep { command: command(), act: Act::AskAgain, version: case.version, form: mended };
    let case = manager.ok::<k::StepCase>(&case.id, &again).await;
    let opened = city.ok::<k::ReadCase>(&case.id, &Empty {}).await;
    let user_id = opened.proposed["user_id"].clone();
    assert!(user_id.starts_with("hinata-n"), "{user_id}");
    let taken = city
        .refused::<k::StepCase>(&case.id, &take(&case, Act::Register, &[("user_id", "hinata-n01")]))
        .await;
    assert_eq!(taken.code.wire(), "user_id_taken");
    let case = stepped(&mut city, &case, Act::Register, &[("user_id", &user_id)]).await;
    assert_eq!(case.state, State::Registered);
    // Registered is not yet let in: there is no password at all.
    let early = bench.nobody().refused::<p::SignIn>(&(), &credentials(&user_id, "")).await;
    assert_eq!(early.code.wire(), "wrong_credentials");

    // The letter, printed twice: the first one's password is worth nothing.
    let lost = city.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    assert_eq!((lost.to_whom().as_str(), lost.name.as_str()), ("施設管理者　伊藤 恵子 様", "新田 葵衣"));
    let same_press = city.refused::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    assert_eq!(same_press.code.wire(), "stale");
    bench.later(1);
    let letter = city.ok::<k::PrintLetter>(&case.id, &take(&lost.case, Act::Print, &[])).await;
    bench.later(1);
    let refused = bench.nobody().refused::<p::SignIn>(&(), &credentials(&user_id, &lost.password)).await;
    assert_eq!(refused.code.wire(), "wrong_credentials");
    nowhere(&bench, &[&letter.password, &lost.password]).await;

    let case = stepped(&mut city, &letter.case, Act::Post, &[("posted_on", "2026-11-20")]).await;
    let case = stepped(&mut manager, &case, Act::Receive, &[]).await;
    assert_eq!(case.state, State::Done);

    let me = bench.first_sign_in(&user_id, &letter.password).await.me.unwrap();
    assert_eq!((me.stage, me.actor.name.as_str()), (SessionStage::Complete, "新田 葵衣"));
    let rows = manager.ok::<k::ListPeople>(&(), &k::PeopleQuery::default()).await.rows;
    let row = rows.iter().find(|row| row.account.user_id == user_id).unwrap();
    assert_eq!((row.state, row.last_in.is_some()), (AccountState::Active, true));
    assert!(rows.iter().all(|row| row.account.facility == me.actor.facility));
}

/// No item of the table holds any of these texts.
async fn nowhere(bench: &Bench, secrets: &[&str]) {
    let mut start = None;
    loop {
        let page = bench
            .cloud
            .endpoints
            .clients()
            .0
            .scan()
            .table_name(local::cloud::TABLE)
            .set_exclusive_start_key(start);
        let page = page.send().await.unwrap();
        for value in page.items.unwrap_or_default().iter().flat_map(|item| item.values()) {
            if let AttributeValue::S(text) = value {
                assert!(!secrets.iter().any(|secret| text.contains(secret)));
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return;
        }
    }
}

#[tokio::test]
async fn a_removed_person_is_out_at_once_and_their_notes_stay() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut leaving = bench.sign_in("hinata-n02").await;
    let id = account_of(&bench, "hinata-n02").await;
    let asked = asking_about(Procedure::AccountRemove, id, &[("reason", "退職")]);
    let case = manager.ok::<k::OpenCase>(&(), &asked).await;
    assert_eq!(case.user_id.as_deref(), Some("hinata-n02"));
    // The same press sent again makes no second case.
    assert_eq!(manager.ok::<k::OpenCase>(&(), &asked).await.id, case.id);
    leaving.ok::<p::ReadSelf>(&(), &Empty {}).await;
    let case = stepped(&mut city, &case, Act::Remove, &[]).await;
    assert_eq!(case.state, State::Done);
    assert_eq!(leaving.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    let again = credentials("hinata-n02", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &again).await.code.wire(), "wrong_credentials");
    // The user id is never given again.
    let other = manager.ok::<k::OpenCase>(&(), &joining("別の 人")).await;
    let refused = take(&other, Act::Register, &[("user_id", "hinata-n02")]);
    assert_eq!(city.refused::<k::StepCase>(&other.id, &refused).await.code.wire(), "user_id_taken");
    let gone = manager
        .refused::<k::OpenCase>(&(), &asking_about(Procedure::AccountRemove, id, &[("reason", "再")]))
        .await;
    assert_eq!(gone.fields[0].field, "account");
}

#[tokio::test]
async fn details_change_after_a_recorded_identity_check_only() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut nurse = bench.sign_in("hinata-n01").await;
    let id = account_of(&bench, "hinata-n01").await;
    let details = [
        ("name", "鈴木 美咲"),
        ("kana", "すずき みさき"),
        ("profession", "nurse"),
        ("contact", "0568-00-9999"),
        ("reason", "婚姻による改姓"),
    ];
    let case = manager.ok::<k::OpenCase>(&(), &asking_about(Procedure::AccountDetail, id, &details)).await;
    let unchecked = city.refused::<k::StepCase>(&case.id, &take(&case, Act::ChangeDetail, &[])).await;
    let missing: Vec<_> = unchecked.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(missing, ["checked_how", "checked_on"]);
    let check = [("checked_how", "call_back"), ("checked_on", "2026-11-20")];
    let case = stepped(&mut city, &case, Act::ChangeDetail, &check).await;
    let last = case.taken.last().unwrap();
    assert_eq!(
        (last.form["before_name"].as_str(), last.form["checked_how"].as_str()),
        ("佐藤 美咲", "call_back")
    );
    assert_eq!(nurse.ok::<p::ReadSelf>(&(), &Empty {}).await.actor.name, "鈴木 美咲");
    // Threads show the new name in the team; what she wrote keeps the name it was written under.
    let patient = nurse.first_patient().await;
    let thread = nurse.ok::<shared::api::book::ReadThread>(&patient, &Default::default()).await;
    assert!(thread.team.iter().any(|member| member.name == "鈴木 美咲"));
    assert!(
        thread
            .notes
            .iter()
            .filter(|note| note.author.account == id)
            .all(|note| note.author.name == "佐藤 美咲")
    );
}

#[tokio::test]
async fn after_a_lost_device_a_new_letter_ends_the_old_factors() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let id = account_of(&bench, "hinata-n02").await;
    let lost = [("what", "lost"), ("checked_how", "known"), ("checked_on", "2026-11-20")];
    let case = manager.ok::<k::OpenCase>(&(), &asking_about(Procedure::AccountReset, id, &lost)).await;
    let check = [("checked_how", "call_back"), ("checked_on", "2026-11-20")];
    let case = stepped(&mut city, &case, Act::AcceptReset, &check).await;
    // Until the letter is printed the person works on.
    let mut nurse = bench.sign_in("hinata-n02").await;
    bench.later(1);
    let letter = city.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    bench.later(1);
    assert_eq!(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    let old = credentials("hinata-n02", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &old).await.code.wire(), "wrong_credentials");
    let me = bench.nobody().ok::<p::SignIn>(&(), &credentials("hinata-n02", &letter.password)).await;
    assert_eq!(me.stage, SessionStage::PasswordChange);
}

#[tokio::test]
async fn a_facility_sees_its_own_and_the_city_enters_paper() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut stranger = bench.sign_in("sumire-p01").await;
    let case = manager.ok::<k::OpenCase>(&(), &joining("新田 葵")).await;
    let unknown = CaseId::from_parts(1, 1);
    for id in [case.id, unknown] {
        let mut problem = stranger.refused::<k::ReadCase>(&id, &Empty {}).await;
        problem.instance.clear();
        let mut other = stranger.refused::<k::ReadCase>(&unknown, &Empty {}).await;
        other.instance.clear();
        assert_eq!((problem.code.wire(), &problem), ("not_found", &other));
        let step = take(&case, Act::Withdraw, &[]);
        assert_eq!(stranger.refused::<k::StepCase>(&id, &step).await.code.wire(), "not_found");
    }
    assert!(stranger.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows.is_empty());
    let foreign = k::PeopleQuery { facility: Some(case.facility) };
    assert_eq!(stranger.refused::<k::ListPeople>(&(), &foreign).await.code.wire(), "not_found");
    let id = account_of(&bench, "hinata-n01").await;
    let theft = asking_about(
        Procedure::AccountReset,
        id,
        &[("what", "lost"), ("checked_how", "known"), ("checked_on", "2026-11-20")],
    );
    assert_eq!(stranger.refused::<k::OpenCase>(&(), &theft).await.fields[0].field, "account");
    let mut elsewhere = joining("新田 葵");
    elsewhere.facility = Some(case.facility);
    assert_eq!(stranger.refused::<k::OpenCase>(&(), &elsewhere).await.code.wire(), "not_found");

    let mut paper = joining("紙野 文");
    paper.channel = Channel::Fax;
    let unnamed = city.refused::<k::OpenCase>(&(), &paper).await.fields;
    let unnamed: Vec<_> = unnamed.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(unnamed, ["facility", "received_on"]);
    paper.facility = Some(case.facility);
    paper.received_on = Some(bench.clock_day());
    let entered = city.ok::<k::OpenCase>(&(), &paper).await;
    assert_eq!((entered.channel, entered.number.as_str()), (Channel::Fax, "A-2026-0002"));
    let list = manager.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows;
    assert!(list.iter().any(|row| row.id == entered.id));
    // The same queue, the same steps; late ones come first.
    bench.later(25 * 3600);
    let mut city = bench.sign_in("city-01").await;
    let rows = city.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows;
    assert!(rows[0].overdue && rows[0].id == case.id, "{rows:?}");
    let entered = stepped(&mut city, &entered, Act::Refuse, &[("reason", "別の届け出と重複")]).await;
    let closed = city.ok::<k::ListCases>(&(), &k::CasesQuery { closed: true, number: None }).await.rows;
    assert_eq!(closed.iter().map(|row| row.id).collect::<Vec<_>>(), [entered.id]);
}

#[tokio::test]
async fn a_stopped_person_stays_out_until_the_city_resumes() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut nurse = bench.sign_in("hinata-n02").await;
    let id = account_of(&bench, "hinata-n02").await;
    let asked = asking_about(Procedure::AccountStop, id, &[("reason", "産前休業")]);
    let case = manager.ok::<k::OpenCase>(&(), &asked).await;
    let case = stepped(&mut city, &case, Act::Stop, &[]).await;
    assert_eq!(case.state, State::Stopped);
    assert_eq!(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    let own = credentials("hinata-n02", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &own).await.code.wire(), "wrong_credentials");
    // A stop may last: nobody is late, and it waits for nobody.
    bench.later(40 * 24 * 3600);
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let row = city.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows.remove(0);
    assert!(!row.overdue && !row.waits_for_me, "{row:?}");
    let case = stepped(&mut manager, &case, Act::AskResume, &[("reason", "復職")]).await;
    assert!(case.due_at > bench.clock_now());
    let row = city.ok::<k::ListCases>(&(), &k::CasesQuery::default()).await.rows.remove(0);
    assert!(row.waits_for_me && !row.overdue);
    let check = [("checked_how", "call_back"), ("checked_on", "2026-11-20")];
    let case = stepped(&mut city, &case, Act::Resume, &check).await;
    assert_eq!(case.state, State::Done);
    // Password and factors are those of before.
    bench.later(30);
    bench.sign_in("hinata-n02").await.ok::<p::ReadSelf>(&(), &Empty {}).await;
}

#[tokio::test]
async fn no_letter_goes_past_a_stop_or_past_somebodys_own_password() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let id = account_of(&bench, "hinata-n02").await;
    let stop = asking_about(Procedure::AccountStop, id, &[("reason", "産前休業")]);
    let stop = manager.ok::<k::OpenCase>(&(), &stop).await;
    stepped(&mut city, &stop, Act::Stop, &[]).await;
    let seen = [("checked_how", "call_back"), ("checked_on", "2026-11-20")];
    let lost = [("what", "lost"), ("checked_how", "known"), ("checked_on", "2026-11-20")];
    let lost = manager.ok::<k::OpenCase>(&(), &asking_about(Procedure::AccountReset, id, &lost)).await;
    let lost = stepped(&mut city, &lost, Act::AcceptReset, &seen).await;
    let refused = city.refused::<k::PrintLetter>(&lost.id, &take(&lost, Act::Print, &[])).await;
    assert_eq!(refused.code.wire(), "no_letter");

    let case = manager.ok::<k::OpenCase>(&(), &joining("新田 葵")).await;
    let case = stepped(&mut city, &case, Act::Register, &[("user_id", "hinata-n88")]).await;
    let letter = city.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    bench.later(1);
    let mut new = bench.first_sign_in("hinata-n88", &letter.password).await;
    // Nobody confirmed that the letter came: printing it again would take the account from whoever uses it.
    let again = city.refused::<k::PrintLetter>(&case.id, &take(&letter.case, Act::Print, &[])).await;
    assert_eq!(again.code.wire(), "no_letter");
    new.ok::<p::ReadSelf>(&(), &Empty {}).await;
}

#[tokio::test]
async fn whoever_takes_over_comes_as_the_other_leaves() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let mut leaving = bench.sign_in("hinata-n02").await;
    let id = account_of(&bench, "hinata-n02").await;
    let mut asked = asking_about(Procedure::AccountChange, id, &[]);
    asked.form.extend(joining("後任 花子").form);
    let case = manager.ok::<k::OpenCase>(&(), &asked).await;
    assert_eq!((case.about.as_str(), case.user_id.as_deref()), ("後任 花子", None));
    assert!(case.account_words.as_deref().is_some_and(|words| words.contains("hinata-n02")));
    // A taken user id refuses both: nobody is removed for somebody who did not come.
    let taken = take(&case, Act::Register, &[("user_id", "hinata-n01")]);
    assert_eq!(city.refused::<k::StepCase>(&case.id, &taken).await.code.wire(), "user_id_taken");
    leaving.ok::<p::ReadSelf>(&(), &Empty {}).await;
    let case = stepped(&mut city, &case, Act::Register, &[("user_id", "hinata-n88")]).await;
    assert_eq!(leaving.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    let letter = city.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
    assert_eq!((letter.name.as_str(), letter.user_id.as_str()), ("後任 花子", "hinata-n88"));
}

#[tokio::test]
async fn a_number_said_on_the_phone_finds_the_case() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let case = manager.ok::<k::OpenCase>(&(), &joining("新田 葵")).await;
    let asked = |number: &str| k::CasesQuery { closed: false, number: Some(number.into()) };
    assert_eq!(city.ok::<k::ListCases>(&(), &asked("A-2026-0001")).await.rows[0].id, case.id);
    assert!(city.ok::<k::ListCases>(&(), &asked("A-2026-0002")).await.rows.is_empty());
    let mut stranger = bench.sign_in("sumire-p01").await;
    assert!(stranger.ok::<k::ListCases>(&(), &asked("A-2026-0001")).await.rows.is_empty());
    // A remark is part of the record, and changes nothing that is decided.
    let remark = [("comment", "電話で確認しました")];
    let noted = stepped(&mut city, &case, Act::Comment, &remark).await;
    assert_eq!((noted.state, noted.taken.len()), (State::Asked, 2));
    let not_mine = take(&noted, Act::Comment, &remark);
    assert_eq!(stranger.refused::<k::StepCase>(&case.id, &not_mine).await.code.wire(), "not_found");
}

#[tokio::test]
async fn a_facility_joins_by_two_officials_and_its_first_manager_by_paper() {
    let bench = Bench::start().await;
    let (mut one, mut two) = (bench.sign_in("city-01").await, bench.sign_in("city-02").await);
    let form = [
        ("name", "はなみずき訪問看護"),
        ("kind", "visiting_nurse_station"),
        ("postal", "〒485-0099 みなと野市浜町9丁目9番地"),
        ("phone", "0568-00-9999"),
        ("manager", "花水 希"),
    ];
    let asked = Asked {
        command: command(),
        procedure: Procedure::FacilityAdd,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form: form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    for other in ["hinata-m01", "op-01", "om-01"] {
        let mut other = bench.sign_in(other).await;
        let wanted = Asked { command: command(), ..asked.clone() };
        assert_eq!(other.refused::<k::OpenCase>(&(), &wanted).await.code.wire(), "not_found");
    }
    let office = Asked {
        command: command(),
        form: asked.form.clone().into_iter().chain([("kind".to_owned(), "contractor".to_owned())]).collect(),
        ..asked.clone()
    };
    assert_eq!(one.refused::<k::OpenCase>(&(), &office).await.fields[0].field, "kind");
    let case = one.ok::<k::OpenCase>(&(), &asked).await;
    let own = one.refused::<k::StepCase>(&case.id, &take(&case, Act::RegisterFacility, &[])).await;
    assert_eq!(own.code.wire(), "own_request");
    stepped(&mut two, &case, Act::RegisterFacility, &[]).await;
    let facilities = two.ok::<shared::api::book::ListFacilities>(&(), &Empty {}).await.facilities;
    let joined = facilities.iter().find(|row| row.name == "はなみずき訪問看護").unwrap();
    // The same name twice is a mistake, and named.
    let again = one.ok::<k::OpenCase>(&(), &Asked { command: command(), ..asked.clone() }).await;
    let twice = two.refused::<k::StepCase>(&again.id, &take(&again, Act::RegisterFacility, &[])).await;
    assert_eq!(twice.fields[0].field, "name");
    // Its first people: the city enters the paper, decides, and the letter goes to the facility's address; to its manager by
    // name once there is one, also by the manager's own letter.
    for (name, role, user_id, to_whom) in [
        ("種 まく", "member", "hanamizuki-n01", "施設管理者 様"),
        ("花水 希", "facility_manager", "hanamizuki-m01", "施設管理者　花水 希 様"),
        ("実 みのる", "member", "hanamizuki-n02", "施設管理者　花水 希 様"),
    ] {
        let mut paper = joining(name);
        paper.facility = Some(joined.id);
        (paper.channel, paper.received_on) = (Channel::Paper, Some(bench.clock_day()));
        paper.form.insert("role".into(), role.into());
        let case = one.ok::<k::OpenCase>(&(), &paper).await;
        let case = stepped(&mut one, &case, Act::Register, &[("user_id", user_id)]).await;
        let letter = one.ok::<k::PrintLetter>(&case.id, &take(&case, Act::Print, &[])).await;
        assert_eq!((letter.postal.as_str(), letter.user_id.as_str()), (form[2].1, user_id));
        assert_eq!(letter.to_whom(), to_whom);
    }
}
