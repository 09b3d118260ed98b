//! The asset ledger 資産台帳: registered by one, read by those who answer for it, kept as system data with each version.

use crate::support::{Bench, command};
use flate2::read::GzDecoder;
use functions::evidence::system;
use shared::{
    api::{Empty, evidence as e},
    evidence::{Holds, LEDGER_HEAD, Manifest, NewLedger},
};
use std::io::Read;

fn ledger(follows: u32, lines: &str) -> NewLedger {
    NewLedger { command: command(), follows, text: format!("\u{feff}{LEDGER_HEAD}\r\n{lines}\r\n") }
}

/// What the newest generation of system data says.
async fn system_data(bench: &Bench) -> String {
    let generation = system::run_due(&bench.app).await.unwrap().unwrap();
    let blobs = &bench.app.store.blobs;
    let manifest =
        blobs.archived(&generation.manifest_key, &generation.manifest_version).await.unwrap().unwrap();
    let manifest = Manifest::read(&manifest.body).ok().unwrap();
    let object = manifest.of(Holds::System).next().unwrap();
    let found = blobs.archived(&object.key, &object.version).await.unwrap().unwrap();
    let mut text = String::new();
    GzDecoder::new(found.body.as_ref()).read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_version_is_registered_read_and_kept_as_system_data() {
    let bench = Bench::start().await;
    assert!(!system_data(&bench).await.contains("\"what\":\"ledger\""));
    let mut sa = bench.sign_in("sa-01").await;
    let first = ledger(
        0,
        "30-data/Table,データベース,データ,AWS 東京リージョン,契約事業者,高,高,高,arn:aws:dynamodb:x",
    );
    let version = sa.ok::<e::KeepLedger>(&(), &first).await;
    assert_eq!((version.number, version.rows), (1, 1));
    assert_eq!(sa.ok::<e::KeepLedger>(&(), &first).await, version, "the same act twice");
    bench.later(60);
    assert!(system_data(&bench).await.contains("arn:aws:dynamodb:x"));
    assert!(system::run_due(&bench.app).await.unwrap().is_none(), "it has not changed");

    // What is wrong is named by its line, and nothing is registered.
    let wrong = sa.refused::<e::KeepLedger>(&(), &ledger(1, "a,b,c,d,e,高,最高,高,x")).await;
    assert!(wrong.fields[0].field == "text" && wrong.fields[0].message.starts_with("2行目"), "{wrong:?}");
    // Somebody who has not seen the newest version does not overwrite it.
    let second = ledger(0, "a,b,c,d,e,高,高,高,x");
    assert_eq!(sa.refused::<e::KeepLedger>(&(), &second).await.code.wire(), "stale");
    let next =
        sa.ok::<e::KeepLedger>(&(), &NewLedger { follows: 1, ..ledger(1, "a,b,c,d,e,高,高,低,y") }).await;
    assert_eq!(next.number, 2);
    bench.later(60);
    let kept = system_data(&bench).await;
    assert!(kept.contains("高,高,低,y") && !kept.contains("arn:aws:dynamodb:x"));

    for reader in ["city-01", "om-01", "audit-01"] {
        let mut reader = bench.sign_in(reader).await;
        let read = reader.ok::<e::ReadLedger>(&(), &Empty {}).await;
        assert_eq!(read.version.as_ref(), Some(&next));
        assert!(read.text.ends_with("高,高,低,y\r\n"));
        assert_eq!(
            reader.refused::<e::KeepLedger>(&(), &ledger(2, "a,b,c,d,e,高,高,高,x")).await.code.wire(),
            "forbidden"
        );
    }
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert_eq!(nurse.refused::<e::ReadLedger>(&(), &Empty {}).await.code.wire(), "forbidden");
}
