//! Restore: cut off anywhere it goes on, of one patient or one day, from an archive whose table is lost.

use crate::support::{
    self, Bench, as_note, at,
    cases::{asking, attached},
    command, cut_off,
    faults::{Fault, Network},
    new_note,
};
use functions::{
    evidence::{
        backup, erase, monthly,
        restore::{self, Part, Plan, RestoreError, Restored, Restoring, Source},
    },
    store::{error::StoreError, item::Item, ring::KeyCopy, tx::Tx},
};
use shared::{
    api::{Empty, book as b, evidence as e, procedure as k},
    calendar::Day,
    evidence::{
        KeyName, LEDGER_HEAD, NewLedger,
        schedule::{BackupTimes, Monthly, TimeOfDay},
    },
    id::{CaseId, PatientId},
    procedure::{IncidentStop, PlannedStop, Procedure, Service, ServiceMode, StopConfirmation},
};
use std::{collections::BTreeMap, time::Instant};

const SENT: &str = "2026-11-20";
const NEXT: &str = "2026-11-21";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Two days with corrections across them, a retraction, a 了解; both backed up.
async fn two_days() -> (Bench, PatientId) {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let first = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("朝の体温 36.8℃"))).await;
    let second = doctor.ok::<b::CreateNote>(&patient, &as_note(new_note("処方を変えました"))).await;
    bench.clock.set(at("2026-11-21T09:00:00+09:00"));
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    for (revision, text) in [(1, "朝の体温 37.8℃"), (2, "朝の体温 38.1℃")] {
        let revise = shared::book::Revise { command: command(), revision, text: text.into() };
        nurse.ok::<b::ReviseNote>(&(patient, first.number), &revise).await;
    }
    doctor.ok::<b::Acknowledge>(&(patient, first.number), &shared::api::Command { command: command() }).await;
    let retract =
        shared::book::Retract { command: command(), revision: 1, reason: "別の方でした".into() };
    doctor.ok::<b::RetractNote>(&(patient, second.number), &retract).await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("夕方は落ち着いています"))).await;
    bench.clock.set(at("2026-11-22T03:00:00+09:00"));
    for of in [SENT, NEXT] {
        backup::run(&bench.app, day(of)).await.unwrap();
    }
    backup::run_due(&bench.app).await.unwrap();
    (bench, patient)
}

async fn target(bench: &Bench) -> Bench {
    let target = Bench::empty().await;
    target.clock.set(bench.clock_now());
    target
}

/// The whole table as lines, without how far the restore is: a test may scan.
async fn table(bench: &Bench) -> BTreeMap<String, String> {
    let (client, _) = bench.cloud.endpoints.clients();
    let (mut lines, mut start) = (BTreeMap::new(), None);
    loop {
        let page = client.scan().table_name(local::cloud::TABLE).set_exclusive_start_key(start);
        let page = page.send().await.unwrap();
        for item in page.items.unwrap_or_default().into_iter().map(Item::from) {
            let key = item.key().unwrap();
            if key.pk != "V#restore" {
                lines.insert(format!("{} {}", key.pk, key.sk), item.to_line().unwrap());
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return lines;
        }
    }
}

async fn whole(bench: &Bench) -> (Restored, BTreeMap<String, String>) {
    let target = target(bench).await;
    let restored = restore::run(&bench.app, &target.app).await.unwrap();
    (restored, table(&target).await)
}

fn assert_same(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    for key in one.keys().chain(other.keys()) {
        assert_eq!(one.get(key), other.get(key), "{key}");
    }
}

#[tokio::test]
async fn stopped_after_each_object_it_goes_on_and_ends_the_same() {
    let (bench, _) = two_days().await;
    let (restored, expected) = whole(&bench).await;
    let target = target(&bench).await;
    let mut turns = 0;
    loop {
        turns += 1;
        let mut restoring = Restoring::begin(&bench.app, Some(&target.app), Plan::EVERYTHING).await.unwrap();
        let done = restoring.work(Some(Instant::now()), |_| ()).await.unwrap();
        let progress = target.app.store.restore_progress().await.unwrap().unwrap();
        assert_eq!((&progress, progress.finished_at.is_some()), (restoring.progress(), done));
        if done {
            assert_eq!(progress.restored, restored);
            break;
        }
    }
    assert!(turns > restored.generations, "{turns} turns");
    assert_same(&expected, &table(&target).await);
    // What is done stays done.
    let again = Restoring::begin(&bench.app, Some(&target.app), Plan::EVERYTHING).await.unwrap();
    assert_eq!(again.finish().await.unwrap(), restored);
}

#[tokio::test]
async fn the_asset_ledger_and_who_confirmed_a_stop_come_back() {
    let bench = Bench::start().await;
    let mut admin = bench.sign_in("sa-01").await;
    let text = format!("{LEDGER_HEAD}\n30-data/Table,データベース,データ,東京,契約事業者,高,高,高,arn:x\n");
    admin.ok::<e::KeepLedger>(&(), &NewLedger { command: command(), follows: 0, text }).await;
    let actor = &admin.me.as_ref().unwrap().actor;
    let (case, at) = (CaseId::from_parts(1, 7), bench.clock_now());
    let confirmed = StopConfirmation { case, facility: actor.facility, account: actor.account, at };
    let mut tx = Tx::default();
    bench.app.store.create_confirmation(&mut tx, &confirmed).unwrap();
    tx.commit(&bench.app.store).await.unwrap();
    bench.clock.set(at.day().plus_days(2).start());
    backup::run(&bench.app, at.day()).await.unwrap();

    let target = target(&bench).await;
    restore::run(&bench.app, &target.app).await.unwrap();
    let (ours, theirs) = (&bench.app.store, &target.app.store);
    assert_eq!(theirs.ledger().await.unwrap(), ours.ledger().await.unwrap());
    assert_eq!(theirs.confirmations(case).await.unwrap(), [confirmed]);
    // Another backup of what came back holds it again.
    assert_eq!(theirs.confirmation_lines(at.day()).await.unwrap().len(), 1);
}

/// Otherwise a restore in the middle of a cut would open the service, and the next backup would be at another time.
#[tokio::test]
async fn how_far_the_service_is_open_and_the_approved_times_come_back() {
    let bench = Bench::start().await;
    let (store, now) = (&bench.app.store, bench.clock_now());
    let case = CaseId::from_parts(1, 7);
    let (daily, monthly) = (TimeOfDay { hour: 3, minute: 30 }, TimeOfDay { hour: 4, minute: 0 });
    let monthly = Monthly { day: 2, at: monthly, stop_minutes: 30 };
    let (from, to) = (now.plus_seconds(8 * 86_400), now.plus_seconds(8 * 86_400 + 3600));
    let stop = PlannedStop { case, title: "更新".into(), from, to, mode: ServiceMode::Closed };
    let cut = Service {
        mode: ServiceMode::Cut,
        case: Some(case),
        cut_at: Some(now),
        others: vec![IncidentStop { case: CaseId::from_parts(1, 8), mode: ServiceMode::ReadOnly }],
        stops: vec![stop],
        times: vec![BackupTimes { from: now.day(), daily, monthly, case }],
        ..Service::open(now)
    };
    let mut tx = Tx::default();
    store.put_service(&mut tx, store.service().await.unwrap().as_ref(), &cut).unwrap();
    tx.commit(store).await.unwrap();
    bench.clock.set(now.day().plus_days(2).start());
    backup::run(&bench.app, now.day()).await.unwrap();

    let target = target(&bench).await;
    restore::run(&bench.app, &target.app).await.unwrap();
    assert_eq!(target.app.store.service().await.unwrap(), Some(cut));
}

#[tokio::test]
async fn files_of_cases_come_back_and_are_in_the_next_archive_too() {
    let bench = Bench::start().await;
    let (mut admin, of) = (bench.sign_in("sa-01").await, bench.clock_day());
    let before = monthly::run(&bench.app, of.month()).await.unwrap();
    let reason = ("reason", "夜間の利用が少ないため");
    let times =
        [("daily_at", "03:30"), ("monthly_day", "2"), ("monthly_at", "04:00"), ("stop_minutes", "30")];
    let asked = asking(Procedure::BackupSchedule, &[&times[..], &[reason]].concat());
    let case = admin.ok::<k::OpenCase>(&(), &asked).await;
    let case = attached(&mut admin, case.id, "届.pdf", b"%PDF-1.7 form").await;
    // Today has no daily generation: a monthly one must hold the file itself.
    let after = monthly::run(&bench.app, of.month()).await.unwrap();
    assert_eq!(after.counts.attachments, before.counts.attachments + 1);

    bench.clock.set(at("2026-11-21T03:00:00+09:00"));
    let ours = backup::run(&bench.app, of).await.unwrap();
    let target = target(&bench).await;
    restore::run(&bench.app, &target.app).await.unwrap();
    let file = case.files[0].id;
    assert!(target.app.store.case_file(case.id, file).await.unwrap().is_some_and(|doc| doc.stored.is_some()));
    let theirs = backup::run(&target.app, of).await.unwrap();
    assert_eq!(theirs.counts.attachments, ours.counts.attachments);
}

#[tokio::test]
async fn in_a_storm_on_both_sides_it_goes_on_each_time_and_ends_the_same() {
    let (bench, _) = two_days().await;
    let (restored, expected) = whole(&bench).await;
    let target = target(&bench).await;
    let (out, back) = (Network::before(&bench).await, Network::before(&target).await);
    let (from, into) = (out.app(&bench), back.app(&target));
    let mut failed = 0;
    for (seed, dead_after) in [(1, 15), (2, 40), (3, 80), (4, u32::MAX)] {
        out.storm_until_dead(seed, 10, dead_after);
        back.storm_until_dead(seed + 100, 10, dead_after);
        let run = async { Restoring::begin(&from, Some(&into), Plan::EVERYTHING).await?.finish().await };
        match run.await {
            Ok(done) => assert_eq!(done, restored),
            Err(error) => {
                assert!(matches!(error, RestoreError::Store(StoreError::Busy(_))), "{error:?}");
                failed += 1;
            }
        }
        out.calm();
        back.calm();
    }
    assert!(failed > 1, "the storm was none");
    // Once it has begun it needs nobody: a store that is dead for a moment is waited for.
    let mut calls = 0;
    out.obey(move |_| {
        calls += 1;
        (30..45).contains(&calls).then_some(Fault::Reset)
    });
    let another = self::target(&bench).await;
    assert_eq!(restore::run(&from, &another.app).await.unwrap(), restored);
    assert_eq!(out.calm().len(), 15);
    assert_same(&expected, &table(&another).await);
    let last = Restoring::begin(&bench.app, Some(&target.app), Plan::EVERYTHING).await.unwrap();
    assert_eq!(last.finish().await.unwrap(), restored);
    assert_same(&expected, &table(&target).await);
}

#[tokio::test]
async fn cut_off_anywhere_the_next_run_completes_it() {
    let (bench, _) = two_days().await;
    monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    let month = Plan { source: Source::Month(bench.clock_day().month()), ..Plan::EVERYTHING };
    let mut chance = fastrand::Rng::with_seed(11);
    for plan in [Plan::EVERYTHING, month] {
        let straight = target(&bench).await;
        let restoring = Restoring::begin(&bench.app, Some(&straight.app), plan).await.unwrap();
        let restored = restoring.finish().await.unwrap();
        let target = target(&bench).await;
        let (mut cut, mut longest) = (0, 40);
        let done = loop {
            let run = async {
                Restoring::begin(&bench.app, Some(&target.app), plan).await.unwrap().finish().await.unwrap()
            };
            match cut_off(chance.usize(1..longest), run).await {
                Some(done) => break done,
                None => cut += 1,
            }
            longest *= 2;
        };
        assert!(cut > 2, "it was cut off {cut} times only");
        assert_eq!((done.notes, done.cases), (restored.notes, restored.cases));
        assert_same(&table(&straight).await, &table(&target).await);
    }
}

#[tokio::test]
async fn one_patients_page_comes_back_and_nothing_of_anybody_else() {
    let (bench, patient) = two_days().await;
    let target = target(&bench).await;
    let plan = Plan { part: Part::Patient(patient), ..Plan::EVERYTHING };
    let restoring = Restoring::begin(&bench.app, Some(&target.app), plan).await.unwrap();
    let restored = restoring.finish().await.unwrap();
    assert!(restored.notes > 3 && restored.orphans == 0, "{restored:?}");
    let of_patients = |key: &&String| key.starts_with("P#");
    let own = format!("P#{patient} ");
    let (was, is) = (table(&bench).await, table(&target).await);
    assert!(is.keys().filter(of_patients).all(|key| key.starts_with(&own)), "somebody else's page");
    for (key, line) in was.iter().filter(|(key, _)| key.starts_with(&own) && !key.contains(" T#")) {
        assert_eq!(Some(line), is.get(key), "{key}");
    }
    let mut nurse = target.sign_in_by_recovery("hinata-n01").await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(thread.notes.last().unwrap().text, "夕方は落ち着いています");
    for id in thread.notes.iter().flat_map(|note| &note.attachments).map(|file| file.id) {
        nurse.ok::<b::OpenAttachment>(&(patient, id), &Empty {}).await;
    }
}

#[tokio::test]
async fn one_day_comes_back_with_what_was_corrected_on_it() {
    let (bench, patient) = two_days().await;
    let target = target(&bench).await;
    let plan = Plan { part: Part::Day(day(NEXT)), ..Plan::EVERYTHING };
    let restoring = Restoring::begin(&bench.app, Some(&target.app), plan).await.unwrap();
    let restored = restoring.finish().await.unwrap();
    // One note was sent, one corrected; the retraction is of a note of the day before.
    assert_eq!((restored.generations, restored.notes, restored.orphans), (1, 2, 1), "{restored:?}");
    let mut nurse = target.sign_in_by_recovery("hinata-n01").await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let texts: Vec<_> = thread.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts, ["朝の体温 38.1℃", "夕方は落ち着いています"]);
}

#[tokio::test]
async fn a_dry_run_counts_the_same_and_needs_no_target() {
    let (bench, patient) = two_days().await;
    let (restored, _) = whole(&bench).await;
    let before = table(&bench).await;
    let dry = Restoring::begin(&bench.app, None, Plan::EVERYTHING).await.unwrap().finish().await.unwrap();
    assert_eq!(dry, restored);
    let plan = Plan { part: Part::Patient(patient), ..Plan::EVERYTHING };
    let one = Restoring::begin(&bench.app, None, plan).await.unwrap().finish().await.unwrap();
    assert!(one.notes > 3 && one.notes < dry.notes && one.bytes < dry.bytes, "{one:?}");
    assert_same(&before, &table(&bench).await);
}

#[tokio::test]
async fn it_goes_into_an_empty_environment_only_and_under_one_plan() {
    let (bench, patient) = two_days().await;
    let used = Restoring::begin(&bench.app, Some(&bench.app), Plan::EVERYTHING).await.err().unwrap();
    assert!(matches!(used, RestoreError::NotEmpty), "{used}");
    let target = target(&bench).await;
    let mut begun = Restoring::begin(&bench.app, Some(&target.app), Plan::EVERYTHING).await.unwrap();
    assert!(!begun.work(Some(Instant::now()), |_| ()).await.unwrap());
    let plan = Plan { part: Part::Patient(patient), ..Plan::EVERYTHING };
    let other = Restoring::begin(&bench.app, Some(&target.app), plan).await.err().unwrap();
    assert!(matches!(other, RestoreError::OtherPlan(_)), "{other}");
    // Nobody signs in to half of it.
    let credentials = support::credentials("hinata-n01", demo::DEMO_PASSWORD);
    target.nobody().refused::<shared::api::people::SignIn>(&(), &credentials).await;
    let none = Plan { part: Part::Day(day("2020-01-01")), ..Plan::EVERYTHING };
    let nothing = Restoring::begin(&bench.app, None, none).await.err().unwrap();
    assert!(matches!(nothing, RestoreError::Nothing), "{nothing}");
}

#[tokio::test]
async fn the_archive_and_the_keys_are_enough_when_the_table_is_lost() {
    let (bench, _) = two_days().await;
    // One day was erased before the last backup, as its directory says.
    bench.clock.set(at("2031-11-20T03:00:00+09:00"));
    erase::run(&bench.app, KeyName::Day(day(SENT)), None).await.unwrap();
    backup::run(&bench.app, day("2031-11-19")).await.unwrap();
    let (expected, with_table) = whole(&bench).await;
    assert!(expected.erased > 0);
    let (table_client, _) = bench.cloud.endpoints.clients();
    let open = table_client.update_table().table_name(local::cloud::TABLE);
    let _ = open.deletion_protection_enabled(false).send().await;
    table_client.delete_table().table_name(local::cloud::TABLE).send().await.unwrap();
    let (restored, without) = whole(&bench).await;
    assert_eq!(restored, expected);
    assert_same(&with_table, &without);
}

#[tokio::test]
async fn what_lies_under_a_lost_key_is_left_out_only_if_somebody_says_so() {
    let (bench, _) = two_days().await;
    let lost = KeyName::Day(day(SENT));
    for copy in KeyCopy::ALL {
        bench.app.store.blobs.remove_key_object(copy, lost).await.unwrap();
    }
    let plan = Plan { leave_lost: true, ..Plan::EVERYTHING };
    let stopped = restore::run(&bench.app, &target(&bench).await.app).await.unwrap_err();
    assert!(matches!(stopped, RestoreError::Key(name) if name == lost), "{stopped}");
    let target = target(&bench).await;
    let restoring = Restoring::begin(&bench.app, Some(&target.app), plan).await.unwrap();
    let restored = restoring.finish().await.unwrap();
    assert_eq!(restored.lost.into_iter().collect::<Vec<_>>(), [lost]);
    assert!(restored.notes > 0);
    let mut nurse = target.sign_in_by_recovery("hinata-n01").await;
    nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
}

#[tokio::test]
async fn a_restore_writes_nothing_into_what_it_reads() {
    let (bench, _) = two_days().await;
    // A copy of a key is missing: a verification would mend it.
    let name = KeyName::Day(day(SENT));
    bench.app.store.blobs.remove_key_object(KeyCopy::Second, name).await.unwrap();
    let before = table(&bench).await;
    whole(&bench).await;
    assert_same(&before, &table(&bench).await);
    assert!(bench.app.store.blobs.key_object(KeyCopy::Second, name).await.unwrap().is_none());
}
