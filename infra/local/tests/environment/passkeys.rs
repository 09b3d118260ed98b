//! Passkeys: two factors at once, each answer good once, and no way in while nobody is let in.

use crate::support::{Bench, Person, device::Device};
use functions::store::tx::Tx;
use shared::{
    api::{
        Empty, book as b,
        error::{Code, Problem},
        people as p,
    },
    people::{Me, NewPasskey, PasskeyAnswer, Reauth, SessionStage},
    procedure::{Service, ServiceMode},
};

/// A bench under a name: passkeys are bound to one.
async fn named() -> Bench {
    let by_name = |settings: &mut functions::settings::Settings| {
        let port = settings.origins[0].rsplit(':').next().unwrap().to_owned();
        settings.origins = vec![format!("http://localhost:{port}")];
    };
    Bench::start_with(by_name).await
}

/// Enrols a passkey.
async fn enrolled(bench: &Bench, user_id: &str) -> Device {
    let mut person = bench.sign_in(user_id).await;
    let device = Device::of(person.account(), &bench.app.settings.origins[0]);
    let password = Reauth { password: demo::DEMO_PASSWORD.into() };
    let asked = person.ok::<p::OfferPasskey>(&(), &password).await;
    let credential = device.create(&asked.options);
    let new =
        NewPasskey { challenge: asked.challenge, credential, name: "事業所のタブレット".into() };
    person.ok::<p::EnrolPasskey>(&(), &new).await;
    device
}

/// Somebody at a browser where nobody is signed in, and what their passkey answers to its question.
async fn asked(bench: &Bench, device: &Device) -> (Person, PasskeyAnswer) {
    let mut person = bench.nobody();
    let asked = person.ok::<p::AskPasskey>(&(), &Empty {}).await;
    (person, PasskeyAnswer { challenge: asked.challenge, credential: device.get(&asked.options) })
}

async fn sign_in(bench: &Bench, device: &Device) -> (Person, Result<Me, Problem>) {
    let (mut person, answer) = asked(bench, device).await;
    let result = person.call::<p::SignInByPasskey>(&(), &answer).await;
    (person, result)
}

#[tokio::test]
async fn a_passkey_opens_a_session_and_its_answer_is_good_once() {
    let bench = named().await;
    let device = enrolled(&bench, "hinata-n01").await;
    let (mut nurse, answer) = asked(&bench, &device).await;
    let me = nurse.ok::<p::SignInByPasskey>(&(), &answer).await;
    assert_eq!((me.stage, me.draft_key.len()), (SessionStage::Complete, 64));
    nurse.ok::<b::ListPatients>(&(), &Empty {}).await;
    let again = bench.nobody().refused::<p::SignInByPasskey>(&(), &answer).await;
    assert_eq!(again.code, Code::PasskeyRefused);
}

#[tokio::test]
async fn while_the_service_is_cut_a_passkey_lets_in_whom_a_password_would() {
    let bench = named().await;
    let (nurses, admins) = (enrolled(&bench, "hinata-n01").await, enrolled(&bench, "sa-01").await);
    let now = bench.clock_now();
    let cut = Service { mode: ServiceMode::Cut, cut_at: Some(now), ..Service::open(now) };
    let mut tx = Tx::default();
    bench.app.store.put_service(&mut tx, None, &cut).unwrap();
    tx.commit(&bench.app.store).await.unwrap();
    bench.later(1);
    let (nurse, result) = sign_in(&bench, &nurses).await;
    let refused = result.unwrap_err();
    assert_eq!((refused.code, refused.status), (Code::Maintenance, 503));
    assert!(nurse.cookie.is_none());
    let sessions = bench.app.store.sessions(nurses.owner).await.unwrap();
    assert!(sessions.iter().all(|(_, session, _)| session.since <= now), "a session was opened");
    // Whoever has to bring the service back is let in.
    let (_, result) = sign_in(&bench, &admins).await;
    assert_eq!(result.unwrap().stage, SessionStage::Complete);
}
