//! Tonight's backup: made at its time, locked to the day, verified, restored byte for byte.

use crate::support::{Bench, as_note, at, command, new_note};
use aws_sdk_s3::{
    primitives::DateTime,
    types::{ObjectLockRetention, ObjectLockRetentionMode},
};
use functions::{
    evidence::{
        asked, backup,
        by_hand::{self, ByHand, ByHandError},
        restore, seal, verify,
    },
    store::{blob::BlobKey, item::Item},
};
use serde_json::json;
use shared::{
    api::{Empty, book as b, error::Code, evidence as e},
    authority::Action,
    book::Act,
    calendar::Day,
    evidence::{COMMAND_LINE_SOURCE, Generation, ManualBackup, Outcome, VerificationState, WantedRun},
};
use std::collections::{BTreeMap, BTreeSet};

const SENT: &str = "2026-11-20";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A day with a note, a correction, a retraction and a 了解; then the night.
async fn a_day(bench: &Bench) -> Vec<Generation> {
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.first_patient().await;
    let first =
        nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("体温 36.8℃ \"引用\" \\ 改行\nあり"))).await;
    let second = doctor.ok::<b::CreateNote>(&patient, &as_note(new_note("了解しました。"))).await;
    let acknowledge = shared::api::Command { command: command() };
    doctor.ok::<b::Acknowledge>(&(patient, first.number), &acknowledge).await;
    let revise = shared::book::Revise { command: command(), revision: 1, text: "体温 37.8℃".into() };
    nurse.ok::<b::ReviseNote>(&(patient, first.number), &revise).await;
    let retract = shared::book::Retract { command: command(), revision: 1, reason: "誤り".into() };
    doctor.ok::<b::RetractNote>(&(patient, second.number), &retract).await;
    bench.clock.set(at("2026-11-21T01:59:00+09:00"));
    let early = backup::run_due(&bench.app).await.unwrap();
    assert!(early.iter().all(|generation| generation.day < day(SENT)));
    bench.clock.set(at("2026-11-21T02:00:00+09:00"));
    let made = backup::run_due(&bench.app).await.unwrap();
    assert_eq!(made.iter().map(|generation| generation.day).collect::<Vec<_>>(), [day(SENT)]);
    assert!(backup::run_due(&bench.app).await.unwrap().is_empty(), "safe to repeat");
    [early, made].concat()
}

/// Everything about notes in a table, as lines: a test may scan.
async fn book(bench: &Bench) -> BTreeMap<String, String> {
    let (table, _) = bench.cloud.endpoints.clients();
    let mut lines = BTreeMap::new();
    let mut start = None;
    loop {
        let page =
            table.scan().table_name(local::cloud::TABLE).set_exclusive_start_key(start).send().await.unwrap();
        for item in page.items.unwrap_or_default().into_iter().map(Item::from) {
            let key = item.key().unwrap();
            let of_patient = key.pk.starts_with("P#") && !key.sk.starts_with("T#");
            if of_patient || key.pk.starts_with("D#") {
                lines.insert(format!("{} {}", key.pk, key.sk), item.to_line().unwrap());
            }
        }
        start = page.last_evaluated_key;
        if start.is_none() {
            return lines;
        }
    }
}

#[tokio::test]
async fn restored_into_an_empty_environment_it_is_the_same_byte_for_byte() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let other = Bench::empty().await;
    let restored = restore::run(&bench.app, &other.app).await.unwrap();
    let (was, is) = (book(&bench).await, book(&other).await);
    let keys = |book: &BTreeMap<String, String>| book.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&was), keys(&is));
    for (key, line) in &was {
        assert_eq!(Some(line), is.get(key), "{key}");
    }
    assert!(restored.notes > 200 && restored.files > 0);
    // And a person can go on there.
    other.clock.set(at("2026-11-21T03:00:00+09:00"));
    let mut nurse = other.sign_in_by_recovery("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let next = nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("続き"))).await;
    assert_eq!(next.number.0, thread.last.0 + 1);
    for id in thread.notes.iter().flat_map(|note| &note.attachments).map(|a| a.id) {
        nurse.ok::<b::OpenAttachment>(&(patient, id), &Empty {}).await;
    }
}

#[tokio::test]
async fn after_a_restore_nobody_has_read_what_was_not_restored() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    nurse.ok::<b::MarkRead>(&patient, &b::ReadTo { number: thread.last }).await;
    // Of today, so in no generation yet, while the directory of last night is written after it.
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("今日の分"))).await;
    backup::run_due(&bench.app).await.unwrap();
    let other = Bench::empty().await;
    let restored = restore::run(&bench.app, &other.app).await.unwrap();
    assert_eq!(restored.missing, []);
    let (mut nurse, mut doctor) =
        (other.sign_in_by_recovery("hinata-n01").await, other.sign_in_by_recovery("aoba-d01").await);
    let next = doctor.ok::<b::CreateNote>(&patient, &as_note(new_note("復元の後"))).await;
    assert_eq!(next.number.0, thread.last.0 + 1);
    let rows = nurse.ok::<b::ListPatients>(&(), &Empty {}).await.rows;
    assert_eq!(rows.iter().find(|row| row.patient.id == patient).unwrap().unread, 1);
}

#[tokio::test]
async fn a_day_with_many_generations_is_made_once_and_listed_whole() {
    let bench = Bench::start().await;
    let newest = a_day(&bench).await.pop().unwrap();
    // A page of the catalogue and more, most of them of one day, without making them all.
    for n in 0..120 {
        let id = shared::id::GenerationId::from_parts(1, n);
        bench.app.store.put_generation(&Generation { id, ..newest.clone() }).await.unwrap();
    }
    assert!(backup::run_due(&bench.app).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_day_whose_file_is_lost_keeps_no_other_day_from_being_made() {
    let bench = Bench::start().await;
    let today = bench.clock_day();
    let mut lost = None;
    for day in (1..=14).map(|back| today.plus_days(-back)) {
        let entries = bench.app.store.journal(day).await.unwrap();
        let file = entries.into_iter().find_map(|(_, entry)| match entry.act {
            Act::Sent { note } => note.attachments.first().map(|file| file.id),
            _ => None,
        });
        if let Some(file) = file {
            bench.app.store.blobs.erase_attachment(&BlobKey::File(file)).await.unwrap();
            lost = Some(day);
            break;
        }
    }
    let lost = lost.unwrap();
    assert!(backup::run_due(&bench.app).await.is_err());
    let kept = bench.app.store.days_kept(today.plus_days(-14), today).await.unwrap();
    assert!(!kept.contains(&lost), "{lost}");
    let first = *kept.first().unwrap();
    assert!(first < lost, "the days before it, too");
    let all = std::iter::successors(Some(first), |day| Some(day.plus_days(1)));
    assert_eq!(kept.len() + 1, all.take_while(|day| *day < today).count(), "{kept:?}");
}

/// People worked with it before the first note was sent: what was decided and by whom is kept, too.
#[tokio::test]
async fn a_day_before_the_first_note_has_its_generation_once_the_log_is_sealed() {
    let bench = Bench::empty().await;
    bench.clock.set(at("2026-11-20T23:00:00+09:00"));
    seal::run_due(&bench.app).await.unwrap();
    bench.clock.set(at("2026-11-21T02:00:00+09:00"));
    let made = backup::run_due(&bench.app).await.unwrap();
    assert_eq!(made.iter().map(|generation| generation.day).collect::<Vec<_>>(), [day(SENT)]);
}

#[tokio::test]
async fn runs_side_by_side_lock_a_day_once() {
    let bench = std::sync::Arc::new(Bench::start().await);
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move { backup::run_due(&bench.app).await.unwrap() })
        })
        .collect();
    let mut days = Vec::new();
    for run in runs {
        days.extend(run.await.unwrap().into_iter().map(|generation| generation.day));
    }
    let once: BTreeSet<_> = days.iter().copied().collect();
    assert!(!days.is_empty() && once.len() == days.len(), "{days:?}");
}

#[tokio::test]
async fn what_is_put_on_top_of_a_manifest_hides_nothing() {
    let bench = Bench::start().await;
    let generation = a_day(&bench).await.pop().unwrap();
    let (_, s3) = bench.cloud.endpoints.clients();
    let (bucket, key) = (local::cloud::ARCHIVE, &generation.manifest_key);
    let forged = aws_sdk_s3::primitives::ByteStream::from_static(b"{}");
    s3.put_object().bucket(bucket).key(key).body(forged).send().await.unwrap();
    s3.delete_object().bucket(bucket).key(key).send().await.unwrap();
    let verified = verify::run(&bench.app, generation).await.unwrap();
    assert_eq!(verified.verification.state, VerificationState::Sound);
    let other = Bench::empty().await;
    restore::run(&bench.app, &other.app).await.unwrap();
    assert_eq!(book(&bench).await, book(&other).await);
}

#[tokio::test]
async fn nobody_shortens_or_deletes_it_before_its_last_day_is_over() {
    let bench = Bench::start().await;
    let generation = a_day(&bench).await.pop().unwrap();
    assert_eq!(generation.last_kept_day, day("2031-11-19"));
    assert_eq!(generation.verification.state, VerificationState::Sound);
    let (_, s3) = bench.cloud.endpoints.clients();
    let bucket = local::cloud::ARCHIVE;
    let listed =
        s3.list_object_versions().bucket(bucket).prefix(format!("daily/{SENT}/")).send().await.unwrap();
    let versions = listed.versions.unwrap_or_default();
    assert!(versions.len() >= 3);
    for object in &versions {
        let (key, version) = (object.key.as_ref().unwrap(), object.version_id.as_ref().unwrap());
        let delete = || s3.delete_object().bucket(bucket).key(key).version_id(version);
        assert!(
            delete().send().await.is_err()
                && delete().bypass_governance_retention(true).send().await.is_err()
        );
        for (mode, until) in [
            (ObjectLockRetentionMode::Compliance, DateTime::from_secs(generation.locked_until.seconds() - 1)),
            (ObjectLockRetentionMode::Governance, DateTime::from_secs(generation.locked_until.seconds())),
        ] {
            let retention = ObjectLockRetention::builder().mode(mode).retain_until_date(until).build();
            let ask = s3.put_object_retention().bucket(bucket).key(key).version_id(version);
            assert!(ask.retention(retention).bypass_governance_retention(true).send().await.is_err());
        }
        let held =
            s3.get_object_retention().bucket(bucket).key(key).version_id(version).send().await.unwrap();
        let until = held.retention.unwrap().retain_until_date.unwrap();
        assert_eq!(until.secs(), at("2031-11-20T00:00:00+09:00").seconds(), "{key}");
    }
    let object = &versions[0];
    let (key, version) = (object.key.as_ref().unwrap(), object.version_id.as_ref().unwrap());
    let delete = || s3.delete_object().bucket(bucket).key(key).version_id(version).send();
    bench.clock.set(at("2031-11-19T23:59:59+09:00"));
    assert!(delete().await.is_err());
    bench.clock.set(at("2031-11-20T00:00:01+09:00"));
    assert!(delete().await.is_ok());
    // What is gone is found, by name.
    let damaged = verify::run(&bench.app, generation).await.unwrap();
    assert_eq!(damaged.verification.state, VerificationState::Damaged);
    assert!(damaged.verification.findings.iter().any(|finding| finding.contains(key.as_str())));
}

#[tokio::test]
async fn the_system_administrator_sees_runs_and_verifies_it() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let mut admin = bench.sign_in("sa-01").await;
    let list = admin.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    let newest = &list.generations[0];
    assert_eq!(
        (newest.day, newest.counts.notes, newest.counts.entries, list.daily_at),
        (day(SENT), 2, 5, (2, 0))
    );
    assert!(list.generations.windows(2).all(|pair| pair[0].day > pair[1].day));
    let again = shared::api::Command { command: command() };
    admin.ok::<e::VerifyBackup>(&newest.id, &again).await;

    let run = |day: Day, reason: &str| ManualBackup { command: command(), day, reason: reason.into() };
    let today = bench.clock_day();
    assert_eq!(admin.refused::<e::RunBackup>(&(), &run(today, "試し")).await.fields[0].field, "day");
    assert_eq!(admin.refused::<e::RunBackup>(&(), &run(day(SENT), " ")).await.fields[0].field, "reason");
    admin.ok::<e::RunBackup>(&(), &run(day(SENT), "訓練のため")).await;
    bench.later(60);
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 2);
    let runs = admin.ok::<e::ListRuns>(&(), &Empty {}).await.runs;
    assert!(runs.iter().all(|run| run.ended.as_ref().unwrap().failed.is_none()), "{runs:?}");
    let made = runs.iter().filter(|run| matches!(run.wanted, WantedRun::Backup { .. }));
    let made = made.filter_map(|run| run.ended.as_ref()?.generation).next().unwrap();
    let manual = bench.app.store.generation(made).await.unwrap().unwrap();
    assert_eq!((manual.counts.entries, manual.verification.state), (5, VerificationState::Sound));
    let mut auditor = bench.sign_in("audit-01").await;
    let list = auditor.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    assert_eq!(list.generations.iter().filter(|generation| generation.day == day(SENT)).count(), 2);
    let refused = auditor.refused::<e::RunBackup>(&(), &run(day(SENT), "監査者")).await;
    assert_eq!(refused.code.wire(), "forbidden");
    let events = bench.events().await;
    let line = json!(events).to_string();
    assert!(line.contains(&manual.id.to_string()) && !line.contains("訓練のため"));
}

#[tokio::test]
async fn a_run_from_the_command_line_names_its_person_and_its_reason() {
    let bench = Bench::start().await;
    a_day(&bench).await;
    let app = &bench.app;
    // Without a reason, by nobody, or by somebody who may not, nothing begins.
    for (by, reason, field) in [("sa-01", " ", "reason"), ("nobody-01", "訓練のため", "by")] {
        let error = ByHand::backup(app, by, reason).await.unwrap_err();
        assert!(error.to_string().starts_with(field), "{error}");
    }
    let long = "長".repeat(shared::text::REASON_MAX + 1);
    assert!(matches!(ByHand::backup(app, "sa-01", &long).await, Err(ByHandError::Field(_))));
    let refused = ByHand::backup(app, "hinata-n01", "訓練のため").await.unwrap_err();
    assert!(matches!(refused, ByHandError::Forbidden));

    let by_hand = ByHand::backup(app, "sa-01", "画面が使えないため").await.unwrap();
    let generation = backup::run(app, day(SENT)).await.unwrap();
    let generation = verify::run(app, generation).await.unwrap();
    by_hand.catalogue(app, &generation).await.unwrap();
    by_hand::note_verification(app, &generation).await.unwrap();
    let reason = app.store.manual_reason(generation.id).await.unwrap();
    assert_eq!(reason.as_deref(), Some("画面が使えないため"));

    let events = bench.events().await;
    let here = events.iter().filter(|event| event.source == COMMAND_LINE_SOURCE).collect::<Vec<_>>();
    let said = here.iter().map(|event| (event.action, event.who.is_some(), event.outcome));
    let forbidden = Outcome::Refused(Code::Forbidden);
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            (Action::RunBackup, true, forbidden),
            (Action::RunBackup, true, Outcome::Done),
            (Action::VerifyBackup, false, Outcome::Done)
        ]
    );
    let mut admin = bench.sign_in("sa-01").await;
    let account = admin.me.as_ref().unwrap().actor.account;
    let who = here[1].who.as_ref().unwrap();
    assert_eq!((who.account, &here[1].thing), (account, &vec![generation.id.to_string()]));
    assert!(!json!(events).to_string().contains("画面が使えない"), "the audit log holds no text");
    // Whoever reads the list finds it, and a day that was erased is told apart.
    let list = admin.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    assert!(list.generations.iter().any(|found| found.id == generation.id));
    assert!(by_hand::not_erased(app, day(SENT)).await.unwrap().is_ok());
}
