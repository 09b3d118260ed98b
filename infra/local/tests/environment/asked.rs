//! Runs by hand that somebody asks for on the page: recorded at once, carried out by the job, told of with their end.

use crate::support::{
    Bench, Person,
    archive::View,
    as_note, command, cut_off,
    faults::{Fault, Network},
    new_note,
};
use functions::{
    evidence::{asked, backup},
    store::blob::BlobKey,
};
use shared::{
    api::{Command, Empty, book as b, error::Code, evidence as e},
    authority::Action,
    calendar::Day,
    evidence::{
        AskedRun, AuditEvent, BackupKind, Generation, ManualBackup, Outcome, SYSTEM_SOURCE, VerificationState,
    },
    id::{GenerationId, RequestId},
};

/// Longer than a run that died has anything in hand.
const CLAIM_LAPSED: i64 = 20 * 60 + 1;

fn by_hand(day: Day) -> ManualBackup {
    ManualBackup { command: command(), day, reason: "訓練のため".into() }
}

fn again() -> Command {
    Command { command: command() }
}

/// A system administrator asks for the backup of a day.
async fn ask(bench: &Bench, day: Day) -> AskedRun {
    bench.sign_in("sa-01").await.ok::<e::RunBackup>(&(), &by_hand(day)).await
}

async fn told(person: &mut Person) -> Vec<AskedRun> {
    person.ok::<e::ListRuns>(&(), &Empty {}).await.runs
}

async fn of_day(bench: &Bench, day: Day) -> Vec<Generation> {
    bench.app.store.generations_of(BackupKind::Daily, day, day).await.unwrap()
}

/// The run that ended last.
async fn last_ended(bench: &Bench) -> AskedRun {
    let since = bench.clock_now().plus_seconds(-60);
    bench.app.store.ended_runs(since, 1).await.unwrap().pop().unwrap()
}

/// What the audit log has under the number of the request by which a run was asked for.
async fn events_of(bench: &Bench, id: RequestId) -> Vec<AuditEvent> {
    bench.events().await.into_iter().filter(|event| event.request == id).collect()
}

#[tokio::test]
async fn what_was_asked_for_twice_is_made_once_and_both_ends_are_in_the_audit_log() {
    let bench = Bench::start().await;
    let day = bench.clock_day().plus_days(-1);
    let mut admin = bench.sign_in("sa-01").await;
    let request = by_hand(day);
    let asked = admin.ok::<e::RunBackup>(&(), &request).await;
    assert_eq!((asked.tries, &asked.ended), (0, &None));
    // The same command, a second press, and nothing is done within the request.
    assert_eq!(admin.ok::<e::RunBackup>(&(), &request).await, asked);
    assert_eq!(admin.ok::<e::RunBackup>(&(), &by_hand(day)).await, asked);
    assert_eq!(told(&mut admin).await, std::slice::from_ref(&asked));
    assert!(of_day(&bench, day).await.is_empty());

    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 0, "safe to repeat");
    assert_eq!(admin.ok::<e::RunBackup>(&(), &request).await, asked, "the first answer");
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 0);
    let made = of_day(&bench, day).await;
    assert_eq!((made.len(), made[0].verification.state), (1, VerificationState::Sound));
    let id = made[0].id;
    assert_eq!(bench.app.store.manual_reason(id).await.unwrap().as_deref(), Some("訓練のため"));
    let ended = told(&mut admin).await.pop().unwrap().ended.unwrap();
    assert_eq!((ended.generation, ended.failed), (Some(id), None));
    assert!(ended.at >= asked.asked_at);

    let account = admin.me.as_ref().unwrap().actor.account;
    let events = events_of(&bench, asked.id).await;
    let ends = events.iter().map(|event| {
        assert_eq!((event.action, event.outcome), (Action::RunBackup, Outcome::Done));
        assert_eq!(event.who.as_ref().unwrap().account, account);
        (event.source == SYSTEM_SOURCE, event.thing.clone())
    });
    let (asked_for, made) = (vec![day.to_string()], vec![id.to_string()]);
    let mut ends: Vec<_> = ends.collect();
    ends.sort();
    assert_eq!(ends, [(false, asked_for), (true, made)]);
    // It is not told of for ever.
    bench.later(e::RUN_TOLD_SECONDS + 1);
    assert_eq!(told(&mut bench.sign_in("sa-01").await).await, []);
}

#[tokio::test]
async fn a_generation_is_read_back_once_for_all_who_ask() {
    let bench = Bench::start().await;
    let day = bench.clock_day().plus_days(-1);
    let generation = backup::run(&bench.app, day).await.unwrap();
    assert_eq!(generation.verification.state, VerificationState::Pending);
    let (mut admin, mut auditor) = (bench.sign_in("sa-01").await, bench.sign_in("audit-01").await);
    let unknown = GenerationId::from_parts(1, 1);
    let refused = admin.refused::<e::VerifyBackup>(&unknown, &again()).await;
    assert_eq!(refused.code, Code::NotFound);
    let asked = auditor.ok::<e::VerifyBackup>(&generation.id, &again()).await;
    assert_eq!(admin.ok::<e::VerifyBackup>(&generation.id, &again()).await, asked);
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
    let found = of_day(&bench, day).await.pop().unwrap().verification;
    assert_eq!(found.state, VerificationState::Sound);
    assert!(found.at >= Some(asked.asked_at));
    let ended = told(&mut admin).await.pop().unwrap().ended.unwrap();
    assert_eq!((ended.generation, ended.verification), (Some(generation.id), Some(found)));
    let events = events_of(&bench, asked.id).await;
    let account = auditor.me.as_ref().unwrap().actor.account;
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!((event.action, event.outcome), (Action::VerifyBackup, Outcome::Done));
        assert_eq!(event.who.unwrap().account, account);
        assert_eq!(event.thing, [generation.id.to_string()]);
    }
    // Who asks again has it read back again.
    assert_ne!(admin.ok::<e::VerifyBackup>(&generation.id, &again()).await.id, asked.id);
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
}

/// How often a run is polled until it ends.
async fn polls_of(run: impl Future) -> usize {
    let (mut run, mut polls) = (std::pin::pin!(run), 0);
    std::future::poll_fn(|context| {
        polls += 1;
        run.as_mut().poll(context).map(|_| polls)
    })
    .await
}

#[tokio::test]
async fn a_run_that_is_cut_off_anywhere_ends_once_with_one_generation() {
    let bench = Bench::start().await;
    let mut chance = fastrand::Rng::with_seed(11);
    let (mut day, mut days, mut whole, mut cut) = (bench.clock_day(), Vec::new(), 0, 0);
    // The first makes the patients' keys; what the second takes is what the others would.
    for _ in 0..2 {
        day = day.plus_days(-1);
        days.insert(0, day);
        ask(&bench, day).await;
        whole = polls_of(asked::run_due(&bench.app)).await;
    }
    for turn in 0..12 {
        day = day.plus_days(-1);
        days.insert(0, day);
        let asked = ask(&bench, day).await;
        for _ in 0..asked::TRIES - 1 {
            // Every other one near its end, where the generation is locked.
            let polls =
                if turn % 2 == 0 { chance.usize(1..whole) } else { whole - chance.usize(1..whole / 4) };
            cut += usize::from(cut_off(polls, asked::run_due(&bench.app)).await.is_none());
            bench.later(CLAIM_LAPSED);
        }
        asked::run_due(&bench.app).await.unwrap();
        assert!(bench.app.store.open_runs().await.unwrap().is_empty());
        let since = asked.asked_at;
        let ended = bench.app.store.ended_runs(since, 9).await.unwrap();
        let ended: Vec<_> = ended.into_iter().filter(|run| run.id == asked.id).collect();
        assert_eq!(ended.len(), 1);
        let end = ended[0].ended.as_ref().unwrap();
        let made = of_day(&bench, day).await;
        assert_eq!((&end.failed, end.generation, made.len()), (&None, Some(made[0].id), 1), "{day}");
        assert!(bench.app.store.manual_reason(made[0].id).await.unwrap().is_some());
    }
    assert!(cut > 5, "only {cut} runs were cut off");
    // Also where somebody died between manifest and catalogue.
    assert_eq!(View::of(&bench).complete(BackupKind::Daily).await, days);
}

/// Between the manifest and the end of the verification.
#[tokio::test]
async fn what_is_locked_and_was_not_read_back_is_not_locked_again() {
    let bench = Bench::start().await;
    let network = Network::before(&bench).await;
    let app = network.app(&bench);
    let day = bench.clock_day().plus_days(-1);
    ask(&bench, day).await;
    network.strike("GET /tsunagaru-archive/daily", Fault::Unavailable, u32::MAX);
    asked::run_due(&app).await.unwrap_err();
    let locked = of_day(&bench, day).await.pop().unwrap();
    let open = bench.app.store.open_runs().await.unwrap();
    assert_eq!((open.len(), open[0].tries, &open[0].ended), (1, 1, &None));
    network.calm();
    bench.later(60);
    assert_eq!(asked::run_due(&app).await.unwrap(), 1, "nobody has to wait for a claim of somebody alive");
    assert_eq!(last_ended(&bench).await.ended.unwrap().generation, Some(locked.id));
    assert_eq!(View::of(&bench).complete(BackupKind::Daily).await, [day]);

    // However often it cannot be read back: what is locked has its reason.
    let day = day.plus_days(-1);
    ask(&bench, day).await;
    network.strike("GET /tsunagaru-archive/daily", Fault::Unavailable, u32::MAX);
    for _ in 1..asked::TRIES {
        asked::run_due(&app).await.unwrap_err();
        bench.later(60);
    }
    assert_eq!(asked::run_due(&app).await.unwrap(), 1);
    let made = of_day(&bench, day).await;
    let ended = last_ended(&bench).await.ended.unwrap();
    assert!(ended.failed.unwrap().contains("混み合って"));
    assert_eq!((ended.generation, ended.verification, made.len()), (Some(made[0].id), None, 1));
    assert!(bench.app.store.manual_reason(made[0].id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_missing_file_ends_the_run_says_why_and_locks_nothing() {
    let bench = Bench::start().await;
    let day = bench.clock_day();
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("写真つき"))).await;
    let file = View::of(&bench).with_file(day, patient).await;
    bench.clock.set(day.plus_days(1).start().plus_seconds(9 * 3600));
    bench.app.store.blobs.erase_attachment(&BlobKey::File(file)).await.unwrap();
    let asked = ask(&bench, day).await;
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
    let ended = last_ended(&bench).await.ended.unwrap();
    assert!(ended.failed.as_ref().unwrap().contains("ファイルが見つからない"), "{ended:?}");
    assert_eq!(ended.generation, None);
    assert!(View::of(&bench).versions("daily/").await.is_empty());
    let last = events_of(&bench, asked.id).await.into_iter().find(|event| event.source == SYSTEM_SOURCE);
    let last = last.unwrap();
    assert_eq!((last.outcome, last.who.unwrap()), (Outcome::Refused(Code::Internal), asked.by.clone()));
    // And somebody can ask again.
    assert_ne!(ask(&bench, day).await.id, asked.id);
}

#[tokio::test]
async fn a_run_that_dies_each_time_is_given_up_and_says_so() {
    let bench = Bench::start().await;
    let day = bench.clock_day().plus_days(-1);
    ask(&bench, day).await;
    let mut polls = 1;
    while bench.app.store.open_runs().await.unwrap()[0].tries < asked::TRIES {
        assert!(cut_off(polls, asked::run_due(&bench.app)).await.is_none(), "it ended after {polls} polls");
        polls += 1;
        bench.later(CLAIM_LAPSED);
    }
    assert_eq!(asked::run_due(&bench.app).await.unwrap(), 1);
    let ended = last_ended(&bench).await.ended.unwrap();
    assert!(ended.failed.unwrap().contains("3回試しました"));
    assert_eq!((ended.generation, of_day(&bench, day).await.len()), (None, 0));
}
