//! The second factor: no way around it, no code twice, no endless guessing; the first sign-in by a letter.

use crate::support::{Bench, credentials};
use functions::{
    people::{factor, password},
    store::{
        Store,
        people::{Login, Session},
        tx::Tx,
    },
};
use shared::{
    api::{self, AuditClass, Empty, book as b, people as p},
    authority::Action,
    id::ChallengeId,
    people::{
        AccountState, FactorKind, FactorProof, NewPassword, PasskeyAnswer, RECOVERY_CODES, Reauth,
        SESSIONS_MAX, SessionStage,
    },
};

fn proof(code: &str) -> FactorProof {
    FactorProof { code: code.into() }
}

fn reauth() -> Reauth {
    Reauth { password: demo::DEMO_PASSWORD.into() }
}

#[tokio::test]
async fn the_password_alone_opens_nothing() {
    let bench = Bench::start().await;
    let person = bench.half_way("hinata-n01").await;
    let free = [Action::SignIn, Action::SignOut, Action::ReadSelf, Action::AskPasskey, Action::ProveFactor];
    for info in api::all().filter(|info| !free.contains(&info.action) && info.audit != AuditClass::Public) {
        let address = info
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "01J00000000000000000000000" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let body = info.method.has_body().then(|| serde_json::json!({}));
        let answer = person.send(info.method.as_str(), &address, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "factor_first"), "{}", info.name);
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_its_session_is_a_new_one() {
    let bench = Bench::start().await;
    let mut person = bench.half_way("hinata-n01").await;
    let half = person.clone();
    let code = bench.code("hinata-n01").await;
    let me = person.ok::<p::ProveFactor>(&(), &proof(&code)).await;
    assert_eq!((me.stage, me.draft_key.len()), (SessionStage::Complete, 64));
    assert_ne!(person.cookie, half.cookie);
    assert_eq!(half.send("GET", "/api/session", None).await.code(), "session_ended");
    let mut thief = bench.nobody();
    let known = credentials("hinata-n01", demo::DEMO_PASSWORD);
    assert_eq!(thief.ok::<p::SignIn>(&(), &known).await.stage, SessionStage::FactorMissing);
    assert_eq!(thief.refused::<p::ProveFactor>(&(), &proof(&code)).await.code.wire(), "code_used");
}

#[tokio::test]
async fn guessing_codes_gets_slower_and_ends_nothing_for_ever() {
    let bench = Bench::start().await;
    let mut person = bench.half_way("hinata-n01").await;
    for _ in 0..5 {
        assert_eq!(person.refused::<p::ProveFactor>(&(), &proof("0")).await.code.wire(), "wrong_code");
    }
    let right = proof(&bench.code("hinata-n01").await);
    let waiting = person.refused::<p::ProveFactor>(&(), &right).await;
    assert_eq!((waiting.code.wire(), waiting.retry_after), ("too_many_attempts", Some(5)));
    bench.later(6);
    let right = proof(&bench.code("hinata-n01").await);
    person.ok::<p::ProveFactor>(&(), &right).await;
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let bench = Bench::start().await;
    let mut person = bench.sign_in("hinata-n01").await;
    let wrong = person.refused::<p::RenewRecovery>(&(), &Reauth::default()).await;
    assert_eq!(wrong.fields[0].field, "password");
    let codes = person.ok::<p::RenewRecovery>(&(), &reauth()).await.recovery;
    assert_eq!(codes.len(), RECOVERY_CODES);
    let mut again = bench.half_way("hinata-n01").await;
    assert!(again.me.as_ref().unwrap().factors.contains(&FactorKind::Recovery));
    let typed = codes[3].to_uppercase().replace('-', " ");
    again.ok::<p::ProveFactor>(&(), &proof(&typed)).await;
    let mut third = bench.half_way("hinata-n01").await;
    assert_eq!(third.refused::<p::ProveFactor>(&(), &proof(&codes[3])).await.code.wire(), "wrong_code");
    let mine = again.ok::<p::ReadAccount>(&(), &Empty {}).await;
    assert_eq!((mine.recovery_left as usize, mine.totp), (RECOVERY_CODES - 1, true));
    assert_eq!(mine.sign_ins[0].factor, FactorKind::Recovery);
    assert!(mine.sessions.iter().any(|session| session.this));
}

/// Puts a letter's password on an account, as the city's printing does.
async fn letter(bench: &Bench, user_id: &str, secret: &str) {
    let store = &bench.app.store;
    let mut login: Login = store.login(user_id).await.unwrap().unwrap();
    login.password = password::hash(secret);
    login.must_change = true;
    login.may_enrol = true;
    login.letter_ends = Some(bench.clock_now().plus_seconds(30 * 24 * 3600));
    let mut row = store.account(login.account).await.unwrap().unwrap();
    row.account.state = AccountState::Invited;
    let mut tx = Tx::default();
    store.put_login(&mut tx, user_id, &login).unwrap();
    store.drop_factors(&mut tx, login.account).unwrap();
    store.change_account(&mut tx, &row, Some(bench.clock_now())).unwrap();
    tx.commit(store).await.unwrap();
    bench.later(1);
}

#[tokio::test]
async fn a_first_sign_in_goes_from_the_letter_to_two_factors() {
    let bench = Bench::start().await;
    let mut before = bench.sign_in("hinata-n02").await;
    bench.later(1);
    letter(&bench, "hinata-n02", "k7mw-3hqt-9dxr-e4np").await;
    assert_eq!(before.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");

    let mut person = bench.nobody();
    let me = person.ok::<p::SignIn>(&(), &credentials("hinata-n02", "k7mw-3hqt-9dxr-e4np")).await;
    assert_eq!(me.stage, SessionStage::PasswordChange);
    assert_eq!(person.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "set_up_first");
    assert_eq!(person.refused::<p::OfferTotp>(&(), &Reauth::default()).await.code.wire(), "set_up_first");
    let choose = |password: &str| NewPassword { current: String::new(), password: password.into() };
    for weak in ["short-1a", "hinata-n02-2026!", "k7mw-3hqt-9dxr-e4np"] {
        let refused = person.refused::<p::ChoosePassword>(&(), &choose(weak)).await;
        assert_eq!(refused.fields[0].field, "password", "{weak}");
    }
    let me = person.ok::<p::ChoosePassword>(&(), &choose("Mizu-no-oto 27 kaeru")).await;
    assert_eq!(me.stage, SessionStage::FactorEnrolment);
    assert_eq!(person.refused::<b::ListPatients>(&(), &Empty {}).await.code.wire(), "set_up_first");

    // She closes the browser and goes on tomorrow, with her own password.
    let old = credentials("hinata-n02", "k7mw-3hqt-9dxr-e4np");
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &old).await.code.wire(), "wrong_credentials");
    let own = credentials("hinata-n02", "Mizu-no-oto 27 kaeru");
    let mut person = bench.nobody();
    assert_eq!(person.ok::<p::SignIn>(&(), &own).await.stage, SessionStage::FactorEnrolment);
    let offer = person.ok::<p::OfferTotp>(&(), &Reauth::default()).await;
    assert!(offer.link.starts_with("otpauth://totp/") && offer.link.contains(&offer.secret));
    assert_eq!(person.refused::<p::ConfirmTotp>(&(), &proof("000000")).await.code.wire(), "wrong_code");
    let code = factor::code_at(&offer.secret, bench.clock_now()).unwrap();
    let enrolled = person.ok::<p::ConfirmTotp>(&(), &proof(&code)).await;
    assert_eq!((enrolled.me.stage, enrolled.recovery.len()), (SessionStage::Complete, RECOVERY_CODES));
    person.ok::<b::ListPatients>(&(), &Empty {}).await;
    let mine = person.ok::<p::ReadAccount>(&(), &Empty {}).await;
    assert_eq!(mine.account.state, AccountState::Active);

    // The code that enrolled the app is used up, and the password alone enrols nothing any more.
    let mut again = bench.nobody();
    assert_eq!(again.ok::<p::SignIn>(&(), &own).await.stage, SessionStage::FactorMissing);
    assert_eq!(again.refused::<p::ProveFactor>(&(), &proof(&code)).await.code.wire(), "code_used");
    assert_eq!(again.refused::<p::OfferTotp>(&(), &Reauth::default()).await.code.wire(), "factor_first");
}

#[tokio::test]
async fn a_letter_ends_and_an_account_without_factors_stays_closed() {
    let bench = Bench::start().await;
    letter(&bench, "hinata-n02", "k7mw-3hqt-9dxr-e4np").await;
    bench.later(31 * 24 * 3600);
    let given = credentials("hinata-n02", "k7mw-3hqt-9dxr-e4np");
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &given).await.code.wire(), "letter_ended");
    let store = &bench.app.store;
    let mut tx = Tx::default();
    store.drop_factors(&mut tx, store.login("aoba-d01").await.unwrap().unwrap().account).unwrap();
    tx.commit(store).await.unwrap();
    let given = credentials("aoba-d01", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &given).await.code.wire(), "no_factor");
}

/// Sessions of somebody who knows the password and nothing else, by tokens that sort before all others.
async fn crowd(bench: &Bench, user_id: &str) {
    let store = &bench.app.store;
    let (now, nothing) = (bench.clock_now(), String::new);
    let half_way = Session {
        account: store.login(user_id).await.unwrap().unwrap().account,
        stage: SessionStage::FactorMissing,
        since: now,
        device: nothing(),
        source: nothing(),
        draft_key: nothing(),
    };
    let item = |n: usize| Store::session_item(&format!("{n:064x}"), &half_way, now, now.plus_seconds(3600));
    store.put_all((0..3 * SESSIONS_MAX).map(|n| item(n).unwrap()).collect()).await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_every_other_session() {
    let bench = Bench::start().await;
    let mut office = bench.sign_in("hinata-n01").await;
    crowd(&bench, "hinata-n01").await;
    let mut tablet = bench.sign_in("hinata-n01").await;
    let known = tablet.clone();
    // However many are half-way in, whoever is in is seen.
    let sessions = tablet.ok::<p::ReadAccount>(&(), &Empty {}).await.sessions;
    let whole = sessions.iter().filter(|session| session.stage == SessionStage::Complete);
    assert_eq!(whole.count(), 2);
    let new =
        |current: &str| NewPassword { current: current.into(), password: "Mizu-no-oto 27 kaeru".into() };
    let wrong = tablet.refused::<p::ChoosePassword>(&(), &new("guess")).await;
    assert_eq!(wrong.fields[0].field, "current");
    tablet.ok::<p::ChoosePassword>(&(), &new(demo::DEMO_PASSWORD)).await;
    assert_eq!(office.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    // Nor does the token that this one had open anything, and no other is left.
    assert_eq!(known.send("GET", "/api/patients", None).await.code(), "session_ended");
    tablet.ok::<b::ListPatients>(&(), &Empty {}).await;
    let left = tablet.ok::<p::ReadAccount>(&(), &Empty {}).await.sessions;
    assert!(left.len() == 1 && left[0].this, "{left:?}");
}

#[tokio::test]
async fn a_session_is_ended_by_its_owner_only() {
    let bench = Bench::start().await;
    let mut office = bench.sign_in("hinata-n01").await;
    let mut tablet = bench.sign_in("hinata-n01").await;
    let mut doctor = bench.sign_in("aoba-d01").await;
    let sessions = tablet.ok::<p::ReadAccount>(&(), &Empty {}).await.sessions;
    let other = sessions.iter().find(|session| !session.this).unwrap();
    assert_eq!(doctor.refused::<p::EndSession>(&other.id, &Empty {}).await.code.wire(), "not_found");
    tablet.ok::<p::EndSession>(&other.id, &Empty {}).await;
    assert_eq!(office.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
}

#[tokio::test]
async fn a_forged_passkey_opens_nothing() {
    let bench = Bench::start().await;
    let forged = serde_json::json!({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "extensions": {},
        "response": { "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA", "userHandle": "AAAA" },
    });
    for credential in [forged, serde_json::json!({}), serde_json::Value::Null] {
        let answer = PasskeyAnswer { challenge: ChallengeId::from_parts(1, 1), credential };
        let refused = bench.nobody().refused::<p::SignInByPasskey>(&(), &answer).await;
        assert_eq!(refused.code.wire(), "passkey_refused");
    }
}
