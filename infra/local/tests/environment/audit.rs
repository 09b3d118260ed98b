//! The audit log: sealed, verified, read by those who answer for it; a patient's team sees who opened the book.

use crate::support::{Bench, Person, as_note, new_note};
use aws_sdk_dynamodb::types::AttributeValue;
use functions::evidence::seal;
use shared::{
    api::{audit as a, book as b},
    authority::Action,
    evidence::{
        Outcome,
        seal::{Fault, Verifier},
    },
    id::EventId,
};

/// Some minutes of work, settled and sealed.
async fn sealed(bench: &Bench) -> (Person, shared::id::PatientId) {
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    for minute in 0..5 {
        bench.later(60);
        nurse.ok::<b::CreateNote>(&patient, &as_note(new_note(&format!("連絡{minute}")))).await;
    }
    bench.later(40 * 60);
    assert_eq!(seal::run_due(&bench.app).await.unwrap(), 1);
    (nurse, patient)
}

async fn put_text(bench: &Bench, id: EventId, text: Option<String>) {
    let (table, _) = bench.cloud.endpoints.clients();
    let at = shared::calendar::Timestamp::from_ms(i64::try_from(id.at_ms()).unwrap());
    let key = functions::store::keys::event(at, id);
    let delete = table.delete_item().table_name(local::cloud::TABLE);
    match text {
        None => {
            delete
                .key("pk", AttributeValue::S(key.pk))
                .key("sk", AttributeValue::S(key.sk))
                .send()
                .await
                .unwrap();
        }
        Some(text) => {
            let put = table.put_item().table_name(local::cloud::TABLE);
            put.item("pk", AttributeValue::S(key.pk))
                .item("sk", AttributeValue::S(key.sk))
                .item("doc", AttributeValue::S(text))
                .send()
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn what_was_sealed_cannot_be_changed_unnoticed() {
    let bench = Bench::start().await;
    sealed(&bench).await;
    let (verifier, bad) = seal::verify(&bench.app).await.unwrap();
    assert!(bad.is_none() && verifier.checked() >= 8, "{bad:?} {}", verifier.checked());
    // Sealing again with nothing new makes nothing; the next window goes on where this one ended.
    assert_eq!(seal::run_due(&bench.app).await.unwrap(), 0);
    bench.sign_in("aoba-d01").await;
    bench.later(40 * 60);
    assert_eq!(seal::run_due(&bench.app).await.unwrap(), 1);
    let (verifier, bad) = seal::verify(&bench.app).await.unwrap();
    assert_eq!((bad, verifier.until().is_some()), (None, true));

    let first = seal::read(&bench.app, 1).await.unwrap().unwrap();
    let entries = bench.app.store.stored_events(first.from, first.to).await.unwrap();
    let (id, text) = entries[3].clone();
    put_text(&bench, id, Some(text.replace("hinata", "yuzu").replace("Done", "done") + " ")).await;
    let (_, bad) = seal::verify(&bench.app).await.unwrap();
    let bad = bad.unwrap();
    assert_eq!((bad.index, bad.id, bad.fault), (3, Some(id), Fault::Changed));
    put_text(&bench, id, None).await;
    let (_, bad) = seal::verify(&bench.app).await.unwrap();
    assert_eq!(bad.map(|bad| (bad.index, bad.id, bad.fault)), Some((3, Some(id), Fault::Missing)));
    put_text(&bench, id, Some(text)).await;
    let late = EventId::from_parts(id.at_ms() + 1, 1);
    put_text(&bench, late, Some("{}".into())).await;
    let (_, bad) = seal::verify(&bench.app).await.unwrap();
    assert_eq!(bad.map(|bad| (bad.id, bad.fault)), Some((Some(late), Fault::Added)));
}

#[tokio::test]
async fn the_browser_can_verify_by_itself() {
    let bench = Bench::start().await;
    sealed(&bench).await;
    let mut auditor = bench.sign_in("audit-01").await;
    let mut verifier = Verifier::default();
    let mut number = 1;
    loop {
        let part = auditor.ok::<a::ReadSeal>(&(), &a::SealQuery { number }).await;
        let Some(seal) = part.seal else { break };
        verifier.check(seal, &part.entries).unwrap();
        number += 1;
    }
    assert!(verifier.checked() >= 8 && number == 2);
}

#[tokio::test]
async fn the_log_is_read_with_filters_and_without_patients_names() {
    let bench = Bench::start().await;
    let (_, patient) = sealed(&bench).await;
    bench.nobody().send("GET", "/api/patients", None).await;
    let mut city = bench.sign_in("city-01").await;
    let all = city.ok::<a::ListAudit>(&(), &a::AuditQuery::default()).await;
    assert!(all.rows.windows(2).all(|pair| pair[0].event.id > pair[1].event.id) && all.before.is_none());
    let query = a::AuditQuery {
        user_id: Some("hinata-n01".into()),
        action: Some(Action::WriteNote),
        patient: Some(patient),
        ..a::AuditQuery::default()
    };
    let notes = city.ok::<a::ListAudit>(&(), &query).await.rows;
    assert_eq!(notes.len(), 5);
    assert_eq!((notes[0].name.as_deref(), notes[0].facility_name.is_some()), (Some("佐藤 美咲"), true));
    let refused = a::AuditQuery { refused: true, ..a::AuditQuery::default() };
    let refused = city.ok::<a::ListAudit>(&(), &refused).await.rows;
    assert!(
        !refused.is_empty() && refused.iter().all(|row| matches!(row.event.outcome, Outcome::Refused(_)))
    );
    let unknown = a::AuditQuery { user_id: Some("nobody-00".into()), ..a::AuditQuery::default() };
    assert_eq!(city.refused::<a::ListAudit>(&(), &unknown).await.fields[0].field, "user_id");
    let long = a::AuditQuery { from: Some(bench.clock_day().plus_days(-40)), ..a::AuditQuery::default() };
    assert_eq!(city.refused::<a::ListAudit>(&(), &long).await.fields[0].field, "from");
    let month = a::AuditQuery { from: Some(bench.clock_day().plus_days(-30)), ..a::AuditQuery::default() };
    let mut pages = 0;
    let mut query = month;
    let mut count = 0;
    loop {
        let page = city.ok::<a::ListAudit>(&(), &query).await;
        (pages, count) = (pages + 1, count + page.rows.len());
        query.before = page.before;
        if query.before.is_none() {
            break;
        }
    }
    assert!(pages > 1 && count >= all.rows.len(), "{pages} {count}");
    // What the city reads names no patient.
    let mut nurse = bench.sign_in("hinata-n01").await;
    let name = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await.patient.name;
    assert!(!serde_json::to_string(&all).unwrap().contains(&name));
}

#[tokio::test]
async fn the_care_team_sees_who_opened_the_book() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let mut outsider = bench.sign_in("kaede-n01").await;
    outsider.refused::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    bench.later(1);
    nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    let rows = nurse.ok::<a::ReadAccess>(&patient, &a::AccessQuery::default()).await.rows;
    assert_eq!((rows[0].name.as_deref(), rows[0].event.action), (Some("佐藤 美咲"), Action::ReadThread));
    // Who knocked in vain is seen too.
    assert!(
        rows.iter().any(|row| row.name.as_deref() == Some("加藤 千尋") && row.event.outcome != Outcome::Done)
    );
    let refused = outsider.refused::<a::ReadAccess>(&patient, &a::AccessQuery::default()).await;
    assert_eq!(refused.code.wire(), "not_found");
}
