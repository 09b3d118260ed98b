//! A network that fails while backups are written, read back, erased and restored: throttling, 5xx, connections that end
//! before and after the call, answers that stall or break off, batches half done. A generation is whole or not there, what
//! was begun is completed by the next run, and nothing is written twice that counts.

use crate::support::{
    self, Bench,
    archive::View,
    as_note, at,
    faults::{Fault, Network},
    new_note,
};
use functions::{
    app::App,
    evidence::{backup, certify, drill, erase, left, monitor, monthly, seal, system, verify},
    patience,
    store::{blob::BlobKey, drill::Isolated, error::StoreError, item::Item, keys, ring::KeyCopy},
};
use shared::{
    api::book as b,
    book::FileType,
    calendar::Day,
    evidence::{BackupKind, KeyName, Live, VerificationState},
    id::{AttachmentId, CaseId, GenerationId},
};
use std::time::Duration;

/// So long after what the city was loaded with that no run looks back to it.
const LATER: &str = "2027-03-05T10:00:00+09:00";
/// Longer than a run that died has anything in hand.
const CLAIM_LAPSED: i64 = 20 * 60 + 1;
const WORDS: &str = "嵐の夜も、いつもどおりお休みになりました";

/// A note with a file and a correction; then the night after. The day.
async fn a_day(bench: &Bench) -> Day {
    let sent = bench.clock_day();
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let note = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(WORDS))).await;
    View::of(bench).with_file(sent, patient).await;
    let text = format!("{WORDS}。");
    let revise = shared::book::Revise { command: support::command(), revision: 1, text };
    nurse.ok::<b::ReviseNote>(&(patient, note.number), &revise).await;
    bench.clock.set(sent.plus_days(1).start().plus_seconds(3 * 3600));
    sent
}

/// A trouble that passes is told as one.
fn assert_busy(error: &StoreError) {
    assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
}

#[tokio::test]
async fn a_day_backed_up_in_a_storm_is_whole_or_not_there_and_the_next_run_completes_it() {
    let bench = Bench::start().await;
    bench.clock.set(at(LATER));
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    let (mut days, mut failed) = (Vec::new(), 0);
    for seed in 1..=4 {
        days.push(a_day(&bench).await);
        for dead_after in [8 * u32::try_from(seed).unwrap(), u32::MAX] {
            network.storm_until_dead(seed, 20, dead_after);
            failed += u32::from(backup::run_due(&app).await.is_err());
            network.calm();
            bench.later(CLAIM_LAPSED);
        }
        View::of(&bench).nothing_half_good(BackupKind::Daily).await;
    }
    assert!(failed > 0, "the storm was none");
    backup::run_due(&bench.app).await.unwrap();
    assert_eq!(View::of(&bench).complete(BackupKind::Daily).await, days);
    assert!(backup::run_due(&bench.app).await.unwrap().is_empty());

    // Reading back in a storm says what is, or nothing; where trying again is enough, it does.
    let generation = View::of(&bench).catalogue(BackupKind::Daily).await.pop().unwrap();
    for seed in 1..=4 {
        network.storm(seed, 40);
        match verify::run(&app, generation.clone()).await {
            Ok(verified) => assert_eq!(verified.verification.findings, [""; 0]),
            Err(error) => assert_busy(&error),
        }
        network.calm();
    }
    network.each_fails_once();
    let verified = verify::run(&app, generation).await.unwrap();
    assert_eq!(verified.verification.findings, [""; 0]);
    assert!(!network.calm().is_empty());
}

#[tokio::test]
async fn a_month_and_the_system_data_likewise() {
    let bench = Bench::start().await;
    bench.clock.set(at(LATER));
    a_day(&bench).await;
    bench.clock.set(at("2027-04-01T03:30:00+09:00"));
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    let mut failed = 0;
    for (seed, dead_after) in [(1, 20), (2, 200), (3, u32::MAX)] {
        network.storm_until_dead(seed, 4, dead_after);
        failed += u32::from(monthly::run_due(&app).await.is_err());
        network.calm();
        network.storm_until_dead(seed, 20, dead_after.min(40));
        failed += u32::from(system::run_due(&app).await.is_err());
        network.calm();
        bench.later(CLAIM_LAPSED);
        View::of(&bench).nothing_half_good(BackupKind::Monthly).await;
        View::of(&bench).nothing_half_good(BackupKind::System).await;
    }
    assert!(failed > 0, "the storm was none");
    monthly::run_due(&bench.app).await.unwrap();
    system::run_due(&bench.app).await.unwrap();
    let today = [bench.clock_day()];
    assert_eq!(View::of(&bench).complete(BackupKind::Monthly).await, today);
    assert_eq!(View::of(&bench).complete(BackupKind::System).await, today);
}

#[tokio::test]
async fn what_is_erased_in_a_storm_is_erased_to_the_end_with_the_numbers_of_its_beginning() {
    let bench = Bench::start().await;
    bench.clock.set(at(LATER));
    let day = a_day(&bench).await;
    backup::run_due(&bench.app).await.unwrap();
    monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    assert!(View::of(&bench).is_readable(WORDS).await, "the test reads what there is");
    bench.clock.set(day.locked_until());
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    let name = KeyName::Day(day);
    let case = functions::random::id(bench.clock_now(), CaseId::from_parts);
    let mut failed = 0;
    for seed in 1..=6 {
        // Until it has begun somebody presses the button again; from then on the schedule finishes it.
        let (percent, dead_after) = if seed < 4 { (30, 10) } else { (10, 60) };
        network.storm_until_dead(seed, percent, dead_after);
        failed += match seed % 2 {
            1 => u32::from(erase::run(&app, name, Some(case)).await.is_err()),
            _ => u32::from(erase::resume(&app).await.is_err()),
        };
        network.calm();
    }
    assert!(failed > 0, "the storm was none");
    erase::resume(&bench.app).await.unwrap();
    let record = erase::run(&bench.app, name, Some(case)).await.unwrap();
    assert_eq!(record.case, Some(case));
    assert_eq!(record.live, Live { entries: 2, notes: 1, receipts: record.live.receipts, files: 1 });
    let certificate = certify::certificate(&bench.app, record.certificate.as_ref().unwrap()).await.unwrap();
    let certificate = certificate.unwrap();
    let kinds: Vec<_> = certificate.reached.iter().map(|reached| reached.kind).collect();
    assert_eq!((kinds, certificate.case), (vec![BackupKind::Daily, BackupKind::Monthly], Some(case)));
    assert!(bench.app.store.erasing().await.unwrap().is_empty());
    for copy in KeyCopy::ALL {
        assert!(bench.app.store.blobs.key_object(copy, name).await.unwrap().is_none());
    }
    assert!(!View::of(&bench).is_readable(WORDS).await && !View::of(&bench).table().await.contains(WORDS));
}

#[tokio::test]
async fn a_drill_in_a_storm_proves_nothing_wrong_and_nothing_of_it_stays() {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    a_day(&bench).await;
    backup::run_due(&bench.app).await.unwrap();
    seal::run_due(&bench.app).await.unwrap();
    let before = View::of(&bench).places().await;
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    let mut failed = 0;
    for (seed, percent, dead_after) in [(1, 30, 20), (2, 10, 200), (3, 5, u32::MAX)] {
        network.storm_until_dead(seed, percent, dead_after);
        match drill::run(&app, true, true, None).await {
            Ok(ran) => {
                let damaged = ran.as_ref().is_some_and(|ran| !ran.damaged.is_empty());
                assert!(!damaged, "a fault is no damage: {ran:?}");
            }
            Err(_) => failed += 1,
        }
        network.calm();
        // A drill that could not even give its claim back holds it for three hours.
        bench.later(3 * 3600 + 1);
    }
    assert!(failed > 0, "the storm was none");
    let ran = drill::run(&bench.app, true, true, None).await.unwrap().unwrap();
    assert_eq!((ran.damaged.len(), ran.proof.unwrap().findings), (0, Vec::new()));
    assert_eq!(View::of(&bench).places().await, before);
}

#[tokio::test]
async fn each_fault_by_itself_is_survived_or_told() {
    let bench = Bench::start().await;
    bench.clock.set(at(LATER));
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    batches(&network, &app).await;
    lost_answers(&bench, &network, &app).await;
    broken_bodies(&bench, &network, &app).await;
    between_steps(&bench, &network, &app).await;
    a_place_that_cannot_be_dropped(&bench, &network, &app).await;
}

/// A batch that is done in parts is done; one that is never done ends, and says that it may work later.
async fn batches(network: &Network, app: &App) {
    let items = |of: &str| -> Vec<Item> {
        let key = |n: i32| keys::Key { pk: format!("X#{of}"), sk: format!("{n:03}") };
        (0..60).map(|n| Item::bare(&key(n))).collect()
    };
    network.strike("BatchWriteItem", Fault::Unprocessed, 5);
    app.store.put_all(items("parts")).await.unwrap();
    let struck = network.calm();
    assert_eq!(struck.len(), 5);
    // Longer without an answer than a call is tried.
    network.strike("BatchWriteItem", Fault::StalledAfter, 4);
    app.store.put_all(items("late")).await.unwrap();
    assert_eq!(network.calm().len(), 4);
    network.strike("BatchWriteItem", Fault::AllUnprocessed, u32::MAX);
    assert_busy(&app.store.put_all(items("never")).await.unwrap_err());
    let struck = network.calm();
    assert!((5..20).contains(&struck.len()), "{}", struck.len());
}

/// A call that was carried out and whose answer was lost is asked again: that is no other call.
async fn lost_answers(bench: &Bench, network: &Network, app: &App) {
    let now = bench.clock_now();
    for lost in [Fault::ResetAfter, Fault::StalledAfter] {
        let what = format!("{lost:?}");
        network.strike("UpdateItem", lost, 1);
        assert!(app.store.claim_generation(&what, now, 60).await.unwrap(), "it is our own claim");
        assert!(!app.store.claim_generation(&what, now, 60).await.unwrap(), "and somebody else's then");
        assert_eq!(network.calm().len(), 1);

        let run = functions::random::id(now, GenerationId::from_parts);
        let key = BlobKey::Manifest(BackupKind::System, bench.clock_day(), run);
        let until = bench.clock_day().locked_until();
        let put = || app.store.blobs.archive_labelled(&key, "application/json", "{}".into(), until, &[]);
        network.strike("PUT /tsunagaru-archive", lost, 1);
        let version = put().await.unwrap();
        assert_eq!(network.calm().len(), 1);
        assert_eq!(View::of(bench).versions(&key.to_string()).await[&key.to_string()], 1);
        assert_eq!(put().await.unwrap(), version);
        // Other bytes are another object, whatever lies there.
        let other = app.store.blobs.archive_labelled(&key, "application/json", "[]".into(), until, &[]);
        assert_ne!(other.await.unwrap(), version);
    }
    for key in View::of(bench).versions("system/").await.into_keys() {
        assert!(key.ends_with("/manifest.json"));
    }
    // What stands there is no manifest and is taken for none.
    assert!(left::catalogue(app, BackupKind::System, "").await.unwrap().is_empty());
}

/// An answer that breaks off is asked for again; one that never comes does not use up a function's time.
async fn broken_bodies(bench: &Bench, network: &Network, app: &App) {
    let id = functions::random::id(bench.clock_now(), AttachmentId::from_parts);
    let (key, bytes) = (BlobKey::File(id), bytes::Bytes::from(vec![5; 300_000]));
    app.store.blobs.put_attachment(&key, FileType::Jpeg, bytes.clone()).await.unwrap();
    network.strike("GET /tsunagaru-attachments", Fault::CutOff, 2);
    assert_eq!(app.store.blobs.attachment(&key).await.unwrap(), Some(bytes.clone()));
    network.strike("GET /tsunagaru-attachments", Fault::Stalled, 1);
    assert_eq!(app.store.blobs.attachment(&key).await.unwrap(), Some(bytes));
    network.strike("GetItem", Fault::Stalled, u32::MAX);
    assert_busy(&app.store.generations_read_on().await.unwrap_err());
    network.calm();
    // The product's own clients have limits, too: a page's request ends before the function that serves it (29 s).
    let (table, blobs) = bench.cloud.endpoints.clients();
    let limits = [
        (table.config().timeout_config().cloned(), patience::of_table(), 20),
        (blobs.config().timeout_config().cloned(), patience::of_blobs(), 60),
    ];
    for (set, ours, most) in limits {
        let set = set.unwrap();
        assert_eq!(set.operation_attempt_timeout(), ours.operation_attempt_timeout());
        assert!(set.operation_attempt_timeout().unwrap() < Duration::from_secs(29));
        assert!(set.operation_timeout().unwrap() < Duration::from_secs(most));
    }
}

/// A run that ends between manifest, catalogue and verification is taken up where it ended.
async fn between_steps(bench: &Bench, network: &Network, app: &App) {
    let mut days = Vec::new();
    // The manifest stands, the catalogue does not know.
    days.push(a_day(bench).await);
    network.obey(|call| {
        let catalogues = call.name == "PutItem" && call.body.windows(12).any(|part| part == b"manifest_key");
        catalogues.then_some(Fault::Internal)
    });
    assert_busy(&backup::run_due(app).await.unwrap_err());
    assert!(!network.calm().is_empty());
    assert!(View::of(bench).catalogue(BackupKind::Daily).await.is_empty());
    let made = backup::run_due(&bench.app).await.unwrap();
    assert_eq!(made.iter().map(|one| one.day).collect::<Vec<_>>(), days);
    assert_eq!(View::of(bench).complete(BackupKind::Daily).await, days);
    // Catalogued, and never read back.
    days.push(a_day(bench).await);
    network.strike("GET /tsunagaru-archive/daily", Fault::Unavailable, u32::MAX);
    assert_busy(&backup::run_due(app).await.unwrap_err());
    network.calm();
    let pending = View::of(bench).catalogue(BackupKind::Daily).await.pop().unwrap();
    assert_eq!(pending.verification.state, VerificationState::Pending);
    let read_back = backup::run_due(&bench.app).await.unwrap();
    assert_eq!(read_back.iter().map(|one| one.id).collect::<Vec<_>>(), [pending.id]);
    assert_eq!(View::of(bench).complete(BackupKind::Daily).await, days);
}

/// A place that could not be dropped is dropped by the next drill, which need not wait for it.
async fn a_place_that_cannot_be_dropped(bench: &Bench, network: &Network, app: &App) {
    let before = View::of(bench).places().await;
    let now = bench.clock_now();
    let place = || {
        let id = functions::random::id(now, GenerationId::from_parts);
        Isolated::of(&bench.app.settings, id)
    };
    let first = place();
    network.strike("UpdateItem", Fault::ResetAfter, 1);
    assert!(app.store.begin_drill(first.clone(), now, 600).await.unwrap().is_some(), "it is our own claim");
    // Every other call that makes something is carried out without an answer.
    let mut is_lost = false;
    network.obey(move |call| {
        is_lost ^= call.name == "CreateTable" || call.name.starts_with("PUT /");
        is_lost.then_some(Fault::ResetAfter)
    });
    app.store.make_isolated(&first).await.unwrap();
    network.strike("DeleteTable", Fault::Internal, u32::MAX);
    assert_busy(&app.store.end_drill().await.unwrap_err());
    // It cannot be dropped yet: then the next one does not begin, and does not forget it.
    assert_busy(&app.store.begin_drill(place(), now, 600).await.unwrap_err());
    network.calm();
    assert_ne!(View::of(bench).places().await, before);
    assert!(app.store.begin_drill(place(), now, 600).await.unwrap().is_some());
    assert_eq!(View::of(bench).places().await, before);
    app.store.end_drill().await.unwrap();
}
