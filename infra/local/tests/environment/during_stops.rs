//! A planned stop with people at work: each refusal says until when, the portal too; by the clock both go on.

use crate::{
    stops::{portal_top, stop},
    support::{
        Bench, as_note, at,
        cases::{asking, stepped},
        new_note,
    },
};
use functions::portal::publish;
use shared::{
    api::{
        Empty, book as b,
        error::{Code, Problem},
        people as p, portal as o, procedure as k,
    },
    calendar::Timestamp,
    portal::ServiceState,
    procedure::{Act, Case, Procedure},
};

/// On the evening of a Saturday, two weeks after every test begins.
fn evening(time: &str) -> Timestamp {
    at(&format!("2026-12-05T{time}:00+09:00"))
}

/// A stop of everything, announced; it begins at 22:00.
async fn announced(bench: &Bench, to: &str) -> Case {
    let (mut admin, mut manager) = (bench.sign_in("sa-01").await, bench.sign_in("om-01").await);
    let mut operator = bench.sign_in("op-01").await;
    let asked = asking(Procedure::PlannedStop, &stop("2026-12-05T22:00", to));
    let case = admin.ok::<k::OpenCase>(&(), &asked).await;
    let case = stepped(&mut manager, &case, Act::PermitStop, &[]).await;
    stepped(&mut operator, &case, Act::AnnounceStop, &[]).await
}

async fn prolong(bench: &Bench, case: &Case, to: &str) {
    let mut admin = bench.sign_in("sa-01").await;
    let longer = [("until_at", to), ("reason", "確認に時間がかかる")];
    stepped(&mut admin, case, Act::ProlongStop, &longer).await;
}

/// Until when somebody who was refused may wait.
fn until(problem: Problem) -> Option<Timestamp> {
    assert_eq!(problem.code, Code::Maintenance);
    let halt = problem.halt.unwrap();
    assert!(!halt.contact.phone.is_empty() && halt.hours.contains("午前9時"), "{halt:?}");
    Some(halt.stop?.to)
}

#[tokio::test]
async fn whoever_is_at_work_learns_until_when_and_goes_on_with_the_same_session() {
    let bench = Bench::start().await;
    let case = announced(&bench, "2026-12-05T22:05").await;
    bench.clock.set(evening("21:55"));
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let note = as_note(new_note("停止の前に書きかけた連絡"));

    bench.clock.set(evening("22:00"));
    let refused = nurse.refused::<b::CreateNote>(&patient, &note).await;
    assert!(refused.title.contains("再開の予定は、今日 22:05です。"), "{}", refused.title);
    assert_eq!(until(refused), Some(evening("22:05")));
    let page = b::ThreadPage::default();
    assert_eq!(until(nurse.refused::<b::ReadThread>(&patient, &page).await), Some(evening("22:05")));
    // What her page asks by itself, whether it is over.
    assert_eq!(until(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await), Some(evening("22:05")));

    prolong(&bench, &case, "2026-12-05T22:08").await;
    assert_eq!(until(nurse.refused::<p::ReadSelf>(&(), &Empty {}).await), Some(evening("22:08")));

    bench.clock.set(evening("22:08"));
    nurse.ok::<p::ReadSelf>(&(), &Empty {}).await;
    nurse.ok::<b::CreateNote>(&patient, &note).await;
}

#[tokio::test]
async fn the_portal_says_so_from_the_first_minute_to_the_last() {
    let bench = Bench::start().await;
    let case = announced(&bench, "2026-12-05T23:00").await;
    bench.clock.set(evening("21:50"));
    let top = portal_top(&bench).await;
    assert!(top.contains("稼働中") && !top.contains("計画停止中"), "{top}");
    assert_eq!(publish::run_due(&bench.app).await.unwrap(), 0);

    // Nobody publishes anything at that minute: the clock does.
    bench.clock.set(evening("22:00"));
    let top = portal_top(&bench).await;
    assert!(top.contains("計画停止中") && !top.contains("稼働中"), "{top}");
    assert!(top.contains("データベースの更新のため、サービスを止めています"), "{top}");
    assert!(top.contains(">23:00</time> まで"), "{top}");
    // So does the page from which the portal is kept.
    let mut city = bench.sign_in("city-01").await;
    let shown = city.ok::<o::ReadPortal>(&(), &Empty {}).await.status;
    assert_eq!((shown.state, shown.until), (ServiceState::Maintenance, Some(evening("23:00"))));

    prolong(&bench, &case, "2026-12-05T23:30").await;
    let top = portal_top(&bench).await;
    assert!(top.contains("計画停止中") && top.contains(">23:30</time> まで"), "{top}");

    bench.clock.set(evening("23:30"));
    let top = portal_top(&bench).await;
    assert!(top.contains("稼働中") && !top.contains("計画停止中"), "{top}");
}
