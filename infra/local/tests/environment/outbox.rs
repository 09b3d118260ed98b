//! What follows a step: mails to confirmed addresses, tried again until they are gone, seen when they are stuck; and the
//! files of cases.

use crate::support::{
    Bench, Person,
    cases::{asking, attached, form},
    command, request,
};
use bytes::Bytes;
use functions::{app::App, post::Post, procedure::outbox};
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use shared::{
    api::{Empty, error::Code, people as p, procedure as k},
    book::{AttachmentDraft, FileType},
    people::{MailCode, NewMail},
    procedure::{Act, Case, ErrandKind, Procedure, STUCK_TRIES, TakeStep, notice_mail::MailText},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

async fn asked(person: &mut Person) -> Case {
    let asked = asking(
        Procedure::AccountAdd,
        &[
            ("name", "新田 葵"),
            ("kana", "にった あおい"),
            ("profession", "nurse"),
            ("role", "member"),
            ("contact", "0568-00-1234"),
            ("reason", "12月1日採用"),
        ],
    );
    person.ok::<k::OpenCase>(&(), &asked).await
}

async fn run(bench: &Bench) {
    outbox::run_due(&bench.app).await.unwrap();
}

/// An address, as somebody says that it is theirs.
fn named(address: &str) -> NewMail {
    NewMail { command: command(), address: address.into() }
}

/// Names an address and confirms it by the code that came there.
async fn told_at(bench: &Bench, person: &mut Person, address: &str) {
    let code = sent_to(bench, person, address).await;
    person.ok::<p::ConfirmMail>(&(), &MailCode { code }).await;
}

/// Names an address; the code that was sent there.
async fn sent_to(bench: &Bench, person: &mut Person, address: &str) -> String {
    person.ok::<p::NameMail>(&(), &named(address)).await;
    run(bench).await;
    code_for(bench, address)
}

/// Types wrong codes, so many.
async fn guess(person: &mut Person, right: &str, times: usize) {
    let wrong = if right == "111111" { "222222" } else { "111111" };
    for _ in 0..times {
        let refused = person.refused::<p::ConfirmMail>(&(), &MailCode { code: wrong.into() }).await;
        assert!(refused.fields[0].message.contains("確認コードが違います"), "{refused:?}");
    }
}

fn code_for(bench: &Bench, address: &str) -> String {
    let mails = bench.mails.newest(100);
    let mail = mails.iter().find(|mail| mail.to == address && mail.text.contains("確認コード: "));
    mail.unwrap().text.split("確認コード: ").nth(1).unwrap()[..6].to_owned()
}

fn to(bench: &Bench, address: &str) -> Vec<String> {
    let mails = bench.mails.newest(100).into_iter();
    mails
        .filter(|mail| mail.to == address && !mail.subject.contains("確認コード"))
        .map(|mail| mail.text)
        .collect()
}

#[tokio::test]
async fn whoever_is_next_is_told_by_mail_and_nothing_personal_travels() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    told_at(&bench, &mut city, "city@example.jp").await;
    told_at(&bench, &mut manager, "manager@example.jp").await;
    let case = asked(&mut manager).await;
    run(&bench).await;
    let mails = to(&bench, "city@example.jp");
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(
        mails[0].contains(&case.number) && mails[0].contains(&format!("/cases/{}", case.id)),
        "{mails:?}"
    );
    for secret in ["新田", "にった", "0568", "採用", "ひなた"] {
        assert!(!mails[0].contains(secret), "{secret}");
    }
    assert!(to(&bench, "manager@example.jp").is_empty());
    // Again and again: nobody is told twice.
    bench.later(60);
    run(&bench).await;
    assert_eq!(to(&bench, "city@example.jp").len(), 1);

    let step = TakeStep {
        command: command(),
        act: Act::Return,
        version: case.version,
        form: form(&[("reason", "よみを確かめてください")]),
    };
    let case = city.ok::<k::StepCase>(&case.id, &step).await;
    run(&bench).await;
    let mails = to(&bench, "manager@example.jp");
    assert!(mails.len() == 1 && mails[0].contains(&case.number) && !mails[0].contains("よみ"), "{mails:?}");
    assert_eq!(to(&bench, "city@example.jp").len(), 1);

    // The record: who may read it sees numbers and counts, no addresses.
    let mut operator = bench.sign_in("op-01").await;
    let record = operator.ok::<k::ReadOutbox>(&(), &Empty {}).await;
    assert!(record.open.is_empty() && record.mails);
    let told: usize = record.done.iter().map(|errand| errand.told.len()).sum();
    assert_eq!(told, 2);
    let said = serde_json::to_string(&record).unwrap();
    assert!(!said.contains("example.jp"), "{said}");
    assert_eq!(manager.refused::<k::ReadOutbox>(&(), &Empty {}).await.code, Code::Forbidden);
}

#[tokio::test]
async fn nothing_goes_to_an_address_before_its_code_came_back() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    for bad in ["", "city", "city@example", "city@example.jp\nBcc: x@example.jp", "市@example"] {
        let problem = city.refused::<p::NameMail>(&(), &named(bad)).await;
        assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::Invalid, "address"), "{bad}");
    }
    city.ok::<p::NameMail>(&(), &named("city@example.jp")).await;
    // Before the code was sent there is none to be right about.
    assert_eq!(
        city.refused::<p::ConfirmMail>(&(), &MailCode { code: "000000".into() }).await.fields[0].field,
        "code"
    );
    run(&bench).await;
    asked(&mut manager).await;
    run(&bench).await;
    assert!(to(&bench, "city@example.jp").is_empty());
    let account = city.ok::<p::ReadAccount>(&(), &Empty {}).await;
    assert_eq!(account.mail.map(|mail| mail.confirmed), Some(false));

    // Not after half an hour; a new one works, typed in full-width digits too.
    let code = code_for(&bench, "city@example.jp");
    bench.later(30 * 60);
    city = bench.sign_in("city-01").await;
    city.refused::<p::ConfirmMail>(&(), &MailCode { code }).await;
    let code = sent_to(&bench, &mut city, "city@example.jp").await;
    let wide = |c: char| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap();
    let code: String = code.chars().map(wide).collect();
    city.ok::<p::ConfirmMail>(&(), &MailCode { code }).await;
    manager = bench.sign_in("hinata-m01").await;
    asked(&mut manager).await;
    run(&bench).await;
    assert_eq!(to(&bench, "city@example.jp").len(), 1);
    // And no more once it is taken back.
    city.ok::<p::RemoveMail>(&(), &Empty {}).await;
    asked(&mut manager).await;
    run(&bench).await;
    assert_eq!(to(&bench, "city@example.jp").len(), 1);
    assert!(city.ok::<p::ReadAccount>(&(), &Empty {}).await.mail.is_none());
}

#[tokio::test]
async fn wrong_codes_of_a_day_are_counted_together_whatever_code_was_sent() {
    let bench = Bench::start().await;
    let mut city = bench.sign_in("city-01").await;
    let mut code = String::new();
    for _ in 0..2 {
        code = sent_to(&bench, &mut city, "city@example.jp").await;
        guess(&mut city, &code, 5).await;
    }
    let refused = city.refused::<p::ConfirmMail>(&(), &MailCode { code }).await;
    assert!(refused.fields[0].message.contains("1日に10回までです"), "{refused:?}");
    let code = sent_to(&bench, &mut city, "city@example.jp").await;
    city.refused::<p::ConfirmMail>(&(), &MailCode { code }).await;
    bench.later(24 * 60 * 60);
    city = bench.sign_in("city-01").await;
    told_at(&bench, &mut city, "city@example.jp").await;
}

#[tokio::test]
async fn whoever_names_address_after_address_has_five_codes_sent_a_day() {
    let bench = Bench::start().await;
    let (mut nurse, mut manager) = (bench.sign_in("hinata-n01").await, bench.sign_in("hinata-m01").await);
    let first = named("somebody-0@example.jp");
    nurse.ok::<p::NameMail>(&(), &first).await;
    // A repetition of the same command is none.
    nurse.ok::<p::NameMail>(&(), &first).await;
    for n in 1..5 {
        nurse.ok::<p::NameMail>(&(), &named(&format!("somebody-{n}@example.jp"))).await;
    }
    let refused = nurse.refused::<p::NameMail>(&(), &named("somebody-5@example.jp")).await;
    assert_eq!((refused.code, refused.fields[0].field.as_str()), (Code::Invalid, "address"));
    assert!(refused.fields[0].message.contains("1日に5回までです"), "{refused:?}");
    nurse.ok::<p::NameMail>(&(), &first).await;
    run(&bench).await;
    assert_eq!(bench.mails.newest(100).len(), 5);
    // Others have their own count, and tomorrow is another day.
    told_at(&bench, &mut manager, "manager@example.jp").await;
    bench.later(24 * 60 * 60);
    nurse = bench.sign_in("hinata-n01").await;
    told_at(&bench, &mut nurse, "nurse@example.jp").await;
}

/// A post office that is closed until somebody opens it.
struct Closed(AtomicBool);

impl Post for Closed {
    fn send<'a>(&'a self, _: &'a str, _: &'a str, _: &'a MailText) -> BoxFuture<'a, Result<(), String>> {
        let open = self.0.load(Ordering::Relaxed);
        Box::pin(async move { if open { Ok(()) } else { Err("応答がありません".to_owned()) } })
    }
}

/// The same environment with another post office.
fn with_post(bench: &Bench, post: Arc<dyn Post>) -> Arc<App> {
    let settings = bench.app.settings.clone();
    let app = bench.cloud.endpoints.app(Arc::new(bench.clock.clone()), settings);
    assert!(app.post.set(post).is_ok());
    app
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_again_seen_when_stuck_and_sent_in_the_end() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    told_at(&bench, &mut city, "city@example.jp").await;
    let post = Arc::new(Closed(AtomicBool::new(false)));
    let app = with_post(&bench, post.clone());
    asked(&mut manager).await;
    for _ in 0..STUCK_TRIES {
        outbox::run_due(&app).await.unwrap();
        // Not at once again.
        outbox::run_due(&app).await.unwrap();
        bench.later(3600);
    }
    let mut admin = bench.sign_in("sa-01").await;
    let record = admin.ok::<k::ReadOutbox>(&(), &Empty {}).await;
    let stuck = &record.open[0];
    assert!(stuck.is_stuck() && stuck.tries == STUCK_TRIES, "{stuck:?}");
    assert_eq!(stuck.trouble.as_deref(), Some("応答がありません"));
    assert_eq!(stuck.task.kind(), ErrandKind::StepMail);
    post.0.store(true, Ordering::Relaxed);
    assert_eq!(outbox::run_due(&app).await.unwrap(), 1);
    let record = admin.ok::<k::ReadOutbox>(&(), &Empty {}).await;
    assert!(record.open.is_empty());
    assert_eq!(record.done[0].told.len(), 1);
    // Somebody presses 今やり直す on one that is done: it stays done.
    let again = admin.ok::<k::TryErrand>(&record.done[0].id, &Empty {}).await;
    assert_eq!(again.told.len(), 1);
}

#[tokio::test]
async fn two_jobs_at_once_tell_nobody_twice() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    told_at(&bench, &mut city, "city@example.jp").await;
    for _ in 0..5 {
        asked(&mut manager).await;
    }
    let jobs = (0..4).map(|_| outbox::run_due(&bench.app));
    for done in futures::future::join_all(jobs).await {
        done.unwrap();
    }
    assert_eq!(to(&bench, "city@example.jp").len(), 5);
}

#[tokio::test]
async fn a_file_hangs_on_its_case_for_those_concerned_and_the_decider_looks_again() {
    let bench = Bench::start().await;
    let (mut manager, mut city) = (bench.sign_in("hinata-m01").await, bench.sign_in("city-01").await);
    let (mut nurse, mut other) = (bench.sign_in("hinata-n01").await, bench.sign_in("kaede-m01").await);
    let seen = asked(&mut manager).await;
    let case = attached(&mut manager, seen.id, "届.pdf", b"%PDF-1.7 form").await;
    assert_eq!((case.files.len(), case.files[0].name.as_str()), (1, "届.pdf"));
    assert_eq!(case.taken.last().unwrap().act, Act::Attach);
    let path = (case.id, case.files[0].id);
    let link = city.ok::<k::OpenCaseFile>(&path, &Empty {}).await;
    let (host, file) = link.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let got = request(host, "GET", &format!("/{file}"), &[], Bytes::new()).await;
    assert_eq!((got.status, &got.body[..]), (200, &b"%PDF-1.7 form"[..]));
    for stranger in [&mut nurse, &mut other] {
        assert_eq!(stranger.refused::<k::OpenCaseFile>(&path, &Empty {}).await.code, Code::NotFound);
        assert_eq!(stranger.refused::<k::ConfirmCaseFile>(&path, &Empty {}).await.code, Code::NotFound);
    }
    // The city decides on what it saw: not on a case that got a file since.
    let refuse = |version| TakeStep {
        command: command(),
        act: Act::Refuse,
        version,
        form: form(&[("reason", "重複しています")]),
    };
    assert_eq!(city.refused::<k::StepCase>(&case.id, &refuse(seen.version)).await.code, Code::Stale);
    let closed = city.ok::<k::StepCase>(&case.id, &refuse(case.version)).await;
    let draft = AttachmentDraft {
        name: "後から.pdf".into(),
        file_type: FileType::Pdf,
        bytes: 3,
        sha256: "0".repeat(64),
    };
    assert_eq!(manager.refused::<k::CreateCaseFile>(&closed.id, &draft).await.code, Code::Stale);
    // What is not what it was declared to be does not hang there.
    let case = asked(&mut manager).await;
    let bad = AttachmentDraft { name: "x.pdf".into(), bytes: 0, ..draft };
    assert_eq!(manager.refused::<k::CreateCaseFile>(&case.id, &bad).await.fields[0].field, "bytes");
}

#[tokio::test]
async fn a_page_that_is_a_program_is_refused() {
    let bench = Bench::start().await;
    let mut manager = bench.sign_in("hinata-m01").await;
    let case = asked(&mut manager).await;
    let bytes = b"<!doctype html><script>1</script>";
    let draft = AttachmentDraft {
        name: "x.pdf".into(),
        file_type: FileType::Pdf,
        bytes: bytes.len() as u64,
        sha256: hex::encode(Sha256::digest(bytes)),
    };
    let ticket = manager.ok::<k::CreateCaseFile>(&case.id, &draft).await;
    assert_eq!(
        manager.refused::<k::ConfirmCaseFile>(&(case.id, ticket.id), &Empty {}).await.code,
        Code::UploadMissing
    );
    let (host, path) = ticket.url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let headers: Vec<(&str, &str)> = ticket.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    request(host, "PUT", &format!("/{path}"), &headers, Bytes::copy_from_slice(bytes)).await;
    assert_eq!(
        manager.refused::<k::ConfirmCaseFile>(&(case.id, ticket.id), &Empty {}).await.code,
        Code::UploadType
    );
    assert!(manager.ok::<k::ReadCase>(&case.id, &Empty {}).await.case.files.is_empty());
}
