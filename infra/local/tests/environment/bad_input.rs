//! Bad input: each gets its code and its sentence, the field is named, nothing is half-written, never a 500.

use crate::support::{self, Bench, new_note};
use serde_json::{Value, json};
use shared::{
    CONTRACT,
    api::{BODY_HASH_HEADER, CONTRACT_HEADER, Empty, book as b},
};

#[tokio::test]
async fn notes_that_cannot_be() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let address = format!("/api/patients/{patient}/notes");
    let before = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let with = |field: &str, value: Value| {
        let mut note = new_note("本文");
        note[field] = value;
        note
    };
    let without = |field: &str| {
        let mut note = new_note("本文");
        note.as_object_mut().unwrap().remove(field);
        note
    };
    let stranger = bench.sign_in("kaede-n01").await.me.unwrap().actor.account;
    let table = [
        (with("text", json!("")), 422, "invalid", Some("text")),
        (with("text", json!(" \n\u{3000}")), 422, "invalid", Some("text")),
        (with("text", json!("長".repeat(20_001))), 422, "invalid", Some("text")),
        (with("kind", json!("gossip")), 422, "invalid", None),
        (with("addressees", json!([stranger])), 422, "invalid", Some("addressees")),
        (with("reply_to", json!(4_000_000)), 422, "invalid", Some("reply_to")),
        (with("reply_to", json!(0)), 422, "invalid", Some("reply_to")),
        (with("attachments", json!(["01J00000000000000000000000"])), 409, "upload_missing", None),
        (with("attachments", json!(["../../etc"])), 422, "invalid", None),
        (with("command", json!("x")), 422, "invalid", None),
        (without("text"), 422, "invalid", Some("text")),
        (json!([1, 2]), 422, "invalid", None),
    ];
    for (note, status, code, field) in table {
        let answer = nurse.send("POST", &address, Some(note.clone())).await;
        let problem = answer.problem();
        assert_eq!((answer.status, problem.code.wire()), (status, code), "{note}");
        assert!(
            problem.title.ends_with('。') && answer.headers["content-type"] == "application/problem+json"
        );
        if let Some(field) = field {
            assert_eq!(problem.fields[0].field, field, "{note}");
        }
    }
    let longest = nurse.send("POST", &address, Some(with("text", json!("長".repeat(20_000))))).await;
    assert_eq!(longest.status, 200);
    let after = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert_eq!(after.last.0, before.last.0 + 1, "nothing is half-written");
}

#[tokio::test]
async fn requests_that_are_none() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let notes = format!("/api/patients/{patient}/notes");
    let cookie = nurse.cookie.clone().unwrap();
    let contract = CONTRACT.to_string();
    let own = [(CONTRACT_HEADER, contract.as_str()), ("cookie", cookie.as_str())];
    let code = |answer: support::Answer| (answer.status, answer.code());

    let malformed = nurse.send_bytes("POST", &notes, Some("{\"text\": \"本文".into())).await;
    assert_eq!(code(malformed), (400, "malformed_body".into()));
    assert_eq!(
        code(nurse.send_bytes("POST", &notes, Some(vec![0xFF, 0xFE].into())).await),
        (400, "malformed_body".into())
    );
    assert_eq!(code(nurse.send("DELETE", &notes, None).await), (405, "method_not_allowed".into()));
    assert_eq!(code(nurse.send("GET", "/api/nothing/here", None).await), (404, "not_found".into()));
    assert_eq!(
        code(nurse.send("GET", "/api/patients/not-an-id/notes", None).await),
        (404, "not_found".into())
    );
    let lower = notes.to_lowercase();
    assert_eq!(code(nurse.send("GET", &lower, None).await), (404, "not_found".into()));
    assert_eq!(
        code(nurse.send("GET", &format!("{notes}?before=x"), None).await),
        (400, "malformed_query".into())
    );

    let wrong_hash = [own[0], own[1], (BODY_HASH_HEADER, "00")];
    let body = serde_json::to_vec(&new_note("本文")).unwrap();
    assert_eq!(code(nurse.raw("POST", &notes, &wrong_hash, body.clone()).await), (400, "body_hash".into()));
    assert_eq!(code(nurse.raw("POST", &notes, &own, body.clone()).await), (400, "body_hash".into()));
    assert_eq!(code(nurse.raw("POST", &notes, &own[1..], body.clone()).await), (403, "wrong_origin".into()));
    let foreign = [own[0], own[1], ("origin", "https://evil.example")];
    assert_eq!(code(nurse.raw("GET", &notes, &foreign, "").await), (403, "wrong_origin".into()));
    let old = [(CONTRACT_HEADER, "0"), own[1]];
    assert_eq!(code(nurse.raw("GET", &notes, &old, "").await), (409, "client_outdated".into()));

    let big = nurse.send_bytes("POST", &notes, Some(vec![b' '; 300_000].into())).await;
    assert_eq!(code(big), (413, "too_large".into()));
    let huge = "x".repeat(900_000);
    let answer = nurse.raw("GET", &notes, &[own[0], ("x-huge", &huge)], "").await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    // The bench still answers.
    nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
}

#[tokio::test]
async fn a_device_with_a_wrong_clock_writes_all_the_same() {
    let bench = Bench::start().await;
    let nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.clone().first_patient().await;
    let mut note = new_note("時計の狂った端末から");
    note["command"] = json!(shared::id::CommandId::from_parts(4_070_908_800_000, 5));
    let answer = nurse.send("POST", &format!("/api/patients/{patient}/notes"), Some(note)).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.json()["sent_at"].as_str().unwrap().starts_with("2026-11-20T01:"),
        "the server's time counts"
    );
}
