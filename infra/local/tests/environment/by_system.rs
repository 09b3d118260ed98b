//! Cases that the system opens by itself: once for each key, nobody's, taken on or dismissed by a person.

use crate::support::{Bench, cases::take, command};
use functions::procedure::{note_by_system, open_by_system};
use shared::{
    api::{audit as a, procedure as k},
    evidence::SYSTEM_SOURCE,
    procedure::{Act, Channel, Form, Procedure, State},
};

fn found() -> Form {
    let pairs = [
        ("kind", "fault"),
        ("subject", "応答なし"),
        ("found_at", "2026-11-20T09:30"),
        ("found_where", "API"),
        ("content", "点検で応答がありません。"),
        ("scope", "確認中"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[tokio::test]
async fn the_same_key_opens_one_case_however_closely_it_is_repeated() {
    let bench = Bench::start().await;
    let form = found();
    let open = || open_by_system(&bench.app, Procedure::Incident, &form, "test/api/1");
    let (a, b, c, d) = tokio::try_join!(open(), open(), open(), open()).unwrap();
    assert!([&b, &c, &d].iter().all(|other| other.id == a.id));
    let other = open_by_system(&bench.app, Procedure::Incident, &form, "test/api/2").await.unwrap();
    assert_ne!(other.number, a.number);
    // Nothing is written where the form is wrong, and nothing for a procedure that is people's alone.
    let wrong = open_by_system(&bench.app, Procedure::Incident, &Form::new(), "test/api/3").await;
    assert!(wrong.is_err());
    assert!(open_by_system(&bench.app, Procedure::Inquiry, &form, "test/api/3").await.is_err());
    let mut sa = bench.sign_in("sa-01").await;
    let listed = sa.ok::<k::ListCases>(&(), &k::CasesQuery { closed: false, number: None }).await;
    assert_eq!(listed.rows.iter().filter(|row| row.channel == Channel::System).count(), 2);
    assert!(listed.rows.iter().all(|row| row.channel != Channel::System || row.waits_for_me));
    // The log says that the system did it: of each case one event, in the transaction of the case.
    let events = bench.events().await;
    let own: Vec<_> = events.iter().filter(|event| event.source == SYSTEM_SOURCE).collect();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|event| event.who.is_none()));
    assert!(own.iter().any(|event| event.thing == [a.id.to_string()]));
}

#[tokio::test]
async fn an_administrator_takes_it_on_and_the_city_reads_along() {
    let bench = Bench::start().await;
    let case = open_by_system(&bench.app, Procedure::Incident, &found(), "test/api/1").await.unwrap();
    let (mut sa, mut op) = (bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let (mut city, mut nurse) = (bench.sign_in("city-01").await, bench.sign_in("hinata-n01").await);
    let read = city.ok::<k::ReadCase>(&case.id, &shared::api::Empty {}).await.case;
    assert_eq!((read.state, read.asked_by_name.as_str()), (State::Suspected, "システム（自動）"));
    let unknown = nurse.refused::<k::ReadCase>(&case.id, &shared::api::Empty {}).await;
    assert_eq!(unknown.code.wire(), "not_found");
    let on = [("kind", "fault"), ("state", "再起動しても応答しない")];
    let refused = op.refused::<k::StepCase>(&case.id, &take(&case, Act::TakeOn, &on)).await;
    assert_eq!(refused.code.wire(), "not_found");

    let noted = note_by_system(&bench.app, case.id, "まだ応答がありません。").await.unwrap().unwrap();
    assert_eq!(noted.taken.last().unwrap().by_name, "システム（自動）");
    // Whoever decides looks at what was added first.
    let old = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::TakeOn, &on)).await;
    assert_eq!(old.code.wire(), "stale");
    let next = sa.ok::<k::StepCase>(&case.id, &take(&noted, Act::TakeOn, &on)).await;
    assert_eq!(next.state, State::Detected);
    let late = sa.refused::<k::StepCase>(&case.id, &take(&next, Act::Dismiss, &[("reason", "誤り")])).await;
    assert_eq!(late.code.wire(), "stale");

    let other = open_by_system(&bench.app, Procedure::Incident, &found(), "test/api/2").await.unwrap();
    let dismissed = take(&other, Act::Dismiss, &[("reason", "試験のための停止")]);
    let closed = sa.ok::<k::StepCase>(&other.id, &dismissed).await;
    assert!(closed.state.is_closed());
    assert!(note_by_system(&bench.app, other.id, "遅い").await.unwrap().is_none());
    // A key stays used: what was dismissed is not opened again by its repetition.
    let again = open_by_system(&bench.app, Procedure::Incident, &found(), "test/api/2").await.unwrap();
    assert_eq!((again.id, again.state), (other.id, closed.state));
    let mut auditor = bench.sign_in("audit-01").await;
    let seen = auditor.ok::<a::ListAudit>(&(), &serde_json::from_str("{}").unwrap()).await;
    assert!(seen.rows.iter().any(|row| row.event.source == SYSTEM_SOURCE && row.name.is_none()));
}

#[tokio::test]
async fn nobody_says_that_they_are_the_system() {
    let bench = Bench::start().await;
    let sa = bench.sign_in("sa-01").await;
    let body = serde_json::json!({
        "command": command(), "procedure": "incident", "channel": "system", "form": found(),
    });
    let answer = sa.send("POST", "/api/cases", Some(body.clone())).await;
    assert_eq!(answer.code(), "not_found");
    let mut online = body;
    online["channel"] = "online".into();
    assert_eq!(sa.send("POST", "/api/cases", Some(online)).await.status, 200);
}
