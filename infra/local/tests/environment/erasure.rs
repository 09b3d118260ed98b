//! Erasure: to the day, in every generation, with a certificate; cut off anywhere, the next run completes it.

use crate::support::{self, Bench, as_note, at, cut_off, new_note};
use functions::{
    evidence::{backup, certify, erase, monthly, restore, ring, verify},
    store::{
        blob::BlobKey,
        item::Item,
        ring::{KeyCopy, KeyRecord},
    },
};
use shared::{
    api::book as b,
    book::Act,
    calendar::Day,
    evidence::{BackupKind, Certificate, Holds, KeyName, Live, VerificationState},
    id::{AttachmentId, PatientId},
};
use std::{collections::BTreeSet, sync::Arc};

const SENT: &str = "2026-11-20";
const ERASED: &str = "夕食後に転倒され、右膝に擦り傷があります";
const CORRECTED: &str = "夕食後に転倒され、左膝に打撲があります";
const LATER: &str = "膝の腫れはありません";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Notes of two days, one of the first corrected on the second; daily generations and two monthly ones.
async fn some_days(bench: &Bench, months: &[&str]) -> PatientId {
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(ERASED))).await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    nurse.ok::<b::MarkRead>(&patient, &b::ReadTo { number: thread.last }).await;
    let mended = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("転倒の件、追って書きます"))).await;
    bench.clock.set(at("2026-11-21T09:00:00+09:00"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    let revise = shared::book::Revise { command: support::command(), revision: 1, text: CORRECTED.into() };
    nurse.ok::<b::ReviseNote>(&(patient, mended.number), &revise).await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(LATER))).await;
    for of in [SENT, "2026-11-21"] {
        bench.clock.set(at("2026-11-22T03:00:00+09:00"));
        backup::run(&bench.app, day(of)).await.unwrap();
    }
    for month in months {
        bench.clock.set(at(&format!("{month}-01T03:00:00+09:00")));
        monthly::run_due(&bench.app).await.unwrap().unwrap();
    }
    patient
}

/// Everything that anybody can still read in the archive, opened with whatever keys there are.
async fn readable(bench: &Bench) -> String {
    let ring = ring::Ring::open(&bench.app).unwrap();
    let mut all = String::new();
    for kind in [BackupKind::Daily, BackupKind::Monthly] {
        for (key, version) in bench.app.store.blobs.manifests(kind).await.unwrap() {
            let manifest = bench.app.store.blobs.archived(&key, &version).await.unwrap().unwrap().body;
            all.push_str(std::str::from_utf8(&manifest).unwrap());
            let manifest = shared::evidence::Manifest::read(&manifest).unwrap();
            for object in manifest.objects.iter().filter(|object| object.boxes > 0) {
                let body =
                    bench.app.store.blobs.archived(&object.key, &object.version).await.unwrap().unwrap().body;
                functions::evidence::reader::open(&ring, body, |opened| {
                    if let functions::evidence::reader::Opened::Plain(_, plain) = opened {
                        all.push_str(&String::from_utf8_lossy(&plain));
                    }
                    Ok::<_, functions::store::error::StoreError>(())
                })
                .await
                .unwrap();
            }
        }
    }
    all
}

/// Everything in a table, without what its time to live has ended by now: the answers of commands, remembered for seven
/// days. (The embedded table removes them by the machine's clock, which is not the test's.)
async fn table(bench: &Bench) -> String {
    let (client, _) = bench.cloud.endpoints.clients();
    let mut all = String::new();
    let mut start = None;
    loop {
        let page = client.scan().table_name(local::cloud::TABLE).set_exclusive_start_key(start);
        let page = page.send().await.unwrap();
        for item in page.items.unwrap_or_default().into_iter().map(Item::from) {
            let ends: i64 = item.get_number(functions::store::schema::TTL).unwrap();
            if ends > 0 && ends < bench.clock_now().seconds() {
                continue;
            }
            all.push_str(&item.to_line().unwrap());
            all.push('\n');
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return all;
        }
    }
}

/// Every restore that there is: of the daily generations, and of each monthly one.
async fn restored(bench: &Bench) -> Vec<(restore::Restored, Bench)> {
    let target = Bench::empty().await;
    let mut all = vec![(restore::run(&bench.app, &target.app).await.unwrap(), target)];
    for listed in restore::listed(&bench.app, BackupKind::Monthly).await.unwrap() {
        let target = Bench::empty().await;
        let restored = restore::month(&bench.app, &target.app, listed.day.month()).await.unwrap();
        all.push((restored, target));
    }
    all
}

async fn certificate(bench: &Bench, record: &KeyRecord) -> Certificate {
    certify::certificate(&bench.app, record.certificate.as_ref().unwrap()).await.unwrap().unwrap()
}

#[tokio::test]
async fn after_its_five_years_not_a_character_of_a_day_can_be_read_anywhere() {
    let bench = Bench::start().await;
    let patient = some_days(&bench, &["2026-12", "2027-01"]).await;
    let name = KeyName::Day(day(SENT));
    assert!(readable(&bench).await.contains(ERASED), "the test reads what there is");
    bench.clock.set(at("2031-11-19T23:59:59+09:00"));
    let early = erase::run(&bench.app, name, None).await.unwrap_err();
    assert!(matches!(early, erase::EraseError::NotDue(_)), "{early}");
    assert!(!erase::due(&bench.app, 30).await.unwrap().contains(&day(SENT)));
    bench.clock.set(at("2031-11-20T00:00:00+09:00"));
    assert_eq!(erase::due(&bench.app, 30).await.unwrap().last(), Some(&day(SENT)));
    let record = erase::run(&bench.app, name, None).await.unwrap();

    // Live: gone, but for what was sent later.
    let left = table(&bench).await;
    assert!(!left.contains(ERASED) && !left.contains("転倒の件、追って"), "the table still tells it");
    assert!(left.contains(LATER) && left.contains(CORRECTED));
    for copy in KeyCopy::ALL {
        assert!(bench.app.store.blobs.key_object(copy, name).await.unwrap().is_none());
    }
    // The archive: as locked as before, and unreadable.
    let rest = readable(&bench).await;
    assert!(!rest.contains(ERASED) && !rest.contains("転倒の件、追って"));
    assert!(rest.contains(LATER) && rest.contains(CORRECTED));
    for (restored, target) in restored(&bench).await {
        let text = table(&target).await;
        assert!(!text.contains(ERASED) && text.contains(LATER));
        assert!(restored.erased > 0, "{restored:?}");
        // It stays destroyed in what was restored, too.
        let kept = target.app.store.key_record(name).await.unwrap();
        assert!(kept.is_none_or(|kept| kept.destroyed_at.is_some()));
    }
    // The certificate lists every generation and object version that it reached.
    let certificate = certificate(&bench, &record).await;
    let kinds: Vec<_> = certificate.reached.iter().map(|reached| reached.kind).collect();
    assert_eq!(kinds, [BackupKind::Daily, BackupKind::Monthly, BackupKind::Monthly]);
    assert_eq!(certificate.live, Live { entries: 2, notes: 2, receipts: 1, files: 0 });
    assert!(certificate.boxes() >= 5, "{certificate:?}");
    let (_, s3) = bench.cloud.endpoints.clients();
    for object in certificate.reached.iter().skip(1).flat_map(|reached| &reached.objects) {
        let delete =
            s3.delete_object().bucket(local::cloud::ARCHIVE).key(&object.key).version_id(&object.version);
        assert!(delete.send().await.is_err(), "{} is not locked", object.key);
    }
    // Verification tells erased from damaged, and no run makes the day anew.
    for kind in [BackupKind::Daily, BackupKind::Monthly] {
        let (all, _) = bench.app.store.generations(kind, None).await.unwrap();
        for generation in all {
            let verified = verify::run(&bench.app, generation).await.unwrap().verification;
            assert_eq!((verified.state, verified.findings.len()), (VerificationState::Sound, 0));
        }
    }
    let again = backup::run(&bench.app, day(SENT)).await.unwrap_err();
    assert!(again.to_string().contains(SENT), "{again}");
    // The same again gives the same certificate.
    assert_eq!(erase::run(&bench.app, name, None).await.unwrap().certificate, record.certificate);
    // The thread goes on, and its numbers with it.
    let mut nurse = bench.sign_in("hinata-n01").await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let next = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("続き"))).await;
    assert_eq!(next.number.0, thread.last.0 + 1);
}

#[tokio::test]
async fn files_go_with_their_day() {
    let bench = Bench::start().await;
    let mut sent: Option<(Day, Vec<AttachmentId>)> = None;
    for back in 1..95 {
        let of = day(SENT).plus_days(-back);
        let entries = bench.app.store.journal(of).await.unwrap();
        let files: Vec<AttachmentId> = entries
            .iter()
            .filter_map(|(_, entry)| if let Act::Sent { note } = &entry.act { Some(note) } else { None })
            .flat_map(|note| note.attachments.iter().map(|file| file.id))
            .collect();
        if !files.is_empty() {
            sent = Some((of, files));
            break;
        }
    }
    let (of, files) = sent.unwrap();
    backup::run(&bench.app, of).await.unwrap();
    bench.clock.set(of.locked_until());
    let record = erase::run(&bench.app, KeyName::Day(of), None).await.unwrap();
    assert_eq!(record.live.files, files.len() as u64);
    for id in &files {
        for key in [BlobKey::File(*id), BlobKey::Preview(*id)] {
            assert!(bench.app.store.blobs.attachment(&key).await.unwrap().is_none(), "{key}");
        }
    }
    let certificate = certificate(&bench, &record).await;
    let copies = certificate.reached.iter().flat_map(|reached| &reached.objects);
    assert_eq!(copies.filter(|object| object.key.contains("/files/")).count(), files.len());
    let target = Bench::empty().await;
    restore::run(&bench.app, &target.app).await.unwrap();
    for id in &files {
        assert!(target.app.store.blobs.attachment(&BlobKey::File(*id)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_patient_is_erased_only_where_the_city_decided_so_and_the_consent_was_withdrawn() {
    let bench = Bench::start().await;
    let patient = some_days(&bench, &["2026-12"]).await;
    let name = KeyName::Patient(patient);
    let refused = erase::run(&bench.app, name, None).await.unwrap_err();
    assert!(matches!(refused, erase::EraseError::NotAllowed), "{refused}");
    let (client, s3) = bench.cloud.endpoints.clients();
    let mut settings = bench.app.settings.clone();
    settings.erase_on_withdrawal = true;
    let app = functions::app::App::new(client, s3, Arc::new(bench.clock.clone()), settings);
    let refused = erase::run(&app, name, None).await.unwrap_err();
    assert!(matches!(refused, erase::EraseError::NotAllowed), "the consent holds: {refused}");
    withdraw(&bench, patient).await;
    let who = bench.sign_in("hinata-n01").await;
    let record = erase::run(&app, name, None).await.unwrap();
    assert!(record.live.notes > 2 && record.live.entries > record.live.notes, "{:?}", record.live);
    let left = table(&bench).await;
    for words in [ERASED, CORRECTED, LATER] {
        assert!(!left.contains(words), "{words}");
    }
    assert!(!left.lines().any(|line| line.contains(&format!("\"pk\":\"P#{patient}\""))));
    let rest = readable(&bench).await;
    for words in [ERASED, CORRECTED, LATER] {
        assert!(!rest.contains(words), "{words}");
    }
    let certificate = certificate(&bench, &record).await;
    // Two daily generations and a monthly one, each with the patient's part of the directory at least.
    assert_eq!(certificate.reached.len(), 3);
    for (_, target) in restored(&bench).await {
        let text = table(&target).await;
        assert!(!text.contains(ERASED) && !text.contains(LATER));
    }
    let mut who = who;
    let refused = who.refused::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(refused.code.wire(), "not_found");
}

/// The withdrawal itself has tests of its own; here it is enough that the patient's item says so.
async fn withdraw(bench: &Bench, patient: PatientId) {
    let mut nurse = bench.sign_in("hinata-n01").await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let withdrawn = shared::book::Patient { withdrawn_on: Some(bench.clock_day()), ..thread.patient };
    let item = functions::store::Store::patient_item(&withdrawn, &thread.notes, thread.changes).unwrap();
    bench.app.store.put_all(vec![item]).await.unwrap();
}

#[tokio::test]
async fn an_erasure_that_is_cut_off_anywhere_is_completed_with_the_same_numbers() {
    let bench = Bench::start().await;
    some_days(&bench, &["2026-12"]).await;
    bench.clock.set(at("2031-11-20T09:00:00+09:00"));
    let name = KeyName::Day(day(SENT));
    let mut chance = fastrand::Rng::with_seed(31);
    let mut cut = 0;
    for turn in 1..=8 {
        let polls = chance.usize(1..12 * turn);
        cut += usize::from(cut_off(polls, erase::run(&bench.app, name, None)).await.is_none());
    }
    erase::resume(&bench.app).await.unwrap();
    let record = erase::run(&bench.app, name, None).await.unwrap();
    assert!(cut > 0, "no run was cut off");
    assert_eq!(record.live, Live { entries: 2, notes: 2, receipts: 1, files: 0 });
    assert_eq!(certificate(&bench, &record).await.reached.len(), 2);
    assert!(bench.app.store.erasing().await.unwrap().is_empty());
    assert!(!table(&bench).await.contains(ERASED) && !readable(&bench).await.contains(ERASED));
}

#[tokio::test]
async fn a_copy_that_is_mended_at_the_wrong_moment_does_not_bring_a_destroyed_key_back() {
    let bench = Bench::start().await;
    some_days(&bench, &["2026-12"]).await;
    bench.clock.set(at("2031-11-20T09:00:00+09:00"));
    let name = KeyName::Day(day(SENT));
    let object = bench.app.store.blobs.key_object(KeyCopy::First, name).await.unwrap().unwrap();
    erase::run(&bench.app, name, None).await.unwrap();
    // Somebody puts one copy back, as a bucket restored from elsewhere would.
    bench.app.store.blobs.mend_key_object(KeyCopy::First, name, object.body).await.unwrap();
    let ring = ring::Ring::open(&bench.app).unwrap();
    assert!(matches!(ring.find(name).await.unwrap(), ring::Found::Destroyed));
    assert!(!readable(&bench).await.contains(ERASED));
    let days: BTreeSet<_> =
        bench.app.store.destroyed_keys().await.unwrap().into_iter().map(|k| k.name).collect();
    assert_eq!(days, BTreeSet::from([name]));
    let listed = restore::listed(&bench.app, BackupKind::Daily).await.unwrap();
    let listed = listed.iter().find(|listed| listed.day == day(SENT)).unwrap();
    assert!(
        listed.read(&bench.app).await.unwrap().of(Holds::Journal).next().is_some(),
        "locked objects stay"
    );
}
