//! Signing in and out: nothing is told to a stranger, nobody is locked out for ever, sessions end.

use crate::support::{Bench, Person, as_note, credentials, new_note};
use shared::{
    api::{Empty, book as b, error::Code, people as p},
    authority::Action,
    evidence::Outcome,
    people::{FactorProof, SessionStage, Unlock},
};

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
async fn sessions_lock_and_end() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert!(nurse.cookie.as_deref().unwrap().starts_with("__Host-session="));
    // In use, it goes on …
    for _ in 0..3 {
        bench.later(9 * 60);
        nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
    }
    // … left alone it locks, and whoever comes by sees nothing …
    bench.later(11 * 60);
    assert_eq!(nurse.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "screen_locked");
    let me = nurse.ok::<p::ReadSelf>(&(), &Empty {}).await;
    assert_eq!((me.stage, me.draft_key.as_str()), (SessionStage::Locked, ""));
    // … until the same person opens it …
    let wrong = nurse.refused::<p::UnlockScreen>(&(), &unlock("guess")).await;
    assert_eq!(wrong.fields[0].field, "password");
    let me = nurse.ok::<p::UnlockScreen>(&(), &unlock(demo::DEMO_PASSWORD)).await;
    assert_eq!((me.stage, me.draft_key.len()), (SessionStage::Complete, 64));
    nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
    // … unused for an hour it ends, locked or not …
    bench.later(61 * 60);
    assert_eq!(nurse.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "session_ended");
    // … and after half a day in any case.
    let mut nurse = bench.sign_in("hinata-n01").await;
    for round in 0..79 {
        bench.later(9 * 60);
        let answer = nurse.send("GET", "/api/session", None).await;
        assert_eq!(answer.status, 200, "round {round}");
    }
    bench.later(9 * 60);
    assert_eq!(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
}

fn unlock(password: &str) -> Unlock {
    Unlock { password: password.into() }
}

#[tokio::test]
async fn a_page_that_asks_by_itself_keeps_no_session_open() {
    let bench = Bench::start().await;
    let nurse = bench.sign_in("hinata-n01").await;
    let contract = shared::CONTRACT.to_string();
    for minute in 1..=15 {
        bench.later(60);
        let idle = (minute * 60).to_string();
        let headers = [
            (shared::api::CONTRACT_HEADER, contract.as_str()),
            (shared::api::IDLE_HEADER, idle.as_str()),
            ("cookie", nurse.cookie.as_deref().unwrap()),
        ];
        let answer = nurse.raw("GET", "/api/patients", &headers, "").await;
        assert_eq!(answer.status, if minute <= 10 { 200 } else { 401 }, "minute {minute}");
    }
}

#[tokio::test]
async fn a_locked_screen_opens_nothing() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    nurse.ok::<p::LockScreen>(&(), &Empty {}).await;
    assert_eq!(nurse.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "screen_locked");
    assert_eq!(nurse.refused::<p::ReadAccount>(&(), &Empty {}).await.code.wire(), "screen_locked");
    nurse.ok::<p::SignOut>(&(), &Empty {}).await;
}

#[tokio::test]
async fn a_changed_role_and_a_closed_account_count_at_once() {
    let bench = Bench::start().await;
    let mut admin = bench.sign_in("sa-01").await;
    admin.ok::<shared::api::evidence::ListBackups>(&(), &Default::default()).await;
    let id = admin.me.as_ref().unwrap().actor.account;
    let mut row = bench.app.store.account(id).await.unwrap().unwrap();
    row.account.appointed[0].role = shared::people::Role::KeyKeeper;
    change(&bench, &row).await;
    let refused = admin.refused::<shared::api::evidence::ListBackups>(&(), &Default::default()).await;
    assert_eq!(refused.code.wire(), "forbidden");
    let mut row = bench.app.store.account(id).await.unwrap().unwrap();
    row.account.state = shared::people::AccountState::Removed;
    change(&bench, &row).await;
    assert_eq!(admin.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    let closed = bench.nobody().refused::<p::SignIn>(&(), &credentials("sa-01", demo::DEMO_PASSWORD)).await;
    assert_eq!(closed.code.wire(), "wrong_credentials");
}

async fn change(bench: &Bench, row: &functions::store::people::AccountRow) {
    let mut tx = functions::store::tx::Tx::default();
    bench.app.store.change_account(&mut tx, row, None).unwrap();
    tx.commit(&bench.app.store).await.unwrap();
}

#[tokio::test]
async fn whoever_signs_in_at_the_same_browser_is_somebody_new() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let left = nurse.clone();
    nurse.ok::<p::SignIn>(&(), &credentials("aoba-d01", demo::DEMO_PASSWORD)).await;
    let proof = FactorProof { code: bench.code("aoba-d01").await };
    let me = nurse.ok::<p::ProveFactor>(&(), &proof).await;
    assert_eq!(me.actor.name, "高橋 健一");
    assert_eq!(left.send("GET", "/api/patients", None).await.code(), "session_ended");
    let events = bench.events().await;
    let proven = events.iter().filter(|event| event.action == Action::ProveFactor);
    let doctors: Vec<_> = proven.filter_map(|event| event.who.as_ref()).map(|who| who.account).collect();
    assert!(doctors.contains(&me.actor.account), "{doctors:?}");
}

/// A page of the nurse's, left open in the browser in which the doctor is signed in now.
fn left_open(nurse: &Person, doctor: &Person) -> Person {
    Person { page: Some(nurse.account()), ..doctor.clone() }
}

#[tokio::test]
async fn a_page_of_the_person_before_acts_for_nobody_else() {
    let bench = Bench::start().await;
    let (mut nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let patient = nurse.patient_shared_with(&mut doctor).await;
    let note = as_note(new_note("夜の熱は38.2℃でした。"));
    let mut left = left_open(&nurse, &doctor);
    let refused = left.refused::<b::CreateNote>(&patient, &note).await;
    assert_eq!((refused.code, refused.status), (Code::SessionEnded, 401));
    assert_eq!(left.refused::<b::ListPatients>(&(), &Empty {}).await.code, Code::SessionEnded);
    assert_eq!(left.refused::<p::LockScreen>(&(), &Empty {}).await.code, Code::SessionEnded);
    let events = bench.events().await;
    let ended = Outcome::Refused(Code::SessionEnded);
    let refused: Vec<_> = events.iter().filter(|event| event.outcome == ended).collect();
    assert_eq!(refused.len(), 3);
    assert!(refused.iter().all(|event| event.who.is_none()), "neither of the two did it: {refused:?}");

    // Nothing was written, and the doctor's own page goes on.
    doctor.page = Some(doctor.account());
    let thread = doctor.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    assert!(thread.notes.iter().all(|one| one.text != note.text));

    // Signed in there again, the nurse has her note sent: once, and as her own.
    left.ok::<p::SignIn>(&(), &credentials("hinata-n01", demo::DEMO_PASSWORD)).await;
    let proof = FactorProof { code: bench.code("hinata-n01").await };
    left.ok::<p::ProveFactor>(&(), &proof).await;
    let sent = left.ok::<b::CreateNote>(&patient, &note).await;
    assert_eq!(sent.author.account, nurse.account());
    assert_eq!(left.ok::<b::CreateNote>(&patient, &note).await.number, sent.number);
}

#[tokio::test]
async fn a_page_of_the_person_before_keeps_nobodys_session_open() {
    let bench = Bench::start().await;
    let (nurse, mut doctor) = (bench.sign_in("hinata-n01").await, bench.sign_in("aoba-d01").await);
    let mut left = left_open(&nurse, &doctor);
    for _ in 0..11 {
        bench.later(60);
        left.refused::<p::ReadSelf>(&(), &Empty {}).await;
    }
    assert_eq!(doctor.refused::<b::ListPatients>(&(), &Empty {}).await.code, Code::ScreenLocked);
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
    assert_eq!(
        (answer.status, answer.headers["location"].to_str().unwrap()),
        (303, "/signin?next=/patients#factor")
    );
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly; SameSite=Strict"));
    let cookie = cookie.split(';').next().unwrap();
    let with_cookie = [headers[0], headers[1], ("cookie", cookie)];
    let second = |code: &str, next: &str| format!("code={code}&next={next}");
    let prove = |body: String| nobody.raw("POST", "/api/session/form", &with_cookie, body);
    let answer = prove(second("000000", "%2Fpatients")).await;
    assert_eq!(answer.headers["location"], "/signin?e=wrong_code#factor-again");
    let answer = prove(second(&bench.code("hinata-n01").await, "%2F%2Fevil.example")).await;
    assert_eq!((answer.status, answer.headers["location"].to_str().unwrap()), (303, "/"));
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("HttpOnly; SameSite=Strict"));
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

#[tokio::test]
async fn guessing_over_many_accounts_gets_slower_and_locks_nobody_out() {
    let bench = Bench::start().await;
    let mut waits = 0;
    for n in 0..90 {
        // One guess at each of many accounts: no single one of them ever gets slow.
        let guess = credentials(&format!("user-{n:02}"), "Shiokaze-27-hashj!");
        let refused = bench.nobody().refused::<p::SignIn>(&(), &guess).await;
        match refused.code.wire() {
            "wrong_credentials" => assert_eq!(waits, 0, "{n}"),
            "too_many_attempts" => waits += 1,
            other => panic!("{other}"),
        }
    }
    assert!(waits > 20, "{waits}");
    // The accounts are as they were: after the wait the right password is the right password.
    bench.later(16 * 60);
    bench.sign_in("hinata-n01").await.ok::<p::ReadSelf>(&(), &Empty {}).await;
}
