//! Every endpoint of the list: served, refused to strangers, audited.

use crate::support::{self, Bench, Person};
use shared::{
    api::{self, AuditClass, Method},
    authority::{Action, may_ever},
    evidence::Outcome,
    id::{
        AccountId, AttachmentId, CaseId, EventId, FacilityId, GenerationId, InvitationId, OutputId, PatientId,
    },
    people::Role,
};

fn address(info: &api::EndpointInfo, patient: PatientId) -> String {
    info.path
        .replace("{patient}", &patient.to_string())
        .replace("{number}", "1")
        .replace("{case}", &CaseId::from_parts(1, 1).to_string())
        .replace("{account}", &AccountId::from_parts(1, 1).to_string())
        .replace("{invitation}", &InvitationId::from_parts(1, 1).to_string())
        .replace("{attachment}", &AttachmentId::from_parts(1, 1).to_string())
        .replace("{file}", &AttachmentId::from_parts(1, 1).to_string())
        .replace("{errand}", &EventId::from_parts(1, 1).to_string())
        .replace("{output}", &OutputId::from_parts(1, 1).to_string())
        .replace("{generation}", &GenerationId::from_parts(1, 1).to_string())
        .replace("/sheet", "/sheet?kind=incident_report")
        .replace("{page}", "about")
        .replace("{version}", "1")
}

async fn knock(person: &Person, info: &api::EndpointInfo, patient: PatientId) -> support::Answer {
    let body = info.method.has_body().then(|| sample(info));
    person.send(info.method.as_str(), &address(info, patient), body).await
}

/// A body that is understood, so that what refuses is the authority and not the form.
fn sample(info: &api::EndpointInfo) -> serde_json::Value {
    let command = support::command();
    serde_json::json!({
        "user_id": "nobody-00", "password": "x",
        "command": command, "kind": "report", "importance": "normal", "text": "本文", "revision": 1, "reason": "理由",
        "number": 1, "name": "a.pdf", "file_type": "application/pdf", "bytes": 3, "sha256": "0".repeat(64),
        "day": "2026-11-19", "procedure": "account_remove", "act": "print", "_": info.name,
        "details": {
            "name": "試験 太郎", "kana": "しけん たろう", "born": "1940-01-02", "sex": "male", "care_level": "care1",
            "area": "浜町",
        },
        "version": 0, "given_on": "2026-11-19", "given_by": "patient",
        // A step's form is fields, a consent's form a word.
        "form": if info.path.contains("/cases") { serde_json::json!({}) } else { "signed".into() },
        "document": AttachmentId::from_parts(1, 1), "withdrawn_on": "2026-11-19", "withdrawn_by": "patient",
        "facility": FacilityId::from_parts(1, 1), "join": [],
        "wanted": { "dataset": "notes", "age": "10", "grain": "month", "from": "2026-11-01", "to": "2026-11-10" },
    })
}

#[tokio::test]
async fn the_list_is_served_whole() {
    let served: Vec<_> = functions::http::routes::served().map(|info| info.name).collect();
    let listed: Vec<_> = api::all().map(|info| info.name).collect();
    for name in &listed {
        assert_eq!(served.iter().filter(|served| served == &name).count(), 1, "{name}");
    }
    assert_eq!(served.len(), listed.len());
    let document = functions::http::openapi::document();
    let operations: usize =
        document["paths"].as_object().unwrap().values().map(|p| p.as_object().unwrap().len()).sum();
    assert_eq!(operations, listed.len());
}

#[tokio::test]
async fn every_endpoint_refuses_who_may_not_and_writes_it_down() {
    let bench = Bench::start().await;
    let patient = bench.sign_in("hinata-n01").await.first_patient().await;
    let unknown = PatientId::from_parts(1, 1);
    let people = [
        (bench.nobody(), None),
        (bench.sign_in("kaede-n01").await, Some(vec![Role::Member])),
        (bench.sign_in("kaede-m01").await, Some(vec![Role::Member, Role::FacilityManager])),
        (bench.sign_in("city-01").await, Some(vec![Role::City])),
        (bench.sign_in("om-01").await, Some(vec![Role::OperationsManager])),
        (bench.sign_in("km-01").await, Some(vec![Role::KeyKeeper])),
        (bench.sign_in("op-01").await, Some(vec![Role::Operator])),
        (bench.sign_in("sa-01").await, Some(vec![Role::SystemAdmin])),
        (bench.sign_in("audit-01").await, Some(vec![Role::Auditor])),
    ];
    for (person, roles) in &people {
        // What begins, changes or ends sessions has tests of its own: here everybody stays who they are.
        let own = [
            Action::SignIn,
            Action::AskPasskey,
            Action::ProveFactor,
            Action::SignOut,
            Action::LockScreen,
            Action::Unlock,
            Action::ChoosePassword,
            Action::EnrolFactor,
            Action::RemoveFactor,
            Action::EndSession,
        ];
        for info in api::all().filter(|info| !own.contains(&info.action)) {
            let before = bench.events().await.len();
            let answer = knock(person, info, patient).await;
            let allowed = may_ever(roles.as_deref(), info.action);
            let about_patient = info.path.contains("{patient}");
            let expected: &[u16] = match (roles, allowed) {
                (None, false) => &[401],
                (Some(_), false) => &[403],
                (_, true) if about_patient => &[404],
                // The second person who registers the same patient is told so.
                (_, true) if info.action == Action::RegisterPatient => &[200, 409],
                (_, true) => &[200, 404, 422],
            };
            assert!(expected.contains(&answer.status), "{} {roles:?}: {}", info.name, answer.status);
            if about_patient && allowed {
                // A foreign patient and an unknown one are told apart by nothing.
                let strange = knock(person, info, unknown).await;
                let (mut a, mut b) = (answer.json(), strange.json());
                a["instance"] = "".into();
                b["instance"] = "".into();
                assert_eq!(a, b, "{}", info.name);
            }
            let after = bench.events().await;
            let quiet =
                info.audit == AuditClass::Public || (info.audit == AuditClass::Quiet && answer.status == 200);
            let new: Vec<_> = after[before..].iter().filter(|event| event.action == info.action).collect();
            assert_eq!(new.is_empty(), quiet, "{} {roles:?}", info.name);
            if let Some(event) = new.first() {
                assert_eq!(event.outcome == Outcome::Done, answer.status == 200, "{}", info.name);
                assert_eq!(event.who.as_ref().map(|who| who.roles.clone()), *roles);
                if about_patient {
                    assert_eq!(event.thing[0], patient.to_string());
                }
            }
        }
    }
}

#[tokio::test]
async fn what_the_care_team_does_is_written_down_once() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    for info in api::all().filter(|info| info.method == Method::Get && info.path.contains("{patient}")) {
        let before = bench.events().await.len();
        let answer = knock(&nurse, info, patient).await;
        let new = bench.events().await.len() - before;
        assert_eq!(
            new,
            usize::from(info.audit != AuditClass::Quiet || answer.status != 200),
            "{}",
            info.name
        );
    }
    let before = bench.events().await.len();
    let note = support::as_note(support::new_note("体温 36.8"));
    nurse.ok::<api::book::CreateNote>(&patient, &note).await;
    let events = bench.events().await;
    assert_eq!(events.len(), before + 1);
    let line = serde_json::to_string(&events[before]).unwrap();
    assert!(!line.contains("体温") && !line.contains("佐藤"), "{line}");
}
