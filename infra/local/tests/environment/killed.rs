//! kill -9 at any moment of a backup, a verification, a restore, an erasure and a drill: the real program as a process. Whatever it
//! left is whole or not there, and the next run completes it.
//!
//! A moment is the number of a call to the services, chosen by a seed, or a particular call: the program is killed while the
//! call is under way, before or after it is carried out. Nothing depends on how fast the machine is.

use crate::support::{
    Bench, START,
    archive::View,
    at,
    faults::{Call, Fault, Network},
};
use functions::{
    app::App,
    evidence::{backup, certify, monitor, monthly, seal},
    store::ring::{KeyCopy, KeyRecord},
};
use local::{
    cloud::{Cloud, settings},
    commands::TEST_CLOCK,
    describe::Description,
    load,
    testclock::TestClock,
};
use shared::{
    book::Act,
    calendar::{Day, Timestamp},
    evidence::{BackupKind, KeyName},
    id::{CaseId, PatientId},
};
use std::{
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

fn program(folder: &Path, now: Timestamp, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tsunagaru-local"));
    command.args(arguments).arg("--data").arg(folder);
    if arguments.first() == Some(&"backup") {
        command.args(["--by", "sa-01", "--reason", "訓練"]);
    }
    command.env(TEST_CLOCK, now.to_string()).env("RUST_LOG", "error");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// When the program is killed.
#[derive(Clone, Copy, Debug)]
enum When {
    /// With the call of this number, the first one being 1.
    Number(u32),
    /// With the first call whose name or content has these words.
    Words(&'static str),
}

impl When {
    fn is_now(self, call: &Call, number: u32) -> bool {
        match self {
            Self::Number(wanted) => number == wanted,
            Self::Words(words) => {
                let has = |text: &[u8]| text.windows(words.len()).any(|part| part == words.as_bytes());
                has(call.name.as_bytes()) || has(&call.body)
            }
        }
    }
}

/// How a run ended.
struct Ended {
    is_killed: bool,
    is_good: bool,
    words: String,
    calls: u32,
}

/// The program at work on the services of a bench, with a proxy between them that counts its calls and kills it.
struct Program<'a> {
    bench: &'a Bench,
    network: Network,
}

impl<'a> Program<'a> {
    async fn on(bench: &'a Bench) -> Self {
        let network = Network::before(bench).await;
        let running =
            Description::new("http://localhost".into(), None, network.endpoints.clone(), Vec::new());
        running.write(bench.folder()).unwrap();
        Self { bench, network }
    }

    async fn run(&self, arguments: &[&str], kill: Option<(When, Fault)>) -> Ended {
        let child: Arc<Mutex<Option<Child>>> = Arc::default();
        let state = Arc::new(Mutex::new((0, false)));
        let (victim, seen) = (child.clone(), state.clone());
        self.network.obey(move |call| {
            let (calls, is_killed) = &mut *seen.lock().unwrap();
            if *is_killed {
                return Some(Fault::Reset);
            }
            *calls += 1;
            let (when, fault) = kill?;
            if !when.is_now(call, *calls) {
                return None;
            }
            // SIGKILL: nothing of the program runs any more.
            victim.lock().unwrap().as_mut().unwrap().kill().unwrap();
            *is_killed = true;
            Some(fault)
        });
        *child.lock().unwrap() = Some(program(self.bench.folder(), self.bench.clock_now(), arguments));
        let status = loop {
            if let Some(status) = child.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        self.network.calm();
        let mut words = String::new();
        let stderr = child.lock().unwrap().take().unwrap().stderr.take();
        stderr.unwrap().read_to_string(&mut words).unwrap();
        let (calls, is_killed) = *state.lock().unwrap();
        Ended { is_killed, is_good: status.success(), words, calls }
    }

    /// Runs to the end, and well; how many calls that took.
    async fn done(&self, arguments: &[&str]) -> u32 {
        let ended = self.run(arguments, None).await;
        assert!(ended.is_good, "{arguments:?}: {}", ended.words);
        ended.calls
    }

    /// Runs and is killed; whether it got that far.
    async fn killed(&self, arguments: &[&str], when: When, fault: Fault) -> bool {
        self.run(arguments, Some((when, fault))).await.is_killed
    }
}

/// Whether the call with which the program dies is carried out.
const EITHER: [Fault; 2] = [Fault::Reset, Fault::ResetAfter];

/// Moments among so many calls.
fn moments(chance: &mut fastrand::Rng, calls: u32, times: usize) -> Vec<When> {
    std::iter::repeat_with(|| When::Number(1 + chance.u32(..calls))).take(times).collect()
}

/// The first day on which the city sent a note.
async fn first_day(app: &App) -> Day {
    let mut day = app.clock.now().day().plus_days(-200);
    while app.store.journal(day).await.unwrap().is_empty() {
        day = day.plus_days(1);
    }
    day
}

/// The last day on which the city sent a note, and whose the last note was.
async fn last_day(app: &App) -> (Day, PatientId) {
    let mut day = app.clock.now().day();
    loop {
        if let Some((_, entry)) = app.store.journal(day).await.unwrap().pop()
            && matches!(entry.act, Act::Sent { .. })
        {
            return (day, entry.patient);
        }
        day = day.plus_days(-1);
    }
}

#[tokio::test]
async fn a_backup_that_is_killed_leaves_nothing_half_good_and_the_next_completes_it() {
    let bench = Bench::start().await;
    let (day, patient) = last_day(&bench.app).await;
    View::of(&bench).with_file(day, patient).await;
    bench.clock.set(day.plus_days(1).start().plus_seconds(9 * 3600));
    let program = Program::on(&bench).await;
    let (text, month) = (day.to_string(), bench.clock_day().month().to_string());
    let mut chance = fastrand::Rng::with_seed(1);
    for (kind, arguments) in [
        (BackupKind::Daily, ["backup", "--daily", &text].as_slice()),
        (BackupKind::Monthly, &["backup", "--monthly", &month]),
        (BackupKind::System, &["backup", "--system"]),
    ] {
        let calls = program.done(arguments).await;
        // Every run makes at least half as many calls.
        let mut when = moments(&mut chance, calls / 2, 2);
        when.extend(["/manifest.json", "manifest_key"].map(When::Words));
        for (at, when) in when.into_iter().enumerate() {
            assert!(program.killed(arguments, when, EITHER[at % 2]).await, "{arguments:?} {when:?}");
        }
        // The manifest stands and the catalogue does not know.
        assert!(program.killed(arguments, When::Words("manifest_key"), Fault::Reset).await);
        // What is locked cannot become better: one look at all that they left is enough.
        View::of(&bench).nothing_half_good(kind).await;
        // Reading back takes up what was written whole and never catalogued, and what nobody had read.
        assert!(program.killed(&["verify"], When::Number(10), Fault::ResetAfter).await);
        program.done(arguments).await;
        program.done(&["verify"]).await;
        let days = View::of(&bench).complete(kind).await;
        let of = if kind == BackupKind::Daily { day } else { bench.clock_day() };
        assert!(days.len() >= 4 && days.iter().all(|one| *one == of), "{days:?}");
    }
}

#[tokio::test]
async fn an_erasure_that_is_killed_is_finished_and_tells_the_numbers_of_its_beginning() {
    let bench = Bench::start().await;
    let (view, app) = (View::of(&bench), bench.app.clone());
    // Long ago, so that no other day of the city is due when this one is.
    let day = first_day(&app).await;
    let words = app.store.journal(day).await.unwrap().into_iter().find_map(|(_, entry)| match entry.act {
        Act::Sent { note } => note.text.lines().next().map(str::to_owned),
        _ => None,
    });
    let words = words.unwrap();
    backup::run(&app, day).await.unwrap();
    monthly::run(&app, at(START).day().month()).await.unwrap();
    assert!(view.is_readable(&words).await, "{words}");
    assert!(view.table().await.contains(&words), "{words}");
    // A person has permitted and begun it: the record says so, and nothing is done yet.
    let due = day.locked_until();
    bench.clock.set(due);
    let name = KeyName::Day(day);
    let live = app.store.live_of_day(day).await.unwrap();
    let case = functions::random::id(due, CaseId::from_parts);
    let known = app.store.key_record(name).await.unwrap().unwrap();
    let begun = KeyRecord { destroyed_at: Some(due), case: Some(case), live, ..known };
    app.store.put_destroyed(&begun).await.unwrap();

    // Later and later, until a run is not killed any more.
    let program = Program::on(&bench).await;
    let mut chance = fastrand::Rng::with_seed(5);
    let (mut killed, mut number) = (0, 1);
    while program.killed(&["erase", "--due"], When::Number(number), EITHER[killed % 2]).await {
        killed += 1;
        number += 1 + chance.u32(..8);
    }
    assert!(killed > 3, "{killed}");
    program.done(&["erase", "--due"]).await;
    let record = app.store.key_record(name).await.unwrap().unwrap();
    assert_eq!((record.case, record.live, record.destroyed_at), (Some(case), live, Some(due)));
    let certificate =
        certify::certificate(&app, record.certificate.as_ref().unwrap()).await.unwrap().unwrap();
    let kinds: Vec<_> = certificate.reached.iter().map(|reached| reached.kind).collect();
    assert_eq!((kinds, certificate.live), (vec![BackupKind::Daily, BackupKind::Monthly], live));
    assert!(app.store.erasing().await.unwrap().is_empty());
    for copy in KeyCopy::ALL {
        assert!(app.store.blobs.key_object(copy, name).await.unwrap().is_none());
    }
    assert!(!view.is_readable(&words).await && !view.table().await.contains(&words));
}

/// The new environment dies with the program that fills it; what was written is there, and the next run goes on.
#[tokio::test]
async fn a_restore_that_is_killed_goes_on_and_ends_as_one_that_was_not() {
    let bench = Bench::start().await;
    let (day, patient) = last_day(&bench.app).await;
    View::of(&bench).with_file(day, patient).await;
    bench.clock.set(day.plus_days(1).start().plus_seconds(9 * 3600));
    monthly::run(&bench.app, bench.clock_day().month()).await.unwrap();
    backup::run_due(&bench.app).await.unwrap();
    let month = bench.clock_day().month().to_string();
    let program = Program::on(&bench).await;
    let mut chance = fastrand::Rng::with_seed(9);
    for plan in [&[][..], &["--month", &month]] {
        let [straight, stumbling] = [0, 1].map(|_| Place(tempfile::tempdir().unwrap()));
        let into = |place: &Place| {
            let path = place.0.path().to_str().unwrap().to_owned();
            ["restore".to_owned(), "--into".to_owned(), path]
                .into_iter()
                .chain(plan.iter().map(|&word| word.to_owned()))
                .collect::<Vec<_>>()
        };
        let words = into(&straight);
        program.done(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let words = into(&stumbling);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let (mut killed, mut number) = (0, 1);
        while program.killed(&words, When::Number(number), EITHER[killed % 2]).await {
            killed += 1;
            number += 4 + chance.u32(..12);
        }
        assert!(killed > 2, "{plan:?} {killed}");
        let mut ends = Vec::new();
        for place in [straight, stumbling] {
            let open = place.open(bench.clock_now()).await;
            let mut lines = open.view.lines().await;
            // How far the restore is has times of its own.
            lines.retain(|key, _| !key.starts_with("V#restore "));
            ends.push(lines);
            open.close().await;
        }
        let keys = ends[0].keys().chain(ends[1].keys());
        let differ: Vec<_> = keys.filter(|key| ends[0].get(*key) != ends[1].get(*key)).collect();
        assert!(differ.is_empty() && ends[0].len() > 100, "{plan:?} {differ:?}");
    }
}

/// A drill that is killed blocks others for three hours; the next one drops its place.
#[tokio::test]
async fn a_drill_that_is_killed_leaves_nothing_and_does_not_block_for_ever() {
    let bench = Bench::start().await;
    let (day, _) = last_day(&bench.app).await;
    bench.clock.set(day.plus_days(1).start().plus_seconds(5 * 3600));
    monitor::run_due(&bench.app).await.unwrap();
    backup::run(&bench.app, day).await.unwrap();
    seal::run_due(&bench.app).await.unwrap();
    let before = View::of(&bench).places().await;
    let program = Program::on(&bench).await;
    // Whether it is proven is not asked here: only the last day has a generation.
    let calls = program.run(&["drill"], None).await.calls;
    assert_eq!(View::of(&bench).places().await, before);
    for when in [When::Words("DeleteTable"), When::Words("CreateTable"), When::Number(calls / 2)] {
        bench.later(6 * 3600);
        assert!(program.killed(&["drill"], when, Fault::ResetAfter).await, "{when:?}");
        bench.later(3 * 3600 - 60);
        let busy = program.run(&["drill"], None).await;
        assert!(busy.words.contains("another drill is under way"), "{when:?}: {}", busy.words);
    }
    assert_ne!(View::of(&bench).places().await, before, "the dead cannot tidy up");
    // The next one is killed while it drops what the dead left, before it has anything in hand.
    bench.later(60);
    assert!(program.killed(&["drill"], When::Words("DeleteTable"), Fault::Reset).await);
    let next = program.run(&["drill"], None).await;
    assert!(!next.words.contains("another drill is under way"), "{}", next.words);
    assert_eq!(View::of(&bench).places().await, before);
}

/// The schedule of the running product has begun the night; then the power goes, for the services, too. Whoever comes next
/// finds the day in hand for twenty minutes.
#[tokio::test]
async fn a_night_that_loses_its_power_is_taken_up_when_the_claims_of_the_dead_have_lapsed() {
    let place = Place(tempfile::tempdir().unwrap());
    let open = place.open(at(START)).await;
    load::city(&open.view.app, &open.cloud, demo::Size::TEST).await.unwrap();
    // The first night of use, so that no other day is missing.
    let day = first_day(&open.view.app).await;
    open.close().await;
    // Loaded to the end.
    std::fs::write(place.0.path().join("accounts.json"), "[]").unwrap();
    let two = day.plus_days(1).start().plus_seconds(2 * 3600);
    let mut serving = program(place.0.path(), two, &["serve", "--port", "0", "--clock", &two.to_string()]);
    while place.objects_while_it_runs(two).await < 2 {
        assert!(serving.try_wait().unwrap().is_none(), "it serves until it is killed");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    serving.kill().unwrap();
    serving.wait().unwrap();

    let open = place.open(two.plus_seconds(60)).await;
    open.view.nothing_half_good(BackupKind::Daily).await;
    let catalogued = open.view.catalogue(BackupKind::Daily).await;
    let done = backup::run_due(&open.view.app).await.unwrap();
    assert!(done.is_empty() || !catalogued.is_empty(), "the dead have the day in hand");
    open.clock.set(two.plus_seconds(120 + 20 * 60));
    backup::run_due(&open.view.app).await.unwrap();
    assert_eq!(open.view.complete(BackupKind::Daily).await, [day]);
    open.close().await;
}

/// A folder with an environment of its own.
struct Place(tempfile::TempDir);

/// A place with its services running in this process.
struct Open {
    view: View,
    cloud: Cloud,
    clock: TestClock,
}

impl Place {
    async fn open(&self, now: Timestamp) -> Open {
        let clock = TestClock::starting_at(now);
        let cloud = Cloud::start(self.0.path(), &clock).await.unwrap();
        cloud.prepare(&["http://localhost".to_owned()]).await.unwrap();
        let endpoints = cloud.endpoints.clone();
        let app = endpoints.app(Arc::new(clock.clone()), settings(Vec::new()));
        Open { view: View { app, endpoints }, cloud, clock }
    }

    /// Objects of daily generations in the archive, asked of the program that runs on it.
    async fn objects_while_it_runs(&self, now: Timestamp) -> usize {
        let Some(running) = Description::read(self.0.path()) else { return 0 };
        let app = running.aws.app(Arc::new(TestClock::starting_at(now)), settings(Vec::new()));
        View { app, endpoints: running.aws }.versions("daily/").await.len()
    }
}

impl Open {
    async fn close(self) {
        self.cloud.stop().await;
    }
}
