//! データの処分 over HTTP: the system opens the case, the manager permits, the administrator erases by hand and with a
//! reason, the operator receives the certificate.

use crate::support::{
    Bench, as_note, at,
    cases::{asking, take},
    command, cut_off, new_note,
};
use functions::{evidence::backup, procedure::disposal};
use shared::{
    api::{Empty, book as b, procedure as k},
    book::{Patient, Thread},
    calendar::Day,
    evidence::{AuditEvent, ErasurePhase, KeyName, SYSTEM_SOURCE},
    procedure::{Act, Asked, Case, Channel, Party, Procedure, SheetKind, State, sheet_of},
};

const SENT: &str = "2026-11-20";

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
    let name = KeyName::Day(SENT.parse().unwrap());
    let record = bench.app.store.key_record(name).await.unwrap().unwrap();
    assert!(record.destroyed_at.is_none(), "nothing was erased by a refused step");

    let erase = take(&case, Act::Erase, by_hand);
    let begun = sa.ok::<k::StepCase>(&case.id, &erase).await;
    assert_eq!(begun.state, State::Erasing);
    // The same command again is done once, and nothing was done within the request.
    assert_eq!(sa.ok::<k::StepCase>(&case.id, &erase).await, begun);
    assert!(bench.app.store.key_record(name).await.unwrap().unwrap().destroyed_at.is_none());
    // It is the system's now: no person ends it, and nobody begins it twice.
    for act in [Act::EndErasure, Act::GiveUpErasure] {
        sa.refused::<k::StepCase>(&case.id, &take(&begun, act, &[("reason", "x")])).await;
    }
    assert_eq!(
        sa.refused::<k::StepCase>(&case.id, &take(&begun, Act::Erase, by_hand)).await.code.wire(),
        "stale"
    );
    assert!(op.ok::<k::ReadCase>(&case.id, &Empty {}).await.erasure.is_none(), "it waits");
    assert_eq!(disposal::run_begun(&bench.app).await.unwrap(), 1);
    assert_eq!(disposal::run_begun(&bench.app).await.unwrap(), 0, "safe to repeat");
    let opened = op.ok::<k::ReadCase>(&case.id, &Empty {}).await;
    assert!(opened.erasure.is_none(), "the certificate says it all");
    let erased = opened.case;
    assert_eq!(erased.state, State::Erased);
    let last = erased.taken.last().unwrap();
    assert_eq!((last.act, last.party), (Act::EndErasure, Party::System));
    // Who is answerable for it is the person who began it (Art. 24(1)).
    let began = erased.taken.iter().find(|taken| taken.act == Act::Erase).unwrap();
    assert_eq!((began.party, began.by), (Party::SystemAdmin, sa.me.as_ref().unwrap().actor.account));
    let events = bench.events().await;
    let of_case = |event: &&AuditEvent| event.thing.contains(&case.id.to_string());
    let by_nobody =
        events.iter().filter(of_case).filter(|event| event.who.is_none() && event.source == SYSTEM_SOURCE);
    assert!(by_nobody.count() >= 1);
    let kept = &last.form;
    assert_eq!(kept["kept_certificate"], "erasure/days/2026-11-20.json");
    assert!(kept["kept_live"].contains("連絡 1件") && kept["kept_reached"].contains("日次 2026-11-20"));
    assert!(bench.app.store.journal(SENT.parse::<Day>().unwrap()).await.unwrap().is_empty());
    let record = bench.app.store.key_record(name).await.unwrap().unwrap();
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

/// A case of a patient whose consent was withdrawn, permitted, and begun by the system administrator.
async fn begun_for_a_patient(bench: &Bench) -> (Case, Thread) {
    let mut nurse = bench.sign_in("hinata-n01").await;
    let patient = nurse.first_patient().await;
    let thread = nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await;
    withdraw(bench, &thread, true).await;
    let (mut city, mut om, mut sa) =
        (bench.sign_in("city-01").await, bench.sign_in("om-01").await, bench.sign_in("sa-01").await);
    let case = city.ok::<k::OpenCase>(&(), &ask("patient", &patient.to_string())).await;
    let case = om.ok::<k::StepCase>(&case.id, &take(&case, Act::PermitDisposal, &[])).await;
    let by_hand = &[("reason", "同意撤回による"), ("sure", "yes")];
    let case = sa.ok::<k::StepCase>(&case.id, &take(&case, Act::Erase, by_hand)).await;
    assert_eq!(case.state, State::Erasing);
    (case, thread)
}

/// The withdrawal itself has tests of its own; here it is enough that the patient's item says so, or no longer.
async fn withdraw(bench: &Bench, of: &Thread, withdrawn: bool) {
    let withdrawn_on = withdrawn.then(|| bench.clock_day());
    let patient = Patient { withdrawn_on, ..of.patient.clone() };
    let item = functions::store::Store::patient_item(&patient, &of.notes, of.changes).unwrap();
    bench.app.store.put_all(vec![item]).await.unwrap();
}

#[tokio::test]
async fn an_erasure_goes_on_step_by_step_and_says_how_far_it_is() {
    let bench = Bench::start_with(|settings| settings.erase_on_withdrawal = true).await;
    for back in [3, 2, 1] {
        backup::run(&bench.app, bench.clock_day().plus_days(-back)).await.unwrap();
    }
    let (case, thread) = begun_for_a_patient(&bench).await;
    let name = KeyName::Patient(thread.patient.id);
    let mut op = bench.sign_in("op-01").await;
    let (mut phases, mut steps) = (Vec::new(), 0);
    // A run whose time is up at once does a step, and leaves the rest to the next one.
    loop {
        let now = bench.clock_now();
        let ended =
            functions::evidence::erase::work(&bench.app, name, Some(case.id), Some(now)).await.unwrap();
        if ended.is_some() {
            break;
        }
        steps += 1;
        let is = bench.app.store.erasure_progress(name).await.unwrap().unwrap();
        assert!(is.done > 0 && is.done <= is.of, "{is:?}");
        if phases.last() != Some(&is.phase) {
            // Whoever reads the case is told the same.
            let told = op.ok::<k::ReadCase>(&case.id, &Empty {}).await.erasure.unwrap();
            assert_eq!(told, is);
            phases.push(is.phase);
        }
    }
    assert_eq!(phases, ErasurePhase::ALL);
    assert!(steps > 10);
    // Erased and certified; the process died before the case was told. The next run tells it.
    let untold = op.ok::<k::ReadCase>(&case.id, &Empty {}).await.case;
    assert_eq!(untold.state, State::Erasing);
    assert_eq!(disposal::run_begun(&bench.app).await.unwrap(), 1);
    let told = op.ok::<k::ReadCase>(&case.id, &Empty {}).await.case;
    assert_eq!(told.state, State::Erased);
    assert!(told.taken.last().unwrap().form["kept_boxes"].starts_with("3世代"));
}

#[tokio::test]
async fn runs_that_are_cut_off_anywhere_end_in_one_certificate() {
    let bench = Bench::start_with(|settings| settings.erase_on_withdrawal = true).await;
    backup::run(&bench.app, bench.clock_day().plus_days(-1)).await.unwrap();
    let (case, _) = begun_for_a_patient(&bench).await;
    let mut cut = 0;
    for polls in [3, 11, 29, 71, 151, 307] {
        cut += usize::from(cut_off(polls, disposal::run_begun(&bench.app)).await.is_none());
    }
    assert!(cut >= 3, "only {cut} runs were cut off");
    disposal::run_begun(&bench.app).await.unwrap();
    let erased = bench.app.store.case(case.id).await.unwrap().unwrap();
    assert_eq!(erased.state, State::Erased);
    assert_eq!(erased.taken.iter().filter(|taken| taken.act == Act::EndErasure).count(), 1);
    assert!(bench.app.store.erasing().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_may_not_be_erased_any_more_is_given_back_untouched() {
    let bench = Bench::start_with(|settings| settings.erase_on_withdrawal = true).await;
    let (case, thread) = begun_for_a_patient(&bench).await;
    let patient = thread.patient.id;
    // Before the system came to it, the patient consented again.
    withdraw(&bench, &thread, false).await;
    disposal::run_begun(&bench.app).await.unwrap();
    let back = bench.app.store.case(case.id).await.unwrap().unwrap();
    assert_eq!(back.state, State::DisposalPermitted);
    let last = back.taken.last().unwrap();
    assert_eq!((last.act, last.party), (Act::GiveUpErasure, Party::System));
    assert!(last.form["reason"].contains("同意"), "{:?}", last.form);
    let record = bench.app.store.key_record(KeyName::Patient(patient)).await.unwrap();
    assert!(record.is_none_or(|record| record.destroyed_at.is_none()));
    let mut nurse = bench.sign_in("hinata-n01").await;
    assert!(!nurse.ok::<b::ReadThread>(&patient, &b::ThreadPage::default()).await.notes.is_empty());
}

fn ask(what: &str, target: &str) -> Asked {
    asking(
        Procedure::Disposal,
        &[("subject", "同意撤回による消去"), ("what", what), ("target", target), ("ground", "撤回届")],
    )
}

#[tokio::test]
async fn the_city_asks_for_a_patient_only_where_it_decided_so() {
    let bench = Bench::start().await;
    let patient = bench.sign_in("hinata-n01").await.first_patient().await;
    let mut city = bench.sign_in("city-01").await;
    for (what, target) in
        [("patient", patient.to_string().as_str()), ("patient", "x"), ("day", "2026-11-01"), ("day", "昨日")]
    {
        let refused = city.refused::<k::OpenCase>(&(), &ask(what, target)).await;
        assert_eq!(refused.fields[0].field, "target", "{what} {target}");
    }
}

#[tokio::test]
async fn a_withdrawal_opens_its_case_by_itself_where_the_city_decided_so() {
    for decided in [false, true] {
        let bench = Bench::start_with(|settings| settings.erase_on_withdrawal = decided).await;
        let mut nurse = bench.sign_in("hinata-n01").await;
        let patient = nurse.first_patient().await;
        let circle = nurse.ok::<b::ReadTeam>(&patient, &Empty {}).await;
        let withdrawal = shared::book::Withdraw {
            command: command(),
            number: circle.consents.first().map_or(0, |consent| consent.number),
            withdrawn_on: bench.clock_day(),
            withdrawn_by: shared::book::ConsentBy::Patient,
            reason: "ご本人の希望".into(),
            document: None,
        };
        nurse.ok::<b::WithdrawConsent>(&patient, &withdrawal).await;
        bench.later(24 * 3600);
        let of = |cases: Vec<Case>| -> Vec<Case> {
            cases.into_iter().filter(|case| case.form["target"] == patient.to_string()).collect()
        };
        let cases = of(disposal::run_due(&bench.app).await.unwrap());
        assert_eq!(cases.len(), usize::from(decided));
        let Some(case) = cases.first() else { continue };
        assert_eq!((case.state, case.channel), (State::DueForDisposal, Channel::System));
        let words = serde_json::to_string(&case.form).unwrap();
        assert!(!words.contains("ご本人の希望") && !words.contains(&circle.patient.name), "{words}");
        assert_eq!(of(disposal::run_due(&bench.app).await.unwrap()), cases, "one case ever");
        // It may be refused: keeping is a choice here.
        let mut om = bench.sign_in("om-01").await;
        let refused = take(case, Act::Refuse, &[("reason", "争いがあるため")]);
        assert_eq!(om.ok::<k::StepCase>(&case.id, &refused).await.state, State::Refused);
    }
}
