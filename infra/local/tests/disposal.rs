//! データの処分 over HTTP: the system opens the case, the manager permits, the administrator erases by hand and with a
//! reason, the operator receives the certificate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, what is not there is a failure")]

mod support;

use functions::{evidence::backup, procedure::disposal};
use shared::{
    api::{book as b, procedure as k},
    calendar::Day,
    evidence::KeyName,
    procedure::{Act, Asked, Case, Channel, Form, Procedure, SheetKind, State, TakeStep, sheet_of},
};
use support::{Bench, as_note, at, command, new_note};

const SENT: &str = "2026-11-20";

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn take(case: &Case, act: Act, pairs: &[(&str, &str)]) -> TakeStep {
    TakeStep { command: command(), act, version: case.version, form: form(pairs) }
}

/// A note of a day, its backup, and the first moment after its five years.
async fn five_years_later(bench: &Bench) -> Case {
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    nurse.ok::<b::CreateNote>(&patient, &as_note(new_note("五年たてば消えます"))).await;
    bench.clock.set(at("2026-11-21T03:00:00+09:00"));
    backup::run(&bench.app, SENT.parse().unwrap()).await.unwrap();
    bench.clock.set(at("2031-11-20T09:00:00+09:00"));
    let due = disposal::run_due(&bench.app).await.unwrap();
    due.into_iter().find(|case| case.form["target"] == SENT).unwrap()
}

#[tokio::test]
async fn what_falls_due_is_permitted_erased_and_certified_by_three_people() {
    let bench = Bench::start().await;
    let case = five_years_later(&bench).await;
    assert_eq!((case.state, case.channel), (State::DueForDisposal, Channel::System));
    let again = disposal::run_due(&bench.app).await.unwrap();
    assert_eq!(again.iter().filter(|other| other.form["target"] == SENT).count(), 1, "one case ever");
    let (mut om, mut sa, mut op) =
        (bench.sign_in("om-01").await, bench.sign_in("sa-01").await, bench.sign_in("op-01").await);
    let by_hand = &[("reason", "保管期限の満了による"), ("sure", "yes")];
    // Nobody erases before it is permitted, and what is due is not refused.
    let early = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::Erase, by_hand)).await;
    assert_eq!(early.code.wire(), "stale");
    let refused =
        om.refused::<k::StepCase>(&case.id, &take(&case, Act::Refuse, &[("reason", "まだ使う")])).await;
    assert_eq!(refused.code.wire(), "stale");
    sa.refused::<k::StepCase>(&case.id, &take(&case, Act::PermitDisposal, &[])).await;
    let case = om.ok::<k::StepCase>(&case.id, &take(&case, Act::PermitDisposal, &[])).await;
    om.refused::<k::StepCase>(&case.id, &take(&case, Act::Erase, by_hand)).await;
    let wrong = sa.refused::<k::StepCase>(&case.id, &take(&case, Act::Erase, &[("reason", "満了")])).await;
    assert_eq!(wrong.fields[0].field, "sure");
    let record = bench.app.store.key_record(KeyName::Day(SENT.parse().unwrap())).await.unwrap().unwrap();
    assert!(record.destroyed_at.is_none(), "nothing was erased by a refused step");

    let erase = take(&case, Act::Erase, by_hand);
    let erased = sa.ok::<k::StepCase>(&case.id, &erase).await;
    assert_eq!(erased.state, State::Erased);
    // The same command again is done once.
    assert_eq!(sa.ok::<k::StepCase>(&case.id, &erase).await, erased);
    let kept = &erased.taken.last().unwrap().form;
    assert_eq!(kept["kept_certificate"], "erasure/days/2026-11-20.json");
    assert!(kept["kept_live"].contains("連絡 1件") && kept["kept_reached"].contains("日次 2026-11-20"));
    assert!(bench.app.store.journal(SENT.parse::<Day>().unwrap()).await.unwrap().is_empty());
    let record = bench.app.store.key_record(KeyName::Day(SENT.parse().unwrap())).await.unwrap().unwrap();
    assert_eq!((record.case, record.destroyed_at.is_some()), (Some(case.id), true));

    let sheet = sheet_of(&erased, SheetKind::ErasureCertificate, "小牧市").unwrap();
    let pages = sheet.split();
    assert!(pages.front.lines("object").concat().contains("2026年11月20日"));
    assert!(pages.front.lines("addressee").concat().contains("システム運用者"));
    let done = op.ok::<k::StepCase>(&case.id, &take(&erased, Act::ReceiveCertificate, &[])).await;
    assert_eq!(done.state, State::Done);
    let left = disposal::run_due(&bench.app).await.unwrap();
    assert!(left.iter().all(|case| case.form["target"] != SENT));
}

#[tokio::test]
async fn the_city_asks_for_a_patient_only_where_it_decided_so() {
    let bench = Bench::start().await;
    let patient = bench.sign_in("hinata-n01").await.first_patient().await;
    let mut city = bench.sign_in("city-01").await;
    let ask = |what: &str, target: &str| Asked {
        command: command(),
        procedure: Procedure::Disposal,
        facility: None,
        channel: Channel::Online,
        received_on: None,
        form: form(&[
            ("subject", "同意撤回による消去"),
            ("what", what),
            ("target", target),
            ("ground", "撤回届"),
        ]),
    };
    for (what, target) in
        [("patient", patient.to_string().as_str()), ("patient", "x"), ("day", "2026-11-01"), ("day", "昨日")]
    {
        let refused = city.refused::<k::OpenCase>(&(), &ask(what, target)).await;
        assert_eq!(refused.fields[0].field, "target", "{what} {target}");
    }
}
