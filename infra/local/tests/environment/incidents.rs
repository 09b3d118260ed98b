//! Inquiries (Art. 16) and incidents (Art. 18): the help desk's clock, the ten steps, what they close, what they keep.

use crate::support::{
    Bench, Person,
    cases::{asking, stepped, take},
    credentials,
};
use functions::procedure::open_by_system;
use serde_json::Value;
use shared::{
    api::{Empty, book as b, people as p, procedure as k},
    portal::ServiceState,
    procedure::{
        Act, Asked, Case, Channel, Procedure, ServiceMode, SheetKind, State, incident::leak, moment_text,
        sheet_of,
    },
    sheet::{IncidentReport, Sheet},
};
use std::io::Read;

const INQUIRY: &[(&str, &str)] =
    &[("topic", "use"), ("subject", "写真が付かない"), ("question", "添付を押しても進みません。")];

fn incident() -> Asked {
    asking(
        Procedure::Incident,
        &[
            ("kind", "fault"),
            ("subject", "連絡が送れない"),
            ("found_at", "2026-11-20T09:30"),
            ("found_where", "API"),
            ("content", "送信に失敗する"),
            ("scope", "全施設"),
        ],
    )
}

const CONTACT: &[(&str, &str)] = &[
    ("told_at", "2026-11-20T09:40"),
    ("told_by", "phone"),
    ("whom", "介護保険課"),
    ("state", "送信に失敗している"),
];
const PRESERVE: &[(&str, &str)] = &[("from_at", "2026-11-20T09:00"), ("to_at", "2026-11-20T10:00")];

/// From the city's knowledge to the measure, so that only the recovery is left.
async fn until_measured(sa: &mut Person, op: &mut Person, case: &Case) -> Case {
    let case = stepped(sa, case, Act::Contact, CONTACT).await;
    let case = stepped(sa, &case, Act::Preserve, PRESERVE).await;
    let cause = [("cause", "容量の不足"), ("related", "なし"), ("plan", "容量を増やす")];
    let case = stepped(sa, &case, Act::Analyse, &cause).await;
    let told = [
        ("affected", "yes"),
        ("told_by", "portal,mail"),
        ("words", "送信できません。正午に直る見込みです。"),
    ];
    let case = stepped(op, &case, Act::Inform, &told).await;
    let secured = [("secured", "操作記録と状態"), ("measure_plan", "上限を上げる")];
    let case = stepped(sa, &case, Act::Secure, &secured).await;
    let measure = [("measure", "上限を上げた"), ("measured_at", "2026-11-20T10:00")];
    stepped(sa, &case, Act::Mitigate, &measure).await
}

const BACK: &[(&str, &str)] = &[("recovered_at", "2026-11-20T10:00"), ("how", "送信を確認した")];
const REPORT: &[(&str, &str)] = &[("action", "容量を増やした"), ("lasting", "なし")];

#[tokio::test]
async fn a_question_is_answered_asked_again_and_settled() {
    let bench = Bench::start().await;
    let (mut nurse, mut op) = (bench.sign_in("hinata-n01").await, bench.sign_in("op-01").await);
    let case = nurse.ok::<k::OpenCase>(&(), &asking(Procedure::Inquiry, INQUIRY)).await;
    assert_eq!((case.state, case.number.as_str()), (State::AwaitingAnswer, "Q-2026-0001"));
    // Asked on Friday at ten, eight hours of the desk later: Monday is a holiday, so Tuesday at ten.
    assert_eq!(moment_text(case.due_at), "2026-11-24T10:00");
    assert!(op.ok::<k::ListCases>(&(), &Default::default()).await.rows[0].waits_for_me);
    // A colleague of the same facility has nothing to do with it; nor has the facility's manager.
    for other in ["hinata-n02", "hinata-m01", "sa-01"] {
        let mut other = bench.sign_in(other).await;
        assert_eq!(other.refused::<k::ReadCase>(&case.id, &Empty {}).await.code.wire(), "not_found");
    }
    let own = nurse.refused::<k::StepCase>(&case.id, &take(&case, Act::Answer, &[("answer", "x")])).await;
    assert_eq!(own.code.wire(), "not_found");
    let case = stepped(&mut op, &case, Act::Answer, &[("answer", "写真を選び直してください。")]).await;
    let case = stepped(&mut nurse, &case, Act::AskFurther, &[("question", "同じです。")]).await;
    assert_eq!(case.state, State::AwaitingAnswer);
    bench.later(300);
    let case = stepped(&mut op, &case, Act::Answer, &[("answer", "直しました。")]).await;
    let case = stepped(&mut nurse, &case, Act::Settle, &[]).await;
    assert_eq!(case.state, State::Done);
    assert_eq!(shared::procedure::incident::first_answer(&case), Some(case.taken[1].at));
}

#[tokio::test]
async fn a_call_is_entered_by_the_operator_and_handed_over_with_everything() {
    let bench = Bench::start().await;
    let (mut op, mut sa) = (bench.sign_in("op-01").await, bench.sign_in("sa-01").await);
    let mut called = asking(Procedure::Inquiry, INQUIRY);
    let nurse = bench.sign_in("hinata-n01").await;
    called.facility = Some(nurse.me.as_ref().unwrap().actor.facility);
    called.channel = Channel::Phone;
    assert_eq!(op.refused::<k::OpenCase>(&(), &called).await.fields[0].field, "received_on");
    called.received_on = Some(bench.clock_day());
    called.form.insert("caller".into(), "ひなた訪問看護 佐藤 0568-00-0000".into());
    let case = op.ok::<k::OpenCase>(&(), &called).await;
    let handed = [("kind", "fault"), ("found_where", "添付の画面")];
    let case = stepped(&mut op, &case, Act::HandOver, &handed).await;
    assert_eq!(case.state, State::HandedOver);
    let opened = sa.ok::<k::ReadCase>(&case.links[0].case, &Empty {}).await.case;
    assert_eq!((opened.state, opened.number.as_str()), (State::Detected, "I-2026-0001"));
    assert_eq!(opened.links[0].case, case.id);
    assert_eq!(opened.form["content"], "添付を押しても進みません。");
    assert_eq!(opened.form["found_at"], "2026-11-20T10:00");
    assert!(sa.ok::<k::ListCases>(&(), &Default::default()).await.rows[0].waits_for_me);
    // What came by telephone is answered and settled by whoever took the call.
    let case = stepped(&mut op, &case, Act::Answer, &[("answer", "障害でした。直りました。")]).await;
    assert_eq!(stepped(&mut op, &case, Act::Settle, &[]).await.state, State::Done);
}

#[tokio::test]
async fn a_cut_ends_every_session_and_only_the_recovery_opens_again() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let (mut sa, mut op) = (bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let case = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let no_reason = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::Cut, &[])).await;
    assert_eq!(no_reason.fields[0].field, "reason");
    let case = stepped(&mut sa, &case, Act::Cut, &[("reason", "侵入のおそれ")]).await;
    assert_eq!(
        (case.state, case.taken.last().unwrap().form["kept_service"].as_str()),
        (State::Detected, "切断中")
    );
    assert_eq!(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    assert_eq!(op.refused::<p::ReadSelf>(&(), &Empty {}).await.code.wire(), "session_ended");
    // Whoever cut goes on; a user is told to wait, before any second factor; a wrong password learns nothing.
    sa.ok::<p::ReadSelf>(&(), &Empty {}).await;
    let right = credentials("hinata-n01", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &right).await.code.wire(), "maintenance");
    let wrong = credentials("hinata-n01", "falsch-falsch-99");
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &wrong).await.code.wire(), "wrong_credentials");
    bench.later(30);
    let mut op = bench.sign_in("op-01").await;
    let case = until_measured(&mut sa, &mut op, &case).await;
    let desk = sa.ok::<k::ReadDesk>(&(), &Empty {}).await;
    assert_eq!(desk.service.unwrap().mode, ServiceMode::Cut);
    let case = stepped(&mut sa, &case, Act::Recover, BACK).await;
    assert_eq!(case.state, State::Recovered);
    bench.later(30);
    bench.sign_in("hinata-n01").await;
    // Form 3 goes to the city, which receives it, and refers it to the council.
    let case = stepped(&mut sa, &case, Act::Submit, REPORT).await;
    let mut city = bench.sign_in("city-01").await;
    let case = stepped(&mut city, &case, Act::ReferToCouncil, &[("judgement", "影響が大きい")]).await;
    let held = [("held_on", "2026-11-20"), ("prevention", "容量を毎月見る")];
    assert_eq!(stepped(&mut city, &case, Act::Deliberate, &held).await.state, State::Done);
}

#[tokio::test]
async fn read_only_lets_read_and_keeps_writing_for_later() {
    let bench = Bench::start().await;
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let mut sa = bench.sign_in("sa-01").await;
    let case = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let halt = [("mode", "read_only"), ("reason", "書き込みの失敗")];
    let case = stepped(&mut sa, &case, Act::Halt, &halt).await;
    nurse.ok::<b::ReadThread>(&patient, &Default::default()).await;
    let asked = asking(Procedure::Inquiry, INQUIRY);
    assert_eq!(nurse.refused::<k::OpenCase>(&(), &asked).await.code.wire(), "read_only");
    // Signing in is no writing.
    bench.sign_in("hinata-n02").await.ok::<p::ReadSelf>(&(), &Empty {}).await;
    let closed = [("mode", "closed"), ("reason", "広がった")];
    stepped(&mut sa, &case, Act::Halt, &closed).await;
    let refused = nurse.refused::<b::ReadThread>(&patient, &Default::default()).await;
    assert_eq!((refused.code.wire(), refused.status), ("maintenance", 503));
    // Another incident's recovery does not open what this one closed.
    let mut op = bench.sign_in("op-01").await;
    let other = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let other = until_measured(&mut sa, &mut op, &other).await;
    stepped(&mut sa, &other, Act::Recover, BACK).await;
    assert_eq!(
        nurse.refused::<b::ReadThread>(&patient, &Default::default()).await.code.wire(),
        "maintenance"
    );
}

#[tokio::test]
async fn evidence_is_copied_under_a_hold_that_no_administrator_passes() {
    let bench = Bench::start().await;
    bench.sign_in("hinata-n01").await;
    let mut sa = bench.sign_in("sa-01").await;
    let case = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let case = stepped(&mut sa, &case, Act::Contact, CONTACT).await;
    let backwards = [("from_at", "2026-11-20T10:00"), ("to_at", "2026-11-20T09:00")];
    let wrong = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::Preserve, &backwards)).await;
    assert_eq!(wrong.fields[0].field, "to_at");
    let long = [("from_at", "2026-10-01T10:00"), ("to_at", "2026-11-20T09:00")];
    let wrong = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::Preserve, &long)).await;
    assert_eq!(wrong.fields[0].field, "to_at");
    let preserve = take(&case, Act::Preserve, PRESERVE);
    let kept = sa.ok::<k::StepCase>(&case.id, &preserve).await;
    // The same press again is the same copy.
    assert_eq!(sa.ok::<k::StepCase>(&case.id, &preserve).await, kept);
    let said = &kept.taken.last().unwrap().form;
    let (_, blobs) = bench.cloud.endpoints.clients();
    let object = |key: String| {
        let blobs = blobs.clone();
        async move {
            let got = blobs.get_object().bucket(local::cloud::ARCHIVE).key(&key).send().await.unwrap();
            assert_eq!(got.object_lock_legal_hold_status.as_ref().unwrap().as_str(), "ON");
            assert_eq!(got.object_lock_mode.as_ref().unwrap().as_str(), "COMPLIANCE");
            got.body.collect().await.unwrap().into_bytes()
        }
    };
    let manifest = object(said["kept_manifest"].clone()).await;
    assert_eq!(functions::store::blob::sha256_hex(&manifest), said["kept_hash"]);
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let parts = manifest["parts"].as_array().unwrap();
    let log = object(parts[0]["key"].as_str().unwrap().to_owned()).await;
    assert_eq!(functions::store::blob::sha256_hex(&log), parts[0]["sha256"].as_str().unwrap());
    let mut text = String::new();
    flate2::read::GzDecoder::new(&log[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count().to_string(), said["kept_copied"]);
    assert!(text.contains("sign_in") && text.contains("prove_factor"));
    let state = object(parts[1]["key"].as_str().unwrap().to_owned()).await;
    let state: Value = serde_json::from_slice(&state).unwrap();
    assert_eq!(state["settings"]["prompt_hours"], 24);
    // More of it, as often as need be: each copy is one of its own, and the case stays where it is.
    let more = stepped(&mut sa, &kept, Act::Preserve, PRESERVE).await;
    assert_eq!(more.state, kept.state);
    let again = more.taken.last().unwrap().form["kept_manifest"].clone();
    assert_ne!(again, said["kept_manifest"]);
    object(again).await;
    let key = parts[0]["key"].as_str().unwrap();
    let delete = blobs.delete_object().bucket(local::cloud::ARCHIVE).key(key);
    let refused = delete.version_id(parts[0]["version"].as_str().unwrap()).send().await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn form_3_is_printed_from_the_record_by_whoever_reads_the_case() {
    let bench = Bench::start().await;
    local::press::give(&bench.app);
    let (mut sa, mut city) = (bench.sign_in("sa-01").await, bench.sign_in("city-01").await);
    let case = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let wanted = k::SheetQuery { kind: SheetKind::IncidentReport };
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert_eq!(nurse.refused::<k::PrintSheet>(&case.id, &wanted).await.code.wire(), "not_found");
    let other = k::SheetQuery { kind: SheetKind::DataUseNotice };
    assert_eq!(city.refused::<k::PrintSheet>(&case.id, &other).await.code.wire(), "not_found");
    if std::env::var_os("TSUNAGARU_FONTS").is_none() {
        // By plain `cargo test` there may be no fonts: then the refusal is what counts. `cargo xtask test` has them.
        assert_eq!(city.refused::<k::PrintSheet>(&case.id, &wanted).await.code.wire(), "no_press");
        return;
    }
    let printed = city.ok::<k::PrintSheet>(&case.id, &wanted).await;
    assert_eq!(printed.name, "様式第３（事故報告書）_I-2026-0001.pdf");
    // `%PDF-` in base64.
    assert!(printed.pdf.starts_with("JVBERi"), "{}", &printed.pdf[..12]);
    assert_eq!(city.ok::<k::PrintSheet>(&case.id, &wanted).await.sha256, printed.sha256);
}

#[tokio::test]
async fn the_portal_tells_what_an_incident_stopped_and_what_was_often_asked() {
    let bench = Bench::start().await;
    let (mut sa, mut op) = (bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let top = || async {
        let (_, blobs) = bench.cloud.endpoints.clients();
        let key = functions::store::blob::BlobKey::PortalTop.to_string();
        let got = blobs.get_object().bucket(local::cloud::PORTAL).key(key).send().await.unwrap();
        String::from_utf8(got.body.collect().await.unwrap().into_bytes().to_vec()).unwrap()
    };
    let case = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let case = stepped(&mut sa, &case, Act::Halt, &[("mode", "closed"), ("reason", "容量の不足")]).await;
    let stopped = top().await;
    assert!(stopped.contains("停止中") && !stopped.contains("容量の不足"));
    let case = until_measured(&mut sa, &mut op, &case).await;
    let told = top().await;
    assert!(told.contains("正午に直る見込みです。") && told.contains("連絡が送れない"));
    stepped(&mut sa, &case, Act::Recover, BACK).await;
    assert!(top().await.contains("稼働中"));

    let (mut nurse, mut city) = (bench.sign_in("hinata-n01").await, bench.sign_in("city-01").await);
    let case = nurse.ok::<k::OpenCase>(&(), &asking(Procedure::Inquiry, INQUIRY)).await;
    let case = stepped(&mut op, &case, Act::Answer, &[("answer", "選び直してください。")]).await;
    // Nothing goes out that nobody wrote for the public.
    let early = city.refused::<k::StepCase>(&case.id, &take(&case, Act::PublishFaq, &[])).await;
    assert_eq!(early.fields[0].field, "faq_question");
    let faq = [("faq_question", "写真が付きません"), ("faq_answer", "<b>選び直して</b>ください。")];
    let case = stepped(&mut op, &case, Act::ProposeFaq, &faq).await;
    stepped(&mut city, &case, Act::PublishFaq, &[]).await;
    let (_, blobs) = bench.cloud.endpoints.clients();
    let got = blobs.get_object().bucket(local::cloud::PORTAL).key("portal/faq.html").send().await.unwrap();
    let page = String::from_utf8(got.body.collect().await.unwrap().into_bytes().to_vec()).unwrap();
    assert!(page.contains("写真が付きません") && !page.contains("<b>選び直して"));
    assert!(top().await.contains("よくある質問"));
}

/// How far the service is open, and what the portal says of it.
async fn open_so_far(bench: &Bench) -> (ServiceMode, ServiceState) {
    let store = &bench.app.store;
    (store.service().await.unwrap().unwrap().mode, store.portal().await.unwrap().status.state)
}

#[tokio::test]
async fn a_stop_takes_nothing_of_a_cut_back_and_each_recovery_opens_its_own() {
    let bench = Bench::start().await;
    let patient = bench.sign_in("hinata-n01").await.first_patient().await;
    let mut sa = bench.sign_in("sa-01").await;
    let halt = [("mode", "read_only"), ("reason", "閲覧は続けられると考えた")];
    let kept = |case: &Case| case.taken.last().unwrap().form.get("kept_service").cloned();
    let (cut, stopped) = (Some("切断中".to_owned()), (ServiceMode::Cut, ServiceState::Stopped));

    let first = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let first = stepped(&mut sa, &first, Act::Cut, &[("reason", "侵入のおそれ")]).await;
    let first = stepped(&mut sa, &first, Act::Halt, &halt).await;
    assert_eq!((kept(&first), open_so_far(&bench).await), (cut.clone(), stopped));
    let right = credentials("hinata-n01", demo::DEMO_PASSWORD);
    assert_eq!(bench.nobody().refused::<p::SignIn>(&(), &right).await.code.wire(), "maintenance");

    bench.later(30);
    let mut op = bench.sign_in("op-01").await;
    let second = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let second = stepped(&mut sa, &second, Act::Halt, &halt).await;
    assert_eq!((kept(&second), open_so_far(&bench).await), (cut.clone(), stopped));
    let third = sa.ok::<k::OpenCase>(&(), &incident()).await;
    let third = stepped(&mut sa, &third, Act::Halt, &halt).await;
    let third = until_measured(&mut sa, &mut op, &third).await;
    let third = stepped(&mut sa, &third, Act::Recover, BACK).await;
    assert_eq!((kept(&third), open_so_far(&bench).await), (cut, stopped));

    let first = until_measured(&mut sa, &mut op, &first).await;
    stepped(&mut sa, &first, Act::Recover, BACK).await;
    assert_eq!(open_so_far(&bench).await, (ServiceMode::ReadOnly, ServiceState::Partial));
    bench.later(30);
    let mut nurse = bench.sign_in("hinata-n01").await;
    nurse.ok::<b::ReadThread>(&patient, &Default::default()).await;
    let asked = asking(Procedure::Inquiry, INQUIRY);
    assert_eq!(nurse.refused::<k::OpenCase>(&(), &asked).await.code.wire(), "read_only");

    let second = until_measured(&mut sa, &mut op, &second).await;
    stepped(&mut sa, &second, Act::Recover, BACK).await;
    assert_eq!(open_so_far(&bench).await, (ServiceMode::Open, ServiceState::Running));
    nurse.ok::<k::OpenCase>(&(), &asked).await;
}

#[tokio::test]
async fn a_leak_waits_after_its_receipt_until_its_reports_were_made() {
    let bench = Bench::start().await;
    let (mut sa, mut op) = (bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let mut city = bench.sign_in("city-01").await;
    let mut leaked = incident();
    leaked.form.insert("kind".into(), "leak".into());
    let case = sa.ok::<k::OpenCase>(&(), &leaked).await;
    let case = until_measured(&mut sa, &mut op, &case).await;
    let case = stepped(&mut sa, &case, Act::Recover, BACK).await;
    let case = stepped(&mut sa, &case, Act::Submit, REPORT).await;
    let mut case = stepped(&mut city, &case, Act::ReceiveReport, &[("judgement", "影響が小さい")]).await;
    // Found on the twentieth, that day counted: the thirtieth day is 19 December.
    assert_eq!((case.state, moment_text(case.due_at).as_str()), (State::Notifying, "2026-12-20T00:00"));
    let rows = city.ok::<k::ListCases>(&(), &Default::default()).await.rows;
    assert!(rows.iter().any(|row| row.number == case.number && row.waits_for_me));
    let confirmed = [("confirmed", "控えを確かめた")];
    let early = city.refused::<k::StepCase>(&case.id, &take(&case, Act::EndNotices, &confirmed)).await;
    assert_eq!(early.fields[0].field, "confirmed");
    let told = |report| [("report", report), ("done_on", "2026-11-20"), ("words", "報告した")];
    for report in ["prompt", "final"] {
        case = stepped(&mut city, &case, Act::NotifyAsCity, &told(report)).await;
    }
    case = stepped(&mut sa, &case, Act::Notify, &told("persons")).await;
    assert_eq!(stepped(&mut city, &case, Act::EndNotices, &confirmed).await.state, State::Done);
}

#[tokio::test]
async fn what_monitoring_found_is_mended_given_back_and_reported_by_a_person() {
    let bench = Bench::start().await;
    let (mut sa, mut op) = (bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let mut city = bench.sign_in("city-01").await;
    let mut form = incident().form;
    form.insert("scope".into(), "確認中".into());
    let case = open_by_system(&bench.app, Procedure::Incident, &form, "test/api/1").await.unwrap();
    let on = [("kind", "fault"), ("state", "応答しない")];
    let case = stepped(&mut sa, &case, Act::TakeOn, &on).await;
    let case = until_measured(&mut sa, &mut op, &case).await;
    let found_later = [
        ("cause", "宛先の誤り"),
        ("related", "なし"),
        ("plan", "直す"),
        ("kind", "leak"),
        ("scope", "1施設"),
    ];
    let case = stepped(&mut sa, &case, Act::Analyse, &found_later).await;
    assert_eq!((case.state, leak(&case).is_some()), (State::Mitigated, true));
    let case = stepped(&mut sa, &case, Act::Recover, BACK).await;
    let case = stepped(&mut sa, &case, Act::Submit, REPORT).await;
    let case = stepped(&mut city, &case, Act::Return, &[("reason", "発生日時がない")]).await;
    assert_eq!((case.state, report(&case).date), (State::Recovered, None));
    let again = [REPORT, &[("occurred_at", "2026-11-20T09:00")]].concat();
    let case = stepped(&mut sa, &case, Act::Submit, &again).await;
    let actor = &sa.me.as_ref().unwrap().actor;
    let report = report(&case);
    let by = format!("{}\nシステム管理者　{}", actor.facility_name, actor.name);
    assert_eq!((report.reporter, report.affected.as_str()), (by, "1施設"));
    assert_eq!(report.occurred_at.at.map(moment_text).as_deref(), Some("2026-11-20T09:00"));
}

/// Form 3, as it is printed now.
fn report(case: &Case) -> IncidentReport {
    match sheet_of(case, SheetKind::IncidentReport, "小牧市") {
        Some(Sheet::IncidentReport(report)) => report,
        other => panic!("{other:?}"),
    }
}
