//! The evidence bundle: what is recorded is found and judged clause by clause; one record less turns its clause red and no
//! other; the archive is locked, holds what it says, and nobody's name.

use crate::support::{
    self, Bench, Person, as_note, at,
    cases::{asking, attached, stepped},
    command, new_note,
};
use aws_sdk_dynamodb::types::AttributeValue;
use functions::{
    evidence::{asked, backup, by_hand::ByHand, monitor::check, monthly, runbooks, seal, system},
    store::{
        blob::sha256_hex,
        keys::{self, Key},
        ring::KeyCopy,
    },
};
use shared::{
    api::{Empty, book as b, bundle as u, error::Code, evidence as e, procedure as k},
    calendar::Day,
    evidence::{
        BackupKind, ManualBackup,
        bundle::{CLAUSES, ClauseState},
        monitor::{Cadence, MonitorDay, Record, Slot, SlotCount},
    },
    procedure::{Act, Asked, Form, Procedure},
};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

async fn remove(bench: &Bench, key: Key) {
    let (table, _) = bench.cloud.endpoints.clients();
    let delete = table.delete_item().table_name(local::cloud::TABLE);
    let there = delete
        .key("pk", AttributeValue::S(key.pk))
        .key("sk", AttributeValue::S(key.sk))
        .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
        .send()
        .await
        .unwrap();
    assert!(there.attributes.is_some(), "what is removed must have been there");
}

async fn ask(person: &mut Person, topic: &str) -> shared::procedure::Case {
    let form = Form::from([
        ("topic".to_owned(), topic.to_owned()),
        ("subject".to_owned(), "内緒の件名".to_owned()),
        ("question".to_owned(), "内緒の質問".to_owned()),
    ]);
    let asked = Asked { form, ..asking(Procedure::Inquiry, &[]) };
    person.ok::<k::OpenCase>(&(), &asked).await
}

/// A week of use: notes, a question a day, a backup every night and seals.
async fn week(bench: &Bench) -> Vec<shared::procedure::Case> {
    let mut cases = Vec::new();
    runbooks::keep_due(&bench.app).await.unwrap();
    system::run_due(&bench.app).await.unwrap();
    for (number, topic) in ["use", "fault", "user"].into_iter().enumerate() {
        let mut nurse = bench.sign_in("hinata-n01").await;
        let patient = nurse.first_patient().await;
        nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(&format!("内緒の連絡{number}")))).await;
        cases.push(ask(&mut nurse, topic).await);
        bench.later(24 * 3600);
        backup::run_due(&bench.app).await.unwrap();
        while seal::run_due(&bench.app).await.unwrap() > 0 {}
    }
    cases
}

async fn judged(person: &mut Person, from: &str, to: &str) -> BTreeMap<String, ClauseState> {
    let query = u::EvidenceQuery { from: Some(day(from)), to: Some(day(to)) };
    let evidence = person.ok::<u::ReadEvidence>(&(), &query).await;
    assert_eq!(evidence.findings.len(), CLAUSES.len(), "no clause is left out");
    assert_eq!(evidence.tally.all as usize, CLAUSES.len());
    evidence.findings.into_iter().map(|finding| (finding.at, finding.state)).collect()
}

fn changed(
    before: &BTreeMap<String, ClauseState>,
    after: &BTreeMap<String, ClauseState>,
) -> Vec<(String, ClauseState)> {
    after.iter().filter(|(at, state)| before[*at] != **state).map(|(at, s)| (at.clone(), *s)).collect()
}

#[tokio::test]
async fn one_record_less_turns_exactly_its_clause_red() {
    let bench = Bench::start().await;
    let cases = week(&bench).await;
    let (from, to) = ("2026-11-20", "2026-11-22");
    let mut city = bench.sign_in("city-01").await;
    let mut before = judged(&mut city, from, to).await;
    for at in [
        "第23条(1) 毎日",
        "第23条(1) 5年",
        "第21条(4)",
        "第24条(3)",
        "第16条(4)",
        "要件8",
        "第3条1",
        "第3条2",
    ] {
        assert_eq!(before[at], ClauseState::Met, "{at}");
    }
    assert_eq!(before["第3条3"], ClauseState::Missing, "the demo's people are appointed without a filing");
    assert_eq!(before["第5条1"], ClauseState::Met);
    assert_eq!(before["第9条(1)"], ClauseState::Missing, "nobody has looked at the place yet");
    assert_eq!(before["第5条2(1)"], ClauseState::Idle, "facilities have a year for their first look");

    let generations = bench.app.store.days_kept(day(from), day(to)).await.unwrap();
    assert_eq!(generations.len(), 3);
    let page = city.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await.generations;
    let of = |wanted: &str| page.iter().find(|generation| generation.day == day(wanted)).unwrap().id;
    let system = bench.app.store.generations(BackupKind::System, None).await.unwrap().0.remove(0).id;
    let later = judged(&mut city, "2026-11-21", to).await;
    assert_eq!(later["第21条(4)"], ClauseState::Met, "it holds until the next change");
    let last = bench.app.store.last_seal().await.unwrap().unwrap().number;
    assert!(last > 2);
    for (key, clause, state) in [
        (keys::generation(of("2026-11-21")), "第23条(1) 毎日", ClauseState::Missing),
        (keys::case(cases[1].id), "第16条 記録", ClauseState::Missing),
        (keys::seal(last - 1), "要件8", ClauseState::Missing),
        (keys::runbook_copy(7), "第24条(3)", ClauseState::Missing),
        (keys::generation(system), "第21条(4)", ClauseState::Missing),
    ] {
        remove(&bench, key).await;
        let after = judged(&mut city, from, to).await;
        let mut differ = changed(&before, &after);
        // The question about a fault is gone with its record: its topic has nothing any more, which is no red.
        differ.retain(|(at, state)| (at.as_str(), *state) != ("第16条(7)", ClauseState::Idle));
        assert_eq!(differ, [(clause.to_owned(), state)]);
        before = after;
    }
}

#[tokio::test]
async fn a_run_by_hand_without_its_reason_is_found() {
    let bench = Bench::start().await;
    week(&bench).await;
    let (mut city, mut admin) = (bench.sign_in("city-01").await, bench.sign_in("sa-01").await);
    let before = judged(&mut city, "2026-11-20", "2026-11-22").await;
    assert_eq!(before["第24条(1)"], ClauseState::Idle);
    let run = ManualBackup { command: command(), day: day("2026-11-21"), reason: "訓練".into() };
    admin.ok::<e::RunBackup>(&(), &run).await;
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
    let ended = admin.ok::<e::ListRuns>(&(), &Empty {}).await.runs.pop().unwrap().ended.unwrap();
    let explained = judged(&mut city, "2026-11-20", "2026-11-22").await;
    assert_eq!(changed(&before, &explained), [("第24条(1)".to_owned(), ClauseState::Met)]);
    remove(&bench, keys::manual_run(ended.generation.unwrap())).await;
    let after = judged(&mut city, "2026-11-20", "2026-11-22").await;
    assert_eq!(changed(&explained, &after), [("第24条(1)".to_owned(), ClauseState::Missing)]);
}

#[tokio::test]
async fn a_months_backups_count_although_the_period_begins_after_them() {
    let bench = Bench::start().await;
    seal::run_due(&bench.app).await.unwrap();
    bench.clock.set(at("2026-12-01T03:00:00+09:00"));
    let made = monthly::run_due(&bench.app).await.unwrap().unwrap();
    bench.clock.set(at("2026-12-03T10:00:00+09:00"));
    let second = monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    let by_hand = ByHand::backup(&bench.app, "sa-01", "手順の確認").await.unwrap();
    by_hand.catalogue(&bench.app, &second).await.unwrap();
    bench.clock.set(at("2027-01-05T10:00:00+09:00"));
    let mut city = bench.sign_in("city-01").await;
    let (from, to) = ("2026-12-02", "2027-01-04");
    let before = judged(&mut city, from, to).await;
    assert_eq!((before["第23条(1) 毎月"], before["第24条(1)"]), (ClauseState::Met, ClauseState::Met));
    assert_eq!(before["要件8"], ClauseState::Missing, "nothing was sealed since before the period");
    // A run by hand has its reason, whichever it was of.
    remove(&bench, keys::manual_run(second.id)).await;
    let after = judged(&mut city, from, to).await;
    assert_eq!(changed(&before, &after), [("第24条(1)".to_owned(), ClauseState::Missing)]);
    // What was made by hand was not read back.
    remove(&bench, keys::generation(made.id)).await;
    assert_eq!(judged(&mut city, from, to).await["第23条(1) 毎月"], ClauseState::Missing);
}

/// Monitoring that looked in every slot of a day, and the check that counted the day and locked it away.
async fn watched(bench: &Bench, of: Day) {
    let store = &bench.app.store;
    store.begin_monitoring(of.start()).await.unwrap();
    for cadence in Cadence::ALL {
        for index in 0..cadence.slots() {
            let slot = Slot { day: of, cadence: *cadence, index };
            let record = Record { slot, at: slot.start(), looks: Vec::new() };
            assert!(store.create_monitor_record(&record).await.unwrap());
        }
    }
    bench.clock.set(of.plus_days(1).start().plus_seconds(4 * 3600));
    check::run_due(&bench.app).await.unwrap();
}

#[tokio::test]
async fn a_record_of_monitoring_that_is_gone_turns_its_clause_red() {
    let bench = Bench::start().await;
    let mut city = bench.sign_in("city-01").await;
    let nothing = judged(&mut city, "2026-11-20", "2026-11-20").await;
    assert_eq!(nothing["第23条(1) 毎日"], ClauseState::Idle, "nothing has begun");
    watched(&bench, day("2026-11-21")).await;
    let (from, to) = ("2026-11-21", "2026-11-21");
    let mut city = bench.sign_in("city-01").await;
    let mut before = judged(&mut city, from, to).await;
    assert_eq!(before["第23条(1) 毎日"], ClauseState::Missing, "no backup was ever made");
    for (cadence, index, clause) in [
        (Cadence::Live, 100, "第24条(2) 5分"),
        (Cadence::Answer, 95, "第24条(2) 15分"),
        (Cadence::Daily, 0, "第24条(2) 記録"),
    ] {
        assert_eq!(before[clause], ClauseState::Met, "{clause}");
        remove(&bench, keys::monitor_slot(Slot { day: day(from), cadence, index })).await;
        let after = judged(&mut city, from, to).await;
        assert_eq!(changed(&before, &after), [(clause.to_owned(), ClauseState::Missing)]);
        before = after;
    }

    // A day is counted that nobody locked away. Longer ago than the table is asked, the locked file says what there was.
    let slots = vec![SlotCount { cadence: Cadence::Answer, expected: 96, recorded: 96 }];
    let forged = MonitorDay { day: day("2026-11-22"), slots, parts: Vec::new() };
    bench.app.store.put_monitor_day(&forged).await.unwrap();
    bench.clock.set(at("2027-01-10T10:00:00+09:00"));
    let mut city = bench.sign_in("city-01").await;
    let query = u::EvidenceQuery { from: Some(day(from)), to: Some(day("2027-01-09")) };
    let findings = city.ok::<u::ReadEvidence>(&(), &query).await.findings;
    let of = |at: &str| findings.iter().find(|finding| finding.at == at).unwrap();
    let why = &of("第24条(2) 15分").why;
    assert!(why.contains("2026-11-22 の96件") && !why.contains("2026-11-21"), "{why}");
    assert_eq!(of("要件12").state, ClauseState::Missing, "nothing was ever restored");
}

/// Who agrees, by which step, with what they fill in.
type Agrees<'a> = (&'a str, Act, &'a [(&'a str, &'a str)]);

/// What a person presents, with its file where one is approved, and others agree to.
async fn approved(
    bench: &Bench,
    (procedure, by): (Procedure, &str),
    asked: &[(&str, &str)],
    steps: &[Agrees<'_>],
) -> shared::procedure::Case {
    let mut asker = bench.sign_in(by).await;
    let mut case = asker.ok::<k::OpenCase>(&(), &asking(procedure, asked)).await;
    if steps.iter().any(|(_, act, _)| *act == Act::Approve) {
        case = attached(&mut asker, case.id, "本文.pdf", b"%PDF-1.7 text").await;
    }
    for (who, act, fields) in steps {
        case = stepped(&mut bench.sign_in(who).await, &case, *act, fields).await;
    }
    case
}

#[tokio::test]
async fn what_the_city_approved_holds_for_years_and_is_red_when_its_record_is_gone() {
    let bench = Bench::start().await;
    seal::run_due(&bench.app).await.unwrap();
    let mut city = bench.sign_in("city-01").await;
    let before = judged(&mut city, "2026-11-20", "2026-11-20").await;
    assert_eq!((before["第6条"], before["第7条1(1)"]), (ClauseState::Missing, ClauseState::Missing));
    let times = [
        ("daily_at", "02:30"),
        ("monthly_day", "1"),
        ("monthly_at", "03:00"),
        ("stop_minutes", "30"),
        ("reason", "夜間の利用が少ないため"),
    ];
    let decided: &[Agrees<'_>] =
        &[("om-01", Act::ApproveTimes, &[]), ("city-01", Act::DecideTimes, &[("from_on", "2026-11-28")])];
    let times = approved(&bench, (Procedure::BackupSchedule, "sa-01"), &times, decided).await;
    let rules = [
        ("subject", "アクセス管理規程"),
        ("version", "第2版"),
        ("kind", "rule"),
        ("change", "二要素認証を加えた"),
        ("place", "添付のとおり"),
        ("from_on", "2026-12-01"),
    ];
    let by_city: &[Agrees<'_>] = &[("city-01", Act::Approve, &[])];
    let rules = approved(&bench, (Procedure::Regulation, "om-01"), &rules, by_city).await;
    let list = [
        ("subject", "2026年度 準拠度チェックリスト"),
        ("topic", "city_policy"),
        ("versions", "第6.0版"),
        ("on", "2026-11-18"),
        ("items", "120"),
        ("met", "120"),
        ("place", "添付のとおり"),
    ];
    let list = approved(&bench, (Procedure::Compliance, "om-01"), &list, by_city).await;

    // Until the approved times hold, backups run by the settings' times, which nobody approved.
    bench.clock.set(at("2026-11-30T10:00:00+09:00"));
    let mut city = bench.sign_in("city-01").await;
    for (from, state) in [("2026-11-26", ClauseState::Missing), ("2026-11-27", ClauseState::Met)] {
        assert_eq!(judged(&mut city, from, "2026-11-28").await["第23条(2)"], state, "{from}");
    }

    bench.clock.set(at("2029-01-10T10:00:00+09:00"));
    let mut city = bench.sign_in("city-01").await;
    let (from, to) = ("2029-01-01", "2029-01-05");
    let mut before = judged(&mut city, from, to).await;
    assert_eq!(before["第7条1(2)"], ClauseState::Missing, "the list was about something else");
    for (case, clause) in [(times, "第23条(2)"), (rules, "第6条"), (list, "第7条1(1)")] {
        assert_eq!(before[clause], ClauseState::Met, "{clause}");
        remove(&bench, keys::case(case.id)).await;
        let after = judged(&mut city, from, to).await;
        assert_eq!(changed(&before, &after), [(clause.to_owned(), ClauseState::Missing)]);
        before = after;
    }
}

#[tokio::test]
async fn the_archive_is_locked_holds_what_it_says_and_nobodys_name() {
    let bench = Bench::start().await;
    let cases = week(&bench).await;
    let mut city = bench.sign_in("city-01").await;
    let wrong = |from: &str, to: &str| u::NewBundle { command: command(), from: day(from), to: day(to) };
    for (request, field) in [
        (wrong("2026-11-22", "2026-11-20"), "from"),
        (wrong("2025-01-01", "2026-11-20"), "from"),
        (wrong("2026-11-20", "2027-01-01"), "to"),
    ] {
        assert_eq!(city.refused::<u::MakeBundle>(&(), &request).await.fields[0].field, field);
    }
    let request = wrong("2026-11-20", "2026-11-22");
    let bundle = city.ok::<u::MakeBundle>(&(), &request).await;
    // The same command again is the same bundle, and nothing more is locked.
    assert_eq!(city.ok::<u::MakeBundle>(&(), &request).await, bundle);
    let list = city.ok::<u::ListBundles>(&(), &Empty {}).await.bundles;
    assert_eq!(list, std::slice::from_ref(&bundle));

    let kept = bench.app.store.blobs.archived(&bundle.key, &bundle.version).await.unwrap().unwrap();
    assert_eq!(kept.locked_until, Some(bench.clock_day().locked_until().seconds()));
    assert_eq!((sha256_hex(&kept.body), kept.body.len() as u64), (bundle.sha256.clone(), bundle.bytes));
    let (_, blobs) = bench.cloud.endpoints.clients();
    let delete = blobs.delete_object().bucket(local::cloud::ARCHIVE).key(&bundle.key);
    assert!(delete.version_id(&bundle.version).send().await.is_err(), "nobody removes it");

    // By its address it comes as it is.
    let mut auditor = bench.sign_in("audit-01").await;
    let link = auditor.ok::<u::DownloadBundle>(&bundle.id, &Empty {}).await;
    let (host, target) = link.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let fetched = support::request(host, "GET", &format!("/{target}"), &[], "").await;
    assert_eq!((fetched.status, sha256_hex(&fetched.body)), (200, bundle.sha256.clone()));

    let mut zip = zip::ZipArchive::new(Cursor::new(kept.body)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut body = Vec::new();
        file.read_to_end(&mut body).unwrap();
        let name = file.name().unwrap().into_owned();
        files.insert(name, body);
    }
    assert_eq!(files.len() as u32, bundle.files);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count(), files.len() - 2, "all but itself and its signature");
    for line in sums.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        assert_eq!(hash, sha256_hex(&files[name]), "{name}");
    }
    // The key that signed it lies beside it, too, and its fingerprint is shown.
    let public = bench.app.store.blobs.first_version(&bundle.key.replace("evidence.zip", "public-key")).await;
    let (key, version) = public.unwrap().unwrap();
    let public = bench.app.store.blobs.archived(&key, &version).await.unwrap().unwrap();
    assert_eq!((public.body.as_ref(), public.locked_until), (&*files["public-key.pem"], kept.locked_until));
    assert!(String::from_utf8_lossy(&files["overview.html"]).contains(&bundle.signed_by));
    let manifests = files.keys().filter(|name| name.starts_with("manifests/daily/")).count();
    assert_eq!(manifests, 3);
    let page = String::from_utf8(files["overview.html"].clone()).unwrap();
    assert!(CLAUSES.iter().all(|clause| page.contains(clause.at)) && !page.contains("<script"));
    let stored: serde_json::Value = serde_json::from_slice(&files["cases.json"]).unwrap();
    let numbers: Vec<_> = stored["cases"].as_array().unwrap().iter().map(|case| &case["number"]).collect();
    assert!(cases.iter().all(|case| numbers.iter().any(|number| **number == *case.number)));
    // Neither what people wrote nor who they are.
    let name = bench.app.store.accounts(None).await.unwrap();
    for (file, body) in &files {
        let text = String::from_utf8_lossy(body);
        assert!(!text.contains("内緒"), "{file}");
        for row in &name {
            assert!(!text.contains(&row.account.name), "{file}: {}", row.account.name);
        }
    }
    // A copy of the key that is lost is made whole, and the same key signs on.
    let blobs = &bench.app.store.blobs;
    blobs.remove_key_object(KeyCopy::First, "signing/2026").await.unwrap();
    let another = city.ok::<u::MakeBundle>(&(), &wrong("2026-11-20", "2026-11-21")).await;
    assert_eq!((another.signed_by.len(), another.signed_by), (64, bundle.signed_by));
    assert!(blobs.key_object(KeyCopy::First, "signing/2026").await.unwrap().is_some());
    // One that is kept and cannot be used is no reason to sign with another.
    for copy in KeyCopy::ALL {
        blobs.mend_key_object(copy, "signing/2026", "{}".into()).await.unwrap();
    }
    let refused = city.refused::<u::MakeBundle>(&(), &wrong("2026-11-20", "2026-11-21")).await;
    assert_eq!(refused.code, Code::Internal);
    // Whoever writes notes, and whoever runs the system, makes none.
    for user in ["hinata-n01", "sa-01", "op-01"] {
        let mut other = bench.sign_in(user).await;
        let refused = other.refused::<u::MakeBundle>(&(), &wrong("2026-11-20", "2026-11-21")).await;
        assert_eq!(refused.code.wire(), "forbidden", "{user}");
    }
}
