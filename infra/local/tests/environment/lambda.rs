//! The function's binary under the Lambda Runtime API gives the same answers as the local server.
//!
//! `cargo xtask test` builds the binary and names it in `TSUNAGARU_API_BIN`; without the variable there is
//! nothing to compare and the test says so.

use crate::support::{Bench, new_note};
use http::Response;
use local::{cloud::settings, lambda_runtime as runtime};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::{
    CONTRACT,
    api::{BODY_HASH_HEADER, CONTRACT_HEADER},
};

/// What differs from one request to the next and means nothing: request numbers, clocks, signatures.
fn plain(mut value: Value) -> Value {
    for name in ["instance", "now", "ends_at", "sent_at"] {
        if let Some(field) = value.get_mut(name) {
            *field = Value::Null;
        }
    }
    if let Some(notes) = value.get_mut("notes").and_then(Value::as_array_mut) {
        for attachment in notes.iter_mut().filter_map(|note| note["attachments"].as_array_mut()).flatten() {
            attachment["preview"] = Value::Null;
        }
    }
    value
}

#[tokio::test]
async fn the_functions_binary_answers_as_the_local_server_does() {
    let Some(binary) = std::env::var_os("TSUNAGARU_API_BIN") else {
        eprintln!("skipped: TSUNAGARU_API_BIN names no binary; `cargo xtask test` builds one");
        return;
    };
    let bench = Bench::start().await;
    // The function knows only the machine's clock, so the bench must not be elsewhere in time.
    bench.clock.set(functions::clock::Clock::now(&functions::clock::SystemClock));
    let origins = vec![format!("http://{}", bench.address)];
    let environment = runtime::environment(&bench.cloud.endpoints, &settings(origins));
    let lambda = runtime::Runtime::start(binary.as_ref(), environment).await.unwrap();
    let contract = CONTRACT.to_string();

    let call = async |method: &str,
                      target: &str,
                      cookie: Option<&str>,
                      body: Option<&Value>|
           -> Response<bytes::Bytes> {
        let body = body.map(|body| serde_json::to_vec(body).unwrap()).unwrap_or_default();
        let hash = hex::encode(Sha256::digest(&body));
        let mut headers = vec![(CONTRACT_HEADER, contract.as_str()), (BODY_HASH_HEADER, hash.as_str())];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        let event = runtime::event(method, target, &headers, &body, "192.0.2.7");
        runtime::response(&lambda.invoke(event).await.unwrap()).unwrap()
    };

    let credentials = json!({ "user_id": "hinata-n01", "password": demo::DEMO_PASSWORD });
    let signed_in = call("POST", "/api/session", None, Some(&credentials)).await;
    assert_eq!(signed_in.status(), 200);
    let given = |answer: &Response<bytes::Bytes>| {
        answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    };
    let code = json!({ "code": bench.code("hinata-n01").await });
    let proven = call("POST", "/api/session/factor", Some(&given(&signed_in)), Some(&code)).await;
    assert_eq!(proven.status(), 200);
    let cookie = given(&proven);
    // The same person, the same session, through the other door.
    let mut nurse = bench.nobody();
    nurse.cookie = Some(cookie.clone());
    let patient = nurse.first_patient().await;
    let notes = format!("/api/patients/{patient}/notes");
    let note = new_note("Lambdaから送った連絡");
    for (method, target, with_cookie, body) in [
        ("GET", "/api/session", true, None),
        ("GET", "/api/session", false, None),
        ("GET", "/api/patients", true, None),
        ("GET", notes.as_str(), true, None),
        ("GET", &format!("{notes}?before=5"), true, None),
        ("GET", &format!("{notes}?before=x"), true, None),
        ("GET", "/api/patients/01J0000000000000000000000A/notes", true, None),
        ("POST", &notes, true, Some(&note)),
        ("POST", &notes, true, Some(&json!({ "text": "" }))),
        ("PUT", &notes, true, None),
        ("GET", "/api/backups", true, None),
        ("GET", "/api/openapi.json", false, None),
    ] {
        let cookie = with_cookie.then_some(cookie.as_str());
        let there = call(method, target, cookie, body).await;
        let mut person = bench.nobody();
        person.cookie = cookie.map(str::to_owned);
        let here = person.send(method, target, body.cloned()).await;
        assert_eq!(there.status().as_u16(), here.status, "{method} {target}");
        let there_body: Value = serde_json::from_slice(there.body()).unwrap();
        assert_eq!(plain(there_body), plain(here.json()), "{method} {target}");
        let names = |headers: &http::HeaderMap| {
            let relevant = |name: &&http::HeaderName| {
                !["date", "content-length", "x-request-id"].contains(&name.as_str())
            };
            headers
                .keys()
                .filter(relevant)
                .map(ToString::to_string)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(names(there.headers()), names(&here.headers), "{method} {target}");
    }
    // What was tried through the function is in the same log, with the address that API Gateway gave.
    let events = bench.events().await;
    assert!(events.iter().any(|event| event.source == "192.0.2.7"));
    lambda.stop().await;
}
