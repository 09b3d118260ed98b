//! Times of backups and planned stops: nobody decides alone, nothing holds before it was published long enough, the clock
//! begins and ends it.

use crate::support::{
    self, Bench, Person, as_note, at,
    cases::{asking, form, stepped, take},
    new_note,
};
use functions::{
    evidence::{backup, by_hand::ByHand, monitor, monthly},
    portal::publish,
};
use shared::{
    api::{Empty, book as b, bundle as u, error::Code, evidence as e, procedure as k},
    authority::Action,
    evidence::{
        VerificationState,
        bundle::ClauseState,
        monitor::{Cadence, Part, Slot},
    },
    procedure::{Act, Case, Procedure, State},
};

fn times<'a>(daily: &'a str, day: &'a str, monthly: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("daily_at", daily),
        ("monthly_day", day),
        ("monthly_at", monthly),
        ("stop_minutes", "30"),
        ("reason", "夜間の利用が少ないため"),
    ]
}

pub async fn portal_top(bench: &Bench) -> String {
    publish::run_due(&bench.app).await.unwrap();
    let file = bench.app.store.blobs.portal_file("portal/index.html").await.unwrap().unwrap();
    String::from_utf8(file.body.to_vec()).unwrap()
}

#[tokio::test]
async fn times_of_backups_are_in_force_after_two_approvals_and_a_week_on_the_portal() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut city = bench.sign_in("city-01").await;
    let wrong = admin
        .refused::<k::OpenCase>(&(), &asking(Procedure::BackupSchedule, &times("3:00", "31", "0300")))
        .await;
    assert_eq!(wrong.fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["daily_at", "monthly_at"]);
    let wrong = admin
        .refused::<k::OpenCase>(&(), &asking(Procedure::BackupSchedule, &times("03:00", "31", "03:00")))
        .await;
    assert_eq!(wrong.fields[0].field, "monthly_day");
    let case =
        admin.ok::<k::OpenCase>(&(), &asking(Procedure::BackupSchedule, &times("03:30", "2", "04:00"))).await;
    assert_eq!(case.state, State::TimesProposed);
    // Not the city alone, not the administrator.
    let decide = take(&case, Act::DecideTimes, &[("from_on", "2026-12-01")]);
    assert_eq!(city.refused::<k::StepCase>(&case.id, &decide).await.code, Code::Stale);
    let approve = take(&case, Act::ApproveTimes, &[]);
    assert_eq!(admin.refused::<k::StepCase>(&case.id, &approve).await.code, Code::NotFound);
    let case = stepped(&mut manager, &case, Act::ApproveTimes, &[]).await;
    let opened = city.ok::<k::ReadCase>(&case.id, &Empty {}).await;
    // It is published at nine: on the 27th at midnight that would be nine hours less than a week ago.
    assert_eq!(opened.proposed["from_on"], "2026-11-28");
    let soon = take(&case, Act::DecideTimes, &[("from_on", "2026-11-27")]);
    assert_eq!(city.refused::<k::StepCase>(&case.id, &soon).await.fields[0].field, "from_on");
    let top = portal_top(&bench).await;
    assert!(top.contains("2:00 から") && top.contains("まだ承認されていません"), "{top}");
    let case = stepped(&mut city, &case, Act::DecideTimes, &[("from_on", "2026-12-01")]).await;
    assert_eq!(case.state, State::Done);
    let top = portal_top(&bench).await;
    assert!(
        top.contains("2026年12月1日から、バックアップの時刻が変わります") && top.contains("毎日 3:30 から"),
        "{top}"
    );

    // Until the day before, the old time holds.
    bench.clock.set(at("2026-11-30T02:10:00+09:00"));
    admin = bench.sign_in("sa-01").await;
    assert_eq!(admin.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await.daily_at, (2, 0));
    bench.clock.set(at("2026-12-01T02:10:00+09:00"));
    backup::run_due(&bench.app).await.unwrap();
    admin = bench.sign_in("sa-01").await;
    let list = admin.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    assert_eq!((list.daily_at, list.generations[0].day), ((3, 30), "2026-11-29".parse().unwrap()));
    bench.clock.set(at("2026-12-01T03:30:00+09:00"));
    backup::run_due(&bench.app).await.unwrap();
    admin = bench.sign_in("sa-01").await;
    let list = admin.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    assert_eq!(list.generations[0].day, "2026-11-30".parse().unwrap());
    let top = portal_top(&bench).await;
    assert!(top.contains("3:30 から") && !top.contains("まだ承認されていません"), "{top}");

    // The month's stop: the book can be read, not written, and goes on by itself.
    bench.clock.set(at("2026-12-02T04:10:00+09:00"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let problem = nurse.refused::<b::CreateNote>(&patient, &as_note(new_note("夜の記録"))).await;
    assert_eq!(problem.code, Code::ReadOnly);
    bench.clock.set(at("2026-12-02T04:30:00+09:00"));
    nurse = bench.sign_in("hinata-n01").await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("夜の記録"))).await;

    // The next month the job runs: nothing before its minute, and the book is open again as soon as it is done.
    monitor::run_due(&bench.app).await.unwrap();
    bench.clock.set(at("2027-01-02T03:50:00+09:00"));
    assert!(portal_top(&bench).await.contains("稼働中"));
    bench.clock.set(at("2027-01-02T04:00:30+09:00"));
    assert!(monthly::run_due(&bench.app).await.unwrap().is_none());
    bench.clock.set(at("2027-01-02T04:01:00+09:00"));
    nurse = bench.sign_in("hinata-n01").await;
    let problem = nurse.refused::<b::CreateNote>(&patient, &as_note(new_note("正月の記録"))).await;
    assert_eq!(problem.code, Code::ReadOnly);
    let top = portal_top(&bench).await;
    let words = "月次バックアップのため、連絡帳は閲覧だけできます";
    assert!(top.contains("計画停止中") && top.contains(words), "{top}");
    let made = monthly::run_due(&bench.app).await.unwrap().unwrap();
    assert_eq!(made.verification.state, VerificationState::Sound, "{made:?}");
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("正月の記録"))).await;
    // The portal does not wait for the announced end either, and names the next month's.
    let top = portal_top(&bench).await;
    assert!(top.contains("稼働中") && top.contains("2027年2月2日(火) 4:00"), "{top}");
    assert!(!top.contains("2027年1月2日(土) 4:00"), "{top}");
    assert!(monthly::run_due(&bench.app).await.unwrap().is_none());

    // What was made by hand, while people wrote, is not the month's.
    bench.clock.set(at("2027-02-01T10:00:00+09:00"));
    let by_hand = monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    let who = ByHand::backup(&bench.app, "sa-01", "手順の確認").await.unwrap();
    who.catalogue(&bench.app, &by_hand).await.unwrap();
    bench.clock.set(at("2027-02-02T04:01:00+09:00"));
    assert!(monthly::run_due(&bench.app).await.unwrap().is_some());
    // After the stop people write again: nothing begins then, and monitoring says so until somebody makes it by hand.
    bench.clock.set(at("2027-03-02T04:30:00+09:00"));
    assert!(monthly::run_due(&bench.app).await.unwrap().is_none());
    assert!(
        !schedules(&bench).await.contains("月次バックアップ"),
        "whoever began in time may still be at it"
    );
    bench.clock.set(at("2027-03-02T04:55:00+09:00"));
    assert!(schedules(&bench).await.contains("2027-03の月次バックアップ"));
    monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    bench.later(300);
    assert!(!schedules(&bench).await.contains("月次バックアップ"));
}

/// What monitoring says now of what runs by itself.
async fn schedules(bench: &Bench) -> String {
    monitor::run_due(&bench.app).await.unwrap();
    let slot = Slot::of(Cadence::Live, bench.clock_now());
    let record = bench.app.store.monitor_record(slot).await.unwrap().unwrap();
    record.looks.into_iter().find(|look| look.part == Part::Schedules).unwrap().words
}

pub fn stop<'a>(from: &'a str, to: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("subject", "データベースの更新"),
        ("content", "動きを速くするための更新をします。"),
        ("mode", "closed"),
        ("from_at", from),
        ("to_at", to),
        ("reason", "更新中は書き込めないため"),
    ]
}

#[tokio::test]
async fn a_stop_is_permitted_published_a_week_ahead_and_ends_by_the_clock() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut operator = bench.sign_in("op-01").await;
    for (from, to) in [
        ("2026-12-05T22:00", "2026-12-05T22:00"),
        ("2026-12-05T22:00", "2026-12-08T22:00"),
        ("2026-12-05T22:00", "2026-12-04T22:00"),
    ] {
        let wrong = admin.refused::<k::OpenCase>(&(), &asking(Procedure::PlannedStop, &stop(from, to))).await;
        assert_eq!(wrong.fields[0].field, "to_at");
    }
    let asked = asking(Procedure::PlannedStop, &stop("2026-11-25T22:00", "2026-11-26T01:00"));
    let case = admin.ok::<k::OpenCase>(&(), &asked).await;
    // Nothing is published before it is permitted.
    let early = take(&case, Act::AnnounceStop, &[]);
    assert_eq!(operator.refused::<k::StepCase>(&case.id, &early).await.code, Code::Stale);
    let case = stepped(&mut manager, &case, Act::PermitStop, &[]).await;
    // Five days are no week: published too late, it cannot take place.
    let late = take(&case, Act::AnnounceStop, &[]);
    assert_eq!(operator.refused::<k::StepCase>(&case.id, &late).await.fields[0].field, "words");
    // A change drops the permission.
    let mut again = take(&case, Act::AskAgain, &[]);
    again.form = form(&stop("2026-12-05T22:00", "2026-12-06T01:00"));
    let case = admin.ok::<k::StepCase>(&case.id, &again).await;
    assert_eq!(case.state, State::StopAsked);
    let case = stepped(&mut manager, &case, Act::PermitStop, &[]).await;
    let case = stepped(&mut operator, &case, Act::AnnounceStop, &[("words", "ご迷惑をおかけします。")]).await;
    assert_eq!(case.state, State::StopAnnounced);
    let top = portal_top(&bench).await;
    assert!(top.contains("データベースの更新") && top.contains("ご迷惑をおかけします。"), "{top}");
    // Everybody sees it ahead.
    let mut nurse = bench.sign_in("hinata-n01").await;
    let service = nurse.ok::<k::ReadDesk>(&(), &Empty {}).await.service.unwrap();
    assert_eq!(service.stops_from(bench.clock_now())[0].title, "データベースの更新");
    let patient = nurse.first_patient().await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("前の日の記録"))).await;
    everybody_confirms_once(&bench, &case, &mut nurse, &mut admin).await;

    bench.clock.set(at("2026-12-05T22:00:00+09:00"));
    // A session of hers would have ended long before: the clock jumped over two weeks.
    let mut late = bench.nobody();
    let credentials = support::credentials("hinata-n01", demo::DEMO_PASSWORD);
    assert_eq!(late.refused::<shared::api::people::SignIn>(&(), &credentials).await.code, Code::Maintenance);
    // The office works on; it cannot take back what has begun, but prolong it.
    admin = bench.sign_in("sa-01").await;
    let cancel = take(&case, Act::CancelStop, &[("reason", "中止")]);
    assert_eq!(admin.refused::<k::StepCase>(&case.id, &cancel).await.fields[0].field, "reason");
    let shorter = take(&case, Act::ProlongStop, &[("until_at", "2026-12-06T00:30"), ("reason", "x")]);
    assert_eq!(admin.refused::<k::StepCase>(&case.id, &shorter).await.fields[0].field, "until_at");
    let longer = [("until_at", "2026-12-06T02:00"), ("reason", "確認に時間がかかる")];
    let case = stepped(&mut admin, &case, Act::ProlongStop, &longer).await;
    assert!(portal_top(&bench).await.contains("停止を延長します"));
    bench.clock.set(at("2026-12-06T01:30:00+09:00"));
    nurse = bench.nobody();
    let credentials = support::credentials("hinata-n01", demo::DEMO_PASSWORD);
    let refused = nurse.refused::<shared::api::people::SignIn>(&(), &credentials).await;
    assert_eq!(refused.code, Code::Maintenance);
    // Whatever became of the administrator: at its time the service goes on.
    bench.clock.set(at("2026-12-06T02:00:00+09:00"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    admin = bench.sign_in("sa-01").await;
    let case = stepped(&mut admin, &case, Act::Resume, &[("result", "予定どおり終わりました。")]).await;
    assert_eq!(case.state, State::Done);
}

/// A stop that was permitted and published.
async fn announced([admin, manager, operator]: [&mut Person; 3], from: &str, to: &str) -> Case {
    let case = admin.ok::<k::OpenCase>(&(), &asking(Procedure::PlannedStop, &stop(from, to))).await;
    let case = stepped(manager, &case, Act::PermitStop, &[]).await;
    stepped(operator, &case, Act::AnnounceStop, &[]).await
}

#[tokio::test]
async fn a_stop_that_was_prolonged_past_midnight_is_in_time_when_it_ends() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let parties = [&mut admin, &mut manager, &mut operator];
    let case = announced(parties, "2026-12-05T20:00", "2026-12-05T23:00").await;
    assert_eq!(case.due_at, at("2026-12-06T00:00:00+09:00"));
    bench.clock.set(at("2026-12-05T22:30:00+09:00"));
    admin = bench.sign_in("sa-01").await;
    let longer = [("until_at", "2026-12-06T02:00"), ("reason", "確認に時間がかかる")];
    let case = stepped(&mut admin, &case, Act::ProlongStop, &longer).await;
    assert_eq!(case.due_at, at("2026-12-07T00:00:00+09:00"));
    bench.clock.set(at("2026-12-06T02:05:00+09:00"));
    admin = bench.sign_in("sa-01").await;
    let case = stepped(&mut admin, &case, Act::Resume, &[("result", "終わりました。")]).await;
    assert!(case.closed_at.unwrap() <= case.due_at, "{} {}", case.closed_at.unwrap(), case.due_at);
    let query = u::EvidenceQuery { from: "2026-12-05".parse().ok(), to: "2026-12-06".parse().ok() };
    let findings = bench.sign_in("city-01").await.ok::<u::ReadEvidence>(&(), &query).await.findings;
    let found = findings.iter().find(|finding| finding.at == "第23条(3)").unwrap();
    assert_eq!(found.state, ClauseState::Met, "{}", found.why);
}

#[tokio::test]
async fn a_stop_is_ended_early_or_taken_back_and_the_portal_says_so() {
    let bench = Bench::start().await;
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let mut cases = Vec::new();
    for (from, to) in [("2026-12-05T22:00", "2026-12-06T01:00"), ("2026-12-12T22:00", "2026-12-13T01:00")] {
        cases.push(announced([&mut admin, &mut manager, &mut operator], from, to).await);
    }
    // Before its time there is nothing to resume.
    let resume = take(&cases[0], Act::Resume, &[("result", "終わり")]);
    assert_eq!(admin.refused::<k::StepCase>(&cases[0].id, &resume).await.fields[0].field, "result");
    let taken_back =
        stepped(&mut admin, &cases[1], Act::CancelStop, &[("reason", "作業が不要になった")]).await;
    assert_eq!(taken_back.state, State::Withdrawn);
    assert!(portal_top(&bench).await.contains("計画停止を取りやめました"));
    bench.clock.set(at("2026-12-05T22:30:00+09:00"));
    let mut nurse = bench.nobody();
    let credentials = support::credentials("hinata-n01", demo::DEMO_PASSWORD);
    let refused = nurse.refused::<shared::api::people::SignIn>(&(), &credentials).await;
    assert_eq!(refused.code, Code::Maintenance);
    admin = bench.sign_in("sa-01").await;
    stepped(&mut admin, &cases[0], Act::Resume, &[("result", "早く終わりました。")]).await;
    bench.sign_in("hinata-n01").await;
    assert!(portal_top(&bench).await.contains("サービスを再開しました"));
    bench.clock.set(at("2026-12-12T22:30:00+09:00"));
    bench.sign_in("hinata-n01").await;
}

#[tokio::test]
async fn whom_to_call_follows_the_appointments_of_today() {
    let bench = Bench::start().await;
    let mut admin = bench.sign_in("sa-01").await;
    let contacts = admin.ok::<k::ReadContacts>(&(), &Empty {}).await;
    let roles: Vec<&str> = contacts.offices.iter().map(|contact| contact.role.as_str()).collect();
    assert_eq!(roles[0], "ヘルプデスク");
    for role in ["システム運用者", "システム管理者", "運用管理責任者", "市", "回線の事業者"]
    {
        assert!(roles.contains(&role), "{role}: {roles:?}");
    }
    assert!(contacts.offices.iter().all(|contact| !contact.phone.is_empty()), "{contacts:?}");
    assert!(contacts.facilities.iter().any(|facility| facility.name == "訪問看護ステーションひなた"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert_eq!(nurse.refused::<k::ReadContacts>(&(), &Empty {}).await.code, Code::Forbidden);
}

/// Figure 2-5: users confirm what was announced, and the offices see which facilities have not.
async fn everybody_confirms_once(bench: &Bench, case: &Case, nurse: &mut Person, admin: &mut Person) {
    let of = |read: &k::StopConfirmations, facility| {
        let row = read.rows.iter().find(|row| row.facility == facility).unwrap();
        (row.confirmed, row.people)
    };
    let hers = nurse.me.as_ref().unwrap().actor.facility;
    let before = admin.ok::<k::ReadConfirmations>(&case.id, &Empty {}).await;
    assert!(before.rows.len() > 3 && before.rows.iter().all(|row| row.confirmed == 0 && row.people > 0));
    assert!(nurse.ok::<k::ReadDesk>(&(), &Empty {}).await.confirmed.is_empty());
    for _ in 0..2 {
        nurse.ok::<k::ConfirmStop>(&case.id, &Empty {}).await;
    }
    assert_eq!(nurse.ok::<k::ReadDesk>(&(), &Empty {}).await.confirmed, [case.id]);
    let kept = bench.app.store.confirmations(case.id).await.unwrap();
    assert_eq!((kept.len(), kept[0].facility), (1, hers));
    // Another person of the same facility, and one of the city, whose office does not count.
    let mut colleague = bench.sign_in("hinata-n02").await;
    assert!(colleague.ok::<k::ReadDesk>(&(), &Empty {}).await.confirmed.is_empty());
    colleague.ok::<k::ConfirmStop>(&case.id, &Empty {}).await;
    let mut city = bench.sign_in("city-01").await;
    city.ok::<k::ConfirmStop>(&case.id, &Empty {}).await;
    let after = city.ok::<k::ReadConfirmations>(&case.id, &Empty {}).await;
    assert_eq!(of(&after, hers), (2, of(&before, hers).1));
    assert_eq!(after.rows.iter().filter(|row| row.confirmed > 0).count(), 1);
    assert_eq!(after.rows.len(), before.rows.len());
    let events = bench.events().await;
    let confirmed = events.iter().filter(|event| event.action == Action::ConfirmStop);
    assert!(confirmed.clone().all(|event| event.who.is_some() && event.thing == [case.id.to_string()]));
    assert!(confirmed.count() >= 3);
    // Nobody confirms what was not announced, and whoever writes notes does not see who has not confirmed.
    let unknown = shared::id::CaseId::from_parts(1, 1);
    assert_eq!(nurse.refused::<k::ConfirmStop>(&unknown, &Empty {}).await.code, Code::NotFound);
    assert_eq!(nurse.refused::<k::ReadConfirmations>(&case.id, &Empty {}).await.code, Code::Forbidden);
    assert_eq!(city.refused::<k::ReadConfirmations>(&unknown, &Empty {}).await.code, Code::NotFound);
}
