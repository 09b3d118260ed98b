//! Signing in and out: nothing is told to a stranger, nobody is locked out for ever, sessions end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod support;

use shared::{
    api::{Empty, book as b, people as p},
    evidence::Outcome,
};
use support::{Bench, credentials};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_are_told_apart_by_nothing() {
    let bench = Bench::start().await;
    let mut answers = Vec::new();
    for user_id in ["hinata-n01", "hinata-n99", "", "ﾊﾟｽﾜｰﾄﾞを間違えて", &"x".repeat(5000)]
    {
        let mut problem =
            bench.nobody().refused::<p::SignIn>(&(), &credentials(user_id, "wrong-Password-1")).await;
        problem.instance.clear();
        answers.push(problem);
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    let events = bench.events().await;
    let refused: Vec<_> = events.iter().filter(|e| matches!(e.outcome, Outcome::Refused(_))).collect();
    assert_eq!(refused.len(), 5);
    assert!(!serde_json::to_string(&refused).unwrap().contains("wrong-Password"));
}

#[tokio::test]
async fn guessing_gets_slower_and_the_right_person_gets_in() {
    let bench = Bench::start().await;
    for _ in 0..5 {
        let problem = bench.nobody().refused::<p::SignIn>(&(), &credentials("hinata-n01", "guess")).await;
        assert_eq!(problem.code.wire(), "wrong_credentials");
    }
    let right = credentials("hinata-n01", demo::DEMO_PASSWORD);
    let waiting = bench.nobody().refused::<p::SignIn>(&(), &right).await;
    assert_eq!((waiting.code.wire(), waiting.retry_after), ("too_many_attempts", Some(5)));
    // Somebody else is not held up by it.
    bench.sign_in("aoba-d01").await;
    bench.later(6);
    bench.nobody().ok::<p::SignIn>(&(), &right).await;
}

#[tokio::test]
async fn a_facility_that_starts_work_together_gets_in_together() {
    let bench = std::sync::Arc::new(Bench::start().await);
    let people =
        ["hinata-n01", "hinata-n02", "hinata-m01", "aoba-d01", "hinata-n01", "hinata-n01", "yuzu-h01"];
    let arriving: Vec<_> = people
        .map(|user_id| {
            let bench = bench.clone();
            tokio::spawn(async move { bench.sign_in(user_id).await })
        })
        .into();
    for person in arriving {
        person.await.unwrap();
    }
}

#[tokio::test]
async fn sessions_end() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert!(nurse.cookie.as_deref().unwrap().starts_with("__Host-session="));
    // In use, it goes on past the idle limit …
    for _ in 0..3 {
        bench.later(50 * 60);
        nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
    }
    // … unused, it ends …
    bench.later(61 * 60);
    assert_eq!(nurse.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "session_ended");
    // … and after half a day in any case.
    let mut nurse = bench.sign_in("hinata-n01").await;
    for _ in 0..14 {
        bench.later(50 * 60);
        nurse.ok::<p::ReadSelf>(&(), &Empty {}).await;
    }
    bench.later(50 * 60);
    assert_eq!(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
}

#[tokio::test]
async fn after_signing_out_the_old_cookie_opens_nothing() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let stolen = nurse.clone();
    nurse.ok::<p::SignOut>(&(), &Empty {}).await;
    assert_eq!(stolen.send("GET", "/api/patients", None).await.code(), "session_ended");
}

#[tokio::test]
async fn a_plain_form_signs_in_and_sends_nobody_elsewhere() {
    let bench = Bench::start().await;
    let nobody = bench.nobody();
    let origin = format!("http://{}", bench.address);
    let headers = [("origin", origin.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = |password: &str, next: &str| format!("user_id=hinata-n01&password={password}&next={next}");
    let password = demo::DEMO_PASSWORD.replace('!', "%21");
    let post = |body: String| nobody.raw("POST", "/api/session/form", &headers, body);
    let answer = post(form(&password, "%2Fpatients")).await;
    assert_eq!((answer.status, answer.headers["location"].to_str().unwrap()), (303, "/patients"));
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("HttpOnly; SameSite=Strict"));
    let answer = post(form(&password, "%2F%2Fevil.example")).await;
    assert_eq!(answer.headers["location"], "/");
    let answer = post(form("wrong", "%2F")).await;
    assert_eq!(answer.headers["location"], "/signin?e=wrong_credentials#problem");
    assert!(!answer.headers.contains_key("set-cookie"));
    let hidden = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    assert_eq!(nobody.raw("POST", "/api/session/form", &hidden, form(&password, "")).await.status, 303);
    let foreign = [("origin", "null"), ("sec-fetch-site", "cross-site")];
    assert_eq!(nobody.raw("POST", "/api/session/form", &foreign, form(&password, "")).await.status, 403);
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(nobody.raw("POST", "/api/session/form", &foreign, form(&password, "")).await.status, 403);
    assert_eq!(nobody.raw("POST", "/api/session/form", &[], form(&password, "")).await.status, 403);
}
