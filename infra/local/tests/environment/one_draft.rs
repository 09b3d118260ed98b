//! One anomaly has one draft: also where the run that found it died, and where two runs take the same part on at once.

use crate::{
    monitor::stopped,
    support::{Bench, at, cut_off},
};
use functions::{
    app::App,
    evidence::monitor::{self, check},
    store::keys,
};
use shared::{
    evidence::monitor::{Cadence, Look, Part, Record, Slot, Watch},
    id::{AccountId, CaseId, FacilityId},
    procedure::Party,
};
use std::{collections::BTreeSet, pin::pin, sync::Arc, task::Poll};

const PART: Part = Part::Portal;

/// The same deployment, as if the portal's bucket were gone.
fn broken(bench: &Bench) -> Arc<App> {
    stopped(bench, |settings| settings.portal = "tsunagaru-nowhere".into())
}

/// Nothing is due but the looks of every five minutes: a sign-in for each moment that is tried would take long.
async fn only_live(bench: &Bench) {
    let at = bench.clock_now();
    for cadence in [Cadence::Answer, Cadence::Hourly, Cadence::Daily] {
        let record = Record { slot: Slot::of(cadence, at), at, looks: Vec::new() };
        bench.app.store.create_monitor_record(&record).await.unwrap();
    }
}

/// The next slot, and what monitoring does in it.
async fn look(bench: &Bench, app: &App) {
    next_slot(bench).await;
    monitor::run_due(app).await.unwrap();
}

async fn next_slot(bench: &Bench) {
    bench.later(300);
    only_live(bench).await;
}

/// The drafts about the part that are open, and those of the list of anomalies.
async fn drafts(bench: &Bench) -> (usize, usize) {
    let (facility, account) = (FacilityId::from_parts(0, 0), AccountId::from_parts(0, 0));
    let list = keys::cases_of(Party::SystemAdmin, facility, account);
    let cases = bench.app.store.cases(&[list], false).await.unwrap();
    let open: BTreeSet<CaseId> =
        cases.iter().filter(|case| case.about.ends_with(PART.label())).map(|case| case.id).collect();
    let anomalies = bench.app.store.anomalies(1000).await.unwrap();
    (open.len(), anomalies.iter().filter(|anomaly| anomaly.part == PART).count())
}

async fn watch(bench: &Bench) -> Watch {
    bench.app.store.watch(PART).await.unwrap().unwrap()
}

/// As if it had been solved: the next anomaly is another one.
async fn solved(bench: &Bench) {
    let watch = watch(bench).await;
    let seen = Some(watch.seen);
    let next = Watch { good: true, trouble: None, ..watch };
    assert!(bench.app.store.put_watch(&next, seen).await.unwrap());
}

/// Lets a run get so far, another one to its end, and the first one to its end; whether the first one waited.
async fn overtaken(polls: usize, first: impl Future, second: impl Future) -> bool {
    let (mut first, mut polled) = (pin!(first), 0);
    let waits = std::future::poll_fn(|context| {
        polled += 1;
        match first.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if polled > polls => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await;
    second.await;
    if waits {
        first.await;
    }
    waits
}

#[tokio::test]
async fn a_run_that_dies_anywhere_leaves_one_draft_of_what_it_found() {
    let bench = Bench::start().await;
    let broken = broken(&bench);
    only_live(&bench).await;
    monitor::run_due(&bench.app).await.unwrap();
    for polls in 1.. {
        next_slot(&bench).await;
        let dead = cut_off(polls, monitor::run_due(&broken)).await.is_none();
        // It is over, and comes back.
        look(&bench, &bench.app).await;
        look(&bench, &broken).await;
        // One for each time that it was tried.
        assert_eq!(drafts(&bench).await, (polls, polls), "cut off after {polls} polls");
        solved(&bench).await;
        if !dead {
            assert!(polls > 20, "it was hardly cut off");
            return;
        }
    }
}

#[tokio::test]
async fn two_runs_that_take_it_on_from_two_slots_open_one_draft() {
    let bench = Bench::start().await;
    let broken = broken(&bench);
    only_live(&bench).await;
    monitor::run_due(&bench.app).await.unwrap();
    let mut found = 0;
    for check_is_first in [false, true] {
        for polls in 1.. {
            found += 1;
            // A run died after it had written what it found; the check and the next run come at once.
            bench.clock.set(at("2026-11-20T10:00:00+09:00").plus_seconds(900 * found));
            let look = Look { part: PART, good: false, ms: 1, words: "応答なし".into(), firewall: None };
            let (slot, at) = (Slot::of(Cadence::Live, bench.clock_now()), bench.clock_now());
            bench.app.store.create_monitor_record(&Record { slot, at, looks: vec![look] }).await.unwrap();
            next_slot(&bench).await;
            let next = async { monitor::run_due(&broken).await.unwrap() };
            let check = async { check::run_due(&bench.app).await.unwrap() };
            let waited = if check_is_first {
                overtaken(polls, check, next).await
            } else {
                overtaken(polls, next, check).await
            };
            let drafts = drafts(&bench).await;
            let all = usize::try_from(found).unwrap();
            assert_eq!(drafts, (all, all), "check first: {check_is_first}, {polls} polls");
            let watch = watch(&bench).await;
            let trouble = watch.trouble.unwrap();
            assert_eq!((watch.seen, trouble.bad), (Slot::of(Cadence::Live, bench.clock_now()).start(), 2));
            solved(&bench).await;
            if !waited {
                break;
            }
        }
    }
    assert!(found > 40, "hardly anything came between");
}
