//! What a request costs the table, measured: `infra/aws/units.json`, from which the monthly bill is computed.
//! `UPDATE_GOLDEN=1` writes it anew. A tenth of difference is a text that became longer; more is another way to store.

use crate::support::{Bench, new_note};
use bytes::Bytes;
use functions::app::App;
use http::Request;
use local::{bench::meter::Meter, cloud::settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    CONTRACT,
    api::{BODY_HASH_HEADER, CONTRACT_HEADER},
};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// Capacity units of one request.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Units {
    read: f64,
    write: f64,
}

/// `Query 2.5 + TransactWriteItems 14` as reads and writes.
fn counted(calls: &str) -> Units {
    let mut units = Units::default();
    for (call, cost) in calls.split(" + ").filter_map(|one| one.split_once(' ')) {
        let cost: f64 = cost.parse().unwrap();
        match call {
            "GetItem" | "Query" | "BatchGetItem" => units.read += cost,
            _ => units.write += cost,
        }
    }
    units
}

#[tokio::test]
async fn requests_cost_what_the_bill_is_computed_from() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let meter = Meter::default();
    let (table, blobs) = bench.cloud.endpoints.clients();
    let origins = vec![format!("http://{}", bench.address)];
    let app = App::new(meter.on(&table), blobs, Arc::new(bench.clock.clone()), settings(origins));
    let cookie = nurse.cookie.clone().unwrap();
    let notes = format!("/api/patients/{patient}/notes");
    let mut note = new_note(&"様子は落ち着いています。".repeat(50));
    note["addressees"] = json!([]);
    let mut measured = BTreeMap::new();
    for (name, method, target, body) in [
        ("list of patients", "GET", "/api/patients", None),
        ("thread opened", "GET", notes.as_str(), None),
        ("pulse", "GET", &format!("/api/patients/{patient}/pulse"), None),
        ("note sent", "POST", &notes, Some(&note)),
    ] {
        let body: Vec<u8> = body.map(|body: &Value| serde_json::to_vec(body).unwrap()).unwrap_or_default();
        let request = Request::builder().method(method).uri(target).header("cookie", &cookie);
        let request = request.header(CONTRACT_HEADER, CONTRACT.to_string());
        let request = request.header(BODY_HASH_HEADER, hex::encode(Sha256::digest(&body)));
        meter.take();
        let answer =
            functions::http::handle(&app, request.body(Bytes::from(body)).unwrap(), "192.0.2.7").await;
        assert_eq!(answer.status(), 200, "{name}");
        measured.insert(name.to_owned(), counted(&meter.take().0));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../aws/units.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, serde_json::to_string_pretty(&measured).unwrap() + "\n").unwrap();
    }
    let written: BTreeMap<String, Units> = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(measured.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
    for (name, now) in &measured {
        let was = &written[name];
        for (now, was) in [(now.read, was.read), (now.write, was.write)] {
            assert!((now - was).abs() <= 0.1 * was.max(5.0), "{name}: {now} units, {was} written down");
        }
    }
}
