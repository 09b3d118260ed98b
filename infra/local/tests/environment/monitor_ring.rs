//! The key ring is looked at in every slot of five minutes, by a job that may read keys, and nothing of it is changed.

use crate::{
    monitor::{drafts, stopped},
    support::{Bench, at},
};
use bytes::Bytes;
use functions::{
    evidence::{
        backup,
        monitor::{self, check, ring},
        ring::{Key, Ring},
    },
    portal::publish,
    settings::Settings,
    store::ring::KeyCopy,
};
use shared::{
    evidence::{
        KeyName, Live,
        monitor::{Cadence, Look, Part},
    },
    procedure::Act,
};
use std::time::Duration;

const NOWHERE: &str = "tsunagaru-nowhere";

/// What is found in the next slot.
async fn look(bench: &Bench) -> Look {
    bench.later(300);
    assert!(ring::run_due(&bench.app).await.unwrap());
    newest(bench).await
}

async fn newest(bench: &Bench) -> Look {
    let records = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Ring)).await.unwrap();
    let look = records.last().unwrap().looks[0].clone();
    assert_eq!(look.part, Part::KeyRing);
    look
}

/// A watched environment whose last day is backed up, and the name of that day's key.
async fn backed_up() -> (Bench, KeyName) {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    backup::run_due(&bench.app).await.unwrap();
    let day = bench.app.store.last_day_kept().await.unwrap().unwrap();
    (bench, KeyName::Day(day))
}

#[tokio::test]
async fn a_key_is_taken_out_of_both_copies_and_none_is_mended() {
    let (bench, name) = backed_up().await;
    let blobs = &bench.app.store.blobs;
    let whole = look(&bench).await;
    assert!(whole.good && whole.words.contains(&name.to_string()), "{whole:?}");
    for copy in KeyCopy::ALL {
        let kept = blobs.key_object(copy, name).await.unwrap().unwrap().body;
        blobs.remove_key_object(copy, name).await.unwrap();
        let gone = look(&bench).await;
        assert!(!gone.good && gone.words.contains(&format!("{}の写し", copy.label())), "{gone:?}");
        assert!(blobs.key_object(copy, name).await.unwrap().is_none(), "looking mends nothing");
        // A copy of something else is none.
        blobs.mend_key_object(copy, name, Bytes::from_static(b"{}")).await.unwrap();
        let broken = look(&bench).await;
        assert!(!broken.good && broken.words.contains(copy.label()), "{broken:?}");
        blobs.mend_key_object(copy, name, kept.clone()).await.unwrap();
        // What is found says nothing of the key.
        let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
        let records = serde_json::to_string(&[gone, broken]).unwrap();
        assert!(["key", "check"].iter().all(|field| !records.contains(kept[field].as_str().unwrap())));
    }
    assert!(look(&bench).await.good);
    let found = drafts(&bench).await;
    let [draft] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(draft.about, "自動検知: 鍵の保管場所");
    assert!(draft.form["content"].starts_with("5分ごと（鍵）の点検で見つかりました。"), "{:?}", draft.form);
    assert!(draft.taken.iter().any(|taken| taken.act == Act::Comment));
}

#[tokio::test]
async fn a_key_that_is_lost_or_another_one_is_found_and_a_destroyed_one_is_not_missed() {
    let (bench, name) = backed_up().await;
    let blobs = &bench.app.store.blobs;
    for copy in KeyCopy::ALL {
        blobs.remove_key_object(copy, name).await.unwrap();
    }
    let lost = look(&bench).await;
    assert!(!lost.good && lost.words.contains("どちらの写しからも"), "{lost:?}");
    let keys = Ring::open(&bench.app).unwrap();
    keys.signing(&name.to_string(), || Key::from([7; 32])).await.unwrap();
    let another = look(&bench).await;
    assert!(!another.good && another.words.contains("使っている鍵と違います"), "{another:?}");
    keys.destroy(name, None, Live::default()).await.unwrap();
    let destroyed = look(&bench).await;
    assert!(destroyed.good && destroyed.words.contains("両方の場所から応答あり"), "{destroyed:?}");
}

#[tokio::test]
async fn without_a_key_both_places_must_answer() {
    let bench = Bench::start().await;
    assert!(!ring::run_due(&bench.app).await.unwrap(), "nothing is watched yet");
    monitor::run_due(&bench.app).await.unwrap();
    let empty = look(&bench).await;
    assert!(empty.good && empty.words.contains("両方の場所から応答あり"), "{empty:?}");
    assert!(!ring::run_due(&bench.app).await.unwrap(), "a slot has one record");
    let places: [fn(&mut Settings); 2] =
        [|settings| settings.keys = NOWHERE.into(), |settings| settings.keys_copy = NOWHERE.into()];
    for gone in places {
        bench.later(300);
        assert!(ring::run_due(&stopped(&bench, gone)).await.unwrap());
        assert!(!newest(&bench).await.good);
    }
}

#[tokio::test]
async fn a_ring_that_nobody_looked_at_is_found_by_the_check() {
    let bench = Bench::start().await;
    publish::run_due(&bench.app).await.unwrap();
    for (minute, looks) in [(0, true), (5, true), (10, false), (15, false), (20, true)] {
        bench.clock.set(at("2026-11-20T10:00:00+09:00").plus_seconds(60 * minute));
        monitor::run_due(&bench.app).await.unwrap();
        if looks {
            ring::run_due(&bench.app).await.unwrap();
        }
        if minute == 0 {
            check::run_due(&bench.app).await.unwrap();
        }
    }
    bench.later(180);
    check::run_due(&bench.app).await.unwrap();
    let found = drafts(&bench).await;
    let [draft] = found.as_slice() else { panic!("{found:?}") };
    let content = &draft.form["content"];
    assert_eq!(draft.about, "自動検知: 監視の記録");
    assert!(
        content.contains("記録のない枠があります: 5分ごと（鍵） 11/20 10:10〜10:20（2枠）\n"),
        "{content}"
    );
}

#[tokio::test]
async fn a_job_that_takes_long_looks_in_every_slot_meanwhile() {
    let bench = Bench::start().await;
    monitor::run_due(&bench.app).await.unwrap();
    let looks = async || {
        let records = bench.app.store.monitor_records(bench.clock_day(), Some(Cadence::Ring)).await;
        records.unwrap().len()
    };
    let slots = 3;
    let work = async {
        for slot in 1..=slots {
            for _ in 0..10_000 {
                if looks().await == slot {
                    break;
                }
            }
            bench.later(300);
        }
        "done"
    };
    let (done, looked) = ring::beside(&bench.app, Duration::from_millis(1), work).await;
    assert!(done == "done" && looked.is_ok());
    assert!(looks().await >= slots);
    // It is told how the last look went, and the work is not lost by it.
    let broken = stopped(&bench, |settings| settings.table = NOWHERE.into());
    let (done, looked) = ring::beside(&broken, Duration::from_millis(1), async { "done" }).await;
    assert!(done == "done" && looked.is_err());
}
