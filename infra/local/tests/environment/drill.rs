//! The drill: generations read back, a restore in isolation that is compared, proven and dropped (requirements §2, 12).

use crate::support::{Bench, as_note, at, new_note};
use functions::evidence::{backup, drill, monitor, seal};
use local::cloud::{ARCHIVE, TABLE};
use shared::{
    api::{Empty, evidence as e, procedure as k},
    evidence::{VerificationState, drill::Proof},
    procedure::Channel,
};

/// A day is over and backed up.
async fn backed_up() -> Bench {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<shared::api::book::CreateNote>(&patient, &as_note(new_note("訓練の前の日"))).await;
    bench.clock.set(at("2026-11-21T03:00:00+09:00"));
    backup::run_due(&bench.app).await.unwrap();
    seal::run_due(&bench.app).await.unwrap();
    bench
}

async fn names(bench: &Bench) -> (Vec<String>, Vec<String>) {
    let (table, blobs) = bench.cloud.endpoints.clients();
    let tables = table.list_tables().send().await.unwrap().table_names.unwrap_or_default();
    let buckets = blobs.list_buckets().send().await.unwrap().buckets.unwrap_or_default();
    (tables, buckets.into_iter().filter_map(|bucket| bucket.name).collect())
}

/// Damages what the archive holds of an object, past its interface: as a disk would.
async fn break_one(bench: &Bench) -> String {
    let (_, blobs) = bench.cloud.endpoints.clients();
    let list = blobs.list_object_versions().bucket(ARCHIVE).prefix("daily/").send().await.unwrap();
    let of = |version: &aws_sdk_s3::types::ObjectVersion| version.key().unwrap().contains("/journal");
    // The last one: a restore under way comes to it at the end.
    let broken = list.versions().iter().rev().find(|version| of(version)).unwrap();
    let key = broken.key().unwrap().to_owned();
    let got = blobs.get_object().bucket(ARCHIVE).key(&key).send().await.unwrap();
    let body = got.body.collect().await.unwrap().into_bytes();
    let mut found = None;
    let mut folders = vec![bench.folder().join("s3")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::metadata(&path).unwrap().len() == body.len() as u64
                && std::fs::read(&path).unwrap() == body[..]
            {
                found = Some(path);
            }
        }
    }
    let path = found.unwrap();
    let mut bytes = body.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let mut rights = std::fs::metadata(&path).unwrap().permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "a test breaks what it made")]
    rights.set_readonly(false);
    std::fs::set_permissions(&path, rights).unwrap();
    std::fs::write(&path, bytes).unwrap();
    key
}

#[tokio::test]
async fn a_drill_restores_in_isolation_compares_and_leaves_a_locked_proof() {
    let bench = backed_up().await;
    let before = names(&bench).await;
    assert!(drill::run_due(&bench.app, None).await.unwrap().is_none(), "not before four");
    bench.clock.set(at("2026-11-21T04:00:00+09:00"));
    // What is changed after the generation cannot be the same, and is no finding.
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<shared::api::book::CreateNote>(&patient, &as_note(new_note("世代の後"))).await;
    let ran = drill::run_due(&bench.app, None).await.unwrap().unwrap();
    let proof = ran.proof.unwrap();
    assert_eq!((proof.findings.as_slice(), ran.damaged.as_slice()), ([].as_slice(), [].as_slice()));
    assert!(ran.read >= 1 && proof.notes > 200 && proof.files > 0 && proof.audit_entries > 0, "{proof:?}");
    assert!(
        proof.same > proof.entries + proof.notes && proof.changed_since >= 1 && proof.people > 20,
        "{proof:?}"
    );
    assert_eq!(names(&bench).await, before, "the isolated place is dropped");
    assert!(drill::run_due(&bench.app, None).await.unwrap().is_none(), "once a day");

    let (_, blobs) = bench.cloud.endpoints.clients();
    let key = format!("drills/2026-11-21/{}.json", proof.id);
    let got = blobs.get_object().bucket(ARCHIVE).key(&key).send().await.unwrap();
    let (version, until) = (got.version_id.clone().unwrap(), got.object_lock_retain_until_date.unwrap());
    assert_eq!(until.secs(), at("2031-11-21T00:00:00+09:00").seconds());
    let body = got.body.collect().await.unwrap().into_bytes();
    assert_eq!(serde_json::from_slice::<Proof>(&body).unwrap(), proof);
    assert!(blobs.delete_object().bucket(ARCHIVE).key(&key).version_id(version).send().await.is_err());

    let mut auditor = bench.sign_in("audit-01").await;
    assert_eq!(auditor.ok::<e::ListDrills>(&(), &Empty {}).await.proofs, [proof]);
    assert_eq!(nurse.refused::<e::ListDrills>(&(), &Empty {}).await.code.wire(), "forbidden");
    let top = bench.nobody().send("GET", "/portal/", None).await;
    assert!(String::from_utf8_lossy(&top.body).contains("最後に証明された復元"), "{}", top.status);

    // Every day generations are read back; a week later it is restored again.
    bench.clock.set(at("2026-11-22T04:00:00+09:00"));
    let next = drill::run_due(&bench.app, None).await.unwrap().unwrap();
    assert!(next.read >= 1 && next.proof.is_none());
    bench.clock.set(at("2026-11-28T04:00:00+09:00"));
    assert!(drill::run_due(&bench.app, None).await.unwrap().unwrap().proof.is_some());
}

#[tokio::test]
async fn a_damaged_generation_turns_red_and_opens_a_draft_within_a_day() {
    let bench = backed_up().await;
    let key = break_one(&bench).await;
    bench.clock.set(at("2026-11-21T04:00:00+09:00"));
    let ran = drill::run_due(&bench.app, None).await.unwrap().unwrap();
    assert_eq!(ran.damaged.len(), 1);
    assert!(key.contains(&ran.damaged[0].to_string()), "{key}");
    let proof = ran.proof.unwrap();
    assert!(!proof.is_good() && proof.findings[0].contains(&key), "{proof:?}");
    let mut sa = bench.sign_in("sa-01").await;
    let list = sa.ok::<e::ListBackups>(&(), &e::GenerationsPage::default()).await;
    let red: Vec<_> =
        list.generations.iter().filter(|g| g.verification.state == VerificationState::Damaged).collect();
    assert!(red.len() == 1 && red[0].verification.findings[0].contains(&key), "{red:?}");
    let cases = sa.ok::<k::ListCases>(&(), &k::CasesQuery { closed: false, number: None }).await;
    let drafts: Vec<_> = cases.rows.iter().filter(|row| row.channel == Channel::System).collect();
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    let draft = sa.ok::<k::ReadCase>(&drafts[0].id, &Empty {}).await.case;
    assert!(draft.form["content"].contains("異常のある世代"), "{:?}", draft.form);
    // The portal does not say that it was proven.
    let top = bench.nobody().send("GET", "/portal/", None).await;
    assert!(!String::from_utf8_lossy(&top.body).contains("最後に証明された復元"));
    // The next day it is still so: no second draft.
    bench.clock.set(at("2026-11-22T04:00:00+09:00"));
    drill::run_due(&bench.app, None).await.unwrap().unwrap();
    let mut sa = bench.sign_in("sa-01").await;
    let cases = sa.ok::<k::ListCases>(&(), &k::CasesQuery { closed: false, number: None }).await;
    assert_eq!(cases.rows.iter().filter(|row| row.channel == Channel::System).count(), 1);
}

#[tokio::test]
async fn what_differs_from_what_is_in_use_is_found() {
    let bench = backed_up().await;
    // Somebody changes a note past the product: no entry of the journal says so.
    let (table, _) = bench.cloud.endpoints.clients();
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let key = functions::store::keys::note(patient, shared::book::NoteNumber(1));
    let item = |name: &str, value: &str| {
        (name.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned()))
    };
    let update = table.update_item().table_name(TABLE).update_expression("SET doc = :doc");
    let update = update.set_key(Some([item("pk", &key.pk), item("sk", &key.sk)].into()));
    update.set_expression_attribute_values(Some([item(":doc", "{}")].into())).send().await.unwrap();
    let proof = drill::run(&bench.app, true, true, None).await.unwrap().unwrap().proof.unwrap();
    assert!(!proof.is_good(), "{proof:?}");
    assert!(proof.findings.iter().any(|finding| finding.contains(&patient.to_string())), "{proof:?}");
}

#[tokio::test]
async fn what_a_drill_that_died_left_is_dropped_by_the_next() {
    let bench = backed_up().await;
    let before = names(&bench).await;
    let id = functions::random::id(bench.clock_now(), shared::id::GenerationId::from_parts);
    let left = functions::store::drill::Isolated::of(&bench.app.settings, id);
    assert!(bench.app.store.begin_drill(left.clone(), bench.clock_now(), 600).await.unwrap().is_some());
    bench.app.store.make_isolated(&left).await.unwrap();
    assert!(drill::run(&bench.app, true, true, None).await.unwrap().is_none(), "it is still in hand");
    bench.later(601);
    assert!(drill::run(&bench.app, true, true, None).await.unwrap().unwrap().proof.unwrap().is_good());
    assert_eq!(names(&bench).await, before);
}

#[tokio::test]
async fn a_drill_whose_time_is_up_goes_on_in_the_next_run_and_proves_the_same() {
    let bench = backed_up().await;
    let before = names(&bench).await;
    let straight = drill::run(&bench.app, true, true, None).await.unwrap().unwrap().proof.unwrap();
    bench.clock.set(at("2026-11-28T04:00:00+09:00"));
    let mut turns = 0;
    let proof = loop {
        turns += 1;
        bench.later(60);
        let ran = drill::run_due(&bench.app, Some(std::time::Instant::now())).await.unwrap().unwrap();
        assert_eq!(ran.paused, ran.proof.is_none());
        assert_eq!(ran.read > 0, turns == 1, "generations are read back once");
        if let Some(proof) = ran.proof {
            break proof;
        }
    };
    assert!(turns > 10, "{turns} turns");
    assert!(proof.is_good(), "{proof:?}");
    assert_eq!((proof.notes, proof.files, proof.people), (straight.notes, straight.files, straight.people));
    assert_eq!(proof.cases, straight.cases);
    // The first drill itself changed what the portal says.
    assert!(proof.same + proof.changed_since >= straight.same, "{proof:?} {straight:?}");
    assert_eq!(names(&bench).await, before, "the isolated place is dropped");
    assert!(drill::run_due(&bench.app, None).await.unwrap().is_none());
}

/// A function ends after a quarter of an hour: what was read back in the morning is good, and the restore fails an hour later.
#[tokio::test]
async fn a_restore_that_fails_in_a_later_run_opens_its_draft_too() {
    let bench = backed_up().await;
    bench.clock.set(at("2026-11-21T04:00:00+09:00"));
    let soon = || Some(std::time::Instant::now());
    let first = drill::run_due(&bench.app, soon()).await.unwrap().unwrap();
    assert!(first.paused && first.damaged.is_empty(), "{first:?}");
    let key = break_one(&bench).await;
    let proof = loop {
        bench.later(60);
        if let Some(proof) = drill::run_due(&bench.app, soon()).await.unwrap().unwrap().proof {
            break proof;
        }
    };
    assert!(!proof.is_good() && proof.audit_entries > 0, "{proof:?}");
    let mut sa = bench.sign_in("sa-01").await;
    let cases = sa.ok::<k::ListCases>(&(), &k::CasesQuery { closed: false, number: None }).await;
    let drafts: Vec<_> = cases.rows.iter().filter(|row| row.channel == Channel::System).collect();
    assert_eq!(drafts.len(), 1, "{drafts:?}");
    let content = &sa.ok::<k::ReadCase>(&drafts[0].id, &Empty {}).await.case.form["content"];
    assert!(content.contains("世代を読み戻し") && content.contains(&key), "{content}");
}

#[tokio::test]
async fn somebody_who_did_not_come_back_is_found() {
    let bench = backed_up().await;
    // A facility that is older than the generation and stands in none: as if the backup had passed it over.
    let nurse = bench.sign_in("hinata-n01").await;
    let known = bench.app.store.facility(nurse.me.unwrap().actor.facility).await.unwrap().unwrap();
    let passed_over = shared::people::Facility { id: shared::id::FacilityId::from_parts(1, 77), ..known };
    let item = functions::store::Store::facility_item(&passed_over).unwrap();
    bench.app.store.put_all(vec![item]).await.unwrap();
    let proof = drill::run(&bench.app, true, true, None).await.unwrap().unwrap().proof.unwrap();
    assert!(proof.findings.iter().any(|finding| finding.contains("1件が戻っていません")), "{proof:?}");
}
