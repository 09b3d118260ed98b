//! Destroyable keys: two copies, mended and missed by name; what lies under them is unreadable without them; whatever was
//! changed on the disk is found and named; runs that are cut off are completed by the next.

use crate::support::{self, Bench, as_note, at, cut_off, new_note};
use functions::{
    evidence::{backup, monthly, restore, system, verify},
    store::ring::KeyCopy,
};
use shared::{
    api::book as b,
    calendar::Day,
    evidence::{BackupKind, Generation, Holds, KeyName, Manifest, VerificationState},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const SENT: &str = "2026-11-20";
const WORDS: &str = "ご家族より、昨夜は三回お手洗いに起きられたとのこと";

fn day() -> Day {
    SENT.parse().unwrap()
}

/// A note, a receipt and a case; then the next day.
async fn a_day(bench: &Bench) {
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let note = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(WORDS))).await;
    doctor.ok::<b::MarkRead>(&patient, &b::ReadTo { number: note.number }).await;
    let form = [("topic", "use"), ("subject", "使い方"), ("question", "印刷のしかたを知りたい")];
    let form = form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let asked = shared::procedure::Asked {
        command: support::command(),
        procedure: shared::procedure::Procedure::Inquiry,
        facility: None,
        channel: shared::procedure::Channel::Online,
        received_on: None,
        form,
    };
    nurse.ok::<shared::api::procedure::OpenCase>(&(), &asked).await;
    bench.clock.set(at("2026-11-21T03:00:00+09:00"));
}

async fn manifest(bench: &Bench, generation: &Generation) -> Manifest {
    let blobs = &bench.app.store.blobs;
    let found =
        blobs.archived(&generation.manifest_key, &generation.manifest_version).await.unwrap().unwrap();
    Manifest::read(&found.body).unwrap()
}

async fn verified(bench: &Bench, generation: &Generation) -> shared::evidence::Verification {
    verify::run(&bench.app, generation.clone()).await.unwrap().verification
}

/// Everything in the archive bucket, as it lies there.
async fn archive(bench: &Bench) -> Vec<(String, Vec<u8>)> {
    let (_, s3) = bench.cloud.endpoints.clients();
    let listed = s3.list_object_versions().bucket(local::cloud::ARCHIVE).send().await.unwrap();
    let mut all = Vec::new();
    for object in listed.versions.unwrap_or_default() {
        let (key, version) = (object.key.unwrap(), object.version_id.unwrap());
        let body = bench.app.store.blobs.archived(&key, &version).await.unwrap().unwrap().body;
        all.push((key, body.to_vec()));
    }
    all
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn a_daily_generation_is_complete_and_nothing_of_it_can_be_read_without_the_keys() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let counts = generation.counts;
    assert_eq!((counts.entries, counts.notes, counts.cases), (1, 1, 1));
    // The writer's own receipt, where everything before was read, and the reader's.
    assert!(counts.receipts >= 1, "{counts:?}");
    assert!(counts.events >= 8, "{counts:?}");
    assert_eq!(verified(&bench, &generation).await.findings, [""; 0]);
    let manifest = manifest(&bench, &generation).await;
    let patient = bench.sign_in("hinata-n01").await.first_patient().await;
    assert!(manifest.is_under(KeyName::Day(day())) && manifest.is_under(KeyName::Patient(patient)));
    let journal = manifest.of(Holds::Journal).next().unwrap();
    assert_eq!(journal.keys, [KeyName::Day(day()), KeyName::Patient(patient)]);
    for (key, body) in archive(&bench).await {
        for words in [WORDS, "日向", "hinata-n01"] {
            assert!(!contains(&body, words.as_bytes()), "{key} tells {words}");
        }
        // Nor is it merely compressed.
        // The whole head that we write: three bytes alone come up in random ones.
        let head = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0];
        assert!(!contains(&body, &head) || key.ends_with(".gz"), "{key}");
    }
    // Made once more, days later: the same is inside, and the audit log of that day no longer grows.
    bench.clock.set(at("2026-11-25T03:00:00+09:00"));
    let late = backup::run(&bench.app, day()).await.unwrap();
    assert_eq!(late.counts, counts);
}

#[tokio::test]
async fn a_person_with_only_the_console_sees_what_an_object_is() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let (_, s3) = bench.cloud.endpoints.clients();
    for object in manifest(&bench, &generation).await.objects {
        let head = s3.head_object().bucket(local::cloud::ARCHIVE).key(&object.key).send().await.unwrap();
        let metadata = head.metadata.unwrap();
        let until = generation.locked_until.to_string();
        let expected = [("kind", "daily"), ("day", SENT), ("locked-until", &until), ("software", "0.1.0")];
        for (name, value) in expected {
            assert_eq!(metadata.get(name).map(String::as_str), Some(value), "{}", object.key);
        }
        let tags =
            s3.get_object_tagging().bucket(local::cloud::ARCHIVE).key(&object.key).send().await.unwrap();
        let tags: Vec<_> = tags.tag_set.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())).collect();
        assert!(expected.iter().all(|pair| tags.contains(pair)), "{tags:?}");
    }
}

#[tokio::test]
async fn a_copy_of_a_key_that_is_missing_is_mended_and_reported() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let blobs = &bench.app.store.blobs;
    let name = KeyName::Day(day());
    for lost in KeyCopy::ALL {
        blobs.remove_key_object(lost, name).await.unwrap();
        let found = verified(&bench, &generation).await;
        assert_eq!(found.state, VerificationState::Damaged);
        assert!(found.findings.iter().any(|finding| finding.contains(SENT)), "{:?}", found.findings);
        assert!(blobs.key_object(lost, name).await.unwrap().is_some());
        assert_eq!(verified(&bench, &generation).await.findings, [""; 0]);
    }
    // A broken one counts as missing.
    blobs.mend_key_object(KeyCopy::First, name, "{}".into()).await.unwrap();
    assert_eq!(verified(&bench, &generation).await.findings.len(), 1);
    assert_eq!(verified(&bench, &generation).await.findings, [""; 0]);
}

#[tokio::test]
async fn a_key_that_is_lost_in_both_copies_is_named_and_never_made_anew() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let name = KeyName::Day(day());
    for copy in KeyCopy::ALL {
        bench.app.store.blobs.remove_key_object(copy, name).await.unwrap();
    }
    let found = verified(&bench, &generation).await;
    assert!(found.findings.iter().all(|finding| finding.contains("days/2026-11-20")), "{:?}", found.findings);
    assert!(!found.findings.is_empty() && found.erased == 0);
    let again = backup::run(&bench.app, day()).await.unwrap_err();
    assert!(again.to_string().contains("days/2026-11-20"), "{again}");
    let other = Bench::empty().await;
    let stopped = restore::run(&bench.app, &other.app).await.unwrap_err();
    assert!(stopped.to_string().contains("days/2026-11-20"), "{stopped}");
    // Another key under its name opens nothing either.
    let foreign = Bench::empty().await;
    a_foreign_key(&bench, &foreign, name).await;
    let found = verified(&bench, &generation).await;
    assert!(!found.findings.is_empty(), "{found:?}");
}

/// Puts a key of another environment where ours was lost.
async fn a_foreign_key(bench: &Bench, foreign: &Bench, name: KeyName) {
    foreign.clock.set(at("2026-11-21T03:00:00+09:00"));
    backup::run(&foreign.app, day()).await.unwrap();
    let object = foreign.app.store.blobs.key_object(KeyCopy::First, name).await.unwrap().unwrap();
    for copy in KeyCopy::ALL {
        bench.app.store.blobs.mend_key_object(copy, name, object.body.clone()).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_root_key_nothing_is_kept_in_a_bucket_that_is_not_under_kms() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let (table, s3) = bench.cloud.endpoints.clients();
    let settings = local::cloud::settings(Vec::new());
    assert!(settings.root_key.is_none());
    let app = functions::app::App::new(table, s3.clone(), Arc::new(bench.clock.clone()), settings);
    let refused = backup::run(&app, day()).await.unwrap_err();
    assert!(refused.to_string().contains("KMS"), "{refused}");
    for bucket in [local::cloud::KEYS, local::cloud::KEYS_COPY] {
        let left = s3.list_objects_v2().bucket(bucket).send().await.unwrap();
        assert_eq!(left.contents().len(), 0, "{bucket}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[tokio::test]
async fn one_flipped_byte_anywhere_is_found_and_named() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let mut listed: Vec<(String, u64)> =
        manifest(&bench, &generation).await.objects.into_iter().map(|o| (o.key, o.bytes)).collect();
    let blobs = &bench.app.store.blobs;
    let written =
        blobs.archived(&generation.manifest_key, &generation.manifest_version).await.unwrap().unwrap();
    listed.push((generation.manifest_key.clone(), written.body.len() as u64));
    let on_disk = files(&bench.folder().join("s3"));
    let mut chance = fastrand::Rng::with_seed(20_261_120);
    for (key, bytes) in archive(&bench).await {
        if !listed.iter().any(|(known, _)| *known == key) {
            continue;
        }
        let same = |path: &&PathBuf| std::fs::read(path).is_ok_and(|found| found == bytes);
        let file = on_disk.iter().find(same).unwrap_or_else(|| panic!("{key} is nowhere"));
        for _ in 0..3 {
            let mut changed = bytes.clone();
            let place = chance.usize(..changed.len());
            changed[place] ^= 1 << chance.u8(..8);
            std::fs::write(file, &changed).unwrap();
            let found = verified(&bench, &generation).await;
            assert_eq!(found.state, VerificationState::Damaged, "{key} at {place}");
            assert!(
                found.findings.iter().any(|finding| finding.contains(&key)),
                "{key} at {place}: {found:?}"
            );
            std::fs::write(file, &bytes).unwrap();
        }
    }
    assert_eq!(verified(&bench, &generation).await.findings, [""; 0]);
}

#[tokio::test]
async fn a_manifest_of_another_format_is_refused_by_name() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let generation = backup::run(&bench.app, day()).await.unwrap();
    let key = functions::store::blob::BlobKey::Manifest(BackupKind::Daily, day(), generation.id);
    let old = br#"{"format":1,"generation":"x"}"#;
    // As somebody would find it who looks at an archive of another version: the first of its key.
    let elsewhere = Bench::empty().await;
    elsewhere.clock.set(bench.clock_now());
    let until = generation.locked_until;
    let version =
        elsewhere.app.store.blobs.archive(&key, "application/json", old[..].into(), until).await.unwrap();
    let sha256 = functions::store::blob::sha256_hex(old);
    let foreign = Generation { manifest_version: version, manifest_sha256: sha256, ..generation };
    let found = verified(&elsewhere, &foreign).await;
    assert_eq!(found.findings.len(), 1);
    assert!(found.findings[0].contains("形式（1）"), "{found:?}");
    let target = Bench::empty().await;
    let stopped = restore::run(&elsewhere.app, &target.app).await.unwrap_err();
    assert!(matches!(stopped, restore::RestoreError::Format(_, 1)), "{stopped}");
}

#[tokio::test]
async fn a_monthly_generation_is_due_once_a_month_and_restores_everything() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    assert!(monthly::run_due(&bench.app).await.unwrap().is_some(), "this month has none yet");
    assert!(monthly::run_due(&bench.app).await.unwrap().is_none(), "once a month");
    backup::run_due(&bench.app).await.unwrap();
    bench.clock.set(at("2026-12-01T02:59:00+09:00"));
    backup::run_due(&bench.app).await.unwrap();
    assert!(monthly::run_due(&bench.app).await.unwrap().is_none());
    bench.clock.set(at("2026-12-01T03:00:00+09:00"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("今朝の分"))).await;
    let made = monthly::run_due(&bench.app).await.unwrap().unwrap();
    assert_eq!(
        (made.verification.state, made.day),
        (VerificationState::Sound, "2026-12-01".parse().unwrap())
    );
    assert_eq!(made.last_kept_day, "2031-11-30".parse().unwrap());
    let manifest = manifest(&bench, &made).await;
    // What was sent is under its own day, not under that of the snapshot.
    let days = |holds| -> Vec<Day> {
        let keys = manifest.of(holds).flat_map(|object| object.keys.clone());
        keys.filter_map(|key| if let KeyName::Day(day) = key { Some(day) } else { None }).collect()
    };
    assert!(days(Holds::Journal).contains(&day()) && days(Holds::Journal).contains(&made.day));
    assert_eq!(days(Holds::Directory), [made.day]);
    assert!(manifest.of(Holds::Held).next().is_some_and(|held| held.lines > 0));

    let (from_daily, from_monthly) = (Bench::empty().await, Bench::empty().await);
    let snapshot = restore::month(&bench.app, &from_monthly.app, made.day.month()).await.unwrap();
    let replayed = restore::run(&bench.app, &from_daily.app).await.unwrap();
    assert_eq!((snapshot.notes, snapshot.files), (replayed.notes + 1, replayed.files));
    assert_eq!(snapshot.cases, 1);
    from_monthly.clock.set(at("2026-12-01T04:00:00+09:00"));
    let mut nurse = from_monthly.sign_in_by_recovery("hinata-n01").await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(thread.notes.last().unwrap().text, "今朝の分");
    for id in thread.notes.iter().flat_map(|note| &note.attachments).map(|file| file.id) {
        nurse.ok::<b::OpenAttachment>(&(patient, id), &shared::api::Empty {}).await;
    }
}

#[tokio::test]
async fn what_a_monthly_generation_relies_on_is_looked_for() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    backup::run_due(&bench.app).await.unwrap();
    let made = monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    assert_eq!(verified(&bench, &made).await.findings, [""; 0]);
    // The daily copies' time is over before that of the monthly one; by then they may be gone only if they were erased.
    bench.clock.set(at("2031-11-20T12:00:00+09:00"));
    let (_, s3) = bench.cloud.endpoints.clients();
    let daily = bench.app.store.generations_of(BackupKind::Daily, day(), day()).await.unwrap().pop().unwrap();
    let audit = manifest(&bench, &daily).await.of(Holds::Audit).next().unwrap().clone();
    let gone = s3.delete_object().bucket(local::cloud::ARCHIVE).key(&audit.key).version_id(&audit.version);
    gone.send().await.unwrap();
    let found = verified(&bench, &daily).await;
    assert!(found.findings.iter().any(|finding| finding.contains(&audit.key)), "{found:?}");
}

#[tokio::test]
async fn system_data_is_kept_at_each_change_and_only_then() {
    let bench = Bench::start().await;
    let first = system::run_due(&bench.app).await.unwrap().unwrap();
    assert_eq!((first.kind, first.verification.state), (BackupKind::System, VerificationState::Sound));
    assert!(system::run_due(&bench.app).await.unwrap().is_none());
    let (table, s3) = bench.cloud.endpoints.clients();
    let mut settings = bench.app.settings.clone();
    settings.prompt_hours += 1;
    let changed = functions::app::App::new(table, s3, Arc::new(bench.clock.clone()), settings);
    bench.later(3600);
    assert!(system::run_due(&changed).await.unwrap().is_some());
    assert!(system::run_due(&changed).await.unwrap().is_none());
    let (kept, _) = bench.app.store.generations(BackupKind::System, None).await.unwrap();
    assert_eq!(kept.len(), 2);
}

#[tokio::test]
async fn a_run_that_is_cut_off_anywhere_leaves_nothing_half_good_and_the_next_completes_it() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let mut chance = fastrand::Rng::with_seed(7);
    let mut cut = 0;
    for turn in 1..=12 {
        let polls = chance.usize(1..20 * turn);
        cut += usize::from(cut_off(polls, backup::run(&bench.app, day())).await.is_none());
        // Whatever is catalogued is whole.
        for generation in bench.app.store.generations_of(BackupKind::Daily, day(), day()).await.unwrap() {
            assert_eq!(verified(&bench, &generation).await.findings, [""; 0]);
        }
    }
    assert!(cut > 0, "no run was cut off");
    let whole = backup::run(&bench.app, day()).await.unwrap();
    assert_eq!(verified(&bench, &whole).await.state, VerificationState::Sound);
    let other = Bench::empty().await;
    assert_eq!(restore::run(&bench.app, &other.app).await.unwrap().entries as u64, whole.counts.entries);
}
